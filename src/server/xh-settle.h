/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stored values that hang on other records are brought up to date when those have changed: the ledger tells what has changed, the
 * references of the kinds tell what hangs on it (store/xh-stale), and an op of the account `system` that sets nothing lets the form compute
 * again. Only what comes out different is written; a record in a state that keeps its values is left as it is. What hangs on the day alone is
 * not: a form shows it as of today, and its steps are the automatic ones. */
#pragma once

#include "store/xh-stale.h"
#include "xh-access.h"

G_BEGIN_DECLS

/**
 * xh_settle_read:
 * @backend: a reader's
 * @stale: (inout): of the backend's catalog; empty before and after
 * @number: (inout): the last entry of the ledger that was looked at
 * @limit: at most so many entries are read
 * @rids: (out) (transfer full): records that may hold what is no longer so
 *
 * Returns: %FALSE with an error when the database failed
 */
gboolean   xh_settle_read  (XhBackend *backend, XhStale *stale, gint64 *number, guint limit, GArray **rids, GError **error);

/**
 * xh_settle_judge:
 * @id: (out) (transfer full) (nullable): the record, where its values come out different now
 */
gboolean   xh_settle_judge (XhBackend *backend, gint64 rid, char **id, GError **error);

/**
 * xh_settle_take:
 * @backend: the writer's, in a transaction
 * @ids: (element-type utf8): records
 * @count: how many were written is added
 *
 * Computes them again, through the ledger.
 */
gboolean   xh_settle_take  (XhBackend *backend, GPtrArray *ids, guint64 *count, GError **error);

/* Up to which entry the ledger was looked at, over a restart. */
gint64     xh_settle_get_number (XhBackend *backend);
gboolean   xh_settle_set_number (XhBackend *backend, gint64 number, GError **error);

G_END_DECLS
