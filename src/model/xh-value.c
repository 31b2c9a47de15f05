/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-value.h"

#include <math.h>
#include <string.h>

/**
 * xh_value_clear:
 * @value: a value
 *
 * Frees what the value holds; it is NULL afterwards.
 */
void
xh_value_clear (XhValue *value)
{
  if (value->type == XH_VALUE_TEXT)
    g_free (value->text);
  value->type = XH_VALUE_NULL;
  value->integer = 0;
}

/**
 * xh_value_copy:
 * @source: what to copy
 * @target: (inout): what it replaces; may be @source itself
 */
void
xh_value_copy (const XhValue *source, XhValue *target)
{
  XhValue copy = *source;

  if (source == target)
    return;
  if (source->type == XH_VALUE_TEXT)
    copy.text = g_strdup (source->text);
  xh_value_clear (target);
  *target = copy;
}

/**
 * xh_value_equal:
 * @a: a value
 * @b: another
 *
 * Two NULLs are equal; an integer equals the real number of the same size, as in SQL; text is compared byte by byte.
 */
gboolean
xh_value_equal (const XhValue *a, const XhValue *b)
{
  if (a->type != b->type)
    {
      if (a->type == XH_VALUE_INTEGER && b->type == XH_VALUE_REAL)
        return (double) a->integer == b->real;
      if (a->type == XH_VALUE_REAL && b->type == XH_VALUE_INTEGER)
        return a->real == (double) b->integer;
      return FALSE;
    }
  switch (a->type)
    {
    case XH_VALUE_NULL:
      return TRUE;
    case XH_VALUE_INTEGER:
      return a->integer == b->integer;
    case XH_VALUE_REAL:
      return a->real == b->real;
    case XH_VALUE_TEXT:
      return strcmp (a->text, b->text) == 0;
    }
  return FALSE;
}

gboolean
xh_value_is_null (const XhValue *value)
{
  return value->type == XH_VALUE_NULL;
}

void
xh_value_set_null (XhValue *value)
{
  xh_value_clear (value);
}

void
xh_value_set_integer (XhValue *value, gint64 integer)
{
  xh_value_clear (value);
  value->type = XH_VALUE_INTEGER;
  value->integer = integer;
}

/**
 * xh_value_set_real:
 * @value: a value
 * @real: the number; one that is not finite makes the value NULL, as SQLite and JSON have no such number
 */
void
xh_value_set_real (XhValue *value, double real)
{
  xh_value_clear (value);
  if (!isfinite (real))
    return;
  value->type = XH_VALUE_REAL;
  value->real = real;
}

/**
 * xh_value_set_text:
 * @value: a value
 * @text: (nullable): UTF-8, copied; %NULL makes the value NULL
 */
void
xh_value_set_text (XhValue *value, const char *text)
{
  xh_value_take_text (value, g_strdup (text));
}

/**
 * xh_value_take_text:
 * @value: a value
 * @text: (transfer full) (nullable): UTF-8; %NULL makes the value NULL
 */
void
xh_value_take_text (XhValue *value, char *text)
{
  xh_value_clear (value);
  if (text == NULL)
    return;
  value->type = XH_VALUE_TEXT;
  value->text = text;
}

/**
 * xh_value_as_real:
 * @value: a value
 *
 * Returns: the number; of text, the number it begins with; 0 for NULL
 */
double
xh_value_as_real (const XhValue *value)
{
  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      return (double) value->integer;
    case XH_VALUE_REAL:
      return value->real;
    case XH_VALUE_TEXT:
      return g_ascii_strtod (value->text, NULL);
    case XH_VALUE_NULL:
      break;
    }
  return 0;
}

/**
 * xh_value_as_integer:
 * @value: a value
 *
 * Returns: the number, cut toward zero and held within 64 bits; of text, the number it begins with; 0 for NULL
 */
gint64
xh_value_as_integer (const XhValue *value)
{
  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      return value->integer;
    case XH_VALUE_REAL:
      /* The cast of a number out of range is undefined. */
      if (value->real >= 0x1p63)
        return G_MAXINT64;
      if (value->real < -0x1p63)
        return G_MININT64;
      return (gint64) value->real;
    case XH_VALUE_TEXT:
      return g_ascii_strtoll (value->text, NULL, 10);
    case XH_VALUE_NULL:
      break;
    }
  return 0;
}

