/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "report/xh-export.h"
#include "report/xh-import-private.h"

typedef struct
{
  char *folder, *sheet, *exported; /* (owned) */
  XhCatalog *catalog;              /* (owned) */
  XhStore *store;                  /* (owned) */
  const XhKind *penalty;
} Test;

static void
set_up (Test *test, gconstpointer data)
{
  g_autofree char *path = NULL;

  test->folder = g_dir_make_tmp ("xinheng-import-XXXXXX", NULL);
  test->sheet = g_build_filename (test->folder, "sheet.csv", NULL);
  test->exported = g_build_filename (test->folder, "exported.csv", NULL);
  path = g_build_filename (test->folder, "store.db", NULL);
  test->catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), NULL);
  test->store = xh_store_open (path, test->catalog, XH_STORE_CLIENT, NULL);
  test->penalty = xh_catalog_find_kind (test->catalog, "penalty");
  g_assert_nonnull (test->store);
}

static void
tear_down (Test *test, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (test->folder, 0, NULL);
  const char *name;

  xh_store_close (test->store);
  xh_catalog_unref (test->catalog);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (test->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (test->folder);
  g_free (test->folder);
  g_free (test->sheet);
  g_free (test->exported);
}

static XhImportResult *
import_as (Test *test, const XhKind *kind, const char *path, const char *role)
{
  g_autoptr (GError) error = NULL;
  const XhImportOptions options = { .apply = TRUE, .author = "test", .unit = "scjdglj", .max_samples = 50 };
  g_autoptr (XhImportPlan) plan = xh_import_plan_new (kind, path, role, &error);
  XhImportResult *result;

  g_assert_no_error (error);
  result = xh_import_run (plan, test->store, &options, NULL, &error);
  g_assert_no_error (error);
  return result;
}

static XhImportResult *
import_text (Test *test, const XhKind *kind, const char *text, const char *role)
{
  g_assert_true (g_file_set_contents (test->sheet, text, -1, NULL));
  return import_as (test, kind, test->sheet, role);
}

/* Every fault of the first faulty row, a line each. */
static char *
faults_of (const XhImportResult *result, guint index)
{
  const XhImportRow *row = g_ptr_array_index (result->samples[XH_ROW_FAULTY], index);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < row->faults->len; i++)
    {
      const XhRowFault *fault = g_ptr_array_index (row->faults, i);

      g_string_append_printf (text, "%d %s\n", fault->column, fault->message);
    }
  return g_string_free (text, FALSE);
}

#define HEAD "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_FR,CF_WSH,违法行为类型,CF_SY,CF_YJ,CF_CFLB,CF_NR,罚款金额（元）,没收金额,CF_JDRQ,CF_YXQ,CF_XZJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM\n"

static char *
make_penalty (guint number, const char *kinds, const char *fine)
{
  g_autofree char *body = g_strdup_printf ("91410421%09u", number);

  return g_strdup_printf ("宝丰县演示%u公司,法人及非法人组织,%s%c,演示,宝罚%u号,甲,乙,丙,%s,丁,%s,,2025年3月5日,2099-12-31,宝丰县市场监督管理局,11410421MB1912345%c,局,11410421MB1912345%c\n",
                          number, body, xh_uscc_check_character (body), number, kinds, fine, xh_uscc_check_character ("11410421MB1912345"),
                          xh_uscc_check_character ("11410421MB1912345"));
}

static XhRecord *
load_penalty (Test *test, const char *doc_no)
{
  g_autoptr (XhQuery) query = xh_query_new (test->penalty);
  g_autoptr (GArray) rids = NULL;

  xh_query_filter (query, "doc_no", XH_QUERY_IS, &(XhValue) { XH_VALUE_TEXT, { .text = (char *) doc_no } }, NULL);
  rids = xh_store_query_rids (test->store, query, 2, NULL);
  g_assert_cmpuint (rids->len, ==, 1);
  return xh_store_load_rid (test->store, g_array_index (rids, gint64, 0), NULL);
}

static void
import_one (Test *test)
{
  g_autofree char *row = make_penalty (1, "罚款", "12345.67"), *text = g_strconcat (HEAD, row, NULL);
  g_autoptr (XhImportResult) result = import_text (test, test->penalty, text, NULL);

  g_assert_cmpuint (result->added, ==, 1);
}

