/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person can do about the whole store: compare it with the server and mend it, or, where the server has become another, start anew. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_REPAIR_ROW (xh_repair_row_get_type ())
G_DECLARE_FINAL_TYPE (XhRepairRow, xh_repair_row, XH, REPAIR_ROW, AdwActionRow)

void xh_repair_row_set_session (XhRepairRow *self, XhSession *session); /* once */

G_END_DECLS
