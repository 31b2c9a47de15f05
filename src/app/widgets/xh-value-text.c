/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-value-text.h"

#include <glib/gi18n-lib.h>

#include "model/xh-form.h"
#include "model/xh-json.h"

const char *
xh_value_text_name (const XhKind *kind, const char *name)
{
  const XhField *field = xh_kind_find_field (kind, name);

  if (field != NULL)
    return xh_label_get (&field->label);
  if (g_str_equal (name, "state"))
    return _("State");
  if (g_str_equal (name, "deleted"))
    return _("Deleted");
  return NULL;
}

static char *
link_text (const XhField *field, const char *id, XhStore *store)
{
  const XhKind *kind = xh_catalog_find_kind (field->kind->catalog, field->link_kind);
  g_autofree char *title = store != NULL ? xh_store_title (store, id, NULL) : NULL;

  if (title != NULL && *title != '\0')
    return g_steal_pointer (&title);
  /* Translators: %s is a register. */
  return g_strdup_printf (_("a record of %s that is not here"), kind != NULL ? xh_label_get (&kind->label) : field->link_kind);
}

char *
xh_value_text_row (const XhField *table, JsonObject *row, XhStore *store, gboolean masked)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < table->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (table->table_fields, i);
      JsonNode *node = json_object_get_member (row, column->name);
      g_auto (XhValue) value = XH_VALUE_INIT;
      g_autofree char *text = NULL;

      if (node == NULL || !xh_value_from_json (node, &value) || xh_value_is_null (&value))
        continue;
      text = column->type == XH_FIELD_LINK ? link_text (column, xh_value_as_text (&value), store) : xh_field_format (column, &value, masked && column->sensitive);
      g_string_append_printf (line, "%s%s", line->len > 0 ? " · " : "", text);
    }
  return g_string_free (line, FALSE);
}

static char *
list_text (const XhField *field, const char *json, XhStore *store, gboolean masked)
{
  g_autoptr (JsonNode) node = xh_json_parse (json, -1, NULL);
  JsonArray *rows = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  GString *text = g_string_new (NULL);

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonNode *element = json_array_get_element (rows, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      g_autofree char *line = NULL;

      if (row == NULL)
        continue;
      line = field->type == XH_FIELD_TABLE ? xh_value_text_row (field, row, store, masked) : g_strdup (json_object_get_string_member_with_default (row, "name", "?"));
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
  return g_string_free (text, FALSE);
}

static char *
field_text (const XhField *field, const XhValue *value, XhStore *store, gboolean masked)
{
  const char *text = xh_value_as_text (value);

  if (field->type == XH_FIELD_LINK && text != NULL)
    return link_text (field, text, store);
  if ((field->type == XH_FIELD_TABLE || field->type == XH_FIELD_FILES) && text != NULL)
    return list_text (field, text, store, masked);
  return xh_field_format (field, value, masked && field->sensitive);
}

static char *
tell (const XhKind *kind, const char *name, JsonNode *node, XhStore *store, gboolean masked)
{
  const XhField *field = xh_kind_find_field (kind, name);
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autofree char *text = NULL;

  if (node == NULL || !xh_value_from_json (node, &value) || xh_value_is_null (&value))
    return g_strdup (_("(empty)"));
  if (field != NULL)
    text = field_text (field, &value, store, masked);
  else if (g_str_equal (name, "deleted"))
    text = g_strdup (xh_value_as_integer (&value) != 0 ? _("Deleted") : _("Kept"));
  else
    {
      const XhState *state = g_str_equal (name, "state") ? xh_kind_find_state (kind, xh_value_as_text (&value)) : NULL;

      text = g_strdup (state != NULL ? xh_label_get (&state->label) : xh_value_as_text (&value));
    }
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : g_strdup (_("(empty)"));
}

char *
xh_value_text (const XhKind *kind, const char *name, JsonNode *node, XhStore *store)
{
  return tell (kind, name, node, store, TRUE);
}

char *
xh_value_text_full (const XhKind *kind, const char *name, JsonNode *node, XhStore *store)
{
  return tell (kind, name, node, store, FALSE);
}
