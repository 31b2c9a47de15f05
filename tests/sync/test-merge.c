/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of merging, as docs/sync.md states them. */

#include <string.h>

#include "sync/xh-merge.h"
#include "sync/xh-merge-private.h"
#include "sync/xh-wire.h"

static XhKind kind;

#define FILE(digit) "{\"hash\":\"" digit digit digit digit digit digit digit digit "\",\"name\":\"x.pdf\",\"size\":5,\"type\":\"application/pdf\"}"
#define A FILE ("aaaaaaaa")
#define B FILE ("bbbbbbbb")
#define C FILE ("cccccccc")

static void
add_field (const char *name, XhFieldType type)
{
  XhField *field = g_new0 (XhField, 1);

  field->kind = &kind;
  field->index = kind.fields->len;
  field->name = g_strdup (name);
  field->type = type;
  g_ptr_array_add (kind.fields, field);
}

static void
free_field (gpointer data)
{
  XhField *field = data;

  g_free (field->name);
  g_free (field->computed);
  g_free (field);
}

static void
make_kind (void)
{
  XhState *state = g_new0 (XhState, 1);

  kind.name = (char *) "household";
  kind.fields = g_ptr_array_new_with_free_func (free_field);
  kind.states = g_ptr_array_new_with_free_func (g_free);
  state->name = (char *) "filed";
  g_ptr_array_add (kind.states, state);
  add_field ("phone", XH_FIELD_PHONE);
  add_field ("labour", XH_FIELD_INTEGER);
  add_field ("area", XH_FIELD_DECIMAL);
  add_field ("members", XH_FIELD_TABLE);
  add_field ("income", XH_FIELD_MONEY);
  add_field ("score", XH_FIELD_DECIMAL);
  add_field ("papers", XH_FIELD_FILES);
  ((XhField *) kind.fields->pdata[4])->computed = g_strdup ("labour * 2");
  ((XhField *) kind.fields->pdata[5])->scored = TRUE;
}

static JsonObject *
parse (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  g_assert_nonnull (node);
  return json_object_ref (json_node_get_object (node));
}

/* Applies to a record what is written as JSON. */
static void
fill (XhRecord *record, const char *json)
{
  g_autoptr (JsonObject) object = parse (json);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      g_assert_true (xh_value_from_json (node, &value));
      if (strcmp (name, "state") == 0)
        {
          g_free (record->state);
          record->state = g_strdup (value.text);
        }
      else if (strcmp (name, "deleted") == 0)
        record->deleted = value.integer != 0;
      else
        g_assert_true (xh_record_set (record, name, &value));
    }
}

/* @theirs: what stands; @before: what the names that others touched were. */
static XhRecord *
merge (const char *theirs, const char *before, const char *set, const char *expected_conflicts)
{
  g_autoptr (XhRecord) record = xh_record_new (&kind, NULL);
  g_autoptr (XhRecord) merged = NULL;
  g_autoptr (JsonObject) old = parse (before);
  g_autoptr (JsonObject) mine = parse (set);
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) names = json_object_get_members (old);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  fill (record, theirs);
  merged = xh_record_copy (record);
  for (GList *l = names; l != NULL; l = l->next)
    g_hash_table_add (touched, l->data);
  conflicts = xh_merge (record, mine, touched, old, merged, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < conflicts->len; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "", ((XhMergeConflict *) conflicts->pdata[i])->field);
  g_assert_cmpstr (found->str, ==, expected_conflicts);
  return g_steal_pointer (&merged);
}

static void
assert_text (XhRecord *record, const char *field, const char *expected)
{
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, field)), ==, expected);
}

static void
test_disjoint (void)
{
  g_autoptr (XhRecord) merged = merge ("{\"phone\": \"1\", \"labour\": 2}", "{\"phone\": null}", "{\"labour\": 3}", "");

  assert_text (merged, "phone", "1");
  g_assert_cmpint (xh_record_get (merged, "labour")->integer, ==, 3);
}

static void
test_untouched (void)
{
  g_autoptr (XhRecord) merged = merge ("{\"phone\": \"1\"}", "{}", "{\"phone\": null, \"state\": \"rated\"}", "");

  assert_text (merged, "phone", NULL);
  g_assert_cmpstr (merged->state, ==, "rated");
}

