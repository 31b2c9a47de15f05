/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Work that no server has accepted, as a file to carry: a line of JSON that says whose it is and what hash the rest has, then lines that are each the body of
 * a push. Ops keep their ids: whatever way they come to the server, and however often, each is done once. */
#pragma once

#include "xh-desk.h"

G_BEGIN_DECLS

#define XH_WORK_SUFFIX ".xhwork"

typedef struct
{
  char *login, *name, *device; /* (owned) whose it is, and of which computer */
  char *server;                /* (owned) the server's lasting id; "" where the computer has never met it */
  char *made;                  /* (owned) time */
  GPtrArray *ops;              /* (owned) of XhOp, in the order in which they were made */
} XhWorkFile;

/* The whole outbox; it stays here until the server itself has answered. Any store of the desk that may write, in its thread. */
gboolean    xh_work_file_write (XhDesk *desk, XhStore *store, const char *path, guint *n_ops, GError **error);
/* Errors: XH_SYNC_ERROR_PROTOCOL it is no such file, or it is damaged; G_FILE_ERROR. */
XhWorkFile *xh_work_file_read  (const char *path, GError **error);
void        xh_work_file_free  (XhWorkFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhWorkFile, xh_work_file_free)

G_END_DECLS
