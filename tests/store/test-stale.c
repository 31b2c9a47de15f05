/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a save makes stale in other records is computed again where the device knows all it needs. */
#include "store-test.h"

#include <locale.h>

#include "store/xh-stale.h"

static XhRecord *
put_of (StoreTest *test, const char *kind, const char *field, const char *text)
{
  XhRecord *record = xh_record_new (xh_catalog_find_kind (test->catalog, kind), NULL);

  store_test_set_text (record, field, text);
  record->version = 5;
  store_test_put (test, record);
  return record;
}

static void
test_saved (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) shop = put_of (test, "shop", "name", "甲店"), other = put_of (test, "shop", "name", "乙店");
  g_autoptr (XhRecord) visit = put_of (test, "visit", "shop", shop->id), unmoved = put_of (test, "visit", "shop", other->id);
  g_autoptr (XhRecord) after = NULL, rest = NULL;

  store_test_set_text (visit, "shop_name", "甲店");
  store_test_put (test, visit);
  store_test_set_text (shop, "name", "丙店");
  store_test_save (test, shop, "name", NULL);
  after = store_test_load (test, visit->id);
  g_assert_cmpstr (store_test_text (after, "shop_name"), ==, "丙店");
  g_assert_cmpint (after->version, ==, 5);
  rest = store_test_load (test, unmoved->id);
  g_assert_null (store_test_text (rest, "shop_name"));
  /* Only the person's own edit goes to the server. */
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
}

static guint
count_stale (StoreTest *test, XhStale *stale, const XhRecord *before, const XhRecord *after)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = NULL;

  xh_stale_note (stale, before, after);
  rids = xh_stale_find (stale, test->store, &error);
  g_assert_no_error (error);
  return rids->len;
}

static gboolean
is_read (XhStale *stale, const XhKind *kind, const char *json)
{
  g_autoptr (JsonNode) changes = json_from_string (json, NULL);

  return xh_stale_reads (stale, kind, json_node_get_object (changes));
}

/* Names that no reference reads make nothing stale; a sum's records by both keys, each once. */
static void
test_found (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) shop = put_of (test, "shop", "name", "甲店"), other = put_of (test, "shop", "name", "乙店");
  g_autoptr (XhRecord) visit = put_of (test, "visit", "shop", shop->id), second = put_of (test, "visit", "shop", shop->id);
  g_autoptr (XhRecord) renamed = xh_record_copy (shop), moved = xh_record_copy (visit), limited = xh_record_copy (shop);
  g_autoptr (XhStale) all = xh_stale_new (test->catalog, XH_STALE_ALL), single = xh_stale_new (test->catalog, XH_STALE_SINGLE);

  store_test_set_text (renamed, "name", "丁店");
  store_test_set_integer (limited, "limit_points", 3);
  store_test_set_text (moved, "shop", other->id);
  g_assert_true (xh_stale_hangs_on (all, shop->kind));
  g_assert_false (xh_stale_hangs_on (all, xh_catalog_find_kind (test->catalog, "firm")));
  g_assert_false (xh_stale_hangs_on (single, visit->kind));
  g_assert_true (is_read (all, shop->kind, "{\"limit_points\":3,\"name\":\"丁店\"}"));
  g_assert_true (is_read (all, shop->kind, "{\"deleted\":1}"));
  g_assert_false (is_read (all, shop->kind, "{\"limit_points\":3}"));
  g_assert_true (is_read (all, visit->kind, "{\"state\":\"draft\"}"));
  g_assert_false (is_read (single, visit->kind, "{\"state\":\"draft\"}"));
  g_assert_cmpuint (count_stale (test, all, shop, renamed), ==, 2);
  g_assert_cmpuint (count_stale (test, single, shop, renamed), ==, 2);
  g_assert_cmpuint (count_stale (test, all, shop, limited), ==, 0);
  g_assert_cmpuint (count_stale (test, all, visit, moved), ==, 2);
  g_assert_cmpuint (count_stale (test, all, NULL, visit), ==, 1);
  g_assert_cmpuint (count_stale (test, all, NULL, shop), ==, 0);
  g_assert_cmpuint (count_stale (test, single, NULL, visit), ==, 0);
}

/* Through a value that is taken over: the visits of all shops in the street, found from the street. */
static void
test_found_through (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) shop = put_of (test, "shop", "street", "东街"), near = put_of (test, "shop", "street", "东街"), far = put_of (test, "shop", "street", "西街");
  g_autoptr (XhRecord) visit = put_of (test, "visit", "shop", shop->id), second = put_of (test, "visit", "shop", near->id);
  g_autoptr (XhRecord) other = put_of (test, "visit", "shop", far->id), gone = put_of (test, "visit", "shop", shop->id), moved = xh_record_copy (far);
  g_autoptr (XhStale) all = xh_stale_new (test->catalog, XH_STALE_ALL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = NULL;

  gone->deleted = TRUE;
  store_test_put (test, gone);
  xh_stale_note (all, NULL, near);
  rids = xh_stale_find (all, test->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rids->len, ==, 2);
  g_assert_cmpint (g_array_index (rids, gint64, 0), ==, visit->rid);
  g_assert_cmpint (g_array_index (rids, gint64, 1), ==, second->rid);
  /* From one street to the other: those of both. */
  store_test_set_text (moved, "street", "东街");
  g_assert_cmpuint (count_stale (test, all, far, moved), ==, 3);
  g_assert_cmpuint (count_stale (test, all, shop, shop), ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/stale/what-others-take-over-follows-a-save", test_saved);
  STORE_TEST ("/store/stale/found-by-what-references-read", test_found);
  STORE_TEST ("/store/stale/found-through-a-value-taken-over", test_found_through);
  return g_test_run ();
}
