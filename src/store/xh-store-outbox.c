/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person changed here and the server has not yet accepted. A row of "record" is always what the server last sent with the
 * ops of the outbox on top; the tables that hold only what the server sent would be a second copy of everything.
 *
 * One op of a record is under way at a time: the next waits for the answer, whose version becomes its base. An op is "stale" when
 * somebody else changed a field of it between what the person saw and what stands here: its base then stays what the person
 * saw, so that the server finds the conflict. */
#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"

/* --- JSON and values */

JsonObject *
xh_json_object_parse (const char *json, GError **error)
{
  g_autoptr (JsonNode) node = xh_json_parse (json, -1, error);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, "%s", _("A JSON object is expected."));
      return NULL;
    }
  return json_node_dup_object (node);
}

char *
xh_json_object_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return xh_json_canonical (node);
}

gboolean
xh_record_value (const XhRecord *record, const char *name, XhValue *value)
{
  const XhValue *field = xh_record_get (record, name);

  if (field != NULL)
    xh_value_copy (field, value);
  else if (strcmp (name, "state") == 0)
    xh_value_set_text (value, record->state);
  else if (strcmp (name, "deleted") == 0)
    xh_value_set_integer (value, record->deleted);
  else if (strcmp (name, "division") == 0)
    xh_value_set_text (value, record->division);
  else if (strcmp (name, "unit") == 0)
    xh_value_set_text (value, record->unit);
  else
    return FALSE;
  return TRUE;
}

static void
set_text (char **target, const XhValue *value)
{
  g_free (*target);
  *target = value->type == XH_VALUE_TEXT ? g_strdup (value->text) : NULL;
}

gboolean
xh_record_set_value (XhRecord *record, const char *name, const XhValue *value)
{
  if (xh_record_set (record, name, value))
    {
      /* The spine follows the fields that the kind says give it. */
      if (g_strcmp0 (record->kind->division_field, name) == 0)
        set_text (&record->division, value);
      if (g_strcmp0 (record->kind->unit_field, name) == 0)
        set_text (&record->unit, value);
    }
  else if (strcmp (name, "state") == 0)
    set_text (&record->state, value);
  else if (strcmp (name, "deleted") == 0)
    record->deleted = xh_value_as_integer (value) != 0;
  else if (strcmp (name, "division") == 0)
    set_text (&record->division, value);
  else if (strcmp (name, "unit") == 0)
    set_text (&record->unit, value);
  else
    return FALSE;
  return TRUE;
}

/* Names the kind no longer has are passed over: the definition may have changed since. */
gboolean
xh_record_apply (XhRecord *record, JsonObject *set, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, set);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (!xh_value_from_json (node, &value))
        {
          g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("%s has a value that no field can hold."),
                       xh_kind_tell_field (record->kind, name));
          return FALSE;
        }
      xh_record_set_value (record, name, &value);
    }
  return TRUE;
}

/* --- ops */

void
xh_op_from_row (XhOp *op, sqlite3_stmt *statement, int column)
{
  op->sequence = sqlite3_column_int64 (statement, column);
  op->op_id = xh_sql_column_text (statement, column + 1);
  op->kind = xh_sql_column_text (statement, column + 2);
  op->record = xh_sql_column_text (statement, column + 3);
  op->base = sqlite3_column_int64 (statement, column + 4);
  op->set = xh_sql_column_text (statement, column + 5);
  op->before = xh_sql_column_text (statement, column + 6);
  op->created_at = xh_sql_column_text (statement, column + 7);
  op->sent = sqlite3_column_int (statement, column + 8) != 0;
}

void
xh_op_clear (XhOp *op)
{
  g_free (op->op_id);
  g_free (op->kind);
  g_free (op->record);
  g_free (op->set);
  g_free (op->before);
  g_free (op->created_at);
}

void
xh_op_free (XhOp *op)
{
  if (op == NULL)
    return;
  xh_op_clear (op);
  g_free (op);
}

gboolean
xh_store_change_on_record (XhStore *self, const char *sql, const char *record, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, record);
  return xh_store_run (self, statement, error);
}

/* --- the outbox */

static GPtrArray *
read_ops (XhStore *self, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  int code;

  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      XhOp *op = g_new0 (XhOp, 1);

      xh_op_from_row (op, statement, 0);
      g_ptr_array_add (ops, op);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&ops) : NULL;
}

/* What a record has in the tray must be decided first: a refused creation is not to come into being by the edits that follow it. */
#define NOT_HELD_BY_TRAY "NOT EXISTS (SELECT 1 FROM tray t WHERE t.record = o.record AND (t.parked_at IS NULL OR t.base = 0))"

