/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ECMA-376 as far as the values of one sheet go: opening the file, and its cells row by row. What the sheet hangs on is read by xh-sheet-xlsx-parts.c. */
#include "xh-sheet-xlsx-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/xh-calendar.h"

static void
xlsx_close (gpointer source)
{
  XhXlsx *self = source;

  g_clear_pointer (&self->parser, XML_ParserFree);
  g_clear_pointer (&self->zip, xh_zip_close);
  g_clear_pointer (&self->sheet_ids, g_ptr_array_unref);
  g_clear_pointer (&self->sheet_names, g_ptr_array_unref);
  g_clear_pointer (&self->relations, g_hash_table_unref);
  g_clear_pointer (&self->date_formats, g_hash_table_unref);
  g_clear_pointer (&self->styles, g_array_unref);
  g_clear_pointer (&self->strings, xh_strings_free);
  g_clear_error (&self->error);
  g_free (self->strings_part);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self);
}

/* --- cells */

/* "AB12" is column 27. */
static guint
column_of (const char *reference)
{
  guint column = 0;

  for (; g_ascii_isalpha (*reference) && column < 100000; reference++)
    column = column * 26 + (guint) (g_ascii_toupper (*reference) - 'A') + 1;
  return column - 1;
}

static void
start_row (XhXlsx *self, XML_Parser parser, const char **attributes)
{
  guint number = xh_xlsx_number (xh_xlsx_attribute (attributes, "r"));

  if (number > XH_SHEET_MAX_ROWS)
    xh_xlsx_stop (self, parser, XH_SHEET_ERROR_LIMIT, _("The sheet has more rows than a sheet can."));
  else
    {
      self->last_row = number > self->last_row ? number : self->last_row + 1;
      xh_row_begin (self->row, self->last_row);
      self->column = 0;
    }
}

static void
start_cell (XhXlsx *self, const char **attributes)
{
  const char *reference = xh_xlsx_attribute (attributes, "r"), *type = xh_xlsx_attribute (attributes, "t");

  if (reference != NULL && g_ascii_isalpha (*reference))
    self->column = column_of (reference);
  g_strlcpy (self->type, type != NULL ? type : "n", sizeof self->type);
  self->style = xh_xlsx_number (xh_xlsx_attribute (attributes, "s"));
  g_string_truncate (self->text, 0);
  self->in_cell = TRUE;
}

static void
sheet_start_cb (void *data, const char *name, const char **attributes)
{
  XhXlsx *self = XML_GetUserData (data);

  name = xh_xlsx_local_name (name);
  if (!xh_xlsx_enter (self, data))
    return;
  if (strcmp (name, "row") == 0)
    start_row (self, data, attributes);
  else if (strcmp (name, "c") == 0)
    start_cell (self, attributes);
  else if (!self->in_cell)
    return;
  else if (strcmp (name, "v") == 0)
    self->place = XH_IN_VALUE;
  else if (strcmp (name, "rPh") == 0)
    self->in_phonetic = TRUE;
  else if (strcmp (name, "t") == 0 && !self->in_phonetic)
    self->place = XH_IN_INLINE;
}

static void
sheet_text_cb (void *data, const char *text, int length)
{
  XhXlsx *self = XML_GetUserData (data);

  if (self->place != XH_IN_NOTHING)
    xh_xlsx_append_text (self, data, text, length);
}

