/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-test.h"

#include <locale.h>
#include <string.h>

static void
add (StoreTest *test, const char *name, const char *division, const char *state, int labour)
{
  g_autoptr (XhRecord) record = store_test_plot (test, name, labour);

  record->division = g_strdup (division);
  store_test_set_text (record, "village", division);
  g_free (record->state);
  record->state = g_strdup (state);
  record->updated_at = g_strdup_printf ("2026-01-01T00:00:%02d.000Z", labour);
  store_test_put (test, record);
}

static void
fill (StoreTest *test)
{
  add (test, "王五", "410421100001", "filed", 3);
  add (test, "张三", "410421100002", "filed", 1);
  add (test, "安六", "410421101001", "closed", 2);
  add (test, "李四", "410421101001", "filed", 4);
}

static char *
names (StoreTest *test, const XhQuery *query, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = xh_store_query_rids (test->store, query, limit, &error);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  rows = xh_store_query_rows (test->store, test->plot, (const gint64 *) rids->data, rids->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", store_test_text (g_ptr_array_index (rows, i), "name"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The first screen and the whole must be the same, whichever way each is found. */
static void
assert_names (StoreTest *test, const XhQuery *query, const char *expected)
{
  g_autofree char *all = names (test, query, 0), *screen = names (test, query, 100);
  g_autoptr (GError) error = NULL;
  gint64 n = *expected != '\0' ? 1 : 0;

  for (const char *p = expected; *p != '\0'; p++)
    n += *p == ',';
  g_assert_cmpstr (all, ==, expected);
  g_assert_cmpstr (screen, ==, expected);
  g_assert_cmpint (xh_store_query_count (test->store, query, &error), ==, n);
}

static void
filter_text (XhQuery *query, const char *name, XhQueryOp op, const char *a)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, a);
  xh_query_filter (query, name, op, &value, NULL);
}

static void
test_order (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);

  fill (test);
  assert_names (test, query, "李四,王五,安六,张三"); /* last changed first */
  xh_query_sort (query, "name", FALSE);
  assert_names (test, query, "安六,李四,王五,张三"); /* by pinyin: an, li, wang, zhang */
  xh_query_sort (query, "name", TRUE);
  assert_names (test, query, "张三,王五,李四,安六");
  xh_query_sort (query, "labour", FALSE);
  assert_names (test, query, "张三,安六,王五,李四");
  xh_query_sort (query, "village", FALSE);
  assert_names (test, query, "王五,张三,安六,李四");
  xh_query_sort (query, "state", TRUE);
  assert_names (test, query, "李四,张三,王五,安六");
}

static void
test_filters (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot), copy = NULL;
  g_auto (XhValue) two = XH_VALUE_INIT, three = XH_VALUE_INIT;

  fill (test);
  xh_value_set_integer (&two, 2);
  xh_value_set_integer (&three, 3);
  xh_query_sort (query, "name", FALSE);
  filter_text (query, "state", XH_QUERY_IS, "filed");
  assert_names (test, query, "李四,王五,张三");
  filter_text (query, "division", XH_QUERY_UNDER, "410421100000");
  assert_names (test, query, "王五,张三");
  filter_text (query, "division", XH_QUERY_IS, "410421101001"); /* OR on one name */
  assert_names (test, query, "李四,王五,张三");
  xh_query_unfilter (query, "division");
  xh_query_filter (query, "labour", XH_QUERY_BETWEEN, &two, &three);
  assert_names (test, query, "王五");
  xh_query_unfilter (query, "labour");
  xh_query_filter (query, "labour", XH_QUERY_BETWEEN, NULL, &three);
  copy = xh_query_copy (query);
  assert_names (test, copy, "王五,张三");
  xh_query_unfilter (query, "labour");
  xh_query_unfilter (query, "state");
  g_assert_false (xh_query_is_filtered (query));
  filter_text (query, "name", XH_QUERY_IN, "[\"张三\",\"安六\"]");
  assert_names (test, query, "安六,张三");
  xh_query_unfilter (query, "name");
  xh_query_filter (query, "phone", XH_QUERY_NULL, NULL, NULL);
  assert_names (test, query, "安六,李四,王五,张三");
  filter_text (query, "no_such_name", XH_QUERY_IS, "x");
  assert_names (test, query, "");
}

static void
test_search_and_filters (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);

  fill (test);
  add (test, "李三", "410421100001", "filed", 9);
  xh_query_search (query, "s");
  assert_names (test, query, "张三,李四,李三");
  xh_query_sort (query, "name", FALSE);
  assert_names (test, query, "李三,李四,张三");
  filter_text (query, "village", XH_QUERY_UNDER, "410421100000");
  assert_names (test, query, "李三,张三");
  xh_query_search (query, "li");
  assert_names (test, query, "李三");
  xh_query_search (query, " ，");
  assert_names (test, query, "李三,王五,张三");
}

static void
test_deleted (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);
  g_autoptr (XhRecord) record = store_test_plot (test, "赵七", 5);

  fill (test);
  record->deleted = TRUE;
  store_test_put (test, record);
  xh_query_sort (query, "name", FALSE);
  assert_names (test, query, "安六,李四,王五,张三");
  xh_query_search (query, "赵");
  assert_names (test, query, "");
  xh_query_deleted (query, TRUE);
  assert_names (test, query, "赵七");
}

