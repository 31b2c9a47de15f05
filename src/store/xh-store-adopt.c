/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Other connections go on reading all the while: the pages of the staged file are written behind the log (WAL) of the live database by SQLite's
 * backup, and the commit shows all of them at once. What is a person's own is carried over under the same write lock, so that no edit
 * that is saved meanwhile is missed: it waits for the lock.
 *
 * The commit is not synced. Everything in it can be fetched again, what was carried over is still in the file behind the log, and the next
 * saved edit syncs the whole log. */
#include "xh-store-adopt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-store-private.h"

#define PAGES_A_STEP 2000
#define EPOCH "epoch" /* meta: how often all row ids became others */

/* Whatever depends on the definitions comes with the file; every other line of meta is this computer's own. */
#define FILE_META "key IN ('catalog-hash', 'sort-key-version') OR key LIKE 'subject/%' OR key LIKE 'search/%'"

static gboolean
fail_file (GError **error, const char *fault)
{
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT, _("This file is no snapshot that can be used here: %s. Nothing was changed."), fault);
  return FALSE;
}

/* --- looking at a file from outside */

static sqlite3 *
open_raw (const char *path)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    {
      sqlite3_close (db);
      return NULL;
    }
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_exec (db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", NULL, NULL, NULL);
  return db;
}

/* (transfer full) (nullable) first column of the first row */
static char *
ask (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  char *answer = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    answer = xh_sql_column_text (statement, 0);
  sqlite3_finalize (statement);
  return answer;
}

static gboolean
answers_alike (sqlite3 *a, sqlite3 *b, const char *sql)
{
  g_autofree char *one = ask (a, sql), *other = ask (b, sql);

  return one != NULL && g_strcmp0 (one, other) == 0;
}

static gboolean
same_text (sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
  return g_strcmp0 ((const char *) sqlite3_column_text (a, column), (const char *) sqlite3_column_text (b, column)) == 0;
}

/* What the planner counted is no part of the layout; its tables are known to the letter, so that no other object passes under their names. */
#define SCHEMA_SQL \
  "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE NOT (type = 'table' AND" \
  " (name = 'sqlite_stat1' AND tbl_name = name AND sql = 'CREATE TABLE sqlite_stat1(tbl,idx,stat)'" \
  " OR name = 'sqlite_stat4' AND tbl_name = name AND sql = 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)'))"
#define SCHEMA_ORDER " ORDER BY type, name"

/* Indexes that a person's sorting asked for come and go here; a file that was made for others has none. */
#define SCHEMA_OURS " AND NOT (type = 'index' AND substr(name, 1, 2) = 'o_')"

/* Every table, index, trigger and view, to the letter. */
static gboolean
has_schema_of (sqlite3 *db, sqlite3 *like)
{
  sqlite3_stmt *a = NULL, *b = NULL;
  int one = SQLITE_ERROR, other = SQLITE_ROW;
  gboolean same = sqlite3_prepare_v2 (db, SCHEMA_SQL SCHEMA_ORDER, -1, &a, NULL) == SQLITE_OK
                  && sqlite3_prepare_v2 (like, SCHEMA_SQL SCHEMA_OURS SCHEMA_ORDER, -1, &b, NULL) == SQLITE_OK;

  while (same && (one = sqlite3_step (a)) == SQLITE_ROW)
    {
      other = sqlite3_step (b);
      same = other == SQLITE_ROW;
      for (int i = 0; i < 4 && same; i++)
        same = same_text (a, b, i);
    }
  same = same && one == SQLITE_DONE && sqlite3_step (b) == SQLITE_DONE;
  sqlite3_finalize (a);
  sqlite3_finalize (b);
  return same;
}

/* A store that has seen other definitions has tables of the same columns in other words: then a new one says what is right. */
static gboolean
has_right_schema (XhStore *self, sqlite3 *db)
{
  g_autoptr (XhStore) model = NULL;

  if (has_schema_of (db, self->db))
    return TRUE;
  model = xh_store_open (":memory:", self->catalog, XH_STORE_SCRATCH, NULL);
  return model != NULL && has_schema_of (db, model->db);
}

