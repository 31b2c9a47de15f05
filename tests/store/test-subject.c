/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom records are about: the column that is derived, the keys of a subject, what is found of it. */
#include "store-test.h"

#include <locale.h>
#include <string.h>

#include "store/xh-subject.h"

#define CODE "91410421TEST000001"
#define OLD_CODE "410421000000001"

static char *
query_text (StoreTest *test, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (test->store), sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return text;
}

static void
assert_query (StoreTest *test, const char *sql, const char *expected)
{
  g_autofree char *text = query_text (test, sql);

  g_assert_cmpstr (text, ==, expected);
}

/* Fields as name, text, …, NULL; puts the record. (transfer full) its id */
static char *
add (StoreTest *test, const char *kind, ...)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (test->catalog, kind), NULL);
  const char *name;
  va_list arguments;

  record->created_at = g_strdup ("2026-03-01T08:00:00.000Z");
  va_start (arguments, kind);
  while ((name = va_arg (arguments, const char *)) != NULL)
    store_test_set_text (record, name, va_arg (arguments, const char *));
  va_end (arguments);
  store_test_put (test, record);
  return g_strdup (record->id);
}

static void
change (StoreTest *test, const char *id, const char *field, const char *text)
{
  g_autoptr (XhRecord) record = store_test_load (test, id);

  store_test_set_text (record, field, text);
  store_test_put (test, record);
}

static void
assert_keys (StoreTest *test, const char *key, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) keys = xh_store_subject_keys (test->store, key, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_strjoinv (" ", keys);
  g_assert_cmpstr (text, ==, expected);
}

static char *
titles (StoreTest *test, const char *key, const char *role, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) keys = xh_store_subject_keys (test->store, key, &error);
  g_autoptr (GPtrArray) rows = xh_store_subject_records (test->store, (const char *const *) keys, role, limit, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const XhSubjectRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s%s:%s:%s", i > 0 ? " " : "", row->kind, row->title, row->date);
    }
  return g_string_free (text, FALSE);
}

static void
test_derived (StoreTest *test, gconstpointer data)
{
  g_autofree char *firm = add (test, "firm", "name", "甲公司", NULL);
  g_autofree char *report = add (test, "report", "topic", "月报", "firm", firm, NULL);
  g_autofree char *home = add (test, "home", "head", "张三", NULL);
  g_autofree char *sql = g_strdup_printf ("SELECT subject FROM record WHERE id = '%s'", firm);

  assert_query (test, "SELECT subject = id FROM record WHERE kind = 'firm'", "1");
  assert_query (test, "SELECT subject = id FROM record WHERE kind = 'home'", "1");
  assert_query (test, "SELECT subject = (SELECT id FROM record WHERE kind = 'firm') FROM record WHERE kind = 'report'", "1");
  change (test, firm, "uscc", CODE);
  assert_query (test, sql, CODE);
  change (test, report, "firm", "");
  change (test, report, "firm_code", CODE);
  assert_query (test, "SELECT subject FROM record WHERE kind = 'report'", CODE);
}

static void
test_definition_changed (StoreTest *test, gconstpointer data)
{
  g_autofree char *one = add (test, "licence", "doc_no", "1号", "firm_code", CODE, NULL);
  g_autofree char *two = add (test, "licence", "doc_no", "2号", NULL);
  XhCatalog *changed = store_test_changed_kind (test, "licence", "\"code\": \"firm_code\"", "\"code\": [\"firm_code\", \"doc_no\"]");

  assert_query (test, "SELECT group_concat(coalesce(subject, '-')) FROM record", CODE ",-");
  g_clear_pointer (&test->store, xh_store_close);
  xh_catalog_unref (test->catalog);
  test->catalog = changed;
  store_test_reopen (test, XH_STORE_CLIENT);
  assert_query (test, "SELECT group_concat(coalesce(subject, '-')) FROM record", CODE ",2号");
}

/* A store of layout 1 gets the column, filled. */
static void
test_old_layout (StoreTest *test, gconstpointer data)
{
  g_autofree char *one = add (test, "firm", "name", "甲公司", "uscc", CODE, "former", "[{\"_id\":\"a\",\"code\":\"" OLD_CODE "\"}]", NULL);

  sqlite3_exec (xh_store_get_db (test->store),
                "DROP INDEX record_subject; DROP INDEX record_work; DROP TABLE subject_alias; DROP TABLE state_count;"
                "DROP TRIGGER state_count_new; DROP TRIGGER state_count_gone; DROP TRIGGER state_count_other; ALTER TABLE record DROP COLUMN subject;"
                "DROP TABLE decided; ALTER TABLE tray DROP COLUMN parked_at; ALTER TABLE tray DROP COLUMN exported_at;"
                "DELETE FROM meta WHERE key LIKE 'subject/%'; DELETE FROM meta WHERE key = 'catalog-hash'; PRAGMA user_version=1",
                NULL, NULL, NULL);
  store_test_reopen (test, XH_STORE_CLIENT);
  assert_query (test, "SELECT subject FROM record", CODE);
  assert_query (test, "SELECT code FROM subject_alias", OLD_CODE);
  assert_query (test, "PRAGMA user_version", "7");
  assert_query (test, "SELECT kind || n FROM state_count", "firm1");
}

