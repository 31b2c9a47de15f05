/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values as a person reads them. The unit of a number is not part of the text: it is shown beside it. */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-attachment.h"
#include "xh-identifiers.h"
#include "xh-json.h"

static void
cut_zeros (char *text)
{
  gsize length = strlen (text);

  if (strchr (text, '.') == NULL)
    return;
  while (text[length - 1] == '0')
    length--;
  if (text[length - 1] == '.')
    length--;
  text[length] = '\0';
}

/* 1234567 as "1,234,567". */
static char *
group_digits (guint64 number)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  gsize length = strlen (digits);
  GString *grouped = g_string_sized_new (length + length / 3);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append_c (grouped, ',');
      g_string_append_c (grouped, digits[i]);
    }
  return g_string_free (grouped, FALSE);
}

static char *
format_money (const XhField *field, gint64 fen)
{
  gboolean wan = g_strcmp0 (field->unit_label, "万元") == 0;
  guint64 scale = wan ? 1000000 : 100, size = fen < 0 ? -(guint64) fen : (guint64) fen;
  g_autofree char *whole = group_digits (size / scale);
  g_autofree char *fraction = g_strdup_printf (wan ? "%06" G_GUINT64_FORMAT : "%02" G_GUINT64_FORMAT, size % scale);
  g_autofree char *text = g_strconcat (fen < 0 ? "-" : "", whole, ".", fraction, NULL);

  if (wan)
    cut_zeros (text);
  return g_steal_pointer (&text);
}

static char *
format_decimal (const XhField *field, double number)
{
  char format[8], buffer[G_ASCII_DTOSTR_BUF_SIZE + 330];

  g_snprintf (format, sizeof format, "%%.%df", xh_field_digits (field));
  g_ascii_formatd (buffer, sizeof buffer, format, number);
  cut_zeros (buffer);
  return g_strdup (strcmp (buffer, "-0") == 0 ? "0" : buffer);
}

static const char *
get_choice_text (const XhField *field, const char *code)
{
  const XhChoice *choice = xh_field_find_choice (field, code);

  return choice != NULL ? xh_label_get (&choice->label) : code;
}

static char *
format_choices (const XhField *field, const char *text)
{
  g_autoptr (JsonNode) node = xh_json_parse (text, -1, NULL);
  GString *joined = g_string_new (NULL);

  for (guint i = 0; node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);

      if (json_node_get_value_type (element) != G_TYPE_STRING)
        continue;
      if (joined->len > 0)
        g_string_append (joined, _(", "));
      g_string_append (joined, get_choice_text (field, json_node_get_string (element)));
    }
  return g_string_free (joined, FALSE);
}

static char *
format_count (const char *text)
{
  g_autoptr (JsonNode) node = xh_json_parse (text, -1, NULL);
  guint n = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 0;

  return g_strdup_printf (ngettext ("%u entry", "%u entries", n), n);
}

/* What the files are called: a history tells which was added and which is gone. */
static char *
format_files (const char *text)
{
  g_autoptr (GPtrArray) files = xh_attachments_parse (text);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < files->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? _(", ") : "", ((const XhAttachment *) g_ptr_array_index (files, i))->name);
  return g_string_free (names, FALSE);
}

static char *
format_text (const XhField *field, const char *text)
{
  switch (field->type)
    {
    case XH_FIELD_CHOICE:
      return g_strdup (get_choice_text (field, text));
    case XH_FIELD_CHOICES:
      return format_choices (field, text);
    case XH_FIELD_DIVISION:
      {
        char *path = xh_divisions_path (xh_catalog_get_divisions (field->kind->catalog), text, XH_LEVEL_TOWNSHIP);

        return path != NULL ? path : g_strdup (text);
      }
    case XH_FIELD_UNIT:
      {
        const XhUnit *unit = xh_units_find (xh_catalog_get_units (field->kind->catalog), text);

        return g_strdup (unit != NULL ? unit->name : text);
      }
    case XH_FIELD_TABLE:
      return format_count (text);
    case XH_FIELD_FILES:
      return format_files (text);
    default:
      return g_strdup (text);
    }
}

static char *
format_masked (const XhField *field, const XhValue *value)
{
  switch (field->type)
    {
    case XH_FIELD_ID_NUMBER:
    case XH_FIELD_USCC:
    case XH_FIELD_PHONE:
      if (value->type == XH_VALUE_TEXT)
        return xh_identifier_mask (value->text);
      break;
    default:
      break;
    }
  return g_strdup ("****");
}

/**
 * xh_field_format:
 * @field: a field
 * @value: a value of it
 * @masked: hide what identifies: an ID number keeps its first six and last four characters, what is no number becomes stars
 *
 * A value as a person reads it, in the language of the interface: the label of a choice, "township · village", money with
 * grouped thousands in the field's unit, a table as the number of its rows. Reads the catalog; any thread.
 *
 * Returns: (transfer full): the text, empty for NULL
 */
char *
xh_field_format (const XhField *field, const XhValue *value, gboolean masked)
{
  g_return_val_if_fail (field != NULL && value != NULL, NULL);

  if (xh_value_is_null (value))
    return g_strdup ("");
  if (masked)
    return format_masked (field, value);
  if (value->type == XH_VALUE_TEXT)
    return format_text (field, value->text);
  switch (field->type)
    {
    case XH_FIELD_MONEY:
      return format_money (field, xh_value_as_integer (value));
    case XH_FIELD_BOOLEAN:
      return g_strdup (xh_value_as_integer (value) != 0 ? _("Yes") : _("No"));
    case XH_FIELD_DECIMAL:
      return format_decimal (field, xh_value_as_real (value));
    default:
      if (value->type == XH_VALUE_REAL)
        return format_decimal (field, value->real);
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    }
}

/**
 * xh_field_heading:
 * @field: a field
 *
 * What stands over a column of its values, which show no unit: "罚款金额（万元）". Any thread.
 *
 * Returns: (transfer full): the label, for a number with its unit unless the label has one in brackets already
 */
char *
xh_field_heading (const XhField *field)
{
  const char *label, *unit;

  g_return_val_if_fail (field != NULL, NULL);

  label = xh_label_get (&field->label);
  unit = field->unit_label != NULL ? field->unit_label : field->type == XH_FIELD_MONEY ? "元" : NULL;
  if (unit == NULL || strchr (label, '(') != NULL || strstr (label, "（") != NULL)
    return g_strdup (label);
  return g_strdup_printf ("%s（%s）", label, unit);
}
