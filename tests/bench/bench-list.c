/* SPDX-License-Identifier: GPL-3.0-or-later */

/* list-open: a list of a million, from the wish to its first rows. list-memory: the process while it holds such a list. list-sort: its first rows
 * in the order of a column that had no index, before and after the index that the first wish leaves. */
#include "bench.h"

#define HOUSEHOLDS 1000000
#define SCREEN 50

static void
fetch_rows (XhStore *store, const XhKind *kind, const gint64 *rids, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = xh_store_query_rows (store, kind, rids, n, &error);

  if (rows == NULL)
    g_error ("%s", error->message);
}

static double
measure_open (XhStore *store, const XhKind *kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhQuery) query = xh_query_new (kind);
  double start = bench_seconds ();
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, SCREEN, &error);

  if (rids == NULL)
    g_error ("%s", error->message);
  fetch_rows (store, kind, (gint64 *) rids->data, rids->len);
  return (bench_seconds () - start) * 1000;
}

void
bench_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autofree char *path = bench_store_path (HOUSEHOLDS);
  double first, second, all, floor, start;
  g_autofree char *extra = NULL;

  xh_store_close (bench_store (catalog, HOUSEHOLDS, XH_STORE_READ_ONLY));
  start = bench_seconds ();
  g_autoptr (XhStore) store = bench_store (catalog, HOUSEHOLDS, XH_STORE_READ_ONLY);
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  measure_open (store, kind);
  first = (bench_seconds () - start) * 1000; /* a new connection and cold statements */
  second = measure_open (store, kind);

  g_autoptr (XhQuery) query = xh_query_new (kind);
  start = bench_seconds ();
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, 0, &error);
  if (rids == NULL)
    g_error ("%s", error->message);
  all = (bench_seconds () - start) * 1000;

  start = bench_seconds ();
  bench_count (xh_store_get_db (store), "SELECT count(*) FROM (SELECT rid FROM k_household LIMIT 50)");
  floor = (bench_seconds () - start) * 1000;
  extra = g_strdup_printf ("\"reopened\":%.3g,\"all_ids\":%.4g", second, all);
  bench_report ("list-open", first, "ms", rids->len, floor, "fifty keys by plain SQLite", extra);
}

void
bench_list_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  double floor;

  xh_store_close (bench_store (catalog, HOUSEHOLDS, XH_STORE_READ_ONLY));
  g_autoptr (XhStore) small = bench_store (catalog, 10000, XH_STORE_READ_ONLY);
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GArray) few = xh_store_query_rids (small, query, 0, &error);
  for (guint i = 0; i + SCREEN < few->len; i += few->len / 100)
    fetch_rows (small, kind, (gint64 *) few->data + i, SCREEN);
  floor = bench_memory_mb ("VmRSS");

  g_autoptr (XhStore) store = bench_store (catalog, HOUSEHOLDS, XH_STORE_READ_ONLY);
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, 0, &error);
  if (rids == NULL)
    g_error ("%s", error->message);
  for (guint i = 0; i + SCREEN < rids->len; i += rids->len / 1000)
    fetch_rows (store, kind, (gint64 *) rids->data + i, SCREEN);
  bench_report ("list-memory", bench_memory_mb ("VmRSS"), "MB", rids->len, floor, "the same with 10,000 records", NULL);
}

static double
measure_sorted (XhStore *store, const XhKind *kind, const XhQuery *query)
{
  g_autoptr (GError) error = NULL;
  double start = bench_seconds ();
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, SCREEN, &error);

  if (rids == NULL)
    g_error ("%s", error->message);
  fetch_rows (store, kind, (gint64 *) rids->data, rids->len);
  return (bench_seconds () - start) * 1000;
}

void
bench_list_sort (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (XhStore) store = bench_store (catalog, HOUSEHOLDS, XH_STORE_CLIENT);
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autofree char *extra = NULL;
  double before = 0, after = 0, making, start, floor;
  const char *column = NULL;

  g_autoptr (XhQuery) query = xh_query_new (kind);
  for (guint i = 0; column == NULL && i < kind->list_fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->list_fields, i);

      xh_query_sort (query, field->name, TRUE);
      if (xh_store_wants_order (store, query))
        column = field->name;
    }
  if (column == NULL)
    g_error ("every column of the list has an index");
  before = measure_sorted (store, kind, query);
  if (!xh_store_begin (store, &error))
    g_error ("%s", error->message);
  start = bench_seconds ();
  if (!xh_store_make_order (store, query, &error))
    g_error ("%s", error->message);
  making = (bench_seconds () - start) * 1000;
  measure_sorted (store, kind, query);
  after = measure_sorted (store, kind, query);
  xh_store_rollback (store); /* the next run starts as this one did */

  bench_count (xh_store_get_db (store), "SELECT count(*) FROM (SELECT rid FROM k_household LIMIT 50)");
  start = bench_seconds ();
  bench_count (xh_store_get_db (store), "SELECT count(*) FROM (SELECT rid FROM k_household LIMIT 50)");
  floor = (bench_seconds () - start) * 1000;
  extra = g_strdup_printf ("\"column\":\"%s\",\"before\":%.4g,\"making\":%.4g", column, before, making);
  bench_report ("list-sort", after, "ms", HOUSEHOLDS, floor, "fifty keys by plain SQLite", extra);
}
