/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of an .xlsx beside its sheets: workbook, relations, styles and shared texts; and the XML that all parts are read by. Expat parses; a document
 * type is refused, so no entity is ever expanded. */
#include "xh-sheet-xlsx-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BLOCK      65536
#define MAX_DEPTH  64
#define MAX_STYLES 65536
#define MAX_SHEETS 256

/* --- XML */

const char *
xh_xlsx_local_name (const char *name)
{
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

const char *
xh_xlsx_attribute (const char **attributes, const char *name)
{
  for (guint i = 0; attributes[i] != NULL; i += 2)
    if (strcmp (xh_xlsx_local_name (attributes[i]), name) == 0)
      return attributes[i + 1];
  return NULL;
}

/* Relation ids stand beside other ids: with their prefix only. */
static const char *
relation_attribute (const char **attributes)
{
  for (guint i = 0; attributes[i] != NULL; i += 2)
    if (strchr (attributes[i], ':') != NULL && strcmp (xh_xlsx_local_name (attributes[i]), "id") == 0)
      return attributes[i + 1];
  return NULL;
}

void
xh_xlsx_stop (XhXlsx *self, XML_Parser parser, XhSheetError code, const char *message)
{
  if (self->error == NULL)
    g_set_error_literal (&self->error, XH_SHEET_ERROR, (int) code, message);
  XML_StopParser (parser, XML_FALSE);
}

gboolean
xh_xlsx_enter (XhXlsx *self, XML_Parser parser)
{
  if (++self->depth <= MAX_DEPTH)
    return TRUE;
  xh_xlsx_stop (self, parser, XH_SHEET_ERROR_LIMIT, _("The file is built deeper than a sheet may be."));
  return FALSE;
}

static void
doctype_cb (void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
  XML_Parser parser = data;

  xh_xlsx_stop (XML_GetUserData (parser), parser, XH_SHEET_ERROR_FORMAT, _("The file declares entities, which no sheet does. Nothing was taken from it."));
}

void
xh_xlsx_set_format_error (XML_Parser parser, GError **error)
{
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("The sheet is damaged near line %lu of its data: %s"),
               (unsigned long) XML_GetCurrentLineNumber (parser), XML_ErrorString (XML_GetErrorCode (parser)));
}

XML_Parser
xh_xlsx_new_parser (XhXlsx *self, XML_StartElementHandler start, XML_EndElementHandler end, XML_CharacterDataHandler text)
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
gboolean
xh_xlsx_feed (XhXlsx *self, XhZip *zip, XML_Parser parser, GError **error)
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
    xh_xlsx_set_format_error (parser, error);
  else
    {
      self->suspended = status == XML_STATUS_SUSPENDED;
      self->ended = n == 0;
      return n > 0 || self->suspended;
    }
  return FALSE;
}

static gboolean
parse_part (XhXlsx *self, XhZip *zip, XML_StartElementHandler start, XML_EndElementHandler end, XML_CharacterDataHandler text, GError **error)
{
  XML_Parser parser = xh_xlsx_new_parser (self, start, end, text);
  g_autoptr (GError) failure = NULL;

  while (xh_xlsx_feed (self, zip, parser, &failure))
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
  XhXlsx *self = XML_GetUserData (data);

  self->depth--;
}

/* --- workbook, relations, styles */

static void
workbook_start_cb (void *data, const char *name, const char **attributes)
{
  XhXlsx *self = XML_GetUserData (data);

  name = xh_xlsx_local_name (name);
  if (!xh_xlsx_enter (self, data))
    return;
  if (strcmp (name, "workbookPr") == 0)
    {
      const char *epoch = xh_xlsx_attribute (attributes, "date1904");

      self->epoch_1904 = g_strcmp0 (epoch, "1") == 0 || g_strcmp0 (epoch, "true") == 0;
    }
  else if (strcmp (name, "sheet") == 0 && self->sheet_ids->len < MAX_SHEETS)
    {
      const char *id = relation_attribute (attributes), *state = xh_xlsx_attribute (attributes, "state"), *title = xh_xlsx_attribute (attributes, "name");

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
  XhXlsx *self = XML_GetUserData (data);
  const char *id, *type, *target;

  if (!xh_xlsx_enter (self, data) || strcmp (xh_xlsx_local_name (name), "Relationship") != 0 || g_hash_table_size (self->relations) > 10000)
    return;
  id = xh_xlsx_attribute (attributes, "Id");
  type = xh_xlsx_attribute (attributes, "Type");
  target = xh_xlsx_attribute (attributes, "Target");
  if (id == NULL || type == NULL || target == NULL)
    return;
  if (g_str_has_suffix (type, "/worksheet"))
    g_hash_table_insert (self->relations, g_strdup (id), part_name (target));
  else if (g_str_has_suffix (type, "/sharedStrings") && self->strings_part == NULL)
    self->strings_part = part_name (target);
}

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
is_date_number (XhXlsx *self, guint id)
{
  if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 || id == 58)
    return TRUE;
  return g_hash_table_contains (self->date_formats, GUINT_TO_POINTER (id));
}

