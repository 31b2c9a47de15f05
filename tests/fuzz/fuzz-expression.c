/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An expression from a hostile catalog, and the text of a table from a hostile record under the functions that read it. */

#include "fuzz.h"

#include "fixture.h"

static void
run_functions (sqlite3 *db, const uint8_t *data, size_t size)
{
  sqlite3_stmt *statement = NULL;
  int status;

  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT table_count(?1), table_sum(?1, 'a'), table_max(?1, 'a'), table_min(?1, 'a'),"
                                       " table_count_where(?1, 'a', 'b'), has(?1, 'a'), id_ok(?1), id_birthdate(?1), id_sex(?1), uscc_ok(?1),"
                                       " phone_ok(?1), age(?1), add_workdays(?1, 7), add_months(?1, 7), division_name(?1),"
                                       " deadline('publicity', 'licence', '2026-11-20', ?1), deadline(?1, ?1, ?1), period_text(?1, ?1, ?1)",
                                       -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_bind_text (statement, 1, (const char *) data, (int) size, SQLITE_STATIC);
  status = sqlite3_step (statement);
  g_assert_cmpint (status, ==, SQLITE_ROW);
  sqlite3_finalize (statement);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static XhCatalog *catalog;
  static sqlite3 *db;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;

  if (catalog == NULL)
    {
      catalog = fixture_load ();
      g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
      g_assert_true (xh_functions_register (db, catalog, NULL));
    }
  if (size > 4000)
    return 0;
  run_functions (db, data, size);
  if (!xh_expression_lint (catalog, xh_catalog_find_kind (catalog, "household"), text, FALSE, NULL, &error))
    {
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  return 0;
}
