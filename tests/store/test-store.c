/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
query_text (StoreTest *test, const char *sql)
{
  static char text[200];
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (test->store), sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_strlcpy (text, sqlite3_column_type (statement, 0) != SQLITE_NULL ? (const char *) sqlite3_column_text (statement, 0) : "NULL",
             sizeof text);
  sqlite3_finalize (statement);
  return text;
}

/* --- records */

static void
test_round_trip (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2), back = NULL;
  gint64 rid;

  record->division = g_strdup ("410421100001");
  record->version = 4;
  store_test_put (test, record);
  rid = record->rid;
  g_assert_cmpint (rid, >, 0);
  store_test_set_text (record, "name", "西坡");
  record->rid = 0;
  store_test_put (test, record);
  g_assert_cmpint (record->rid, ==, rid);
  store_test_reopen (test, XH_STORE_READ_ONLY);
  back = xh_store_load_rid (test->store, rid, NULL);
  g_assert_cmpstr (back->id, ==, record->id);
  g_assert_cmpstr (back->division, ==, "410421100001");
  g_assert_cmpint (back->version, ==, 4);
  g_assert_cmpstr (store_test_text (back, "name"), ==, "西坡");
  g_assert_true (xh_value_is_null (xh_record_get (back, "income")));
}

static void
test_read_only (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);
  g_autoptr (GError) error = NULL;

  store_test_reopen (test, XH_STORE_READ_ONLY);
  g_assert_false (xh_store_put (test->store, record, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE);
}

static void
test_nested_rollback (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) outer = store_test_plot (test, "外", 1), inner = store_test_plot (test, "内", 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_store_begin (test->store, &error));
  store_test_put (test, outer);
  g_assert_true (xh_store_begin (test->store, &error));
  store_test_put (test, inner);
  xh_store_rollback (test->store);
  g_assert_true (xh_store_commit (test->store, &error));
  g_assert_cmpstr (query_text (test, "SELECT count(*) FROM record"), ==, "1");
}

static void
test_cancelled (StoreTest *test, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (XhQuery) query = xh_query_new (test->plot);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = NULL;

  g_assert_true (xh_store_begin (test->store, &error));
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (XhRecord) record = store_test_plot (test, "坡", (int) i);

      store_test_put (test, record);
    }
  g_assert_true (xh_store_commit (test->store, &error));
  g_cancellable_cancel (cancellable);
  xh_store_set_cancellable (test->store, cancellable);
  rids = xh_store_query_rids (test->store, query, 0, &error);
  g_assert_null (rids);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  xh_store_set_cancellable (test->store, NULL);
}

/* Every save that succeeded is there, the one that failed left nothing, and with room the next succeeds. */
static void
test_disk_full (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  guint saved = 0;

  g_ptr_array_add (changed, (gpointer) "name");
  g_free (g_strdup (query_text (test, "PRAGMA max_page_count=120")));
  while (error == NULL && saved < 100000)
    {
      g_autoptr (XhRecord) record = store_test_plot (test, "东坡西坡南坡北坡东坡西坡南坡北坡", 1);

      saved += xh_store_save (test->store, record, changed, "li", &error);
    }
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_FULL);
  g_assert_cmpuint (saved, >, 0);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, saved);
  g_assert_cmpint (atoi (query_text (test, "SELECT count(*) FROM record")), ==, (int) saved);
  g_assert_cmpstr (query_text (test, "PRAGMA integrity_check"), ==, "ok");
  g_free (g_strdup (query_text (test, "PRAGMA max_page_count=100000")));
  {
    g_autoptr (XhRecord) record = store_test_plot (test, "终", 1);

    store_test_save (test, record, "name", NULL);
  }
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, saved + 1);
}

/* --- definitions that change */

static XhStore *
open_changed (StoreTest *test, const char *from, const char *to, GError **error)
{
  g_autoptr (XhCatalog) catalog = store_test_changed_catalog (test, from, to);

  g_clear_pointer (&test->store, xh_store_close);
  return xh_store_open (test->path, catalog, XH_STORE_CLIENT, error);
}

#define PHONE "{\"name\": \"phone\", \"type\": \"text\", \"label\": {\"zh\": \"电话\", \"en\": \"Telephone\"}},"

