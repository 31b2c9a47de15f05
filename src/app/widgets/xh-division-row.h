/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of a place: township, then village, no further than the account's scope. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_DIVISION_ROW (xh_division_row_get_type ())
G_DECLARE_FINAL_TYPE (XhDivisionRow, xh_division_row, XH, DIVISION_ROW, XhFieldRow)

G_END_DECLS
