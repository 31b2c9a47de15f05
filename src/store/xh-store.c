/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-evaluator.h"
#include "xh-store-private.h"

#define APPLICATION_ID 0x58484e47 /* "XHNG" */
#define LAYOUT_VERSION 7          /* of the tables that are not made from kinds */

G_DEFINE_QUARK (xh-store-error-quark, xh_store_error)

/* --- errors */

static XhStoreError
error_code (int code, int system_error)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return XH_STORE_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return XH_STORE_ERROR_CORRUPT;
    case SQLITE_BUSY:
      return XH_STORE_ERROR_BUSY;
    case SQLITE_IOERR:
      return system_error == ENOSPC || system_error == EDQUOT ? XH_STORE_ERROR_FULL : XH_STORE_ERROR_DATABASE;
    default:
      return XH_STORE_ERROR_DATABASE;
    }
}

void
xh_store_take_error (XhStore *self, int code, const char *sql, GError **error)
{
  const XhStoreError kind = error_code (code, sqlite3_system_errno (self->db));
  gsize first_line = sql != NULL ? strcspn (sql, "\n") : 0;

  if ((code & 0xff) == SQLITE_INTERRUPT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Cancelled"));
  else if (kind == XH_STORE_ERROR_FULL)
    g_set_error (error, XH_STORE_ERROR, kind, "%s", _("The disk is full. Nothing was changed; what was saved before is safe."));
  else if (kind == XH_STORE_ERROR_BUSY && self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Cancelled"));
  else if (kind == XH_STORE_ERROR_BUSY)
    g_set_error (error, XH_STORE_ERROR, kind, "%s",
                 _("Another part of the program is writing the records of this computer. Nothing was changed. Please try again in a minute."));
  else
    g_set_error (error, XH_STORE_ERROR, kind, "%s (%d): %.*s", sqlite3_errmsg (self->db), code, (int) MIN (first_line, 200),
                 sql != NULL ? sql : "");
}

/* --- statements */

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static sqlite3_stmt *
prepare (XhStore *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (code != SQLITE_OK)
    xh_store_take_error (self, code, sql, error);
  return statement;
}

sqlite3_stmt *
xh_store_statement (XhStore *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }
  statement = prepare (self, sql, error);
  if (statement != NULL)
    g_hash_table_insert (self->statements, (gpointer) sqlite3_sql (statement), statement);
  return statement;
}

sqlite3_stmt *
xh_store_kept (XhStore *self, sqlite3_stmt **slot, const char *sql, GError **error)
{
  if (*slot == NULL)
    *slot = prepare (self, sql, error);
  return *slot;
}

int
xh_store_step (XhStore *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return code;
  if (code != SQLITE_DONE)
    xh_store_take_error (self, code, sqlite3_sql (statement), error);
  sqlite3_reset (statement);
  return code;
}

gboolean
xh_store_run (XhStore *self, sqlite3_stmt *statement, GError **error)
{
  int code;

  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    ;
  return code == SQLITE_DONE;
}

gboolean
xh_store_exec (XhStore *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    xh_store_take_error (self, code, sql, error);
  return code == SQLITE_OK;
}

gboolean
xh_store_exec_format (XhStore *self, GError **error, const char *format, ...)
{
  g_autofree char *sql = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return xh_store_exec (self, sql, error);
}

gboolean
xh_store_number (XhStore *self, const char *sql, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = prepare (self, sql, error);
  int code;

  *number = 0;
  if (statement == NULL)
    return FALSE;
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    *number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

void
xh_sql_bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
  else
    sqlite3_bind_null (statement, index);
}

char *
xh_sql_column_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);
  gsize length = (gsize) sqlite3_column_bytes (statement, column);
  char *copy;

  if (text == NULL)
    return NULL;
  copy = g_malloc (length + 1);
  memcpy (copy, text, length + 1);
  return copy;
}

char *
xh_store_now (void)
{
  gint64 now = g_get_real_time ();
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, (int) (now % G_USEC_PER_SEC / 1000));
}

/* --- opening */

