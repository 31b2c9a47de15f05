/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One action on many records, in the writer, record by record: each is saved or left as it was, none holds up the others. */
#pragma once

#include "app/xh-session.h"

G_BEGIN_DECLS

typedef enum
{
  XH_BULK_TRANSITION,
  XH_BULK_DELETE,
  XH_BULK_RESTORE,
} XhBulkAction;

typedef struct
{
  guint done;
  GPtrArray *refused; /* (owned) of char*: "title: reason" */
} XhBulkResult;

void          xh_bulk_result_free (XhBulkResult *result);

/* Called on the main thread now and then. */
typedef void (*XhBulkProgress) (guint done, guint total, gpointer data);

/**
 * xh_bulk_run_async:
 * @rids: (transfer none): of gint64
 * @transition: (nullable): for XH_BULK_TRANSITION
 *
 * Cancelling stops before the next record; what is done stays done.
 */
void          xh_bulk_run_async  (XhSession *session, const XhKind *kind, GArray *rids, XhBulkAction action, const char *transition,
                                  XhBulkProgress progress, gpointer progress_data, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
XhBulkResult *xh_bulk_run_finish (XhSession *session, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhBulkResult, xh_bulk_result_free)

G_END_DECLS
