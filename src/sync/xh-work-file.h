/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Work that no server has accepted, as a file to carry: a head, a line of JSON that says whose it is and what hash each part has; a line with the desk's
 * signature of the head; then the parts, lines that are each the body of a push. Ops keep their ids: whatever way they come to the server, and however
 * often, each is done once. docs/sync.md, Unsent work on a stick. */
#pragma once

#include "xh-desk.h"
#include "xh-files.h"

G_BEGIN_DECLS

#define XH_WORK_SUFFIX ".xhwork"
#define XH_WORK_MAX_HEAD (1 << 20) /* bytes of a head */

typedef struct
{
  char *login, *name, *device; /* (owned) whose it says it is, and of which computer */
  char *server;                /* (owned) the server's lasting id; "" where the computer has never met it */
  char *made;                  /* (owned) time by the computer's own clock */
  char *key;                   /* (owned) public half of what signed it: whose that is, the server knows */
  guint n_ops;
  GPtrArray *hashes;           /* (owned) of SHA-256 (owned char*), one a part */
  char *id;                    /* (owned) the head's own SHA-256: the name of this file wherever it is spoken of */

  char *head, *signature;      /* (owned) as they stand there */
  GBytes *bytes;               /* (owned) (nullable) of one that was read */
  GArray *lines;               /* (owned) of gsize: where each part begins in @bytes, and where the last ends */
} XhWorkFile;

/* What goes into a file: taken from the store in a moment, written where it holds up nobody. */
typedef struct
{
  GPtrArray *ops; /* (owned) of XhOp: the whole outbox */
  char *server;   /* (owned) as in XhWorkFile */
} XhWorkDraft;

/* The whole outbox; it stays here until the server itself has answered. Any store of the desk that may write, in its thread. XH_STORE_ERROR. */
XhWorkDraft *xh_work_draft_new     (XhStore *store, GError **error);
void        xh_work_draft_free     (XhWorkDraft *draft);
/* Files that its ops name and the server has not got yet: they do not travel along. Any thread. */
guint       xh_work_draft_files    (const XhWorkDraft *draft, XhFiles *files);
/* On the disk when it returns. Any thread. Errors: XH_SYNC_ERROR_LOCAL. */
gboolean    xh_work_draft_save     (const XhWorkDraft *draft, XhDesk *desk, const char *path, GError **error);
/* Both at once. Errors: XH_SYNC_ERROR_LOCAL, XH_STORE_ERROR. */
gboolean    xh_work_file_write     (XhDesk *desk, XhStore *store, const char *path, guint *n_ops, GError **error);
/* Looks at every byte: the signature is of the key that the head names, and nothing is missing or other than what was signed. Whether the key is the
 * author's only the server can say. Errors: XH_SYNC_ERROR_PROTOCOL it is no such file, unsigned (of an older version), of a newer version, altered, cut,
 * too large; G_FILE_ERROR. */
XhWorkFile *xh_work_file_read      (const char *path, GError **error);
/* (transfer full) its text. Of a file that was read. */
GBytes     *xh_work_file_get_part  (const XhWorkFile *self, guint part);
void        xh_work_file_free      (XhWorkFile *self);

/* A head and its signature as they came from elsewhere; errors as above. */
XhWorkFile *xh_work_head_read      (const char *head, const char *signature, GError **error);
/* (transfer full) (element-type XhOp): what a part holds, if its text is the one that was signed. XH_SYNC_ERROR_PROTOCOL. */
GPtrArray  *xh_work_part_read      (const XhWorkFile *self, guint part, const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhWorkDraft, xh_work_draft_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhWorkFile, xh_work_file_free)

G_END_DECLS
