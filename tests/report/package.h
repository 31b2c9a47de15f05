/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A workbook put together by hand: what spreadsheets write and our own writer does not, and what no spreadsheet would. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @...: name, content, … of parts beside the workbook and its relations, ended by NULL. (transfer full) path of a file to be unlinked */
char *package_new  (const char *workbook_extra, ...) G_GNUC_NULL_TERMINATED;
/* One row of cells as XML inside a sheet. */
#define SHEET(data) "xl/worksheets/sheet1.xml", "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" data "</sheetData></worksheet>"

G_END_DECLS
