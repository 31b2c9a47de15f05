/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "mock-county.h"

#include <string.h>


static const XhKind *
find_kind (MockCounty *self)
{
  return xh_catalog_find_kind (self->catalog, "plot");
}

static XhRecord *
peek_record (MockCounty *self, const char *id)
{
  for (guint i = 0; i < self->records->len; i++)
    if (strcmp (((XhRecord *) self->records->pdata[i])->id, id) == 0)
      return self->records->pdata[i];
  return NULL;
}

static void
touch (MockCounty *self, XhRecord *record)
{
  record->version = ++self->head;
  g_free (record->updated_at);
  record->updated_at = g_strdup ("2026-11-22T08:00:00.000Z");
  if (record->created_at == NULL)
    record->created_at = g_strdup (record->updated_at);
}

static XhRecord *
make_record (MockCounty *self, const char *id)
{
  XhRecord *record = xh_record_new (find_kind (self), id);

  record->division = g_strdup ("410421100201");
  g_ptr_array_add (self->records, record);
  return record;
}

static void
apply_set (XhRecord *record, const char *set)
{
  g_autoptr (JsonNode) node = json_from_string (set, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      g_assert_true (xh_value_from_json (member, &value));
      if (strcmp (name, "state") == 0)
        {
          g_free (record->state);
          record->state = g_strdup (value.text);
        }
      else if (strcmp (name, "deleted") == 0)
        record->deleted = value.integer != 0;
      else
        xh_record_set (record, name, &value);
    }
}

static char *
decide (MockCounty *self, const XhOp *op)
{
  const char *verdict = g_hash_table_lookup (self->verdicts, op->record);
  g_autoptr (GPtrArray) columns = xh_wire_columns (find_kind (self), self->role);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *answer = json_object_new ();
  XhRecord *record = peek_record (self, op->record);

  self->n_ops++;
  if (verdict == NULL)
    {
      if (record == NULL)
        record = make_record (self, op->record);
      apply_set (record, op->set);
      touch (self, record);
    }
  json_object_set_string_member (answer, "op", op->op_id);
  json_object_set_string_member (answer, "status", verdict != NULL ? verdict : "applied");
  if (record != NULL)
    json_object_set_int_member (answer, "version", record->version);
  if (verdict != NULL && record != NULL)
    json_object_set_object_member (answer, "row", xh_wire_write_row (record, columns));
  if (g_strcmp0 (verdict, "rejected") == 0)
    {
      g_autoptr (JsonNode) issues = json_from_string ("[{\"field\":\"name\",\"message\":\"not so\"}]", NULL);

      json_object_set_member (answer, "issues", json_node_copy (issues));
    }
  if (g_strcmp0 (verdict, "conflict") == 0)
    {
      g_autoptr (JsonNode) fields = json_from_string ("[{\"name\":\"name\",\"before\":\"a\",\"mine\":\"b\",\"theirs\":\"c\"}]", NULL);

      json_object_set_member (answer, "fields", json_node_copy (fields));
      json_object_set_string_member (answer, "who", "li");
      json_object_set_string_member (answer, "when", "2026-11-22T07:00:00.000Z");
    }
  json_node_take_object (root, answer);
  return json_to_string (root, FALSE);
}

static void
answer_push (MockCounty *self, const MockRequest *request, MockAnswer *answer)
{
  g_autofree char *device = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = xh_wire_read_push (request->body, request->length, &device, &error);
  GString *json = g_string_new ("{\"answers\":[");

  g_assert_no_error (error);
  self->n_pushes++;
  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = ops->pdata[i];
      char *text = g_hash_table_lookup (self->answers, op->op_id);

      if (text == NULL)
        {
          text = decide (self, op);
          if (strstr (text, "\"held\"") == NULL)
            g_hash_table_insert (self->answers, g_strdup (op->op_id), text);
          g_string_append_printf (json, "%s%s", i > 0 ? "," : "", text);
          if (strstr (text, "\"held\"") != NULL)
            g_free (text);
        }
      else
        g_string_append_printf (json, "%s%s", i > 0 ? "," : "", text);
    }
  g_string_append (json, "]}");
  answer->body = g_string_free (json, FALSE);
}

static int
compare_versions (gconstpointer a, gconstpointer b)
{
  const XhRecord *left = *(XhRecord *const *) a, *right = *(XhRecord *const *) b;

  return left->version < right->version ? -1 : left->version > right->version;
}

static void
answer_pull (MockCounty *self, const MockRequest *request, MockAnswer *answer)
{
  g_autoptr (GHashTable) query = g_uri_parse_params (request->query, -1, "&", G_URI_PARAMS_NONE, NULL);
  gint64 since = g_ascii_strtoll (g_hash_table_lookup (query, "since"), NULL, 10), next = self->head;
  guint limit = (guint) g_ascii_strtoull (g_hash_table_lookup (query, "limit"), NULL, 10), n = 0;
  g_autoptr (GPtrArray) columns = xh_wire_columns (find_kind (self), self->role);
  GString *json = g_string_new ("{\"kinds\":[{\"kind\":\"plot\",\"columns\":[");
  gboolean more = FALSE;

  self->n_pulls++;
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (json, "%s\"%s\"", i > 0 ? "," : "", (char *) columns->pdata[i]);
  g_string_append (json, "],\"rows\":[");
  g_ptr_array_sort (self->records, compare_versions);
  for (guint i = 0; i < self->records->len && !more; i++)
    {
      const XhRecord *record = self->records->pdata[i];
      g_autoptr (JsonObject) row = NULL;

      if (record->version <= since)
        continue;
      if (n == limit)
        {
          more = TRUE;
          next = ((XhRecord *) self->records->pdata[i - 1])->version;
          continue;
        }
      row = xh_wire_write_row (record, columns);
      g_string_append (json, n++ > 0 ? ",[" : "[");
      for (guint c = 0; c < columns->len; c++)
        {
          g_autofree char *text = json_to_string (json_object_get_member (row, columns->pdata[c]), FALSE);

          g_string_append_printf (json, "%s%s", c > 0 ? "," : "", text);
        }
      g_string_append_c (json, ']');
    }
  g_string_append (json, "]}],\"leaves\":[");
  for (guint i = 0; i < self->leaves->len; i++)
    g_string_append_printf (json, "%s\"%s\"", i > 0 ? "," : "", (char *) self->leaves->pdata[i]);
  g_string_append_printf (json, "],\"next\":%" G_GINT64_FORMAT ",\"more\":%s,\"head\":%" G_GINT64_FORMAT "}", next, more ? "true" : "false",
                          self->head);
  answer->body = g_string_free (json, FALSE);
}

