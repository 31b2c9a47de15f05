/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A named thread with a store of its own and a queue of jobs by priority. The UI hands every read and write to one and gets
 * the result in its own main context. Closing runs what is queued (writes are never dropped) and joins the thread. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

#define XH_TYPE_WORKER (xh_worker_get_type ())
G_DECLARE_FINAL_TYPE (XhWorker, xh_worker, XH, WORKER, GObject)

/* Runs in the worker's thread. Returns the result (freed by the task's destroy notify) or sets @error. */
typedef gpointer (*XhWorkerFunc) (XhStore *store, gpointer data, GCancellable *cancellable, GError **error);

XhWorker *xh_worker_new    (const char *name, const char *path, XhCatalog *catalog, XhStoreFlags flags, GError **error);
void      xh_worker_run    (XhWorker *self, int priority, XhWorkerFunc func, gpointer data, GDestroyNotify free_data,
                            GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gpointer  xh_worker_finish (XhWorker *self, GAsyncResult *result, GError **error);
void      xh_worker_close  (XhWorker *self);

G_END_DECLS
