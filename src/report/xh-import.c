/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-import.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "xh-import-private.h"
#include "xh-sheet-writer.h"

#define ROWS_A_COMMIT 500
#define PROGRESS_EVERY (G_USEC_PER_SEC / 10)

typedef struct
{
  XhImportPlan *plan;
  const XhImportOptions *options;
  XhStore *store;
  XhJudge judge;
  XhSheetReader *reader;  /* (owned) */
  XhSheetWriter *errors;  /* (owned) (nullable) */
  XhImportResult *result; /* (owned) */
  guint in_transaction;   /* rows since it was begun; 0: none is open */
  gint64 started, told;
} Run;

static void
row_free (gpointer data)
{
  XhImportRow *row = data;

  g_strfreev (row->cells);
  g_clear_pointer (&row->faults, g_ptr_array_unref);
  g_clear_pointer (&row->changes, g_ptr_array_unref);
  g_free (row);
}

static void
change_free (gpointer data)
{
  XhRowChange *change = data;

  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

void
xh_import_result_free (XhImportResult *result)
{
  if (result == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (result->samples); i++)
    g_clear_pointer (&result->samples[i], g_ptr_array_unref);
  g_free (result);
}

static void
run_clear (Run *self)
{
  xh_judge_clear (&self->judge);
  g_clear_pointer (&self->reader, xh_sheet_reader_free);
  g_clear_pointer (&self->errors, xh_sheet_writer_free);
  g_clear_pointer (&self->result, xh_import_result_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* --- the sheet of faulty rows */

static gboolean
open_errors (Run *self, GError **error)
{
  GPtrArray *columns = self->plan->columns;
  g_autofree XhSheetColumn *sheet = g_new0 (XhSheetColumn, columns->len + 1);

  for (guint i = 0; i < columns->len; i++)
    {
      const XhImportColumn *column = g_ptr_array_index (columns, i);

      sheet[i].title = column->title;
      sheet[i].hidden = column->use == XH_IMPORT_KEY || column->use == XH_IMPORT_STAMP;
      sheet[i].width = column->use == XH_IMPORT_REASON ? 1 : 14;
      if (column->use == XH_IMPORT_REASON)
        sheet[i].title = "";
    }
  sheet[columns->len].title = XH_SHEET_REASON;
  sheet[columns->len].width = 60;
  self->errors = xh_sheet_writer_new (self->options->errors_path, _("To correct"), sheet, columns->len + 1, error);
  return self->errors != NULL;
}

static char *
describe_faults (const XhJudge *judge)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < judge->faults->len; i++)
    {
      const XhRowFault *fault = g_ptr_array_index (judge->faults, i);

      g_string_append_printf (text, "%s%s%s%s", i > 0 ? "\n" : "", fault->label != NULL && fault->column >= 0 ? fault->label : "",
                              fault->label != NULL && fault->column >= 0 ? _(": ") : "", fault->message);
    }
  return g_string_free (text, FALSE);
}

static void
write_cell (Run *self, guint column, const XhCell *cell)
{
  if (cell->type == XH_CELL_NUMBER && strlen (cell->text) <= 15)
    xh_sheet_writer_number (self->errors, column, cell->number, cell->text);
  else if (cell->type == XH_CELL_DATE && strlen (cell->text) == 10)
    xh_sheet_writer_date (self->errors, column, cell->text);
  else
    xh_sheet_writer_text (self->errors, column, cell->text);
}

static gboolean
write_faulty (Run *self, GError **error)
{
  const XhJudge *judge = &self->judge;
  guint n = self->plan->columns->len;
  g_autofree char *reason = NULL;

  if (self->options->errors_path == NULL)
    return TRUE;
  if (self->errors == NULL && !open_errors (self, error))
    return FALSE;
  for (guint i = 0; i < MIN (n, judge->n_cells); i++)
    if (((XhImportColumn *) self->plan->columns->pdata[i])->use != XH_IMPORT_REASON)
      write_cell (self, i, &judge->cells[i]);
  for (guint i = 0; i < judge->faults->len; i++)
    {
      const XhRowFault *fault = g_ptr_array_index (judge->faults, i);

      if (fault->column >= 0)
        xh_sheet_writer_mark (self->errors, (guint) fault->column, NULL, fault->message);
    }
  reason = describe_faults (judge);
  xh_sheet_writer_text (self->errors, n, reason);
  return xh_sheet_writer_next (self->errors, error);
}

/* --- samples */

static char *
read_text (const XhField *field, const XhValue *value)
{
  if (field->type == XH_FIELD_TABLE && !field->sensitive)
    return xh_table_text (field, xh_value_as_text (value));
  return xh_field_format (field, value, field->sensitive);
}

static GPtrArray *
describe_changes (const XhJudge *judge)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (change_free);

  for (guint i = 0; judge->changed != NULL && judge->present != NULL && i < judge->changed->len; i++)
    {
      const XhField *field = xh_kind_find_field (judge->plan->kind, judge->changed->pdata[i]);
      XhRowChange *change;

      if (field == NULL)
        continue;
      change = g_new0 (XhRowChange, 1);
      change->field = field;
      change->before = read_text (field, &judge->present->values[field->index]);
      change->after = read_text (field, &judge->result->values[field->index]);
      g_ptr_array_add (changes, change);
    }
  return changes;
}

