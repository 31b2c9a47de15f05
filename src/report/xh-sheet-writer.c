/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-sheet-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "model/xh-calendar.h"

#define MAX_COMMENTS 5000 /* each is kept in memory until the file is closed */
#define MAX_LIST     5000 /* choices offered in a cell */
#define MAX_TEXT     32767
#define AT(row, column) (lxw_row_t) (row), (lxw_col_t) (column)

typedef struct
{
  char *text; /* (owned) (nullable) */
  double number;
  XhColumnType type;
  gboolean wrong;
} Cell;

struct _XhSheetWriter
{
  char *path, *part; /* (owned) the file, and its name until it is whole */
  guint n;
  XhColumnType *types; /* (owned) */
  Cell *cells;         /* (owned) of the present row: a constant-memory sheet takes them in order */
  guint n_rows, first_row;
  gboolean closed;

  FILE *csv;           /* (owned) (nullable) */

  lxw_workbook *book;  /* (owned) (nullable) */
  lxw_worksheet *sheet;
  lxw_format **formats;/* (owned) a column's */
  lxw_format *wrong_text, *wrong_number, *wrong_date;
  guint n_comments;
};

/* --- csv */

/* What a spreadsheet would take for a formula gets a quote mark before it, which our reader takes away again. */
static gboolean
is_formula (const char *text)
{
  const char *end;

  if (strchr ("=@\t\r", *text) != NULL)
    return *text != '\0';
  if (*text != '+' && *text != '-')
    return FALSE;
  g_ascii_strtod (text, (char **) &end);
  return *end != '\0';
}

static void
put_csv (XhSheetWriter *self, const char *text)
{
  g_autoptr (GString) quoted = NULL;

  if (text == NULL || *text == '\0')
    return;
  quoted = g_string_new (is_formula (text) ? "'" : NULL);
  g_string_append (quoted, text);
  if (strpbrk (quoted->str, "\",\r\n;\t") == NULL)
    {
      fputs (quoted->str, self->csv);
      return;
    }
  g_string_replace (quoted, "\"", "\"\"", 0);
  fprintf (self->csv, "\"%s\"", quoted->str);
}

static void
write_csv_row (XhSheetWriter *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      if (i > 0)
        fputc (',', self->csv);
      put_csv (self, self->cells[i].text);
    }
  fputs ("\r\n", self->csv);
}

static gboolean
open_csv (XhSheetWriter *self, const XhSheetColumn *columns, GError **error)
{
  self->csv = g_fopen (self->part, "wbe");
  if (self->csv == NULL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be written: %s"), self->path, g_strerror (errno));
      return FALSE;
    }
  fputs ("\xEF\xBB\xBF", self->csv); /* or a spreadsheet takes it for the country's own encoding */
  for (guint i = 0; i < self->n; i++)
    self->cells[i].text = (char *) columns[i].title;
  write_csv_row (self);
  for (guint i = 0; i < self->n; i++)
    self->cells[i].text = NULL;
  return TRUE;
}

/* --- xlsx */

static lxw_format *
add_format (XhSheetWriter *self, const char *number_format, gboolean wrong)
{
  lxw_format *format = workbook_add_format (self->book);

  if (number_format != NULL)
    format_set_num_format (format, number_format);
  format_set_align (format, LXW_ALIGN_VERTICAL_TOP);
  if (wrong)
    {
      format_set_bg_color (format, 0xFFC7CE);
      format_set_font_color (format, 0x9C0006);
    }
  return format;
}

static lxw_format *
add_header_format (XhSheetWriter *self, gboolean required, gboolean is_code)
{
  lxw_format *format = workbook_add_format (self->book);

  format_set_text_wrap (format);
  format_set_num_format (format, "@");
  format_set_align (format, LXW_ALIGN_VERTICAL_CENTER);
  format_set_align (format, LXW_ALIGN_CENTER);
  format_set_bg_color (format, is_code ? 0xF2F2F2 : required ? 0xFCE4D6 : 0xDDEBF7);
  format_set_border (format, LXW_BORDER_THIN);
  format_set_border_color (format, 0xBFBFBF);
  if (is_code)
    {
      format_set_font_color (format, 0x7F7F7F);
      format_set_font_size (format, 9);
    }
  else
    format_set_bold (format);
  return format;
}

/* A Chinese character is as wide as two others. */
static double
text_width (const char *text)
{
  double width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += g_unichar_iswide (g_utf8_get_char (text)) ? 2 : 1;
  return width;
}

static double
column_width (const XhSheetColumn *column)
{
  double title = MIN (text_width (column->title), 24) + 3;

  return MAX (title, column->width > 0 ? column->width : 10);
}

