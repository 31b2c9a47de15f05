/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person decides in the tray. */
#include "sim-steps.h"

static char *
choose_mine (const XhTrayItem *item)
{
  g_autoptr (JsonNode) set = json_from_string (item->op.set, NULL);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (set));

  for (GList *l = names; l != NULL; l = l->next)
    if (sim_chance_of (40))
      json_object_remove_member (json_node_get_object (set), l->data);
  return json_to_string (set, FALSE);
}

static void
resolve (SimClient *self, const XhTrayItem *item, gboolean give_up)
{
  g_autofree char *choices = give_up || sim_chance_of (40) ? g_strdup ("{}") : choose_mine (item);
  g_autoptr (XhRecord) seen = xh_store_load (self->store, item->op.record, NULL);
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
  done = xh_store_tray_resolve (self->store, item->number, seen != NULL ? seen->version : -1, choices, self->login, &error);
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
