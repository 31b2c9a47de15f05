/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two grades of conflict. The first: both wrote the same field, or moved the state. The second: what an edit wrote was right where it was
 * made, and is not in the record that others have changed since, because the merged record does not pass its checks or its state has moved
 * on. A person decides both; what would have been refused anyway is refused. */
#include "xh-apply-private.h"

#include <string.h>

#include "sync/xh-merge.h"

JsonArray *
xh_apply_show_conflicts (XhApply *self, GPtrArray *conflicts)
{
  for (guint i = 0; i < conflicts->len; i++)
    {
      XhMergeConflict *conflict = g_ptr_array_index (conflicts, i);
      const XhField *field = xh_kind_find_field (self->kind, conflict->field);

      if (!field || xh_access_may_read_field (self->access, field))
        continue;
      xh_value_set_null (&conflict->before);
      xh_value_set_null (&conflict->theirs);
    }
  return xh_merge_conflicts_to_json (conflicts);
}

gboolean
xh_apply_has_foreign_changes (XhApply *self)
{
  return self->touched && g_hash_table_size (self->touched->names) > 0;
}

/* The record as the edit's author saw it. NULL: the ledger's values are of an older definition. */
static XhRecord *
rebuild_base (XhApply *self)
{
  g_autoptr (XhRecord) base = xh_record_copy (self->theirs);
  g_autoptr (JsonObject) before = json_object_new ();
  g_autoptr (GPtrArray) conflicts = NULL;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->touched->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      JsonNode *value = json_object_get_member (self->touched->before, name);

      json_object_set_member (before, name, value ? json_node_copy (value) : json_node_new (JSON_NODE_NULL));
    }
  conflicts = xh_merge (self->theirs, before, NULL, NULL, base, NULL);
  return conflicts && conflicts->len == 0 ? g_steal_pointer (&base) : NULL;
}

/* Would the op have been accepted where its author made it? Then what others did meanwhile is what stands against it. */
static gboolean
was_good (XhApply *self, gboolean *good, GError **error)
{
  g_auto (XhApply) alone = { .backend = self->backend, .access = self->access, .op = self->op, .kind = self->kind };
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GError) failure = NULL;

  *good = FALSE;
  alone.set = json_object_ref (self->set);
  alone.theirs = rebuild_base (self);
  if (!alone.theirs)
    return TRUE;
  alone.expected = xh_record_copy (alone.theirs);
  conflicts = xh_merge (alone.theirs, alone.set, NULL, NULL, alone.expected, NULL);
  if (!conflicts || conflicts->len > 0)
    return TRUE;
  *good = xh_apply_judge (&alone, &failure);
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
take_value (const XhRecord *record, const char *name, XhValue *value)
{
  const XhValue *field = xh_record_get (record, name);

  if (field)
    xh_value_copy (field, value);
  else if (strcmp (name, "state") == 0)
    xh_value_set_text (value, record->state);
  else if (strcmp (name, "deleted") == 0)
    xh_value_set_integer (value, record->deleted ? 1 : 0);
}

/* What the op wanted of each of its names, for a person to see side by side with what stands. */
static GPtrArray *
compare_names (XhApply *self, XhRecord *base)
{
  GPtrArray *names = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_merge_conflict_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, self->set);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      XhMergeConflict *conflict = g_new0 (XhMergeConflict, 1);

      conflict->field = g_strdup (name);
      take_value (base, name, &conflict->before);
      take_value (self->theirs, name, &conflict->theirs);
      xh_value_from_json (node, &conflict->mine);
      g_ptr_array_add (names, conflict);
    }
  return names;
}

gboolean
xh_apply_grade_refusal (XhApply *self, GError **error)
{
  g_autoptr (XhRecord) base = NULL;
  g_autoptr (GPtrArray) names = NULL;
  gboolean good;

  if (self->status != XH_ANSWER_REJECTED || !xh_apply_has_foreign_changes (self) || xh_access_is_system (self->access))
    return TRUE;
  if (!was_good (self, &good, error) || !good)
    return error == NULL || *error == NULL;
  base = rebuild_base (self);
  names = compare_names (self, base);
  self->fields = xh_apply_show_conflicts (self, names);
  self->status = XH_ANSWER_CONFLICT;
  return TRUE;
}
