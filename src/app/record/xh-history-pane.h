/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who changed what in a record, before → after: the edits that wait here first, then what the server's ledger tells. */
#pragma once

#include <adwaita.h>
#include "xh-record-bundle.h"

G_BEGIN_DECLS

#define XH_TYPE_HISTORY_PANE (xh_history_pane_get_type ())
G_DECLARE_FINAL_TYPE (XhHistoryPane, xh_history_pane, XH, HISTORY_PANE, AdwBin)

GtkWidget *xh_history_pane_new  (XhSession *session, const XhKind *kind);
/* @id: (nullable) a record that was saved; @pending: of XhPendingOp. Asks the server, where there is one. */
void       xh_history_pane_show (XhHistoryPane *self, const char *id, GPtrArray *pending);

G_END_DECLS
