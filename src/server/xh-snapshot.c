/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file is called KEY-CURSOR.xhsnap, where KEY is made of everything that decides what is in it: so the folder is its own register, and whoever
 * starts the server again finds what is there. */
#include "xh-snapshot.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "xh-ledger.h"
#include "xh-mark.h"

#define FEWEST_ROWS 2000       /* fewer are a page or two */
#define MOVED_LEAST 10000      /* entries after which a newer one is made, or a fifth of the ledger where that is more */
#define KEEP_SECONDS (14 * 24 * 3600) /* since somebody asked for it */
#define REST_SECONDS 60        /* after a failure */

struct _XhSnapshots
{
  char *data, *folder;   /* (owned) */
  XhCatalog *catalog;    /* (owned) */
  GThreadPool *pool;     /* (owned) (nullable) of one thread; none: in the asker's */
  gint64 fewest_rows, moved_least, keep_seconds;
  GCancellable *stop;    /* (owned) */
  GMutex mutex;          /* guards what follows */
  GHashTable *making;    /* (owned) set of keys (owned) */
  GHashTable *failed;    /* (owned) key (owned): monotonic time (gint64, owned) */
};

typedef struct
{
  char *key;             /* (owned) */
  XhAccess *access;      /* (owned) */
} Job;

static void
job_free (Job *job)
{
  g_free (job->key);
  xh_access_free (job->access);
  g_free (job);
}

/* --- the folder */

static char *
make_key (XhSnapshots *self, const XhAccess *access)
{
  g_autoptr (GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *text = g_strdup_printf ("1\n%s\n%s\n%s\n%s\n%s", XH_VERSION, xh_catalog_get_hash (self->catalog), access->role->name,
                                           access->division ? access->division : "", access->unit ? access->unit : "");

  g_checksum_update (hash, (const guchar *) text, -1);
  return g_strndup (g_checksum_get_string (hash), 32);
}

static gint64
read_cursor (const char *name, const char *key)
{
  gint64 cursor;
  g_autofree char *number = NULL;

  if (!g_str_has_prefix (name, key) || name[strlen (key)] != '-' || !g_str_has_suffix (name, XH_SNAPSHOT_SUFFIX))
    return -1;
  number = g_strndup (name + strlen (key) + 1, strlen (name) - strlen (key) - 1 - strlen (XH_SNAPSHOT_SUFFIX));
  return g_ascii_string_to_signed (number, 10, 0, G_MAXINT64, &cursor, NULL) ? cursor : -1;
}

/* (transfer full) (nullable) the newest of a key; @cursor: (out) */
static char *
find_newest (XhSnapshots *self, const char *key, gint64 *cursor)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;
  char *path = NULL;

  *cursor = -1;
  while (dir && (name = g_dir_read_name (dir)))
    {
      const gint64 found = read_cursor (name, key);

      if (found <= *cursor)
        continue;
      *cursor = found;
      g_free (path);
      path = g_build_filename (self->folder, name, NULL);
    }
  return path;
}

/* What nobody has asked for, what a newer one stands beside, and what a server that was killed left behind. @key: (nullable) of @newest */
static void
sweep (XhSnapshots *self, const char *key, gint64 newest)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      const gint64 cursor = key ? read_cursor (name, key) : -1;
      GStatBuf status;

      if (g_stat (path, &status) != 0)
        continue;
      if (now - status.st_mtime > self->keep_seconds || (cursor >= 0 && cursor < newest) || (!key && !g_str_has_suffix (name, XH_SNAPSHOT_SUFFIX)))
        g_unlink (path);
    }
}

/* --- making */

static gboolean
make (XhSnapshots *self, const Job *job, gint64 *cursor, GError **error)
{
  g_autoptr (XhBackend) backend = xh_backend_open (self->data, self->catalog, TRUE, error);
  g_autofree char *partial = g_strconcat (self->folder, G_DIR_SEPARATOR_S, job->key, ".new", NULL), *path = NULL;
  g_auto (XhSnapshotInfo) info = { 0 };

  if (!backend || !xh_snapshot_make (backend, job->access, partial, &info, self->stop, error))
    return FALSE;
  *cursor = info.cursor;
  path = g_strdup_printf ("%s/%s-%" G_GINT64_FORMAT XH_SNAPSHOT_SUFFIX, self->folder, job->key, info.cursor);
  if (g_rename (partial, path) == 0)
    return TRUE;
  g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SETUP, "%s", path);
  g_unlink (partial);
  return FALSE;
}

static void
run_job (gpointer data, gpointer snapshots)
{
  XhSnapshots *self = snapshots;
  Job *job = data;
  g_autoptr (GError) error = NULL;
  gint64 cursor = 0;
  gboolean made = make (self, job, &cursor, &error);

  if (made)
    sweep (self, job->key, cursor);
  else if (!g_cancellable_is_cancelled (self->stop))
    g_warning ("A snapshot could not be made: %s", error->message);
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->making, job->key);
  if (made)
    g_hash_table_remove (self->failed, job->key);
  else
    {
      gint64 *when = g_new (gint64, 1);

      *when = g_get_monotonic_time ();
      g_hash_table_replace (self->failed, g_strdup (job->key), when);
    }
  g_mutex_unlock (&self->mutex);
  job_free (job);
}

static gboolean
rests (XhSnapshots *self, const char *key)
{
  const gint64 *when = g_hash_table_lookup (self->failed, key);

  return when && g_get_monotonic_time () - *when < (gint64) REST_SECONDS * G_USEC_PER_SEC;
}

