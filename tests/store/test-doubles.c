/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is told to who is about to enter a record a second time. */
#include "store-test.h"

#include <locale.h>

#include "store/xh-doubles.h"
#include "store/xh-subject-fill.h"

#define CODE "91410421TEST000001"
#define OLD_CODE "410421000000001"

/* Fields as name, text, …, NULL */
static XhRecord *
record_of (StoreTest *test, const char *kind, const char *const *fields)
{
  XhRecord *record = xh_record_new (xh_catalog_find_kind (test->catalog, kind), NULL);

  for (guint i = 0; fields[i] != NULL; i += 2)
    store_test_set_text (record, fields[i], fields[i + 1]);
  return record;
}

#define RECORD(test, kind, ...) record_of (test, kind, (const char *const[]){ __VA_ARGS__, NULL })

static void
assert_doubles (StoreTest *test, const XhRecord *record, const char *role, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = xh_doubles_find (test->store, record, role, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < found->len; i++)
    {
      const XhDouble *one = g_ptr_array_index (found, i);

      g_string_append_printf (text, "%s%s:%s", i > 0 ? " | " : "", one->title, one->reason);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
change_catalog (StoreTest *test, const char *kind, const char *from, const char *to)
{
  XhCatalog *changed = store_test_changed_kind (test, kind, from, to);

  g_clear_pointer (&test->store, xh_store_close);
  xh_catalog_unref (test->catalog);
  test->catalog = changed;
  store_test_reopen (test, XH_STORE_CLIENT);
}

static void
test_keys (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) stored = NULL, same = NULL, half = NULL, both = NULL;

  change_catalog (test, "licence", "\"filters\": [\"state\"],",
                  "\"filters\": [\"state\"], \"unique\": [[\"doc_no\"]], \"duplicates\": [[\"firm_name\", \"firm_code\"]],");
  g_assert_true (xh_doubles_concern (xh_catalog_find_kind (test->catalog, "licence"), NULL));
  g_assert_true (xh_doubles_concern (xh_catalog_find_kind (test->catalog, "licence"), "firm_code"));
  g_assert_false (xh_doubles_concern (xh_catalog_find_kind (test->catalog, "licence"), "decided_on"));
  g_assert_false (xh_doubles_concern (xh_catalog_find_kind (test->catalog, "report"), NULL));

  stored = RECORD (test, "licence", "doc_no", "1号", "firm_name", "甲公司", "firm_code", CODE);
  store_test_put (test, stored);
  same = RECORD (test, "licence", "doc_no", "1号", "firm_name", "乙公司");
  half = RECORD (test, "licence", "firm_name", "甲公司");
  both = RECORD (test, "licence", "firm_name", "甲公司", "firm_code", CODE);
  assert_doubles (test, same, NULL, "1号:Same Number");
  assert_doubles (test, half, NULL, "");
  assert_doubles (test, both, "clerk", "1号:Same Firm + Code");
  store_test_set_text (both, "doc_no", "1号");
  assert_doubles (test, both, NULL, "1号:Same Number");
  assert_doubles (test, both, "nobody", "");
  assert_doubles (test, stored, NULL, "");

  stored->deleted = TRUE;
  store_test_put (test, stored);
  assert_doubles (test, both, NULL, "");
}

static void
test_codes (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) firm = RECORD (test, "firm", "name", "甲公司", "uscc", CODE, "former", "[{\"_id\":\"a\",\"code\":\"" OLD_CODE "\"}]");
  g_autoptr (XhRecord) twin = RECORD (test, "firm", "name", "甲公司二", "uscc", "TWIN", "merged_into", firm->id);
  g_autoptr (XhRecord) home = RECORD (test, "home", "head", "张三", "head_number", "N1");
  g_autoptr (XhRecord) present = NULL, former = NULL, merged = NULL, number = NULL, other = NULL;

  store_test_put (test, firm);
  store_test_put (test, twin);
  store_test_put (test, home);
  present = RECORD (test, "firm", "uscc", CODE);
  former = RECORD (test, "firm", "uscc", OLD_CODE);
  merged = RECORD (test, "firm", "uscc", "TWIN");
  number = RECORD (test, "home", "head_number", "N1");
  other = RECORD (test, "home", "head_number", CODE);
  assert_doubles (test, present, NULL, "甲公司:Same code, present or former");
  assert_doubles (test, former, NULL, "甲公司:Same code, present or former");
  assert_doubles (test, merged, NULL, "甲公司:Same code, present or former");
  assert_doubles (test, number, NULL, "张三:Same code, present or former");
  assert_doubles (test, other, NULL, "");
  /* Neither itself nor what was merged into it; a merged one is told nothing any more. */
  assert_doubles (test, firm, NULL, "");
  assert_doubles (test, twin, NULL, "");
  firm->deleted = TRUE;
  store_test_put (test, firm);
  assert_doubles (test, present, NULL, "");
}

static void
test_names (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) long_one = RECORD (test, "firm", "name", "宝丰县大营镇红星果蔬农民专业合作社联合社", "uscc", "A");
  g_autoptr (XhRecord) longer = RECORD (test, "firm", "name", "红星果蔬专业合作社（一社）", "uscc", "B");
  g_autoptr (XhRecord) same = RECORD (test, "firm", "name", "红星果蔬专业合作社", "uscc", "C");
  g_autoptr (XhRecord) brief = RECORD (test, "firm", "name", "红星社", "uscc", "D");
  g_autoptr (XhRecord) ours = NULL, short_one = NULL;

  store_test_put (test, long_one);
  store_test_put (test, longer);
  store_test_put (test, same);
  store_test_put (test, brief);
  ours = RECORD (test, "firm", "name", "红星果蔬专业合作社");
  short_one = RECORD (test, "firm", "name", "红星社");
  assert_doubles (test, ours, NULL, "红星果蔬专业合作社:Same name | 红星果蔬专业合作社（一社）:Similar name");
  assert_doubles (test, short_one, NULL, "");
  assert_doubles (test, same, NULL, "红星果蔬专业合作社（一社）:Similar name");
}