/**
 * xh_value_as_text:
 * @value: a value
 *
 * Returns: (nullable) (transfer none): the text, or %NULL where the value is not text
 */
const char *
xh_value_as_text (const XhValue *value)
{
  return value->type == XH_VALUE_TEXT ? value->text : NULL;
}

/**
 * xh_value_to_json:
 * @value: a value
 *
 * Returns: (transfer full): null, a number or a string. Tables and several choices are strings here: they are JSON text
 */
JsonNode *
xh_value_to_json (const XhValue *value)
{
  JsonNode *node = json_node_alloc ();

  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      return json_node_init_int (node, value->integer);
    case XH_VALUE_REAL:
      return json_node_init_double (node, value->real);
    case XH_VALUE_TEXT:
      return json_node_init_string (node, value->text);
    case XH_VALUE_NULL:
      break;
    }
  return json_node_init_null (node);
}

/**
 * xh_value_from_json:
 * @node: (nullable): null, boolean, number or string
 * @value: (inout): what it replaces; untouched on failure
 *
 * Returns: %FALSE for an object, an array, a number that is not finite, or text that is not UTF-8
 */
gboolean
xh_value_from_json (JsonNode *node, XhValue *value)
{
  GType type;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    {
      xh_value_set_null (value);
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);

      if (!g_utf8_validate (text, -1, NULL))
        return FALSE;
      xh_value_set_text (value, text);
    }
  else if (type == G_TYPE_BOOLEAN)
    xh_value_set_integer (value, json_node_get_boolean (node) ? 1 : 0);
  else if (type == G_TYPE_INT64)
    xh_value_set_integer (value, json_node_get_int (node));
  else if (type == G_TYPE_DOUBLE && isfinite (json_node_get_double (node)))
    xh_value_set_real (value, json_node_get_double (node));
  else
    return FALSE;
  return TRUE;
}

/**
 * xh_value_bind:
 * @value: a value; SQLite copies its text
 * @statement: a statement that is reset
 * @index: parameter, from 1
 */
void
xh_value_bind (const XhValue *value, sqlite3_stmt *statement, int index)
{
  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      sqlite3_bind_int64 (statement, index, value->integer);
      break;
    case XH_VALUE_REAL:
      sqlite3_bind_double (statement, index, value->real);
      break;
    case XH_VALUE_TEXT:
      sqlite3_bind_text (statement, index, value->text, -1, SQLITE_TRANSIENT);
      break;
    case XH_VALUE_NULL:
      sqlite3_bind_null (statement, index);
      break;
    }
}

/**
 * xh_value_from_column:
 * @value: (inout): what it replaces
 * @statement: a statement that stands on a row
 * @column: column, from 0
 *
 * A blob becomes NULL (no field is stored as one); text that is not UTF-8 is repaired with replacement characters.
 */
void
xh_value_from_column (XhValue *value, sqlite3_stmt *statement, int column)
{
  switch (sqlite3_column_type (statement, column))
    {
    case SQLITE_INTEGER:
      xh_value_set_integer (value, sqlite3_column_int64 (statement, column));
      break;
    case SQLITE_FLOAT:
      xh_value_set_real (value, sqlite3_column_double (statement, column));
      break;
    case SQLITE_TEXT:
      {
        const char *text = (const char *) sqlite3_column_text (statement, column);

        if (text == NULL || g_utf8_validate (text, -1, NULL))
          xh_value_set_text (value, text);
        else
          xh_value_take_text (value, g_utf8_make_valid (text, -1));
        break;
      }
    default:
      xh_value_set_null (value);
      break;
    }
}

/**
 * xh_value_array_new:
 * @n_values: how many; 0 is allowed
 *
 * Returns: (transfer full): that many NULL values; free with xh_value_array_free()
 */
XhValue *
xh_value_array_new (guint n_values)
{
  return g_new0 (XhValue, MAX (n_values, 1));
}

/**
 * xh_value_array_free:
 * @values: (nullable) (transfer full): from xh_value_array_new()
 * @n_values: the same number
 */
void
xh_value_array_free (XhValue *values, guint n_values)
{
  if (values == NULL)
    return;
  for (guint i = 0; i < n_values; i++)
    xh_value_clear (&values[i]);
  g_free (values);
}
