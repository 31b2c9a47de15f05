/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of a text of several lines. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_LONG_TEXT_ROW (xh_long_text_row_get_type ())
G_DECLARE_FINAL_TYPE (XhLongTextRow, xh_long_text_row, XH, LONG_TEXT_ROW, XhFieldRow)

G_END_DECLS