/* Codes of 2015 and of today side by side, the fine in another unit than the register's. */
static void
test_old_codes_and_units (Test *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = NULL;

  import_one (test);
  record = load_penalty (test, "宝罚1号");
  g_assert_cmpint (xh_value_as_integer (xh_record_get (record, "fine")), ==, 1234567);
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, "representative")), ==, "演示");
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, "decided_on")), ==, "2025-03-05");
  g_assert_cmpstr (record->unit, ==, "scjdglj");
}

/* A label that holds the mark that stands between labels. */
static void
test_choices_hold_their_separator (Test *test, gconstpointer data)
{
  g_autofree char *row = make_penalty (1, "警告、没收违法所得、没收非法财物、罚款", "5"), *text = g_strconcat (HEAD, row, NULL);
  g_autofree char *faults = NULL;
  g_autoptr (XhImportResult) result = import_text (test, test->penalty, text, NULL);

  g_assert_cmpuint (result->faulty, ==, 1);
  faults = faults_of (result, 0);
  g_assert_cmpstr (faults, ==, "11 Required, and empty.\n"); /* what was confiscated: so all three were understood */
}

static void
test_role_that_may_not_add (Test *test, gconstpointer data)
{
  g_autofree char *row = make_penalty (1, "罚款", "5"), *text = g_strconcat (HEAD, row, NULL), *faults = NULL;
  g_autoptr (XhImportResult) result = import_text (test, test->penalty, text, "approver");

  g_assert_cmpuint (result->faulty, ==, 1);
  g_assert_cmpuint (result->added, ==, 0);
  faults = faults_of (result, 0);
  g_assert_nonnull (strstr (faults, "may not add"));
}

static void
test_repeated_rows (Test *test, gconstpointer data)
{
  g_autofree char *row = make_penalty (1, "罚款", "5"), *text = g_strconcat (HEAD, row, row, NULL), *faults = NULL;
  g_autoptr (XhImportResult) result = import_text (test, test->penalty, text, NULL);

  g_assert_cmpuint (result->added, ==, 1);
  g_assert_cmpuint (result->faulty, ==, 1);
  faults = faults_of (result, 0);
  g_assert_nonnull (strstr (faults, "row 2 already"));
}

static void
test_village_names_repeat (Test *test, gconstpointer data)
{
  const XhKind *household = xh_catalog_find_kind (test->catalog, "household");
  const char *name = g_getenv ("XH_TEST_VILLAGE"), *township = g_getenv ("XH_TEST_TOWNSHIP");
  g_autofree char *text = g_strdup_printf ("所在村\n%s\n%s%s\n%s · %s\n没有的村\n", name, township, name, township, name);
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *fourth = NULL;
  g_autoptr (XhImportResult) result = NULL;

  for (guint i = 0; i < household->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (household->fields, i);

      if (field->type == XH_FIELD_DIVISION && field->level == XH_LEVEL_VILLAGE)
        {
          g_free (text);
          text = g_strdup_printf ("%s\n%s\n%s%s\n%s · %s\n没有的村\n", field->label.zh, name, township, name, township, name);
          break;
        }
    }
  result = import_text (test, household, text, NULL);
  /* They lack all else; what counts is what is said of the village. */
  first = faults_of (result, 0);
  g_assert_nonnull (strstr (first, "write the township"));
  fourth = faults_of (result, result->samples[XH_ROW_FAULTY]->len - 1);
  g_assert_nonnull (strstr (fourth, "There is no division"));
  for (guint i = 1; i + 1 < result->samples[XH_ROW_FAULTY]->len; i++)
    {
      g_autofree char *faults = faults_of (result, i);

      g_assert_null (strstr (faults, "division"));
    }
}

/* --- out and in again */

static void
export_all (Test *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhQuery) query = xh_query_new (test->penalty);
  const XhExportOptions options = { 0 };

  g_assert_cmpint (xh_export_query (test->store, test->penalty, query, test->exported, &options, NULL, &error), ==, 1);
  g_assert_no_error (error);
}

