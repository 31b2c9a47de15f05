/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "model/xh-evaluator.h"

static void
test_shipped_catalog_loads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);

  g_assert_no_error (error);
  g_assert_nonnull (xh_catalog_find_kind (catalog, "household"));
  g_assert_nonnull (xh_catalog_find_scorecard (catalog, "c1"));
  g_assert_cmpuint (xh_divisions_get_all (xh_catalog_get_divisions (catalog))->len, ==, 339);
}

static void
test_bundle_is_the_catalog (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (XhCatalog) again = xh_catalog_load_bundle (xh_catalog_get_bundle (catalog), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xh_catalog_get_hash (catalog), ==, xh_catalog_get_hash (again));
  g_assert_cmpuint (strlen (xh_catalog_get_hash (catalog)), ==, 64);
  g_assert_cmpuint (xh_catalog_get_kinds (catalog)->len, ==, xh_catalog_get_kinds (again)->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/catalog/shipped-one-loads", test_shipped_catalog_loads);
  g_test_add_func ("/model/catalog/bundle-is-the-same-catalog", test_bundle_is_the_catalog);
  return g_test_run ();
}
