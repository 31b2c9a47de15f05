/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A client's store made out of a server's, adopted by another one that has work of its own, and files that must be refused. */
#include "store-test.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "store/xh-store-adopt.h"
#include "store/xh-store-extract.h"

typedef struct
{
  StoreTest base;      /* the client */
  char *server, *file; /* (owned) paths */
  char *known, *other; /* (owned) ids of records that the server has */
} Test;

static gboolean
note (XhStore *made, gpointer data, GError **error)
{
  return xh_store_meta_set (made, "token", "of nobody", error);
}

static char *
put (Test *self, XhStore *store, const char *name, int labour, gint64 version)
{
  g_autoptr (XhRecord) record = store_test_plot (&self->base, name, labour);
  g_autoptr (GError) error = NULL;

  store_test_set_text (record, "remark", "内部");
  record->version = version;
  xh_store_put (store, record, &error);
  g_assert_no_error (error);
  return g_strdup (record->id);
}

static void
extract (Test *self, const char *role, const char *scope)
{
  const XhExtract what = { .source = self->server, .role = role, .scope = scope, .note = note };
  g_autoptr (GError) error = NULL;
  gint64 n;

  g_unlink (self->file);
  xh_store_extract (self->base.catalog, &what, self->file, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, >=, 1);
}

static void
set_up (Test *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) server = NULL;

  store_test_set_up (&self->base, NULL);
  self->server = g_build_filename (self->base.folder, "server.db", NULL);
  self->file = g_build_filename (self->base.folder, "file.db", NULL);
  server = xh_store_open (self->server, self->base.catalog, XH_STORE_SERVER | XH_STORE_NO_SEARCH, &error);
  g_assert_no_error (error);
  self->known = put (self, server, "东坡", 2, 5);
  self->other = put (self, server, "西坡", 3, 6);
  extract (self, "office", "1");
}

static void
tear_down (Test *self, gconstpointer data)
{
  store_test_tear_down (&self->base, NULL);
  g_free (self->server);
  g_free (self->file);
  g_free (self->known);
  g_free (self->other);
}

static void
adopt (Test *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (XhStore) staged = xh_store_stage (self->base.store, self->file, TRUE, &error);

  g_assert_no_error (error);
  g_hash_table_insert (meta, (gpointer) "cursor", (gpointer) "6");
  xh_store_adopt_staged (self->base.store, staged, meta, NULL, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&staged, xh_store_close);
  xh_store_checkpoint (self->base.store, &error);
  g_assert_no_error (error);
}

static void
refuse (Test *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_store_stage (self->base.store, self->file, TRUE, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT);
}