static void
edit_export (Test *test, const char *from, const char *to)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) edited = NULL;

  g_assert_true (g_file_get_contents (test->exported, &text, NULL, NULL));
  edited = g_string_new (text);
  g_assert_cmpuint (g_string_replace (edited, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (test->exported, edited->str, (gssize) edited->len, NULL));
}

static void
change_in_store (Test *test, const char *field, const char *text)
{
  g_autoptr (XhRecord) record = load_penalty (test, "宝罚1号");
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  g_assert_true (xh_record_set (record, field, &value));
  g_ptr_array_add (changed, (gpointer) field);
  g_assert_true (xh_store_save (test->store, record, changed, "other", NULL));
}

static void
test_only_what_was_changed (Test *test, gconstpointer data)
{
  g_autoptr (XhImportResult) same = NULL, changed = NULL;
  g_autoptr (XhRecord) record = NULL;
  const XhImportRow *row;

  import_one (test);
  export_all (test);
  same = import_as (test, test->penalty, test->exported, NULL);
  g_assert_cmpuint (same->same, ==, 1);
  /* Somebody else changes another field meanwhile: it stays. */
  change_in_store (test, "content", "改过的内容");
  edit_export (test, ",丙,", ",新的依据,");
  changed = import_as (test, test->penalty, test->exported, NULL);
  g_assert_cmpuint (changed->changed, ==, 1);
  row = g_ptr_array_index (changed->samples[XH_ROW_CHANGED], 0);
  g_assert_cmpuint (row->changes->len, ==, 1);
  g_assert_cmpstr (((XhRowChange *) row->changes->pdata[0])->after, ==, "新的依据");
  record = load_penalty (test, "宝罚1号");
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, "content")), ==, "改过的内容");
}

static void
test_same_field_changed_by_others (Test *test, gconstpointer data)
{
  g_autoptr (XhImportResult) result = NULL;
  g_autoptr (XhRecord) record = NULL;
  g_autofree char *faults = NULL;

  import_one (test);
  export_all (test);
  change_in_store (test, "legal_basis", "别人的依据");
  edit_export (test, ",丙,", ",我的依据,");
  result = import_as (test, test->penalty, test->exported, NULL);
  g_assert_cmpuint (result->faulty, ==, 1);
  faults = faults_of (result, 0);
  g_assert_nonnull (strstr (faults, "别人的依据"));
  record = load_penalty (test, "宝罚1号");
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, "legal_basis")), ==, "别人的依据");
}

static void
test_emptied_cell_empties (Test *test, gconstpointer data)
{
  g_autoptr (XhImportResult) result = NULL;
  g_autoptr (XhRecord) record = NULL;

  import_one (test);
  export_all (test);
  edit_export (test, ",丙,", ",,");
  result = import_as (test, test->penalty, test->exported, NULL);
  g_assert_cmpuint (result->changed, ==, 1);
  record = load_penalty (test, "宝罚1号");
  g_assert_true (xh_value_is_null (xh_record_get (record, "legal_basis")));
}

/* --- tables of a record */

static XhRecord *
find_organisation (Test *test)
{
  const XhKind *kind = xh_catalog_find_kind (test->catalog, "organisation");
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GArray) rids = xh_store_query_rids (test->store, query, 0, NULL);

  g_assert_cmpuint (rids->len, ==, 1);
  return xh_store_load_rid (test->store, g_array_index (rids, gint64, 0), NULL);
}

static void
assert_codes (Test *test, const char *expected)
{
  g_autoptr (XhRecord) record = find_organisation (test);
  const char *json = xh_value_as_text (xh_record_get (record, "former_codes"));
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autoptr (GString) codes = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonObject *row = json_array_get_object_element (json_node_get_array (node), i);

      g_string_append_printf (codes, "%s%s %s", i > 0 ? " | " : "", json_object_get_string_member (row, "code"),
                              json_object_get_string_member_with_default (row, "name", "-"));
    }
  g_assert_cmpstr (codes->str, ==, expected);
}

static char *
id_of_row (Test *test, guint index)
{
  g_autoptr (XhRecord) record = find_organisation (test);
  g_autoptr (JsonNode) node = json_from_string (xh_value_as_text (xh_record_get (record, "former_codes")), NULL);

  return g_strdup (json_object_get_string_member (json_array_get_object_element (json_node_get_array (node), index), "_id"));
}

