/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person may ask of the next round besides sending and receiving. A wish is kept in the store until it has been done, so that it
 * outlives the program. Any store of the desk that may write, in its thread; then xh_engine_sync_now(). */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

/* Leaves the ledger that this store was read from and reads the server's from its beginning: for when the server has become another
 * (XH_SYNC_ERROR_DIFFERS). Edits that are not sent stay and are sent; a copy of the store as it was is kept beside it. */
gboolean xh_repair_wish_anew (XhStore *store, GError **error);
/* Compares every value here with the server's and fetches what differs. */
gboolean xh_repair_wish_verify (XhStore *store, GError **error);

typedef struct
{
  gboolean wished;  /* it will be done in the next round */
  char *checked;    /* (owned) (nullable) UTC; when it was done last */
  guint64 rows, mended; /* how many rows were compared, and how many of them were fetched again or let go */
  gboolean agrees;  /* nothing differed afterwards */
} XhRepairReport;

XhRepairReport *xh_repair_report      (XhStore *store); /* (transfer full) any store of the desk; point reads */
void            xh_repair_report_free (XhRepairReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhRepairReport, xh_repair_report_free)

G_END_DECLS
