/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-sheet-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

G_DEFINE_QUARK (xh-sheet-error-quark, xh_sheet_error)

struct _XhSheetReader
{
  const XhSheetFormat *format;
  gpointer source; /* (owned) */
  XhRow row;
  guint n_rows;
};

/* --- the row */

void
xh_row_init (XhRow *row)
{
  row->cells = g_array_new (FALSE, TRUE, sizeof (XhCell));
  row->text = g_string_new (NULL);
  row->number = 0;
  row->filled = FALSE;
}

void
xh_row_clear (XhRow *row)
{
  g_clear_pointer (&row->cells, g_array_unref);
  if (row->text != NULL)
    g_string_free (row->text, TRUE);
  row->text = NULL;
}

void
xh_row_begin (XhRow *row, guint number)
{
  g_array_set_size (row->cells, 0);
  g_string_truncate (row->text, 0);
  g_string_append_c (row->text, '\0'); /* the text of every empty cell */
  row->number = number;
  row->filled = FALSE;
}

gboolean
xh_row_add (XhRow *row, guint column, XhCellType type, const char *text, gsize length, double number, GError **error)
{
  XhCell *cell;

  if (length == 0 || type == XH_CELL_EMPTY)
    return TRUE;
  if (column >= XH_SHEET_MAX_COLUMNS)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("Row %u has more than %u columns."), row->number, XH_SHEET_MAX_COLUMNS);
      return FALSE;
    }
  if (length > XH_SHEET_MAX_CELL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("A cell of row %u holds more than a cell can."), row->number);
      return FALSE;
    }
  if (row->cells->len <= column)
    g_array_set_size (row->cells, column + 1);
  cell = &g_array_index (row->cells, XhCell, column);
  cell->type = type;
  cell->number = number;
  cell->text = GSIZE_TO_POINTER (row->text->len);
  g_string_append_len (row->text, text, (gssize) length);
  g_string_append_c (row->text, '\0');
  row->filled = TRUE;
  return TRUE;
}

void
xh_row_finish (XhRow *row)
{
  for (guint i = 0; i < row->cells->len; i++)
    {
      XhCell *cell = &g_array_index (row->cells, XhCell, i);

      cell->text = row->text->str + GPOINTER_TO_SIZE (cell->text);
    }
}

/* --- numbers */

/* 4.10421199001011e+17 as 410421199001011000. */
static char *
expand (const char *mantissa, int exponent)
{
  GString *text = g_string_new (*mantissa == '-' ? "-" : "");
  int behind = 0;
  gboolean seen_point = FALSE;

  for (const char *p = mantissa + (*mantissa == '-'); *p != '\0' && *p != 'e'; p++)
    {
      if (*p == '.')
        seen_point = TRUE;
      else
        {
          g_string_append_c (text, *p);
          behind += seen_point;
        }
    }
  for (; behind < exponent; behind++)
    g_string_append_c (text, '0');
  return g_string_free (text, FALSE);
}

char *
xh_sheet_number_text (double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  const char *e;

  g_ascii_formatd (buffer, sizeof buffer, "%.15g", number);
  e = strchr (buffer, 'e');
  if (e != NULL && e[1] == '+' && g_ascii_strtoll (e + 1, NULL, 10) <= 21)
    return expand (buffer, (int) g_ascii_strtoll (e + 1, NULL, 10));
  if (e != NULL && e[1] == '-')
    {
      gsize end;

      g_ascii_formatd (buffer, sizeof buffer, "%.15f", number);
      end = strlen (buffer);
      while (end > 0 && (buffer[end - 1] == '0' || buffer[end - 1] == '.'))
        buffer[--end] = '\0';
      if (end == 0 || strcmp (buffer, "-") == 0)
        return g_strdup ("0");
    }
  return g_strdup (buffer);
}

