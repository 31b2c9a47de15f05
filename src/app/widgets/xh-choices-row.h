/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of several out of a list: a button that says what is chosen and opens a list of checks. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_CHOICES_ROW (xh_choices_row_get_type ())
G_DECLARE_FINAL_TYPE (XhChoicesRow, xh_choices_row, XH, CHOICES_ROW, XhFieldRow)

G_END_DECLS