static gboolean
is_sound (sqlite3 *db, GError **error)
{
  g_autofree char *found = ask (db, "PRAGMA integrity_check(1)");

  return g_strcmp0 (found, "ok") == 0 || fail_file (error, _("it is damaged"));
}

static gboolean
check_raw (XhStore *self, sqlite3 *db, gboolean thorough, GError **error)
{
  if (!answers_alike (db, self->db, "PRAGMA application_id"))
    return fail_file (error, _("it is no store of Xinheng"));
  if (!answers_alike (db, self->db, "PRAGMA user_version") || !answers_alike (db, self->db, "SELECT value FROM meta WHERE key = 'catalog-hash'"))
    return fail_file (error, _("it was made by another version of the definitions or of the program"));
  if (!answers_alike (db, self->db, "PRAGMA page_size") || !answers_alike (db, self->db, "PRAGMA encoding") || !has_right_schema (self, db))
    return fail_file (error, _("its tables are not those of a store"));
  return !thorough || is_sound (db, error);
}

/**
 * xh_store_stage:
 * @self: the client's store that may adopt it
 * @path: a file in a folder of our own, which nobody else writes to
 * @thorough: whether every page is looked at: for a file whose way here was not a server's
 *
 * Looks at a store that came from outside: it must be of this layout and of these definitions, and hold every table, index and trigger that such
 * a store has, in the same words, and nothing else. What hangs on this computer's own libraries (sort keys, readings) is brought up to date.
 *
 * Returns: (transfer full): the store, for xh_store_adopt_staged(), or %NULL with %XH_STORE_ERROR_CORRUPT
 */
XhStore *
xh_store_stage (XhStore *self, const char *path, gboolean thorough, GError **error)
{
  sqlite3 *db = open_raw (path);
  gboolean right = db != NULL ? check_raw (self, db, thorough, error) : fail_file (error, _("it does not open"));

  sqlite3_close (db);
  return right ? xh_store_open (path, self->catalog, XH_STORE_SCRATCH, error) : NULL;
}

/* --- carrying over what is ours */

static gboolean
attach_live (XhStore *staged, const char *path, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (staged, "ATTACH ?1 AS live", error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, path);
  return xh_store_run (staged, statement, error);
}

