/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scoring all at once against scoring one by one, on the demo county. */
#include <locale.h>
#include <string.h>

#include "demo/xh-demo.h"
#include "model/xh-evaluator.h"
#include "store-test.h"
#include "store/xh-score-batch.h"

/* Some households are deleted: averages of their village and counts leave them out. */
static gboolean
put (XhRecord *record, gpointer store, GError **error)
{
  static guint n;

  record->rid = 0;
  if (strcmp (record->kind->name, "household") == 0)
    record->deleted = ++n % 7 == 0;
  return xh_store_put (store, record, error);
}

static XhStore *
demo_store (XhCatalog *catalog, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  XhDemoOptions options = { .seed = 3, .households = 400, .ratings = TRUE };
  g_autoptr (GError) error = NULL;
  XhStore *store = xh_store_open (path, catalog, XH_STORE_CLIENT, &error);

  g_assert_no_error (error);
  g_assert_true (xh_store_begin (store, &error));
  g_assert_true (xh_demo_generate (catalog, &options, put, store, &error));
  g_assert_true (xh_store_commit (store, &error));
  return store;
}

static XhScore *
score_one (XhStore *store, const XhScorecard *card, const XhScorecard *judge, gint64 rid)
{
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (store), card->kind);
  const guint n = xh_scorecard_n_inputs (card);
  g_autofree char *source = xh_kind_source_sql (kind, NULL);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  XhValue *inputs = xh_value_array_new (n);
  sqlite3_stmt *statement = NULL;
  XhScore *score;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%s(%s)", i > 0 ? ", " : "", xh_scorecard_input_sql (card, i));
  g_string_append_printf (sql, " FROM (%s) WHERE rid = ?1", source);
  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (store), sql->str, -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_bind_int64 (statement, 1, rid);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  for (guint i = 0; i < n; i++)
    xh_value_from_column (&inputs[i], statement, (int) i);
  sqlite3_finalize (statement);
  score = xh_scorecard_score (judge, inputs);
  xh_value_array_free (inputs, n);
  return score;
}

static void
assert_same (XhStore *store, XhScoreBatch *batch, const XhScorecard *card)
{
  g_autofree guint64 *counts = g_new0 (guint64, card->grades->len);
  guint64 sum = 0;

  for (guint i = 0; i < xh_score_batch_get_n (batch); i++)
    {
      const XhGrade *grade;
      gint64 rid;
      double total = xh_score_batch_get_total (batch, i, &grade, &rid);
      g_autoptr (XhScore) score = score_one (store, card, card, rid);

      g_assert_cmpfloat (total, ==, score->total);
      g_assert_cmpstr (grade->name, ==, score->grade->name);
    }
  xh_score_batch_grade_counts (batch, counts);
  for (guint i = 0; i < card->grades->len; i++)
    sum += counts[i];
  g_assert_cmpuint (sum, ==, xh_score_batch_get_n (batch));
}

static void
test_agrees (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("xh-score-test-XXXXXX", NULL);
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  const XhScorecard *card = xh_catalog_find_scorecard (catalog, "c1");
  g_autoptr (XhStore) store = demo_store (catalog, folder);
  g_autoptr (XhScoreBatch) batch = xh_score_batch_new (store, card, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (xh_score_batch_get_n (batch), >=, 300);
  assert_same (store, batch, card);
  /* Every band of every indicator changes, one column at a time; then back again. */
  for (guint i = 0; i < card->indicators->len; i++)
    {
      XhIndicator *indicator = g_ptr_array_index (card->indicators, i);

      for (guint b = 0; b < indicator->bands->len; b++)
        ((XhBand *) g_ptr_array_index (indicator->bands, b))->points /= 2;
      xh_score_batch_rescore (batch, i, indicator);
    }
  assert_same (store, batch, card);
  g_clear_pointer (&store, xh_store_close);
  store_test_remove_folder (folder);
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("xh-score-test-XXXXXX", NULL);
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (XhStore) store = demo_store (catalog, folder);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_null (xh_score_batch_new (store, xh_catalog_find_scorecard (catalog, "c1"), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_pointer (&store, xh_store_close);
  store_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/score/all-at-once-is-one-by-one", test_agrees);
  g_test_add_func ("/store/score/is-cancelled", test_cancelled);
  return g_test_run ();
}
