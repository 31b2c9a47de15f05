/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "xh-attachment.h"
#include "xh-identifiers.h"
#include "xh-json.h"

#define MAX_TEXT (256 * 1024) /* bytes of one value, whatever the field says */

int
xh_field_digits (const XhField *field)
{
  if (field->digits >= 0)
    return MIN (field->digits, 9);
  return field->type == XH_FIELD_DECIMAL || field->type == XH_FIELD_MONEY ? 2 : 0;
}

static double
round_to (double number, int digits)
{
  double scale = pow (10, digits), scaled = number * scale;

  /* Beyond 2^52 there is nothing left to round. */
  return fabs (scaled) < 0x1p52 ? round (scaled) / scale : number;
}

static gboolean
is_whole (double number)
{
  return fabs (number) < 0x1p53 && number == floor (number);
}

/* --- from outside */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, message);
  return FALSE;
}

static gboolean
normalise_integer (const XhValue *value, XhValue *normal, GError **error)
{
  if (value->type != XH_VALUE_INTEGER && !(value->type == XH_VALUE_REAL && is_whole (value->real)))
    return refuse (error, _("This must be a whole number."));
  xh_value_set_integer (normal, xh_value_as_integer (value));
  return TRUE;
}

static gboolean
normalise_decimal (const XhField *field, const XhValue *value, XhValue *normal, GError **error)
{
  if (value->type != XH_VALUE_INTEGER && value->type != XH_VALUE_REAL)
    return refuse (error, _("This must be a number."));
  xh_value_set_real (normal, round_to (xh_value_as_real (value), xh_field_digits (field)));
  return TRUE;
}

static gboolean
normalise_boolean (const XhValue *value, XhValue *normal, GError **error)
{
  if (value->type != XH_VALUE_INTEGER || (value->integer != 0 && value->integer != 1))
    return refuse (error, _("This must be yes or no."));
  xh_value_copy (value, normal);
  return TRUE;
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Several codes are kept sorted and once each, so that equal choices are equal text. */
static gboolean
normalise_codes (const XhValue *value, XhValue *normal, GError **error)
{
  g_autoptr (JsonNode) node = xh_json_parse (value->text, -1, NULL);
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();
  g_autoptr (JsonNode) result = NULL;
  JsonArray *sorted;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, _("This must be a list of codes."));
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);

      if (json_node_get_value_type (element) != G_TYPE_STRING)
        return refuse (error, _("This must be a list of codes."));
      g_ptr_array_add (codes, (gpointer) json_node_get_string (element));
    }
  if (codes->len == 0)
    {
      xh_value_set_null (normal);
      return TRUE;
    }
  g_ptr_array_sort (codes, compare_codes);
  sorted = json_array_sized_new (codes->len);
  for (guint i = 0; i < codes->len; i++)
    if (i == 0 || strcmp (codes->pdata[i], codes->pdata[i - 1]) != 0)
      json_array_add_string_element (sorted, codes->pdata[i]);
  result = json_node_init_array (json_node_alloc (), sorted);
  json_array_unref (sorted);
  xh_value_take_text (normal, xh_json_canonical (result));
  return TRUE;
}

static const XhField *
find_column (const XhField *field, const char *name)
{
  for (guint i = 0; i < field->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (field->table_fields, i);

      if (strcmp (column->name, name) == 0)
        return column;
    }
  return NULL;
}

static gboolean
knows_every_member (const XhField *field, JsonObject *row, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (row);

  for (GList *l = names; l != NULL; l = l->next)
    if (strcmp (l->data, "_id") != 0 && find_column (field, l->data) == NULL)
      {
        g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("There is no column “%s”."), (char *) l->data);
        return FALSE;
      }
  return TRUE;
}

static gboolean
is_row_id (JsonNode *node)
{
  const char *id = node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;

  return id != NULL && *id != '\0' && strlen (id) <= 64;
}

static JsonObject *
normalise_row (const XhField *field, JsonObject *row, GError **error)
{
  g_autoptr (JsonObject) result = json_object_new ();

  if (!knows_every_member (field, row, error))
    return NULL;
  if (is_row_id (json_object_get_member (row, "_id")))
    json_object_set_string_member (result, "_id", json_object_get_string_member (row, "_id"));
  else
    {
      g_autofree char *id = xh_uuid_v7_new ();

      json_object_set_string_member (result, "_id", id);
    }
  for (guint i = 0; i < field->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (field->table_fields, i);
      g_auto (XhValue) value = XH_VALUE_INIT, normal = XH_VALUE_INIT;

      if (!xh_value_from_json (json_object_get_member (row, column->name), &value))
        {
          refuse (error, _("A cell of the table holds no simple value."));
          return NULL;
        }
      if (!xh_field_normalise (column, &value, &normal, error))
        {
          g_prefix_error (error, "%s: ", xh_label_get (&column->label));
          return NULL;
        }
      if (!xh_value_is_null (&normal))
        json_object_set_member (result, column->name, xh_value_to_json (&normal));
    }
  return g_steal_pointer (&result);
}

