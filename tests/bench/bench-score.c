/* SPDX-License-Identifier: GPL-3.0-or-later */

/* score-cold: every rating of a county scored from the store. score-band: one band of one indicator changes. */
#include "bench.h"

#include "store/xh-score-batch.h"

#define HOUSEHOLDS 1000000

/* The floor: SQLite alone reads the same rows of the two tables, with no expression, band or group average. */
static double
measure_floor (XhStore *store)
{
  double start = bench_seconds ();

  bench_count (xh_store_get_db (store),
               "SELECT sum(length(k.household) + h.net_income) FROM k_rating k CROSS JOIN record r ON r.rid = k.rid "
               "CROSS JOIN record hr ON hr.id = k.household CROSS JOIN k_household h ON h.rid = hr.rid "
               "WHERE r.kind = 'rating' AND r.deleted = 0");
  return bench_seconds () - start;
}

static XhIndicator *
copy_with_other_points (const XhIndicator *indicator)
{
  XhIndicator *copy = g_memdup2 (indicator, sizeof *indicator);

  copy->bands = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < indicator->bands->len; i++)
    {
      XhBand *band = g_memdup2 (g_ptr_array_index (indicator->bands, i), sizeof (XhBand));

      band->points = MAX (0, band->points - 0.5);
      g_ptr_array_add (copy->bands, band);
    }
  return copy;
}

void
bench_score (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (XhStore) store = bench_store (catalog, HOUSEHOLDS, XH_STORE_READ_ONLY);
  const XhScorecard *card = xh_catalog_find_scorecard (catalog, "c1");
  double floor, start, cold, cpu, band, floor_sum = 0;
  g_autofree char *extra = NULL;
  guint n;

  measure_floor (store); /* the file comes into the page cache for both */
  floor = measure_floor (store);
  cpu = bench_cpu_seconds ();
  start = bench_seconds ();
  g_autoptr (XhScoreBatch) batch = xh_score_batch_new (store, card, NULL, &error);
  cold = bench_seconds () - start;
  cpu = bench_cpu_seconds () - cpu;
  if (batch == NULL)
    g_error ("%s", error->message);
  n = xh_score_batch_get_n (batch);
  extra = g_strdup_printf ("\"cpu\":%.4g", cpu);
  bench_report ("score-cold", cold, "s", n, floor, "SQLite reading the same rows, one thread", extra);

  XhIndicator *changed = copy_with_other_points (g_ptr_array_index (card->indicators, 15));
  start = bench_seconds ();
  xh_score_batch_rescore (batch, 15, changed);
  band = bench_seconds () - start;

  /* The floor: one pass over an array of as many doubles. */
  g_autofree double *column = g_new (double, n);
  for (guint i = 0; i < n; i++)
    column[i] = i * 0.5;
  start = bench_seconds ();
  for (guint i = 0; i < n; i++)
    floor_sum += column[i] > 17 ? column[i] : -column[i];
  floor = bench_seconds () - start;
  bench_report ("score-band", band, "s", n, floor, "one pass over an array of doubles",
                floor_sum == 0 ? "\"empty\":true" : NULL);
  g_ptr_array_unref (changed->bands);
  g_free (changed);
}
