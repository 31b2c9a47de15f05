/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-worker.h"

#include <glib/gi18n-lib.h>

#include "xh-store-private.h"

#define IDLE_AFTER 300000 /* µs without a job until waiting rows are indexed */
#define IDLE_ROWS  500    /* indexed between two looks at the queue: about 10 ms */

struct _XhWorker
{
  GObject parent;

  char *name;         /* (owned) */
  XhStore *store;     /* (owned) used by the thread only */
  GThread *thread;    /* (owned) (nullable) NULL once closed */
  GAsyncQueue *jobs;  /* (owned) of GTask */
  gboolean indexes;   /* may write the search index */
  guint64 next_number; /* (mutex lock: the queue's) keeps jobs of one priority in order */
  gboolean closed;    /* (mutex lock: the queue's) */
};

typedef struct
{
  XhWorkerFunc func; /* (nullable) NULL: the thread ends */
  gpointer data;
  GDestroyNotify free_data, free_result;
  int priority;
  guint64 number;
} Job;

G_DEFINE_FINAL_TYPE (XhWorker, xh_worker, G_TYPE_OBJECT)

/* --- helpers */

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->free_data != NULL)
    job->free_data (job->data);
  g_free (job);
}

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer data)
{
  const Job *one = g_task_get_task_data ((GTask *) a), *two = g_task_get_task_data ((GTask *) b);

  if (one->priority != two->priority)
    return one->priority < two->priority ? -1 : 1;
  return one->number < two->number ? -1 : one->number > two->number;
}

static void
run_job (XhWorker *self, GTask *task)
{
  Job *job = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (task))
    return;
  xh_store_set_cancellable (self->store, cancellable);
  result = job->func (self->store, job->data, cancellable, &error);
  xh_store_set_cancellable (self->store, NULL);
  while (self->store->depth > 0)
    {
      g_critical ("%s: a job left a transaction open", self->name);
      xh_store_rollback (self->store);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, job->free_result);
}

/* Bulk loads leave rows for the search index behind; the time between two wishes is theirs. */
static GTask *
next_task (XhWorker *self)
{
  gboolean waiting = self->indexes;

  while (waiting)
    {
      GTask *task = g_async_queue_timeout_pop (self->jobs, IDLE_AFTER);
      g_autoptr (GError) error = NULL;
      guint left = 0;

      if (task != NULL)
        return task;
      if (!xh_store_index (self->store, IDLE_ROWS, &left, &error))
        g_warning ("%s: %s", self->name, error->message);
      while (left > 0 && error == NULL && (task = g_async_queue_try_pop (self->jobs)) == NULL)
        if (!xh_store_index (self->store, IDLE_ROWS, &left, &error))
          g_warning ("%s: %s", self->name, error->message);
      if (task != NULL)
        return task;
      waiting = FALSE; /* until the next job */
    }
  return g_async_queue_pop (self->jobs);
}

static gpointer
thread_func (gpointer data)
{
  XhWorker *self = data;

  while (TRUE)
    {
      g_autoptr (GTask) task = next_task (self);
      const Job *job = g_task_get_task_data (task);

      if (job->func == NULL)
        return NULL;
      run_job (self, task);
    }
}

static gboolean
push (XhWorker *self, GTask *task, Job *job)
{
  gboolean open;

  g_async_queue_lock (self->jobs);
  open = !self->closed;
  if (open)
    {
      job->number = self->next_number++;
      self->closed = job->func == NULL;
      g_async_queue_push_sorted_unlocked (self->jobs, g_object_ref (task), compare_jobs, NULL);
    }
  g_async_queue_unlock (self->jobs);
  return open;
}

static Job *
job_new (XhWorkerFunc func, gpointer data, GDestroyNotify free_data, GDestroyNotify free_result, int priority)
{
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->free_data = free_data;
  job->free_result = free_result;
  job->priority = priority;
  return job;
}

/* --- overrides */

static void
xh_worker_finalize (GObject *object)
{
  XhWorker *self = XH_WORKER (object);

  xh_worker_close (self);
  g_clear_pointer (&self->store, xh_store_close);
  g_clear_pointer (&self->jobs, g_async_queue_unref);
  g_free (self->name);
  G_OBJECT_CLASS (xh_worker_parent_class)->finalize (object);
}

static void
xh_worker_class_init (XhWorkerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = xh_worker_finalize;
}

static void
xh_worker_init (XhWorker *self)
{
  self->jobs = g_async_queue_new_full (g_object_unref);
}

/* --- public functions */

/**
 * xh_worker_new:
 * @name: what the thread is called in a debugger
 * @path: file of the store
 * @catalog: definitions
 * @flags: how the store is opened
 *
 * Opens the store before it returns, which may migrate it: call it where waiting is allowed.
 *
 * Returns: (transfer full): a worker, or %NULL with an error of xh_store_open()
 */
XhWorker *
xh_worker_new (const char *name, const char *path, XhCatalog *catalog, XhStoreFlags flags, GError **error)
{
  g_autoptr (XhWorker) self = g_object_new (XH_TYPE_WORKER, NULL);

  self->store = xh_store_open (path, catalog, flags, error);
  if (self->store == NULL)
    return NULL;
  self->name = g_strdup (name);
  self->indexes = (flags & (XH_STORE_READ_ONLY | XH_STORE_NO_SEARCH)) == 0;
  self->thread = g_thread_new (name, thread_func, self);
  return g_steal_pointer (&self);
}

/**
 * xh_worker_run:
 * @priority: lower first, as of the main loop (%G_PRIORITY_DEFAULT)
 * @func: runs in the worker's thread, alone on its store
 * @data: (transfer full): for @func
 * @free_data: (nullable): frees @data, in either thread
 * @free_result: (nullable): frees a result nobody fetched
 * @cancellable: (nullable): interrupts statements of @func too
 * @callback: (nullable): called in the thread-default main context of the caller
 *
 * Puts a job in the queue. Jobs of one priority run in the order they came.
 */
void
xh_worker_run (XhWorker *self, int priority, XhWorkerFunc func, gpointer data, GDestroyNotify free_data, GDestroyNotify free_result,
               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (XH_IS_WORKER (self) && func != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  job = job_new (func, data, free_data, free_result, priority);
  g_task_set_source_tag (task, xh_worker_run);
  g_task_set_task_data (task, job, job_free);
  if (!push (self, task, job))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "%s", _("The store is being closed."));
}

/**
 * xh_worker_finish:
 *
 * Returns: (transfer full) (nullable): what the job returned, or %NULL, perhaps with an error
 */
gpointer
xh_worker_finish (XhWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * xh_worker_close:
 *
 * Takes no more jobs, runs those that are queued (writes are never dropped), and waits for the thread. Harmless when repeated.
 */
void
xh_worker_close (XhWorker *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (self->thread != g_thread_self ()); /* a job must not hold the last reference */

  if (self->thread == NULL)
    return;
  task = g_task_new (NULL, NULL, NULL, NULL);
  job = job_new (NULL, NULL, NULL, NULL, G_MAXINT);
  g_task_set_task_data (task, job, job_free);
  push (self, task, job);
  g_thread_join (g_steal_pointer (&self->thread));
  g_task_return_boolean (task, TRUE);
}
