/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Snapshots of what an account may see, made on a thread of their own and kept in DATA/snapshots: one file for each role and place, whoever asks. */
#pragma once

#include "sync/xh-snapshot-file.h"
#include "xh-access.h"

G_BEGIN_DECLS

#define XH_SNAPSHOT_FOLDER "snapshots"

typedef enum
{
  XH_SNAPSHOT_NONE,    /* too few records to be worth one, or it could not be made: pages do as well */
  XH_SNAPSHOT_READY,
  XH_SNAPSHOT_COMING,  /* it is being made */
} XhSnapshotState;

typedef struct _XhSnapshots XhSnapshots;

XhSnapshots    *xh_snapshots_new  (const char *data, XhCatalog *catalog);
/* Without a thread, for tests: what is asked for is made in the asker's thread, from so few records on, and anew after so few entries. */
XhSnapshots    *xh_snapshots_new_here (const char *data, XhCatalog *catalog, guint fewest_rows, guint moved_least);
void            xh_snapshots_free (XhSnapshots *self); /* stops what is being made, and joins */
/* For a reader's thread. @path: (out) (nullable) (transfer full) */
XhSnapshotState xh_snapshots_find (XhSnapshots *self, XhBackend *backend, const XhAccess *access, char **path, GError **error);

/* Makes one now, into @path; @backend says what its database is and whether the disk has room for it. */
gboolean        xh_snapshot_make  (XhBackend *backend, const XhAccess *access, const char *path, XhSnapshotInfo *info,
                                   GCancellable *cancellable, GError **error);

G_END_DECLS
