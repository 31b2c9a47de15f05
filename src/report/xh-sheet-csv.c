/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RFC 4180 as spreadsheets write it: quotes doubled, line ends of any kind, the separator of the country. */
#include "xh-sheet-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 65536
#define MAX_FILE (G_GUINT64_CONSTANT (2) << 30)

typedef struct
{
  FILE *file;        /* (owned) */
  guint64 size, done;
  GIConv conv;       /* (owned) (GIConv) -1: UTF-8 as it is */
  char in[BLOCK];    /* bytes of the file that are not decoded yet */
  gsize n_in;
  char *out;         /* (owned) decoded */
  gsize n_out, at;
  gboolean ended;
  char separator;
  guint row;
  GString *cell;     /* (owned) */
} Csv;

static void
csv_close (gpointer source)
{
  Csv *self = source;

  if (self->file != NULL)
    fclose (self->file);
  if (self->conv != (GIConv) -1)
    g_iconv_close (self->conv);
  g_free (self->out);
  if (self->cell != NULL)
    g_string_free (self->cell, TRUE);
  g_free (self);
}

/* --- encoding */

static gboolean
is_utf8 (FILE *file)
{
  char buffer[BLOCK];
  gsize kept = 0, n;

  while ((n = fread (buffer + kept, 1, sizeof buffer - kept, file)) > 0)
    {
      const char *end;

      n += kept;
      if (memchr (buffer, '\0', n) != NULL)
        return FALSE;
      if (g_utf8_validate_len (buffer, n, &end))
        kept = 0;
      else
        {
          kept = n - (gsize) (end - buffer);
          if (kept > 3)
            return FALSE;
          memmove (buffer, end, kept);
        }
    }
  return kept == 0;
}

/* The charset; NULL: UTF-8. @skip: bytes of the mark at the start. */
static const char *
find_charset (FILE *file, gsize *skip)
{
  guchar mark[3] = { 0 };
  gsize n = fread (mark, 1, 3, file);
  gboolean utf8;

  *skip = 0;
  rewind (file);
  if (n == 3 && memcmp (mark, "\xEF\xBB\xBF", 3) == 0)
    {
      *skip = 3;
      return NULL;
    }
  if (n >= 2 && memcmp (mark, "\xFF\xFE", 2) == 0)
    {
      *skip = 2;
      return "UTF-16LE";
    }
  if (n >= 2 && memcmp (mark, "\xFE\xFF", 2) == 0)
    {
      *skip = 2;
      return "UTF-16BE";
    }
  utf8 = is_utf8 (file);
  rewind (file);
  return utf8 ? NULL : "GB18030";
}

static gboolean
refuse_text (Csv *self, GError **error)
{
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT,
               _("Near row %u the file is no text in UTF-8 or GB18030. Save it as .xlsx and choose it again."), self->row + 1);
  return FALSE;
}

/* --- bytes */

static gboolean
decode (Csv *self, GError **error)
{
  char *in = self->in, *out = self->out;
  gsize left_in = self->n_in, left_out = BLOCK * 4;

  if (self->conv == (GIConv) -1)
    {
      memcpy (self->out, self->in, self->n_in);
      self->n_out = self->n_in;
      self->n_in = 0;
      return TRUE;
    }
  if (g_iconv (self->conv, &in, &left_in, &out, &left_out) == (gsize) -1 && errno != EINVAL)
    return refuse_text (self, error);
  if (self->ended && left_in > 0)
    return refuse_text (self, error);
  memmove (self->in, in, left_in);
  self->n_in = left_in;
  self->n_out = (gsize) (out - self->out);
  return TRUE;
}

static gboolean
fill (Csv *self, GError **error)
{
  self->at = self->n_out = 0;
  while (self->n_out == 0 && !self->ended)
    {
      gsize n = fread (self->in + self->n_in, 1, sizeof self->in - self->n_in, self->file);

      self->n_in += n;
      self->done += n;
      self->ended = n == 0;
      if (ferror (self->file))
        {
          g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("The file cannot be read to its end."));
          return FALSE;
        }
      if (!decode (self, error))
        return FALSE;
    }
  if (self->n_out > 0 && memchr (self->out, '\0', self->n_out) != NULL)
    return refuse_text (self, error);
  return self->n_out > 0;
}

/* The next byte, -1 at the end or with error. */
static inline int
peek (Csv *self, GError **error)
{
  if (self->at == self->n_out && !fill (self, error))
    return -1;
  return (guchar) self->out[self->at];
}

/* --- separator */