static void
test_same_value (void)
{
  g_autoptr (XhRecord) merged = merge ("{\"area\": 3.0, \"phone\": \"2\"}", "{\"area\": 1.5, \"phone\": \"1\"}",
                                       "{\"area\": 3, \"phone\": \"2\"}", "");

  g_assert_cmpfloat (xh_record_get (merged, "area")->real, ==, 3.0);
}

static void
test_different_value (void)
{
  g_autoptr (XhRecord) record = xh_record_new (&kind, NULL);
  g_autoptr (XhRecord) merged = NULL;
  g_autoptr (JsonObject) before = parse ("{\"phone\": \"1\"}");
  g_autoptr (JsonObject) set = parse ("{\"phone\": \"2\", \"labour\": 1}");
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (JsonArray) fields = NULL;
  JsonObject *field;

  fill (record, "{\"phone\": \"3\"}");
  merged = xh_record_copy (record);
  g_hash_table_add (touched, (gpointer) "phone");
  conflicts = xh_merge (record, set, touched, before, merged, NULL);
  g_assert_cmpuint (conflicts->len, ==, 1);
  fields = xh_merge_conflicts_to_json (conflicts);
  field = json_array_get_object_element (fields, 0);
  g_assert_cmpstr (json_object_get_string_member (field, "name"), ==, "phone");
  g_assert_cmpstr (json_object_get_string_member (field, "before"), ==, "1");
  g_assert_cmpstr (json_object_get_string_member (field, "mine"), ==, "2");
  g_assert_cmpstr (json_object_get_string_member (field, "theirs"), ==, "3");
}

/* Where nobody knows what the edit saw, rows and files that one side lacks may have been removed or never been there. */
static void
test_unknown_before (void)
{
  g_autoptr (XhRecord) record = xh_record_new (&kind, NULL);
  g_autoptr (XhRecord) merged = NULL;
  g_autoptr (JsonObject) set = parse ("{\"phone\": \"2\", \"members\": \"[{\\\"id\\\":\\\"1\\\"}]\", \"papers\": \"[]\", \"labour\": 1}");
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  fill (record, "{\"phone\": \"2\", \"members\": \"[{\\\"id\\\":\\\"2\\\"}]\"}");
  xh_value_set_text (&record->values[6], "[" A "]");
  merged = xh_record_copy (record);
  g_hash_table_add (touched, (gpointer) "phone");
  g_hash_table_add (touched, (gpointer) "members");
  g_hash_table_add (touched, (gpointer) "papers");
  conflicts = xh_merge (record, set, touched, NULL, merged, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < conflicts->len; i++)
    g_string_append_printf (found, "%s ", ((XhMergeConflict *) conflicts->pdata[i])->field);
  g_assert_cmpstr (found->str, ==, "members papers ");
  g_assert_cmpint (xh_record_get (merged, "labour")->integer, ==, 1);
}

static void
test_set_back (void)
{
  g_autoptr (XhRecord) theirs_back = merge ("{\"phone\": \"1\"}", "{\"phone\": \"1\"}", "{\"phone\": \"2\"}", "");
  g_autoptr (XhRecord) mine_back = merge ("{\"phone\": \"3\"}", "{\"phone\": \"1\"}", "{\"phone\": \"1\"}", "");

  assert_text (theirs_back, "phone", "2");
  assert_text (mine_back, "phone", "3");
}

static void
test_empty_values (void)
{
  g_autoptr (XhRecord) both = merge ("{\"phone\": null}", "{\"phone\": \"1\"}", "{\"phone\": null}", "");
  g_autoptr (XhRecord) one = merge ("{\"phone\": null}", "{\"phone\": \"1\"}", "{\"phone\": \"2\"}", "phone");

  assert_text (both, "phone", NULL);
  assert_text (one, "phone", NULL);
}

static void
test_state (void)
{
  g_autoptr (XhRecord) same = merge ("{\"state\": \"rated\"}", "{\"state\": \"filed\"}", "{\"state\": \"rated\"}", "");
  g_autoptr (XhRecord) other = merge ("{\"state\": \"rated\"}", "{\"state\": \"filed\"}", "{\"state\": \"returned\"}", "state");
  g_autoptr (XhRecord) back = merge ("{\"state\": \"filed\"}", "{\"state\": \"filed\"}", "{\"state\": \"rated\"}", "state");
  g_autoptr (XhRecord) field = merge ("{\"state\": \"rated\"}", "{\"state\": \"filed\"}", "{\"labour\": 1}", "");

  g_assert_cmpstr (same->state, ==, "rated");
  g_assert_cmpstr (other->state, ==, "rated");
  g_assert_cmpstr (back->state, ==, "filed");
  g_assert_cmpstr (field->state, ==, "rated");
}