static void
answer_sign_in (MockCounty *self, const MockRequest *request, MockAnswer *answer)
{
  g_autofree char *body = g_strndup (request->body, request->length);

  if (strstr (body, "\"password\":\"" COUNTY_PASSWORD "\"") == NULL)
    {
      answer->status = 401;
      answer->body = g_strdup ("{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,\"detail\":\"Wrong password\"}");
      return;
    }
  answer->status = 201;
  answer->body = g_strdup_printf ("{\"token\":\"" COUNTY_TOKEN "\",\"profile\":{\"login\":\"zhang\",\"name\":\"Zhang\",\"role\":\"%s\","
                                  "\"division\":\"%s\",\"unit\":null}}", self->role, self->division);
}

static void
answer_catalog (MockCounty *self, const MockRequest *request, MockAnswer *answer)
{
  g_autofree char *etag = g_strdup_printf ("\"%s\"", self->bundle_hash);

  if (g_strcmp0 (request->if_none_match, etag) == 0)
    {
      answer->status = 304;
      return;
    }
  answer->length = (gssize) g_bytes_get_size (self->bundle);
  answer->body = g_memdup2 (g_bytes_get_data (self->bundle, NULL), g_bytes_get_size (self->bundle));
}

static void
answer_request (MockCounty *self, const MockRequest *request, MockAnswer *answer)
{
  if (self->hook != NULL && self->hook (self, request, answer, self->hook_data))
    return;
  if (strcmp (request->path, "/v1/sessions") == 0)
    answer_sign_in (self, request, answer);
  else if (g_strcmp0 (request->authorization, "Bearer " COUNTY_TOKEN) != 0)
    answer->status = 401;
  else if (strcmp (request->path, "/v1/catalog") == 0)
    answer_catalog (self, request, answer);
  else if (strcmp (request->path, "/v1/changes") == 0 && strcmp (request->method, "POST") == 0)
    answer_push (self, request, answer);
  else if (strcmp (request->path, "/v1/changes") == 0)
    answer_pull (self, request, answer);
  else
    answer->status = 404;
}

static void
request_cb (const MockRequest *request, MockAnswer *answer, gpointer data)
{
  MockCounty *self = data;

  g_mutex_lock (&self->mutex);
  answer_request (self, request, answer);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

XhCatalog *
mock_catalog_load (void)
{
  g_autoptr (GError) error = NULL;
  XhCatalog *catalog = xh_catalog_load_folder (g_getenv ("XH_TEST_CATALOG"), &error);

  g_assert_no_error (error);
  return catalog;
}

MockCounty *
mock_county_new (void)
{
  MockCounty *self = g_new0 (MockCounty, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->catalog = mock_catalog_load ();
  self->bundle = g_bytes_ref (xh_catalog_get_bundle (self->catalog));
  self->bundle_hash = g_strdup (xh_catalog_get_hash (self->catalog));
  self->role = "assessor";
  self->division = "410421100000";
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_record_free);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->verdicts = g_hash_table_new (g_str_hash, g_str_equal);
  self->leaves = g_ptr_array_new ();
  self->server = mock_server_new (request_cb, self);
  return self;
}

void
mock_county_free (MockCounty *self)
{
  g_clear_pointer (&self->server, mock_server_free);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->leaves);
  g_hash_table_unref (self->answers);
  g_hash_table_unref (self->verdicts);
  g_bytes_unref (self->bundle);
  g_free (self->bundle_hash);
  xh_catalog_unref (self->catalog);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
mock_county_add (MockCounty *self, const char *id, const char *name, int labour)
{
  XhRecord *record;
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_mutex_lock (&self->mutex);
  record = peek_record (self, id);
  if (record == NULL)
    record = make_record (self, id);
  xh_value_set_text (&value, name);
  xh_record_set (record, "name", &value);
  xh_value_set_integer (&value, labour);
  xh_record_set (record, "labour", &value);
  touch (self, record);
  g_mutex_unlock (&self->mutex);
}

XhRecord *
mock_county_find (MockCounty *self, const char *id)
{
  XhRecord *record;

  g_mutex_lock (&self->mutex);
  record = peek_record (self, id);
  record = record != NULL ? xh_record_copy (record) : NULL;
  g_mutex_unlock (&self->mutex);
  return record;
}

void
mock_county_set_hook (MockCounty *self, MockHook hook, gpointer data)
{
  g_mutex_lock (&self->mutex);
  self->hook = hook;
  self->hook_data = data;
  g_mutex_unlock (&self->mutex);
}