static int
progress_cb (gpointer data)
{
  XhStore *self = data;

  if (self->budget >= 0 && --self->budget < 0)
    {
      self->budget = -2; /* says who asked that it was not cancelled */
      return 1;
    }
  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

/* A client's saved edit must survive a power cut, so every commit is synced (FULL). What is fetched again could do with less,
 * but it comes in pages of thousands of rows, where one sync is nothing. */
static gboolean
set_pragmas (XhStore *self, GError **error)
{
  if ((self->flags & XH_STORE_READ_ONLY) != 0)
    return xh_store_exec (self, "PRAGMA query_only=1; PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY", error);
  if ((self->flags & XH_STORE_SCRATCH) != 0)
    return xh_store_exec (self, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY", error);
  return xh_store_exec (self,
                        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                        "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864",
                        error);
}

static gboolean
check_file (XhStore *self, gboolean *is_new, GError **error)
{
  gint64 application, layout, tables;

  if (!xh_store_number (self, "PRAGMA application_id", &application, error)
      || !xh_store_number (self, "PRAGMA user_version", &layout, error)
      || !xh_store_number (self, "SELECT count(*) FROM sqlite_master", &tables, error))
    return FALSE;
  *is_new = tables == 0;
  if (tables > 0 && application != APPLICATION_ID)
    {
      g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT, _("%s is not a store of Xinheng."), self->path);
      return FALSE;
    }
  if (layout > LAYOUT_VERSION)
    {
      g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NEWER,
                   _("%s was made by a newer version of this program. Please update it."), self->path);
      return FALSE;
    }
  return TRUE;
}

static const char layout_sql[] =
  "CREATE TABLE record(rid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, division TEXT, unit TEXT, state TEXT,"
  " version INTEGER NOT NULL DEFAULT 0, kind_version INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, created_at TEXT,"
  " updated_at TEXT, updated_by TEXT, due TEXT, subject TEXT);\n"
  "CREATE INDEX record_division ON record(kind, deleted, division, state);\n"
  "CREATE INDEX record_state ON record(kind, deleted, state, division);\n"
  "CREATE INDEX record_updated ON record(kind, deleted, updated_at);\n"
  "CREATE INDEX record_due ON record(kind, due) WHERE due IS NOT NULL;\n"
  "CREATE INDEX record_unit ON record(kind, unit) WHERE unit IS NOT NULL;\n"
  "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;\n"
  "CREATE TABLE field(kind TEXT, name TEXT, type TEXT, since INTEGER, retired INTEGER, PRIMARY KEY(kind, name)) WITHOUT ROWID;\n"
  "CREATE TABLE search_queue(kind TEXT, rid INTEGER, indexed TEXT, PRIMARY KEY(kind, rid)) WITHOUT ROWID;\n"
  "CREATE TABLE outbox(sequence INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, record TEXT NOT NULL,"
  " base INTEGER NOT NULL, \"set\" TEXT NOT NULL, before TEXT NOT NULL, created_at TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0,"
  " origin INTEGER NOT NULL, stale INTEGER NOT NULL DEFAULT 0);\n"
  "CREATE INDEX outbox_record ON outbox(record);\n"
  "CREATE TABLE tray(number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, detail TEXT NOT NULL, filed_at TEXT NOT NULL,"
  " sequence INTEGER NOT NULL, op_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, record TEXT NOT NULL, base INTEGER NOT NULL,"
  " \"set\" TEXT NOT NULL, before TEXT NOT NULL, created_at TEXT NOT NULL, sent INTEGER NOT NULL);\n"
  "CREATE INDEX tray_record ON tray(record);\n"
  "CREATE TABLE acked(record TEXT PRIMARY KEY, base INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;\n"
  "CREATE TABLE draft(id TEXT PRIMARY KEY, kind TEXT NOT NULL, record TEXT NOT NULL, saved_at TEXT NOT NULL) WITHOUT ROWID;\n";

/* What layout 2 has besides: whom a record is about. */
static const char layout_2_sql[] =
  "CREATE INDEX record_subject ON record(subject, kind) WHERE subject IS NOT NULL;\n"
  "CREATE TABLE subject_alias(code TEXT, rid INTEGER, PRIMARY KEY(code, rid)) WITHOUT ROWID;\n"
  "CREATE INDEX subject_alias_rid ON subject_alias(rid);\n";

/* What layout 3 has besides: how many records of each kind are in each state. Counting them takes 50 ns each, which is too long for a page
 * that asks for all; keeping the count takes a put 1 µs where the state changes. */