static void
test_hidden_field (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) stored = NULL, ours = NULL;

  change_catalog (test, "firm", "{\"name\": \"uscc\", \"type\": \"text\",",
                  "{\"name\": \"uscc\", \"type\": \"text\", \"read_roles\": [\"office\"],");
  stored = RECORD (test, "firm", "name", "甲公司", "uscc", CODE);
  store_test_put (test, stored);
  ours = RECORD (test, "firm", "uscc", CODE);
  assert_doubles (test, ours, "clerk", "");
  assert_doubles (test, ours, "office", "甲公司:Same code, present or former");
}

static void
test_most (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) ours = NULL;
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (XhRecord) one = RECORD (test, "firm", "name", "甲乙丙丁公司");

      store_test_put (test, one);
    }
  ours = RECORD (test, "firm", "name", "甲乙丙丁公司");
  found = xh_doubles_find (test->store, ours, NULL, NULL);
  g_assert_cmpuint (found->len, ==, XH_DOUBLES_MOST);
}

/* --- what is known of the subject */

static void
assert_fill (StoreTest *test, const XhRecord *record, GPtrArray *touched, const char *role, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhSubjectFill) fill = xh_subject_fill_find (test->store, record, touched, role, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; fill != NULL && i < fill->values->len; i++)
    {
      const XhFillValue *one = g_ptr_array_index (fill->values, i);

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", one->field->name, xh_value_as_text (&one->value));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
set_up_fill (StoreTest *test)
{
  change_catalog (test, "firm", "\"merged_into\": \"merged_into\"},",
                  "\"merged_into\": \"merged_into\", \"gives\": {\"firm_code\": \"uscc\", \"doc_no\": \"'of ' || name\"}},");
}

static void
test_fill (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) firm = NULL, twin = NULL, by_code = NULL, by_former = NULL, by_name = NULL, whole = NULL, brief = NULL;
  g_autoptr (GPtrArray) none = g_ptr_array_new (), touched = g_ptr_array_new ();

  set_up_fill (test);
  firm = RECORD (test, "firm", "name", "甲乙公司", "uscc", CODE, "former", "[{\"_id\":\"a\",\"code\":\"" OLD_CODE "\"}]");
  store_test_put (test, firm);
  by_code = RECORD (test, "licence", "firm_code", CODE);
  by_former = RECORD (test, "licence", "firm_code", OLD_CODE);
  by_name = RECORD (test, "licence", "firm_name", "甲乙公司");
  whole = RECORD (test, "licence", "firm_name", "甲乙公司", "firm_code", CODE, "doc_no", "1");
  brief = RECORD (test, "licence", "firm_name", "甲乙");

  g_assert_true (xh_subject_fill_concern (by_code->kind, "firm_code"));
  g_assert_false (xh_subject_fill_concern (by_code->kind, "doc_no"));
  g_assert_false (xh_subject_fill_concern (firm->kind, NULL));
  assert_fill (test, by_code, NULL, NULL, "doc_no=of 甲乙公司 firm_name=甲乙公司");
  assert_fill (test, by_former, NULL, NULL, "doc_no=of 甲乙公司 firm_name=甲乙公司");
  assert_fill (test, by_name, NULL, NULL, "doc_no=of 甲乙公司 firm_code=" CODE);
  assert_fill (test, brief, NULL, NULL, "");
  /* What stands is kept, unless only the form has proposed it. */
  assert_fill (test, whole, NULL, NULL, "");
  assert_fill (test, whole, none, NULL, "doc_no=of 甲乙公司");
  g_ptr_array_add (touched, (gpointer) "doc_no");
  assert_fill (test, whole, touched, NULL, "");

  /* Two of the same name: nobody knows which. */
  twin = RECORD (test, "firm", "name", "甲乙公司", "uscc", "TWIN");
  store_test_put (test, twin);
  assert_fill (test, by_name, NULL, NULL, "");
  store_test_set_text (twin, "merged_into", firm->id);
  store_test_put (test, twin);
  assert_fill (test, by_name, NULL, NULL, "doc_no=of 甲乙公司 firm_code=" CODE);
}

static void
test_fill_sensitive (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) firm = NULL, ours = NULL;

  change_catalog (test, "licence", "{\"name\": \"firm_name\", \"type\": \"text\",", "{\"name\": \"firm_name\", \"type\": \"text\", \"sensitive\": true,");
  firm = RECORD (test, "firm", "name", "甲乙公司", "uscc", CODE);
  store_test_put (test, firm);
  ours = RECORD (test, "licence", "firm_code", CODE);
  assert_fill (test, ours, NULL, "clerk", "");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/doubles/keys", test_keys);
  STORE_TEST ("/doubles/codes", test_codes);
  STORE_TEST ("/doubles/names", test_names);
  STORE_TEST ("/doubles/hidden-field", test_hidden_field);
  STORE_TEST ("/doubles/most", test_most);
  STORE_TEST ("/subject-fill/what-is-known-fills-what-is-empty", test_fill);
  STORE_TEST ("/subject-fill/numbers-behind-a-reason-are-not-given", test_fill_sensitive);
  return g_test_run ();
}
