/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-import-job.h"

#include <string.h>

typedef struct
{
  XhSession *session;   /* (owned) */
  XhCatalog *catalog;   /* (owned) */
  const XhKind *kind;
  char *store_path, *path, *sheet, *role, *login, *division, *unit; /* (owned) (nullable) */
  XhImportPlan *plan;   /* (not owned) of a run */
  gboolean apply;
  GArray *rids;         /* (owned) (nullable) */
  gint64 epoch;         /* of the rids */
  XhExportFlags flags;
  GCancellable *cancellable; /* (owned) (nullable) */
  XhImportJobProgress import_progress;
  XhExportJobProgress export_progress;
  gpointer progress_data;
  gint64 told;
} Job;

static Job *
job_new (XhSession *session, const XhKind *kind, const char *path, GCancellable *cancellable)
{
  Job *job = g_new0 (Job, 1);
  const XhProfile *profile = xh_session_get_profile (session);

  job->session = g_object_ref (session);
  job->catalog = xh_catalog_ref (xh_session_get_catalog (session));
  job->kind = kind;
  job->path = g_strdup (path);
  job->store_path = xh_desk_store_path (xh_session_get_desk (session));
  job->role = g_strdup (xh_session_get_role (session));
  job->login = g_strdup (profile->login);
  job->division = g_strdup (profile->division);
  job->unit = g_strdup (profile->unit);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  return job;
}

static void
job_free (Job *job)
{
  g_object_unref (job->session);
  xh_catalog_unref (job->catalog);
  g_clear_pointer (&job->rids, g_array_unref);
  g_clear_object (&job->cancellable);
  g_free (job->path);
  g_free (job->sheet);
  g_free (job->store_path);
  g_free (job->role);
  g_free (job->login);
  g_free (job->division);
  g_free (job->unit);
  g_free (job);
}

/* --- progress, carried over to the main thread */

typedef struct
{
  GTask *task; /* (owned) keeps the job */
  double share;
  XhImportResult counts;
  guint done, all;
} News;

static void
news_free (News *news)
{
  g_object_unref (news->task);
  g_free (news);
}

static gboolean
tell_cb (gpointer data)
{
  News *news = data;
  Job *job = g_task_get_task_data (news->task);

  if (g_task_get_completed (news->task) || g_cancellable_is_cancelled (job->cancellable))
    return G_SOURCE_REMOVE;
  if (job->import_progress != NULL)
    job->import_progress (news->share, &news->counts, job->progress_data);
  else if (job->export_progress != NULL)
    job->export_progress (news->done, news->all, job->progress_data);
  return G_SOURCE_REMOVE;
}

static void
send_news (GTask *task, News *news)
{
  news->task = g_object_ref (task);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell_cb, news, (GDestroyNotify) news_free);
}

static void
import_progress_cb (double share, const XhImportResult *result, gpointer data)
{
  News *news = g_new0 (News, 1);

  news->share = share;
  news->counts = *result;
  memset (news->counts.samples, 0, sizeof news->counts.samples);
  send_news (data, news);
}

static void
export_progress_cb (guint done, guint all, gpointer data)
{
  Job *job = g_task_get_task_data (data);
  gint64 now = g_get_monotonic_time ();
  News *news;

  if (now - job->told < G_USEC_PER_SEC / 10)
    return;
  job->told = now;
  news = g_new0 (News, 1);
  news->done = done;
  news->all = all;
  send_news (data, news);
}

/* --- plan */

static void
plan_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  XhImportPlan *plan = xh_import_plan_new_of_sheet (job->kind, job->path, job->sheet, job->role, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, (GDestroyNotify) xh_import_plan_free);
  else
    g_task_return_error (task, error);
}

void
xh_import_job_plan_async (XhSession *session, const XhKind *kind, const char *path, const char *sheet, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Job *job = job_new (session, kind, path, cancellable);

  job->sheet = g_strdup (sheet);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, plan_thread);
}

XhImportPlan *
xh_import_job_plan_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- run */

static void
run_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (XhStore) store = xh_store_open (job->store_path, job->catalog, job->apply ? XH_STORE_CLIENT : XH_STORE_READ_ONLY, &error);
  XhImportOptions options = { .apply = job->apply, .author = job->login, .division = job->division, .unit = job->unit, .errors_path = job->path,
                              .max_samples = 100, .progress = import_progress_cb, .progress_data = task };
  XhImportResult *result = store != NULL ? xh_import_run (job->plan, store, &options, cancellable, &error) : NULL;

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) xh_import_result_free);
  else
    g_task_return_error (task, error);
}

void
xh_import_job_run_async (XhSession *session, XhImportPlan *plan, gboolean apply, const char *errors_path, XhImportJobProgress progress,
                         gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Job *job = job_new (session, xh_import_plan_get_kind (plan), errors_path, cancellable);

  job->plan = plan;
  job->apply = apply;
  job->import_progress = progress;
  job->progress_data = progress_data;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  /* A run that was stopped has a result: what went in before. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_thread);
}

XhImportResult *
xh_import_job_run_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  XhImportResult *outcome = g_task_propagate_pointer (G_TASK (result), error);
  const char *const kinds[] = { job->kind->name, NULL };

  /* Also after a fault: what was stored before it stays. */
  if (job->apply)
    xh_session_saved (session, kinds);
  return outcome;
}

/* --- export */

static void
export_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (XhStore) store = NULL;
  XhExportOptions options = { .role = job->role, .flags = job->flags, .progress = export_progress_cb, .progress_data = task };
  int n = -1;

  if (job->rids == NULL)
    n = xh_export_template (job->kind, job->role, job->path, &error) ? 0 : -1;
  /* All of one moment, which ends with the connection: a snapshot that is adopted meanwhile changes no row of it. */
  else if ((store = xh_store_open (job->store_path, job->catalog, XH_STORE_READ_ONLY, &error)) != NULL
           && xh_store_begin_read (store, &error)
           && xh_store_check_epoch (store, job->epoch, &error))
    n = xh_export_rids (store, job->kind, (const gint64 *) (gpointer) job->rids->data, job->rids->len, job->path, &options, cancellable, &error);
  if (n >= 0)
    g_task_return_int (task, n);
  else
    g_task_return_error (task, error);
}

void
xh_export_job_async (XhSession *session, const XhKind *kind, GArray *rids, gint64 epoch, const char *path, XhExportFlags flags,
                     XhExportJobProgress progress, gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Job *job = job_new (session, kind, path, cancellable);

  job->rids = rids != NULL ? g_array_ref (rids) : NULL;
  job->epoch = epoch;
  job->flags = flags;
  job->export_progress = progress;
  job->progress_data = progress_data;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, export_thread);
}

int
xh_export_job_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}
