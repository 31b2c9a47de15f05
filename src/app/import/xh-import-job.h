/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sheets in and out in threads of their own with their own stores: neither the window nor a person's saving waits for them. */
#pragma once

#include "app/xh-session.h"
#include "report/xh-export.h"
#include "report/xh-import.h"

G_BEGIN_DECLS

/* Called on the main thread some times a second. @result: counts only. */
typedef void (*XhImportJobProgress) (double share, const XhImportResult *result, gpointer data);
typedef void (*XhExportJobProgress) (guint done, guint all, gpointer data);

/* @sheet: (nullable): name of a sheet of the file */
void            xh_import_job_plan_async  (XhSession *session, const XhKind *kind, const char *path, const char *sheet, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
XhImportPlan   *xh_import_job_plan_finish (XhSession *session, GAsyncResult *result, GError **error); /* (transfer full) */

/**
 * xh_import_job_run_async:
 * @plan: not to be touched until it has ended
 * @apply: store what is right; else it is only looked at
 * @errors_path: where faulty rows go
 * @progress: not called once @cancellable is cancelled
 */
void            xh_import_job_run_async   (XhSession *session, XhImportPlan *plan, gboolean apply, const char *errors_path,
                                           XhImportJobProgress progress, gpointer progress_data, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
XhImportResult *xh_import_job_run_finish  (XhSession *session, GAsyncResult *result, GError **error); /* (transfer full) */

/* @rids: (nullable) (transfer none): NULL makes the template. @epoch: the store's that they are of. The result is how many records went out, -1 with error. */
void            xh_export_job_async       (XhSession *session, const XhKind *kind, GArray *rids, gint64 epoch, const char *path, XhExportFlags flags,
                                           XhExportJobProgress progress, gpointer progress_data, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
int             xh_export_job_finish      (XhSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
