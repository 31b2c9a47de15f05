/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A document that is laid out in a thread and looked at in the window: every use takes its lock, so that pages may be drawn in
 * threads while the printer takes them on the main one. Reference counted from any thread. */
#pragma once

#include <gtk/gtk.h>

#include "app/xh-session.h"
#include "report/xh-document-store.h"

G_BEGIN_DECLS

#define XH_TYPE_PAPER (xh_paper_get_type ())
G_DECLARE_FINAL_TYPE (XhPaper, xh_paper, XH, PAPER, GObject)

/**
 * xh_paper_layout_async:
 * @def: a paper
 * @ids: (element-type utf8) (nullable): the records to print, in their order
 * @rids: (element-type gint64) (nullable): or their rows in this store
 * @epoch: the store's that the rows are of
 *
 * Reads the records by a connection of its own, so that no other page waits for a long paper.
 */
void           xh_paper_layout_async  (XhSession *session, const XhDocumentDef *def, GPtrArray *ids, GArray *rids, gint64 epoch,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XhPaper       *xh_paper_layout_finish (GAsyncResult *result, GError **error); /* (transfer full) */

guint          xh_paper_get_n_pages   (XhPaper *self);
guint          xh_paper_get_n_skipped (XhPaper *self); /* chosen records for which the paper is not printed */
void           xh_paper_get_size      (XhPaper *self, guint page, double *width, double *height); /* points */
char          *xh_paper_get_text      (XhPaper *self, guint page);
void           xh_paper_draw          (XhPaper *self, guint page, cairo_t *cr);

/* A picture of a page on white, drawn in a thread. */
void           xh_paper_render_async  (XhPaper *self, guint page, double scale, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GdkTexture    *xh_paper_render_finish (XhPaper *self, GAsyncResult *result, GError **error);

void           xh_paper_save_async    (XhPaper *self, const char *path, const char *title, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean       xh_paper_save_finish   (XhPaper *self, GAsyncResult *result, GError **error);

G_END_DECLS
