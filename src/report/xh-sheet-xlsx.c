/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ECMA-376 as far as the values of one sheet go. Expat parses; a document type is refused, so no entity is ever expanded. */
#include "xh-sheet-private.h"

#include <expat.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/xh-calendar.h"

#define BLOCK      65536
#define MAX_DEPTH  64
#define MAX_STYLES 65536
#define MAX_SHEETS 256

typedef enum { IN_NOTHING, IN_VALUE, IN_INLINE } Place;

typedef struct
{
  XhZip *zip;        /* (owned) (nullable) stands in the sheet */
  XML_Parser parser; /* (owned) of the sheet */
  guint64 total;
  gboolean ended, suspended;
  GError *error;     /* (owned) (nullable) of a callback */
  int depth;

  /* workbook */
  GPtrArray *sheet_ids;  /* (owned) relation ids of sheets that are shown, in order */
  GPtrArray *sheet_names; /* (owned) of (owned) utf8, likewise */
  guint opened;          /* which of them */
  GHashTable *relations; /* (owned) relation id: part */
  char *strings_part;    /* (owned) (nullable) */
  gboolean epoch_1904;

  /* styles */
  GHashTable *date_formats; /* (owned) set of format numbers */
  GArray *styles;           /* (owned) of gboolean: is a date */
  gboolean in_cell_xfs;

  XhStrings *strings; /* (owned) (nullable) */
  GString *text;      /* (owned) of the text that is being read */
  gboolean in_text, in_phonetic;

  /* the row */
  XhRow *row;         /* (not owned) */
  guint last_row, column;
  char type[12];
  guint style;
  Place place;
  gboolean in_cell, row_done;
} Xlsx;