/**
 * xh_store_outbox:
 * @limit: how many at most; 0: all
 *
 * The ops that may be sent now, in the order they were made: of each record its first, and none of a record that has one in the
 * tray that is not parked. Ask again after the answers have come: then the next ones follow, on the versions they brought.
 *
 * Returns: (transfer full) (element-type XhOp): ops, or %NULL with an error
 */
GPtrArray *
xh_store_outbox (XhStore *self, guint limit, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "SELECT " XH_OP_COLUMNS " FROM outbox o"
                                                " WHERE NOT EXISTS (SELECT 1 FROM outbox e WHERE e.record = o.record AND e.sequence < o.sequence)"
                                                " AND " NOT_HELD_BY_TRAY
                                                " ORDER BY sequence LIMIT ?1",
                                                error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit > 0 ? (gint64) limit : -1);
  return read_ops (self, statement, error);
}

GPtrArray *
xh_store_outbox_whole (XhStore *self, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT " XH_OP_COLUMNS " FROM outbox o WHERE " NOT_HELD_BY_TRAY " ORDER BY sequence", error);

  return statement != NULL ? read_ops (self, statement, error) : NULL;
}

/**
 * xh_store_mark_sent:
 * @ops: (element-type XhOp): ops that are about to be handed to the server
 *
 * From now on the server may know of them: they are sent again until they are answered, even if the record is deleted.
 */
gboolean
xh_store_mark_sent (XhStore *self, GPtrArray *ops, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);

      if (!op->sent && !xh_store_change_on_record (self, "UPDATE outbox SET sent = 1 WHERE op_id = ?1", op->op_id, error))
        {
          xh_store_rollback (self);
          return FALSE;
        }
    }
  if (xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

guint
xh_store_outbox_count (XhStore *self)
{
  gint64 n;

  return xh_store_number (self, "SELECT count(*) FROM outbox", &n, NULL) ? (guint) n : 0;
}

GHashTable *
xh_store_pending (XhStore *self, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT record FROM outbox UNION SELECT record FROM tray", error);
  g_autoptr (GHashTable) records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    g_hash_table_add (records, xh_sql_column_text (statement, 0));
  return code == SQLITE_DONE ? g_steal_pointer (&records) : NULL;
}

gboolean
xh_store_is_needed (XhStore *self, const char *text, gboolean *needed, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "SELECT EXISTS (SELECT 1 FROM outbox WHERE instr(\"set\", ?1)) OR EXISTS (SELECT 1 FROM draft WHERE instr(record, ?1))"
                                                " OR EXISTS (SELECT 1 FROM tray WHERE instr(\"set\", ?1))"
                                                " OR EXISTS (SELECT 1 FROM decided WHERE decided_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?2)"
                                                " AND (instr(\"set\", ?1) OR instr(dropped, ?1)))",
                                                error);
  g_autofree char *since = g_strdup_printf ("-%d days", XH_STORE_REGRET_DAYS);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, text);
  xh_sql_bind_text (statement, 2, since);
  if (xh_store_step (self, statement, error) != SQLITE_ROW)
    return FALSE;
  *needed = sqlite3_column_int (statement, 0) != 0;
  sqlite3_reset (statement);
  return TRUE;
}

/* --- answers */

static gboolean
note_chain (XhStore *self, const XhOp *op, gint64 version, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "INSERT INTO acked(record, base, version) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE"
                                                " SET base = iif(version = ?2, base, ?2), version = ?3",
                                                error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, op->record);
  sqlite3_bind_int64 (statement, 2, op->base);
  sqlite3_bind_int64 (statement, 3, version);
  return xh_store_run (self, statement, error);
}

static gboolean
change_version (XhStore *self, const char *sql, const XhOp *op, gint64 version, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, op->record);
  sqlite3_bind_int64 (statement, 2, version);
  return xh_store_run (self, statement, error);
}

gboolean
xh_store_find_op (XhStore *self, const char *op_id, XhOp **op, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT " XH_OP_COLUMNS " FROM outbox WHERE op_id = ?1", error);
  g_autoptr (GPtrArray) ops = NULL;

  *op = NULL;
  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, op_id);
  ops = read_ops (self, statement, error);
  if (ops == NULL)
    return FALSE;
  if (ops->len > 0)
    *op = g_ptr_array_steal_index (ops, 0);
  return TRUE;
}

