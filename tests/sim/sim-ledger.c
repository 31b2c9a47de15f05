/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-ledger.h"

#include <string.h>

#include "server/xh-ledger.h"

typedef struct
{
  Sim *sim;
  const XhKind *kind;
  GPtrArray *entries;  /* of this record, in order */
  GPtrArray *changes, *before; /* of JsonObject, (owned), beside the entries */
} Replay;

static JsonObject *
parse (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  return json_object_ref (json_node_get_object (node));
}

/* Null and a missing member are the same. */
static gboolean
same (JsonNode *a, JsonNode *b)
{
  g_auto (XhValue) one = XH_VALUE_INIT, two = XH_VALUE_INIT;

  if (a != NULL)
    xh_value_from_json (a, &one);
  if (b != NULL)
    xh_value_from_json (b, &two);
  return xh_value_equal (&one, &two);
}

/* What a name was after the entry at @index; -1: before the first. */
static JsonNode *
value_after (Replay *self, int index, const char *name)
{
  for (int i = index; i >= 0; i--)
    if (json_object_has_member (self->changes->pdata[i], name))
      return json_object_get_member (self->changes->pdata[i], name);
  return NULL;
}

static int
find_base (Replay *self, gint64 base)
{
  int index = -1;

  while (index + 1 < (int) self->entries->len && ((XhEntry *) self->entries->pdata[index + 1])->number <= base)
    index++;
  return index;
}

/* What the server computes again by itself is nobody's work. */
static gboolean
is_foreign (Replay *self, const SimOp *op, int index)
{
  const XhEntry *entry = self->entries->pdata[index];
  const SimClient *client = &self->sim->clients[op->client];

  if (strcmp (entry->account, XH_SYSTEM_LOGIN) == 0)
    return FALSE;
  return strcmp (entry->account, client->login) != 0 || strcmp (entry->device, client->desk->device) != 0;
}

/* Entries between the base and @index that changed @name (NULL: anything): how many by others, how many in all. */
static void
count_between (Replay *self, const SimOp *op, int base, int index, const char *name, guint *foreign, guint *all)
{
  *foreign = *all = 0;
  for (int i = base + 1; i < index; i++)
    if (name == NULL ? json_object_get_size (self->changes->pdata[i]) > 0 : json_object_has_member (self->changes->pdata[i], name))
      {
        *foreign += is_foreign (self, op, i);
        *all += 1;
      }
}

static gboolean
is_typed (Replay *self, const char *name)
{
  const XhField *field = xh_kind_find_field (self->kind, name);

  return field == NULL || (field->computed == NULL && !field->scored);
}

/* --- rows of a table */

static GHashTable *
read_rows (JsonNode *text)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  g_autoptr (JsonNode) root = text != NULL && JSON_NODE_HOLDS_VALUE (text) ? json_from_string (json_node_get_string (text), NULL) : NULL;
  JsonArray *array = root != NULL ? json_node_get_array (root) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *row = json_array_get_object_element (array, i);

      g_hash_table_insert (rows, g_strdup (json_object_get_string_member (row, "_id")), json_object_ref (row));
    }
  return rows;
}

static gboolean
keeps_columns (JsonObject *base, JsonObject *theirs, JsonObject *result)
{
  static const char *const columns[] = { "name", "age" };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      JsonNode *stood = json_object_get_member (theirs, columns[i]);

      if (!same (stood, base != NULL ? json_object_get_member (base, columns[i]) : NULL) && !same (stood, json_object_get_member (result, columns[i])))
        return FALSE;
    }
  return TRUE;
}

/* What others did to the rows must still be there. */
static gboolean
keeps_rows (JsonNode *base, JsonNode *theirs, JsonNode *result)
{
  g_autoptr (GHashTable) was = read_rows (base), stood = read_rows (theirs), is = read_rows (result);
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, stood);
  while (g_hash_table_iter_next (&iter, &id, &row))
    {
      JsonObject *before = g_hash_table_lookup (was, id), *after = g_hash_table_lookup (is, id);
      const gboolean touched = before == NULL || !keeps_columns (before, row, before);

      if (touched && (after == NULL || !keeps_columns (before, row, after)))
        return FALSE;
    }
  g_hash_table_iter_init (&iter, was);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (stood, id) && g_hash_table_contains (is, id))
      return FALSE;
  return TRUE;
}

/* --- an entry against its op */