/* Tables that hold what a person or this computer made: all but those that follow from the server's rows and the definitions. */
static GPtrArray *
own_tables (XhStore *staged, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (staged,
    "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name IN (SELECT name FROM live.sqlite_master WHERE type = 'table')"
    " AND name NOT IN ('record', 'meta', 'field', 'search_queue', 'subject_alias', 'state_count') AND substr(name, 1, 2) NOT IN ('k_', 's_')"
    " AND name NOT LIKE 'sqlite_%'", error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (staged, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (names, xh_sql_column_text (statement, 0));
  return code == SQLITE_DONE ? g_steal_pointer (&names) : NULL;
}

static gboolean
carry_tables (XhStore *staged, GError **error)
{
  g_autoptr (GPtrArray) names = own_tables (staged, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (!xh_store_exec_format (staged, error, "DELETE FROM main.\"%s\"; INSERT INTO main.\"%s\" SELECT * FROM live.\"%s\"", name, name, name))
        return FALSE;
    }
  return names != NULL
         && xh_store_exec (staged, "DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM live.sqlite_sequence", error);
}

static gboolean
carry_meta (XhStore *staged, GHashTable *meta, GError **error)
{
  GHashTableIter iter;
  gpointer key, value;

  if (!xh_store_exec (staged, "DELETE FROM main.meta WHERE NOT (" FILE_META ");"
                              "INSERT OR IGNORE INTO main.meta SELECT key, value FROM live.meta WHERE NOT (" FILE_META ")", error))
    return FALSE;
  g_hash_table_iter_init (&iter, meta);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!xh_store_meta_set (staged, key, value, error))
      return FALSE;
  return TRUE;
}

/* (transfer full) ids of records that were made here and that no server has accepted yet */
static GPtrArray *
read_new (XhStore *staged, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (staged, "SELECT id FROM live.record WHERE version = 0 AND id NOT IN (SELECT id FROM main.record)", error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (staged, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (ids, xh_sql_column_text (statement, 0));
  return code == SQLITE_DONE ? g_steal_pointer (&ids) : NULL;
}

static gboolean
carry_new (XhStore *staged, XhStore *self, GError **error)
{
  g_autoptr (GPtrArray) ids = read_new (staged, error);
  g_autoptr (XhStore) live = NULL;

  if (ids == NULL || ids->len == 0)
    return ids != NULL;
  /* Our own connection holds the lock and must not read before the pages are written. */
  live = xh_store_open (self->path, self->catalog, XH_STORE_READ_ONLY, error);
  for (guint i = 0; live != NULL && i < ids->len; i++)
    {
      g_autoptr (XhRecord) record = xh_store_load (live, g_ptr_array_index (ids, i), error);

      if (record == NULL || !xh_store_put (staged, record, error))
        return FALSE;
    }
  return live != NULL;
}

/* The server's rows with the ops of the outbox on top of them again. */
static gboolean
apply_ops (XhStore *staged, GError **error)
{
  g_autoptr (GHashTable) pending = xh_store_pending (staged, error);
  GHashTableIter iter;
  gpointer id;

  if (pending == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, pending);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_autoptr (XhRecord) record = NULL;
      const XhKind *kind;
      gint64 rid;

      if (!xh_store_find (staged, id, &rid, &kind, error))
        return FALSE;
      if (rid == 0 || kind == NULL)
        continue;
      record = xh_store_load_rid (staged, rid, error);
      if (record == NULL || (record->version > 0 && !xh_store_adopt (staged, record, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_wished (XhStore *staged, const char *condition, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s", condition != NULL ? condition : "1");
  gint64 is;

  if (!xh_store_number (staged, sql, &is, error))
    return FALSE;
  if (!is)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_MOVED, _("All records were brought up to date meanwhile. Nothing was changed."));
  return is != 0;
}

static gboolean
carry_over (XhStore *staged, XhStore *self, GHashTable *meta, const char *condition, GError **error)
{
  gboolean done;

  if (!attach_live (staged, self->path, error) || !xh_store_begin (staged, error))
    return FALSE;
  done = is_wished (staged, condition, error) && carry_tables (staged, error) && carry_meta (staged, meta, error)
         && xh_store_forget_previews (staged, error) && xh_store_renumber (staged, error) && carry_new (staged, self, error)
         && apply_ops (staged, error);
  staged->to_index = 0; /* left for who has time: the lock is held */
  if (done && xh_store_commit (staged, error))
    return xh_store_exec (staged, "DETACH live", error);
  xh_store_rollback (staged);
  return FALSE;
}

/* --- row ids */

gboolean
xh_store_renumber (XhStore *self, GError **error)
{
  return xh_store_count_up (self, EPOCH, error);
}

gint64
xh_store_get_epoch (XhStore *self)
{
  g_autofree char *value = xh_store_meta_get (self, EPOCH);

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;
}

gboolean
xh_store_check_epoch (XhStore *self, gint64 epoch, GError **error)
{
  if (xh_store_get_epoch (self) == epoch)
    return TRUE;
  g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("All records were brought up to date meanwhile. Please tick them again."));
  return FALSE;
}

/* --- taking its place */

/* Statements that were left on a row would hold the database open. */
static void
reset_statements (XhStore *self)
{
  for (sqlite3_stmt *statement = sqlite3_next_stmt (self->db, NULL); statement != NULL; statement = sqlite3_next_stmt (self->db, statement))
    sqlite3_reset (statement);
}

static gboolean
fail_backup (XhStore *self, int code, GError **error)
{
  xh_store_take_error (self, code, "snapshot", error);
  return FALSE;
}

static gboolean
write_pages (XhStore *self, sqlite3_backup *backup, GCancellable *cancellable, GError **error)
{
  int code;

  do
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      code = sqlite3_backup_step (backup, PAGES_A_STEP);
    }
  while (code == SQLITE_OK);
  return code == SQLITE_DONE || fail_backup (self, code, error);
}

static gboolean
replace (XhStore *self, XhStore *staged, GHashTable *meta, const char *condition, GCancellable *cancellable, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (self->db, "main", staged->db, "main");
  gboolean locked, done;
  int code;

  if (backup == NULL)
    return fail_backup (self, sqlite3_errcode (self->db), error);
  /* Takes the write lock, and writes nothing yet. */
  code = sqlite3_backup_step (backup, 0);
  locked = code == SQLITE_OK;
  if (locked)
    xh_store_set_adopting (self, TRUE);
  done = (locked || fail_backup (self, code, error)) && carry_over (staged, self, meta, condition, error)
         && write_pages (self, backup, cancellable, error);
  code = sqlite3_backup_finish (backup);
  if (locked)
    xh_store_set_adopting (self, FALSE);
  return done && (code == SQLITE_OK || fail_backup (self, code, error));
}

/**
 * xh_store_adopt_staged:
 * @self: a client's store, in no transaction
 * @staged: of xh_store_stage(); spent afterwards
 * @meta: (element-type utf8 utf8): lines of meta that go with the new rows, such as the cursor
 * @condition: (nullable): SQL over the store as it is ("live") under the lock; where it is not so, nothing is changed: XH_STORE_ERROR_MOVED
 * @cancellable: (nullable): stops it; nothing has changed then
 *
 * All records here give way to those of the file in one step. Outbox, tray, drafts and every other table of this computer's own stay; records that
 * no server has accepted stay; ops of the outbox are put on top of the new rows. Row ids (rid) are others afterwards. Other connections
 * read the old rows until it is done and never wait; who writes waits as long as it takes. Call xh_store_checkpoint() when there is time.
 */
gboolean
xh_store_adopt_staged (XhStore *self, XhStore *staged, GHashTable *meta, const char *condition, GCancellable *cancellable, GError **error)
{
  gboolean done;

  g_return_val_if_fail (self->depth == 0 && staged->depth == 0, FALSE);

  reset_statements (self);
  reset_statements (staged);
  if (!xh_store_exec (self, "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192", error))
    return FALSE;
  done = replace (self, staged, meta, condition, cancellable, error);
  xh_store_exec (self, "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536", NULL);
  if (!done)
    xh_store_exec (self, "PRAGMA wal_autocheckpoint=4000", NULL);
  self->checkpoint_waits = done;
  return done;
}

/**
 * xh_store_checkpoint_log:
 * @self: any connection that writes; best one of its own, in a worker
 *
 * Brings into the database's own file what the log holds and nobody still reads there. Readers and writers go on.
 */
gboolean
xh_store_checkpoint_log (XhStore *self, GError **error)
{
  const int code = sqlite3_wal_checkpoint_v2 (self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

  return code == SQLITE_OK || code == SQLITE_BUSY || fail_backup (self, code, error);
}

/**
 * xh_store_checkpoint:
 *
 * Brings what xh_store_adopt_staged() left in the log into the database's own file; readers and writers go on meanwhile. Does nothing where
 * nothing was left.
 */
gboolean
xh_store_checkpoint (XhStore *self, GError **error)
{
  if (!self->checkpoint_waits)
    return TRUE;
  self->checkpoint_waits = FALSE;
  return xh_store_checkpoint_log (self, error) && xh_store_exec (self, "PRAGMA wal_autocheckpoint=4000", error);
}
