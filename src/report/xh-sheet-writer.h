/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sheet that leaves, row by row, as .xlsx or .csv by the name of the file. Codes are texts, so that no spreadsheet rounds them; nothing
 * becomes a formula. The file appears under its name only when it is whole. Memory does not grow with the rows. One thread at a time. */
#pragma once

#include "xh-sheet-reader.h"

G_BEGIN_DECLS

typedef enum
{
  XH_COLUMN_TEXT,
  XH_COLUMN_NUMBER,
  XH_COLUMN_DATE,
} XhColumnType;

typedef struct
{
  const char *title;
  const char *code;   /* (nullable) stands in a second header row */
  const char *note;   /* (nullable) a comment at the title of an .xlsx */
  XhColumnType type;
  const char *format; /* (nullable) of numbers: "#,##0.00" */
  double width;       /* in characters; 0: by the title */
  gboolean hidden;
  gboolean required;  /* the title is marked */
  GPtrArray *choices; /* (nullable) (element-type utf8): what a cell may hold; a list in an .xlsx */
} XhSheetColumn;

typedef struct _XhSheetWriter XhSheetWriter;

/**
 * xh_sheet_writer_new:
 * @path: where it goes; .csv is text, anything else .xlsx
 * @name: (nullable): of the sheet
 * @columns: (array length=n): copied
 *
 * Writes the header.
 *
 * Returns: (transfer full): before the first row, or %NULL with XH_SHEET_ERROR_FILE
 */
XhSheetWriter *xh_sheet_writer_new   (const char *path, const char *name, const XhSheetColumn *columns, guint n, GError **error);

/* The cells of the present row, in any order for .csv; from left to right for .xlsx is not needed either. Empty text writes nothing. */
void           xh_sheet_writer_text   (XhSheetWriter *self, guint column, const char *text);
void           xh_sheet_writer_number (XhSheetWriter *self, guint column, double number, const char *text); /* @text: the same number, for .csv */
void           xh_sheet_writer_date   (XhSheetWriter *self, guint column, const char *iso);
/* Marks the cell of the present row as wrong: red, with a comment on the first few thousand. After its text. */
void           xh_sheet_writer_mark   (XhSheetWriter *self, guint column, const char *text, const char *comment);
gboolean       xh_sheet_writer_next   (XhSheetWriter *self, GError **error); /* ends the row */
guint          xh_sheet_writer_rows   (XhSheetWriter *self);                 /* ended so far, without the header */

/* Finishes the file and gives it its name. */
gboolean       xh_sheet_writer_close  (XhSheetWriter *self, GError **error);
/* Frees; a file that was not closed is dropped. */
void           xh_sheet_writer_free   (XhSheetWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSheetWriter, xh_sheet_writer_free)

G_END_DECLS
