/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Deciding an item of the tray, without a window: what is asked, what can be chosen, and what goes to the store. */
#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "app/sync/xh-conflict-rows.h"
#include "app/sync/xh-tray-case.h"
#include "app/sync/xh-tray-sheet.h"

static XhCatalog *catalog;

/* @field: (nullable) has @text as the record stands now */
static XhTrayCase *
make_case_at (const char *type, const char *set, const char *detail, const char *state, gboolean deleted, const char *role, const char *field,
              const char *text)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  XhTrayItem item = { .number = 7, .type = (char *) type, .detail = (char *) detail, .created_at = (char *) "2026-11-22T08:00:00.000Z",
                      .op = { .op_id = (char *) "o", .kind = (char *) "household", .record = (char *) "r", .base = 4, .set = (char *) set,
                              .before = (char *) "{}", .created_at = (char *) "2026-11-22T07:00:00.000Z" } };
  XhRecord *record = xh_record_new (kind, "r");

  record->version = 9;
  record->deleted = deleted;
  g_free (record->state);
  record->state = g_strdup (state);
  if (field != NULL)
    xh_record_set (record, field, &(XhValue) { .type = XH_VALUE_TEXT, { .text = (char *) text } });
  return xh_tray_case_new (kind, &item, record, xh_value_array_new (kind->references->len), role);
}

static XhTrayCase *
make_case (const char *type, const char *set, const char *detail, const char *state, gboolean deleted, const char *role)
{
  return make_case_at (type, set, detail, state, deleted, role, NULL, NULL);
}

static void
assert_decision (XhTrayCase *item, const char *expected)
{
  g_autofree char *decision = xh_tray_case_decision (item);

  g_assert_cmpstr (decision, ==, expected);
}

static XhTrayField *
asked (XhTrayCase *item, guint i)
{
  return g_ptr_array_index (item->fields, i);
}

static void
test_same_field (void)
{
  g_autoptr (XhTrayCase) item = make_case_at ("conflict", "{\"group_name\":\"7\",\"number\":\"N\"}",
    "{\"fields\":[{\"name\":\"group_name\",\"before\":\"1\",\"mine\":\"7\",\"theirs\":\"8\"}],\"who\":\"li\",\"name\":\"Li Si\"}",
    "collecting", FALSE, "assessor", "group_name", "8");
  g_autoptr (XhRecord) result = NULL;
  g_autofree char *story = xh_tray_case_story (item);

  g_assert_cmpint (item->grade, ==, XH_TRAY_SAME_FIELD);
  g_assert_true (g_str_has_prefix (story, "Li Si"));
  g_assert_false (xh_tray_case_is_decided (item));
  asked (item, 0)->side = XH_SIDE_THEIRS;
  assert_decision (item, "{\"number\":\"N\"}"); /* what stands is not written again */
  xh_tray_case_choose_all (item, XH_SIDE_BOTH); /* a short text cannot hold both: nothing changes */
  g_assert_cmpint (asked (item, 0)->side, ==, XH_SIDE_THEIRS);
  xh_tray_case_choose_all (item, XH_SIDE_MINE);
  assert_decision (item, "{\"group_name\":\"7\",\"number\":\"N\"}");
  json_object_set_string_member (item->edits, "group_name", "9");
  assert_decision (item, "{\"group_name\":\"9\",\"number\":\"N\"}");
  result = xh_tray_case_result (item);
  g_assert_cmpstr (xh_value_as_text (xh_record_get (result, "group_name")), ==, "9");
}

static void
test_both (void)
{
  g_autoptr (XhTrayCase) item = make_case_at ("conflict", "{\"remark\":\"mine\"}",
    "{\"fields\":[{\"name\":\"remark\",\"before\":null,\"mine\":\"mine\",\"theirs\":\"theirs\"}]}", "collecting", FALSE, "assessor",
    "remark", "theirs");

  xh_tray_case_choose_all (item, XH_SIDE_BOTH);
  assert_decision (item, "{\"remark\":\"theirs\\u000amine\"}");
}

/* Closed is not a state from which she can file. */
static void
test_state (void)
{
  g_autoptr (XhTrayCase) item = make_case ("conflict", "{\"state\":\"filed\"}",
    "{\"fields\":[{\"name\":\"state\",\"before\":\"collecting\",\"mine\":\"filed\",\"theirs\":\"closed\"}]}", "closed", FALSE, "assessor");

  g_assert_nonnull (asked (item, 0)->why_not);
  g_assert_true (xh_tray_case_is_decided (item));
  xh_tray_case_choose_all (item, XH_SIDE_MINE);
  assert_decision (item, "{}"); /* closed is what stands */
}

