/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/records/{id}/history: what the ledger says of one record, newest first. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-form.h"
#include "model/xh-identifiers.h"
#include "model/xh-json.h"
#include "xh-ledger.h"
#include "xh-work.h"

static void
mask_value (const XhField *field, const XhValue *value, XhValue *masked)
{
  if (xh_value_is_null (value))
    xh_value_set_null (masked);
  else
    xh_value_take_text (masked, xh_field_format (field, value, TRUE));
}

static JsonNode *
mask_node (const XhField *field, JsonNode *node)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_auto (XhValue) masked = XH_VALUE_INIT;

  if (!xh_value_from_json (node, &value))
    return json_node_new (JSON_NODE_NULL);
  mask_value (field, &value, &masked);
  return xh_value_to_json (&masked);
}

static void
mask_row (const XhField *table, JsonObject *row)
{
  for (guint i = 0; i < table->table_fields->len; i++)
    {
      const XhField *column = g_ptr_array_index (table->table_fields, i);

      if (column->sensitive && json_object_has_member (row, column->name))
        json_object_set_member (row, column->name, mask_node (column, json_object_get_member (row, column->name)));
    }
}

/* A table is kept as JSON text: its sensitive columns are masked row by row. */
static JsonNode *
mask_table (const XhField *table, JsonNode *node)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                     ? json_node_get_string (node) : NULL;
  g_autoptr (JsonNode) rows = text ? xh_json_parse (text, -1, NULL) : NULL;
  g_autofree char *masked = NULL;

  if (!rows || !JSON_NODE_HOLDS_ARRAY (rows))
    return json_node_new (JSON_NODE_NULL);
  for (guint i = 0; i < json_array_get_length (json_node_get_array (rows)); i++)
    {
      JsonNode *row = json_array_get_element (json_node_get_array (rows), i);

      if (JSON_NODE_HOLDS_OBJECT (row))
        mask_row (table, json_node_get_object (row));
    }
  masked = xh_json_canonical (rows);
  return json_node_init_string (json_node_alloc (), masked);
}

static JsonObject *
values_for_role (const XhAccess *access, const XhKind *kind, const char *json)
{
  g_autoptr (JsonNode) node = xh_json_parse (json, -1, NULL);
  JsonObject *values = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!node)
    return values;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    {
      const XhField *field = xh_kind_find_field (kind, name);

      /* What the kind no longer has, nobody can say who may read. */
      if (field ? !xh_access_may_read_field (access, field) : strcmp (name, "state") != 0 && strcmp (name, "deleted") != 0)
        continue;
      if (field && field->sensitive)
        json_object_set_member (values, name, mask_node (field, value));
      else if (field && field->type == XH_FIELD_TABLE)
        json_object_set_member (values, name, mask_table (field, value));
      else
        json_object_set_member (values, name, json_node_copy (value));
    }
  return values;
}

/* (nullable) what the account is called now. */
static char *
find_name (XhBackend *backend, const char *login)
{
  g_autoptr (XhAccount) account = xh_accounts_find (backend, login, NULL);

  return account ? g_strdup (account->name) : NULL;
}

static JsonObject *
write_entry (XhCall *call, XhBackend *backend, const XhKind *kind, const XhEntry *entry)
{
  JsonObject *object = json_object_new ();
  g_autofree char *name = find_name (backend, entry->account), *bringer = xh_work_find_bringer (backend, entry->op, NULL);

  json_object_set_int_member (object, "number", entry->number);
  json_object_set_string_member (object, "time", entry->time);
  json_object_set_string_member (object, "account", entry->account);
  json_object_set_string_member (object, "name", name ? name : entry->account);
  json_object_set_string_member (object, "device", entry->device);
  json_object_set_string_member (object, "status", entry->status);
  if (bringer)
    {
      g_autofree char *called = find_name (backend, bringer);

      json_object_set_string_member (object, "brought", called ? called : bringer);
    }
  json_object_set_object_member (object, "set", values_for_role (call->access, kind, entry->changes));
  json_object_set_object_member (object, "before", values_for_role (call->access, kind, entry->before));
  return object;
}

static GBytes *
write_entries (XhCall *call, XhBackend *backend, const XhKind *kind, GPtrArray *entries)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_sized_new (entries->len);
  char *text;

  json_node_take_array (root, array);
  for (guint i = entries->len; i-- > 0;)
    json_array_add_object_element (array, write_entry (call, backend, kind, g_ptr_array_index (entries, i)));
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static void
send_history (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  gboolean covers = FALSE;
  const XhKind *kind = NULL;

  if (!xh_access_reaches (call->access, backend, call->record, &covers, &error)
      || !(entries = xh_ledger_history (backend, call->record, 0, &error)))
    {
      xh_call_fail (call, error);
      return;
    }
  if (covers && entries->len > 0)
    kind = xh_catalog_find_kind (backend->catalog, ((XhEntry *) g_ptr_array_index (entries, 0))->kind);
  if (!kind || !xh_access_may_read (call->access, kind))
    xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("There is no such record, or it is outside your area."));
  else
    xh_call_answer (call, SOUP_STATUS_OK, write_entries (call, backend, kind, entries));
}

XhLane *
xh_route_history (XhServer *self, XhCall *call, GHashTable *query)
{
  if (!xh_uuid_is_valid (call->record))
    {
      xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("There is no such record, or it is outside your area."));
      return NULL;
    }
  call->run = send_history;
  return self->readers;
}
