/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A column in one row of a table field. */
#pragma once

#include "xh-cell.h"

G_BEGIN_DECLS

#define XH_TYPE_TABLE_CELL (xh_table_cell_get_type ())
G_DECLARE_FINAL_TYPE (XhTableCell, xh_table_cell, XH, TABLE_CELL, XhCell)

/* @row: the `_id` of a row. The cell reads as empty when the row is gone. */
XhCell    *xh_table_cell_new   (XhCell *table, const char *row, const XhField *column);

/* --- the rows of a table's value */
JsonArray *xh_table_read_rows  (const XhValue *value);                           /* (transfer full) empty where there are none */
void       xh_table_write_rows (JsonArray *rows, XhValue *value);                /* no rows: NULL */
int        xh_table_find_row   (JsonArray *rows, const char *row);               /* -1: no such row */
const char *xh_table_row_id    (JsonArray *rows, guint index);                   /* (nullable) */
void       xh_table_read_column (JsonArray *rows, guint index, const XhField *column, XhValue *value);

G_END_DECLS
