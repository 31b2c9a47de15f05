/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bench.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void
bench_report (const char *name, double value, const char *unit, guint64 n, double floor, const char *floor_is,
              const char *extra_json)
{
  gboolean rate = g_str_has_suffix (unit, "/s");

  printf ("{\"name\":\"%s\",\"value\":%.6g,\"unit\":\"%s\",\"n\":%" G_GUINT64_FORMAT
          ",\"floor\":%.6g,\"floor_is\":\"%s\",\"ratio\":%.3g%s%s}\n",
          name, value, unit, n, floor, floor_is, rate ? floor / value : value / floor, extra_json ? "," : "",
          extra_json ? extra_json : "");
  fflush (stdout);
}

double
bench_seconds (void)
{
  return g_get_monotonic_time () / 1e6;
}

double
bench_cpu_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
bench_percentile (double *samples, guint n, double p)
{
  qsort (samples, n, sizeof *samples, compare_doubles);
  return samples[MIN (n - 1, (guint) (p * n))];
}

double
bench_memory_mb (const char *field)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    g_error ("no /proc/self/status");
  line = strstr (status, field);
  return line ? g_ascii_strtod (line + strlen (field) + 1, NULL) / 1024 : 0;
}

XhCatalog *
bench_catalog (void)
{
  g_autoptr (GError) error = NULL;
  XhCatalog *catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);

  if (catalog == NULL)
    g_error ("%s", error->message);
  return catalog;
}

char *
bench_store_path (guint households)
{
  return g_strdup_printf ("%s/store-%u.db", g_getenv ("BENCH_DATA"), households);
}

typedef struct { XhStore *store; guint n; } Filling;

/* A write-ahead log of three million records would cost more than it saves. */
#define RECORDS_A_COMMIT 20000

static gboolean
put_record (XhRecord *record, gpointer data, GError **error)
{
  Filling *filling = data;

  if (++filling->n % RECORDS_A_COMMIT == 0 && !(xh_store_commit (filling->store, error) && xh_store_begin (filling->store, error)))
    return FALSE;
  return xh_store_put (filling->store, record, error);
}

static void
fill_store (XhCatalog *catalog, const char *path, guint households)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *partial = g_strconcat (path, ".part", NULL);
  XhDemoOptions options = { .seed = 1, .households = households, .ratings = TRUE, .no_explanations = TRUE };
  g_autoptr (XhStore) store = NULL;
  Filling filling = { NULL, 0 };

  remove (partial);
  filling.store = store = xh_store_open (partial, catalog, XH_STORE_CLIENT, &error);
  if (store == NULL || !xh_store_begin (store, &error) ||
      !xh_demo_generate (catalog, &options, put_record, &filling, &error) || !xh_store_commit (store, &error) ||
      !xh_store_index (store, 0, NULL, &error))
    g_error ("%s", error->message);
  sqlite3_exec (xh_store_get_db (store), "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
  g_clear_pointer (&store, xh_store_close);
  if (rename (partial, path) != 0)
    g_error ("cannot rename %s", partial);
}

XhStore *
bench_store (XhCatalog *catalog, guint households, XhStoreFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = bench_store_path (households);
  XhStore *store;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    fill_store (catalog, path, households);
  store = xh_store_open (path, catalog, flags, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  return store;
}

gint64
bench_count (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement;
  gint64 n = 0;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  while (sqlite3_step (statement) == SQLITE_ROW)
    n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

static const struct
{
  const char *name;
  void (*run) (void);
} BENCHES[] = {
  { "score", bench_score }, { "search", bench_search }, { "list-open", bench_list }, { "list-memory", bench_list_memory }, { "list-sort", bench_list_sort },
  { "form-edit", bench_form_edit }, { "put", bench_put }, { "sync", bench_sync },
  { "my-work", bench_my_work }, { "list-mixed", bench_list_mixed }, { "form-open", bench_form_open },
  { "sheet", bench_sheet },
  { "first-sync-100k", bench_first_sync_100k }, { "first-sync-1m", bench_first_sync_1m },
  { "sync-read-latency", bench_sync_read_latency }, { "sync-memory", bench_sync_memory }, { "sync-child", bench_sync_child },
};

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  for (guint i = 0; i < G_N_ELEMENTS (BENCHES); i++)
    if ((argc < 2 && strcmp (BENCHES[i].name, "sync-child") != 0) || (argc > 1 && g_strv_contains ((const char *const *) argv + 1, BENCHES[i].name)))
      BENCHES[i].run ();
  return 0;
}