#define ORGANISATION "单位名称,统一社会信用代码,组织类别,旧码\n演示甲公司,91410421DEM200155N,enterprise,"

/* A line a row, in and out; a changed line is the row in its place, and what others wrote meanwhile stays. */
static void
test_tables (Test *test, gconstpointer data)
{
  const XhKind *kind = xh_catalog_find_kind (test->catalog, "organisation");
  const XhExportOptions options = { 0 };
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (XhImportResult) first = NULL, faulty = NULL, same = NULL, changed = NULL, late = NULL;
  g_autofree char *before = NULL, *after = NULL, *faults = NULL, *old = NULL;
  const XhImportRow *row;

  faulty = import_text (test, kind, ORGANISATION "\"号码 410421000012345，类别 没有的\"\n", NULL);
  g_assert_cmpuint (faulty->faulty, ==, 1);
  faults = faults_of (faulty, 0);
  g_assert_nonnull (strstr (faults, "Row 1 of the table"));
  first = import_text (test, kind, ORGANISATION "\"号码 410421000012345，当时名称 甲厂，乙车间，类别 营业执照注册号\n号码：74920123-8，类别：组织机构代码\"\n", NULL);
  g_assert_cmpuint (first->added, ==, 1);
  assert_codes (test, "410421000012345 甲厂，乙车间 | 74920123-8 -");
  before = id_of_row (test, 1);
  g_assert_cmpint (xh_export_query (test->store, kind, query, test->exported, &options, NULL, NULL), ==, 1);
  g_assert_true (g_file_get_contents (test->exported, &old, NULL, NULL));
  same = import_as (test, kind, test->exported, NULL);
  g_assert_cmpuint (same->same, ==, 1);
  edit_export (test, "74920123-8", "74920123-9");
  changed = import_as (test, kind, test->exported, NULL);
  g_assert_cmpuint (changed->changed, ==, 1);
  row = g_ptr_array_index (changed->samples[XH_ROW_CHANGED], 0);
  g_assert_cmpuint (row->changes->len, ==, 1);
  g_assert_nonnull (strstr (((XhRowChange *) row->changes->pdata[0])->after, "74920123-9"));
  assert_codes (test, "410421000012345 甲厂，乙车间 | 74920123-9 -");
  after = id_of_row (test, 1);
  g_assert_cmpstr (before, ==, after);
  /* The old sheet, edited elsewhere in the table: the other's row would be lost. */
  g_assert_true (g_file_set_contents (test->exported, old, -1, NULL));
  edit_export (test, "甲厂，乙车间", "甲厂");
  late = import_as (test, kind, test->exported, NULL);
  g_assert_cmpuint (late->faulty, ==, 1);
  assert_codes (test, "410421000012345 甲厂，乙车间 | 74920123-9 -");
}

static void
test_no_title_fits (Test *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (test->sheet, "甲,乙\n1,2\n", -1, NULL));
  g_assert_null (xh_import_plan_new (test->penalty, test->sheet, NULL, &error));
  g_assert_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_COLUMNS);
}