static void
test_field_added (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);
  g_autoptr (GError) error = NULL;

  store_test_put (test, record);
  test->store = open_changed (test, PHONE, PHONE "{\"name\": \"depth\", \"type\": \"integer\", \"label\": {\"zh\": \"深\", \"en\": \"Depth\"}},", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (query_text (test, "SELECT name || coalesce(depth, '-') FROM k_plot"), ==, "东坡-");
}

static void
test_field_retired (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2), again = NULL;
  g_autoptr (GError) error = NULL;

  store_test_set_text (record, "phone", "13800000000");
  store_test_put (test, record);
  test->store = open_changed (test, PHONE, "", &error);
  g_assert_no_error (error);
  /* A put by the new definition leaves what it does not know. */
  again = xh_store_load (test->store, record->id, &error);
  store_test_set_text (again, "name", "西坡");
  store_test_put (test, again);
  g_assert_cmpstr (query_text (test, "SELECT name || phone FROM k_plot"), ==, "西坡13800000000");
  g_assert_cmpstr (query_text (test, "SELECT retired IS NOT NULL FROM field WHERE name = 'phone'"), ==, "1");
}

static void
test_type_never_changes (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test->store = open_changed (test, "\"name\": \"phone\", \"type\": \"text\"", "\"name\": \"phone\", \"type\": \"date\"", &error);
  g_assert_null (test->store);
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "phone"));
}

