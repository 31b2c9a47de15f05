/* SPDX-License-Identifier: GPL-3.0-or-later */

/* search: from a keystroke to the first fifty rows, each prefix of names typed as characters, initials and pinyin. */
#include "bench.h"

#define HOUSEHOLDS 1000000
#define ROWS 50

static const char *const TYPED[] = {
  "王", "李", "张", "王秀", "李建国", "张三", "建", "秀英", "w", "l", "z", "wx", "zs", "ljg", "zh", "xy",
  "wang", "zhang", "zhangs", "zhangsan", "lijianguo", "wangxiuying", "liu", "chenw", "zhao",
};

static double
measure_query (XhStore *store, const XhKind *kind, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhQuery) query = xh_query_new (kind);
  double start = bench_seconds ();

  xh_query_search (query, text);
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, ROWS, &error);
  if (rids == NULL)
    g_error ("%s", error->message);
  g_autoptr (GPtrArray) rows = xh_store_query_rows (store, kind, (gint64 *) rids->data, rids->len, &error);
  if (rows == NULL)
    g_error ("%s", error->message);
  return (bench_seconds () - start) * 1000;
}

/* The floor: SQLite fetching fifty rows by key. */
static double
measure_floor (XhStore *store)
{
  double start = bench_seconds ();

  for (guint i = 0; i < 100; i++)
    bench_count (xh_store_get_db (store), "SELECT count(*) FROM (SELECT r.rid, k.head_name FROM record r JOIN "
                                          "k_household k ON k.rid = r.rid LIMIT 50)");
  return (bench_seconds () - start) * 10;
}

void
bench_search (void)
{
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (XhStore) store = bench_store (catalog, HOUSEHOLDS, XH_STORE_READ_ONLY);
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *extra = NULL;
  double worst = 0;
  const char *slowest = "";

  for (guint round = 0; round < 9; round++)
    for (guint i = 0; i < G_N_ELEMENTS (TYPED); i++)
      {
        double ms = measure_query (store, kind, TYPED[i]);

        if (round == 0)
          continue; /* the first round fills the caches of both */
        if (ms > worst)
          worst = ms, slowest = TYPED[i];
        g_array_append_val (samples, ms);
      }
  extra = g_strdup_printf ("\"p50\":%.3g,\"worst\":%.3g,\"worst_typed\":\"%s\"",
                           bench_percentile ((double *) samples->data, samples->len, 0.5), worst, slowest);
  bench_report ("search", bench_percentile ((double *) samples->data, samples->len, 0.99), "ms", HOUSEHOLDS,
                measure_floor (store), "fifty rows by key", extra);
}