static const char layout_3_sql[] =
  "CREATE TABLE state_count(kind TEXT, state TEXT, n INTEGER NOT NULL, PRIMARY KEY(kind, state)) WITHOUT ROWID;\n"
  "INSERT INTO state_count SELECT kind, state, count(*) FROM record WHERE deleted = 0 AND state IS NOT NULL GROUP BY kind, state;\n"
  "CREATE TRIGGER state_count_new AFTER INSERT ON record WHEN new.deleted = 0 AND new.state IS NOT NULL BEGIN"
  " INSERT INTO state_count VALUES (new.kind, new.state, 1) ON CONFLICT(kind, state) DO UPDATE SET n = n + 1; END;\n"
  "CREATE TRIGGER state_count_gone AFTER DELETE ON record WHEN old.deleted = 0 BEGIN"
  " UPDATE state_count SET n = n - 1 WHERE kind = old.kind AND state = old.state; END;\n"
  "CREATE TRIGGER state_count_other AFTER UPDATE OF state, deleted ON record WHEN new.state IS NOT old.state OR new.deleted <> old.deleted BEGIN"
  " UPDATE state_count SET n = n - 1 WHERE old.deleted = 0 AND kind = old.kind AND state = old.state;"
  " INSERT INTO state_count SELECT new.kind, new.state, 1 WHERE new.deleted = 0 AND new.state IS NOT NULL"
  " ON CONFLICT(kind, state) DO UPDATE SET n = n + 1; END;\n";

/* And layout 4: the due dates across all kinds. `deleted` is in the index although it is always 0 there, since SQLite looks up the row of each
 * entry where a statement names a column that the index does not have. */
static const char layout_4_sql[] =
  "DROP INDEX IF EXISTS record_work;\n"
  "CREATE INDEX record_work ON record(kind, state, due, deleted) WHERE due IS NOT NULL AND deleted = 0;\n";

/* And layout 6: the work of one unit among the records of all. */
static const char layout_6_sql[] =
  "CREATE INDEX IF NOT EXISTS record_own ON record(kind, state, unit, due, division, deleted) WHERE deleted = 0 AND unit IS NOT NULL;\n";

static gboolean
create_layout (XhStore *self, GError **error)
{
  return xh_store_exec (self, layout_sql, error) && xh_store_exec (self, layout_2_sql, error) && xh_store_exec (self, layout_3_sql, error)
         && xh_store_exec (self, layout_4_sql, error) && xh_store_exec (self, xh_store_layout_5_sql, error)
         && xh_store_exec (self, layout_6_sql, error) && xh_store_exec (self, xh_store_layout_7_sql, error)
         && xh_store_exec_format (self, error, "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID, LAYOUT_VERSION);
}

static gboolean
migrate_layout (XhStore *self, GError **error)
{
  gint64 layout;

  if (!xh_store_number (self, "PRAGMA user_version", &layout, error))
    return FALSE;
  if (layout >= LAYOUT_VERSION)
    return TRUE;
  if (layout < 2 && (!xh_store_exec (self, "ALTER TABLE record ADD COLUMN subject TEXT", error) || !xh_store_exec (self, layout_2_sql, error)))
    return FALSE;
  if (layout < 3 && !xh_store_exec (self, layout_3_sql, error))
    return FALSE;
  if (layout < 4 && !xh_store_exec (self, layout_4_sql, error))
    return FALSE;
  if (layout < 5 && !xh_store_exec (self, xh_store_layout_5_sql, error))
    return FALSE;
  if (layout < 6 && !xh_store_exec (self, layout_6_sql, error))
    return FALSE;
  if (layout < 7 && !xh_store_exec (self, xh_store_layout_7_sql, error))
    return FALSE;
  return xh_store_exec_format (self, error, "PRAGMA user_version=%d", LAYOUT_VERSION);
}

/* A store that has not said it before is taken for one that was made just now. */
static gboolean
note_made (XhStore *self, GError **error)
{
  return (self->flags & (XH_STORE_SERVER | XH_STORE_SCRATCH)) != 0
         || xh_store_exec (self, "INSERT OR IGNORE INTO meta(key, value) VALUES('" XH_STORE_META_MADE "', strftime('%s', 'now'))", error);
}

/* Two processes may open a new store at once: whoever comes second finds it made. */
static gboolean
prepare_tables (XhStore *self, GError **error)
{
  gboolean is_new;

  if ((self->flags & XH_STORE_READ_ONLY) != 0)
    {
      if (!check_file (self, &is_new, error))
        return FALSE;
      if (is_new)
        g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT, _("%s is not a store of Xinheng."), self->path);
      return !is_new;
    }
  if (!check_file (self, &is_new, error) || !set_pragmas (self, error) || !xh_store_begin (self, error))
    return FALSE;
  if (check_file (self, &is_new, error) && (is_new ? create_layout (self, error) : migrate_layout (self, error))
      && xh_store_tables_migrate (self, error) && note_made (self, error))
    return xh_store_commit (self, error);
  xh_store_rollback (self);
  return FALSE;
}