/* A day and perhaps a time from a serial: 1 is 1900-01-01, and 60 the 29 February that never was. */
static char *
serial_text (XhXlsx *self, double serial)
{
  GDate date;
  gint64 day = (gint64) floor (serial);
  int seconds = (int) lround ((serial - (double) day) * 86400);
  g_autofree char *iso = NULL;

  if (serial < (self->epoch_1904 ? 0 : 1) || serial >= 2958466 || (!self->epoch_1904 && day == 60))
    return NULL;
  if (seconds >= 86400)
    {
      day++;
      seconds = 0;
    }
  g_date_clear (&date, 1);
  if (self->epoch_1904)
    g_date_set_dmy (&date, 1, 1, 1904);
  else
    g_date_set_dmy (&date, 31, 12, 1899);
  g_date_add_days (&date, (guint) (!self->epoch_1904 && day > 60 ? day - 1 : day));
  iso = xh_date_format (&date);
  if (seconds == 0)
    return g_steal_pointer (&iso);
  return g_strdup_printf ("%s %02d:%02d:%02d", iso, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static gboolean
add_number (XhXlsx *self, GError **error)
{
  const char *raw = self->text->str;
  char *end = NULL;
  double number = g_ascii_strtod (raw, &end);
  gsize digits = strspn (raw, "0123456789");
  g_autofree char *text = NULL;

  if (end == raw || *end != '\0' || !isfinite (number))
    return xh_row_add (self->row, self->column, XH_CELL_TEXT, raw, self->text->len, 0, error);
  if (self->style < self->styles->len && g_array_index (self->styles, gboolean, self->style))
    {
      text = serial_text (self, number);
      if (text != NULL)
        return xh_row_add (self->row, self->column, XH_CELL_DATE, text, strlen (text), number, error);
    }
  /* Digits that a program wrote as they are: nothing is lost yet. */
  text = raw[digits] == '\0' ? g_strdup (raw) : xh_sheet_number_text (number);
  return xh_row_add (self->row, self->column, XH_CELL_NUMBER, text, strlen (text), number, error);
}

static gboolean
add_shared (XhXlsx *self, GError **error)
{
  gsize length = 0;
  const char *text = NULL;

  if (self->strings != NULL && g_ascii_isdigit (*self->text->str))
    text = xh_strings_get (self->strings, g_ascii_strtoull (self->text->str, NULL, 10), &length);
  if (text == NULL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("A text of row %u is missing in the file: it is damaged."), self->row->number);
      return FALSE;
    }
  return xh_row_add (self->row, self->column, XH_CELL_TEXT, text, length, 0, error);
}

static gboolean
add_cell (XhXlsx *self, GError **error)
{
  const char *type = self->type;
  gboolean is_true;

  if (self->text->len == 0)
    return TRUE;
  if (strcmp (type, "n") == 0)
    return add_number (self, error);
  if (strcmp (type, "s") == 0)
    return add_shared (self, error);
  if (strcmp (type, "b") == 0)
    {
      is_true = self->text->str[0] == '1' || self->text->str[0] == 't';
      return xh_row_add (self->row, self->column, XH_CELL_BOOLEAN, is_true ? "1" : "0", 1, is_true, error);
    }
  if (strcmp (type, "d") == 0 && self->text->len >= 10)
    return xh_row_add (self->row, self->column, XH_CELL_TEXT, self->text->str, 10, 0, error);
  xh_xlsx_unescape (self->text);
  return xh_row_add (self->row, self->column, strcmp (type, "e") == 0 ? XH_CELL_ERROR : XH_CELL_TEXT, self->text->str, self->text->len, 0, error);
}

static void
sheet_end_cb (void *data, const char *name)
{
  XhXlsx *self = XML_GetUserData (data);

  name = xh_xlsx_local_name (name);
  self->depth--;
  if (strcmp (name, "v") == 0 || strcmp (name, "t") == 0)
    self->place = XH_IN_NOTHING;
  else if (strcmp (name, "rPh") == 0)
    self->in_phonetic = FALSE;
  else if (strcmp (name, "c") == 0)
    {
      self->in_cell = FALSE;
      if (self->last_row > 0 && !add_cell (self, &self->error))
        XML_StopParser (data, XML_FALSE);
      self->column++;
    }
  else if (strcmp (name, "row") == 0)
    {
      self->row_done = TRUE;
      XML_StopParser (data, XML_TRUE);
    }
}

/* --- opening */

static gboolean
open_sheet (XhXlsx *self, const char *path, const char *sheet, GError **error)
{
  const char *part = NULL;

  if (sheet != NULL && !g_ptr_array_find_with_equal_func (self->sheet_names, sheet, g_str_equal, &self->opened))
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("There is no sheet “%s” in this file."), sheet);
      return FALSE;
    }
  if (self->sheet_ids->len > 0)
    part = g_hash_table_lookup (self->relations, self->sheet_ids->pdata[self->opened]);
  if (part == NULL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("There is no sheet in this file."));
      return FALSE;
    }
  self->zip = xh_zip_open (path, error);
  if (self->zip == NULL || !xh_xlsx_find_part (self->zip, part, error))
    return FALSE;
  self->parser = xh_xlsx_new_parser (self, sheet_start_cb, sheet_end_cb, sheet_text_cb);
  self->ended = FALSE;
  return TRUE;
}

static gpointer
xlsx_open (const char *path, const char *sheet, GError **error)
{
  XhXlsx *self = g_new0 (XhXlsx, 1);

  self->sheet_ids = g_ptr_array_new_with_free_func (g_free);
  self->sheet_names = g_ptr_array_new_with_free_func (g_free);
  self->relations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->date_formats = g_hash_table_new (NULL, NULL);
  self->styles = g_array_new (FALSE, FALSE, sizeof (gboolean));
  self->text = g_string_new (NULL);
  if (xh_xlsx_read_small_parts (self, path, error) && xh_xlsx_read_strings (self, path, error) && open_sheet (self, path, sheet, error))
    return self;
  xlsx_close (self);
  return NULL;
}

static gboolean
resume (XhXlsx *self, GError **error)
{
  enum XML_Status status = XML_ResumeParser (self->parser);

  self->suspended = status == XML_STATUS_SUSPENDED;
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (status == XML_STATUS_ERROR)
    xh_xlsx_set_format_error (self->parser, error);
  else
    return TRUE;
  return FALSE;
}

static gboolean
xlsx_next (gpointer source, XhRow *row, GError **error)
{
  XhXlsx *self = source;
  g_autoptr (GError) failure = NULL;

  self->row = row;
  self->row_done = FALSE;
  xh_row_begin (row, self->last_row);
  if (self->suspended && !resume (self, error))
    return FALSE;
  while (!self->row_done && !self->ended)
    if (!xh_xlsx_feed (self, self->zip, self->parser, &failure))
      break;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return self->row_done;
}

static double
xlsx_progress (gpointer source)
{
  return xh_zip_progress (((XhXlsx *) source)->zip);
}

static GPtrArray *
xlsx_names (gpointer source, guint *opened)
{
  XhXlsx *self = source;

  *opened = self->opened;
  return self->sheet_names;
}

const XhSheetFormat xh_sheet_xlsx = { xlsx_open, xlsx_next, xlsx_progress, xlsx_close, xlsx_names };
