/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-merge.h"

#include <string.h>

#include "xh-merge-private.h"
#include "xh-wire-private.h"

typedef struct
{
  const XhRecord *theirs;
  JsonObject *set;
  GHashTable *touched;
  JsonObject *before;
  XhRecord *merged;
  GPtrArray *conflicts;
} Merge;

static void
add_conflict (Merge *merge, const char *name, const XhValue *before, const XhValue *mine, const XhValue *theirs)
{
  XhMergeConflict *conflict = g_new0 (XhMergeConflict, 1);

  conflict->field = g_strdup (name);
  xh_value_copy (before, &conflict->before);
  xh_value_copy (mine, &conflict->mine);
  xh_value_copy (theirs, &conflict->theirs);
  g_ptr_array_add (merge->conflicts, conflict);
}

static gboolean
is_touched (Merge *merge, const char *name)
{
  return merge->touched != NULL && g_hash_table_contains (merge->touched, name);
}

static gboolean
read_before (Merge *merge, const char *name, XhValue *before, GError **error)
{
  if (merge->before == NULL || !json_object_has_member (merge->before, name))
    {
      xh_value_set_null (before);
      return TRUE;
    }
  return xh_wire_read_value (merge->theirs->kind, name, json_object_get_member (merge->before, name), before, error);
}

static gboolean
merge_field (Merge *merge, const XhField *field, JsonNode *node, GError **error)
{
  g_auto (XhValue) mine = XH_VALUE_INIT;
  g_auto (XhValue) before = XH_VALUE_INIT;
  const XhValue *theirs = &merge->theirs->values[field->index];
  XhValue *result = &merge->merged->values[field->index];
  g_autofree char *rows = NULL;

  if (!xh_wire_read_value (merge->theirs->kind, field->name, node, &mine, error))
    return FALSE;
  if (!is_touched (merge, field->name))
    {
      xh_value_copy (&mine, result);
      return TRUE;
    }
  /* What the engine computes is computed again from the merged record: nobody chose it, so nobody can disagree. */
  if (field->computed != NULL || field->scored)
    return TRUE;
  if (!read_before (merge, field->name, &before, error))
    return FALSE;
  if (xh_value_equal (&mine, theirs))
    return TRUE;
  if (merge->before == NULL)
    {
      add_conflict (merge, field->name, &before, &mine, theirs);
      return TRUE;
    }
  if (xh_value_equal (&mine, &before))
    return TRUE;
  if (xh_value_equal (theirs, &before))
    {
      xh_value_copy (&mine, result);
      return TRUE;
    }
  if (field->type == XH_FIELD_FILES)
    {
      xh_merge_files (&before, &mine, theirs, result);
      return TRUE;
    }
  if (field->type == XH_FIELD_TABLE)
    rows = xh_merge_rows (xh_value_as_text (&before), xh_value_as_text (&mine), xh_value_as_text (theirs));
  if (rows != NULL)
    xh_value_take_text (result, g_steal_pointer (&rows));
  else
    add_conflict (merge, field->name, &before, &mine, theirs);
  return TRUE;
}

/* A state that somebody moved is a conflict even where it was moved back: that was a decision, too. */
static gboolean
merge_state (Merge *merge, JsonNode *node, GError **error)
{
  g_auto (XhValue) mine = XH_VALUE_INIT;
  g_auto (XhValue) before = XH_VALUE_INIT;
  g_auto (XhValue) theirs = XH_VALUE_INIT;

  if (!xh_wire_read_value (merge->theirs->kind, XH_WIRE_STATE, node, &mine, error)
      || !read_before (merge, XH_WIRE_STATE, &before, error))
    return FALSE;
  xh_value_set_text (&theirs, merge->theirs->state);
  if (xh_value_equal (&mine, &theirs))
    return TRUE;
  if (is_touched (merge, XH_WIRE_STATE))
    {
      add_conflict (merge, XH_WIRE_STATE, &before, &mine, &theirs);
      return TRUE;
    }
  g_free (merge->merged->state);
  merge->merged->state = g_strdup (mine.text);
  return TRUE;
}