static Job *
job_new (XhSnapshots *self, const char *key, const XhAccess *access)
{
  Job *job = g_new0 (Job, 1);

  job->key = g_strdup (key);
  job->access = xh_access_new (self->catalog, access->login, access->name, access->role->name, access->division, access->unit, NULL);
  return job;
}

/* TRUE: it is on its way. */
static gboolean
order (XhSnapshots *self, const char *key, const XhAccess *access)
{
  Job *job = NULL;
  gboolean coming;

  g_mutex_lock (&self->mutex);
  coming = g_hash_table_contains (self->making, key);
  if (!coming && !rests (self, key))
    {
      job = job_new (self, key, access);
      g_hash_table_add (self->making, g_strdup (key));
      coming = !self->pool || g_thread_pool_push (self->pool, job, NULL);
    }
  g_mutex_unlock (&self->mutex);
  if (job && !self->pool)
    run_job (job, self);
  return coming;
}

/* --- finding */

static gboolean
is_worth_it (XhSnapshots *self, XhBackend *backend, const XhAccess *access, gboolean *worth, GError **error)
{
  g_autofree char *scope = xh_access_read_sql (access, "r.", 2);
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM (SELECT 1 FROM record r WHERE r.version > 0 AND %s LIMIT ?1)", scope);
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  gboolean row;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->fewest_rows);
  xh_access_bind (access, statement, 2);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  *worth = row && sqlite3_column_int64 (statement, 0) == self->fewest_rows;
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
has_moved (XhSnapshots *self, gint64 cursor, gint64 head)
{
  return head - cursor > MAX (self->moved_least, head / 5);
}

/* Whether what the file says of the ledger is so here: a database that was put back to an older copy may have gone past its number since. */
static gboolean
is_of_ledger (XhBackend *backend, const char *path, gint64 cursor, gboolean *known, GError **error)
{
  g_auto (XhSnapshotInfo) info = { 0 };

  *known = FALSE;
  if (!xh_snapshot_file_read_info (path, &info, NULL) || info.cursor != cursor || !info.mark)
    return TRUE;
  return xh_mark_check (backend, info.mark, known, error);
}

/**
 * xh_snapshots_find:
 * @access: who asks
 * @path: (out) (nullable) (transfer full): the file where it is ready
 *
 * One that is old is still given out, since what has changed comes by pages, and a newer one is made for whoever comes next. One whose mark the
 * ledger does not know is of before a database was put back to an older copy, or of another one: it is removed.
 */
XhSnapshotState
xh_snapshots_find (XhSnapshots *self, XhBackend *backend, const XhAccess *access, char **path, GError **error)
{
  g_autofree char *key = make_key (self, access), *found = NULL;
  gint64 cursor, head;
  gboolean worth, known;

  *path = NULL;
  if (!xh_ledger_head (backend, &head, NULL, error))
    return XH_SNAPSHOT_NONE;
  found = find_newest (self, key, &cursor);
  while (found)
    {
      if (!is_of_ledger (backend, found, cursor, &known, error))
        return XH_SNAPSHOT_NONE;
      if (known || g_unlink (found) != 0)
        break;
      g_free (found);
      found = find_newest (self, key, &cursor);
    }
  if (found && !known)
    g_clear_pointer (&found, g_free);
  if (found)
    {
      if (has_moved (self, cursor, head))
        order (self, key, access);
      utime (found, NULL);
      *path = g_steal_pointer (&found);
      return XH_SNAPSHOT_READY;
    }
  if (!is_worth_it (self, backend, access, &worth, error) || !worth)
    return XH_SNAPSHOT_NONE;
  return order (self, key, access) ? XH_SNAPSHOT_COMING : XH_SNAPSHOT_NONE;
}

static XhSnapshots *
snapshots_new (const char *data, XhCatalog *catalog, gint64 fewest_rows, gint64 moved_least, gint64 keep_seconds)
{
  XhSnapshots *self = g_new0 (XhSnapshots, 1);

  self->fewest_rows = fewest_rows;
  self->moved_least = moved_least;
  self->keep_seconds = keep_seconds;
  self->data = g_strdup (data);
  self->folder = g_build_filename (data, XH_SNAPSHOT_FOLDER, NULL);
  self->catalog = xh_catalog_ref (catalog);
  self->stop = g_cancellable_new ();
  self->making = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->failed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_mutex_init (&self->mutex);
  g_mkdir_with_parents (self->folder, 0700);
  sweep (self, NULL, 0);
  return self;
}

XhSnapshots *
xh_snapshots_new_here (const char *data, XhCatalog *catalog, guint fewest_rows, guint moved_least)
{
  return snapshots_new (data, catalog, fewest_rows, moved_least, G_MAXINT64);
}

XhSnapshots *
xh_snapshots_new (const char *data, XhCatalog *catalog)
{
  XhSnapshots *self = snapshots_new (data, catalog, FEWEST_ROWS, MOVED_LEAST, KEEP_SECONDS);

  self->pool = g_thread_pool_new_full (run_job, self, (GDestroyNotify) job_free, 1, FALSE, NULL);
  return self;
}

void
xh_snapshots_free (XhSnapshots *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->stop);
  if (self->pool)
    g_thread_pool_free (self->pool, TRUE, TRUE);
  g_hash_table_unref (self->making);
  g_hash_table_unref (self->failed);
  g_object_unref (self->stop);
  g_mutex_clear (&self->mutex);
  xh_catalog_unref (self->catalog);
  g_free (self->folder);
  g_free (self->data);
  g_free (self);
}