static void
xlsx_close (gpointer source)
{
  Xlsx *self = source;

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

/* --- XML */

static const char *
local_name (const char *name)
{
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static const char *
attribute (const char **attributes, const char *name)
{
  for (guint i = 0; attributes[i] != NULL; i += 2)
    if (strcmp (local_name (attributes[i]), name) == 0)
      return attributes[i + 1];
  return NULL;
}

/* Relation ids stand beside other ids: with their prefix only. */
static const char *
relation_attribute (const char **attributes)
{
  for (guint i = 0; attributes[i] != NULL; i += 2)
    if (strchr (attributes[i], ':') != NULL && strcmp (local_name (attributes[i]), "id") == 0)
      return attributes[i + 1];
  return NULL;
}

static void
stop (Xlsx *self, XML_Parser parser, XhSheetError code, const char *message)
{
  if (self->error == NULL)
    g_set_error_literal (&self->error, XH_SHEET_ERROR, (int) code, message);
  XML_StopParser (parser, XML_FALSE);
}

static gboolean
enter (Xlsx *self, XML_Parser parser)
{
  if (++self->depth <= MAX_DEPTH)
    return TRUE;
  stop (self, parser, XH_SHEET_ERROR_LIMIT, _("The file is built deeper than a sheet may be."));
  return FALSE;
}

static void
doctype_cb (void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
  XML_Parser parser = data;

  stop (XML_GetUserData (parser), parser, XH_SHEET_ERROR_FORMAT, _("The file declares entities, which no sheet does. Nothing was taken from it."));
}

static void
set_format_error (XML_Parser parser, GError **error)
{
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("The sheet is damaged near line %lu of its data: %s"),
               (unsigned long) XML_GetCurrentLineNumber (parser), XML_ErrorString (XML_GetErrorCode (parser)));
}

static XML_Parser
new_parser (Xlsx *self, XML_StartElementHandler start, XML_EndElementHandler end, XML_CharacterDataHandler text)
{
  XML_Parser parser = XML_ParserCreate (NULL);

  XML_SetUserData (parser, self);
  XML_UseParserAsHandlerArg (parser);
  XML_SetElementHandler (parser, start, end);
  XML_SetCharacterDataHandler (parser, text);
  XML_SetStartDoctypeDeclHandler (parser, doctype_cb);
  self->depth = 0;
  return parser;
}

/* Feeds the next block of the part. FALSE: the part has ended, or @error. */
static gboolean
feed (Xlsx *self, XhZip *zip, XML_Parser parser, GError **error)
{
  void *buffer = XML_GetBuffer (parser, BLOCK);
  gssize n = buffer != NULL ? xh_zip_read (zip, buffer, BLOCK, &self->total, error) : 0;
  enum XML_Status status;

  if (n < 0)
    return FALSE;
  status = XML_ParseBuffer (parser, (int) n, n == 0);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (status == XML_STATUS_ERROR)
    set_format_error (parser, error);
  else
    {
      self->suspended = status == XML_STATUS_SUSPENDED;
      self->ended = n == 0;
      return n > 0 || self->suspended;
    }
  return FALSE;
}

static gboolean
parse_part (Xlsx *self, XhZip *zip, XML_StartElementHandler start, XML_EndElementHandler end, XML_CharacterDataHandler text, GError **error)
{
  XML_Parser parser = new_parser (self, start, end, text);
  g_autoptr (GError) failure = NULL;

  while (feed (self, zip, parser, &failure))
    ;
  XML_ParserFree (parser);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
leave_cb (void *data, const char *name)
{
  Xlsx *self = XML_GetUserData (data);

  self->depth--;
}

/* --- workbook and relations */

static void
workbook_start_cb (void *data, const char *name, const char **attributes)
{
  Xlsx *self = XML_GetUserData (data);

  name = local_name (name);
  if (!enter (self, data))
    return;
  if (strcmp (name, "workbookPr") == 0)
    {
      const char *epoch = attribute (attributes, "date1904");

      self->epoch_1904 = g_strcmp0 (epoch, "1") == 0 || g_strcmp0 (epoch, "true") == 0;
    }
  else if (strcmp (name, "sheet") == 0 && self->sheet_ids->len < MAX_SHEETS)
    {
      const char *id = relation_attribute (attributes), *state = attribute (attributes, "state"), *title = attribute (attributes, "name");

      if (id == NULL || (state != NULL && strcmp (state, "visible") != 0))
        return;
      g_ptr_array_add (self->sheet_ids, g_strdup (id));
      g_ptr_array_add (self->sheet_names, g_strdup (title != NULL ? title : ""));
    }
}

/* A target is named from xl/ or from the root. */
static char *
part_name (const char *target)
{
  if (*target == '/')
    return g_strdup (target + 1);
  if (g_str_has_prefix (target, "./"))
    target += 2;
  return g_strconcat ("xl/", target, NULL);
}

static void
relations_start_cb (void *data, const char *name, const char **attributes)
{
  Xlsx *self = XML_GetUserData (data);
  const char *id, *type, *target;

  if (!enter (self, data) || strcmp (local_name (name), "Relationship") != 0 || g_hash_table_size (self->relations) > 10000)
    return;
  id = attribute (attributes, "Id");
  type = attribute (attributes, "Type");
  target = attribute (attributes, "Target");
  if (id == NULL || type == NULL || target == NULL)
    return;
  if (g_str_has_suffix (type, "/worksheet"))
    g_hash_table_insert (self->relations, g_strdup (id), part_name (target));
  else if (g_str_has_suffix (type, "/sharedStrings") && self->strings_part == NULL)
    self->strings_part = part_name (target);
}

/* --- styles */

/* Whether a number format shows a day: y, m or d outside quotes, brackets and colours. A pure time of day is none. */
static gboolean
is_date_format (const char *code)
{
  gboolean found = FALSE;

  for (const char *p = code; *p != '\0' && *p != ';'; p++)
    {
      if (*p == '"' || *p == '[')
        {
          const char *end = strchr (p + 1, *p == '"' ? '"' : ']');

          if (end == NULL)
            break;
          p = end;
        }
      else if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0')
        p++;
      else if (strchr ("yYdD", *p) != NULL)
        found = TRUE;
      else if (strchr ("#0?", *p) != NULL)
        return FALSE;
    }
  return found;
}

static gboolean
is_date_number (Xlsx *self, guint id)
{
  if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return TRUE;
  return g_hash_table_contains (self->date_formats, GUINT_TO_POINTER (id));
}

static guint
to_number (const char *text)
{
  guint64 number = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  return number <= G_MAXINT ? (guint) number : G_MAXINT;
}

static void
styles_start_cb (void *data, const char *name, const char **attributes)
{
  Xlsx *self = XML_GetUserData (data);

  name = local_name (name);
  if (!enter (self, data))
    return;
  if (strcmp (name, "numFmt") == 0)
    {
      const char *code = attribute (attributes, "formatCode");

      if (code != NULL && is_date_format (code) && g_hash_table_size (self->date_formats) < MAX_STYLES)
        g_hash_table_add (self->date_formats, GUINT_TO_POINTER (to_number (attribute (attributes, "numFmtId"))));
    }
  else if (strcmp (name, "cellXfs") == 0)
    self->in_cell_xfs = TRUE;
  else if (strcmp (name, "xf") == 0 && self->in_cell_xfs && self->styles->len < MAX_STYLES)
    {
      gboolean is_date = is_date_number (self, to_number (attribute (attributes, "numFmtId")));

      g_array_append_val (self->styles, is_date);
    }
}

static void
styles_end_cb (void *data, const char *name)
{
  Xlsx *self = XML_GetUserData (data);

  self->depth--;
  if (strcmp (local_name (name), "cellXfs") == 0)
    self->in_cell_xfs = FALSE;
}

/* --- texts */

static void
append_text (Xlsx *self, XML_Parser parser, const char *text, int length)
{
  if (self->text->len + (gsize) length > XH_SHEET_MAX_CELL)
    stop (self, parser, XH_SHEET_ERROR_LIMIT, _("A cell of the sheet holds more than a cell can."));
  else
    g_string_append_len (self->text, text, length);
}

/* _x000D_ stands for a character that XML cannot hold. */
static void
unescape (GString *text)
{
  char *out = text->str;

  if (strstr (text->str, "_x") == NULL)
    return;
  for (const char *p = text->str; *p != '\0';)
    {
      gunichar c = 0;
      gboolean escape = p[0] == '_' && p[1] == 'x' && strlen (p) >= 7 && p[6] == '_';

      for (guint i = 2; escape && i < 6; i++)
        {
          escape = g_ascii_isxdigit (p[i]);
          c = c * 16 + (gunichar) g_ascii_xdigit_value (p[i]);
        }
      if (escape && c > 0 && g_unichar_validate (c))
        {
          out += g_unichar_to_utf8 (c, out);
          p += 7;
        }
      else
        *out++ = *p++;
    }
  g_string_truncate (text, (gsize) (out - text->str));
}

static void
strings_start_cb (void *data, const char *name, const char **attributes)
{
  Xlsx *self = XML_GetUserData (data);

  name = local_name (name);
  if (!enter (self, data))
    return;
  if (strcmp (name, "si") == 0)
    g_string_truncate (self->text, 0);
  else if (strcmp (name, "rPh") == 0)
    self->in_phonetic = TRUE;
  else if (strcmp (name, "t") == 0)
    self->in_text = !self->in_phonetic;
}

static void
strings_text_cb (void *data, const char *text, int length)
{
  Xlsx *self = XML_GetUserData (data);

  if (self->in_text)
    append_text (self, data, text, length);
}

static void
strings_end_cb (void *data, const char *name)
{
  Xlsx *self = XML_GetUserData (data);

  name = local_name (name);
  self->depth--;
  if (strcmp (name, "t") == 0)
    self->in_text = FALSE;
  else if (strcmp (name, "rPh") == 0)
    self->in_phonetic = FALSE;
  else if (strcmp (name, "si") == 0)
    {
      unescape (self->text);
      if (!xh_strings_add (self->strings, self->text->str, self->text->len, &self->error))
        XML_StopParser (data, XML_FALSE);
    }
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
start_row (Xlsx *self, XML_Parser parser, const char **attributes)
{
  guint number = to_number (attribute (attributes, "r"));

  if (number > XH_SHEET_MAX_ROWS)
    stop (self, parser, XH_SHEET_ERROR_LIMIT, _("The sheet has more rows than a sheet can."));
  else
    {
      self->last_row = number > self->last_row ? number : self->last_row + 1;
      xh_row_begin (self->row, self->last_row);
      self->column = 0;
    }
}

static void
start_cell (Xlsx *self, const char **attributes)
{
  const char *reference = attribute (attributes, "r"), *type = attribute (attributes, "t");

  if (reference != NULL && g_ascii_isalpha (*reference))
    self->column = column_of (reference);
  g_strlcpy (self->type, type != NULL ? type : "n", sizeof self->type);
  self->style = to_number (attribute (attributes, "s"));
  g_string_truncate (self->text, 0);
  self->in_cell = TRUE;
}

static void
sheet_start_cb (void *data, const char *name, const char **attributes)
{
  Xlsx *self = XML_GetUserData (data);

  name = local_name (name);
  if (!enter (self, data))
    return;
  if (strcmp (name, "row") == 0)
    start_row (self, data, attributes);
  else if (strcmp (name, "c") == 0)
    start_cell (self, attributes);
  else if (!self->in_cell)
    return;
  else if (strcmp (name, "v") == 0)
    self->place = IN_VALUE;
  else if (strcmp (name, "rPh") == 0)
    self->in_phonetic = TRUE;
  else if (strcmp (name, "t") == 0 && !self->in_phonetic)
    self->place = IN_INLINE;
}

static void
sheet_text_cb (void *data, const char *text, int length)
{
  Xlsx *self = XML_GetUserData (data);

  if (self->place != IN_NOTHING)
    append_text (self, data, text, length);
}

/* A day and perhaps a time from a serial: 1 is 1900-01-01, and 60 the 29 February that never was. */
static char *
serial_text (Xlsx *self, double serial)
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
add_number (Xlsx *self, GError **error)
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
add_shared (Xlsx *self, GError **error)
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
add_cell (Xlsx *self, GError **error)
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
  unescape (self->text);
  return xh_row_add (self->row, self->column, strcmp (type, "e") == 0 ? XH_CELL_ERROR : XH_CELL_TEXT, self->text->str, self->text->len, 0, error);
}

static void
sheet_end_cb (void *data, const char *name)
{
  Xlsx *self = XML_GetUserData (data);

  name = local_name (name);
  self->depth--;
  if (strcmp (name, "v") == 0 || strcmp (name, "t") == 0)
    self->place = IN_NOTHING;
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
find_part (XhZip *zip, const char *part, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const char *name;

  while ((name = xh_zip_next (zip, &failure)) != NULL)
    if (g_ascii_strcasecmp (name, part) == 0)
      return TRUE;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("The file is damaged or no .xlsx sheet. Open it and save it again as .xlsx."));
  return FALSE;
}

static gboolean
read_small_parts (Xlsx *self, const char *path, GError **error)
{
  g_autoptr (XhZip) zip = xh_zip_open (path, error);
  g_autoptr (GError) failure = NULL;
  const char *name;

  if (zip == NULL)
    return FALSE;
  while ((name = xh_zip_next (zip, &failure)) != NULL)
    {
      gboolean parsed = TRUE;

      if (g_ascii_strcasecmp (name, "xl/workbook.xml") == 0)
        parsed = parse_part (self, zip, workbook_start_cb, leave_cb, NULL, &failure);
      else if (g_ascii_strcasecmp (name, "xl/_rels/workbook.xml.rels") == 0)
        parsed = parse_part (self, zip, relations_start_cb, leave_cb, NULL, &failure);
      else if (g_ascii_strcasecmp (name, "xl/styles.xml") == 0)
        parsed = parse_part (self, zip, styles_start_cb, styles_end_cb, NULL, &failure);
      if (!parsed)
        break;
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_strings (Xlsx *self, const char *path, GError **error)
{
  g_autoptr (XhZip) zip = NULL;

  if (self->strings_part == NULL)
    return TRUE;
  zip = xh_zip_open (path, error);
  self->strings = xh_strings_new ();
  return zip != NULL && find_part (zip, self->strings_part, error)
         && parse_part (self, zip, strings_start_cb, strings_end_cb, strings_text_cb, error) && xh_strings_seal (self->strings, error);
}

static gboolean
open_sheet (Xlsx *self, const char *path, const char *sheet, GError **error)
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
  if (self->zip == NULL || !find_part (self->zip, part, error))
    return FALSE;
  self->parser = new_parser (self, sheet_start_cb, sheet_end_cb, sheet_text_cb);
  self->ended = FALSE;
  return TRUE;
}

static gpointer
xlsx_open (const char *path, const char *sheet, GError **error)
{
  Xlsx *self = g_new0 (Xlsx, 1);

  self->sheet_ids = g_ptr_array_new_with_free_func (g_free);
  self->sheet_names = g_ptr_array_new_with_free_func (g_free);
  self->relations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->date_formats = g_hash_table_new (NULL, NULL);
  self->styles = g_array_new (FALSE, FALSE, sizeof (gboolean));
  self->text = g_string_new (NULL);
  if (read_small_parts (self, path, error) && read_strings (self, path, error) && open_sheet (self, path, sheet, error))
    return self;
  xlsx_close (self);
  return NULL;
}

static gboolean
resume (Xlsx *self, GError **error)
{
  enum XML_Status status = XML_ResumeParser (self->parser);

  self->suspended = status == XML_STATUS_SUSPENDED;
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (status == XML_STATUS_ERROR)
    set_format_error (self->parser, error);
  else
    return TRUE;
  return FALSE;
}

static gboolean
xlsx_next (gpointer source, XhRow *row, GError **error)
{
  Xlsx *self = source;
  g_autoptr (GError) failure = NULL;

  self->row = row;
  self->row_done = FALSE;
  xh_row_begin (row, self->last_row);
  if (self->suspended && !resume (self, error))
    return FALSE;
  while (!self->row_done && !self->ended)
    if (!feed (self, self->zip, self->parser, &failure))
      break;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return self->row_done;
}

static double
xlsx_progress (gpointer source)
{
  return xh_zip_progress (((Xlsx *) source)->zip);
}

static GPtrArray *
xlsx_names (gpointer source, guint *opened)
{
  Xlsx *self = source;

  *opened = self->opened;
  return self->sheet_names;
}

const XhSheetFormat xh_sheet_xlsx = { xlsx_open, xlsx_next, xlsx_progress, xlsx_close, xlsx_names };
