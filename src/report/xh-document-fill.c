/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values and inserts as the text of a Chinese paper: dates in full, labels in Chinese whatever the interface speaks, what identifies a
 * person masked unless the paper lists it. */

#include "xh-document-private.h"

#include <string.h>

#include "model/xh-identifiers.h"

#define MAX_TEXT_BYTES 16384 /* a page and a half; fields are shorter */
#define CUT_MARK "……（以下略）"

/* --- forms */

static XhForm *
get_form (GHashTable *forms, const XhKind *kind)
{
  XhForm *form = g_hash_table_lookup (forms, kind);

  if (form == NULL)
    {
      form = xh_form_new (kind, NULL);
      g_hash_table_insert (forms, (gpointer) kind, form);
    }
  return form;
}

static gboolean
load_form (XhDocument *document, XhForm *form, const XhRecord *record, GError **error)
{
  guint n = record->kind->references->len;
  XhValue *values = xh_value_array_new (n);
  gboolean good = n == 0 || document->source.references (document->source.data, record, values, error);

  if (good)
    xh_form_load (form, record, values, FALSE);
  xh_value_array_free (values, n);
  return good;
}

XhForm *
xh_document_form (XhDocument *document, const XhRecord *record, GError **error)
{
  XhForm *form = get_form (document->forms, record->kind);

  return load_form (document, form, record, error) ? form : NULL;
}

XhForm *
xh_document_main_form (XhDocument *document, const XhRecord *record, GError **error)
{
  XhForm *form = get_form (document->mains, record->kind);

  return load_form (document, form, record, error) ? form : NULL;
}

/* --- text */

/* A character that orders the direction of others could make a paper read differently from what is stored. */
static gboolean
may_stand (gunichar c)
{
  if (c == '\n')
    return TRUE;
  if (g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0xfeff)
    return FALSE;
  return g_unichar_isdefined (c) || g_unichar_type (c) == G_UNICODE_PRIVATE_USE;
}

char *
xh_document_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (clean->len > MAX_TEXT_BYTES)
        {
          g_string_append (clean, CUT_MARK);
          break;
        }
      if (may_stand (c))
        g_string_append_unichar (clean, c);
      else if (c == '\t' || c == 0x2028 || c == 0x2029)
        g_string_append_c (clean, ' ');
    }
  while (clean->len > 0 && g_ascii_isspace (clean->str[clean->len - 1]))
    g_string_truncate (clean, clean->len - 1);
  return g_string_free (clean, FALSE);
}

/* --- values */

static const char *
get_choice (const XhField *field, const char *code)
{
  const XhChoice *choice = xh_field_find_choice (field, code);

  return choice != NULL ? choice->label.zh : code;
}

static char *
write_choices (const XhField *field, const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);

      if (json_node_get_value_type (element) != G_TYPE_STRING)
        continue;
      if (text->len > 0)
        g_string_append (text, "、");
      g_string_append (text, get_choice (field, json_node_get_string (element)));
    }
  return g_string_free (text, FALSE);
}

static char *
write_count (const char *json, const char *of)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  guint n = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 0;

  return g_strdup_printf ("%u%s", n, of);
}

static char *
write_division (XhDocument *document, const char *code)
{
  char *path = xh_divisions_path (xh_catalog_get_divisions (document->catalog), code, XH_LEVEL_COUNTY);
  g_auto (GStrv) parts = path != NULL ? g_strsplit (path, " · ", -1) : NULL;

  g_free (path);
  return parts == NULL || parts[0] == NULL ? g_strdup (code) : g_strjoinv ("", parts);
}

static char *
write_text (XhDocument *document, const XhField *field, const char *text)
{
  switch (field->type)
    {
    case XH_FIELD_CHOICE:
      return g_strdup (get_choice (field, text));
    case XH_FIELD_CHOICES:
      return write_choices (field, text);
    case XH_FIELD_DATE:
      return xh_document_date (text);
    case XH_FIELD_TABLE:
      return write_count (text, "项");
    case XH_FIELD_FILES:
      return write_count (text, "份");
    case XH_FIELD_DIVISION:
      return write_division (document, text);
    case XH_FIELD_LINK:
      {
        char *title = document->source.title (document->source.data, text);

        return title != NULL ? title : g_strdup ("");
      }
    case XH_FIELD_UNIT:
      return xh_field_format (field, &(XhValue) { .type = XH_VALUE_TEXT, { .text = (char *) text } }, FALSE);
    default:
      return g_strdup (text);
    }
}