static void
add_choices (XhSheetWriter *self, lxw_worksheet **lists, guint *n_lists, guint column, GPtrArray *choices)
{
  lxw_data_validation validation = { 0 };
  char name[32];
  g_autofree char *range = NULL;

  if (*lists == NULL)
    {
      *lists = workbook_add_worksheet (self->book, _("Choices"));
      worksheet_hide (*lists);
    }
  /* A sheet of constant memory takes its cells row by row: a list is a row. */
  for (guint i = 0; i < MIN (choices->len, MAX_LIST); i++)
    worksheet_write_string (*lists, AT (*n_lists, i), choices->pdata[i], NULL);
  lxw_col_to_name (name, (lxw_col_t) (MIN (choices->len, MAX_LIST) - 1), TRUE);
  range = g_strdup_printf ("='%s'!$A$%u:%s$%u", _("Choices"), *n_lists + 1, name, *n_lists + 1);
  (*n_lists)++;
  validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
  validation.value_formula = range;
  validation.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
  validation.error_title = (char *) _("Not on the list");
  validation.error_message = (char *) _("Choose one of the list, or the row will not be taken.");
  worksheet_data_validation_range (self->sheet, AT (self->first_row, column), AT (LXW_ROW_MAX - 1, column), &validation);
}

static void
write_titles (XhSheetWriter *self, const XhSheetColumn *columns)
{
  lxw_format *plain = add_header_format (self, FALSE, FALSE), *required = add_header_format (self, TRUE, FALSE);
  lxw_format *code = add_header_format (self, FALSE, TRUE);

  for (guint i = 0; i < self->n; i++)
    {
      worksheet_write_string (self->sheet, AT (0, i), columns[i].title, columns[i].required ? required : plain);
      if (columns[i].note != NULL)
        worksheet_write_comment (self->sheet, AT (0, i), columns[i].note);
    }
  for (guint i = 0; self->first_row > 1 && i < self->n; i++)
    worksheet_write_string (self->sheet, AT (1, i), columns[i].code != NULL ? columns[i].code : "", code);
}

static gboolean
open_xlsx (XhSheetWriter *self, const char *name, const XhSheetColumn *columns, GError **error)
{
  lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = (char *) g_get_tmp_dir () };
  lxw_row_col_options hide = { .hidden = LXW_TRUE };
  lxw_worksheet *lists = NULL;
  g_autofree char *title = g_strdup (name != NULL ? name : _("Records"));
  guint n_lists = 0;

  self->book = workbook_new_opt (self->part, &options);
  if (self->book == NULL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be written: %s"), self->path, g_strerror (errno));
      return FALSE;
    }
  g_strdelimit (title, "[]:*?/\\'", ' ');
  *g_utf8_offset_to_pointer (title, MIN (g_utf8_strlen (title, -1), 31)) = '\0';
  self->sheet = workbook_add_worksheet (self->book, title);
  if (self->sheet == NULL)
    self->sheet = workbook_add_worksheet (self->book, NULL);
  self->formats = g_new0 (lxw_format *, self->n);
  for (guint i = 0; i < self->n; i++)
    {
      const XhSheetColumn *column = &columns[i];

      self->formats[i] = add_format (self, column->type == XH_COLUMN_TEXT ? "@" : column->type == XH_COLUMN_DATE ? "yyyy-mm-dd" : column->format, FALSE);
      worksheet_set_column_opt (self->sheet, (lxw_col_t) i, (lxw_col_t) i, column_width (column), self->formats[i], column->hidden ? &hide : NULL);
      if (column->choices != NULL && column->choices->len > 0)
        add_choices (self, &lists, &n_lists, i, column->choices);
    }
  self->wrong_text = add_format (self, "@", TRUE);
  self->wrong_number = add_format (self, NULL, TRUE);
  self->wrong_date = add_format (self, "yyyy-mm-dd", TRUE);
  write_titles (self, columns);
  worksheet_freeze_panes (self->sheet, AT (self->first_row, 0));
  return TRUE;
}

static void
write_date (XhSheetWriter *self, guint row, guint column, const char *iso, lxw_format *format)
{
  GDate date;
  lxw_datetime when = { 0 };

  if (!xh_date_parse (iso, &date) || g_date_get_year (&date) < 1901)
    {
      worksheet_write_string (self->sheet, AT (row, column), iso, format);
      return;
    }
  when.year = g_date_get_year (&date);
  when.month = (int) g_date_get_month (&date);
  when.day = g_date_get_day (&date);
  worksheet_write_datetime (self->sheet, AT (row, column), &when, format);
}

static void
write_xlsx_row (XhSheetWriter *self)
{
  guint row = self->first_row + self->n_rows;

  for (guint i = 0; i < self->n; i++)
    {
      const Cell *cell = &self->cells[i];

      if (cell->text == NULL && !cell->wrong)
        continue;
      if (cell->text == NULL)
        worksheet_write_blank (self->sheet, AT (row, i), self->wrong_text);
      else if (cell->type == XH_COLUMN_NUMBER)
        worksheet_write_number (self->sheet, AT (row, i), cell->number, cell->wrong ? self->wrong_number : self->formats[i]);
      else if (cell->type == XH_COLUMN_DATE)
        write_date (self, row, i, cell->text, cell->wrong ? self->wrong_date : self->formats[i]);
      else
        worksheet_write_string (self->sheet, AT (row, i), cell->text, cell->wrong ? self->wrong_text : self->formats[i]);
    }
}

