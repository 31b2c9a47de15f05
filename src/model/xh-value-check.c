/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-identifiers.h"
#include "xh-json.h"

static char *
describe_id_number (const char *text)
{
  char expected = '\0';

  switch (xh_id_number_check (text, &expected))
    {
    case XH_IDENTIFIER_OK:
      break;
    case XH_IDENTIFIER_LENGTH:
      return g_strdup_printf (_("An ID number has 18 characters, this has %ld."), g_utf8_strlen (text, -1));
    case XH_IDENTIFIER_CHARACTER:
      return g_strdup (_("An ID number has digits only; the last may be X."));
    case XH_IDENTIFIER_DATE:
      return g_strdup_printf (_("Digits 7 to 14 are no date of birth (%.8s)."), text + 6);
    case XH_IDENTIFIER_CHECK:
      return g_strdup_printf (_("Wrong check digit: the last must be %c. Compare with the document."), expected);
    case XH_IDENTIFIER_DAMAGED:
      return g_strdup (_("A spreadsheet has rounded this number. Type it again from the document."));
    }
  return NULL;
}

static char *
describe_uscc (const char *text)
{
  char expected = '\0';

  switch (xh_uscc_check (text, &expected))
    {
    case XH_IDENTIFIER_OK:
      break;
    case XH_IDENTIFIER_LENGTH:
      return g_strdup_printf (_("A credit code has 18 characters, this has %ld."), g_utf8_strlen (text, -1));
    case XH_IDENTIFIER_CHARACTER:
    case XH_IDENTIFIER_DATE:
      return g_strdup (_("A credit code has digits and capital letters without I, O, S, V and Z."));
    case XH_IDENTIFIER_CHECK:
      return g_strdup_printf (_("Wrong check character: the last must be %c. Compare with the licence."), expected);
    case XH_IDENTIFIER_DAMAGED:
      return g_strdup (_("A spreadsheet has rounded this number. Type it again from the document."));
    }
  return NULL;
}

static char *
describe_choice (const XhField *field, const char *code)
{
  const XhChoice *choice = xh_field_find_choice (field, code);

  if (choice == NULL)
    return g_strdup_printf (_("“%s” is not on the list."), code);
  if (!xh_choice_is_current (choice))
    return g_strdup_printf (_("“%s” may not be chosen today."), xh_label_get (&choice->label));
  return NULL;
}

static char *
describe_choices (const XhField *field, const char *text)
{
  g_autoptr (JsonNode) node = xh_json_parse (text, -1, NULL);
  char *message = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return g_strdup (_("This must be a list of codes."));
  for (guint i = 0; message == NULL && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);

      if (json_node_get_value_type (element) != G_TYPE_STRING)
        return g_strdup (_("This must be a list of codes."));
      message = describe_choice (field, json_node_get_string (element));
    }
  return message;
}

static const char *
describe_level (int level)
{
  switch (level)
    {
    case XH_LEVEL_PROVINCE:
      return _("Choose a province.");
    case XH_LEVEL_PREFECTURE:
      return _("Choose a prefecture.");
    case XH_LEVEL_COUNTY:
      return _("Choose a county.");
    case XH_LEVEL_TOWNSHIP:
      return _("Choose a township.");
    default:
      return _("Choose a village.");
    }
}

static char *
describe_division (const XhField *field, const char *code)
{
  const XhDivision *division = xh_divisions_find (xh_catalog_get_divisions (field->kind->catalog), code);

  if (division == NULL)
    return g_strdup_printf (_("There is no division %s."), code);
  if (field->level >= 0 && (int) division->level != field->level)
    return g_strdup (describe_level (field->level));
  return NULL;
}

static char *
describe_number (const XhField *field, const XhValue *value)
{
  double number = xh_value_as_real (value);
  g_auto (XhValue) bound = XH_VALUE_INIT;
  gboolean low = number < field->minimum, high = number > field->maximum;
  g_autofree char *text = NULL;

  if (!low && !high)
    return NULL;
  xh_value_set_real (&bound, low ? field->minimum : field->maximum);
  xh_field_coerce (field, &bound);
  text = xh_field_format (field, &bound, FALSE);
  return g_strdup_printf (low ? _("At least %s.") : _("At most %s."), text);
}