/* A code that stands in a text is masked as a code, anything else is hidden. */
static char *
write_masked (const XhField *field, const XhValue *value)
{
  const char *text = xh_value_as_text (value);

  if (field->type == XH_FIELD_TEXT && text != NULL
      && (xh_id_number_check (text, NULL) == XH_IDENTIFIER_OK || xh_uscc_check (text, NULL) == XH_IDENTIFIER_OK))
    return xh_identifier_mask (text);
  return xh_field_format (field, value, TRUE);
}

static char *
write_value (XhDocument *document, const XhField *field, const XhValue *value, gboolean masked)
{
  g_autofree char *text = NULL;

  if (masked)
    return write_masked (field, value);
  if (value->type == XH_VALUE_TEXT)
    return write_text (document, field, value->text);
  if (field->type == XH_FIELD_BOOLEAN)
    return g_strdup (xh_value_as_integer (value) != 0 ? "是" : "否");
  text = xh_field_format (field, value, FALSE);
  if (field->unit_label != NULL)
    return g_strconcat (text, field->unit_label, NULL);
  return g_strconcat (text, field->type == XH_FIELD_MONEY ? "元" : "", NULL);
}

gboolean
xh_pen_is_unmasked (XhPen *pen, const XhField *field)
{
  return field->kind == pen->def->kind && pen->def->unmasked != NULL
         && g_strv_contains ((const char *const *) pen->def->unmasked, field->name);
}

/* Empty too where the role may not read the field. */
char *
xh_pen_value (XhPen *pen, const XhField *field, const XhValue *value)
{
  g_autofree char *text = NULL;

  if (value == NULL || xh_value_is_null (value))
    return g_strdup ("");
  if (field->read_roles != NULL && !xh_kind_may (field->kind, field->read_roles, pen->document->role) && pen->document->role != NULL)
    return g_strdup ("");
  text = write_value (pen->document, field, value, field->sensitive && !xh_pen_is_unmasked (pen, field));
  return xh_document_clean (text);
}

/* --- inserts */

gboolean
xh_document_reads_sensitive (const XhKind *kind, const char *expression)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);
      const char *at = field->sensitive ? strstr (expression, field->name) : NULL;

      for (gsize length = strlen (field->name); at != NULL; at = strstr (at + 1, field->name))
        if ((at == expression || !(g_ascii_isalnum (at[-1]) || at[-1] == '_')) && !(g_ascii_isalnum (at[length]) || at[length] == '_'))
          return TRUE;
    }
  return FALSE;
}

/* A reference is written as the field it is fetched from. */
static char *
write_reference (XhPen *pen, const XhReference *reference, const XhValue *value)
{
  const XhKind *from = xh_catalog_find_kind (pen->document->catalog, reference->from);
  const XhField *field = from != NULL ? xh_kind_find_field (from, reference->value) : NULL;
  XhField as = { .kind = pen->def->kind, .type = reference->type, .digits = -1 };

  if (field != NULL)
    return xh_pen_value (pen, field, value);
  as.sensitive = from == NULL || xh_document_reads_sensitive (from, reference->value);
  return write_value (pen->document, &as, value, as.sensitive && !reference->aggregate);
}

static char *
write_given (XhPen *pen, const char *name)
{
  const XhUnit *unit = xh_units_find (xh_catalog_get_units (pen->document->catalog), pen->document->unit);
  g_autofree char *today = NULL;
  GDate date;

  xh_date_today (&date);
  today = xh_date_format (&date);
  if (strcmp (name, "@today") == 0)
    return xh_document_date (today);
  if (strcmp (name, "@now") == 0)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();
      g_autofree char *clock = g_date_time_format (now, "%H:%M");

      return g_strdup_printf ("%s %s", today, clock);
    }
  if (strcmp (name, "@number") == 0)
    return g_strdup (pen->number != NULL ? pen->number : "");
  if (strcmp (name, "@user") == 0)
    return g_strdup (pen->document->user != NULL ? pen->document->user : "");
  if (strcmp (name, "@county") == 0)
    {
      const XhDivision *county = xh_divisions_find (xh_catalog_get_divisions (pen->document->catalog), xh_catalog_get_county (pen->document->catalog));

      return g_strdup (county != NULL ? county->name : "");
    }
  return g_strdup (unit != NULL ? unit->name : "");
}

