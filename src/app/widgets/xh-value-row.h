/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of a value that nobody types: computed, or written by the scorecard. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_VALUE_ROW (xh_value_row_get_type ())
G_DECLARE_FINAL_TYPE (XhValueRow, xh_value_row, XH, VALUE_ROW, XhFieldRow)

G_END_DECLS
