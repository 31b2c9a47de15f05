/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-round-push-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-checksum.h"
#include "xh-round-anew-private.h"
#include "xh-wire-private.h"

/* The push of one round. An op that is still in the outbox after it was sent is left alone until the next round. */
typedef struct
{
  XhRound *round;
  GHashTable *left;   /* (owned) set of op ids (utf8, owned) */
} Push;

static void
leave (Push *push, const XhOp *op)
{
  g_hash_table_add (push->left, g_strdup (op->op_id));
}

/* What the tray keeps of an answer: everything that explains it. */
static char *
write_detail (JsonObject *body)
{
  static const char *const names[] = { "grade", "fields", "issues", "who", "name", "when", "device" };
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *detail = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (body, names[i]))
      json_object_set_member (detail, names[i], json_object_dup_member (body, names[i]));
  json_node_take_object (root, detail);
  return json_to_string (root, FALSE);
}

/* (transfer full) (nullable): NULL without error: the answer carries no row. */
static XhRecord *
read_row (Push *push, const XhOp *op, JsonObject *body, GError **error)
{
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (push->round->store), op->kind);
  g_autoptr (XhRecord) record = NULL;

  if (kind == NULL || !json_object_has_member (body, "row") || json_object_get_null_member (body, "row"))
    return NULL;
  record = xh_wire_read_row (kind, json_object_get_object_member (body, "row"), error);
  if (record == NULL)
    return NULL;
  if (strcmp (record->id, op->record) != 0)
    {
      g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The server answered with the row of another record (%s). The change stays here and is sent again."), op->op_id);
      return NULL;
    }
  return g_steal_pointer (&record);
}

/* (nullable): the id of the record that @set refers to there. Files are no record: what they wait for is their content. */
static const char *
link_target (const XhKind *kind, JsonNode *set, const char *name)
{
  const XhField *field = kind != NULL && name != NULL ? xh_kind_find_field (kind, name) : NULL;

  if (field == NULL || field->type != XH_FIELD_LINK || set == NULL || !JSON_NODE_HOLDS_OBJECT (set))
    return NULL;
  return json_object_get_string_member_with_default (json_node_get_object (set), name, NULL);
}

static gboolean
is_waited_for (const XhKind *kind, GHashTable *pending, const XhOp *op, JsonArray *issues)
{
  g_autoptr (JsonNode) set = json_from_string (op->set, NULL);

  for (guint i = 0; i < json_array_get_length (issues); i++)
    {
      JsonNode *node = json_array_get_element (issues, i);
      const char *field = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_string_member_with_default (json_node_get_object (node), "field", NULL) : NULL;
      const char *target = link_target (kind, set, field);

      if (target == NULL || g_hash_table_contains (pending, target))
        return TRUE;
    }
  return FALSE;
}

/* An op that is held because it refers to a record which the server does not know, and which nothing here will bring to it: its
 * creation was given up. It would wait for ever, and nobody would hear of it. @waits: (out) */
static gboolean
waits_for_something (Push *push, const XhOp *op, JsonObject *body, gboolean *waits, GError **error)
{
  JsonNode *node = json_object_get_member (body, "issues");
  g_autoptr (GHashTable) pending = NULL;

  *waits = TRUE;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0)
    return TRUE;
  pending = xh_store_pending (push->round->store, error);
  *waits = pending != NULL && is_waited_for (xh_catalog_find_kind (xh_store_get_catalog (push->round->store), op->kind), pending, op,
                                             json_node_get_array (node));
  return pending != NULL;
}

static gboolean
settle_held (Push *push, const XhOp *op, const XhAnswer *answer, GError **error)
{
  g_autofree char *detail = NULL;
  gboolean waits;

  if (!waits_for_something (push, op, answer->body, &waits, error))
    return FALSE;
  if (waits)
    {
      leave (push, op);
      xh_round_files_held (push->round, op);
      return TRUE;
    }
  detail = write_detail (answer->body);
  return xh_store_to_tray (push->round->store, op->op_id, "rejected", detail, error);
}

static gboolean
settle (Push *push, const XhOp *op, const XhAnswer *answer, GError **error)
{
  XhStore *store = push->round->store;
  g_autofree char *detail = NULL;

  switch (answer->status)
    {
    case XH_ANSWER_APPLIED:
    case XH_ANSWER_MERGED:
      return xh_store_ack (store, op->op_id, answer->version, error);
    case XH_ANSWER_CONFLICT:
    case XH_ANSWER_REJECTED:
      detail = write_detail (answer->body);
      return xh_store_to_tray (store, op->op_id, answer->status == XH_ANSWER_CONFLICT ? "conflict" : "rejected", detail, error);
    case XH_ANSWER_HELD:
      return settle_held (push, op, answer, error);
    }
  return TRUE;
}

