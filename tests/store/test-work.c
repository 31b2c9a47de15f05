/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What waits for a person, by the definitions of the test catalog (tests/store/catalog). Today is 2026-11-22. */
#include "store-test.h"

#include <locale.h>
#include <string.h>

#include "store/xh-work.h"

static char *
add (StoreTest *test, const char *kind, const char *state, const char *title, const char *field, const char *text)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (test->catalog, kind), NULL);

  g_free (record->state);
  record->state = g_strdup (state);
  record->updated_at = g_strdup ("2026-11-01T08:00:00.000Z");
  store_test_set_text (record, strcmp (kind, "licence") == 0 ? "doc_no" : "topic", title);
  if (field != NULL)
    store_test_set_text (record, field, text);
  store_test_put (test, record);
  return g_strdup (record->id);
}

static void
fill (StoreTest *test)
{
  g_free (add (test, "licence", "entered", "late", "decided_on", "2026-11-01"));    /* due 11-08 */
  g_free (add (test, "licence", "entered", "later", "decided_on", "2026-11-10"));   /* due 11-17 */
  g_free (add (test, "licence", "entered", "today", "decided_on", "2026-11-15"));   /* due today */
  g_free (add (test, "licence", "entered", "tomorrow", "decided_on", "2026-11-16"));
  g_free (add (test, "licence", "entered", "week", "decided_on", "2026-11-22"));    /* due in seven days */
  g_free (add (test, "licence", "entered", "far", "decided_on", "2026-11-23"));
  g_free (add (test, "licence", "public", "ended", "public_until", "2026-11-20"));
  g_free (add (test, "licence", "archived", "archived", "public_until", "2026-11-01"));
  g_free (add (test, "report", "draft", "draft", NULL, NULL));
  g_free (add (test, "report", "review", "review", "firm_name", "甲公司"));
  g_free (add (test, "report", "checked", "checked", NULL, NULL));
  g_free (add (test, "report", "returned", "returned", NULL, NULL));
  g_free (add (test, "report", "accepted", "accepted", NULL, NULL));
  g_free (add (test, "report", "refused", "refused", NULL, NULL));
}

static char *
titles (StoreTest *test, const char *role, XhWorkSection section, guint limit, guint offset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = xh_store_work (test->store, &(XhWorkWho){ .role = role }, NULL, section, NULL, limit, offset, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const XhWorkRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", row->title);
      if (row->days != XH_WORK_NO_DUE)
        g_string_append_printf (text, "%+d", row->days);
    }
  return g_string_free (text, FALSE);
}

static void
assert_titles (StoreTest *test, const char *role, XhWorkSection section, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = titles (test, role, section, 0, 0);
  g_autoptr (XhWork) work = xh_store_work_counts (test->store, &(XhWorkWho){ .role = role }, NULL, &error);
  gint64 n = *expected != '\0' ? 1 : 0, by_kind = 0;

  g_assert_no_error (error);
  for (const char *p = expected; *p != '\0'; p++)
    n += *p == ' ';
  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpint (work->counts[section], ==, n);
  for (guint i = 0; i < work->kinds->len; i++)
    by_kind += g_array_index (work->kinds, XhWorkKind, i).counts[section];
  g_assert_cmpint (by_kind, ==, n);
}

/* Of what runs out by itself only those are told who may do something about it. */
static void
test_days (StoreTest *test, gconstpointer data)
{
  fill (test);
  assert_titles (test, "clerk", XH_WORK_OVERDUE, "late-14 later-5");
  assert_titles (test, "clerk", XH_WORK_TODAY, "today+0");
  assert_titles (test, "clerk", XH_WORK_WEEK, "tomorrow+1 week+7");
  assert_titles (test, "office", XH_WORK_OVERDUE, "late-14 later-5 ended-2");
  assert_titles (test, "approver", XH_WORK_OVERDUE, "");
  assert_titles (test, "manager", XH_WORK_WEEK, "");
}