static void
keep_sample (Run *self, XhRowVerdict verdict)
{
  XhJudge *judge = &self->judge;
  XhImportRow *row;
  guint n = self->plan->columns->len;

  if (self->result->samples[verdict]->len >= self->options->max_samples)
    return;
  row = g_new0 (XhImportRow, 1);
  row->number = judge->number;
  row->verdict = verdict;
  row->cells = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    row->cells[i] = g_strdup (i < judge->n_cells ? judge->cells[i].text : "");
  if (verdict == XH_ROW_FAULTY)
    {
      row->faults = g_steal_pointer (&judge->faults);
      judge->faults = g_ptr_array_new_with_free_func (xh_row_fault_free);
    }
  else if (verdict == XH_ROW_CHANGED)
    row->changes = describe_changes (judge);
  g_ptr_array_add (self->result->samples[verdict], row);
}

/* --- storing */

/* FALSE with *message: refused; FALSE with @error: the store failed. */
static gboolean
save (Run *self, char **field, char **message, GError **error)
{
  XhJudge *judge = &self->judge;
  gint64 base = judge->present != NULL ? judge->present->version : 0;
  g_autoptr (GError) failure = NULL;

  if (self->options->save != NULL)
    return self->options->save (self->store, judge->result, judge->changed, base, self->options->save_data, field, message, error);
  if (xh_store_save (self->store, judge->result, judge->changed, self->options->author, &failure))
    return TRUE;
  if (g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_UNIQUE) || g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_INVALID))
    {
      *message = g_strdup (failure->message);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
commit (Run *self, GError **error)
{
  if (self->in_transaction == 0)
    return TRUE;
  self->in_transaction = 0;
  return xh_store_end (self->store, TRUE, error);
}

static void
roll_back (Run *self)
{
  if (self->in_transaction == 0)
    return;
  xh_store_rollback (self->store);
  self->in_transaction = 0;
}

static gboolean
store_row (Run *self, XhRowVerdict *verdict, GError **error)
{
  g_autofree char *field = NULL, *message = NULL;

  if (self->in_transaction == 0 && !xh_store_begin (self->store, error))
    return FALSE;
  self->in_transaction++;
  if (!save (self, &field, &message, error))
    return FALSE;
  if (message != NULL)
    {
      const XhField *found = field != NULL ? xh_kind_find_field (self->plan->kind, field) : NULL;

      xh_judge_fault (&self->judge, found, message);
      *verdict = XH_ROW_FAULTY;
    }
  return self->in_transaction < ROWS_A_COMMIT || commit (self, error);
}

/* --- all rows */

static void
tell (Run *self, gboolean at_once)
{
  gint64 now = g_get_monotonic_time ();

  if (self->options->progress == NULL || (!at_once && now - self->told < PROGRESS_EVERY))
    return;
  self->told = now;
  self->options->progress (at_once ? 1 : xh_sheet_reader_progress (self->reader), self->result, self->options->progress_data);
}

static gboolean
take_row (Run *self, const XhCell *cells, guint n, guint number, GError **error)
{
  XhRowVerdict verdict;
  XhImportResult *result = self->result;

  if (!xh_judge_row (&self->judge, cells, n, number, &verdict, error))
    return FALSE;
  if (self->options->apply && (verdict == XH_ROW_NEW || verdict == XH_ROW_CHANGED) && !store_row (self, &verdict, error))
    return FALSE;
  result->rows++;
  result->added += verdict == XH_ROW_NEW;
  result->changed += verdict == XH_ROW_CHANGED;
  result->same += verdict == XH_ROW_SAME;
  result->faulty += verdict == XH_ROW_FAULTY;
  if (verdict == XH_ROW_FAULTY && !write_faulty (self, error))
    return FALSE;
  keep_sample (self, verdict);
  tell (self, FALSE);
  return TRUE;
}

static gboolean
take_rows (Run *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const XhCell *cells;
  guint n, number;

  while (xh_sheet_reader_next (self->reader, &cells, &n, &number, &failure))
    {
      if (number <= self->plan->first_row)
        continue;
      if (g_cancellable_is_cancelled (cancellable))
        {
          self->result->cancelled = TRUE;
          break;
        }
      if (!take_row (self, cells, n, number, error))
        return FALSE;
    }
  if (failure == NULL)
    return commit (self, error);
  /* What was read before a damaged place is sound. */
  if (commit (self, NULL))
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

XhImportResult *
xh_import_run (XhImportPlan *plan, XhStore *store, const XhImportOptions *options, GCancellable *cancellable, GError **error)
{
  g_auto (Run) self = { .plan = plan, .options = options, .store = store, .started = g_get_monotonic_time () };

  g_return_val_if_fail (plan != NULL && store != NULL && options != NULL, NULL);

  xh_judge_init (&self.judge, plan, options, store);
  self.result = g_new0 (XhImportResult, 1);
  for (guint i = 0; i < G_N_ELEMENTS (self.result->samples); i++)
    self.result->samples[i] = g_ptr_array_new_with_free_func (row_free);
  self.reader = xh_sheet_reader_open_sheet (plan->path, plan->sheet, error);
  if (self.reader == NULL)
    return NULL;
  if (!take_rows (&self, cancellable, error))
    {
      roll_back (&self);
      return NULL;
    }
  if (self.errors != NULL && !xh_sheet_writer_close (self.errors, error))
    return NULL;
  self.result->seconds = (double) (g_get_monotonic_time () - self.started) / G_USEC_PER_SEC;
  tell (&self, TRUE);
  return g_steal_pointer (&self.result);
}
