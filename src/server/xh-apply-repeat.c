/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An op that comes again gets the answer it got before. */
#include "xh-apply-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"

static XhAnswer *
answer_entry (XhApply *self, const XhEntry *entry, GError **error)
{
  g_autoptr (XhAnswer) answer = NULL;
  g_autoptr (XhRecord) record = NULL;
  gboolean covers = FALSE;

  if (strcmp (entry->account, self->access->login) != 0)
    {
      xh_apply_refuse (self, NULL, _("Another change has this id."));
      answer = xh_answer_new (self->op->op_id, XH_ANSWER_REJECTED, 0);
      json_object_set_array_member (answer->body, "issues", json_array_ref (self->issues));
      return g_steal_pointer (&answer);
    }
  answer = xh_answer_new (self->op->op_id, strcmp (entry->status, "merged") == 0 ? XH_ANSWER_MERGED : XH_ANSWER_APPLIED,
                          entry->number);
  record = xh_store_load (self->backend->store, entry->record, error);
  if (!record || !xh_access_reaches (self->access, self->backend, entry->record, &covers, error))
    return NULL;
  /* As it stands now: what others wrote before this op and after it must be on the device before its next op goes out on top. */
  if (covers && xh_access_may_read (self->access, record->kind))
    xh_apply_add_row (self, answer, record);
  return g_steal_pointer (&answer);
}

/* What others wrote in a field that the role may not read (any more) is not told: only that there is a conflict. */
static void
hide_fields (XhApply *self, const XhKind *kind, JsonObject *body)
{
  JsonNode *node = json_object_get_member (body, "fields");
  JsonArray *fields = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; fields && i < json_array_get_length (fields); i++)
    {
      JsonObject *conflict = json_array_get_object_element (fields, i);
      const XhField *field = xh_kind_find_field (kind, json_object_get_string_member_with_default (conflict, "name", ""));

      if (!field || xh_access_may_read_field (self->access, field))
        continue;
      json_object_set_null_member (conflict, "before");
      json_object_set_null_member (conflict, "theirs");
    }
}

/* (transfer none) whose op a kept answer is of. @otherwise: for one kept by an older program, which wrote it only into the row. */
static const char *
name_record (JsonObject *body, const char *otherwise)
{
  JsonNode *row = json_object_get_member (body, "row");

  if (row && JSON_NODE_HOLDS_OBJECT (row))
    otherwise = json_object_get_string_member_with_default (json_node_get_object (row), "id", otherwise);
  return json_object_get_string_member_with_default (body, "record", otherwise);
}

/* A kept answer tells what the account might read then. Its role or place may have changed since: the row is the present one, by the columns
 * of today, and there is none for who may not see it now. */
static gboolean
renew_refusal (XhApply *self, XhAnswer *answer, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhRecord) record = xh_store_load (self->backend->store, self->op->record, &failure);
  const gboolean had_row = json_object_has_member (answer->body, "row");
  gboolean covers = FALSE;

  if (!record && !g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  /* Under the id of another record's op its answer is asked for in vain. */
  if (g_strcmp0 (name_record (answer->body, self->op->record), self->op->record) != 0)
    covers = FALSE;
  else if (!record)
    return TRUE;
  else if (!xh_access_reaches (self->access, self->backend, self->op->record, &covers, error))
    return FALSE;
  if (covers && xh_access_may_read (self->access, record->kind))
    {
      hide_fields (self, record->kind, answer->body);
      if (!had_row)
        return TRUE;
      xh_apply_add_row (self, answer, record);
      answer->version = record->version;
      return TRUE;
    }
  /* Issues may quote what the account was allowed to see then. */
  xh_apply_refuse (self, NULL, _("There is no such record, or it is outside your area."));
  json_object_unref (answer->body);
  answer->body = json_object_new ();
  json_object_set_array_member (answer->body, "issues", json_array_ref (self->issues));
  answer->status = XH_ANSWER_REJECTED;
  answer->version = 0;
  return TRUE;
}

static XhAnswer *
answer_refusal (XhApply *self, const char *json, GError **error)
{
  g_autoptr (JsonNode) node = xh_json_parse (json, -1, error);
  g_autoptr (XhAnswer) answer = NULL;
  const char *status;

  if (!node)
    return NULL;
  answer = xh_answer_new (self->op->op_id, XH_ANSWER_REJECTED, 0);
  json_object_unref (answer->body);
  answer->body = json_object_ref (json_node_get_object (node));
  status = json_object_get_string_member_with_default (answer->body, "status", "");
  if (strcmp (status, xh_answer_status_name (XH_ANSWER_CONFLICT)) == 0)
    answer->status = XH_ANSWER_CONFLICT;
  answer->version = json_object_get_int_member_with_default (answer->body, "version", 0);
  if (!renew_refusal (self, answer, error))
    return NULL;
  json_object_remove_member (answer->body, "record");
  return g_steal_pointer (&answer);
}

XhAnswer *
xh_apply_find_answer (XhApply *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhEntry) entry = xh_ledger_find_op (self->backend, self->op->op_id, &failure);
  sqlite3_stmt *statement;
  g_autofree char *json = NULL;
  gboolean row;

  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (entry)
    return answer_entry (self, entry, error);
  statement = xh_backend_prepare (self->backend, "SELECT answer FROM refusal WHERE op = ?1 AND account = ?2", error);
  if (!statement)
    return NULL;
  xh_backend_bind_text (statement, 1, self->op->op_id);
  xh_backend_bind_text (statement, 2, self->access->login);
  if (!xh_backend_step (self->backend, statement, &row, error) || !row)
    return NULL;
  json = xh_backend_dup_text (statement, 0);
  sqlite3_reset (statement);
  return answer_refusal (self, json, error);
}

gboolean
xh_apply_keep_refusal (XhApply *self, XhAnswer *answer, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), answer->body);
  g_autofree char *json = NULL;
  sqlite3_stmt *statement;

  json_object_set_string_member (answer->body, "status", xh_answer_status_name (answer->status));
  json_object_set_int_member (answer->body, "version", answer->version);
  json_object_set_string_member (answer->body, "record", self->op->record);
  json = json_to_string (node, FALSE);
  json_object_remove_member (answer->body, "record");
  statement = xh_backend_prepare (self->backend,
    "INSERT INTO refusal (op, account, time, answer) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (op) DO NOTHING", error);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, self->op->op_id);
  xh_backend_bind_text (statement, 2, self->access->login);
  sqlite3_bind_int64 (statement, 3, g_get_real_time () / G_USEC_PER_SEC);
  xh_backend_bind_text (statement, 4, json);
  return xh_backend_run (self->backend, statement, error);
}
