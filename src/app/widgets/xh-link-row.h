/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of a link to another record: search by characters, pinyin or initials and pick; open what is linked. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_LINK_ROW (xh_link_row_get_type ())
G_DECLARE_FINAL_TYPE (XhLinkRow, xh_link_row, XH, LINK_ROW, XhFieldRow)

G_END_DECLS
