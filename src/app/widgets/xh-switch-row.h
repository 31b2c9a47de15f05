/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of yes or no. Not answered yet looks like no; the first turn of the switch answers. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_SWITCH_ROW (xh_switch_row_get_type ())
G_DECLARE_FINAL_TYPE (XhSwitchRow, xh_switch_row, XH, SWITCH_ROW, XhFieldRow)

G_END_DECLS
