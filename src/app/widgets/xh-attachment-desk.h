/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments for the window: adds, fetches and shows them in threads, and keeps the room that they take. One a session, main thread. */
#pragma once

#include "app/xh-session.h"
#include "sync/xh-files.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define XH_TYPE_ATTACHMENT_DESK (xh_attachment_desk_get_type ())
G_DECLARE_FINAL_TYPE (XhAttachmentDesk, xh_attachment_desk, XH, ATTACHMENT_DESK, GObject)

/* @files: (transfer none). One without a session has no token. */
XhAttachmentDesk *xh_attachment_desk_new (XhFiles *files, XhCatalog *catalog, const char *server, const char *device);
/* (transfer none): the one of a session */
XhAttachmentDesk *xh_attachment_desk_of (XhSession *session);

/* What became of files that a person chose. */
typedef struct
{
  GPtrArray *files;  /* (owned) of XhAttachment */
  GPtrArray *faults; /* (owned) of utf8: why others were not taken, in words */
} XhAdded;

void      xh_added_free (XhAdded *added);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhAdded, xh_added_free)

/* Whether files hold pictures that are worth making smaller. @paths: (element-type filename) */
void      xh_attachment_desk_weigh_async   (XhAttachmentDesk *self, GPtrArray *paths, GAsyncReadyCallback callback, gpointer user_data);
guint     xh_attachment_desk_weigh_finish  (XhAttachmentDesk *self, GAsyncResult *result); /* how many */

/* Takes files in; @shrink: pictures smaller than they are. Needs no network. */
void      xh_attachment_desk_add_async     (XhAttachmentDesk *self, GPtrArray *paths, gboolean shrink, GAsyncReadyCallback callback, gpointer user_data);
XhAdded  *xh_attachment_desk_add_finish    (XhAttachmentDesk *self, GAsyncResult *result);

/* Fetches a file from the server unless it is here. @progress: (nullable) main thread */
void      xh_attachment_desk_fetch_async   (XhAttachmentDesk *self, const XhAttachment *file, XhFilesFunc progress, gpointer progress_data,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean  xh_attachment_desk_fetch_finish  (XhAttachmentDesk *self, GAsyncResult *result, GError **error);

/* A picture that is here, at most @edge long; small ones are kept. */
void      xh_attachment_desk_picture_async (XhAttachmentDesk *self, const XhAttachment *file, guint edge, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GdkTexture *xh_attachment_desk_picture_finish (XhAttachmentDesk *self, GAsyncResult *result, GError **error); /* (transfer full) */

/* What is known here of files. @files: (element-type XhAttachment) */
void      xh_attachment_desk_look_at_async (XhAttachmentDesk *self, GPtrArray *files, GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
GArray   *xh_attachment_desk_look_at_finish (XhAttachmentDesk *self, GAsyncResult *result); /* (transfer full) of XhFileState; NULL: cancelled */

/* A copy that another program may open: its path. */
void      xh_attachment_desk_copy_async    (XhAttachmentDesk *self, const XhAttachment *file, GAsyncReadyCallback callback, gpointer user_data);
char     *xh_attachment_desk_copy_finish   (XhAttachmentDesk *self, GAsyncResult *result, GError **error);

XhFiles  *xh_attachment_desk_get_files     (XhAttachmentDesk *self);
/* Removes what was not used for longest, by the preferences. */
void      xh_attachment_desk_make_room     (XhAttachmentDesk *self);

G_END_DECLS
