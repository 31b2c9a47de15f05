/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-merge-private.h"

#include <string.h>

#include "xh-wire-private.h"
#include "model/xh-identifiers.h"
#include "model/xh-json.h"

typedef struct
{
  JsonArray *rows;      /* (owned) */
  GHashTable *by_id;    /* (owned) utf8 → JsonObject, both owned by rows */
} Table;

static void
table_clear (Table *table)
{
  g_clear_pointer (&table->by_id, g_hash_table_unref);
  g_clear_pointer (&table->rows, json_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static gboolean
table_init (Table *table, const char *json)
{
  table->rows = xh_wire_parse_rows (json != NULL ? json : "[]");
  if (table->rows == NULL)
    return FALSE;
  table->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < json_array_get_length (table->rows); i++)
    {
      JsonObject *row = json_array_get_object_element (table->rows, i);

      if (!g_hash_table_insert (table->by_id, (gpointer) json_object_get_string_member (row, "_id"), row))
        return FALSE;
    }
  return TRUE;
}

/* Numbers by size, as the columns compare: 1 and 1.0 are one value. A missing column is empty. */
static gboolean
nodes_equal (JsonNode *a, JsonNode *b)
{
  g_auto (XhValue) left = XH_VALUE_INIT;
  g_auto (XhValue) right = XH_VALUE_INIT;

  if (xh_value_from_json (a, &left) && xh_value_from_json (b, &right))
    return xh_value_equal (&left, &right);
  return a != NULL && b != NULL && json_node_equal (a, b);
}

static JsonNode *
peek_cell (JsonObject *row, const char *column)
{
  return row != NULL ? json_object_get_member (row, column) : NULL;
}

static gboolean
rows_equal (JsonObject *a, JsonObject *b)
{
  g_autoptr (GList) left = json_object_get_members (a);
  g_autoptr (GList) right = json_object_get_members (b);

  for (GList *l = left; l != NULL; l = l->next)
    if (!nodes_equal (peek_cell (a, l->data), peek_cell (b, l->data)))
      return FALSE;
  for (GList *l = right; l != NULL; l = l->next)
    if (!nodes_equal (peek_cell (a, l->data), peek_cell (b, l->data)))
      return FALSE;
  return TRUE;
}

/* Column by column; @before is NULL where both sides added a row of this identity. */
static JsonObject *
merge_row (JsonObject *before, JsonObject *mine, JsonObject *theirs)
{
  g_autoptr (JsonObject) merged = json_object_new ();
  g_autoptr (GList) columns = json_object_get_members (theirs);
  g_autoptr (GList) own = json_object_get_members (mine);

  for (GList *l = own; l != NULL; l = l->next)
    if (!json_object_has_member (theirs, l->data))
      columns = g_list_append (columns, l->data);
  for (GList *l = columns; l != NULL; l = l->next)
    {
      const char *column = l->data;
      JsonNode *base = peek_cell (before, column), *left = peek_cell (mine, column), *right = peek_cell (theirs, column);
      JsonNode *cell = right;

      if (nodes_equal (right, base))
        cell = left;
      else if (!nodes_equal (left, right) && !nodes_equal (left, base))
        return NULL;
      if (cell != NULL)
        json_object_set_member (merged, column, json_node_copy (cell));
    }
  return g_steal_pointer (&merged);
}

/* A row that stands on their side. FALSE: a person has to decide. Nothing is added where I removed it. */
static gboolean
merge_their_row (Table *before, Table *mine, const char *id, JsonObject *theirs, JsonArray *merged)
{
  JsonObject *base = g_hash_table_lookup (before->by_id, id);
  JsonObject *own = g_hash_table_lookup (mine->by_id, id);
  JsonObject *row;

  if (own == NULL && base != NULL)
    return rows_equal (base, theirs);
  if (own == NULL)
    {
      json_array_add_object_element (merged, json_object_ref (theirs));
      return TRUE;
    }
  row = merge_row (base, own, theirs);
  if (row == NULL)
    return FALSE;
  json_array_add_object_element (merged, row);
  return TRUE;
}

static char *
write_rows (JsonArray *rows)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), rows);

  return xh_json_canonical (node);
}

char *
xh_merge_rows (const char *before, const char *mine, const char *theirs)
{
  g_auto (Table) base = { 0 };
  g_auto (Table) left = { 0 };
  g_auto (Table) right = { 0 };
  g_autoptr (JsonArray) merged = json_array_new ();

  if (!table_init (&base, before) || !table_init (&left, mine) || !table_init (&right, theirs))
    return NULL;
  for (guint i = 0; i < json_array_get_length (right.rows); i++)
    {
      JsonObject *row = json_array_get_object_element (right.rows, i);

      if (!merge_their_row (&base, &left, json_object_get_string_member (row, "_id"), row, merged))
        return NULL;
    }
  for (guint i = 0; i < json_array_get_length (left.rows); i++)
    {
      JsonObject *row = json_array_get_object_element (left.rows, i);
      const char *id = json_object_get_string_member (row, "_id");
      JsonObject *old = g_hash_table_lookup (base.by_id, id);

      if (g_hash_table_contains (right.by_id, id))
        continue;
      /* They removed it: it stays away unless I edited it meanwhile. */
      if (old == NULL)
        json_array_add_object_element (merged, json_object_ref (row));
      else if (!rows_equal (old, row))
        return NULL;
    }
  return write_rows (merged);
}

/* A row that both changed stands twice: as they have it, and as I have it under an identity of its own. */
static void
add_twin (JsonArray *rows, JsonObject *mine)
{
  g_autoptr (GList) columns = json_object_get_members (mine);
  g_autofree char *id = xh_uuid_v7_new ();
  JsonObject *twin = json_object_new ();

  for (GList *l = columns; l != NULL; l = l->next)
    json_object_set_member (twin, l->data, json_node_copy (json_object_get_member (mine, l->data)));
  json_object_set_string_member (twin, "_id", id);
  json_array_add_object_element (rows, twin);
}

char *
xh_merge_rows_both (const char *before, const char *mine, const char *theirs)
{
  g_auto (Table) base = { 0 };
  g_auto (Table) left = { 0 };
  g_auto (Table) right = { 0 };
  g_autoptr (JsonArray) both = json_array_new ();

  if (!table_init (&base, before) || !table_init (&left, mine) || !table_init (&right, theirs))
    return NULL;
  for (guint i = 0; i < json_array_get_length (right.rows); i++)
    {
      JsonObject *row = json_array_get_object_element (right.rows, i);
      const char *id = json_object_get_string_member (row, "_id");
      JsonObject *own = g_hash_table_lookup (left.by_id, id), *old = g_hash_table_lookup (base.by_id, id);
      g_autoptr (JsonObject) merged = own != NULL ? merge_row (old, own, row) : NULL;

      if (own == NULL && old != NULL && rows_equal (old, row))
        continue; /* I removed it, and they did not touch it */
      json_array_add_object_element (both, json_object_ref (merged != NULL ? merged : row));
      if (own != NULL && merged == NULL)
        add_twin (both, own);
    }
  for (guint i = 0; i < json_array_get_length (left.rows); i++)
    {
      JsonObject *row = json_array_get_object_element (left.rows, i);
      const char *id = json_object_get_string_member (row, "_id");
      JsonObject *old = g_hash_table_lookup (base.by_id, id);

      if (!g_hash_table_contains (right.by_id, id) && (old == NULL || !rows_equal (old, row)))
        json_array_add_object_element (both, json_object_ref (row));
    }
  return write_rows (both);
}
