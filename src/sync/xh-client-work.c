/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-client-work.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "model/xh-json.h"
#include "xh-wire-private.h"

static JsonArray *
peek_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gpointer
fail (GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
  return NULL;
}

/* @part: -1: only asks. (transfer full) an object */
static JsonNode *
ask (XhClient *self, const XhWorkFile *file, int part, GCancellable *c, GError **error)
{
  g_auto (XhRequest) request = { .method = "POST", .path = "/v1/work" };
  g_auto (XhReply) reply = { 0 };
  g_autoptr (JsonNode) root = NULL;
  GString *json = g_string_new ("{\"head\":");

  xh_json_append_text (json, file->head, -1);
  g_string_append (json, ",\"signature\":");
  xh_json_append_text (json, file->signature, -1);
  if (part >= 0)
    {
      g_autoptr (GBytes) bytes = xh_work_file_get_part (file, (guint) part);
      gsize length;
      const char *text = g_bytes_get_data (bytes, &length);

      g_string_append_printf (json, ",\"part\":%d,\"push\":", part);
      xh_json_append_text (json, text, (gssize) length);
    }
  g_string_append_c (json, '}');
  request.body = g_string_free_to_bytes (json);
  xh_request_add_header (&request, "Accept", "application/json");
  if (!xh_client_send (self, &request, &reply, c, error) || !xh_client_expect (&reply, SOUP_STATUS_OK, SOUP_STATUS_OK, error))
    return NULL;
  root = reply.body != NULL ? xh_wire_parse ((const char *) reply.body->data, reply.body->len, error) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return error == NULL || *error == NULL ? fail (error) : NULL;
  return g_steal_pointer (&root);
}

XhWorkVerdict *
xh_client_work_ask (XhClient *self, const XhWorkFile *file, GCancellable *c, GError **error)
{
  g_autoptr (JsonNode) root = ask (self, file, -1, c, error);
  g_autoptr (XhWorkVerdict) verdict = g_new0 (XhWorkVerdict, 1);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;
  JsonArray *brought;
  guint n;

  if (object == NULL)
    return NULL;
  brought = peek_array (object, "brought");
  if (xh_json_member_text (object, "name") == NULL || !json_object_has_member (object, "reason") || brought == NULL)
    return fail (error);
  verdict->name = g_strdup (xh_json_member_text (object, "name"));
  verdict->reason = g_strdup (xh_json_member_text (object, "reason"));
  n = json_array_get_length (brought);
  if (n > 0 && JSON_NODE_HOLDS_OBJECT (json_array_get_element (brought, n - 1)))
    {
      JsonObject *last = json_array_get_object_element (brought, n - 1);

      verdict->brought = g_strdup (xh_json_member_text (last, "name"));
      verdict->brought_time = g_strdup (xh_json_member_text (last, "time"));
      verdict->brought_whole = json_object_get_boolean_member_with_default (last, "whole", FALSE);
    }
  return g_steal_pointer (&verdict);
}

static char *
read_message (JsonObject *object)
{
  JsonArray *issues = peek_array (object, "issues");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; issues != NULL && i < json_array_get_length (issues); i++)
    {
      JsonNode *issue = json_array_get_element (issues, i);
      const char *message = JSON_NODE_HOLDS_OBJECT (issue) ? xh_json_member_text (json_node_get_object (issue), "message") : NULL;

      if (message != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", message);
    }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static XhWorkResult *
read_result (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  XhAnswerStatus status;
  XhWorkResult *result;

  if (object == NULL || !xh_answer_status_read (xh_json_member_text (object, "status"), &status)
      || xh_json_member_text (object, "kind") == NULL || xh_json_member_text (object, "record") == NULL)
    return NULL;
  result = g_new0 (XhWorkResult, 1);
  result->kind = g_strdup (xh_json_member_text (object, "kind"));
  result->record = g_strdup (xh_json_member_text (object, "record"));
  result->status = status;
  result->message = read_message (object);
  return result;
}

GPtrArray *
xh_client_work_send (XhClient *self, const XhWorkFile *file, guint part, GCancellable *c, GError **error)
{
  g_autoptr (JsonNode) root = ask (self, file, (int) part, c, error);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_work_result_free);
  JsonArray *answers = root != NULL ? peek_array (json_node_get_object (root), "answers") : NULL;

  if (root == NULL)
    return NULL;
  for (guint i = 0; answers != NULL && i < json_array_get_length (answers); i++)
    {
      XhWorkResult *result = read_result (json_array_get_element (answers, i));

      if (result == NULL)
        return fail (error);
      g_ptr_array_add (results, result);
    }
  return answers != NULL ? g_steal_pointer (&results) : fail (error);
}

void
xh_work_verdict_free (XhWorkVerdict *verdict)
{
  if (verdict == NULL)
    return;
  g_free (verdict->name);
  g_free (verdict->reason);
  g_free (verdict->brought);
  g_free (verdict->brought_time);
  g_free (verdict);
}

void
xh_work_result_free (XhWorkResult *result)
{
  if (result == NULL)
    return;
  g_free (result->kind);
  g_free (result->record);
  g_free (result->message);
  g_free (result);
}
