/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bulk.h"

#include <glib/gi18n-lib.h>

#include "model/xh-form.h"

#define PROGRESS_MS 150
#define REFUSED_MAX 200

typedef struct
{
  const XhKind *kind;
  GArray *rids;       /* (owned) of gint64 */
  XhBulkAction action;
  char *transition;   /* (owned) (nullable) */
  char *role, *login; /* (owned) */
  GCancellable *stop; /* (owned) (nullable) */
  gint done;          /* (atomic) */
  XhBulkProgress progress;
  gpointer progress_data;
  guint progress_source;
} Job;

static void
job_free (Job *job)
{
  g_clear_handle_id (&job->progress_source, g_source_remove);
  g_array_unref (job->rids);
  g_free (job->transition);
  g_free (job->role);
  g_free (job->login);
  g_clear_object (&job->stop);
  g_free (job);
}

void
xh_bulk_result_free (XhBulkResult *result)
{
  g_ptr_array_unref (result->refused);
  g_free (result);
}

static void
set_deleted (XhRecord *record, gboolean deleted, GPtrArray **changed)
{
  record->deleted = deleted;
  *changed = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (*changed, g_strdup ("deleted"));
}

static gboolean
take_transition (XhStore *store, Job *job, XhRecord **record, GPtrArray **changed, GError **error)
{
  const guint n_references = job->kind->references->len;
  g_autoptr (XhForm) form = xh_form_new (job->kind, job->role);
  g_autoptr (GPtrArray) names = NULL;
  XhValue *references = xh_value_array_new (n_references);
  gboolean known = xh_store_references (store, *record, references, error);
  gboolean taken;

  if (known)
    xh_form_load (form, *record, references, FALSE);
  taken = known && xh_form_transition (form, job->transition, error);
  xh_value_array_free (references, n_references);
  if (!taken)
    return FALSE;

  xh_record_free (*record);
  *record = xh_record_copy (xh_form_get_record (form));
  /* The names belong to the form. */
  names = xh_form_get_changed (form);
  *changed = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (*changed, g_strdup (g_ptr_array_index (names, i)));

  return TRUE;
}

static gboolean
act (XhStore *store, Job *job, gint64 rid, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load_rid (store, rid, error);
  g_autoptr (GPtrArray) changed = NULL;

  if (record == NULL)
    return FALSE;

  if (job->action == XH_BULK_TRANSITION)
    {
      if (!take_transition (store, job, &record, &changed, error))
        return FALSE;
    }
  else
    set_deleted (record, job->action == XH_BULK_DELETE, &changed);

  return xh_store_save (store, record, changed, job->login, error);
}

static void
add_refused (XhStore *store, XhBulkResult *result, gint64 rid, const GError *fault)
{
  g_autoptr (XhRecord) record = xh_store_load_rid (store, rid, NULL);
  g_autofree char *title = record != NULL ? xh_store_title (store, record->id, NULL) : NULL;

  if (result->refused->len < REFUSED_MAX)
    g_ptr_array_add (result->refused, g_strdup_printf ("%s: %s", title != NULL ? title : "?", fault->message));
  else
    g_ptr_array_add (result->refused, g_strdup (""));
}

static gpointer
run_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  XhBulkResult *result = g_new0 (XhBulkResult, 1);

  result->refused = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < job->rids->len && !g_cancellable_is_cancelled (job->stop); i++)
    {
      const gint64 rid = g_array_index (job->rids, gint64, i);
      g_autoptr (GError) fault = NULL;

      if (act (store, job, rid, &fault))
        result->done++;
      else
        add_refused (store, result, rid, fault);
      g_atomic_int_inc (&job->done);
    }

  return result;
}

static gboolean
progress_cb (gpointer data)
{
  Job *job = data;

  job->progress (g_atomic_int_get (&job->done), job->rids->len, job->progress_data);

  return G_SOURCE_CONTINUE;
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  XhBulkResult *outcome = xh_worker_finish (XH_WORKER (source), result, &error);
  const char *kinds[] = { job->kind->name, NULL };

  g_clear_handle_id (&job->progress_source, g_source_remove);
  if (outcome == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (outcome->done > 0)
    xh_session_saved (g_task_get_source_object (task), kinds);
  g_task_return_pointer (task, outcome, (GDestroyNotify) xh_bulk_result_free);
}

void
xh_bulk_run_async (XhSession *session, const XhKind *kind, GArray *rids, XhBulkAction action, const char *transition,
                   XhBulkProgress progress, gpointer progress_data, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (XH_IS_SESSION (session));

  job->kind = kind;
  job->rids = g_array_ref (rids);
  job->action = action;
  job->transition = g_strdup (transition);
  job->role = g_strdup (xh_session_get_role (session));
  job->login = g_strdup (xh_session_get_profile (session)->login);
  g_set_object (&job->stop, cancellable);
  job->progress = progress;
  job->progress_data = progress_data;
  if (progress != NULL)
    job->progress_source = g_timeout_add (PROGRESS_MS, progress_cb, job);

  g_task_set_source_tag (task, xh_bulk_run_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  /* The cancellable stops between records, never within a write: the worker does not get it. */
  xh_worker_run (xh_session_get_writer (session), G_PRIORITY_DEFAULT, run_in_writer, job, NULL,
                 (GDestroyNotify) xh_bulk_result_free, NULL, run_cb, task);
}

XhBulkResult *
xh_bulk_run_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
