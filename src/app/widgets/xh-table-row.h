/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of a table: an expander a row with an editor a column, rows are added and removed; undo brings them back. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_TABLE_ROW (xh_table_row_get_type ())
G_DECLARE_FINAL_TYPE (XhTableRow, xh_table_row, XH, TABLE_ROW, XhFieldRow)

/* Opens the row that @part ("2/id_number") is in and puts the focus there. */
gboolean xh_table_row_grab_part (XhTableRow *self, const char *part);

G_END_DECLS
