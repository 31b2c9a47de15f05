/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A snapshot from a file that somebody brought. Reading, unpacking and looking at every page takes minutes where it is large, and is done
 * without the store's writer; only the last step needs it. */
#pragma once

#include "xh-snapshot.h"

G_BEGIN_DECLS

typedef struct _XhBrought XhBrought;

/* Everything but the last step, in a thread of its own. Errors: XH_SYNC_ERROR_PROTOCOL the file is not for this account, or no good;
 * XH_SYNC_ERROR_LOCAL, G_IO_ERROR_NO_SPACE; G_IO_ERROR_CANCELLED. */
XhBrought *xh_snapshot_bring          (XhDesk *desk, const char *path, GCancellable *cancellable, GError **error);
/* The last step, with a store that may write. @taken: (out): FALSE where this computer knows all of it and nothing was to do. Lets go of the
 * unpacked file. */
gboolean   xh_snapshot_adopt_brought  (XhBrought *self, XhStore *store, gboolean *taken, GCancellable *cancellable, GError **error);
const XhSnapshotInfo *xh_brought_get_info (XhBrought *self);
void       xh_brought_free            (XhBrought *self);
/* Of a desk where nobody works: what a program that was killed had unpacked goes. What has come of a file stays, and is taken up again. */
void       xh_snapshot_clean          (XhDesk *desk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhBrought, xh_brought_free)

G_END_DECLS
