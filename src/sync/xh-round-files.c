/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments in a round. An op goes out when the server has the files that it names; while they are under way, all other ops flow. */
#include "xh-round-push-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-attachment.h"
#include "xh-round-anew-private.h"
#include "xh-wire-private.h"

#define LATER_SECONDS 120 /* until a file that the server could not take is tried again */
#define SLICE_SECONDS 10 /* between two looks at the outbox and the ledger */

static gboolean
fail_local (XhRound *round, GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, sqlite3_errmsg (xh_store_get_db (round->store)));
  return FALSE;
}

/* Adds the ops of the outbox that name @hash, and all later ones of their records, to @ops. */
static gboolean
find_ops (XhRound *round, const char *hash, GHashTable *ops, GError **error)
{
  static const char sql[] = "SELECT b.op_id FROM outbox a JOIN outbox b ON b.record = a.record AND b.sequence >= a.sequence"
                            " WHERE instr(a.\"set\", ?1) > 0";
  sqlite3_stmt *statement;
  int code = sqlite3_prepare_v2 (xh_store_get_db (round->store), sql, -1, &statement, NULL);

  if (code != SQLITE_OK)
    return fail_local (round, error);
  sqlite3_bind_text (statement, 1, hash, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_hash_table_add (ops, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return code == SQLITE_DONE || fail_local (round, error);
}

gboolean
xh_round_files_waiting (XhRound *round, GHashTable *ops, GError **error)
{
  g_autoptr (GPtrArray) hashes = xh_files_outgoing (round->files);

  for (guint i = 0; i < hashes->len; i++)
    if (!find_ops (round, g_ptr_array_index (hashes, i), ops, error))
      return FALSE;
  return TRUE;
}

/* The name of the field of @op that names @hash. */
static char *
find_field (const XhOp *op, const char *hash)
{
  g_autoptr (JsonNode) root = xh_wire_parse (op->set, strlen (op->set), NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node))
    if (json_node_get_value_type (node) == G_TYPE_STRING && strstr (json_node_get_string (node), hash) != NULL)
      return g_strdup (name);
  return NULL;
}

/* What cannot be sent is told at its field, in the tray; the mark stays as long as the content does. */
static gboolean
refuse_ops (XhRound *round, const char *hash, const char *message, GError **error)
{
  GError *cause = NULL;
  g_autoptr (GPtrArray) ops = xh_store_outbox (round->store, 0, &cause);

  for (guint i = 0; ops != NULL && cause == NULL && i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);
      g_autofree char *field = strstr (op->set, hash) != NULL ? find_field (op, hash) : NULL;

      if (field != NULL && !xh_round_to_tray (round, op, field, message, &cause))
        break;
    }
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, cause);
  return FALSE;
}

static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_REFUSED) || g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL);
}

static gboolean
is_for_later (XhRound *round, const char *hash)
{
  const gint64 *due = g_hash_table_lookup (round->later, hash);

  return due != NULL && g_get_monotonic_time () < *due;
}

/* The round goes on, and with it everybody's records. */
static void
put_off (XhRound *round, const char *hash, const char *message)
{
  gint64 *due = g_new (gint64, 1);

  *due = g_get_monotonic_time () + LATER_SECONDS * G_USEC_PER_SEC;
  g_hash_table_insert (round->later, g_strdup (hash), due);
  g_free (round->notice);
  round->notice = g_strdup (message);
}

static gboolean
send_one (XhRound *round, const char *hash, gint64 deadline, gboolean *more, GError **error)
{
  g_autoptr (GHashTable) ops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) fault = NULL;
  gboolean whole;

  if (!find_ops (round, hash, ops, error))
    return FALSE;
  /* Chosen, and not saved yet, or given up: nothing waits for it. */
  if (g_hash_table_size (ops) == 0)
    {
      g_hash_table_remove (round->later, hash);
      return TRUE;
    }
  if (is_for_later (round, hash))
    return TRUE;
  if (xh_files_send (round->files, round->client, hash, deadline, NULL, NULL, round->cancellable, &whole, &fault))
    *more = TRUE;
  else if (g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER))
    put_off (round, hash, fault->message);
  else if (is_final (fault))
    return refuse_ops (round, hash, fault->message, error);
  else
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  if (round->progress != NULL)
    round->progress (round, round->data);
  return TRUE;
}

/* Who has gone waits no more. */
static void
forget_sent (XhRound *round, GPtrArray *outgoing)
{
  GHashTableIter iter;
  gpointer hash;

  g_hash_table_iter_init (&iter, round->later);
  while (g_hash_table_iter_next (&iter, &hash, NULL))
    if (!g_ptr_array_find_with_equal_func (outgoing, hash, g_str_equal, NULL))
      g_hash_table_iter_remove (&iter);
}

gboolean
xh_round_files (XhRound *round, gboolean *more, GError **error)
{
  g_autoptr (GPtrArray) hashes = xh_files_outgoing (round->files);
  const gint64 deadline = g_get_monotonic_time () + SLICE_SECONDS * G_USEC_PER_SEC;
  GError *cause = NULL;

  *more = FALSE;
  forget_sent (round, hashes);
  if (!xh_files_release (round->files, round->store, &cause))
    return xh_round_fail_local (error, cause);
  for (guint i = 0; i < hashes->len && g_get_monotonic_time () < deadline; i++)
    if (!send_one (round, g_ptr_array_index (hashes, i), deadline, more, error))
      return FALSE;
  /* The last one that waits takes the notice along. */
  if (g_hash_table_size (round->later) == 0)
    g_clear_pointer (&round->notice, g_free);
  return TRUE;
}

GPtrArray *
xh_files_of_op (const XhKind *kind, const XhOp *op)
{
  g_autoptr (JsonNode) root = xh_wire_parse (op->set, strlen (op->set), NULL);
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return all;
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);
      JsonNode *node = field->type == XH_FIELD_FILES ? json_object_get_member (json_node_get_object (root), field->name) : NULL;

      if (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_extend_and_steal (all, xh_attachments_parse (json_node_get_string (node)));
    }
  return all;
}

void
xh_round_files_held (XhRound *round, const XhOp *op)
{
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (round->store), op->kind);
  g_autoptr (GPtrArray) files = NULL;

  if (kind == NULL || !g_hash_table_add (round->held, g_strdup (op->op_id)))
    return;
  files = xh_files_of_op (kind, op);
  for (guint i = 0; i < files->len; i++)
    {
      const XhAttachment *file = g_ptr_array_index (files, i);

      if (xh_files_has (round->files, file))
        xh_files_mark (round->files, file->hash, file->type, 0, NULL);
    }
}