static char *
write_spine (XhPen *pen, const XhKind *kind, const char *name, const XhValue *value)
{
  const char *text = value != NULL ? xh_value_as_text (value) : NULL;
  const XhUnit *unit;

  if (strcmp (name, "version") == 0 && value != NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, xh_value_as_integer (value));
  if (text == NULL)
    return g_strdup ("");
  if (strcmp (name, "state") == 0)
    return g_strdup (get_choice (kind->state_field, text));
  if (strcmp (name, "division") == 0)
    return write_division (pen->document, text);
  if (strcmp (name, "unit") == 0)
    {
      unit = xh_units_find (xh_catalog_get_units (pen->document->catalog), text);
      return g_strdup (unit != NULL ? unit->name : text);
    }
  if (strcmp (name, "created_at") == 0 || strcmp (name, "updated_at") == 0 || strcmp (name, "due") == 0)
    return xh_document_date (text);
  return g_strdup (text);
}

static char *
write_name (XhPen *pen, XhForm *form, const char *name)
{
  const XhKind *kind = xh_form_get_kind (form);
  const XhField *field = xh_kind_find_field (kind, name);
  const XhReference *reference = xh_kind_find_reference (kind, name);
  const XhValue *value = xh_form_get (form, name);

  if (field != NULL)
    return xh_form_is_relevant (form, name) ? xh_pen_value (pen, field, value) : g_strdup ("");
  if (reference != NULL)
    return value == NULL || xh_value_is_null (value) ? g_strdup ("") : write_reference (pen, reference, value);
  return write_spine (pen, kind, name, value);
}

static char *
write_plain (const XhValue *value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  switch (value->type)
    {
    case XH_VALUE_TEXT:
      return g_strdup (value->text);
    case XH_VALUE_INTEGER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    case XH_VALUE_REAL:
      return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.12g", value->real));
    case XH_VALUE_NULL:
    default:
      return g_strdup ("");
    }
}

static gboolean
is_hidden (XhPen *pen, XhForm *form, const char *name)
{
  const XhField *field = name != NULL ? xh_kind_find_field (xh_form_get_kind (form), name) : NULL;

  return field != NULL && (field->sensitive || field->read_roles != NULL);
}

static char *
write_insert (XhPen *pen, XhForm *form, const XhTemplatePart *part)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  const XhField money = { .type = XH_FIELD_MONEY, .digits = -1 };

  if (part->name != NULL && part->name[0] == '@')
    return write_given (pen, part->name);
  if (part->name != NULL && (part->format == XH_INSERT_PLAIN || is_hidden (pen, form, part->name)))
    return write_name (pen, form, part->name);
  if (!xh_form_evaluate (form, part->expression, &value) || xh_value_is_null (&value))
    return g_strdup ("");
  switch (part->format)
    {
    case XH_INSERT_DATE:
      return xh_document_date (xh_value_as_text (&value));
    case XH_INSERT_HAN_DATE:
      return xh_document_han_date (xh_value_as_text (&value));
    case XH_INSERT_RMB:
      return xh_document_rmb (xh_value_as_integer (&value));
    case XH_INSERT_MONEY:
      return xh_field_format (&money, &value, FALSE);
    case XH_INSERT_PLAIN:
    default:
      return write_plain (&value);
    }
}

char *
xh_pen_fill (XhPen *pen, const XhTemplate *text, XhForm *form)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  for (guint i = 0; text != NULL && i < text->parts->len; i++)
    {
      const XhTemplatePart *part = g_ptr_array_index (text->parts, i);
      g_autofree char *insert = part->literal == NULL ? write_insert (pen, form, part) : NULL;

      g_string_append (filled, insert != NULL ? insert : part->literal != NULL ? part->literal : "");
    }
  return xh_document_clean (filled->str);
}

char *
xh_pen_cell (XhPen *pen, const XhDocumentCell *cell, XhForm *form)
{
  if (cell->text != NULL)
    return xh_pen_fill (pen, cell->text, form);
  if (cell->field == NULL)
    return g_strdup ("");
  return write_name (pen, form, cell->field->name);
}