/* A register without a key: the sheet comes in once, and what a person wrote since stays. */
static void
test_same_sheet_twice (Test *test, gconstpointer data)
{
  const XhKind *activity = xh_catalog_find_kind (test->catalog, "activity");
  const char *text = "主题,主办单位,活动日期\n诚信宣传日,发改委,2026-06-14\n";
  g_autoptr (XhImportResult) first = import_text (test, activity, text, NULL), second = NULL;
  g_autoptr (XhQuery) query = xh_query_new (activity);
  g_autoptr (GArray) rids = xh_store_query_rids (test->store, query, 0, NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autoptr (XhRecord) record = NULL, again = NULL;

  g_assert_cmpuint (first->added, ==, 1);
  record = xh_store_load_rid (test->store, g_array_index (rids, gint64, 0), NULL);
  g_assert_true (xh_record_set (record, "topic", &(XhValue) { XH_VALUE_TEXT, { .text = (char *) "诚信宣传周" } }));
  g_ptr_array_add (changed, (gpointer) "topic");
  g_assert_true (xh_store_save (test->store, record, changed, "other", NULL));
  second = import_text (test, activity, text, NULL);
  g_assert_cmpuint (second->same, ==, 1);
  again = xh_store_load (test->store, record->id, NULL);
  g_assert_cmpstr (xh_value_as_text (xh_record_get (again, "topic")), ==, "诚信宣传周");
}

/* "Suspended" and "revoked" are two kinds here and one text of the standard. */
static void
test_national_text_once (Test *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->penalty);
  const XhExportOptions options = { .flags = XH_EXPORT_NATIONAL };
  g_autofree char *text = NULL;
  const char *found;

  import_one (test);
  change_in_store (test, "penalty_kinds", "[\"fine\",\"revoke\",\"suspend\"]");
  g_assert_cmpint (xh_export_query (test->store, test->penalty, query, test->exported, &options, NULL, NULL), ==, 1);
  g_assert_true (g_file_get_contents (test->exported, &text, NULL, NULL));
  found = strstr (text, "暂扣或者吊销许可证");
  g_assert_nonnull (found);
  g_assert_null (strstr (found + 1, "暂扣或者吊销许可证"));
}

/* Every register has a template, and its titles are all known again. */
static void
test_templates_of_all_kinds (Test *test, gconstpointer data)
{
  GPtrArray *kinds = xh_catalog_get_kinds (test->catalog);
  g_autofree char *path = g_build_filename (test->folder, "template.xlsx", NULL);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (XhImportPlan) plan = NULL;
      GPtrArray *columns;

      g_assert_true (xh_export_template (kind, NULL, path, &error));
      g_assert_no_error (error);
      plan = xh_import_plan_new (kind, path, NULL, &error);
      g_assert_no_error (error);
      columns = xh_import_plan_get_columns (plan);
      for (guint k = 0; k < columns->len; k++)
        {
          const XhImportColumn *column = g_ptr_array_index (columns, k);

          if (column->use != XH_IMPORT_FIELD)
            g_error ("%s: the title %s of the template is not known", kind->name, column->title);
        }
    }
}

#define ADD(path, func) g_test_add ("/report/import/" path, Test, NULL, set_up, func, tear_down)

/* What a sheet had before is known of a sheet of any length, and takes no more memory for it. */
static void
test_seen_is_bounded (void)
{
  g_autoptr (XhSeen) seen = xh_seen_new (NULL);
  gsize taken = mallinfo2 ().uordblks;
  guint before;

  for (guint i = 1; i <= 400000; i++)
    {
      g_assert_true (xh_seen_note (seen, i * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15), i, &before, NULL));
      g_assert_cmpuint (before, ==, 0);
    }
  g_assert_true (xh_seen_note (seen, 7 * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15), 400001, &before, NULL));
  g_assert_cmpuint (before, ==, 7);
  /* A hash table would take 25 MB. */
  g_assert_cmpuint (mallinfo2 ().uordblks, <, taken + (5u << 20));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tables-in-a-cell", test_tables);
  ADD ("old-codes-and-units-of-titles", test_old_codes_and_units);
  ADD ("choices-that-hold-their-separator", test_choices_hold_their_separator);
  ADD ("role-that-may-not-add", test_role_that_may_not_add);
  ADD ("repeated-rows-come-in-once", test_repeated_rows);
  ADD ("village-names-that-repeat-need-their-township", test_village_names_repeat);
  ADD ("only-what-was-changed-in-the-sheet-is-taken", test_only_what_was_changed);
  ADD ("same-field-changed-by-others-is-a-fault", test_same_field_changed_by_others);
  ADD ("emptied-cell-of-an-exported-row-empties", test_emptied_cell_empties);
  ADD ("no-title-fits", test_no_title_fits);
  ADD ("same-sheet-twice-keeps-what-people-wrote", test_same_sheet_twice);
  ADD ("national-text-is-written-once", test_national_text_once);
  ADD ("templates-of-all-kinds-are-known-again", test_templates_of_all_kinds);
  g_test_add_func ("/report/import/seen-keys-take-bounded-memory", test_seen_is_bounded);
  return g_test_run ();
}