/* Nobody asks SQLite how much memory it has in use; counting it costs a lock for each piece. Before the first connection only: where
 * something else in the process was first, it goes on counting. */
static void
configure_sqlite (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&once, 1);
    }
}

/**
 * xh_store_open:
 * @path: file of the database; made where there is none (unless %XH_STORE_READ_ONLY)
 * @catalog: definitions; kept by the store
 * @flags: what the store is for
 *
 * Opens one connection for one thread at a time and brings its tables up to the catalog's definitions: new fields become columns,
 * fields that are gone stay readable in the database.
 *
 * Returns: (transfer full): a store, or %NULL with %XH_STORE_ERROR_CORRUPT (restore a copy), %XH_STORE_ERROR_NEWER (update the
 *   program), %XH_STORE_ERROR_INVALID (a definition changed the type of a field: give the field another name),
 *   %XH_STORE_ERROR_FULL or %XH_STORE_ERROR_DATABASE
 */
XhStore *
xh_store_open (const char *path, XhCatalog *catalog, XhStoreFlags flags, GError **error)
{
  g_autoptr (XhStore) self = g_new0 (XhStore, 1);
  int code, mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

  g_return_val_if_fail (path != NULL && catalog != NULL, NULL);

  if ((flags & XH_STORE_READ_ONLY) == 0)
    mode |= SQLITE_OPEN_CREATE;
  configure_sqlite ();
  self->path = g_strdup (path);
  self->catalog = xh_catalog_ref (catalog);
  self->flags = flags;
  self->budget = -1;
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, finalize_statement);
  code = sqlite3_open_v2 (path, &self->db, mode, NULL);
  if (code != SQLITE_OK)
    {
      xh_store_take_error (self, code, path, error);
      return NULL;
    }
  sqlite3_extended_result_codes (self->db, 1);
  xh_store_busy_init (self);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* What came in a file may only call functions that are marked SQLITE_INNOCUOUS. The server takes no file, and its triggers read JSON. */
  if ((flags & XH_STORE_SERVER) == 0)
    sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_progress_handler (self->db, XH_STEPS_PER_CHECK, progress_cb, self);
  xh_store_kinds_init (self);
  if (!xh_functions_register (self->db, catalog, error) || !xh_store_search_functions (self, error))
    return NULL;
  if ((flags & XH_STORE_READ_ONLY) != 0 && !set_pragmas (self, error))
    return NULL;
  if (!prepare_tables (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * xh_store_close:
 * @self: (nullable): a store
 *
 * Rolls back what was not committed and closes the connection. Rows that wait for the search index are indexed by whoever
 * calls xh_store_index() next; until then a search finds them the slow way.
 */
void
xh_store_close (XhStore *self)
{
  if (self == NULL)
    return;
  while (self->depth > 0)
    xh_store_rollback (self);
  xh_store_kinds_clear (self);
  xh_stale_free (self->stale);
  xh_store_remember_sums (self, FALSE);
  sqlite3_finalize (self->insert);
  sqlite3_finalize (self->update);
  sqlite3_finalize (self->renew);
  sqlite3_finalize (self->find);
  sqlite3_finalize (self->queue);
  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (sqlite3_close (self->db) != SQLITE_OK)
    g_critical ("%s: closed with statements open", self->path);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->catalog, xh_catalog_unref);
  g_free (self->path);
  g_free (self);
}

XhCatalog *
xh_store_get_catalog (XhStore *self)
{
  return self->catalog;
}

sqlite3 *
xh_store_get_db (XhStore *self)
{
  return self->db;
}

/**
 * xh_store_set_cancellable:
 * @self: a store
 * @cancellable: (nullable): while set and cancelled, statements end with %G_IO_ERROR_CANCELLED
 */
void
xh_store_set_cancellable (XhStore *self, GCancellable *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
}

/* --- transactions */

/* A push has a few for each op: they are prepared once. */
static gboolean
run_savepoint (XhStore *self, const char *what, guint depth, GError **error)
{
  char sql[40];
  sqlite3_stmt *statement;

  g_snprintf (sql, sizeof sql, "%s s%u", what, depth);
  statement = xh_store_statement (self, sql, error);
  return statement != NULL && xh_store_run (self, statement, error);
}

/**
 * xh_store_begin:
 *
 * Begins a transaction that may write, or a part of the one under way. Each is ended by xh_store_commit() or
 * xh_store_rollback(); after a failed commit call xh_store_rollback().
 */
gboolean
xh_store_begin (XhStore *self, GError **error)
{
  gboolean begun;

  if (self->depth == 0)
    /* Nobody else writes to a scratch file, and what is attached to it is only read. */
    begun = xh_store_exec (self, (self->flags & XH_STORE_SCRATCH) != 0 ? "BEGIN" : "BEGIN IMMEDIATE", error);
  else
    begun = run_savepoint (self, "SAVEPOINT", self->depth, error);
  if (begun)
    self->depth++;
  return begun;
}

gboolean
xh_store_begin_read (XhStore *self, GError **error)
{
  return xh_store_exec (self, "BEGIN", error);
}

/* A full disk makes SQLite roll back by itself, whatever the depth. */
static gboolean
check_transaction (XhStore *self, GError **error)
{
  if (!sqlite3_get_autocommit (self->db))
    return TRUE;
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, "%s", _("Nothing was changed, because a part of it failed."));
  return FALSE;
}

