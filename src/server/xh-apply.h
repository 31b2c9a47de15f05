/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One op of a push: who may, merge, the same checks as in the window, row and ledger entry. */
#pragma once

#include "sync/xh-wire.h"
#include "xh-access.h"

G_BEGIN_DECLS

/* Days for which the answer to a refused op is remembered. */
#define XH_REFUSAL_DAYS 30

/**
 * xh_apply_ops:
 * @backend: the writer's, in a transaction that the caller commits before anybody hears of the answers
 * @access: who pushes
 * @ops: (element-type XhOp): in order
 *
 * Applies each op in a savepoint of its own: a refused one leaves nothing behind and holds up none but later ops of its own
 * record. An op that was answered before gets the same answer again.
 *
 * Returns: (transfer full) (element-type XhAnswer): one an op, in order; %NULL with an error when the database failed
 */
GPtrArray *xh_apply_ops (XhBackend *backend, const XhAccess *access, GPtrArray *ops, GError **error);

/* The same where one push is taken in several transactions: @held: (element-type utf8): set of records whose later ops wait, added to (it frees its keys). */
GPtrArray *xh_apply_more (XhBackend *backend, const XhAccess *access, GPtrArray *ops, GHashTable *held, GError **error);

/* Forgets answers to refused ops that are older than XH_REFUSAL_DAYS. */
gboolean   xh_apply_forget_refusals (XhBackend *backend, GError **error);

G_END_DECLS