static void
test_old_layout (StoreTest *test, gconstpointer data)
{
  g_autofree char *sql = NULL, *found = NULL;
  g_autoptr (XhRecord) record = NULL;
  sqlite3 *db;

  g_clear_pointer (&test->store, xh_store_close);
  g_free (test->path);
  test->path = g_build_filename (test->folder, "old.db", NULL);
  g_assert_true (g_file_get_contents (g_getenv ("XH_TEST_LAYOUT"), &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  store_test_reopen (test, XH_STORE_CLIENT);
  record = store_test_load (test, "01890000-0000-7000-8000-000000000001");
  g_assert_cmpstr (store_test_text (record, "name"), ==, "张三");
  g_assert_cmpint (store_test_integer (record, "labour"), ==, 2);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
  g_assert_cmpstr (query_text (test, "SELECT old_note FROM k_plot"), ==, "kept");
  g_assert_cmpstr (query_text (test, "SELECT _sort_name IS NOT NULL FROM k_plot"), ==, "1");
  found = store_test_find (test, "zs");
  g_assert_cmpstr (found, ==, "张三");
}

static void
test_foreign_file (StoreTest *test, gconstpointer data)
{
  g_autofree char *path = g_build_filename (test->folder, "other.db", NULL);
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  g_assert_true (g_file_set_contents (path, "This is no database at all, but a text of some length.", -1, NULL));
  g_assert_null (xh_store_open (path, test->catalog, XH_STORE_CLIENT, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  remove (path);
  sqlite3_open (path, &db);
  sqlite3_exec (db, "CREATE TABLE x(a)", NULL, NULL, NULL);
  sqlite3_close (db);
  g_assert_null (xh_store_open (path, test->catalog, XH_STORE_CLIENT, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT);
}

static void
test_newer_file (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sqlite3_exec (xh_store_get_db (test->store), "PRAGMA user_version=99", NULL, NULL, NULL);
  g_clear_pointer (&test->store, xh_store_close);
  test->store = xh_store_open (test->path, test->catalog, XH_STORE_CLIENT, &error);
  g_assert_null (test->store);
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NEWER);
}

static void
test_meta (StoreTest *test, gconstpointer data)
{
  g_autofree char *none = xh_store_meta_get (test->store, "cursor"), *value = NULL;

  g_assert_null (none);
  g_assert_true (xh_store_meta_set (test->store, "cursor", "1", NULL));
  g_assert_true (xh_store_meta_set (test->store, "cursor", "2", NULL));
  value = xh_store_meta_get (test->store, "cursor");
  g_assert_cmpstr (value, ==, "2");
}

/* --- the real catalog: unique keys, titles, references */

static void
test_household (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("xh-store-test-XXXXXX", NULL), *path = g_build_filename (folder, "store.db", NULL), *title = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  const XhKind *kind = xh_catalog_find_kind (catalog, "household"), *rating = xh_catalog_find_kind (catalog, "rating");
  g_autoptr (XhStore) store = xh_store_open (path, catalog, XH_STORE_CLIENT, &error);
  g_autoptr (XhRecord) one = xh_record_new (kind, NULL), two = xh_record_new (kind, NULL), three = xh_record_new (rating, NULL);
  XhValue *references = xh_value_array_new (rating->references->len);

  g_assert_no_error (error);
  store_test_set_text (one, "head_name", "张三");
  store_test_set_text (one, "head_id", "410421199001011234");
  store_test_set_text (one, "village", "410421100001");
  store_test_set_integer (one, "net_income", 7000000);
  one->division = g_strdup ("410421100001");
  g_assert_true (xh_store_put (store, one, &error));
  store_test_set_text (two, "head_name", "李四");
  store_test_set_text (two, "head_id", "410421199001011234");
  store_test_set_text (two, "village", "410421100001");
  store_test_set_integer (two, "net_income", 3000000);
  two->division = g_strdup ("410421100001");
  g_assert_false (xh_store_check_unique (store, two, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_UNIQUE);
  g_assert_nonnull (strstr (error->message, "张三"));
  g_clear_error (&error);
  g_assert_true (xh_store_put (store, two, &error)); /* the server said so */
  title = xh_store_title (store, one->id, &error);
  g_assert_cmpstr (title, ==, "张三");
  store_test_set_text (three, "household", one->id);
  g_assert_true (xh_store_references (store, three, references, &error));
  g_assert_cmpstr (xh_value_as_text (&references[xh_kind_find_reference (rating, "h_head_name")->index]), ==, "张三");
  g_assert_cmpfloat (xh_value_as_real (&references[xh_kind_find_reference (rating, "village_income")->index]), ==, 5000000);
  g_assert_cmpint (xh_value_as_integer (&references[xh_kind_find_reference (rating, "consent_count")->index]), ==, 0);
  xh_value_array_free (references, rating->references->len);
  g_clear_pointer (&store, xh_store_close);
  store_test_remove_folder (folder);
}

/* A commit that fails leaves SQLite's transaction open: what is saved next must not become a part of it. */
static void
test_failed_commit (StoreTest *test, gconstpointer data)
{
  static const char deferred[] = "PRAGMA foreign_keys = ON; CREATE TABLE parent(id INTEGER PRIMARY KEY);"
                                 "CREATE TABLE child(parent INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED);";
  sqlite3 *db = xh_store_get_db (test->store);
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sqlite3_exec (db, deferred, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_true (xh_store_begin (test->store, NULL));
  g_assert_cmpint (sqlite3_exec (db, "INSERT INTO child VALUES (7)", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (xh_store_end (test->store, TRUE, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE);
  g_assert_true (sqlite3_get_autocommit (db));
  store_test_save (test, record, "name", "labour", NULL);
  g_assert_true (sqlite3_get_autocommit (db));
  store_test_reopen (test, XH_STORE_CLIENT);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/records/put-replaces-by-id", test_round_trip);
  STORE_TEST ("/store/records/read-only-writes-nothing", test_read_only);
  STORE_TEST ("/store/transactions/inner-rollback-keeps-outer", test_nested_rollback);
  STORE_TEST ("/store/transactions/cancelled-statement-ends", test_cancelled);
  STORE_TEST ("/store/transactions/full-disk-changes-nothing", test_disk_full);
  STORE_TEST ("/store/tables/new-field-is-a-column", test_field_added);
  STORE_TEST ("/store/tables/retired-field-stays-readable", test_field_retired);
  STORE_TEST ("/store/tables/type-never-changes-in-place", test_type_never_changes);
  STORE_TEST ("/store/tables/old-layout-opens", test_old_layout);
  STORE_TEST ("/store/open/foreign-file-is-refused", test_foreign_file);
  STORE_TEST ("/store/open/newer-file-is-refused", test_newer_file);
  STORE_TEST ("/store/meta/last-value-stands", test_meta);
  g_test_add_func ("/store/records/household-keys-title-references", test_household);
  STORE_TEST ("/store/failed-commit-ends-its-transaction", test_failed_commit);
  return g_test_run ();
}