static void
test_review (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  fill (test);
  /* Who handed in may take it back, but that is no review. */
  assert_titles (test, "clerk", XH_WORK_REVIEW, "");
  assert_titles (test, "approver", XH_WORK_REVIEW, "review");
  /* Handed over: the clerk may not edit there. What is public waits for its day. */
  assert_titles (test, "office", XH_WORK_REVIEW, "checked");
  assert_titles (test, "manager", XH_WORK_REVIEW, "");
  rows = xh_store_work (test->store, &(XhWorkWho){ .role = "approver" }, NULL, XH_WORK_REVIEW, NULL, 10, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((XhWorkRow *) g_ptr_array_index (rows, 0))->subtitle, ==, "甲公司");
  g_assert_cmpstr (((XhWorkRow *) g_ptr_array_index (rows, 0))->state, ==, "review");
}

static void
test_returned (StoreTest *test, gconstpointer data)
{
  fill (test);
  assert_titles (test, "clerk", XH_WORK_RETURNED, "returned");
  assert_titles (test, "approver", XH_WORK_RETURNED, "");
  assert_titles (test, "office", XH_WORK_RETURNED, "");
}

static void
test_pages (StoreTest *test, gconstpointer data)
{
  const XhKind *report = xh_catalog_find_kind (test->catalog, "report");
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *last = NULL;
  g_autoptr (GPtrArray) none = NULL;

  fill (test);
  first = titles (test, "office", XH_WORK_OVERDUE, 1, 0);
  second = titles (test, "office", XH_WORK_OVERDUE, 1, 1);
  last = titles (test, "office", XH_WORK_OVERDUE, 5, 2);
  g_assert_cmpstr (first, ==, "late-14");
  g_assert_cmpstr (second, ==, "later-5");
  g_assert_cmpstr (last, ==, "ended-2");
  none = xh_store_work (test->store, &(XhWorkWho){ .role = "office" }, NULL, XH_WORK_OVERDUE, report, 5, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

/* More than are put in order of their last change: the pages still hold each once. */
static void
test_many (StoreTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  guint n;

  xh_store_begin (test->store, &error);
  for (guint i = 0; i < 3000; i++)
    {
      g_free (add (test, "report", "checked", "one", NULL, NULL));
      g_free (add (test, "report", "refused", "two", NULL, NULL));
      g_free (add (test, "report", "checked", "three", NULL, NULL));
    }
  xh_store_commit (test->store, &error);
  g_assert_no_error (error);
  do
    {
      g_autoptr (GPtrArray) rows = xh_store_work (test->store, &(XhWorkWho){ .role = "office" }, NULL, XH_WORK_REVIEW, NULL, 700,
                                                  g_hash_table_size (seen), &error);

      g_assert_no_error (error);
      n = rows->len;
      for (guint i = 0; i < n; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (((XhWorkRow *) g_ptr_array_index (rows, i))->id)));
    }
  while (n > 0);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 6000);
}

static void
add_at (StoreTest *test, const char *state, const char *title, const char *unit, const char *division)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (test->catalog, "licence"), NULL);

  g_free (record->state);
  record->state = g_strdup (state);
  store_test_set_text (record, "doc_no", title);
  store_test_set_text (record, "decided_on", "2026-11-01");
  record->unit = g_strdup (unit);
  record->division = g_strdup (division);
  store_test_put (test, record);
}

static void
assert_share (StoreTest *test, const XhWorkWho *who, XhWorkSection section, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWork) work = xh_store_work_counts (test->store, who, NULL, &error);
  g_autoptr (GPtrArray) rows = xh_store_work (test->store, who, NULL, section, NULL, 0, 0, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append (text, ((XhWorkRow *) g_ptr_array_index (rows, i))->title);
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_cmpint (work->counts[section], ==, rows->len);
}

static void
change_roles (StoreTest *test, const char *more)
{
  g_autofree char *roles = g_strconcat ("\"roles\": {", more, NULL);
  XhCatalog *changed = store_test_changed_kind (test, "licence", "\"roles\": {", roles);

  g_clear_pointer (&test->store, xh_store_close);
  xh_catalog_unref (test->catalog);
  test->catalog = changed;
  store_test_reopen (test, XH_STORE_CLIENT);
}

