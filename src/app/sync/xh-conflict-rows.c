/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-conflict-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-value-text.h"
#include "model/xh-json.h"

typedef struct
{
  JsonNode *root;    /* (owned) (nullable) */
  GPtrArray *rows;   /* (owned) of JsonObject (not owned), in order */
  GHashTable *by_id; /* (owned) identity → JsonObject, both of root */
} Rows;

static void
rows_clear (Rows *self)
{
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->root, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

/* What is no table has no rows. */
static void
rows_read (Rows *self, JsonNode *value)
{
  const char *json = value != NULL && JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;
  JsonArray *array;

  self->rows = g_ptr_array_new ();
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->root = json != NULL ? xh_json_parse (json, -1, NULL) : NULL;
  array = self->root != NULL && JSON_NODE_HOLDS_ARRAY (self->root) ? json_node_get_array (self->root) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *id = row != NULL ? xh_json_member_text (row, "_id") : NULL;

      if (row == NULL)
        continue;
      g_ptr_array_add (self->rows, row);
      if (id != NULL)
        g_hash_table_insert (self->by_id, (gpointer) id, row);
    }
}

/* (nullable): the row of @self that is @row in another condition */
static JsonObject *
find_row (const Rows *self, JsonObject *row)
{
  const char *id = xh_json_member_text (row, "_id");

  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

/* As the columns compare: a missing one is empty. */
static gboolean
same_rows (const XhField *table, JsonObject *one, JsonObject *other)
{
  for (guint i = 0; i < table->table_fields->len; i++)
    {
      const char *name = ((const XhField *) g_ptr_array_index (table->table_fields, i))->name;
      JsonNode *left = json_object_get_member (one, name), *right = json_object_get_member (other, name);
      g_auto (XhValue) a = XH_VALUE_INIT, b = XH_VALUE_INIT;

      if ((left != NULL && !xh_value_from_json (left, &a)) || (right != NULL && !xh_value_from_json (right, &b)) || !xh_value_equal (&a, &b))
        return FALSE;
    }
  return TRUE;
}

static void
add_line (GString *text, const char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static void
add_row (GString *text, const char *format, const XhField *table, JsonObject *row, XhStore *store, gboolean masked)
{
  g_autofree char *cells = xh_value_text_row (table, row, store, masked), *line = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  line = g_strdup_printf (format, cells);
#pragma GCC diagnostic pop
  add_line (text, line);
}

static char *
finish (GString *text, guint n_same)
{
  g_autofree char *more = g_strdup_printf (text->len > 0 ? ngettext ("%u other row, unchanged", "%u other rows, unchanged", n_same)
                                                         : ngettext ("%u row, unchanged", "%u rows, unchanged", n_same), n_same);

  if (n_same > 0)
    add_line (text, more);
  if (text->len == 0)
    g_string_append (text, _("(empty)"));
  return g_string_free (text, FALSE);
}

char *
xh_conflict_rows_tell (const XhField *table, JsonNode *before, JsonNode *side, XhStore *store, gboolean masked)
{
  g_auto (Rows) was = { 0 }, is = { 0 };
  GString *text = g_string_new (NULL);
  guint n_same = 0;

  rows_read (&was, before);
  rows_read (&is, side);
  for (guint i = 0; i < is.rows->len; i++)
    {
      JsonObject *row = g_ptr_array_index (is.rows, i), *old = find_row (&was, row);

      if (old != NULL && same_rows (table, old, row))
        n_same++;
      else
        add_row (text, old != NULL ? _("changed: %s") : _("new: %s"), table, row, store, masked);
    }
  for (guint i = 0; i < was.rows->len; i++)
    if (find_row (&is, g_ptr_array_index (was.rows, i)) == NULL)
      add_row (text, _("removed: %s"), table, g_ptr_array_index (was.rows, i), store, masked);
  return finish (text, n_same);
}

char *
xh_conflict_rows_before (const XhField *table, JsonNode *before, JsonNode *mine, JsonNode *theirs, XhStore *store, gboolean masked)
{
  g_auto (Rows) was = { 0 }, left = { 0 }, right = { 0 };
  GString *text = g_string_new (NULL);
  guint n_same = 0;

  rows_read (&was, before);
  rows_read (&left, mine);
  rows_read (&right, theirs);
  for (guint i = 0; i < was.rows->len; i++)
    {
      JsonObject *row = g_ptr_array_index (was.rows, i), *own = find_row (&left, row), *other = find_row (&right, row);

      if (own != NULL && other != NULL && same_rows (table, row, own) && same_rows (table, row, other))
        n_same++;
      else
        add_row (text, "%s", table, row, store, masked);
    }
  return finish (text, n_same);
}

gboolean
xh_conflict_rows_is_change (const char *line)
{
  const char *const formats[] = { _("changed: %s"), _("new: %s"), _("removed: %s") };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strncmp (line, formats[i], strcspn (formats[i], "%")) == 0)
      return TRUE;
  return FALSE;
}
