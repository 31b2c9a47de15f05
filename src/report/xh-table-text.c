/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A table in one cell: "姓名 张三，关系 妻", a line a row. */
#include "xh-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"

#define MAX_ROWS 1000

static char *
cell_text (const XhField *column, JsonObject *row)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (!json_object_has_member (row, column->name) || !xh_value_from_json (json_object_get_member (row, column->name), &value)
      || xh_value_is_null (&value))
    return NULL;
  return xh_field_format (column, &value, column->sensitive);
}

static char *
row_text (const XhField *field, JsonObject *row)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < field->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (field->table_fields, i);
      g_autofree char *cell = cell_text (column, row);

      if (cell != NULL)
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "，" : "", xh_label_get (&column->label), cell);
    }
  return g_string_free (text, FALSE);
}

/* (nullable) (transfer full) the rows of a stored table */
static JsonArray *
rows_of (const char *json)
{
  g_autoptr (JsonNode) node = json != NULL ? xh_json_parse (json, -1, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_array_ref (json_node_get_array (node)) : NULL;
}

static JsonObject *
row_at (JsonArray *rows, guint index)
{
  JsonNode *node = rows != NULL && index < json_array_get_length (rows) ? json_array_get_element (rows, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

char *
xh_table_text (const XhField *field, const char *json)
{
  g_autoptr (JsonArray) rows = rows_of (json);
  GString *text = g_string_new (NULL);

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = row_at (rows, i);
      g_autofree char *line = row != NULL ? row_text (field, row) : NULL;

      if (line != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
  return g_string_free (text, FALSE);
}

/* --- back */

/* The column whose name the part begins with; @value: what stands behind it. */
static const XhField *
find_column (const XhField *field, const char *part, const char **value)
{
  const XhField *found = NULL;
  gsize best = 0;

  for (guint i = 0; i < field->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (field->table_fields, i);
      const char *const names[] = { column->label.zh, column->label.en };

      for (guint k = 0; k < G_N_ELEMENTS (names); k++)
        {
          const gsize n = names[k] != NULL ? strlen (names[k]) : 0;
          const char *rest = part + n;

          if (n <= best || !g_str_has_prefix (part, names[k]))
            continue;
          if (*rest != ' ' && *rest != ':' && !g_str_has_prefix (rest, "：") && !g_str_has_prefix (rest, "　"))
            continue;
          best = n;
          found = column;
          *value = *rest == ' ' || *rest == ':' ? rest + 1 : rest + strlen ("：");
        }
    }
  return found;
}

/* The texts of a row by column name. A part that begins with no name goes on with the one before: a comma of its own. */
static GHashTable *
read_line (const XhField *field, const char *line, GError **error)
{
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_auto (GStrv) parts = g_strsplit (line, "，", -1);
  const XhField *last = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *value = NULL;
      const XhField *column = find_column (field, g_strchug (parts[i]), &value);

      if (column != NULL)
        {
          g_hash_table_insert (texts, column->name, g_strstrip (g_strdup (value)));
          last = column;
        }
      else if (last != NULL)
        g_hash_table_insert (texts, last->name, g_strconcat (g_hash_table_lookup (texts, last->name), "，", parts[i], NULL));
      else
        {
          g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE,
                       _("“%s” begins with no column of “%s”. Write a row a line: name of the column, space, value, and ， before the next."), line,
                       xh_label_get (&field->label));
          return NULL;
        }
    }
  return g_steal_pointer (&texts);
}

/* What stands as it was keeps its value, of which the text may show less (digits, a masked number). */
static gboolean
read_cell (const XhField *column, const char *text, JsonObject *was, JsonObject *row, GError **error)
{
  g_autofree char *before = was != NULL ? cell_text (column, was) : NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) failure = NULL;

  if (g_strcmp0 (before, text) == 0)
    {
      json_object_set_member (row, column->name, json_node_copy (json_object_get_member (was, column->name)));
      return TRUE;
    }
  if (column->sensitive && strstr (text, "**") != NULL)
    g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("%s: %s"), xh_label_get (&column->label),
                 _("The number is masked by stars. Write the whole number."));
  else if (!xh_field_parse (column, text, &value, &failure))
    g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("%s: %s"), xh_label_get (&column->label), failure->message);
  else
    {
      if (!xh_value_is_null (&value))
        json_object_set_member (row, column->name, xh_value_to_json (&value));
      return TRUE;
    }
  return FALSE;
}

