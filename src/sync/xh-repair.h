/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person may ask of the next round besides sending and receiving. A wish is kept in the store until it has been done, so that it
 * outlives the program. Any store of the desk that may write, in its thread; then xh_engine_sync_now(). */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

/* Leaves the ledger that this store was read from and reads the server's from its beginning: for when the server has become another
 * (XH_SYNC_ERROR_DIFFERS). Edits that are not sent stay and are sent; a copy of the store as it was is kept beside it. */
gboolean xh_repair_wish_anew (XhStore *store, GError **error);

G_END_DECLS