/* The op leaves the outbox before the server's row is adopted: else it would be applied on top of it again. */
static gboolean
apply_answer (Push *push, const XhOp *op, const XhAnswer *answer, GError **error)
{
  GError *fault = NULL;
  g_autoptr (XhRecord) row = read_row (push, op, answer->body, &fault);

  if (fault != NULL)
    {
      g_propagate_error (error, fault);
      return FALSE;
    }
  if (!settle (push, op, answer, error) || (row != NULL && !xh_store_adopt (push->round->store, row, error)))
    return FALSE;
  if (!g_hash_table_contains (push->left, op->op_id))
    g_hash_table_add (push->round->kinds, g_strdup (op->kind));
  return TRUE;
}

/* Each answer stands alone: one that the store cannot take leaves its op in the outbox, and the server will say it again. */
static gboolean
apply_alone (Push *push, const XhOp *op, const XhAnswer *answer, GError **error)
{
  XhStore *store = push->round->store;

  if (!xh_store_begin (store, error))
    return FALSE;
  if (apply_answer (push, op, answer, error) && xh_store_commit (store, error))
    return TRUE;
  xh_store_rollback (store);
  return FALSE;
}

static gboolean
apply_answers (Push *push, GHashTable *answers, GPtrArray *ops, GError **error)
{
  XhStore *store = push->round->store;
  GError *cause = NULL;

  if (!xh_store_begin (store, &cause))
    return xh_round_fail_local (error, cause);
  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);
      const XhAnswer *answer = g_hash_table_lookup (answers, op->op_id);
      g_autoptr (GError) fault = NULL;

      if (answer != NULL && apply_alone (push, op, answer, &fault))
        continue;
      leave (push, op);
      if (fault != NULL)
        g_warning ("The answer to op %s is not applied: %s", op->op_id, fault->message);
    }
  if (xh_wire_keep_mark (store, xh_client_get_mark (push->round->client), &cause) && xh_store_commit (store, &cause))
    return TRUE;
  xh_store_rollback (store);
  return xh_round_fail_local (error, cause);
}

/* (transfer full): answers by op id. An answer to what was not asked, or two to one op: nothing of it is believed. */
static GHashTable *
read_answers (GPtrArray *ops, const char *json, gsize length, GError **error)
{
  g_autoptr (GPtrArray) answers = xh_wire_read_answers (json, length, error);
  g_autoptr (GHashTable) asked = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) by_op = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) xh_answer_free);

  if (answers == NULL)
    return NULL;
  for (guint i = 0; i < ops->len; i++)
    g_hash_table_add (asked, ((XhOp *) g_ptr_array_index (ops, i))->op_id);
  while (answers->len > 0)
    {
      XhAnswer *answer = g_ptr_array_steal_index (answers, answers->len - 1);
      gboolean known = g_hash_table_contains (asked, answer->op_id);

      if (!g_hash_table_insert (by_op, answer->op_id, answer) || !known)
        {
          g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The server answered something that was not asked. Nothing is lost: what was not sent stays here"
                                 " and is sent again. If it happens again, tell the office."));
          return NULL;
        }
    }
  return g_steal_pointer (&by_op);
}

static GPtrArray *
slice (GPtrArray *ops, guint from, guint to)
{
  GPtrArray *part = g_ptr_array_sized_new (to - from);

  for (guint i = from; i < to; i++)
    g_ptr_array_add (part, g_ptr_array_index (ops, i));
  return part;
}

gboolean
xh_round_to_tray (XhRound *round, const XhOp *op, const char *field, const char *message, GError **error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *detail = NULL;
  JsonObject *object = json_object_new (), *issue = json_object_new ();
  JsonArray *issues = json_array_new ();
  GError *cause = NULL;

  json_object_set_member (issue, "field", field != NULL ? json_node_init_string (json_node_alloc (), field) : json_node_new (JSON_NODE_NULL));
  json_object_set_string_member (issue, "message", message);
  json_array_add_object_element (issues, issue);
  json_object_set_array_member (object, "issues", issues);
  json_node_take_object (root, object);
  detail = json_to_string (root, FALSE);
  if (!xh_store_to_tray (round->store, op->op_id, "rejected", detail, &cause))
    return xh_round_fail_local (error, cause);
  return TRUE;
}

static gboolean send_ops (Push *push, GPtrArray *ops, GError **error);

/* The server refuses the request as a whole: in halves, until the op that it cannot take is alone. */
static gboolean
send_halves (Push *push, GPtrArray *ops, const GError *refusal, GError **error)
{
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;

  if (ops->len == 1)
    return xh_round_to_tray (push->round, g_ptr_array_index (ops, 0), NULL, refusal->message, error);
  first = slice (ops, 0, ops->len / 2);
  second = slice (ops, ops->len / 2, ops->len);
  return send_ops (push, first, error) && send_ops (push, second, error);
}