gboolean
xh_cell_is_damaged (const XhCell *cell)
{
  const char *p = cell->text;
  gsize digits = strspn (p, "0123456789");

  if (cell->type == XH_CELL_NUMBER)
    return fabs (cell->number) >= 1e15 && (p[digits] != '\0' || digits < 16 || strcmp (p + digits - 1, "0") == 0);
  if (cell->type != XH_CELL_TEXT || digits == 0)
    return FALSE;
  /* 4.10421E+17, and with the full stop or comma of another country. */
  p += digits;
  if (*p == '.' || *p == ',')
    p += 1 + strspn (p + 1, "0123456789");
  return (*p == 'E' || *p == 'e') && p[1] == '+' && p[2] != '\0' && p[2 + strspn (p + 2, "0123456789")] == '\0';
}

/* --- opening */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, message);
  return FALSE;
}

static gboolean
looks_like_markup (const char *head, gsize length)
{
  gsize i = 0;

  while (i < length && g_ascii_isspace (head[i]))
    i++;
  return i < length && head[i] == '<';
}

static const XhSheetFormat *
choose_format (const char *head, gsize length, GError **error)
{
  if (length >= 4 && memcmp (head, "PK\003\004", 4) == 0)
    return &xh_sheet_xlsx;
  if (length >= 4 && memcmp (head, "\xD0\xCF\x11\xE0", 4) == 0)
    refuse (error, _("This is an old .xls file, or one with a password. Open it and save it as .xlsx without a password."));
  else if (looks_like_markup (head, length))
    refuse (error, _("This is a web page with the name of a sheet. Open it and save it as .xlsx."));
  else if (length == 0)
    refuse (error, _("The file is empty."));
  else
    return &xh_sheet_csv;
  return NULL;
}

XhSheetReader *
xh_sheet_reader_open (const char *path, GError **error)
{
  return xh_sheet_reader_open_sheet (path, NULL, error);
}

XhSheetReader *
xh_sheet_reader_open_sheet (const char *path, const char *sheet, GError **error)
{
  g_autoptr (XhSheetReader) self = g_new0 (XhSheetReader, 1);
  char head[64];
  gsize length;
  FILE *file;

  g_return_val_if_fail (path != NULL, NULL);

  xh_row_init (&self->row);
  file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_fopen (path, "rbe") : NULL;
  if (file == NULL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be opened."), path);
      return NULL;
    }
  length = fread (head, 1, sizeof head, file);
  fclose (file);
  self->format = choose_format (head, length, error);
  if (self->format == NULL)
    return NULL;
  self->source = self->format->open (path, sheet, error);
  return self->source != NULL ? g_steal_pointer (&self) : NULL;
}

gboolean
xh_sheet_reader_next (XhSheetReader *self, const XhCell **cells, guint *n_cells, guint *row, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  do
    if (!self->format->next (self->source, &self->row, error))
      return FALSE;
  while (!self->row.filled);
  if (++self->n_rows > XH_SHEET_MAX_ROWS)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("The sheet has more than %u rows."), XH_SHEET_MAX_ROWS);
      return FALSE;
    }
  xh_row_finish (&self->row);
  *cells = (const XhCell *) (gpointer) self->row.cells->data;
  *n_cells = self->row.cells->len;
  *row = self->row.number;
  return TRUE;
}

char **
xh_sheet_reader_dup_names (XhSheetReader *self, guint *opened)
{
  GPtrArray *names = self->format->names != NULL ? self->format->names (self->source, opened) : NULL;
  char **copy = g_new0 (char *, names != NULL ? names->len + 1 : 1);

  if (names == NULL)
    *opened = 0;
  for (guint i = 0; names != NULL && i < names->len; i++)
    copy[i] = g_strdup (names->pdata[i]);
  return copy;
}

double
xh_sheet_reader_progress (XhSheetReader *self)
{
  return CLAMP (self->format->progress (self->source), 0, 1);
}

void
xh_sheet_reader_free (XhSheetReader *self)
{
  if (self == NULL)
    return;
  if (self->source != NULL)
    self->format->close (self->source);
  xh_row_clear (&self->row);
  g_free (self);
}
