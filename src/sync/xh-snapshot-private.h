/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The head of a snapshot's file, which its writer and its reader share. */
#pragma once

#include "xh-snapshot-file.h"

G_BEGIN_DECLS

#define XH_SNAPSHOT_HEAD  4096        /* bytes of the skippable frame, its own eight among them */
#define XH_SNAPSHOT_MAGIC 0x184d2a5au /* one of zstd's skippable frames */

void     xh_snapshot_head_write (const XhSnapshotInfo *info, guint8 *head); /* XH_SNAPSHOT_HEAD bytes */
/* G_IO_ERROR_NO_SPACE for a full disk, else XH_SYNC_ERROR_LOCAL; always FALSE. @code: errno */
gboolean xh_snapshot_fail_disk  (const char *path, int code, GError **error);
gboolean xh_snapshot_head_read  (const guint8 *head, XhSnapshotInfo *info, GError **error);

G_END_DECLS
