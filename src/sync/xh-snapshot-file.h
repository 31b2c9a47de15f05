/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A snapshot as a file: what it is in a skippable frame of 4,096 bytes, then a client's store in one zstd frame. The same bytes go over the
 * network and on a stick; `zstd -d` reads them, too. docs/sync.md describes it. */
#pragma once

#include "xh-wire.h"

G_BEGIN_DECLS

#define XH_SNAPSHOT_SUFFIX ".xhsnap"
#define XH_META_SNAPSHOT_MARK "snapshot-mark" /* of the store inside: the file's mark once more */

typedef struct
{
  char *server, *catalog;        /* (owned) the server's lasting id; hash of the definitions */
  char *role, *division, *unit;  /* (owned) (division and unit nullable) whose rows */
  char *mark;                    /* (owned) what the ledger was at that number: number, beginning of the hash, server */
  char *made;                    /* (owned) time */
  char *sha256;                  /* (owned) of the compressed frame; also the file's name in HTTP (ETag) */
  gint64 cursor, rows, size;     /* the ledger's number that it is of; records; bytes of the store */
} XhSnapshotInfo;

void     xh_snapshot_info_clear (XhSnapshotInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhSnapshotInfo, xh_snapshot_info_clear)

/* Packs @store into @path, which is replaced whole. @info: sha256, size and made are set. For a worker thread. */
gboolean xh_snapshot_file_write (const char *path, const char *store, XhSnapshotInfo *info, GCancellable *cancellable, GError **error);
/* What a file says it is. Errors: XH_SYNC_ERROR_PROTOCOL it is none; G_FILE_ERROR, G_IO_ERROR. */
gboolean xh_snapshot_file_read_info (const char *path, XhSnapshotInfo *info, GError **error);

/* Of a disk, for a store of @size bytes: unpacked, then once more in the log of the store that takes it over. */
#define XH_SNAPSHOT_ROOM(size) (2 * (guint64) (size))
/* Whether so many bytes, and some for others, are free where @path is. Errors: G_IO_ERROR_NO_SPACE. */
gboolean xh_snapshot_check_room (const char *path, guint64 bytes, GError **error);

typedef struct _XhSnapshotReader XhSnapshotReader;

/* Unpacks into @store as bytes come. Nothing in it may be believed before xh_snapshot_reader_finish() has said so. Errors: XH_SYNC_ERROR_PROTOCOL
 * it is no good; G_IO_ERROR_NO_SPACE, XH_SYNC_ERROR_LOCAL the disk, and what has come may be as good as any. */
XhSnapshotReader     *xh_snapshot_reader_new    (const char *store, GError **error);
gboolean              xh_snapshot_reader_feed   (XhSnapshotReader *self, const guint8 *bytes, gsize length, GError **error);
gboolean              xh_snapshot_reader_finish (XhSnapshotReader *self, GError **error);
gboolean              xh_snapshot_reader_is_over (XhSnapshotReader *self); /* its end has come */
double                xh_snapshot_reader_get_share (XhSnapshotReader *self); /* 0 to 1: how much is unpacked */
const XhSnapshotInfo *xh_snapshot_reader_get_info (XhSnapshotReader *self); /* (nullable) until it has been read */
void                  xh_snapshot_reader_free   (XhSnapshotReader *self);   /* the file stays */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSnapshotReader, xh_snapshot_reader_free)

G_END_DECLS
