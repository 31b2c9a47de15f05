/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which keys a sheet has had, and in which row: a database without a name that SQLite keeps in a few megabytes and writes to a temporary file
 * when they do not suffice. A sheet of a million rows takes no more memory than one of fifty thousand. */
#include "xh-import-private.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>

#define CACHE_KB "2048"

struct _XhSeen
{
  sqlite3 *db;                /* (owned) */
  sqlite3_stmt *add, *lookup; /* (owned) */
};

static gboolean
fail (XhSeen *self, GError **error)
{
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("No room for temporary data: %s"),
               self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (SQLITE_NOMEM));
  return FALSE;
}

XhSeen *
xh_seen_new (GError **error)
{
  g_autoptr (XhSeen) self = g_new0 (XhSeen, 1);

  /* The name "" is SQLite's own for a temporary file. */
  if (sqlite3_open_v2 ("", &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK
      || sqlite3_exec (self->db,
                       "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-" CACHE_KB ";"
                       "CREATE TABLE seen(key INTEGER PRIMARY KEY, number INTEGER); BEGIN",
                       NULL, NULL, NULL)
             != SQLITE_OK
      || sqlite3_prepare_v2 (self->db, "INSERT OR IGNORE INTO seen VALUES(?1, ?2)", -1, &self->add, NULL) != SQLITE_OK
      || sqlite3_prepare_v2 (self->db, "SELECT number FROM seen WHERE key = ?1", -1, &self->lookup, NULL) != SQLITE_OK)
    {
      fail (self, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
xh_seen_note (XhSeen *self, guint64 key, guint number, guint *before, GError **error)
{
  gboolean sound;

  *before = 0;
  sqlite3_bind_int64 (self->add, 1, (gint64) key);
  sqlite3_bind_int64 (self->add, 2, number);
  sound = sqlite3_step (self->add) == SQLITE_DONE;
  sqlite3_reset (self->add);
  if (sound && sqlite3_changes (self->db) == 0)
    {
      sqlite3_bind_int64 (self->lookup, 1, (gint64) key);
      sound = sqlite3_step (self->lookup) == SQLITE_ROW;
      *before = (guint) sqlite3_column_int64 (self->lookup, 0);
      sqlite3_reset (self->lookup);
    }
  return sound || fail (self, error);
}

void
xh_seen_free (XhSeen *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->add);
  sqlite3_finalize (self->lookup);
  sqlite3_close (self->db);
  g_free (self);
}
