/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "model/xh-value.h"

static void
test_zeroed_memory_is_null (void)
{
  XhValue value = XH_VALUE_INIT, zeroed = { 0 };

  g_assert_true (xh_value_is_null (&value));
  g_assert_true (xh_value_equal (&value, &zeroed));
  g_assert_null (xh_value_as_text (&value));
  g_assert_cmpint (xh_value_as_integer (&value), ==, 0);
}

static void
test_copies_and_replaces (void)
{
  g_auto (XhValue) a = XH_VALUE_INIT, b = XH_VALUE_INIT;

  xh_value_set_text (&a, "张三");
  xh_value_set_integer (&b, 7);
  xh_value_copy (&a, &b);
  g_assert_cmpstr (xh_value_as_text (&b), ==, "张三");
  g_assert_true (xh_value_as_text (&a) != xh_value_as_text (&b));
  xh_value_copy (&a, &a);
  g_assert_cmpstr (xh_value_as_text (&a), ==, "张三");
  xh_value_set_text (&a, xh_value_as_text (&a));
  g_assert_cmpstr (xh_value_as_text (&a), ==, "张三");
  xh_value_set_text (&a, NULL);
  g_assert_true (xh_value_is_null (&a));
}

static void
test_numbers_compare_as_in_sql (void)
{
  g_auto (XhValue) one = XH_VALUE_INIT, real = XH_VALUE_INIT, text = XH_VALUE_INIT;

  xh_value_set_integer (&one, 1);
  xh_value_set_real (&real, 1.0);
  xh_value_set_text (&text, "1");
  g_assert_true (xh_value_equal (&one, &real));
  g_assert_true (xh_value_equal (&real, &one));
  g_assert_false (xh_value_equal (&one, &text));
}

static void
test_numbers_that_are_none_become_null (void)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_real (&value, NAN);
  g_assert_true (xh_value_is_null (&value));
  xh_value_set_real (&value, INFINITY);
  g_assert_true (xh_value_is_null (&value));
}

static void
test_huge_reals_stay_in_range (void)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_real (&value, 1e300);
  g_assert_cmpint (xh_value_as_integer (&value), ==, G_MAXINT64);
  xh_value_set_real (&value, -1e300);
  g_assert_cmpint (xh_value_as_integer (&value), ==, G_MININT64);
}

static void
assert_round_trip (const XhValue *value)
{
  g_autoptr (JsonNode) node = xh_value_to_json (value);
  g_auto (XhValue) back = XH_VALUE_INIT;

  g_assert_true (xh_value_from_json (node, &back));
  g_assert_cmpint (back.type, ==, value->type);
  g_assert_true (xh_value_equal (value, &back));
}

static void
test_goes_through_json (void)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (JsonNode) array = json_from_string ("[]", NULL);
  g_autoptr (JsonNode) yes = json_node_init_boolean (json_node_alloc (), TRUE);

  assert_round_trip (&value);
  xh_value_set_integer (&value, G_MININT64);
  assert_round_trip (&value);
  xh_value_set_real (&value, 0.1);
  assert_round_trip (&value);
  xh_value_set_text (&value, "“引号”\n");
  assert_round_trip (&value);
  g_assert_false (xh_value_from_json (array, &value));
  g_assert_cmpstr (xh_value_as_text (&value), ==, "“引号”\n");
  g_assert_true (xh_value_from_json (yes, &value));
  g_assert_cmpint (xh_value_as_integer (&value), ==, 1);
}

static void
test_goes_through_sqlite (void)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  g_auto (XhValue) in = XH_VALUE_INIT, out = XH_VALUE_INIT;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT ?1, x'00ff', CAST (x'ff61' AS TEXT)", -1, &statement, NULL), ==, SQLITE_OK);
  xh_value_set_text (&in, "周庄镇");
  xh_value_bind (&in, statement, 1);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  xh_value_from_column (&out, statement, 0);
  g_assert_true (xh_value_equal (&in, &out));
  xh_value_from_column (&out, statement, 1);
  g_assert_true (xh_value_is_null (&out));
  xh_value_from_column (&out, statement, 2);
  g_assert_true (g_utf8_validate (xh_value_as_text (&out), -1, NULL));
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/value/zeroed-memory-is-null", test_zeroed_memory_is_null);
  g_test_add_func ("/model/value/copies-and-replaces", test_copies_and_replaces);
  g_test_add_func ("/model/value/numbers-compare-as-in-sql", test_numbers_compare_as_in_sql);
  g_test_add_func ("/model/value/numbers-that-are-none-become-null", test_numbers_that_are_none_become_null);
  g_test_add_func ("/model/value/huge-reals-stay-in-range", test_huge_reals_stay_in_range);
  g_test_add_func ("/model/value/goes-through-json", test_goes_through_json);
  g_test_add_func ("/model/value/goes-through-sqlite", test_goes_through_sqlite);
  return g_test_run ();
}