static void
test_figures (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) groups = NULL;
  const XhGroupRow *row;
  double sum;

  fill (test);
  g_assert_true (xh_store_query_sum (test->store, query, "labour", &sum, &error));
  g_assert_cmpfloat (sum, ==, 10);
  groups = xh_store_query_group (test->store, query, "village", 9, "state", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (groups->len, ==, 3);
  row = g_ptr_array_index (groups, 0);
  g_assert_cmpstr (row->key1, ==, "410421100");
  g_assert_cmpstr (row->key2, ==, "filed");
  g_assert_cmpint (row->count, ==, 2);
  filter_text (query, "state", XH_QUERY_IS, "filed");
  g_assert_true (xh_store_query_sum (test->store, query, "labour", &sum, &error));
  g_assert_cmpfloat (sum, ==, 8);
}

static void
test_gone_row (StoreTest *test, gconstpointer data)
{
  const gint64 rids[] = { 99, 1 };
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  fill (test);
  rows = xh_store_query_rows (test->store, test->plot, rids, 2, &error);
  g_assert_no_error (error);
  g_assert_null (g_ptr_array_index (rows, 0));
  g_assert_cmpstr (store_test_text (g_ptr_array_index (rows, 1), "name"), ==, "王五");
}

/* Few of many pass: the walk along the order gives up and the filter's index is used; what is found is the same. */
static void
test_rare_filter (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_store_begin (test->store, &error));
  for (int i = 0; i < 30000; i++)
    {
      g_autofree char *name = g_strdup_printf ("安%d", i);

      add (test, name, "410421100001", "filed", i % 60);
    }
  add (test, "张三", "410421100002", "filed", 1);
  g_assert_true (xh_store_commit (test->store, &error));
  xh_query_sort (query, "name", FALSE);
  filter_text (query, "division", XH_QUERY_IS, "410421100002");
  assert_names (test, query, "张三");
  xh_query_unfilter (query, "division");
  xh_query_search (query, "zs");
  assert_names (test, query, "张三");
}

static gint64
count_asked (XhStore *store)
{
  sqlite3_stmt *statement;
  gint64 n;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (store), "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND substr(name, 1, 2) = 'o_'",
                                       -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

static void
reopen_with_list (StoreTest *test, const char *list)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&test->store, xh_store_close);
  g_clear_pointer (&test->catalog, xh_catalog_unref);
  test->catalog = store_test_changed_catalog (test, "\"list\": [\"name\", \"state\"]", list);
  test->plot = xh_catalog_find_kind (test->catalog, "plot");
  test->store = xh_store_open (test->path, test->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
}

/* A column that a person sorts a big register by gets an index, which changes nothing but the time. */
static void
test_asked_order (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = NULL, first = NULL;
  g_autoptr (GError) error = NULL;

  reopen_with_list (test, "\"list\": [\"name\", \"labour\", \"state\"]");
  query = xh_query_new (test->plot);
  first = xh_query_new (test->plot);
  fill (test);
  xh_query_sort (query, "labour", TRUE);
  assert_names (test, query, "李四,王五,安六,张三");
  g_assert_false (xh_store_wants_order (test->store, query));
  g_assert_true (xh_store_make_order (test->store, query, &error));
  g_assert_cmpint (count_asked (test->store), ==, 0);

  sqlite3_exec (xh_store_get_db (test->store), "UPDATE state_count SET n = n + 50000", NULL, NULL, NULL);
  g_assert_true (xh_store_wants_order (test->store, query));
  g_assert_true (xh_store_make_order (test->store, query, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_asked (test->store), ==, 1);
  g_assert_false (xh_store_wants_order (test->store, query));
  assert_names (test, query, "李四,王五,安六,张三");
  filter_text (query, "state", XH_QUERY_IS, "filed");
  assert_names (test, query, "李四,王五,张三");
  add (test, "钱七", "410421101001", "filed", 9);
  assert_names (test, query, "钱七,李四,王五,张三");

  xh_query_sort (first, "name", FALSE); /* the first column has its own */
  g_assert_false (xh_store_wants_order (test->store, first));
  xh_query_sort (first, "updated_at", FALSE);
  g_assert_false (xh_store_wants_order (test->store, first));
  xh_query_sort (first, "remark", FALSE); /* no column of the list */
  g_assert_false (xh_store_wants_order (test->store, first));
}

static void
test_asked_order_goes_with_its_column (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhQuery) query = NULL;
  g_autoptr (GError) error = NULL;

  reopen_with_list (test, "\"list\": [\"name\", \"labour\", \"state\"]");
  fill (test);
  query = xh_query_new (test->plot);
  xh_query_sort (query, "labour", FALSE);
  sqlite3_exec (xh_store_get_db (test->store), "UPDATE state_count SET n = n + 50000", NULL, NULL, NULL);
  g_assert_true (xh_store_make_order (test->store, query, &error));
  g_clear_pointer (&query, xh_query_free);
  reopen_with_list (test, "\"list\": [\"name\", \"labour\"]");
  g_assert_cmpint (count_asked (test->store), ==, 1);
  reopen_with_list (test, "\"list\": [\"name\"]");
  g_assert_cmpint (count_asked (test->store), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/query/orders-names-by-pinyin", test_order);
  STORE_TEST ("/store/query/filters-join-by-name", test_filters);
  STORE_TEST ("/store/query/searches-within-filters", test_search_and_filters);
  STORE_TEST ("/store/query/deleted-are-apart", test_deleted);
  STORE_TEST ("/store/query/sums-and-groups", test_figures);
  STORE_TEST ("/store/query/gone-row-is-null", test_gone_row);
  STORE_TEST ("/store/query/rare-rows-are-found-another-way", test_rare_filter);
  STORE_TEST ("/store/query/asked-order", test_asked_order);
  STORE_TEST ("/store/query/asked-order-goes-with-its-column", test_asked_order_goes_with_its_column);
  return g_test_run ();
}
