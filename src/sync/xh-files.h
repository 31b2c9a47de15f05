/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The attachments that one account has on this computer, DESK/files:
 *   ab/HASH           content, by its SHA-256; written once
 *   outgoing/HASH     a mark: the server has not said yet that it has it. Holds the type and how much has gone
 *   kept/HASH         a mark: the server has it, and has not accepted yet the record that names it
 *   incoming/HASH     what has come so far of one that is being fetched
 *   small/HASH-N.png  a picture made small, N pixels
 *   open/NAME         a copy for another program
 * The files are what is known; there is no list besides them that could disagree. What was added is on the disk and marked before anybody
 * can name it, and stays until the server has accepted the record that names it, or nothing names it any more. Any thread, and two at once. */
#pragma once

#include "model/xh-attachment.h"
#include "xh-client.h"

G_BEGIN_DECLS

typedef struct _XhFiles XhFiles;

/* @done of @total bytes. In the thread that works. */
typedef void (*XhFilesFunc) (gint64 done, gint64 total, gpointer data);

XhFiles      *xh_files_new         (const char *folder);
XhFiles      *xh_files_ref         (XhFiles *self);
void          xh_files_unref       (XhFiles *self);

char         *xh_files_path        (XhFiles *self, const char *hash);            /* (transfer full) where the content is, or would be */
char         *xh_files_small_path  (XhFiles *self, const char *hash, guint size); /* (transfer full) likewise of the small picture */
gboolean      xh_files_has         (XhFiles *self, const XhAttachment *file);
/* What is known of a file here. */
typedef struct
{
  gboolean here, outgoing;
  gint64 sent; /* bytes that have gone, while it is outgoing */
} XhFileState;

void          xh_files_look        (XhFiles *self, const XhAttachment *file, XhFileState *state); /* reads the disk: in a worker */
void          xh_files_use         (XhFiles *self, const char *hash);            /* somebody looks at it: it is the last to go */

/**
 * xh_files_add:
 * @path: a file of the person's
 * @name: (nullable): what it is to be called; its own name otherwise
 *
 * Copies a file in and marks it as outgoing. The same content again costs nothing.
 * Errors: XH_MODEL_ERROR_VALUE empty, too large, or of a type that is not taken; XH_SYNC_ERROR_LOCAL it cannot be read, or the disk is full.
 *
 * Returns: (transfer full): what a field may hold
 */
XhAttachment *xh_files_add         (XhFiles *self, const char *path, const char *name, XhCatalog *catalog, GCancellable *c, GError **error);

/**
 * xh_files_copy_out:
 *
 * A copy under its own name, which another program may open and not change; it goes by xh_files_clean().
 *
 * Returns: (transfer full): its path
 */
char         *xh_files_copy_out    (XhFiles *self, const XhAttachment *file, GError **error);

/* --- on the way (xh-files-send.c, xh-files-fetch.c); in a worker */

gboolean      xh_files_is_outgoing (XhFiles *self, const char *hash, gint64 *sent); /* @sent: (out) (optional) bytes that have gone */
GPtrArray    *xh_files_outgoing    (XhFiles *self);                               /* (transfer full) (element-type utf8) hashes */
gboolean      xh_files_mark        (XhFiles *self, const char *hash, const char *type, gint64 sent, GError **error);
void          xh_files_unmark      (XhFiles *self, const char *hash);
gboolean      xh_files_is_marked   (XhFiles *self, const char *hash); /* outgoing or kept: it must not go */

/**
 * xh_files_send:
 * @deadline: monotonic time after which no further piece is begun
 * @whole: (out): the server has it; it is not outgoing any more, but kept until xh_files_release()
 *
 * Sends an outgoing file in pieces from where the server has it. A line that breaks is tried again while anything gets through.
 * Errors: as of the client; XH_SYNC_ERROR_LOCAL the content is not here any more; XH_SYNC_ERROR_LATER no room there, or the disk here does not take the mark.
 */
gboolean      xh_files_send        (XhFiles *self, XhClient *client, const char *hash, gint64 deadline, XhFilesFunc progress, gpointer data,
                                    GCancellable *c, gboolean *whole, GError **error);

/**
 * xh_files_fetch:
 *
 * Fetches a file unless it is here; goes on where a former try ended. Errors: as of the client; XH_SYNC_ERROR_PROTOCOL what came is not what the
 * name says; XH_SYNC_ERROR_LOCAL the disk.
 */
gboolean      xh_files_fetch       (XhFiles *self, XhClient *client, const XhAttachment *file, XhFilesFunc progress, gpointer data,
                                    GCancellable *c, GError **error);

/* Removes what was not used for longest until at most @limit bytes are left; what is marked stays, whatever it takes.
 * Returns: bytes that are left */
gint64        xh_files_trim        (XhFiles *self, gint64 limit);

/* --- what is needed no more (xh-files-clean.c); in a worker */

/* (transfer full): where something may be written that is to be added, as by g_mkstemp(); what a crash leaves there goes by xh_files_clean() */
char         *xh_files_temporary   (XhFiles *self);

/* Lifts the marks of what the server has once no op, draft or tray item of @store needs it: the limit may take it then. */
gboolean      xh_files_release     (XhFiles *self, XhStore *store, GError **error);

/* Whether there ever was a file here. */
gboolean      xh_files_is_used     (XhFiles *self);

/**
 * xh_files_clean:
 * @store: says what is still needed
 *
 * For when nobody works with the files, before the first page opens and after the last has closed: removes the copies that other programs
 * opened, what broken-off work left behind, and what was chosen and never saved with a record.
 */
gboolean      xh_files_clean       (XhFiles *self, XhStore *store, GError **error);

/* (transfer full) of XhAttachment: all that the fields of @kind hold in what @op sets. In xh-round-files.c. */
GPtrArray    *xh_files_of_op       (const XhKind *kind, const XhOp *op);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhFiles, xh_files_unref)

G_END_DECLS