static void
test_deleted (void)
{
  g_autoptr (XhRecord) over_edit = merge ("{\"phone\": \"2\"}", "{\"phone\": \"1\"}", "{\"deleted\": 1}", "deleted");
  g_autoptr (XhRecord) over_delete = merge ("{\"deleted\": 1}", "{\"deleted\": 0}", "{\"phone\": \"1\"}", "deleted");
  g_autoptr (XhRecord) both = merge ("{\"deleted\": 1}", "{\"deleted\": 0}", "{\"deleted\": 1}", "");
  g_autoptr (XhRecord) alone = merge ("{\"phone\": \"2\"}", "{}", "{\"deleted\": 1}", "");
  g_autoptr (XhRecord) restored = merge ("{\"deleted\": 1}", "{}", "{\"deleted\": 0}", "");

  g_assert_false (over_edit->deleted);
  g_assert_true (over_delete->deleted);
  g_assert_true (both->deleted);
  g_assert_true (alone->deleted);
  g_assert_false (restored->deleted);
}

static void
test_computed (void)
{
  g_autoptr (XhRecord) merged = merge ("{\"income\": 100, \"score\": 61.5}", "{\"income\": 50, \"score\": 50}",
                                       "{\"labour\": 4, \"income\": 200, \"score\": 70}", "");

  g_assert_cmpint (xh_record_get (merged, "income")->integer, ==, 100);
  g_assert_cmpfloat (xh_record_get (merged, "score")->real, ==, 61.5);
}

static void
test_many_conflicts (void)
{
  g_autoptr (XhRecord) merged = merge ("{\"phone\": \"3\", \"labour\": 3}", "{\"phone\": \"1\", \"labour\": 1}",
                                       "{\"phone\": \"2\", \"labour\": 2}", "phone labour");

  assert_text (merged, "phone", "3");
}

static char *
merge_members (const char *before, const char *mine, const char *theirs, gboolean conflict)
{
  g_autoptr (JsonObject) old = json_object_new ();
  g_autoptr (JsonObject) set = json_object_new ();
  g_autoptr (JsonObject) stands = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (XhRecord) merged = NULL;
  JsonObject *objects[] = { old, set, stands };
  const char *const values[] = { before, mine, theirs };

  for (guint i = 0; i < 3; i++)
    {
      if (values[i] != NULL)
        json_object_set_string_member (objects[i], "members", values[i]);
      else
        json_object_set_null_member (objects[i], "members");
      json_node_set_object (node, objects[i]);
      g_ptr_array_add (texts, json_to_string (node, FALSE));
    }
  merged = merge (texts->pdata[2], texts->pdata[0], texts->pdata[1], conflict ? "members" : "");
  return g_strdup (xh_value_as_text (xh_record_get (merged, "members")));
}