static const char *
text_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static void
check_name (Replay *self, const SimOp *op, int index, int base, const char *name, JsonNode *mine)
{
  const gboolean saw_it = same (value_after (self, index - 1, name), json_object_get_member (op->seen, name));
  const XhField *field = xh_kind_find_field (self->kind, name);
  JsonNode *was = value_after (self, base, name), *stood = value_after (self, index - 1, name), *is = value_after (self, index, name);
  const XhEntry *entry = self->entries->pdata[index];
  guint foreign, all;

  if (!is_typed (self, name) || strcmp (name, "deleted") == 0)
    return;
  count_between (self, op, base, index, name, &foreign, &all);
  if (field != NULL && field->type == XH_FIELD_TABLE)
    {
      if (foreign > 0 && foreign == all && !keeps_rows (was, stood, is))
        sim_violation (self->sim, "entry %" G_GINT64_FORMAT " of %s %s: rows of others in %s are lost", entry->number, entry->kind, entry->record, name);
      return;
    }
  if (field != NULL && field->type == XH_FIELD_FILES)
    {
      if (foreign > 0 && foreign == all && !sim_keeps_files (text_of (was), text_of (stood), text_of (mine), text_of (is)))
        sim_violation (self->sim, "entry %" G_GINT64_FORMAT " of %s %s: files in %s are lost", entry->number, entry->kind, entry->record, name);
      return;
    }
  if (foreign > 0 && foreign == all && !saw_it && !same (stood, was) && !same (stood, is))
    sim_violation (self->sim, "entry %" G_GINT64_FORMAT " of %s %s: %s overwrites what its author did not see", entry->number, entry->kind, entry->record, name);
  if (!same (is, mine) && !(foreign > 0 && same (mine, was)))
    sim_violation (self->sim, "entry %" G_GINT64_FORMAT " of %s %s: %s is not what its author set", entry->number, entry->kind, entry->record, name);
}

/* The server itself computes again and changes nothing else. */
static void
check_system (Replay *self, int index)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, self->changes->pdata[index]);
  while (json_object_iter_next (&iter, &name, &node))
    if (is_typed (self, name))
      sim_violation (self->sim, "the server changes %s of %s by itself", name, self->kind->name);
}

static void
check_entry (Replay *self, int index)
{
  const XhEntry *entry = self->entries->pdata[index];
  const SimOp *op = g_hash_table_lookup (self->sim->ops, entry->op);
  JsonNode *deleted = value_after (self, index - 1, "deleted");
  const int base = op != NULL ? find_base (self, op->base) : 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  guint foreign, all;

  if (strcmp (entry->account, XH_SYSTEM_LOGIN) == 0)
    {
      check_system (self, index);
      return;
    }
  if (op == NULL)
    {
      sim_violation (self->sim, "entry %" G_GINT64_FORMAT " is of an op that nobody made", entry->number);
      return;
    }
  json_object_iter_init (&iter, self->changes->pdata[index]);
  while (json_object_iter_next (&iter, &name, &node))
    if (is_typed (self, name) && !json_object_has_member (op->set, name) && !(op->creates && strcmp (name, "state") == 0))
      sim_violation (self->sim, "entry %" G_GINT64_FORMAT " changes %s, which its op does not", entry->number, name);
  json_object_iter_init (&iter, op->set);
  while (op->seen != NULL && json_object_iter_next (&iter, &name, &node))
    check_name (self, op, index, base, name, node);
  count_between (self, op, base, index, NULL, &foreign, &all);
  if (op->seen != NULL && json_object_has_member (op->set, "deleted"))
    {
      const gboolean was_deleted = deleted != NULL && json_node_get_int (deleted) != 0;

      if (json_object_get_int_member (op->set, "deleted") && !was_deleted && foreign > 0 && foreign == all)
        sim_violation (self->sim, "entry %" G_GINT64_FORMAT " deletes what its author did not see", entry->number);
    }
  else if (deleted != NULL && json_node_get_int (deleted) != 0)
    sim_violation (self->sim, "entry %" G_GINT64_FORMAT " changes a deleted record", entry->number);
}

static void
check_row (Replay *self, const char *id)
{
  g_autoptr (XhRecord) row = xh_store_load (self->sim->admin->store, id, NULL);
  const int last = (int) self->entries->len - 1;
  JsonNode *deleted = value_after (self, last, "deleted"), *state = value_after (self, last, "state");

  if (row == NULL)
    {
      sim_violation (self->sim, "record %s of the ledger is not there", id);
      return;
    }
  if (row->version != ((XhEntry *) self->entries->pdata[last])->number || g_strcmp0 (row->state, json_node_get_string (state)) != 0
      || row->deleted != (deleted != NULL && json_node_get_int (deleted) != 0))
    sim_violation (self->sim, "%s %s is not what the ledger says", self->kind->name, id);
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = self->kind->fields->pdata[i];
      g_autoptr (JsonNode) stands = xh_value_to_json (&row->values[i]);

      if (!same (stands, value_after (self, last, field->name)))
        sim_violation (self->sim, "%s %s: %s is not what the ledger says", self->kind->name, id, field->name);
    }
}

static void
check_record (Sim *sim, const char *id, const char *kind)
{
  g_autoptr (GPtrArray) entries = xh_ledger_history (sim->admin, id, 0, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  Replay self = { sim, xh_catalog_find_kind (sim->admin->catalog, kind), entries, changes, before };

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      g_ptr_array_add (changes, parse (((XhEntry *) entries->pdata[i])->changes));
      g_ptr_array_add (before, parse (((XhEntry *) entries->pdata[i])->before));
    }
  if (entries == NULL || entries->len == 0)
    {
      sim_violation (sim, "%s %s is not in the ledger", kind, id);
      return;
    }
  for (guint i = 0; i < entries->len; i++)
    check_entry (&self, (int) i);
  check_row (&self, id);
}

void
sim_check_ledger (Sim *self)
{
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (self->admin->db, "SELECT id, kind FROM record UNION SELECT record, kind FROM ledger ORDER BY 1", -1, &statement, NULL);
  while (sqlite3_step (statement) == SQLITE_ROW)
    check_record (self, (const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1));
  sqlite3_finalize (statement);
}