/* Closed meanwhile: a text that could hold both cannot, for both has mine in it. */
static void
test_closed (void)
{
  g_autoptr (XhTrayCase) item = make_case_at ("conflict", "{\"remark\":\"mine\"}",
    "{\"grade\":\"record\",\"fields\":[{\"name\":\"remark\",\"before\":null,\"mine\":\"mine\",\"theirs\":\"theirs\"}]}", "closed", FALSE, "assessor",
    "remark", "theirs");

  g_assert_nonnull (asked (item, 0)->why_not);
  g_assert_null (asked (item, 0)->both);
  g_assert_false (xh_tray_case_may_take_mine (item));
  xh_tray_case_choose_all (item, XH_SIDE_BOTH);
  assert_decision (item, "{}");
}

/* Theirs was 8 when the server answered, and somebody has made it 9 since: theirs is 9, and choosing it writes nothing. */
static void
test_moved (void)
{
  const char set[] = "{\"group_name\":\"7\",\"number\":\"N\"}";
  const char detail[] = "{\"fields\":[{\"name\":\"group_name\",\"before\":\"1\",\"mine\":\"7\",\"theirs\":\"8\"}]}";
  g_autoptr (XhTrayCase) item = make_case_at ("conflict", set, detail, "collecting", FALSE, "assessor", "group_name", "9");
  g_autoptr (XhTrayCase) same = make_case_at ("conflict", set, detail, "collecting", FALSE, "assessor", "group_name", "9");
  g_autoptr (XhTrayCase) later = make_case_at ("conflict", set, detail, "collecting", FALSE, "assessor", "group_name", "10");
  g_autoptr (XhTrayCase) equal = make_case_at ("conflict", set, detail, "collecting", FALSE, "assessor", "group_name", "7");

  g_assert_cmpstr (json_node_get_string (asked (item, 0)->theirs), ==, "9");
  g_assert_cmpint (xh_tray_case_version (item), ==, 9);
  xh_tray_case_choose_all (item, XH_SIDE_THEIRS);
  assert_decision (item, "{\"number\":\"N\"}");
  json_object_set_string_member (item->edits, "number", "M");
  xh_tray_case_go_on (same, item);
  assert_decision (same, "{\"number\":\"M\"}");
  xh_tray_case_go_on (later, item); /* what was weighed is not what stands: it is asked again */
  g_assert_cmpint (asked (later, 0)->side, ==, XH_SIDE_NONE);
  assert_decision (later, "{\"number\":\"M\"}");
  g_assert_true (xh_tray_case_is_decided (equal)); /* mine stands: nothing must be chosen, what the server answered still can */
  g_assert_cmpstr (json_node_get_string (asked (equal, 0)->theirs), ==, "8");
  xh_tray_case_choose_all (equal, XH_SIDE_THEIRS);
  assert_decision (equal, "{\"group_name\":\"8\",\"number\":\"N\"}");
}

static void
test_deleted (void)
{
  const char detail[] = "{\"fields\":[{\"name\":\"deleted\",\"before\":0,\"mine\":0,\"theirs\":1}]}";
  g_autoptr (XhTrayCase) may_not = make_case ("conflict", "{\"phone\":\"13800138000\"}", detail, "collecting", TRUE, "assessor");
  g_autoptr (XhTrayCase) may = make_case ("conflict", "{\"phone\":\"13800138000\"}", detail, "collecting", TRUE, "township");
  g_autoptr (XhTrayCase) back = make_case ("conflict", "{\"phone\":\"13800138000\"}", detail, "collecting", FALSE, "assessor");

  g_assert_cmpint (may->grade, ==, XH_TRAY_DELETED);
  g_assert_nonnull (asked (may_not, 0)->why_not);
  assert_decision (may_not, "{}"); /* it stays deleted: nothing of hers can be sent */
  g_assert_null (asked (may, 0)->why_not);
  xh_tray_case_choose_all (may, XH_SIDE_MINE);
  assert_decision (may, "{\"deleted\":0,\"phone\":\"13800138000\"}");
  xh_tray_case_choose_all (may, XH_SIDE_THEIRS);
  assert_decision (may, "{}");
  g_assert_null (asked (back, 0)->why_not); /* somebody brought it back: what she changed goes along */
  g_assert_true (xh_tray_case_is_decided (back));
  assert_decision (back, "{\"phone\":\"13800138000\"}");
}