/* What stands most often in the first line, outside quotes; a line "sep=;" says it. */
static char
find_separator (const char *text, gsize length, gsize *skip)
{
  static const char candidates[] = { ',', '\t', ';' };
  guint counts[G_N_ELEMENTS (candidates)] = { 0 }, best = 0;
  gboolean quoted = FALSE;

  *skip = 0;
  if (length > 5 && memcmp (text, "sep=", 4) == 0 && (text[5] == '\r' || text[5] == '\n'))
    {
      *skip = text[5] == '\r' && length > 6 && text[6] == '\n' ? 7 : 6;
      return text[4];
    }
  for (gsize i = 0; i < length && (quoted || (text[i] != '\n' && text[i] != '\r')); i++)
    {
      if (text[i] == '"')
        quoted = !quoted;
      for (guint k = 0; !quoted && k < G_N_ELEMENTS (candidates); k++)
        counts[k] += text[i] == candidates[k];
    }
  for (guint k = 1; k < G_N_ELEMENTS (candidates); k++)
    if (counts[k] > counts[best])
      best = k;
  return candidates[best];
}

static gpointer
csv_open (const char *path, const char *sheet, GError **error)
{
  Csv *self = g_new0 (Csv, 1);
  const char *charset;
  gsize skip;
  GStatBuf info;

  self->conv = (GIConv) -1;
  self->cell = g_string_new (NULL);
  self->out = g_malloc (BLOCK * 4);
  self->file = g_fopen (path, "rbe");
  if (self->file == NULL || g_stat (path, &info) != 0)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be opened."), path);
      csv_close (self);
      return NULL;
    }
  self->size = (guint64) info.st_size;
  charset = find_charset (self->file, &skip);
  if (self->size > MAX_FILE || (charset != NULL && (self->conv = g_iconv_open ("UTF-8", charset)) == (GIConv) -1))
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("The file is too large."));
      csv_close (self);
      return NULL;
    }
  fseek (self->file, (long) skip, SEEK_SET);
  if (!fill (self, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("The file is empty."));
      csv_close (self);
      return NULL;
    }
  self->separator = find_separator (self->out, self->n_out, &self->at);
  return self;
}

/* --- rows */

/* ="410421…" keeps digits in a spreadsheet; a quote mark before = + - @ is our own guard against formulas. */
static void
add_cell (Csv *self, XhRow *row, guint column, GError **error)
{
  const char *text = self->cell->str;
  gsize length = self->cell->len;

  if (length >= 3 && text[0] == '=' && text[1] == '"' && text[length - 1] == '"')
    {
      text += 2;
      length -= 3;
    }
  else if (length >= 2 && text[0] == '\'' && strchr ("=+-@\t", text[1]) != NULL)
    {
      text++;
      length--;
    }
  xh_row_add (row, column, XH_CELL_TEXT, text, length, 0, error);
}

static gboolean
append (Csv *self, char c, GError **error)
{
  if (self->cell->len >= XH_SHEET_MAX_CELL)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("A cell of row %u holds more than a cell can; perhaps a quote mark is not closed."),
                   self->row);
      return FALSE;
    }
  g_string_append_c (self->cell, c);
  return TRUE;
}

static gboolean
read_quoted (Csv *self, GError **error)
{
  int c;

  self->at++;
  while ((c = peek (self, error)) >= 0)
    {
      self->at++;
      if (c == '"')
        {
          if (peek (self, error) != '"')
            return TRUE;
          self->at++;
        }
      if (!append (self, (char) c, error))
        return FALSE;
    }
  /* All that follows the mark would be one cell, and its rows lost. */
  if (error != NULL && *error == NULL)
    g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("In row %u a quote mark is opened and never closed."), self->row);
  return FALSE;
}

/* One cell; the byte that ended it stays: separator, line end, or -1. */
static int
read_cell (Csv *self, GError **error)
{
  int c;

  g_string_truncate (self->cell, 0);
  while ((c = peek (self, error)) >= 0 && c != self->separator && c != '\n' && c != '\r')
    if (c == '"' && self->cell->len == 0)
      {
        if (!read_quoted (self, error))
          return -1;
      }
    else
      {
        if (!append (self, (char) c, error))
          return -1;
        self->at++;
      }
  return c;
}

static gboolean
csv_next (gpointer source, XhRow *row, GError **error)
{
  Csv *self = source;
  g_autoptr (GError) failure = NULL;
  int end;

  if (peek (self, error) < 0)
    return FALSE;
  xh_row_begin (row, ++self->row);
  for (guint column = 0;; column++)
    {
      end = read_cell (self, &failure);
      if (failure == NULL)
        add_cell (self, row, column, &failure);
      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (end != self->separator)
        break;
      self->at++;
    }
  if (end < 0)
    return TRUE;
  self->at++;
  if (end == '\r' && peek (self, &failure) == '\n')
    self->at++;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static double
csv_progress (gpointer source)
{
  Csv *self = source;

  return self->size > 0 ? (double) (self->done - MIN (self->done, self->n_out - self->at)) / (double) self->size : 1;
}

const XhSheetFormat xh_sheet_csv = { csv_open, csv_next, csv_progress, csv_close, NULL };
