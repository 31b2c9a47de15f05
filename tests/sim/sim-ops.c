/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people were told is safe. */
#include "sim-steps.h"

#include <string.h>

static gboolean
is_gone (const XhOp *op, gboolean all)
{
  return all || !op->sent;
}

static void
take_op (SimClient *self, const XhOp *queued, JsonObject *seen, gint64 base)
{
  g_autoptr (JsonNode) set = NULL;
  SimOp *op;

  if (g_hash_table_contains (self->sim->ops, queued->op_id))
    return;
  set = json_from_string (queued->set, NULL);
  op = g_new0 (SimOp, 1);
  op->id = g_strdup (queued->op_id);
  op->kind = g_strdup (queued->kind);
  op->record = g_strdup (queued->record);
  op->client = self->index;
  op->set = json_object_ref (json_node_get_object (set));
  op->seen = seen != NULL ? json_object_ref (seen) : NULL;
  op->base = self->stale || self->old_form ? MIN (base, self->sim->copied) : base;
  op->creates = queued->base == 0;
  g_hash_table_insert (self->sim->ops, op->id, op);
  sim_log (self->sim, "  op %s on %s base %" G_GINT64_FORMAT " %s", op->id, op->record, queued->base, queued->set);
}

static GPtrArray *
read_outbox (SimClient *self, const char *record)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  sqlite3_stmt *statement;

  if (record != NULL)
    return xh_store_ops_of_record (self->store, record, NULL);
  if (sqlite3_prepare_v2 (xh_store_get_db (self->store), "SELECT DISTINCT record FROM outbox", -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autoptr (GPtrArray) ops = xh_store_ops_of_record (self->store, (const char *) sqlite3_column_text (statement, 0), NULL);

      while (ops != NULL && ops->len > 0)
        g_ptr_array_add (all, g_ptr_array_steal_index (ops, 0));
    }
  sqlite3_finalize (statement);
  return g_steal_pointer (&all);
}

void
sim_take_ops (SimClient *self, JsonObject *seen, gint64 base)
{
  /* Twice: what fails once may fail in this very reading. */
  for (guint tries = 0; tries < 2; tries++)
    {
      g_autoptr (GPtrArray) ops = read_outbox (self, NULL);

      for (guint i = 0; ops != NULL && i < ops->len; i++)
        take_op (self, g_ptr_array_index (ops, i), seen, base);
    }
  g_clear_pointer (&seen, json_object_unref);
}

/* A person made the ops of a record void: those of this client need not be anywhere any more. */
void
sim_settle_ops (SimClient *self, const char *record, gboolean all)
{
  g_autoptr (GPtrArray) ops = read_outbox (self, record);

  for (guint i = 0; ops != NULL && i < ops->len; i++)
    {
      const XhOp *queued = g_ptr_array_index (ops, i);
      SimOp *op = g_hash_table_lookup (self->sim->ops, queued->op_id);

      if (op != NULL && is_gone (queued, all))
        op->settled = TRUE;
    }
}

/* What the person saw in the names that were changed. */
JsonObject *
sim_note_seen (const XhRecord *record, GPtrArray *changed)
{
  JsonObject *seen = json_object_new ();

  for (guint i = 0; i < changed->len; i++)
    {
      const char *name = changed->pdata[i];
      const XhValue *value = xh_record_get (record, name);

      if (value != NULL)
        json_object_set_member (seen, name, xh_value_to_json (value));
      else if (strcmp (name, "state") == 0)
        json_object_set_string_member (seen, name, record->state);
      else
        json_object_set_int_member (seen, name, record->deleted);
    }
  return seen;
}
