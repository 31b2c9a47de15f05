/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sheet from outside, row by row: .xlsx (its first visible sheet, or one by its name) and .csv (UTF-8, GB18030 or UTF-16; comma, tab or semicolon). Memory
 * does not grow with the rows. The file is hostile: sizes, depths, ratios and entities are bounded, a formula is only its last result.
 * One thread at a time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define XH_SHEET_ERROR (xh_sheet_error_quark ())
GQuark xh_sheet_error_quark (void);

typedef enum
{
  XH_SHEET_ERROR_FILE,    /* cannot be opened, read or written: message has the system's words */
  XH_SHEET_ERROR_FORMAT,  /* no sheet that can be read here (an old .xls, a password, a web page), or a damaged one; message says what to do */
  XH_SHEET_ERROR_LIMIT,   /* larger than a sheet may be, or made to hurt */
  XH_SHEET_ERROR_COLUMNS, /* no column of the sheet belongs to the register */
} XhSheetError;

#define XH_SHEET_MAX_COLUMNS 1024
#define XH_SHEET_MAX_ROWS 1048576
#define XH_SHEET_MAX_CELL 131072 /* bytes; a cell of a spreadsheet holds at most 32,767 characters */

typedef enum
{
  XH_CELL_EMPTY,
  XH_CELL_TEXT,
  XH_CELL_NUMBER,
  XH_CELL_DATE,    /* a number whose style is a date */
  XH_CELL_BOOLEAN,
  XH_CELL_ERROR,   /* #N/A and the like */
} XhCellType;

typedef struct
{
  XhCellType type;
  const char *text; /* never NULL: what a person reads; a date as 2026-11-22, with its time where it has one */
  double number;    /* of NUMBER, DATE (the serial) and BOOLEAN */
} XhCell;

typedef struct _XhSheetReader XhSheetReader;

/**
 * xh_sheet_reader_open:
 * @path: a file; what it is is seen by its first bytes, not by its name
 *
 * Reads what stands before the rows (styles, shared texts): not for the main thread.
 *
 * Returns: (transfer full): before the first row, or %NULL with XH_SHEET_ERROR
 */
XhSheetReader *xh_sheet_reader_open     (const char *path, GError **error);

/* Likewise. @sheet: (nullable): the name of a sheet that is shown; a .csv has none and passes over it. */
XhSheetReader *xh_sheet_reader_open_sheet (const char *path, const char *sheet, GError **error);
/* (transfer full) the sheets of the file that are shown, none of a .csv; @opened: (out): which of them this is. */
char         **xh_sheet_reader_dup_names (XhSheetReader *self, guint *opened);

/**
 * xh_sheet_reader_next:
 * @cells: (out) (transfer none): of the row, from the first column on; valid until the next call
 * @n_cells: (out): how many; those behind are empty
 * @row: (out): its number as a spreadsheet shows it, from 1
 *
 * Rows without any text are passed over.
 *
 * Returns: %FALSE at the end, and with @error set where reading failed
 */
gboolean       xh_sheet_reader_next     (XhSheetReader *self, const XhCell **cells, guint *n_cells, guint *row, GError **error);

/* Share of the file that has been read, 0 to 1. */
double         xh_sheet_reader_progress (XhSheetReader *self);
void           xh_sheet_reader_free     (XhSheetReader *self);

/**
 * xh_cell_is_damaged:
 * @cell: what stands where a code should
 *
 * Whether a spreadsheet has made a number of a long code and lost its last digits: it keeps 15.
 */
gboolean       xh_cell_is_damaged       (const XhCell *cell);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSheetReader, xh_sheet_reader_free)

G_END_DECLS