static gboolean
normalise_table (const XhField *field, const XhValue *value, XhValue *normal, GError **error)
{
  g_autoptr (JsonNode) node = xh_json_parse (value->text, -1, NULL), result = NULL;
  JsonArray *rows;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, _("This must be a list of rows."));
  rows = json_array_new ();
  result = json_node_init_array (json_node_alloc (), rows);
  json_array_unref (rows);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);
      JsonObject *row;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return refuse (error, _("This must be a list of rows."));
      row = normalise_row (field, json_node_get_object (element), error);
      if (row == NULL)
        return FALSE;
      json_array_add_object_element (rows, row);
    }
  if (json_array_get_length (rows) == 0)
    xh_value_set_null (normal);
  else
    xh_value_take_text (normal, xh_json_canonical (result));
  return TRUE;
}

static gboolean
normalise_files (const XhField *field, const XhValue *value, XhValue *normal, GError **error)
{
  char *text = xh_attachments_normalise (value->text, field->kind->catalog, error);

  if (text == NULL)
    return FALSE;
  xh_value_take_text (normal, text);
  if (strcmp (normal->text, "[]") == 0)
    xh_value_set_null (normal);
  return TRUE;
}

static gboolean
normalise_text (const XhField *field, const XhValue *value, XhValue *normal, GError **error)
{
  GDate date;

  switch (field->type)
    {
    case XH_FIELD_DATE:
      if (!xh_date_parse (value->text, &date))
        return refuse (error, _("This must be a date."));
      xh_value_copy (value, normal);
      return TRUE;
    case XH_FIELD_ID_NUMBER:
    case XH_FIELD_USCC:
    case XH_FIELD_PHONE:
      xh_value_take_text (normal, xh_identifier_normalise (value->text));
      if (*normal->text == '\0')
        xh_value_set_null (normal);
      return TRUE;
    case XH_FIELD_CHOICES:
      return normalise_codes (value, normal, error);
    case XH_FIELD_TABLE:
      return normalise_table (field, value, normal, error);
    case XH_FIELD_FILES:
      return normalise_files (field, value, normal, error);
    default:
      xh_value_copy (value, normal);
      return TRUE;
    }
}

gboolean
xh_field_normalise (const XhField *field, const XhValue *value, XhValue *normal, GError **error)
{
  if (value->type == XH_VALUE_NULL || (value->type == XH_VALUE_TEXT && *value->text == '\0'))
    {
      xh_value_set_null (normal);
      return TRUE;
    }
  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_MONEY:
      return normalise_integer (value, normal, error);
    case XH_FIELD_DECIMAL:
      return normalise_decimal (field, value, normal, error);
    case XH_FIELD_BOOLEAN:
      return normalise_boolean (value, normal, error);
    default:
      break;
    }
  if (value->type != XH_VALUE_TEXT)
    return refuse (error, _("This must be text."));
  if (strlen (value->text) > MAX_TEXT || !g_utf8_validate (value->text, -1, NULL))
    return refuse (error, _("This text is too long or damaged."));
  return normalise_text (field, value, normal, error);
}

/* --- from an expression */

static void
coerce_number (const XhField *field, XhValue *value)
{
  if (value->type == XH_VALUE_TEXT)
    xh_value_set_null (value);
  else if (field->type == XH_FIELD_DECIMAL)
    xh_value_set_real (value, round_to (xh_value_as_real (value), xh_field_digits (field)));
  else if (value->type == XH_VALUE_REAL)
    xh_value_set_integer (value, llround (CLAMP (value->real, -0x1p62, 0x1p62)));
  if (field->type == XH_FIELD_BOOLEAN && value->type == XH_VALUE_INTEGER)
    value->integer = value->integer != 0;
}

void
xh_field_coerce (const XhField *field, XhValue *value)
{
  g_auto (XhValue) normal = XH_VALUE_INIT;

  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_MONEY:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_BOOLEAN:
      if (value->type != XH_VALUE_NULL)
        coerce_number (field, value);
      return;
    default:
      break;
    }
  if (value->type == XH_VALUE_INTEGER)
    xh_value_take_text (value, g_strdup_printf ("%" G_GINT64_FORMAT, value->integer));
  else if (value->type == XH_VALUE_REAL)
    {
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      xh_value_set_text (value, g_ascii_formatd (buffer, sizeof buffer, "%.15g", value->real));
    }
  if (xh_field_normalise (field, value, &normal, NULL))
    xh_value_copy (&normal, value);
  else
    xh_value_set_null (value);
}
