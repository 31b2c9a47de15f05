/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-quality-job.h"

#include <glib/gi18n-lib.h>

#include "report/xh-sheet-writer.h"

typedef struct
{
  XhCatalog *catalog;      /* (owned) */
  const XhKind *kind;
  char *store_path, *role; /* (owned) */
  XhQualityTally *tally;   /* (owned) */

  XhQualityResult *result; /* (owned) (nullable) of a scan under way */

  char *unit, *path;       /* (owned) (nullable) of an export */
  guint types;
  XhSheetWriter *writer;   /* (owned) (nullable) while it writes */
} Job;

XhQualityTally *
xh_quality_tally_new (void)
{
  XhQualityTally *tally = g_new0 (XhQualityTally, 1);

  g_atomic_ref_count_init (&tally->refs);

  return tally;
}

XhQualityTally *
xh_quality_tally_ref (XhQualityTally *tally)
{
  g_atomic_ref_count_inc (&tally->refs);

  return tally;
}

void
xh_quality_tally_unref (XhQualityTally *tally)
{
  if (g_atomic_ref_count_dec (&tally->refs))
    g_free (tally);
}

void
xh_quality_result_free (XhQualityResult *result)
{
  g_hash_table_unref (result->units);
  g_ptr_array_unref (result->findings);
  g_free (result);
}

static Job *
job_new (XhSession *session, const XhKind *kind, XhQualityTally *tally)
{
  Job *job = g_new0 (Job, 1);

  job->catalog = xh_catalog_ref (xh_session_get_catalog (session));
  job->kind = kind;
  job->store_path = xh_desk_store_path (xh_session_get_desk (session));
  job->role = g_strdup (xh_session_get_role (session));
  job->tally = xh_quality_tally_ref (tally);

  return job;
}

static void
job_free (Job *job)
{
  xh_catalog_unref (job->catalog);
  xh_quality_tally_unref (job->tally);
  g_clear_pointer (&job->result, xh_quality_result_free);
  g_clear_pointer (&job->writer, xh_sheet_writer_free);
  g_free (job->store_path);
  g_free (job->role);
  g_free (job->unit);
  g_free (job->path);
  g_free (job);
}

/* --- in the thread --- */

static void
progress_cb (gint64 done, gint64 total, gpointer data)
{
  Job *job = data;

  g_atomic_int_set (&job->tally->total, (gint) MIN (total, G_MAXINT));
  g_atomic_int_set (&job->tally->done, (gint) MIN (done, G_MAXINT));
}

static void
count_unit (XhQualityResult *result, const char *unit)
{
  const char *key = unit != NULL ? unit : "";
  gint64 *n = g_hash_table_lookup (result->units, key);

  if (n == NULL)
    {
      n = g_new0 (gint64, 1);
      g_hash_table_insert (result->units, g_strdup (key), n);
    }
  (*n)++;
}

static gboolean
keep_cb (XhFinding *finding, gpointer data, GError **error)
{
  XhQualityResult *result = ((Job *) data)->result;

  count_unit (result, finding->unit);
  if (result->counts[finding->type]++ < XH_QUALITY_KEPT)
    g_ptr_array_add (result->findings, finding);
  else
    {
      result->all_kept = FALSE;
      xh_finding_free (finding);
    }

  return TRUE;
}

static gboolean
scan (Job *job, XhFindingFunc func, GCancellable *cancellable, GError **error)
{
  g_autoptr (XhStore) store = xh_store_open (job->store_path, job->catalog, XH_STORE_READ_ONLY, error);
  gboolean done;

  if (store == NULL)
    return FALSE;
  xh_store_set_cancellable (store, cancellable);
  done = xh_quality_scan (store, job->kind, job->role, func, progress_cb, job, error);
  xh_store_set_cancellable (store, NULL);

  return done;
}

static void
scan_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  job->result = g_new0 (XhQualityResult, 1);
  job->result->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  job->result->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_finding_free);
  job->result->all_kept = TRUE;
  if (!scan (job, keep_cb, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  job->result->n_records = g_atomic_int_get (&job->tally->total);
  g_task_return_pointer (task, g_steal_pointer (&job->result), (GDestroyNotify) xh_quality_result_free);
}

static gboolean
is_wanted (Job *job, const XhFinding *finding)
{
  return (job->types & (1u << finding->type)) != 0
         && (job->unit == NULL || g_str_equal (job->unit, finding->unit != NULL ? finding->unit : ""));
}

static gboolean
write_cb (XhFinding *owned, gpointer data, GError **error)
{
  g_autoptr (XhFinding) finding = owned;
  Job *job = data;
  const XhUnit *unit = xh_units_find (xh_catalog_get_units (job->catalog), finding->unit);
  const XhField *field = finding->field != NULL ? xh_kind_find_field (job->kind, finding->field) : NULL;

  if (!is_wanted (job, finding))
    return TRUE;
  xh_sheet_writer_text (job->writer, 0, unit != NULL ? unit->name : finding->unit != NULL ? finding->unit : "");
  xh_sheet_writer_text (job->writer, 1, finding->title);
  xh_sheet_writer_text (job->writer, 2, field != NULL ? xh_label_get (&field->label) : "");
  xh_sheet_writer_text (job->writer, 3, finding->message);
  xh_sheet_writer_text (job->writer, 4, finding->id);

  return xh_sheet_writer_next (job->writer, error);
}

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  const XhSheetColumn columns[] = {
    { .title = _("Unit"), .width = 24 },  { .title = _("Record"), .width = 40 }, { .title = _("Field"), .width = 20 },
    { .title = _("Problem"), .width = 60 }, { .title = _("Record ID"), .width = 38 },
  };
  GError *error = NULL;
  guint n;

  job->writer = xh_sheet_writer_new (job->path, xh_label_get (&job->kind->label), columns, G_N_ELEMENTS (columns), &error);
  if (job->writer == NULL || !scan (job, write_cb, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  n = xh_sheet_writer_rows (job->writer);
  if (xh_sheet_writer_close (job->writer, &error))
    g_task_return_int (task, n);
  else
    g_task_return_error (task, error);
}

/* --- on the main thread --- */

void
xh_quality_job_async (XhSession *session, const XhKind *kind, XhQualityTally *tally, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);

  g_task_set_source_tag (task, xh_quality_job_async);
  g_task_set_task_data (task, job_new (session, kind, tally), (GDestroyNotify) job_free);
  g_task_run_in_thread (task, scan_thread);
}

XhQualityResult *
xh_quality_job_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
xh_quality_export_async (XhSession *session, const XhKind *kind, const char *unit, guint types, const char *path, XhQualityTally *tally,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Job *job = job_new (session, kind, tally);

  job->unit = g_strdup (unit);
  job->types = types;
  job->path = g_strdup (path);
  g_task_set_source_tag (task, xh_quality_export_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, export_thread);
}

gssize
xh_quality_export_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}