static char *
describe_length (const XhField *field, const char *text)
{
  glong length;

  if (field->max_length == 0)
    return NULL;
  length = g_utf8_strlen (text, -1);
  if (length <= (glong) field->max_length)
    return NULL;
  return g_strdup_printf (_("At most %u characters; these are %ld."), field->max_length, length);
}

char *
xh_field_find_fault (const XhField *field, const XhValue *value, gboolean unchanged)
{
  const char *text = xh_value_as_text (value);

  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
      return describe_number (field, value);
    case XH_FIELD_BOOLEAN:
    case XH_FIELD_TABLE:
    case XH_FIELD_FILES:
      return NULL;
    default:
      break;
    }
  if (text == NULL)
    return g_strdup (_("This must be text."));
  switch (field->type)
    {
    case XH_FIELD_ID_NUMBER:
      return describe_id_number (text);
    case XH_FIELD_USCC:
      return describe_uscc (text);
    case XH_FIELD_PHONE:
      return xh_phone_check (text) ? NULL : g_strdup (_("A mobile number has 11 digits; a fixed line begins with its area code."));
    case XH_FIELD_CHOICE:
      return unchanged ? NULL : describe_choice (field, text);
    case XH_FIELD_CHOICES:
      return unchanged ? NULL : describe_choices (field, text);
    case XH_FIELD_DIVISION:
      return unchanged ? NULL : describe_division (field, text);
    case XH_FIELD_UNIT:
      if (unchanged || xh_units_find (xh_catalog_get_units (field->kind->catalog), text) != NULL)
        return NULL;
      return g_strdup_printf (_("There is no unit “%s”."), text);
    case XH_FIELD_LINK:
      return xh_uuid_is_valid (text) ? NULL : g_strdup (_("Choose a record."));
    default:
      return describe_length (field, text);
    }
}

/* The row of the same _id as it was, or NULL. */
static JsonObject *
find_row (JsonNode *table, const char *id)
{
  if (table == NULL || id == NULL || !JSON_NODE_HOLDS_ARRAY (table))
    return NULL;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (table)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (table), i);

      if (JSON_NODE_HOLDS_OBJECT (element)
          && g_strcmp0 (json_object_get_string_member_with_default (json_node_get_object (element), "_id", NULL), id) == 0)
        return json_node_get_object (element);
    }
  return NULL;
}

static void
find_cell_fault (const XhField *field, guint index, JsonObject *row, JsonObject *before, const XhField *column,
                 GPtrArray **issues)
{
  g_auto (XhValue) value = XH_VALUE_INIT, old = XH_VALUE_INIT;
  g_autofree char *message = NULL;
  gboolean unchanged;

  xh_value_from_json (json_object_get_member (row, column->name), &value);
  if (xh_value_is_null (&value))
    {
      if (column->required && column->computed == NULL)
        xh_issue_add (issues, XH_ISSUE_MISSING, g_strdup_printf ("%s/%u/%s", field->name, index, column->name),
                      g_strdup_printf (_("Row %u, %s: still empty."), index + 1, xh_label_get (&column->label)));
      return;
    }
  unchanged = before != NULL && xh_value_from_json (json_object_get_member (before, column->name), &old)
              && xh_value_equal (&value, &old);
  message = xh_field_find_fault (column, &value, unchanged);
  if (message != NULL)
    xh_issue_add (issues, XH_ISSUE_ERROR, g_strdup_printf ("%s/%u/%s", field->name, index, column->name),
                  g_strdup_printf (_("Row %u, %s: %s"), index + 1, xh_label_get (&column->label), message));
}

void
xh_table_find_faults (const XhField *field, const XhValue *value, const XhValue *before, GPtrArray **issues)
{
  g_autoptr (JsonNode) node = NULL, old = NULL;
  JsonArray *rows;

  if (value->type != XH_VALUE_TEXT)
    return;
  node = xh_json_parse (value->text, -1, NULL);
  if (before->type == XH_VALUE_TEXT)
    old = xh_json_parse (before->text, -1, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      xh_issue_add (issues, XH_ISSUE_ERROR, g_strdup (field->name), g_strdup (_("This must be a list of rows.")));
      return;
    }
  rows = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *element = json_array_get_element (rows, i);
      JsonObject *row, *was;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        continue;
      row = json_node_get_object (element);
      was = find_row (old, json_object_get_string_member_with_default (row, "_id", NULL));
      for (guint c = 0; c < field->table_fields->len; c++)
        find_cell_fault (field, i, row, was, g_ptr_array_index (field->table_fields, c), issues);
    }
}
