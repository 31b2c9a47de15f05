/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One program at a desk. Two would each push the same outbox and pull into the same store. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhDeskLock XhDeskLock;

/**
 * xh_desk_lock_take:
 * @folder: of the desk; it is there
 *
 * Any thread but one that must not wait: where this very program is about to let the desk go (a session that is being closed), it waits
 * for that, at most ten seconds. The lock goes with the process, however that ends. Where the file system knows no locks,
 * nobody is kept out.
 *
 * Returns: (transfer full): the lock; else XH_SYNC_ERROR_LOCAL: another program holds the desk, or the folder cannot be written
 */
XhDeskLock *xh_desk_lock_take (const char *folder, GError **error);
void        xh_desk_lock_free (XhDeskLock *self); /* any thread */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDeskLock, xh_desk_lock_free)

G_END_DECLS