/* The stored row that this line is: the same text, else the one in its place that no line is. */
static int
find_row (const XhField *field, JsonArray *rows, const gboolean *taken, const char *line, guint index, char **lines)
{
  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = row_at (rows, i);
      g_autofree char *text = row != NULL && !taken[i] ? row_text (field, row) : NULL;

      if (g_strcmp0 (text, line) == 0)
        return (int) i;
    }
  if (row_at (rows, index) != NULL && !taken[index])
    {
      g_autofree char *text = row_text (field, row_at (rows, index));

      if (!g_strv_contains ((const char *const *) lines, text))
        return (int) index;
    }
  return -1;
}

static JsonObject *
read_row (const XhField *field, const char *line, JsonObject *was, GError **error)
{
  g_autoptr (GHashTable) texts = read_line (field, line, error);
  g_autoptr (JsonObject) row = json_object_new ();

  if (texts == NULL)
    return NULL;
  if (was != NULL && json_object_has_member (was, "_id"))
    json_object_set_member (row, "_id", json_node_copy (json_object_get_member (was, "_id")));
  for (guint i = 0; i < field->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (field->table_fields, i);
      const char *text = g_hash_table_lookup (texts, column->name);

      if (text != NULL && *text != '\0' && !read_cell (column, text, was, row, error))
        return NULL;
    }
  return g_steal_pointer (&row);
}

/* Lines; a line that begins with no column goes on with the one before: a value of several lines. */
static char **
split_lines (const XhField *field, const char *text)
{
  g_auto (GStrv) raw = g_strsplit_set (text, "\r\n", -1);
  GPtrArray *lines = g_ptr_array_new ();

  for (guint i = 0; raw[i] != NULL; i++)
    {
      const char *value, *line = g_strstrip (raw[i]);

      if (*line == '\0')
        continue;
      if (lines->len > 0 && find_column (field, line, &value) == NULL)
        {
          char *joined = g_strconcat (lines->pdata[lines->len - 1], "\n", line, NULL);

          g_free (lines->pdata[lines->len - 1]);
          lines->pdata[lines->len - 1] = joined;
        }
      else
        g_ptr_array_add (lines, g_strdup (line));
    }
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (lines, FALSE);
}

char *
xh_table_from_text (const XhField *field, const char *text, const char *present, GError **error)
{
  g_autoptr (JsonArray) rows = rows_of (present);
  g_auto (GStrv) lines = split_lines (field, text);
  g_autofree gboolean *taken = g_new0 (gboolean, (rows != NULL ? json_array_get_length (rows) : 0) + 1);
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), NULL);
  g_autoptr (JsonArray) array = json_array_new ();

  if (g_strv_length (lines) > MAX_ROWS)
    {
      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("A table in a cell has at most %d rows."), MAX_ROWS);
      return NULL;
    }
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const int at = find_row (field, rows, taken, lines[i], i, lines);
      JsonObject *row = read_row (field, lines[i], at >= 0 ? row_at (rows, (guint) at) : NULL, error);

      if (row == NULL)
        {
          g_prefix_error (error, _("Row %u of the table: "), i + 1);
          return NULL;
        }
      if (at >= 0)
        taken[at] = TRUE;
      json_array_add_object_element (array, row);
    }
  json_node_set_array (node, array);
  return xh_json_canonical (node);
}