/* Deleting what somebody has edited meanwhile, and editing what somebody has deleted, is for a person to decide. */
static gboolean
merge_deleted (Merge *merge, JsonNode *node, GError **error)
{
  g_auto (XhValue) mine = XH_VALUE_INIT;
  g_auto (XhValue) before = XH_VALUE_INIT;
  g_auto (XhValue) theirs = XH_VALUE_INIT;
  gboolean foreign = merge->touched != NULL && g_hash_table_size (merge->touched) > 0;

  if (node != NULL && !xh_wire_read_value (merge->theirs->kind, XH_WIRE_DELETED, node, &mine, error))
    return FALSE;
  xh_value_set_integer (&theirs, merge->theirs->deleted ? 1 : 0);
  if (node == NULL)
    xh_value_set_integer (&mine, is_touched (merge, XH_WIRE_DELETED) ? 0 : theirs.integer);
  if (xh_value_equal (&mine, &theirs))
    return TRUE;
  if (is_touched (merge, XH_WIRE_DELETED) || (foreign && mine.integer == 1))
    {
      xh_value_set_integer (&before, 0);
      add_conflict (merge, XH_WIRE_DELETED, &before, &mine, &theirs);
      return TRUE;
    }
  merge->merged->deleted = mine.integer != 0;
  return TRUE;
}

static gboolean
merge_names (Merge *merge, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!merge_deleted (merge, json_object_get_member (merge->set, XH_WIRE_DELETED), error))
    return FALSE;
  json_object_iter_init_ordered (&iter, merge->set);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const XhField *field = xh_kind_find_field (merge->theirs->kind, name);

      if (strcmp (name, XH_WIRE_DELETED) == 0)
        continue;
      if (strcmp (name, XH_WIRE_STATE) == 0)
        {
          if (!merge_state (merge, node, error))
            return FALSE;
        }
      else if (field != NULL)
        {
          if (!merge_field (merge, field, node, error))
            return FALSE;
        }
      else
        return xh_sync_fail_field (merge->theirs->kind, name, error);
    }
  return TRUE;
}

/**
 * xh_merge:
 * @theirs: the record as it stands now
 * @set: what the edit sets: fields, `state`, `deleted`
 * @touched: (nullable) (element-type utf8 utf8): a set of the names that others have changed since the edit's base.
 *   Changes that the same device made before are not among them: the edit was made knowing them
 * @before: (nullable): what the touched names were at the base; a name that is missing was empty. %NULL where that is not known: then
 *   whatever is not what stands is a conflict
 * @merged: a copy of @theirs; receives what could be applied, and is complete only where there is no conflict
 * @error: XH_SYNC_ERROR_PROTOCOL: @set names no field of the kind, or holds a value of another type
 *
 * Merges an edit into a record that has moved on. A name touched by nobody else is applied. A name touched by others
 * merges where both chose the same value or one of them chose the base's; tables merge row by row and column by column
 * where their rows have identities. Computed and scored fields never conflict: evaluate them again on @merged.
 * Whether the merged record passes its checks is for the caller to see.
 *
 * Returns: (transfer full) (element-type XhMergeConflict): what a person has to decide, empty when all merged; %NULL on error
 */
GPtrArray *
xh_merge (const XhRecord *theirs,
          JsonObject     *set,
          GHashTable     *touched,
          JsonObject     *before,
          XhRecord       *merged,
          GError        **error)
{
  g_autoptr (GPtrArray) conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_merge_conflict_free);
  Merge merge = { theirs, set, touched, before, merged, conflicts };

  g_return_val_if_fail (theirs != NULL && set != NULL && merged != NULL, NULL);
  g_return_val_if_fail (merged->kind == theirs->kind, NULL);

  if (!merge_names (&merge, error))
    return NULL;
  return g_steal_pointer (&conflicts);
}

/**
 * xh_merge_conflicts_to_json:
 * @conflicts: (element-type XhMergeConflict): what xh_merge() returned
 *
 * Returns: (transfer full): the `fields` of a conflict's answer
 */
JsonArray *
xh_merge_conflicts_to_json (GPtrArray *conflicts)
{
  JsonArray *fields = json_array_sized_new (conflicts->len);

  for (guint i = 0; i < conflicts->len; i++)
    {
      const XhMergeConflict *conflict = g_ptr_array_index (conflicts, i);
      JsonObject *field = json_object_new ();

      json_object_set_string_member (field, "name", conflict->field);
      json_object_set_member (field, "before", xh_value_to_json (&conflict->before));
      json_object_set_member (field, "mine", xh_value_to_json (&conflict->mine));
      json_object_set_member (field, "theirs", xh_value_to_json (&conflict->theirs));
      json_array_add_object_element (fields, field);
    }
  return fields;
}

void
xh_merge_conflict_free (XhMergeConflict *conflict)
{
  if (conflict == NULL)
    return;
  g_free (conflict->field);
  xh_value_clear (&conflict->before);
  xh_value_clear (&conflict->mine);
  xh_value_clear (&conflict->theirs);
  g_free (conflict);
}