static void
change_file (Test *self, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (self->file, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static gint64
count (XhStore *store, const char *sql)
{
  sqlite3_stmt *statement;
  gint64 n;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (store), sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

static void
test_fresh (Test *self, gconstpointer data)
{
  g_autofree char *token = NULL, *cursor = NULL, *found = NULL;
  g_autoptr (GError) error = NULL;
  guint left;

  adopt (self);
  g_assert_cmpint (count (self->base.store, "SELECT count(*) FROM record"), ==, 2);
  g_assert_cmpint (count (self->base.store, "SELECT n FROM state_count WHERE state = 'filed'"), ==, 2);
  cursor = xh_store_meta_get (self->base.store, "cursor");
  g_assert_cmpstr (cursor, ==, "6");
  token = xh_store_meta_get (self->base.store, "token");
  g_assert_null (token); /* a file's lines of meta are not this computer's */
  xh_store_index (self->base.store, 0, &left, &error);
  g_assert_no_error (error);
  found = store_test_find (&self->base, "西坡");
  g_assert_cmpstr (found, ==, "西坡");
}

/* Readers that stand open see all of it or nothing of it. */
static void
test_readers (Test *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) before = NULL, idle = NULL;

  g_free (put (self, self->base.store, "旧", 1, 1));
  before = xh_store_open (self->base.path, self->base.catalog, XH_STORE_CLIENT | XH_STORE_READ_ONLY, &error);
  g_assert_no_error (error);
  idle = xh_store_open (self->base.path, self->base.catalog, XH_STORE_CLIENT | XH_STORE_READ_ONLY, &error);
  g_assert_no_error (error);
  sqlite3_exec (xh_store_get_db (before), "BEGIN; SELECT * FROM record", NULL, NULL, NULL);
  adopt (self);
  g_assert_cmpint (count (before, "SELECT count(*) FROM record"), ==, 1);
  g_assert_cmpint (count (idle, "SELECT count(*) FROM record"), ==, 2);
  sqlite3_exec (xh_store_get_db (before), "COMMIT", NULL, NULL, NULL);
  g_assert_cmpint (count (before, "SELECT count(*) FROM record"), ==, 2);
}

static void
test_own_work (Test *self, gconstpointer data)
{
  XhStore *store = self->base.store;
  g_autoptr (XhRecord) known = NULL, after = NULL, fresh = store_test_plot (&self->base, "新", 4), draft = store_test_plot (&self->base, "稿", 5);
  g_autoptr (XhRecord) kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhOp) first = NULL;

  adopt (self);
  known = store_test_load (&self->base, self->known);
  store_test_set_text (known, "name", "东坡上");
  store_test_save (&self->base, known, "name", NULL);
  store_test_save (&self->base, fresh, "name", NULL);
  xh_store_draft_put (store, draft, &error);
  g_assert_no_error (error);
  first = store_test_first_op (&self->base);

  extract (self, "office", "1"); /* a staged file is spent */
  adopt (self);
  g_assert_cmpuint (xh_store_outbox_count (store), ==, 2);
  {
    g_autoptr (XhOp) op = store_test_first_op (&self->base);

    g_assert_cmpstr (op->op_id, ==, first->op_id);
    g_assert_cmpint (op->sequence, ==, first->sequence);
  }
  after = store_test_load (&self->base, self->known);
  g_assert_cmpstr (store_test_text (after, "name"), ==, "东坡上");
  g_assert_cmpint (after->version, ==, 5);
  kept = store_test_load (&self->base, fresh->id);
  g_assert_cmpstr (store_test_text (kept, "name"), ==, "新");
  g_assert_cmpint (count (store, "SELECT count(*) FROM draft"), ==, 1);
  g_assert_cmpint (count (store, "SELECT count(*) FROM record"), ==, 3);
}

/* Who holds row ids of before is told so; what was held after is good. */
static void
test_epoch (Test *self, gconstpointer data)
{
  XhStore *store = self->base.store;
  g_autoptr (GError) error = NULL;
  const gint64 before = xh_store_get_epoch (store);
  gint64 between;

  adopt (self);
  g_assert_false (xh_store_check_epoch (store, before, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID);
  g_clear_error (&error);
  between = xh_store_get_epoch (store);
  g_assert_true (xh_store_check_epoch (store, between, &error));
  extract (self, "office", "1");
  adopt (self);
  g_assert_cmpint (xh_store_get_epoch (store), ==, between + 1);
  extract (self, "office", "1");
  change_file (self, "INSERT OR REPLACE INTO meta VALUES ('epoch', '1')"); /* a file does not say it */
  adopt (self);
  g_assert_cmpint (xh_store_get_epoch (store), ==, between + 2);
}

/* What is outside of the scope goes, but not what was made here; its op stays. */
static void
test_scope (Test *self, gconstpointer data)
{
  g_autofree char *scope = g_strdup_printf ("r.id = '%s'", self->other);
  g_autoptr (XhRecord) known = NULL;

  adopt (self);
  known = store_test_load (&self->base, self->known);
  store_test_set_text (known, "name", "东坡上");
  store_test_save (&self->base, known, "name", NULL);
  extract (self, "office", scope);
  adopt (self);
  g_assert_cmpint (count (self->base.store, "SELECT count(*) FROM record"), ==, 1);
  g_assert_cmpuint (xh_store_outbox_count (self->base.store), ==, 1);
}

/* Whatever a mistyped name names. */
static void
test_existing (Test *self, gconstpointer data)
{
  const XhExtract what = { .source = self->server, .role = "office", .scope = "1", .note = note };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 n;

  g_assert_true (g_file_set_contents (self->file, "somebody's", -1, NULL));
  g_assert_false (xh_store_extract (self->base.catalog, &what, self->file, &n, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE);
  g_assert_true (g_file_get_contents (self->file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "somebody's");
}

/* A trigger in the file of a live store reaches no function that was not made for it. */
static void
test_untrusted (Test *self, gconstpointer data)
{
  int trusted = 1;

  g_assert_cmpint (sqlite3_db_config (xh_store_get_db (self->base.store), SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &trusted), ==, SQLITE_OK);
  g_assert_cmpint (trusted, ==, 0);
}

/* What the planner counted is not held against a file. */
static void
test_analyzed (Test *self, gconstpointer data)
{
  change_file (self, "ANALYZE");
  adopt (self);
  g_assert_cmpint (count (self->base.store, "SELECT count(*) FROM record"), ==, 2);
}

static gboolean
holds (const char *bytes, gsize length, const char *text)
{
  const gsize n = strlen (text);

  for (gsize i = 0; i + n <= length; i++)
    if (memcmp (bytes + i, text, n) == 0)
      return TRUE;
  return FALSE;
}

static void
test_hidden (Test *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length;

  extract (self, "assessor", "1");
  g_assert_true (g_file_get_contents (self->file, &text, &length, NULL));
  g_assert_false (holds (text, length, "内部"));
  g_assert_true (holds (text, length, "东坡"));
  adopt (self);
  g_assert_cmpint (count (self->base.store, "SELECT count(*) FROM k_plot WHERE remark IS NOT NULL"), ==, 0);
}

/* As somebody writes it who has a hex editor: SQLite itself lets nobody make these names. */
#define RENAME(old, new) \
  "PRAGMA writable_schema=1; UPDATE sqlite_master SET name = '" new "', tbl_name = iif(type = 'table', '" new "', tbl_name)," \
  " sql = replace(sql, '" old "', '" new "') WHERE name = '" old "'"

static void
test_hostile (Test *self, gconstpointer data)
{
  static const char *const changes[] = {
    "CREATE TRIGGER wicked AFTER DELETE ON record BEGIN DELETE FROM outbox; END",
    "CREATE VIEW wicked AS SELECT 1",
    "CREATE TABLE wicked(a)",
    "DROP INDEX record_unit",
    /* under names that are passed over elsewhere */
    "CREATE INDEX o_plot__name ON k_plot(name COLLATE NOCASE)",
    "CREATE TRIGGER o_plot__name AFTER DELETE ON record BEGIN DELETE FROM outbox; END",
    "CREATE TRIGGER sqliteXstat AFTER DELETE ON record BEGIN DELETE FROM outbox; END",
    "CREATE TABLE sqliteXstat1(tbl, idx, stat)",
    "CREATE TRIGGER wicked AFTER DELETE ON record BEGIN DELETE FROM outbox; END;" RENAME ("wicked", "sqlite_stat_evil"),
    "CREATE TRIGGER wicked AFTER DELETE ON record BEGIN DELETE FROM outbox; END;" RENAME ("wicked", "sqlite_stat1"),
    "CREATE TABLE wicked(a);" RENAME ("wicked", "sqlite_stat9"),
    "CREATE TABLE wicked(a, b AS (abs(a)));" RENAME ("wicked", "sqlite_stat1"),
    "ALTER TABLE k_plot ADD COLUMN wicked TEXT",
    "PRAGMA application_id = 1",
    "PRAGMA user_version = 99",
    "UPDATE meta SET value = 'x' WHERE key = 'catalog-hash'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      extract (self, "office", "1");
      change_file (self, changes[i]);
      refuse (self);
    }
  g_assert_true (g_file_set_contents (self->file, "no database at all", -1, NULL));
  refuse (self);
  g_assert_cmpint (count (self->base.store, "SELECT count(*) FROM record"), ==, 0);
}

static void
test_damaged (Test *self, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (self->file, &bytes, &length, NULL));
  for (gsize at = 2 * 4096; at + 64 < length; at += 4096)
    memset (bytes + at, 0x5a, 64);
  g_assert_true (g_file_set_contents (self->file, bytes, (gssize) length, NULL));
  refuse (self);
}

static void
test_cancelled (Test *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) staged = xh_store_stage (self->base.store, self->file, FALSE, &error);
  g_autofree char *id = put (self, self->base.store, "旧", 1, 1);

  g_cancellable_cancel (cancellable);
  g_assert_false (xh_store_adopt_staged (self->base.store, staged, meta, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count (self->base.store, "SELECT count(*) FROM record"), ==, 1);
  g_free (put (self, self->base.store, "还行", 1, 2));
}

#define TEST(path, func) g_test_add (path, Test, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  TEST ("/store/snapshot/fills-a-fresh-store", test_fresh);
  TEST ("/store/snapshot/readers-see-all-or-nothing", test_readers);
  TEST ("/store/snapshot/own-work-stays-on-top", test_own_work);
  TEST ("/store/snapshot/what-left-the-scope-goes", test_scope);
  TEST ("/store/snapshot/row-ids-are-of-one-epoch", test_epoch);
  TEST ("/store/snapshot/hidden-fields-are-not-in-the-file", test_hidden);
  TEST ("/store/snapshot/other-tables-triggers-and-views-are-refused", test_hostile);
  TEST ("/store/snapshot/file-that-is-there-is-not-replaced", test_existing);
  TEST ("/store/snapshot/schema-is-not-trusted", test_untrusted);
  TEST ("/store/snapshot/counts-of-the-planner-are-no-layout", test_analyzed);
  TEST ("/store/snapshot/damaged-pages-are-refused", test_damaged);
  TEST ("/store/snapshot/stopped-changes-nothing", test_cancelled);
  return g_test_run ();
}