static gboolean
ack (XhStore *self, const char *op_id, gint64 version, GError **error)
{
  g_autoptr (XhOp) op = NULL;

  if (!xh_store_find_op (self, op_id, &op, error))
    return FALSE;
  if (op == NULL)
    return TRUE; /* answered before */
  return xh_store_change_on_record (self, "DELETE FROM outbox WHERE op_id = ?1", op_id, error)
         && change_version (self, "UPDATE record SET version = max(version, ?2) WHERE id = ?1", op, version, error)
         && change_version (self, "UPDATE outbox SET base = ?2 WHERE record = ?1 AND NOT stale", op, version, error)
         && note_chain (self, op, version, error);
}

/**
 * xh_store_ack:
 * @op_id: an op the server has accepted; one that is not in the outbox is passed over
 * @version: the record's version now
 *
 * The op is done. Later ops of the record stay as they are, with @version as their base. Where the server merged (somebody else's
 * change is in the version, too), adopt the row it sent afterwards.
 */
gboolean
xh_store_ack (XhStore *self, const char *op_id, gint64 version, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  if (ack (self, op_id, version, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

GPtrArray *
xh_store_ops_of_record (XhStore *self, const char *record, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT " XH_OP_COLUMNS " FROM outbox WHERE record = ?1 ORDER BY sequence", error);

  if (statement == NULL)
    return NULL;
  xh_sql_bind_text (statement, 1, record);
  return read_ops (self, statement, error);
}

/* Whether each field of the op still is what the person saw when changing it. */
static gboolean
saw_the_same (const XhRecord *record, JsonObject *before)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, before);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_auto (XhValue) seen = XH_VALUE_INIT, stands = XH_VALUE_INIT;

      if (!xh_record_value (record, name, &stands))
        continue;
      if (!xh_value_from_json (node, &seen) || !xh_value_equal (&seen, &stands))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_on_top (XhStore *self, XhRecord *target, const XhOp *op, gint64 version, GError **error)
{
  g_autoptr (JsonObject) set = xh_json_object_parse (op->set, error), before = NULL;
  sqlite3_stmt *statement;
  gboolean same;

  if (set == NULL || (before = xh_json_object_parse (op->before, error)) == NULL)
    return FALSE;
  same = saw_the_same (target, before);
  if (!xh_record_apply (target, set, error))
    return FALSE;
  if (op->base == 0)
    return TRUE; /* our own creation came back before its answer */
  statement = xh_store_statement (self,
                                  same ? "UPDATE outbox SET base = max(base, ?2) WHERE sequence = ?1 AND NOT stale"
                                       : "UPDATE outbox SET base = origin, stale = 1 WHERE sequence = ?1 AND ?2 = ?2",
                                  error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, op->sequence);
  sqlite3_bind_int64 (statement, 2, version);
  return xh_store_run (self, statement, error);
}

static gboolean
adopt (XhStore *self, XhRecord *theirs, GError **error)
{
  g_autoptr (XhRecord) present = NULL, target = xh_record_copy (theirs);
  g_autoptr (GPtrArray) ops = xh_store_ops_of_record (self, theirs->id, error);
  const XhKind *kind;
  gint64 rid;

  if (ops == NULL || !xh_store_find (self, theirs->id, &rid, &kind, error))
    return FALSE;
  if (rid != 0 && (present = xh_store_load_rid (self, rid, error)) == NULL)
    return FALSE;
  if (present != NULL && present->version > theirs->version)
    return TRUE; /* an old page, read again */
  /* What was kept of a row before is void, also of this very version: where an op of the record was acknowledged while later ones lay on top, a save
   * between has kept what stood here, which is not what the server has; and rows come again at their version when a role reads more of them. */
  if (present != NULL && !xh_store_preview_drop (self, theirs->id, error))
    return FALSE;
  for (guint i = 0; i < ops->len; i++)
    if (!put_on_top (self, target, g_ptr_array_index (ops, i), theirs->version, error))
      return FALSE;
  if (ops->len > 0 && (!xh_store_derive (self, &target, error) || !xh_store_preview_keep (self, theirs, target, error)))
    return FALSE;
  /* What a person sees next is somebody else's work, too. */
  if (!xh_store_change_on_record (self, "DELETE FROM acked WHERE record = ?1", theirs->id, error) || !xh_store_put (self, target, error))
    return FALSE;
  theirs->rid = target->rid;
  return TRUE;
}

/**
 * xh_store_adopt:
 * @theirs: a record as the server has it; its rid is set
 *
 * Becomes what stands here, with the ops of the outbox on top of it again. An op whose fields somebody else changed keeps the base
 * its author saw: the server will find the conflict. A row older than what stands is passed over.
 */
gboolean
xh_store_adopt (XhStore *self, XhRecord *theirs, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  if (adopt (self, theirs, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}