/* --- public */

static gboolean
has_codes (const XhSheetColumn *columns, guint n)
{
  for (guint i = 0; i < n; i++)
    if (columns[i].code != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
is_csv (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".csv");
}

XhSheetWriter *
xh_sheet_writer_new (const char *path, const char *name, const XhSheetColumn *columns, guint n, GError **error)
{
  g_autoptr (XhSheetWriter) self = g_new0 (XhSheetWriter, 1);
  gboolean opened;

  g_return_val_if_fail (path != NULL && n > 0, NULL);

  self->path = g_strdup (path);
  self->part = g_strconcat (path, ".part", NULL);
  self->n = n;
  self->types = g_new0 (XhColumnType, n);
  self->cells = g_new0 (Cell, n);
  self->first_row = has_codes (columns, n) ? 2 : 1;
  for (guint i = 0; i < n; i++)
    self->types[i] = columns[i].type;
  opened = is_csv (path) ? open_csv (self, columns, error) : open_xlsx (self, name, columns, error);
  return opened ? g_steal_pointer (&self) : NULL;
}

static void
set_cell (XhSheetWriter *self, guint column, XhColumnType type, const char *text, double number)
{
  Cell *cell;

  g_return_if_fail (column < self->n);

  cell = &self->cells[column];
  g_free (cell->text);
  cell->text = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
  cell->type = type;
  cell->number = number;
  if (cell->text != NULL && strlen (cell->text) > MAX_TEXT && g_utf8_strlen (cell->text, -1) > MAX_TEXT)
    *g_utf8_offset_to_pointer (cell->text, MAX_TEXT) = '\0';
}

void
xh_sheet_writer_text (XhSheetWriter *self, guint column, const char *text)
{
  set_cell (self, column, XH_COLUMN_TEXT, text, 0);
}

void
xh_sheet_writer_number (XhSheetWriter *self, guint column, double number, const char *text)
{
  set_cell (self, column, XH_COLUMN_NUMBER, text, number);
}

void
xh_sheet_writer_date (XhSheetWriter *self, guint column, const char *iso)
{
  set_cell (self, column, XH_COLUMN_DATE, iso, 0);
}

void
xh_sheet_writer_mark (XhSheetWriter *self, guint column, const char *text, const char *comment)
{
  g_return_if_fail (column < self->n);

  if (text != NULL)
    set_cell (self, column, XH_COLUMN_TEXT, text, 0);
  self->cells[column].wrong = TRUE;
  if (self->sheet != NULL && comment != NULL && self->n_comments < MAX_COMMENTS)
    {
      worksheet_write_comment (self->sheet, AT (self->first_row + self->n_rows, column), comment);
      self->n_comments++;
    }
}

gboolean
xh_sheet_writer_next (XhSheetWriter *self, GError **error)
{
  if (self->first_row + self->n_rows >= LXW_ROW_MAX)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("A sheet holds %u rows. Choose fewer records, or a .csv."), LXW_ROW_MAX);
      return FALSE;
    }
  if (self->csv != NULL)
    write_csv_row (self);
  else
    write_xlsx_row (self);
  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->cells[i].text);
      self->cells[i] = (Cell) { 0 };
    }
  self->n_rows++;
  if (self->csv == NULL || !ferror (self->csv))
    return TRUE;
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be written: %s"), self->path, g_strerror (errno));
  return FALSE;
}

guint
xh_sheet_writer_rows (XhSheetWriter *self)
{
  return self->n_rows;
}

static const char *
finish (XhSheetWriter *self)
{
  lxw_error code;
  gboolean whole;

  if (self->csv != NULL)
    {
      whole = !ferror (self->csv);
      whole = fclose (g_steal_pointer (&self->csv)) == 0 && whole;
      return whole ? NULL : g_strerror (errno);
    }
  code = workbook_close (g_steal_pointer (&self->book));
  return code == LXW_NO_ERROR ? NULL : lxw_strerror (code);
}

gboolean
xh_sheet_writer_close (XhSheetWriter *self, GError **error)
{
  const char *fault = finish (self);

  if (fault == NULL && g_rename (self->part, self->path) != 0)
    fault = g_strerror (errno);
  if (fault == NULL)
    {
      self->closed = TRUE;
      return TRUE;
    }
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be written: %s"), self->path, fault);
  return FALSE;
}

void
xh_sheet_writer_free (XhSheetWriter *self)
{
  if (self == NULL)
    return;
  if (self->csv != NULL)
    fclose (self->csv);
  if (self->book != NULL)
    lxw_workbook_free (self->book);
  if (!self->closed)
    g_unlink (self->part);
  for (guint i = 0; i < self->n; i++)
    g_free (self->cells[i].text);
  g_free (self->cells);
  g_free (self->types);
  g_free (self->formats);
  g_free (self->path);
  g_free (self->part);
  g_free (self);
}
