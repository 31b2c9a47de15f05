/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bringing in a colleague's file, without a widget: looks at it, asks the server whose it is, sends it part by part. Each in a thread of its own. */
#pragma once

#include "app/xh-session.h"
#include "sync/xh-client-work.h"

G_BEGIN_DECLS

typedef struct
{
  XhWorkFile *file;       /* (owned) */
  XhWorkVerdict *verdict; /* (owned) */
  char *holds;            /* (owned) registers and how many changes of each, in words */
} XhBringFile;

/* One change and what became of it. */
typedef struct
{
  char *title;      /* (owned) what the record is called, its register, and what of it was changed */
  char *text;       /* (owned) what became of it, in words */
  gboolean taken;
} XhBringLine;

typedef struct
{
  guint taken, decide, refused, waiting; /* of all changes */
  GPtrArray *lines;                      /* (owned) of XhBringLine: what was not taken first; not all of a long file */
  guint left_out;                        /* lines that are not there */
} XhBringResult;

/* Errors: those of xh_work_file_read() and xh_client_work_ask(). */
void           xh_bring_look_async  (XhSession *session, const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XhBringFile   *xh_bring_look_finish (GAsyncResult *result, GError **error); /* (transfer full) */

/* @progress: on the main thread, parts done and all. What was sent before an error stands at the server; again is harmless. */
void           xh_bring_send_async  (XhSession *session, XhBringFile *file, void (*progress) (guint done, guint all, gpointer data), gpointer data,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XhBringResult *xh_bring_send_finish (GAsyncResult *result, GError **error); /* (transfer full) */

void           xh_bring_file_unref  (XhBringFile *file); /* (nullable) */
void           xh_bring_result_free (XhBringResult *result);

G_END_DECLS
