/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person decides in the tray. */
#include "sim-steps.h"

#include "sync/xh-merge.h"

/* Mine and what stands, where a field can hold both: the values as the tray's page makes them. */
static void
choose_both (const XhTrayItem *item, const XhRecord *seen, const char *name, JsonObject *set)
{
  const XhField *field = xh_kind_find_field (seen->kind, name);
  g_autoptr (JsonNode) before = json_from_string (item->op.before, NULL);
  JsonNode *was = json_object_get_member (json_node_get_object (before), name);
  g_auto (XhValue) base = XH_VALUE_INIT, mine = XH_VALUE_INIT, both = XH_VALUE_INIT;

  if (field == NULL)
    return;
  if (was != NULL)
    xh_value_from_json (was, &base);
  xh_value_from_json (json_object_get_member (set, name), &mine);
  if (xh_merge_both (field, &base, &mine, xh_record_get (seen, name), &both))
    json_object_set_member (set, name, xh_value_to_json (&both));
}

static char *
choose_mine (const XhTrayItem *item, const XhRecord *seen)
{
  g_autoptr (JsonNode) set = json_from_string (item->op.set, NULL);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (set));

  for (GList *l = names; l != NULL; l = l->next)
    if (sim_chance_of (40))
      json_object_remove_member (json_node_get_object (set), l->data);
    else if (seen != NULL && sim_chance_of (50))
      choose_both (item, seen, l->data, json_node_get_object (set));
  return json_to_string (set, FALSE);
}

static void
resolve (SimClient *self, const XhTrayItem *item, gboolean give_up)
{
  g_autoptr (XhRecord) seen = xh_store_load (self->store, item->op.record, NULL);
  g_autofree char *choices = give_up || sim_chance_of (40) ? g_strdup ("{}") : choose_mine (item, seen);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (JsonNode) decided = json_from_string (choices, NULL);
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (decided));
  g_autoptr (GError) error = NULL;
  SimOp *op = g_hash_table_lookup (self->sim->ops, item->op.op_id);
  gboolean done;

  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, l->data);
  if (op == NULL)
    sim_violation (self->sim, "an op that nobody made is in the tray of %s: %s", self->login, item->op.op_id);
  else
    op->settled = TRUE;
  if (seen == NULL || seen->version == 0)
    sim_settle_ops (self, item->op.record, TRUE);
  done = xh_store_tray_resolve (self->store, item->number, seen != NULL ? xh_record_stamp (seen) : -1, choices, self->login, &error);
  sim_log (self->sim, "%s decides %s on %s %s: %s", self->login, item->type, item->op.record, choices, done ? "well" : error->message);
  if (!done && op != NULL)
    op->settled = FALSE;
  sim_bury (self->sim);
  if (self->store != NULL)
    sim_take_ops (self, seen != NULL ? sim_note_seen (seen, names) : NULL, seen != NULL ? seen->version : 0);
}

void
sim_resolve (SimClient *self, gboolean give_up)
{
  g_autoptr (GPtrArray) tray = xh_store_tray (self->store, NULL);

  for (guint i = 0; tray != NULL && i < tray->len && self->store != NULL; i++)
    resolve (self, tray->pdata[i], give_up);
}

static XhTrayItem *
choose_item (SimClient *self)
{
  g_autoptr (GPtrArray) tray = xh_store_tray (self->store, NULL);

  return tray != NULL && tray->len > 0 ? g_ptr_array_steal_index (tray, sim_chance_below (tray->len)) : NULL;
}

void
sim_park (SimClient *self)
{
  g_autoptr (XhTrayItem) item = choose_item (self);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (item == NULL)
    return;
  done = xh_store_tray_park (self->store, item->number, item->parked_at == NULL, &error);
  sim_log (self->sim, "%s parks %s on %s: %s", self->login, item->op.op_id, item->op.record, done ? "well" : error->message);
  sim_bury (self->sim);
}

/* What the decision queued is void where it was not sent; what it gave up waits again. */
void
sim_undo (SimClient *self)
{
  g_autoptr (GPtrArray) decisions = xh_store_decisions (self->store, 5, NULL);
  g_autoptr (GError) error = NULL;
  const XhDecision *decision;
  gboolean done;

  if (decisions == NULL || decisions->len == 0)
    return;
  decision = decisions->pdata[sim_chance_below (decisions->len)];
  sim_settle_ops (self, decision->item->op.record, FALSE);
  done = xh_store_tray_undo (self->store, decision->item->number, &error);
  sim_log (self->sim, "%s takes the decision on %s back: %s", self->login, decision->item->op.op_id, done ? "well" : error->message);
  sim_bury (self->sim);
  if (self->store != NULL)
    sim_take_ops (self, NULL, 0);
}
