/* SPDX-License-Identifier: GPL-3.0-or-later */

/* import-100k: a sheet of 100,000 penalties with the columns of the national standard into a client's store, each row judged by the form,
 * with its outbox row; floor: reading the same sheet cell by cell. import-again: the same sheet once more, nothing to be stored.
 * export-100k: all of them into a sheet; floor: libxlsxwriter writing the same cells. */
#include "bench.h"

#include <glib/gstdio.h>
#include <stdio.h>

#include "model/xh-identifiers.h"
#include "report/xh-export.h"
#include "report/xh-import.h"
#include "report/xh-sheet-writer.h"

#define ROWS 100000

static const char *const titles[] = { "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR",
                                      "CF_NR_FK", "CF_JDRQ", "CF_YXQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ" };

static char *
make_uscc (const char *start, guint number)
{
  g_autofree char *body = g_strdup_printf ("%s%09u", start, number);

  return g_strdup_printf ("%s%c", body, xh_uscc_check_character (body));
}

static void
write_sheet (const char *path)
{
  XhSheetColumn columns[G_N_ELEMENTS (titles)] = { 0 };
  g_autoptr (XhSheetWriter) writer = NULL;
  g_autofree char *authority = make_uscc ("11410421", 5501);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    columns[i].title = titles[i];
  writer = xh_sheet_writer_new (path, NULL, columns, G_N_ELEMENTS (titles), NULL);
  for (guint row = 0; row < ROWS; row++)
    {
      g_autofree char *name = g_strdup_printf ("宝丰县演示%u商贸有限公司", row), *code = make_uscc ("91410421", row), *number = g_strdup_printf ("宝市监罚%u号", row);
      g_autofree char *day = g_strdup_printf ("2025-%02u-%02u", row % 12 + 1, row % 28 + 1);
      const char *const cells[] = { name, "法人及非法人组织", code, "演示法人", number, "销售不合格产品", "演示：货架上有过期食品。", "《中华人民共和国食品安全法》第一百二十四条",
                                    "警告；罚款", "警告，并处罚款。", "1.5", day, "2099-12-31", "宝丰县市场监督管理局", authority, "宝丰县市场监督管理局", authority, "演示" };

      for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
        xh_sheet_writer_text (writer, i, cells[i]);
      if (!xh_sheet_writer_next (writer, NULL))
        g_error ("no room for a sheet");
    }
  if (!xh_sheet_writer_close (writer, NULL))
    g_error ("no room for a sheet");
}

static double
measure_reading (const char *path)
{
  const double start = bench_cpu_seconds ();
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open (path, NULL);
  const XhCell *cells;
  guint n, row, rows = 0;

  while (xh_sheet_reader_next (reader, &cells, &n, &row, NULL))
    rows++;
  g_assert_cmpuint (rows, >, ROWS);
  return bench_cpu_seconds () - start;
}

static double
measure_import (XhStore *store, const XhKind *kind, const char *path, guint added)
{
  g_autoptr (GError) error = NULL;
  const XhImportOptions options = { .apply = TRUE, .author = "bench" };
  const double start = bench_cpu_seconds ();
  g_autoptr (XhImportPlan) plan = xh_import_plan_new (kind, path, NULL, &error);
  g_autoptr (XhImportResult) result = plan != NULL ? xh_import_run (plan, store, &options, NULL, &error) : NULL;

  if (result == NULL || result->added != added || result->faulty > 0)
    g_error ("%s", error != NULL ? error->message : "the import does not count right");
  return bench_cpu_seconds () - start;
}

/* The same cells as they stand in the exported sheet, written without anything else. */
static double
measure_writing (const char *exported, const char *path)
{
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open (exported, NULL);
  XhSheetColumn columns[200] = { 0 };
  g_autoptr (XhSheetWriter) writer = NULL;
  const XhCell *cells;
  guint n, row;
  double start, reading = measure_reading (exported);

  start = bench_cpu_seconds ();
  while (xh_sheet_reader_next (reader, &cells, &n, &row, NULL))
    {
      for (guint i = 0; writer == NULL && i < n; i++)
        columns[i].title = "x";
      if (writer == NULL)
        writer = xh_sheet_writer_new (path, NULL, columns, n, NULL);
      for (guint i = 0; i < n; i++)
        xh_sheet_writer_text (writer, i, cells[i].text);
      xh_sheet_writer_next (writer, NULL);
    }
  xh_sheet_writer_close (writer, NULL);
  return bench_cpu_seconds () - start - reading;
}

static void
report (const char *name, double seconds, double floor, const char *floor_is)
{
  g_autofree char *extra = g_strdup_printf ("\"hwm_mb\": %.0f", bench_memory_mb ("VmHWM"));

  bench_report (name, ROWS / seconds, "rows/s", ROWS, ROWS / floor, floor_is, extra);
}

void
bench_sheet (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "penalty");
  g_autofree char *sheet = g_strdup_printf ("%s/sheet.xlsx", g_getenv ("BENCH_DATA")), *exported = g_strdup_printf ("%s/exported.xlsx", g_getenv ("BENCH_DATA"));
  g_autofree char *plain = g_strdup_printf ("%s/plain.xlsx", g_getenv ("BENCH_DATA")), *path = g_strdup_printf ("%s/sheet.db", g_getenv ("BENCH_DATA"));
  const XhExportOptions options = { 0 };
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (XhStore) store = NULL;
  double reading, start, seconds;

  g_unlink (path);
  store = xh_store_open (path, catalog, XH_STORE_CLIENT, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  write_sheet (sheet);
  reading = measure_reading (sheet);
  report ("import-100k", measure_import (store, kind, sheet, ROWS), reading, "reading the sheet");
  report ("import-again", measure_import (store, kind, sheet, 0), reading, "reading the sheet");
  start = bench_cpu_seconds ();
  if (xh_export_query (store, kind, query, exported, &options, NULL, &error) != ROWS)
    g_error ("%s", error != NULL ? error->message : "records are missing");
  seconds = bench_cpu_seconds () - start;
  report ("export-100k", seconds, measure_writing (exported, plain), "writing the same cells as text");
  g_clear_pointer (&store, xh_store_close);
  g_unlink (path);
  g_unlink (sheet);
  g_unlink (exported);
  g_unlink (plain);
}
