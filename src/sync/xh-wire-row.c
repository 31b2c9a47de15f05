/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-wire-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-identifiers.h"

#define MAX_WORD 128

enum { ID, VERSION, STATE, DIVISION, UNIT, DELETED, CREATED_AT, UPDATED_AT, UPDATED_BY, KIND_VERSION };

const char *const xh_wire_spine[XH_WIRE_N_SPINE] = {
  "id", "version", "state", "division", "unit", "deleted", "created_at", "updated_at", "updated_by", "kind_version",
};

/* Rows of a page mostly repeat the division and the person of the row before: what is equal is not copied again. */
static gboolean
set_word (char **member, const XhJsonValue *value, gboolean nullable)
{
  if (value->type == XH_JSON_NULL)
    {
      g_clear_pointer (member, g_free);
      return nullable;
    }
  if (value->type != XH_JSON_STRING || value->length == 0 || value->length > MAX_WORD)
    return FALSE;
  if (*member == NULL || !xh_json_value_is (value, *member))
    {
      g_free (*member);
      *member = g_strndup (value->text, value->length);
    }
  return TRUE;
}

static gboolean
read_flag (const XhJsonValue *value, gboolean *flag)
{
  *flag = value->type == XH_JSON_TRUE || (value->type == XH_JSON_INTEGER && value->integer == 1);
  return *flag || value->type == XH_JSON_FALSE || (value->type == XH_JSON_INTEGER && value->integer == 0);
}

gboolean
xh_wire_set_spine (XhRecord *record, guint column, const XhJsonValue *value)
{
  switch (column)
    {
    case ID:
      return set_word (&record->id, value, FALSE) && xh_uuid_is_valid (record->id);
    case VERSION:
      record->version = value->integer;
      return value->type == XH_JSON_INTEGER && value->integer > 0;
    case STATE:
      return set_word (&record->state, value, FALSE);
    case DIVISION:
      return set_word (&record->division, value, TRUE);
    case UNIT:
      return set_word (&record->unit, value, TRUE);
    case DELETED:
      return read_flag (value, &record->deleted);
    case CREATED_AT:
      return set_word (&record->created_at, value, TRUE);
    case UPDATED_AT:
      return set_word (&record->updated_at, value, TRUE);
    case UPDATED_BY:
      return set_word (&record->updated_by, value, TRUE);
    case KIND_VERSION:
      record->kind_version = (guint) value->integer;
      return value->type == XH_JSON_INTEGER && value->integer >= 0 && value->integer <= G_MAXINT;
    default:
      return FALSE;
    }
}

gboolean
xh_wire_set_field (XhRecord *record, const XhField *field, const XhJsonValue *value)
{
  XhValue *target = &record->values[field->index];

  switch (value->type)
    {
    case XH_JSON_NULL:
      xh_value_set_null (target);
      return TRUE;
    case XH_JSON_STRING:
      xh_value_take_text (target, g_strndup (value->text, value->length));
      break;
    case XH_JSON_INTEGER:
      xh_value_set_integer (target, value->integer);
      break;
    case XH_JSON_REAL:
      xh_value_set_real (target, value->real);
      break;
    case XH_JSON_TRUE:
    case XH_JSON_FALSE:
      xh_value_set_integer (target, value->type == XH_JSON_TRUE);
      break;
    }
  return xh_wire_convert_value (field, target);
}

static guint
find_spine (const char *name)
{
  guint i = 0;

  while (i < XH_WIRE_N_SPINE && strcmp (xh_wire_spine[i], name) != 0)
    i++;
  return i;
}

static JsonNode *
write_spine (const XhRecord *record, guint column)
{
  const char *const words[] = {
    [ID] = record->id, [STATE] = record->state, [DIVISION] = record->division, [UNIT] = record->unit,
    [CREATED_AT] = record->created_at, [UPDATED_AT] = record->updated_at, [UPDATED_BY] = record->updated_by,
  };
  JsonNode *node = json_node_alloc ();

  switch (column)
    {
    case VERSION:
      return json_node_init_int (node, record->version);
    case DELETED:
      return json_node_init_int (node, record->deleted ? 1 : 0);
    case KIND_VERSION:
      return json_node_init_int (node, record->kind_version);
    default:
      return words[column] != NULL ? json_node_init_string (node, words[column]) : json_node_init_null (node);
    }
}

static gboolean
read_node (JsonNode *node, XhJsonValue *value)
{
  GType type;

  memset (value, 0, sizeof *value);
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    {
      value->type = XH_JSON_STRING;
      value->text = json_node_get_string (node);
      value->length = strlen (value->text);
    }
  else if (type == G_TYPE_INT64)
    {
      value->type = XH_JSON_INTEGER;
      value->integer = json_node_get_int (node);
    }
  else if (type == G_TYPE_BOOLEAN)
    value->type = json_node_get_boolean (node) ? XH_JSON_TRUE : XH_JSON_FALSE;
  else
    {
      value->type = XH_JSON_REAL;
      value->real = json_node_get_double (node);
    }
  return TRUE;
}

static gboolean
set_column (XhRecord *record, const char *name, JsonNode *node)
{
  guint column = find_spine (name);
  const XhField *field = column < XH_WIRE_N_SPINE ? NULL : xh_kind_find_field (record->kind, name);
  XhJsonValue value;

  if (!read_node (node, &value))
    return FALSE;
  if (field != NULL)
    return xh_wire_set_field (record, field, &value);
  return xh_wire_set_spine (record, column, &value);
}

/**
 * xh_wire_write_row:
 * @record: a record
 * @columns: (element-type utf8): from xh_wire_columns(): those that the reader's role may see
 *
 * Returns: (transfer full): the record as the `row` of an answer
 */
JsonObject *
xh_wire_write_row (const XhRecord *record, GPtrArray *columns)
{
  JsonObject *row = json_object_new ();

  for (guint i = 0; i < columns->len; i++)
    {
      const char *name = g_ptr_array_index (columns, i);
      guint column = find_spine (name);

      json_object_set_member (row, name, column < XH_WIRE_N_SPINE ? write_spine (record, column)
                                                                  : xh_value_to_json (xh_record_get (record, name)));
    }
  return row;
}

/**
 * xh_wire_read_row:
 * @kind: the record's kind
 * @row: the `row` of an answer: every spine column, and the fields that this role may read
 * @error: XH_SYNC_ERROR_PROTOCOL: a column is missing, unknown, or holds a value that is none for it
 *
 * Returns: (transfer full): the record as it stands on the server
 */
XhRecord *
xh_wire_read_row (const XhKind *kind, JsonObject *row, GError **error)
{
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  for (guint i = 0; i < XH_WIRE_N_SPINE; i++)
    if (!json_object_has_member (row, xh_wire_spine[i]))
      {
        g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("%s: a row that came has no “%s”. It was not taken."), xh_label_get (&kind->label), xh_wire_spine[i]);
        return NULL;
      }
  json_object_iter_init_ordered (&iter, row);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!set_column (record, name, node))
      {
        g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("%s: “%s” of a row that came does not fit the definitions here. The row was not taken."),
                     xh_label_get (&kind->label), xh_kind_tell_field (kind, name));
        return NULL;
      }
  return g_steal_pointer (&record);
}
