/* SPDX-License-Identifier: GPL-3.0-or-later */

/* put: records that are ready in memory stored in a new client's store as a pull stores them, then each stored again. CPU time, because
 * bulk is what competes with everything else on the machine. */
#include "bench.h"

#include <stdio.h>

#define HOUSEHOLDS 40000
#define RECORDS_A_COMMIT 5000

static gboolean
keep_record (XhRecord *record, gpointer data, GError **error)
{
  g_ptr_array_add (data, xh_record_copy (record));
  return TRUE;
}

/* CPU seconds. */
static double
measure_put (XhStore *store, GPtrArray *records)
{
  g_autoptr (GError) error = NULL;
  const double start = bench_cpu_seconds ();

  for (guint i = 0; i < records->len; i++)
    {
      const gboolean first = i % RECORDS_A_COMMIT == 0, last = i + 1 == records->len || (i + 1) % RECORDS_A_COMMIT == 0;

      if ((first && !xh_store_begin (store, &error)) || !xh_store_put (store, g_ptr_array_index (records, i), &error)
          || (last && !xh_store_commit (store, &error)))
        g_error ("%s", error->message);
    }
  return bench_cpu_seconds () - start;
}

/* The floor: SQLite copying the same rows with the one index that ids need. */
static double
measure_floor (XhStore *store, const char *path)
{
  const double start = bench_cpu_seconds ();
  g_autofree char *sql = g_strdup_printf ("ATTACH '%s' AS copy; BEGIN; CREATE TABLE copy.record AS SELECT * FROM main.record;"
                                          "CREATE UNIQUE INDEX copy.record_id ON record(id);"
                                          "CREATE TABLE copy.k_household AS SELECT * FROM main.k_household;"
                                          "CREATE TABLE copy.k_rating AS SELECT * FROM main.k_rating;"
                                          "CREATE TABLE copy.k_consent AS SELECT * FROM main.k_consent; COMMIT; DETACH copy",
                                          path);

  remove (path);
  if (sqlite3_exec (xh_store_get_db (store), sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (xh_store_get_db (store)));
  return bench_cpu_seconds () - start;
}

void
bench_put (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_record_free);
  XhDemoOptions options = { .seed = 1, .households = HOUSEHOLDS, .ratings = TRUE, .no_explanations = TRUE };
  g_autofree char *folder = g_dir_make_tmp ("xinheng-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "put.db", NULL), *copy = g_build_filename (folder, "copy.db", NULL);
  g_autofree char *extra = NULL;
  double put, again, index, floor;

  if (!xh_demo_generate (catalog, &options, keep_record, records, &error))
    g_error ("%s", error->message);
  g_autoptr (XhStore) store = xh_store_open (path, catalog, XH_STORE_CLIENT, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  put = measure_put (store, records) / records->len * 1e6;
  again = measure_put (store, records) / records->len * 1e6;
  index = bench_cpu_seconds ();
  if (!xh_store_index (store, 0, NULL, &error))
    g_error ("%s", error->message);
  index = (bench_cpu_seconds () - index) / records->len * 1e6;
  floor = measure_floor (store, copy) / records->len * 1e6;
  extra = g_strdup_printf ("\"again\":%.4g,\"search_index\":%.4g", again, index);
  bench_report ("put", put, "us", records->len, floor, "SQLite copying the same rows", extra);
  g_clear_pointer (&store, xh_store_close);
  remove (path);
  remove (copy);
  remove (folder);
}