static void
assert_rows (const char *before, const char *mine, const char *theirs, const char *expected)
{
  g_autofree char *found = merge_members (before, mine, theirs, FALSE);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_rows_conflict (const char *before, const char *mine, const char *theirs)
{
  g_autofree char *found = merge_members (before, mine, theirs, TRUE);

  g_assert_cmpstr (found, ==, theirs);
}

#define A1 "{\"_id\":\"a\",\"age\":1,\"name\":\"A\"}"
#define A2 "{\"_id\":\"a\",\"age\":2,\"name\":\"A\"}"
#define A3 "{\"_id\":\"a\",\"age\":3,\"name\":\"A\"}"
#define AN "{\"_id\":\"a\",\"age\":1,\"name\":\"AN\"}"
#define AN2 "{\"_id\":\"a\",\"age\":2,\"name\":\"AN\"}"
#define B1 "{\"_id\":\"b\",\"age\":1,\"name\":\"B\"}"
#define C1 "{\"_id\":\"c\",\"age\":1,\"name\":\"C\"}"

static void
test_rows_added (void)
{
  assert_rows ("[" A1 "]", "[" A1 "," B1 "]", "[" A1 "," C1 "]", "[" A1 "," C1 "," B1 "]");
  assert_rows (NULL, "[" B1 "]", "[" C1 "]", "[" C1 "," B1 "]");
}

static void
test_rows_changed (void)
{
  assert_rows ("[" A1 "," B1 "]", "[" A2 "," B1 "]", "[" A1 "," B1 "," C1 "]", "[" A2 "," B1 "," C1 "]");
  assert_rows ("[" A1 "]", "[" A2 "]", "[" AN "]", "[" AN2 "]");
  assert_rows ("[" A1 "]", "[" A2 "," B1 "]", "[" A2 "," C1 "]", "[" A2 "," C1 "," B1 "]");
  assert_rows_conflict ("[" A1 "]", "[" A2 "]", "[" A3 "]");
}

static void
test_rows_removed (void)
{
  assert_rows ("[" A1 "," B1 "]", "[" B1 "]", "[" A1 "," B1 "," C1 "]", "[" B1 "," C1 "]");
  assert_rows ("[" A1 "," B1 "]", "[" A1 "," B1 "," C1 "]", "[" A1 "]", "[" A1 "," C1 "]");
  assert_rows_conflict ("[" A1 "," B1 "]", "[" B1 "]", "[" A2 "," B1 "]");
  assert_rows_conflict ("[" A1 "," B1 "]", "[" A2 "," B1 "]", "[" B1 "]");
}

static void
test_rows_without_identity (void)
{
  assert_rows_conflict ("[]", "[{\"name\":\"A\"}]", "[" B1 "]");
  assert_rows_conflict ("[]", "[" A1 "," A2 "]", "[" B1 "]");
  assert_rows_conflict ("[]", "{}", "[" B1 "]");
  assert_rows_conflict ("[]", "[[[[[[[[[[[[[[]]]]]]]]]]]]]]", "[" B1 "]");
}

static void
assert_refused (const char *set)
{
  g_autoptr (XhRecord) record = xh_record_new (&kind, NULL);
  g_autoptr (XhRecord) merged = xh_record_copy (record);
  g_autoptr (JsonObject) object = parse (set);
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_merge (record, object, NULL, NULL, merged, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
}

static void
test_wrong_values (void)
{
  assert_refused ("{\"religion\": \"x\"}");
  assert_refused ("{\"id\": \"x\"}");
  assert_refused ("{\"labour\": \"3\"}");
  assert_refused ("{\"labour\": 3.5}");
  assert_refused ("{\"phone\": 138}");
  assert_refused ("{\"area\": \"x\"}");
  assert_refused ("{\"members\": []}");
  assert_refused ("{\"state\": null}");
  assert_refused ("{\"state\": \"\"}");
  assert_refused ("{\"deleted\": 2}");
  assert_refused ("{\"deleted\": \"yes\"}");
}

static void
test_files (void)
{
  static const struct { const char *before, *mine, *theirs, *merged; } cases[] = {
    { NULL, "[" A "]", "[" B "]", "[" B "," A "]" },
    { "[" A "]", "[" A "," B "]", "[" A "," C "]", "[" A "," C "," B "]" },
    { "[" A "," B "]", "[" A "]", "[" A "," B "," C "]", "[" A "," C "]" },
    { "[" A "," B "]", "[" B "," C "]", "[" A "]", "[" C "]" },
    { "[" A "]", NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (XhValue) before = XH_VALUE_INIT, mine = XH_VALUE_INIT, theirs = XH_VALUE_INIT, merged = XH_VALUE_INIT;

      xh_value_set_text (&before, cases[i].before);
      xh_value_set_text (&mine, cases[i].mine);
      xh_value_set_text (&theirs, cases[i].theirs);
      xh_merge_files (&before, &mine, &theirs, &merged);
      g_assert_cmpstr (xh_value_as_text (&merged), ==, cases[i].merged);
    }
}

/* --- keeping both */

static void
assert_both (XhFieldType type, const char *before, const char *mine, const char *theirs, const char *expected)
{
  const XhField field = { .type = type, .max_length = 20 };
  g_auto (XhValue) base = XH_VALUE_INIT, left = XH_VALUE_INIT, right = XH_VALUE_INIT, both = XH_VALUE_INIT;

  xh_value_set_text (&base, before);
  xh_value_set_text (&left, mine);
  xh_value_set_text (&right, theirs);
  g_assert_true (xh_merge_both (&field, &base, &left, &right, &both) == (expected != NULL));
  if (expected != NULL)
    g_assert_cmpstr (xh_value_as_text (&both), ==, expected);
  else
    g_assert_true (xh_value_is_null (&both));
}

static void
test_both_lists (void)
{
  assert_both (XH_FIELD_CHOICES, "[]", "[\"a\",\"c\"]", "[\"b\",\"a\"]", "[\"b\",\"a\",\"c\"]");
  assert_both (XH_FIELD_CHOICES, "[]", "[\"a\"]", "[\"b\",\"a\"]", NULL);
  assert_both (XH_FIELD_CHOICES, "[]", "{}", "[\"b\"]", NULL);
}

static void
test_both_texts (void)
{
  assert_both (XH_FIELD_LONG_TEXT, "", "mine", "theirs", "theirs\nmine");
  assert_both (XH_FIELD_LONG_TEXT, "", "mine", "mine and more", NULL);
  assert_both (XH_FIELD_LONG_TEXT, "", "this is rather long", "and so is this", NULL);
  assert_both (XH_FIELD_TEXT, "", "mine", "theirs", NULL);
}

static void
test_both_rows (void)
{
  const XhField field = { .type = XH_FIELD_TABLE };
  g_auto (XhValue) base = XH_VALUE_INIT, left = XH_VALUE_INIT, right = XH_VALUE_INIT, both = XH_VALUE_INIT;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *rows;

  xh_value_set_text (&base, "[{\"_id\":\"1\",\"name\":\"a\"},{\"_id\":\"2\",\"name\":\"b\"}]");
  xh_value_set_text (&left, "[{\"_id\":\"1\",\"name\":\"mine\"},{\"_id\":\"3\",\"name\":\"new\"}]");
  xh_value_set_text (&right, "[{\"_id\":\"1\",\"name\":\"theirs\"},{\"_id\":\"2\",\"name\":\"b\"}]");
  g_assert_true (xh_merge_both (&field, &base, &left, &right, &both));
  node = json_from_string (xh_value_as_text (&both), NULL);
  rows = json_node_get_array (node);
  /* Theirs, mine beside it under another identity, and the new one; the row that I removed and they left alone stays away. */
  g_assert_cmpuint (json_array_get_length (rows), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (rows, 0), "name"), ==, "theirs");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (rows, 1), "name"), ==, "mine");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (rows, 1), "_id"), !=, "1");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (rows, 2), "_id"), ==, "3");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  make_kind ();
  g_test_add_func ("/sync/merge/disjoint-edits-merge", test_disjoint);
  g_test_add_func ("/sync/merge/untouched-field-takes-mine", test_untouched);
  g_test_add_func ("/sync/merge/same-value-on-both-sides-is-no-conflict", test_same_value);
  g_test_add_func ("/sync/merge/same-field-different-is-a-conflict", test_different_value);
  g_test_add_func ("/sync/merge/value-that-nobody-knows-is-a-conflict", test_unknown_before);
  g_test_add_func ("/sync/merge/value-set-back-gives-way", test_set_back);
  g_test_add_func ("/sync/merge/emptied-field-counts-as-a-value", test_empty_values);
  g_test_add_func ("/sync/merge/state-moved-by-both-is-a-conflict", test_state);
  g_test_add_func ("/sync/merge/deleted-against-edited-is-a-conflict", test_deleted);
  g_test_add_func ("/sync/merge/computed-and-scored-never-conflict", test_computed);
  g_test_add_func ("/sync/merge/every-conflict-is-named", test_many_conflicts);
  g_test_add_func ("/sync/merge/rows-added-on-both-sides-stand", test_rows_added);
  g_test_add_func ("/sync/merge/rows-merge-column-by-column", test_rows_changed);
  g_test_add_func ("/sync/merge/removed-row-against-changed-row-is-a-conflict", test_rows_removed);
  g_test_add_func ("/sync/merge/rows-without-identity-are-a-conflict", test_rows_without_identity);
  g_test_add_func ("/sync/merge/unknown-names-and-wrong-types-are-refused", test_wrong_values);
  g_test_add_func ("/sync/merge/files-added-and-removed-on-both-sides", test_files);
  g_test_add_func ("/sync/merge/both-lists-are-kept", test_both_lists);
  g_test_add_func ("/sync/merge/both-texts-are-kept", test_both_texts);
  g_test_add_func ("/sync/merge/both-rows-are-kept", test_both_rows);
  status = g_test_run ();
  g_ptr_array_unref (kind.fields);
  g_ptr_array_unref (kind.states);
  return status;
}