/* Each field merged, the whole is wrong: what nobody else touched is hers until she says otherwise. */
static void
test_record (void)
{
  g_autoptr (XhTrayCase) item = make_case ("conflict", "{\"land_out\":3}",
    "{\"grade\":\"record\",\"fields\":[{\"name\":\"land_out\",\"before\":null,\"mine\":3,\"theirs\":null}],"
    "\"issues\":[{\"field\":\"land_out\",\"message\":\"too much\"},{\"field\":\"members/2/name\",\"message\":\"no name\"}]}",
    "collecting", FALSE, "assessor");

  g_assert_cmpint (item->grade, ==, XH_TRAY_RECORD);
  g_assert_cmpint (asked (item, 0)->side, ==, XH_SIDE_MINE);
  g_assert_cmpstr (xh_tray_case_reason (item, "land_out"), ==, "too much");
  g_assert_cmpstr (xh_tray_case_reason (item, "members"), ==, "no name");
  g_assert_null (xh_tray_case_reason (item, "land"));
}

/* Its row is not here any more: the list and the page say so, and not that the server refused it; put away only when it is in a sheet. */
static void
test_gone (void)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  XhTrayItem item = { .number = 7, .type = (char *) "rejected", .detail = (char *) "{\"issues\":[{\"message\":\"outside\"}]}",
                      .op = { .op_id = (char *) "o", .kind = (char *) "household", .record = (char *) "r", .base = 4, .set = (char *) "{\"labour\":3}",
                              .before = (char *) "{}", .created_at = (char *) "2026-11-22T07:00:00.000Z" } };
  g_autoptr (XhTrayCase) gone = xh_tray_case_new (kind, &item, NULL, xh_value_array_new (kind->references->len), "assessor");
  g_autoptr (XhTrayCase) saved = NULL;
  g_autofree char *before = xh_tray_case_story (gone), *after = NULL;

  g_assert_true (xh_tray_case_is_gone (gone));
  g_assert_false (gone->exported);
  g_assert_cmpstr (xh_tray_case_summary (gone), ==, xh_tray_item_summary (&item, FALSE));
  g_assert_cmpstr (xh_tray_item_summary (&item, FALSE), !=, xh_tray_item_summary (&item, TRUE));
  item.exported_at = (char *) "2026-11-22T09:00:00.000Z";
  saved = xh_tray_case_new (kind, &item, NULL, xh_value_array_new (kind->references->len), "assessor");
  after = xh_tray_case_story (saved);
  g_assert_true (saved->exported);
  g_assert_cmpstr (before, !=, after);
}

static JsonNode *
table_value (const char *json)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, json);
  return node;
}

/* A row is known by its identity: what was changed is not new, and what was removed is told. */
static void
test_rows (void)
{
  const XhField *members = xh_kind_find_field (xh_catalog_find_kind (catalog, "household"), "members");
  g_autoptr (JsonNode) before = table_value ("[{\"_id\":\"a\",\"name\":\"A\"},{\"_id\":\"b\",\"name\":\"B\"},{\"_id\":\"c\",\"name\":\"C\"}]");
  g_autoptr (JsonNode) mine = table_value ("[{\"_id\":\"a\",\"name\":\"A\"},{\"_id\":\"b\",\"name\":\"B2\"},{\"_id\":\"d\",\"name\":\"D\"}]");
  g_autoptr (JsonNode) theirs = table_value ("[{\"_id\":\"a\",\"name\":\"A\"},{\"_id\":\"b\",\"name\":\"B\"},{\"_id\":\"c\",\"name\":\"C\"}]");
  g_autoptr (JsonNode) strange = table_value ("[3,{\"name\":\"X\"},{\"_id\":4}");
  g_autofree char *told = xh_conflict_rows_tell (members, before, mine, NULL, FALSE), *same = xh_conflict_rows_tell (members, before, theirs, NULL, FALSE);
  g_autofree char *was = xh_conflict_rows_before (members, before, mine, theirs, NULL, FALSE), *none = xh_conflict_rows_tell (members, strange, NULL, NULL, FALSE);
  g_auto (GStrv) lines = g_strsplit (told, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_nonnull (strstr (lines[0], "B2"));
  g_assert_nonnull (strstr (lines[1], "D"));
  g_assert_nonnull (strstr (lines[2], "C"));
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (xh_conflict_rows_is_change (lines[i]));
      g_assert_false (g_str_has_prefix (lines[(i + 1) % 3], lines[i]));
    }
  g_assert_false (xh_conflict_rows_is_change (lines[3]));
  g_assert_null (strstr (same, "\n"));
  g_assert_true (g_str_has_prefix (was, "B\nC\n"));
  g_assert_null (strstr (none, "\n"));
}

