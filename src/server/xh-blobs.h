/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments on the server: DATA/blobs/ab/HASH by the SHA-256 of the content, written once and never changed; DATA/blobs/incoming holds
 * what is still coming, one part an account. The database knows each blob's size and type, who has sent it, and, by triggers on the
 * kinds' tables, which field of which record names it. */
#pragma once

#include "model/xh-attachment.h"
#include "xh-access.h"

G_BEGIN_DECLS

#define XH_BLOB_PIECE (4 << 20)   /* bytes of one piece at most */
#define XH_BLOB_ORPHAN_DAYS 30    /* for which a blob that no record names is kept */
#define XH_BLOB_PART_DAYS 7       /* for which what came of a blob is kept */

typedef struct
{
  gboolean known;   /* it is here, whole */
  gint64 size;
  const char *type; /* (not owned) */
} XhBlob;

/* --- the database */

/* Makes tables, and the triggers for every field of type files; fields that are new to the database are entered. */
gboolean  xh_blobs_migrate   (XhBackend *backend, GError **error);
gboolean  xh_blobs_find      (XhBackend *backend, const char *hash, XhBlob *blob, GError **error);
/* Whether the account may have the content: it sent it itself, or may read a field of a record that names it. */
gboolean  xh_blobs_may_have  (XhBackend *backend, const XhAccess *access, const char *hash, gboolean *may, GError **error);
/* That an account has sent it whole. In the writer. */
gboolean  xh_blobs_note      (XhBackend *backend, const char *login, const char *hash, gint64 size, const char *type, GError **error);
/* Marks what no record names, and forgets what was marked XH_BLOB_ORPHAN_DAYS ago. In the writer.
 * @gone: (element-type utf8): hashes whose files are to be removed once this is committed */
gboolean  xh_blobs_sweep     (XhBackend *backend, gint64 now, GPtrArray *gone, GError **error);

/* --- the folder */

typedef struct _XhBlobFolder XhBlobFolder;

/* One thread at a time; the paths may be asked for by any. */
XhBlobFolder *xh_blob_folder_new    (const char *data);
void          xh_blob_folder_free   (XhBlobFolder *self);
void          xh_blob_folder_keep_free (XhBlobFolder *self, gint64 bytes); /* which files do not take; before the first piece */
char         *xh_blob_folder_path   (const char *data, const char *hash); /* (transfer full) */
/* What came within the last day stays: somebody has sent it again since it was swept. */
void          xh_blob_folder_remove (const char *data, const char *hash, gint64 now);
void          xh_blob_folder_sweep  (XhBlobFolder *self, gint64 now); /* parts that nobody goes on with */

typedef enum
{
  XH_PIECE_TAKEN,    /* or not: @have says what is there now */
  XH_PIECE_WHOLE,    /* the last one: it is what its hash says, and stands in its place on the disk */
  XH_PIECE_DAMAGED,  /* the last one: it is not; nothing is kept */
  XH_PIECE_TYPE,     /* it does not begin like its type; nothing is kept */
  XH_PIECE_TOO_LONG, /* more than its size; what was there is kept */
  XH_PIECE_MANY,     /* the account has begun too many */
  XH_PIECE_FULL,     /* no room on the disk; what was there is kept */
} XhPieceResult;

/**
 * xh_blob_folder_take:
 * @login: whose part it is: what others send of the same content is no business of theirs
 * @offset: where @piece belongs; a piece that does not begin where the part ends is not taken
 * @have: (out): bytes that are there now
 *
 * Returns: %FALSE with an error when the disk failed
 */
gboolean      xh_blob_folder_take   (XhBlobFolder *self, const char *login, const char *hash, gint64 size, const char *type, gint64 offset,
                                     GBytes *piece, XhPieceResult *result, gint64 *have, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhBlobFolder, xh_blob_folder_free)

G_END_DECLS