static void
test_keys (StoreTest *test, gconstpointer data)
{
  g_autofree char *firm = add (test, "firm", "name", "甲公司", "uscc", CODE, "former", "[{\"_id\":\"a\",\"code\":\"" OLD_CODE "\"}]", NULL);
  g_autofree char *twin = add (test, "firm", "name", "甲公司（重复）", "uscc", "TWIN", "merged_into", firm, NULL);
  g_autofree char *third = add (test, "firm", "name", "甲公司三", "uscc", "THIRD", "merged_into", twin, NULL);
  g_autofree char *expected = g_strdup_printf (CODE " %s " OLD_CODE " TWIN %s THIRD %s", firm, twin, third);

  assert_keys (test, CODE, expected);
  assert_keys (test, OLD_CODE, expected);
  assert_keys (test, "THIRD", expected);
  assert_keys (test, "nobody", "nobody");
  change (test, firm, "former", "[]");
  assert_keys (test, OLD_CODE, OLD_CODE);
  /* Merged in a circle by mistake: it ends, and the three are still one. */
  change (test, firm, "merged_into", third);
  g_free (expected);
  expected = NULL;
  {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) keys = xh_store_subject_keys (test->store, CODE, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (g_strv_length (keys), ==, 6);
  }
}

static void
test_also (StoreTest *test, gconstpointer data)
{
  g_autofree char *home = add (test, "home", "head", "张三", "head_number", "NUMBER", NULL);
  g_autofree char *expected = g_strdup_printf ("%s NUMBER", home);
  g_autofree char *found = NULL;

  g_free (add (test, "report", "topic", "个人", "firm_code", "NUMBER", NULL));
  assert_keys (test, home, expected);
  assert_keys (test, "NUMBER", expected);
  found = titles (test, home, NULL, 0);
  g_assert_cmpstr (found, ==, "report:个人:2026-03-01 home:张三:2026-03-01");
}

static void
test_records (StoreTest *test, gconstpointer data)
{
  g_autofree char *firm = add (test, "firm", "name", "甲公司", "uscc", CODE, NULL);
  g_autofree char *all = NULL, *first = NULL, *manager = NULL, *clerk = NULL;
  g_autoptr (XhRecord) gone = NULL;
  g_autofree char *old = add (test, "licence", "doc_no", "1号", "firm_code", CODE, "decided_on", "2025-05-01", NULL);
  g_autofree char *new = add (test, "licence", "doc_no", "2号", "firm_code", CODE, "decided_on", "2026-05-01", NULL);
  g_autofree char *other = add (test, "licence", "doc_no", "3号", "firm_code", "OTHER", NULL);
  g_autofree char *report = add (test, "report", "topic", "月报", "secret", "！", "firm", firm, NULL);

  all = titles (test, CODE, "office", 0);
  g_assert_cmpstr (all, ==, "licence:2号:2026-05-01 report:月报！:2026-03-01 firm:甲公司:2026-03-01 licence:1号:2025-05-01");
  first = titles (test, CODE, "office", 1);
  g_assert_cmpstr (first, ==, "licence:2号:2026-05-01");
  /* Registers the role may not read; in a store that holds all, titles made of fields it may not. */
  store_test_reopen (test, XH_STORE_SERVER);
  manager = titles (test, CODE, "manager", 0);
  g_assert_cmpstr (manager, ==, "report::2026-03-01 firm:甲公司:2026-03-01");
  gone = store_test_load (test, new);
  gone->deleted = TRUE;
  store_test_put (test, gone);
  xh_store_forget (test->store, report, NULL, NULL);
  clerk = titles (test, CODE, "clerk", 0);
  g_assert_cmpstr (clerk, ==, "firm:甲公司:2026-03-01 licence:1号:2025-05-01");
}

static void
test_find (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *firm = add (test, "firm", "name", "张三商行", "uscc", CODE, NULL);
  g_autofree char *twin = add (test, "firm", "name", "张三商店", "merged_into", firm, NULL);
  g_autofree char *home = add (test, "home", "head", "张三", "head_number", "NUMBER", NULL);
  g_autofree char *report = add (test, "report", "topic", "张三", NULL);
  g_autoptr (GPtrArray) hits = xh_store_find_subjects (test->store, "zs", "clerk", 10, &error);
  const XhSubjectHit *hit;

  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, 2);
  hit = g_ptr_array_index (hits, 0);
  g_assert_cmpstr (hit->key, ==, CODE);
  g_assert_cmpstr (hit->title, ==, "张三商行");
  hit = g_ptr_array_index (hits, 1);
  g_assert_cmpstr (hit->key, ==, home);
  g_assert_cmpstr (hit->kind, ==, "home");
}

#define SUBJECT_TEST(path, func) g_test_add (path, StoreTest, NULL, store_test_set_up, func, store_test_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  SUBJECT_TEST ("/store/subject/key-follows-the-record", test_derived);
  SUBJECT_TEST ("/store/subject/changed-definition-derives-again", test_definition_changed);
  SUBJECT_TEST ("/store/subject/old-layout-gets-the-column", test_old_layout);
  SUBJECT_TEST ("/store/subject/keys-former-and-merged", test_keys);
  SUBJECT_TEST ("/store/subject/further-keys-lead-to-it", test_also);
  SUBJECT_TEST ("/store/subject/records-by-role-newest-first", test_records);
  SUBJECT_TEST ("/store/subject/found-by-name-without-doubles", test_find);
  return g_test_run ();
}