/* Whatever the answer was, it is told and can be given up. */
static void
test_strange_details (void)
{
  static const char *const details[] = { "", "[]", "{", "{\"fields\":3}", "{\"fields\":[3,{\"name\":4},{\"name\":\"no_such\"},{}]}",
                                         "{\"issues\":{\"a\":1}}", "{\"who\":[],\"fields\":[{\"name\":\"group_name\",\"mine\":{},\"theirs\":[]}]}",
                                         "{\"fields\":[{\"name\":\"state\",\"mine\":3}]}", "{\"fields\":[{\"name\":\"deleted\",\"mine\":\"x\"}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (details); i++)
    {
      g_autoptr (XhTrayCase) item = make_case (i % 2 == 0 ? "conflict" : "rejected", "{\"group_name\":\"7\"}", details[i], "collecting", FALSE,
                                               "assessor");
      g_autofree char *story = xh_tray_case_story (item), *decision = xh_tray_case_decision (item);
      g_autoptr (XhRecord) result = xh_tray_case_result (item);

      g_assert_nonnull (story);
      g_assert_nonnull (decision);
      g_assert_nonnull (result);
    }
}

/* --- the sheet */

static void
make_refused (XhStore *store)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (catalog, "household"), NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new (), ops = NULL;
  g_autoptr (GError) error = NULL;
  const XhValue name = { .type = XH_VALUE_TEXT, { .text = (char *) "=张三" } }, phone = { .type = XH_VALUE_TEXT, { .text = (char *) "13800138000" } };

  xh_record_set (record, "head_name", &name);
  xh_record_set (record, "phone", &phone);
  g_ptr_array_add (changed, (gpointer) "head_name");
  g_assert_true (xh_store_save (store, record, changed, "li", &error));
  ops = xh_store_outbox (store, 0, &error);
  g_assert_true (xh_store_to_tray (store, ((XhOp *) g_ptr_array_index (ops, 0))->op_id, "rejected",
                                   "{\"issues\":[{\"field\":\"phone\",\"message\":\"no such number\"}]}", &error));
}

static void
test_sheet (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xh-tray-XXXXXX", NULL), *file = g_build_filename (folder, "store.db", NULL);
  g_autofree char *sheet = g_build_filename (folder, "tray.csv", NULL), *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) written = g_array_new (FALSE, FALSE, sizeof (gint64));
  XhStore *store = xh_store_open (file, catalog, XH_STORE_CLIENT, &error);

  g_assert_no_error (error);
  make_refused (store);
  g_assert_cmpint (xh_tray_sheet_write (store, 0, sheet, written, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpuint (written->len, ==, 1);
  g_assert_true (g_file_get_contents (sheet, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "no such number"));
  g_assert_nonnull (strstr (text, "=张三"));
  g_assert_null (strstr (text, "13800138000"));
  g_assert_cmpint (xh_tray_sheet_write (store, 99, sheet, NULL, &error), ==, 0);
  g_remove (sheet);
  xh_store_close (store);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *part = g_strconcat (file, i == 0 ? "" : i == 1 ? "-wal" : "-shm", NULL);

      g_remove (part);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/app/tray-case/each-field-has-its-side-and-the-rest-goes-along", test_same_field);
  g_test_add_func ("/app/tray-case/both-are-kept-where-the-field-can", test_both);
  g_test_add_func ("/app/tray-case/a-step-that-cannot-be-taken-says-why", test_state);
  g_test_add_func ("/app/tray-case/what-cannot-be-mine-cannot-be-both", test_closed);
  g_test_add_func ("/app/tray-case/theirs-is-what-stands-now", test_moved);
  g_test_add_func ("/app/tray-case/deleted-against-edited", test_deleted);
  g_test_add_func ("/app/tray-case/the-record-does-not-stand", test_record);
  g_test_add_func ("/app/tray-case/a-record-that-is-gone-says-so", test_gone);
  g_test_add_func ("/app/tray-case/rows-are-known-by-their-identity", test_rows);
  g_test_add_func ("/app/tray-case/strange-answers-are-told", test_strange_details);
  g_test_add_func ("/app/tray-case/a-sheet-says-what-and-why-and-masks-numbers", test_sheet);
  status = g_test_run ();
  xh_catalog_unref (catalog);
  return status;
}
