/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of attachments: a line a file; files are chosen or dropped, big pictures are made smaller if the person wants it. */
#pragma once

#include "xh-field-row.h"
#include "xh-files-line.h"

G_BEGIN_DECLS

#define XH_TYPE_FILES_ROW (xh_files_row_get_type ())
G_DECLARE_FINAL_TYPE (XhFilesRow, xh_files_row, XH, FILES_ROW, XhFieldRow)

/* As if the person had chosen or dropped them; asks about big pictures. @paths: (transfer full) (element-type filename) */
void         xh_files_row_add_paths (XhFilesRow *self, GPtrArray *paths);
XhFilesLine *xh_files_row_get_line  (XhFilesRow *self, guint index); /* (nullable) */

G_END_DECLS