guint
xh_xlsx_number (const char *text)
{
  guint64 number = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  return number <= G_MAXINT ? (guint) number : G_MAXINT;
}

static void
styles_start_cb (void *data, const char *name, const char **attributes)
{
  XhXlsx *self = XML_GetUserData (data);

  name = xh_xlsx_local_name (name);
  if (!xh_xlsx_enter (self, data))
    return;
  if (strcmp (name, "numFmt") == 0)
    {
      const char *code = xh_xlsx_attribute (attributes, "formatCode");

      if (code != NULL && is_date_format (code) && g_hash_table_size (self->date_formats) < MAX_STYLES)
        g_hash_table_add (self->date_formats, GUINT_TO_POINTER (xh_xlsx_number (xh_xlsx_attribute (attributes, "numFmtId"))));
    }
  else if (strcmp (name, "cellXfs") == 0)
    self->in_cell_xfs = TRUE;
  else if (strcmp (name, "xf") == 0 && self->in_cell_xfs && self->styles->len < MAX_STYLES)
    {
      gboolean is_date = is_date_number (self, xh_xlsx_number (xh_xlsx_attribute (attributes, "numFmtId")));

      g_array_append_val (self->styles, is_date);
    }
}

static void
styles_end_cb (void *data, const char *name)
{
  XhXlsx *self = XML_GetUserData (data);

  self->depth--;
  if (strcmp (xh_xlsx_local_name (name), "cellXfs") == 0)
    self->in_cell_xfs = FALSE;
}

/* --- texts */

void
xh_xlsx_append_text (XhXlsx *self, XML_Parser parser, const char *text, int length)
{
  if (self->text->len + (gsize) length > XH_SHEET_MAX_CELL)
    xh_xlsx_stop (self, parser, XH_SHEET_ERROR_LIMIT, _("A cell of the sheet holds more than a cell can."));
  else
    g_string_append_len (self->text, text, length);
}

/* _x000D_ stands for a character that XML cannot hold. */
void
xh_xlsx_unescape (GString *text)
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
  XhXlsx *self = XML_GetUserData (data);

  name = xh_xlsx_local_name (name);
  if (!xh_xlsx_enter (self, data))
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
  XhXlsx *self = XML_GetUserData (data);

  if (self->in_text)
    xh_xlsx_append_text (self, data, text, length);
}

static void
strings_end_cb (void *data, const char *name)
{
  XhXlsx *self = XML_GetUserData (data);

  name = xh_xlsx_local_name (name);
  self->depth--;
  if (strcmp (name, "t") == 0)
    self->in_text = FALSE;
  else if (strcmp (name, "rPh") == 0)
    self->in_phonetic = FALSE;
  else if (strcmp (name, "si") == 0)
    {
      xh_xlsx_unescape (self->text);
      if (!xh_strings_add (self->strings, self->text->str, self->text->len, &self->error))
        XML_StopParser (data, XML_FALSE);
    }
}

/* --- reading them */

gboolean
xh_xlsx_find_part (XhZip *zip, const char *part, GError **error)
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

gboolean
xh_xlsx_read_small_parts (XhXlsx *self, const char *path, GError **error)
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

gboolean
xh_xlsx_read_strings (XhXlsx *self, const char *path, GError **error)
{
  g_autoptr (XhZip) zip = NULL;

  if (self->strings_part == NULL)
    return TRUE;
  zip = xh_zip_open (path, error);
  self->strings = xh_strings_new ();
  return zip != NULL && xh_xlsx_find_part (zip, self->strings_part, error)
         && parse_part (self, zip, strings_start_cb, strings_end_cb, strings_text_cb, error) && xh_strings_seal (self->strings, error);
}
