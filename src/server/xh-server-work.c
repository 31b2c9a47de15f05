/* SPDX-License-Identifier: GPL-3.0-or-later */

/* POST /v1/work: a colleague's unsent work from a file. Without a part it says what would happen; with one it is a push of the author's. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"
#include "xh-apply-private.h"
#include "xh-ledger.h"
#include "xh-mark.h"
#include "xh-work.h"

/* -1: none */
static gint64
peek_part (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "part");
  const gint64 part = node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;

  return part <= G_MAXINT32 ? part : G_MAXINT32;
}

static void
answer_object (XhCall *call, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  char *text = json_to_string (node, FALSE);

  xh_call_answer (call, SOUP_STATUS_OK, g_bytes_new_take (text, strlen (text)));
}

/* --- what would happen */

static gboolean
add_bringers (XhBackend *backend, const XhWorkFile *file, JsonObject *object, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT w.bringer, coalesce (a.name, w.bringer), w.time, w.next FROM work w LEFT JOIN account a ON a.login = w.bringer"
    " WHERE w.id = ?1 ORDER BY w.time", error);
  JsonArray *array = json_array_new ();
  gboolean row = TRUE;

  json_object_set_array_member (object, "brought", array);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, file->id);
  while (xh_backend_step (backend, statement, &row, error))
    {
      JsonObject *one;

      if (!row)
        return TRUE;
      one = json_object_new ();
      json_object_set_string_member (one, "login", (const char *) sqlite3_column_text (statement, 0));
      json_object_set_string_member (one, "name", (const char *) sqlite3_column_text (statement, 1));
      json_object_set_string_member (one, "time", (const char *) sqlite3_column_text (statement, 2));
      json_object_set_boolean_member (one, "whole", sqlite3_column_int64 (statement, 3) >= file->hashes->len);
      json_array_add_object_element (array, one);
    }
  return FALSE;
}

static void
tell (XhCall *call, XhBackend *backend, const XhWorkFile *file, const XhAccess *author, const char *reason)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (object, "login", file->login);
  json_object_set_string_member (object, "name", author ? author->name : file->name);
  json_object_set_string_member (object, "made", file->made);
  json_object_set_int_member (object, "ops", file->n_ops);
  json_object_set_int_member (object, "parts", file->hashes->len);
  if (reason)
    json_object_set_string_member (object, "reason", reason);
  else
    json_object_set_null_member (object, "reason");
  if (add_bringers (backend, file, object, &error))
    answer_object (call, object);
  else
    xh_call_fail (call, error);
}

/* --- a part */

/* The answer is the author's. Who brings it hears why something was not taken only of what they may read themselves. */
static gboolean
may_hear (XhCall *call, XhBackend *backend, const XhOp *op, gboolean *may, GError **error)
{
  const XhKind *kind = xh_catalog_find_kind (backend->catalog, op->kind);
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhRecord) record = NULL;

  *may = FALSE;
  if (!kind || !xh_access_may_read (call->access, kind))
    return TRUE;
  if (!xh_access_reaches (call->access, backend, op->record, may, error))
    return FALSE;
  if (*may)
    return TRUE;
  record = xh_store_load (backend->store, op->record, &failure);
  *may = g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
  return TRUE;
}

static JsonArray *
write_issues (XhCall *call, const XhKind *kind, JsonObject *body)
{
  JsonNode *node = json_object_get_member (body, "issues");
  JsonArray *issues = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL, *heard = json_array_new ();

  for (guint i = 0; issues && i < json_array_get_length (issues); i++)
    {
      JsonObject *issue = json_array_get_object_element (issues, i);
      const char *name = xh_json_member_text (issue, "field");
      const XhField *field = name && kind ? xh_kind_find_field_at (kind, name) : NULL;

      if (!field || xh_access_may_read_field (call->access, field))
        json_array_add_object_element (heard, json_object_ref (issue));
    }
  return heard;
}

static gboolean
add_answer (XhCall *call, XhBackend *backend, const XhOp *op, const XhAnswer *answer, JsonArray *array, GError **error)
{
  JsonObject *one = json_object_new ();
  gboolean may;

  json_array_add_object_element (array, one);
  json_object_set_string_member (one, "op", op->op_id);
  json_object_set_string_member (one, "kind", op->kind);
  json_object_set_string_member (one, "record", op->record);
  json_object_set_string_member (one, "status", xh_answer_status_name (answer->status));
  if (answer->status != XH_ANSWER_REJECTED)
    return TRUE;
  if (!may_hear (call, backend, op, &may, error))
    return FALSE;
  if (may)
    json_object_set_array_member (one, "issues", write_issues (call, xh_catalog_find_kind (backend->catalog, op->kind), answer->body));
  return TRUE;
}

static void
fail_bringing (XhCall *call, const GError *error)
{
  if (g_error_matches (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE))
    xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, error->message);
  else
    xh_call_fail (call, error);
}

static void
bring (XhCall *call, XhBackend *backend, const XhWorkFile *file, const XhAccess *author, guint part, const char *text)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = xh_work_part_read (file, part, text, strlen (text), &error);
  g_autoptr (GPtrArray) answers = NULL;
  JsonArray *array = json_array_new ();

  json_object_set_array_member (object, "answers", array);
  if (!ops)
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, error->message);
      return;
    }
  answers = xh_work_bring (backend, file, author, call->access->login, part, ops, &error);
  for (guint i = 0; answers && i < ops->len; i++)
    if (!add_answer (call, backend, g_ptr_array_index (ops, i), g_ptr_array_index (answers, i), array, &error))
      g_clear_pointer (&answers, g_ptr_array_unref);
  if (!answers || !(call->answer_mark = xh_mark_make (backend, G_MAXINT64, &error)))
    {
      fail_bringing (call, error);
      return;
    }
  if (part == 0)
    g_message ("Work of “%s” in file %s, made %s, is brought in by “%s”", file->login, file->id, file->made, call->access->login);
  answer_object (call, object);
}

static void
work (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (XhWorkFile) file = NULL;
  g_autoptr (XhAccess) author = NULL;
  g_autofree char *reason = NULL;
  JsonObject *object;
  const char *push;

  if (!call->access->role->brings_work)
    {
      xh_call_problem (call, SOUP_STATUS_FORBIDDEN, _("Your role may not bring in a colleague's work."));
      return;
    }
  if (!(root = xh_call_parse_object (call)))
    return;
  object = json_node_get_object (root);
  push = xh_json_member_text (object, "push");
  file = xh_work_head_read (xh_json_member_text (object, "head") ? xh_json_member_text (object, "head") : "", xh_json_member_text (object, "signature"), &error);
  if (!file || (peek_part (object) >= 0) != (push != NULL))
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, file ? _("A part of the file is its number and its text.") : error->message);
      return;
    }
  author = xh_work_find_author (backend, file, &reason, &error);
  if (!author && !reason)
    xh_call_fail (call, error);
  else if (!push)
    tell (call, backend, file, author, reason);
  else if (!author)
    xh_call_problem (call, SOUP_STATUS_FORBIDDEN, reason);
  else
    bring (call, backend, file, author, (guint) peek_part (object), push);
}

XhLane *
xh_route_work (XhServer *self, XhCall *call, GHashTable *query)
{
  call->run = work;
  return self->writer;
}
