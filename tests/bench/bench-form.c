/* SPDX-License-Identifier: GPL-3.0-or-later */

/* form-edit: one field of a rating is changed, with every computed value, check, relevance and the score that hang on it. */
#include "bench.h"

#include "model/xh-form.h"

#define EDITS 20000

static gboolean
keep_last (XhRecord *record, gpointer data, GError **error)
{
  XhRecord **kept = data;

  if (g_str_equal (record->kind->name, "rating"))
    {
      g_clear_pointer (kept, xh_record_free);
      *kept = xh_record_copy (record);
    }
  return TRUE;
}

/* The floor: SQLite changing one column of one row and reading one expression back. */
static double
measure_floor (void)
{
  sqlite3 *db;
  sqlite3_stmt *update, *read;
  double start;

  sqlite3_open (":memory:", &db);
  sqlite3_exec (db, "CREATE TABLE t(a, b, c); INSERT INTO t VALUES (1, 2, 3)", NULL, NULL, NULL);
  sqlite3_prepare_v2 (db, "UPDATE t SET a = ?", -1, &update, NULL);
  sqlite3_prepare_v2 (db, "SELECT a + b * c FROM t", -1, &read, NULL);
  start = bench_seconds ();
  for (guint i = 0; i < EDITS; i++)
    {
      sqlite3_bind_int (update, 1, (int) i);
      sqlite3_step (update);
      sqlite3_reset (update);
      sqlite3_step (read);
      sqlite3_reset (read);
    }
  start = bench_seconds () - start;
  sqlite3_finalize (update);
  sqlite3_finalize (read);
  sqlite3_close (db);
  return start / EDITS * 1e6;
}

static double
measure_edits (XhForm *form, const char *field, const XhValue *a, const XhValue *b)
{
  g_autoptr (GError) error = NULL;
  double start = bench_seconds ();

  for (guint i = 0; i < EDITS; i++)
    if (!xh_form_set (form, field, i & 1 ? a : b, &error))
      g_error ("%s: %s", field, error->message);
  return (bench_seconds () - start) / EDITS * 1e6;
}

/* Two values of the field that are both right. */
static gboolean
find_two_values (const XhField *field, XhValue *a, XhValue *b)
{
  if (field->type == XH_FIELD_INTEGER)
    {
      xh_value_set_integer (a, 1);
      xh_value_set_integer (b, 2);
      return TRUE;
    }
  if (field->type == XH_FIELD_CHOICE && field->choices->len > 1)
    {
      xh_value_set_text (a, ((XhChoice *) g_ptr_array_index (field->choices, 0))->code);
      xh_value_set_text (b, ((XhChoice *) g_ptr_array_index (field->choices, 1))->code);
      return TRUE;
    }
  return FALSE;
}

void
bench_form_edit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "rating");
  XhDemoOptions options = { .seed = 1, .households = 40, .ratings = TRUE };
  g_autoptr (XhRecord) record = NULL;
  g_autoptr (XhForm) form = xh_form_new (kind, "assessor");
  double sum = 0, worst = 0;
  guint n = 0;
  const char *slowest = "";
  g_autofree char *extra = NULL;

  if (!xh_demo_generate (catalog, &options, keep_last, &record, &error))
    g_error ("%s", error->message);
  g_free (record->state);
  record->state = g_strdup (((XhState *) g_ptr_array_index (kind->states, 0))->name);
  xh_form_load (form, record, NULL, FALSE);
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);
      g_auto (XhValue) a = XH_VALUE_INIT, b = XH_VALUE_INIT;
      double us;

      if (!xh_form_is_editable (form, field->name) || !xh_form_is_relevant (form, field->name) ||
          !find_two_values (field, &a, &b))
        continue;
      us = measure_edits (form, field->name, &a, &b);
      sum += us;
      n++;
      if (us > worst)
        worst = us, slowest = field->name;
    }
  extra = g_strdup_printf ("\"fields\":%u,\"worst\":%.3g,\"worst_field\":\"%s\"", kind->fields->len, worst, slowest);
  bench_report ("form-edit", sum / n, "µs", n, measure_floor (), "one UPDATE and one SELECT of SQLite", extra);
}
