/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-merge.h"

#include <string.h>

#include "xh-merge-private.h"
#include "model/xh-json.h"

static JsonNode *
parse_list (const XhValue *value)
{
  const char *text = xh_value_as_text (value);
  g_autoptr (JsonNode) node = xh_json_parse (text != NULL ? text : "[]", -1, NULL);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? g_steal_pointer (&node) : NULL;
}

static void
add_new (JsonArray *both, GHashTable *seen, JsonNode *list)
{
  JsonArray *array = json_node_get_array (list);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      char *name = xh_json_canonical (element);

      if (g_hash_table_add (seen, name))
        json_array_add_element (both, json_node_copy (element));
    }
}

static gboolean
both_lists (const XhValue *mine, const XhValue *theirs, XhValue *both)
{
  g_autoptr (JsonNode) left = parse_list (mine), right = parse_list (theirs), root = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (JsonArray) array = json_array_new ();

  if (left == NULL || right == NULL)
    return FALSE;
  add_new (array, seen, right);
  add_new (array, seen, left);
  root = json_node_init_array (json_node_alloc (), array);
  xh_value_take_text (both, xh_json_canonical (root));
  return TRUE;
}

/* Theirs, and mine below it; whichever holds the other is both already. */
static gboolean
both_texts (const XhField *field, const XhValue *mine, const XhValue *theirs, XhValue *both)
{
  const char *left = xh_value_as_text (mine), *right = xh_value_as_text (theirs);

  if (left == NULL || right == NULL)
    return FALSE;
  if (strstr (right, left) != NULL)
    xh_value_set_text (both, right);
  else if (strstr (left, right) != NULL)
    xh_value_set_text (both, left);
  else
    xh_value_take_text (both, g_strconcat (right, "\n", left, NULL));
  return field->max_length == 0 || g_utf8_strlen (both->text, -1) <= field->max_length;
}

/**
 * xh_merge_both:
 * @field: a field that two changed
 * @both: (out): receives the value that keeps both; no value where there is none
 *
 * Returns: whether the field can hold both, and they differ from either alone
 */
gboolean
xh_merge_both (const XhField *field, const XhValue *before, const XhValue *mine, const XhValue *theirs, XhValue *both)
{
  gboolean can = FALSE;
  char *rows;

  switch (field->type)
    {
    case XH_FIELD_TABLE:
      rows = xh_merge_rows_both (xh_value_as_text (before), xh_value_as_text (mine), xh_value_as_text (theirs));
      can = rows != NULL;
      if (can)
        xh_value_take_text (both, rows);
      break;
    case XH_FIELD_CHOICES:
      can = both_lists (mine, theirs, both);
      break;
    case XH_FIELD_LONG_TEXT:
      can = both_texts (field, mine, theirs, both);
      break;
    default:
      break;
    }
  if (can && !xh_value_equal (both, mine) && !xh_value_equal (both, theirs))
    return TRUE;
  xh_value_set_null (both);
  return FALSE;
}