static gboolean
send_ops (Push *push, GPtrArray *ops, GError **error)
{
  XhRound *round = push->round;
  gsize length, answer_length;
  g_autofree char *json = xh_wire_write_push (ops, round->desk->device, &length);
  g_autofree char *text = NULL;
  g_autoptr (GHashTable) answers = NULL;
  GError *cause = NULL;

  xh_round_show_mark (round);
  text = xh_client_push (round->client, json, length, &answer_length, round->cancellable, &cause);
  if (text == NULL && g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_REFUSED))
    {
      g_autoptr (GError) refusal = cause;

      return send_halves (push, ops, refusal, error);
    }
  if (text == NULL)
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  answers = read_answers (ops, text, answer_length, error);
  if (answers == NULL || !apply_answers (push, answers, ops, error))
    return FALSE;
  if (round->progress != NULL)
    round->progress (round, round->data);
  return TRUE;
}

/* (transfer full): the next ops in order that this round has not sent; empty at the end. */
static GPtrArray *
choose_batch (Push *push, GError **error)
{
  guint limit = XH_WIRE_MAX_OPS + g_hash_table_size (push->left);
  g_autoptr (GPtrArray) ops = xh_store_outbox (push->round->store, limit, error);

  if (ops == NULL)
    return NULL;
  for (guint i = 0; i < ops->len;)
    if (i >= XH_WIRE_MAX_OPS || g_hash_table_contains (push->left, ((XhOp *) g_ptr_array_index (ops, i))->op_id))
      g_ptr_array_remove_index (ops, i);
    else
      i++;
  return g_steal_pointer (&ops);
}

/* What the server may compute otherwise it would send back with every answer; so it is told what stands here. A record that does not load
 * is told nothing of, and its row comes. */
static void
note_sums (Push *push, GPtrArray *ops)
{
  XhStore *store = push->round->store;

  for (guint i = 0; i < ops->len; i++)
    {
      XhOp *op = g_ptr_array_index (ops, i);
      const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (store), op->kind);
      g_autoptr (XhRecord) record = kind != NULL ? xh_store_load (store, op->record, NULL) : NULL;

      if (record != NULL)
        op->sum = xh_checksum_record (record, push->round->desk->profile->role);
    }
}

/* Chosen and marked in one transaction: a record deleted in between would take its creation out of the outbox, which was then sent
 * all the same, and stand on the server for ever. */
static GPtrArray *
next_batch (Push *push, GError **error)
{
  XhStore *store = push->round->store;
  g_autoptr (GPtrArray) ops = NULL;
  GError *cause = NULL;

  if (!xh_store_begin (store, &cause))
    return (void) xh_round_fail_local (error, cause), NULL;
  ops = choose_batch (push, &cause);
  if (ops != NULL)
    note_sums (push, ops);
  if (ops != NULL && xh_store_mark_sent (store, ops, &cause) && xh_store_commit (store, &cause))
    return g_steal_pointer (&ops);
  xh_store_rollback (store);
  return (void) xh_round_fail_local (error, cause), NULL;
}

/* A store that says yes and keeps the op would be asked for ever. */
static gboolean
leave_what_stayed (Push *push, GPtrArray *ops, GError **error)
{
  GError *cause = NULL;
  g_autoptr (GPtrArray) rest = xh_store_outbox (push->round->store, ops->len + g_hash_table_size (push->left), &cause);
  g_autoptr (GHashTable) sent = g_hash_table_new (g_str_hash, g_str_equal);

  if (rest == NULL)
    return xh_round_fail_local (error, cause);
  for (guint i = 0; i < ops->len; i++)
    g_hash_table_add (sent, ((XhOp *) g_ptr_array_index (ops, i))->op_id);
  for (guint i = 0; i < rest->len; i++)
    if (g_hash_table_contains (sent, ((XhOp *) g_ptr_array_index (rest, i))->op_id))
      leave (push, g_ptr_array_index (rest, i));
  return TRUE;
}

gboolean
xh_round_push (XhRound *round, GError **error)
{
  g_autoptr (GHashTable) left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Push push = { round, left };

  if (!xh_round_files_waiting (round, left, error))
    return FALSE;

  for (;;)
    {
      g_autoptr (GPtrArray) ops = next_batch (&push, error);

      if (ops == NULL)
        return FALSE;
      if (ops->len == 0)
        return TRUE;
      if (!send_ops (&push, ops, error) || !leave_what_stayed (&push, ops, error))
        return FALSE;
    }
}
