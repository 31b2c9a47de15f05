/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-table-cell.h"

#include "model/xh-json.h"

struct _XhTableCell
{
  XhCell parent_instance;

  XhCell *table; /* (owned) */
  char *row;     /* (owned) */
  XhValue value; /* what get() handed out last */
};

G_DEFINE_FINAL_TYPE (XhTableCell, xh_table_cell, XH_TYPE_CELL)

JsonArray *
xh_table_read_rows (const XhValue *value)
{
  const char *text = xh_value_is_null (value) ? NULL : xh_value_as_text (value);
  g_autoptr (JsonNode) node = text != NULL ? xh_json_parse (text, -1, NULL) : NULL;
  g_autoptr (JsonArray) rows = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return json_array_new ();
  rows = json_node_dup_array (node);
  for (guint i = json_array_get_length (rows); i-- > 0;)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (rows, i)))
      json_array_remove_element (rows, i);
  return g_steal_pointer (&rows);
}

void
xh_table_write_rows (JsonArray *rows, XhValue *value)
{
  g_autoptr (JsonNode) node = NULL;

  if (json_array_get_length (rows) == 0)
    {
      xh_value_set_null (value);
      return;
    }
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, rows);
  xh_value_take_text (value, json_to_string (node, FALSE));
}

const char *
xh_table_row_id (JsonArray *rows, guint index)
{
  return json_object_get_string_member_with_default (json_array_get_object_element (rows, index), "_id", NULL);
}

int
xh_table_find_row (JsonArray *rows, const char *row)
{
  for (guint i = 0; i < json_array_get_length (rows); i++)
    if (g_strcmp0 (xh_table_row_id (rows, i), row) == 0)
      return i;
  return -1;
}

void
xh_table_read_column (JsonArray *rows, guint index, const XhField *column, XhValue *value)
{
  JsonNode *node = json_object_get_member (json_array_get_object_element (rows, index), column->name);

  if (node == NULL || !xh_value_from_json (node, value))
    xh_value_set_null (value);
}

static const XhValue *
xh_table_cell_get (XhCell *cell)
{
  XhTableCell *self = XH_TABLE_CELL (cell);
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (self->table));
  int index = xh_table_find_row (rows, self->row);

  if (index < 0)
    xh_value_set_null (&self->value);
  else
    xh_table_read_column (rows, index, xh_cell_get_field (cell), &self->value);
  return &self->value;
}

static char *
name_part (XhTableCell *self)
{
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (self->table));

  return g_strdup_printf ("%d/%s", xh_table_find_row (rows, self->row), xh_cell_get_field (XH_CELL (self))->name);
}

static void
tell_invalid (XhTableCell *self, const char *message)
{
  g_autofree char *part = g_strdup_printf ("%s/%s", self->row, xh_cell_get_field (XH_CELL (self))->name);

  XH_CELL_GET_CLASS (self->table)->set_part_invalid (self->table, part, message);
}

static void
xh_table_cell_set (XhCell *cell, const XhValue *value)
{
  XhTableCell *self = XH_TABLE_CELL (cell);
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (self->table));
  g_auto (XhValue) table = XH_VALUE_INIT;
  int index = xh_table_find_row (rows, self->row);
  const char *name = xh_cell_get_field (cell)->name;

  tell_invalid (self, NULL);
  if (index < 0)
    return;
  if (xh_value_is_null (value))
    json_object_remove_member (json_array_get_object_element (rows, index), name);
  else
    json_object_set_member (json_array_get_object_element (rows, index), name, xh_value_to_json (value));
  xh_table_write_rows (rows, &table);
  xh_cell_set (self->table, &table);
}

static void
xh_table_cell_set_invalid (XhCell *cell, const char *typed, const char *message)
{
  tell_invalid (XH_TABLE_CELL (cell), message);
}

/* What was typed is kept under the row's id, which stays when rows before it come and go; the form's issues count rows. */
static const char *
find_typed_issue (XhTableCell *self, XhIssueSeverity *severity)
{
  g_autofree char *part = g_strdup_printf ("%s/%s", self->row, xh_cell_get_field (XH_CELL (self))->name);

  return XH_CELL_GET_CLASS (self->table)->get_part_issue (self->table, part, severity);
}

static const char *
xh_table_cell_get_issue (XhCell *cell, XhIssueSeverity *severity)
{
  XhTableCell *self = XH_TABLE_CELL (cell);
  g_autofree char *part = name_part (self);

  if (xh_cell_get_typed (cell) != NULL)
    return find_typed_issue (self, severity);
  return XH_CELL_GET_CLASS (self->table)->get_part_issue (self->table, part, severity);
}

static void
table_changed_cb (XhTableCell *self)
{
  if (xh_cell_get_typed (XH_CELL (self)) != NULL && find_typed_issue (self, NULL) == NULL)
    xh_cell_forget_typed (XH_CELL (self));
  xh_cell_emit_changed (XH_CELL (self));
}

static gboolean
xh_table_cell_is_relevant (XhCell *cell)
{
  return xh_cell_is_relevant (XH_TABLE_CELL (cell)->table);
}

static gboolean
xh_table_cell_is_required (XhCell *cell)
{
  return xh_cell_get_field (cell)->required;
}

static gboolean
xh_table_cell_is_editable (XhCell *cell)
{
  return xh_cell_get_field (cell)->computed == NULL && xh_cell_is_editable (XH_TABLE_CELL (cell)->table);
}

static void
xh_table_cell_break_undo (XhCell *cell)
{
  xh_cell_break_undo (XH_TABLE_CELL (cell)->table);
}

static void
xh_table_cell_finalize (GObject *object)
{
  XhTableCell *self = XH_TABLE_CELL (object);

  g_clear_object (&self->table);
  g_free (self->row);
  xh_value_clear (&self->value);

  G_OBJECT_CLASS (xh_table_cell_parent_class)->finalize (object);
}

static void
xh_table_cell_class_init (XhTableCellClass *klass)
{
  XhCellClass *cell_class = XH_CELL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xh_table_cell_finalize;
  cell_class->get = xh_table_cell_get;
  cell_class->set = xh_table_cell_set;
  cell_class->set_invalid = xh_table_cell_set_invalid;
  cell_class->get_issue = xh_table_cell_get_issue;
  cell_class->is_relevant = xh_table_cell_is_relevant;
  cell_class->is_required = xh_table_cell_is_required;
  cell_class->is_editable = xh_table_cell_is_editable;
  cell_class->break_undo = xh_table_cell_break_undo;
}

static void
xh_table_cell_init (XhTableCell *self)
{
}

XhCell *
xh_table_cell_new (XhCell *table, const char *row, const XhField *column)
{
  XhTableCell *self = g_object_new (XH_TYPE_TABLE_CELL, NULL);

  xh_cell_set_field (XH_CELL (self), column);
  self->table = g_object_ref (table);
  self->row = g_strdup (row);
  g_signal_connect_object (table, "changed", G_CALLBACK (table_changed_cb), self, G_CONNECT_SWAPPED);
  return XH_CELL (self);
}
