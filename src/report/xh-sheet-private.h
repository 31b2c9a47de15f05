/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of the sheet reader:
 *   xh-sheet-reader.c  what kind of file it is; the row that is being made
 *   xh-sheet-csv.c     text: encoding, separator, quotes
 *   xh-sheet-xlsx.c    the package: archive, workbook, styles; rows of the sheet
 *   xh-sheet-zip.c     one part of a package after another, bounded
 *   xh-sheet-strings.c shared texts, spilled to a file where they are many */
#pragma once

#include "xh-sheet-reader.h"

G_BEGIN_DECLS

/* The row that is being made: texts stand one after another in one buffer that is kept from row to row. */
typedef struct
{
  GArray *cells;   /* (owned) of XhCell; while the row is made, text is an offset in the buffer */
  GString *text;   /* (owned) */
  guint number;
  gboolean filled; /* some cell has text */
} XhRow;

void xh_row_init   (XhRow *row);
void xh_row_clear  (XhRow *row);
void xh_row_begin  (XhRow *row, guint number);
/* Adds a cell; FALSE: beyond the columns or the length that may be. An empty cell far out is no fault. */
gboolean xh_row_add (XhRow *row, guint column, XhCellType type, const char *text, gsize length, double number, GError **error);
void xh_row_finish (XhRow *row); /* offsets become texts */

/* A format: how it opens, gives a row and closes. next: FALSE at the end or with @error. */
typedef struct
{
  gpointer (*open)     (const char *path, const char *sheet, GError **error); /* @sheet: (nullable) a name; the first that is shown */
  gboolean (*next)     (gpointer source, XhRow *row, GError **error);
  double   (*progress) (gpointer source);
  void     (*close)    (gpointer source);
  GPtrArray *(*names)  (gpointer source, guint *opened); /* (nullable) the sheets that are shown, and which it is */
} XhSheetFormat;

extern const XhSheetFormat xh_sheet_csv;
extern const XhSheetFormat xh_sheet_xlsx;

/* A number as a person would write it: 15 digits, no exponent up to 21 places. (transfer full) */
char *xh_sheet_number_text (double number);

/* --- xh-sheet-zip.c */
typedef struct _XhZip XhZip;

XhZip     *xh_zip_open     (const char *path, GError **error); /* before the first part */
/* (transfer none) name of the next part; NULL at the end or with @error. What is left of the present one is passed over. */
const char *xh_zip_next    (XhZip *self, GError **error);
/* Bytes of the present part: 0 at its end, -1 with @error. @total counts what all parts of the file have given. */
gssize     xh_zip_read     (XhZip *self, gpointer buffer, gsize size, guint64 *total, GError **error);
double     xh_zip_progress (XhZip *self);
void       xh_zip_close    (XhZip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhZip, xh_zip_close)

/* --- xh-sheet-strings.c */
typedef struct _XhStrings XhStrings;

XhStrings  *xh_strings_new  (void);
gboolean    xh_strings_add  (XhStrings *self, const char *text, gsize length, GError **error);
gboolean    xh_strings_seal (XhStrings *self, GError **error); /* nothing is added any more */
const char *xh_strings_get  (XhStrings *self, guint64 index, gsize *length); /* (nullable) NULL: none; not ended by NUL */
void        xh_strings_free (XhStrings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhStrings, xh_strings_free)

G_END_DECLS
