/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of one out of a list: a code list, the units, or yes and no where an answer is required. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_CHOICE_ROW (xh_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (XhChoiceRow, xh_choice_row, XH, CHOICE_ROW, XhFieldRow)

G_END_DECLS
