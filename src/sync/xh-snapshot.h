/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client's side of a snapshot: a file that was unpacked takes the place of what the store has of the server, if it is this account's. */
#pragma once

#include "xh-desk.h"
#include "xh-snapshot-file.h"

G_BEGIN_DECLS

/* meta of a client's store */
#define XH_META_FORGET "forget" /* "1": rows of another scope stand here until the new ones come */

#define XH_SNAPSHOT_UNPACKED "unpacked.db" /* there: one that comes over the network */

/* (transfer full) the folder of the desk where snapshots are unpacked; made where there is none */
char    *xh_snapshot_folder    (XhDesk *desk);
/* Whether it is of this desk's account, definitions and server. Errors: XH_SYNC_ERROR_PROTOCOL in words for a person. */
gboolean xh_snapshot_is_ours   (XhDesk *desk, XhStore *store, const XhSnapshotInfo *info, GError **error);
/* Whether it holds more than the store, or the store's rows are of another scope. */
gboolean xh_snapshot_is_newer  (XhStore *store, const XhSnapshotInfo *info);
XhStore *xh_snapshot_stage     (XhDesk *desk, XhStore *store, const XhSnapshotInfo *info, const char *unpacked, gboolean thorough,
                                GError **error);
gboolean xh_snapshot_adopt_staged (XhStore *store, XhStore *staged, const XhSnapshotInfo *info, gboolean *taken, GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