/* Of a register that the role only reaches, its own scope's records are its work. */
static void
test_reached (StoreTest *test, gconstpointer data)
{
  const XhWorkWho clerk = { "clerk", "410421000000", "scj" }, nobody = { "clerk", NULL, NULL }, office = { "office", NULL, "fgw" };

  change_roles (test, "\"reach\": [\"clerk\"], ");
  add_at (test, "entered", "a", "scj", NULL);
  add_at (test, "entered", "b", "scj", "410421100000");
  add_at (test, "entered", "c", "scj", "410422100000");
  add_at (test, "entered", "d", "fgw", NULL);
  add_at (test, "entered", "e", NULL, NULL);
  assert_share (test, &clerk, XH_WORK_OVERDUE, "ab");
  assert_share (test, &nobody, XH_WORK_OVERDUE, "");
  assert_share (test, &office, XH_WORK_OVERDUE, "abcde");
}

/* Where a kind says so, a role that may change all is reminded of its own unit's. */
static void
test_own_unit (StoreTest *test, gconstpointer data)
{
  const XhWorkWho office = { "office", NULL, "fgw" };

  change_roles (test, "\"own\": [\"office\"], ");
  add_at (test, "entered", "a", "scj", NULL);
  add_at (test, "entered", "b", "fgw", "410421100000");
  assert_share (test, &office, XH_WORK_OVERDUE, "b");
  assert_share (test, &(XhWorkWho){ "clerk", NULL, "fgw" }, XH_WORK_OVERDUE, "ab");
}

/* The counts that are kept follow every way a record can go. */
static void
test_counts_kept (StoreTest *test, gconstpointer data)
{
  g_autofree char *id = add (test, "report", "review", "one", NULL, NULL), *other = add (test, "report", "review", "two", NULL, NULL);
  g_autoptr (XhRecord) record = store_test_load (test, id);

  assert_titles (test, "approver", XH_WORK_REVIEW, "one two");
  store_test_put (test, record);
  assert_titles (test, "approver", XH_WORK_REVIEW, "one two");
  record->deleted = TRUE;
  store_test_put (test, record);
  assert_titles (test, "approver", XH_WORK_REVIEW, "two");
  record->deleted = FALSE;
  g_free (record->state);
  record->state = g_strdup ("returned");
  store_test_put (test, record);
  assert_titles (test, "approver", XH_WORK_REVIEW, "two");
  assert_titles (test, "clerk", XH_WORK_RETURNED, "one");
  xh_store_forget (test->store, id, NULL, NULL);
  assert_titles (test, "clerk", XH_WORK_RETURNED, "");
}

static void
test_own (StoreTest *test, gconstpointer data)
{
  g_autofree char *id = add (test, "report", "draft", "begun", NULL, NULL);
  g_autoptr (XhRecord) record = store_test_load (test, id), new = xh_record_new (xh_catalog_find_kind (test->catalog, "firm"), NULL);
  g_autoptr (GError) error = NULL;

  store_test_set_text (record, "topic", "saved");
  store_test_save (test, record, "topic", NULL);
  store_test_set_text (record, "firm_name", "x");
  store_test_save (test, record, "firm_name", NULL);
  store_test_set_text (new, "name", "新单位");
  xh_store_draft_put (test->store, new, &error);
  g_assert_no_error (error);
  assert_titles (test, "clerk", XH_WORK_UNSENT, "saved");
  assert_titles (test, "clerk", XH_WORK_DRAFTS, "新单位");
}

#define WORK_TEST(path, func) g_test_add (path, StoreTest, NULL, store_test_set_up, func, store_test_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  WORK_TEST ("/store/work/days-for-whose-turn-it-is", test_days);
  WORK_TEST ("/store/work/review-is-a-decision", test_review);
  WORK_TEST ("/store/work/returned-to-who-may-mend-it", test_returned);
  WORK_TEST ("/store/work/pages", test_pages);
  WORK_TEST ("/store/work/many-rows-each-once", test_many);
  WORK_TEST ("/store/work/reached-beyond-the-scope-is-others-work", test_reached);
  WORK_TEST ("/store/work/own-unit-where-the-kind-says-so", test_own_unit);
  WORK_TEST ("/store/work/counts-follow-every-change", test_counts_kept);
  WORK_TEST ("/store/work/unsent-and-drafts", test_own);
  return g_test_run ();
}