gboolean
xh_store_commit (XhStore *self, GError **error)
{
  g_return_val_if_fail (self->depth > 0, FALSE);

  if (!check_transaction (self, error))
    return FALSE;
  if (self->depth > 1)
    {
      if (!run_savepoint (self, "RELEASE", self->depth - 1, error))
        return FALSE;
    }
  else
    {
      /* A bulk leaves all to who indexes: loading ICU's readings alone costs 0.2 s. */
      if (self->to_index > 0 && self->to_index <= XH_STORE_INDEX_INLINE && !xh_store_index (self, XH_STORE_INDEX_INLINE, NULL, error))
        return FALSE;
      if (!xh_store_exec (self, "COMMIT", error))
        return FALSE;
      self->to_index = 0;
    }
  self->depth--;
  return TRUE;
}

void
xh_store_rollback (XhStore *self)
{
  g_return_if_fail (self->depth > 0);

  self->depth--;
  if (sqlite3_get_autocommit (self->db))
    return;
  if (self->depth > 0)
    xh_store_exec_format (self, NULL, "ROLLBACK TO s%u; RELEASE s%u", self->depth, self->depth);
  else
    {
      sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
      self->to_index = 0;
    }
}

/**
 * xh_store_end:
 * @good: whether everything in the transaction was done; where not, @error is set already
 *
 * Ends what xh_store_begin() began, in any case: a commit that fails (the disk is full) leaves it open, and whatever is saved afterwards would be called
 * safe and be part of it.
 *
 * Returns: whether it is committed
 */
gboolean
xh_store_end (XhStore *self, gboolean good, GError **error)
{
  if (good && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

/* --- meta */

char *
xh_store_meta_get (XhStore *self, const char *key)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT value FROM meta WHERE key = ?1", NULL);
  char *value = NULL;

  if (statement == NULL)
    return NULL;
  xh_sql_bind_text (statement, 1, key);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = xh_sql_column_text (statement, 0);
  sqlite3_reset (statement);
  return value;
}

gboolean
xh_store_meta_set (XhStore *self, const char *key, const char *value, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2", error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, key);
  xh_sql_bind_text (statement, 2, value);
  return xh_store_run (self, statement, error);
}

gboolean
xh_store_meta_set_number (XhStore *self, const char *key, gint64 number, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  return xh_store_meta_set (self, key, text, error);
}
