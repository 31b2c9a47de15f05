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

#include "model/xh-identifiers.h"
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

static gboolean
set_value (XhRecord *record, const char *name, const XhValue *value)
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
          g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("%s has a value that no field can hold."), name);
          return FALSE;
        }
      set_value (record, name, &value);
    }
  return TRUE;
}

static void
add_value (JsonObject *object, const XhRecord *record, const char *name)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (xh_record_value (record, name, &value))
    json_object_set_member (object, name, xh_value_to_json (&value));
}

/* Computed and scored fields are made again by whoever applies the op: they are no part of it. */
static gboolean
is_typed (const XhRecord *record, const char *name)
{
  const XhField *field = xh_kind_find_field (record->kind, name);

  return field == NULL || (field->computed == NULL && !field->scored);
}

static gboolean
same_value (const XhRecord *a, const XhRecord *b, const char *name)
{
  g_auto (XhValue) one = XH_VALUE_INIT, two = XH_VALUE_INIT;

  return xh_record_value (a, name, &one) && xh_record_value (b, name, &two) && xh_value_equal (&one, &two);
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

static gboolean
queue_op (XhStore *self, const XhRecord *record, gint64 base, gboolean stale, JsonObject *set, JsonObject *before, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "INSERT INTO outbox(op_id, kind, record, base, origin, \"set\", before, created_at, stale)"
                                                " VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8)",
                                                error);
  g_autofree char *op_id = xh_uuid_v7_new (), *now = xh_store_now ();
  g_autofree char *set_text = xh_json_object_text (set), *before_text = xh_json_object_text (before);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, op_id);
  xh_sql_bind_text (statement, 2, record->kind->name);
  xh_sql_bind_text (statement, 3, record->id);
  sqlite3_bind_int64 (statement, 4, base);
  xh_sql_bind_text (statement, 5, set_text);
  xh_sql_bind_text (statement, 6, before_text);
  xh_sql_bind_text (statement, 7, now);
  sqlite3_bind_int (statement, 8, stale);
  return xh_store_run (self, statement, error);
}

static gboolean
count_on_record (XhStore *self, const char *sql, const char *record, gint64 *n, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  *n = 0;
  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, record);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      *n = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
change_on_record (XhStore *self, const char *sql, const char *record, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, record);
  return xh_store_run (self, statement, error);
}

/* --- saving */

typedef struct
{
  XhRecord *present; /* (owned) (nullable) the row as it stands */
  XhRecord *target;  /* (owned) the row as it will be */
  gboolean creates;
  gboolean stale;
  gint64 base;
} Saving;

static void
saving_clear (Saving *self)
{
  g_clear_pointer (&self->present, xh_record_free);
  g_clear_pointer (&self->target, xh_record_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Saving, saving_clear)

/* Whether everything between the version a person saw and the one that stands is our own ops, accepted meanwhile. */
static gboolean
is_our_chain (XhStore *self, const char *record, gint64 from, gint64 to)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT 1 FROM acked WHERE record = ?1 AND base <= ?2 AND version = ?3", NULL);
  gboolean ours;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, record);
  sqlite3_bind_int64 (statement, 2, from);
  sqlite3_bind_int64 (statement, 3, to);
  ours = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_reset (statement);
  return ours;
}

static gboolean
look_at_present (XhStore *self, Saving *saving, const XhRecord *record, GError **error)
{
  gint64 rid, waiting;
  const XhKind *kind;

  if (!xh_store_find (self, record->id, &rid, &kind, error))
    return FALSE;
  if (rid == 0)
    {
      saving->creates = TRUE;
      return TRUE;
    }
  saving->present = xh_store_load_rid (self, rid, error);
  if (saving->present == NULL
      || !count_on_record (self, "SELECT (SELECT count(*) FROM outbox WHERE record = ?1) + (SELECT count(*) FROM tray WHERE record = ?1)",
                           record->id, &waiting, error))
    return FALSE;
  saving->creates = saving->present->version == 0 && waiting == 0;
  saving->stale = saving->present->version != record->version
                  && !is_our_chain (self, record->id, record->version, saving->present->version);
  saving->base = saving->stale ? record->version : saving->present->version;
  return TRUE;
}

/* Only what the person changed goes over the row: the rest may have been changed by somebody else since the form was opened. */
static gboolean
make_target (XhStore *self, Saving *saving, const XhRecord *record, GPtrArray *changed, GError **error)
{
  gboolean mixed = FALSE;

  if (saving->present == NULL)
    {
      saving->target = xh_record_copy (record);
      return TRUE;
    }
  saving->target = xh_record_copy (saving->present);
  for (guint i = 0; i < changed->len; i++)
    {
      const char *name = g_ptr_array_index (changed, i);
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (!xh_record_value (record, name, &value))
        {
          g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("Register %s has no field %s."), record->kind->name, name);
          return FALSE;
        }
      set_value (saving->target, name, &value);
    }
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (is_typed (record, field->name))
        mixed |= !xh_value_equal (&saving->target->values[i], &record->values[i]);
      else
        xh_value_copy (&record->values[i], &saving->target->values[i]);
    }
  return !mixed || xh_store_derive (self, &saving->target, error);
}

static void
stamp (XhRecord *record, const char *author)
{
  g_autofree char *now = xh_store_now ();

  if (record->created_at == NULL)
    record->created_at = g_strdup (now);
  g_free (record->updated_at);
  record->updated_at = g_steal_pointer (&now);
  g_free (record->updated_by);
  record->updated_by = g_strdup (author);
}

static void
describe_create (const XhRecord *record, JsonObject *set)
{
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (!xh_value_is_null (&record->values[i]) && is_typed (record, field->name))
        add_value (set, record, field->name);
    }
  add_value (set, record, "state");
}

static void
describe_edit (const Saving *saving, GPtrArray *changed, JsonObject *set, JsonObject *before)
{
  for (guint i = 0; i < changed->len; i++)
    {
      const char *name = g_ptr_array_index (changed, i);

      if (!is_typed (saving->target, name) || (!saving->stale && same_value (saving->target, saving->present, name)))
        continue;
      add_value (set, saving->target, name);
      add_value (before, saving->present, name);
    }
}

/* Made and deleted before the server heard of it: there is nothing to tell. The row stays among the deleted. */
static gboolean
drop_unsent_create (XhStore *self, const Saving *saving, gboolean *dropped, GError **error)
{
  gint64 told;

  *dropped = FALSE;
  if (!saving->target->deleted || saving->target->version != 0)
    return TRUE;
  if (!count_on_record (self, "SELECT (SELECT count(*) FROM outbox WHERE record = ?1 AND sent) + (SELECT count(*) FROM tray WHERE record = ?1)",
                        saving->target->id, &told, error))
    return FALSE;
  *dropped = told == 0;
  return told > 0 || change_on_record (self, "DELETE FROM outbox WHERE record = ?1", saving->target->id, error);
}

static gboolean
queue_saving (XhStore *self, const Saving *saving, GPtrArray *changed, GError **error)
{
  g_autoptr (JsonObject) set = json_object_new (), before = json_object_new ();
  gboolean dropped;

  if (!drop_unsent_create (self, saving, &dropped, error))
    return FALSE;
  if (dropped)
    return TRUE;
  if (saving->creates)
    describe_create (saving->target, set);
  else
    describe_edit (saving, changed, set, before);
  return json_object_get_size (set) == 0 || queue_op (self, saving->target, saving->creates ? 0 : saving->base, saving->stale, set, before, error);
}

static void
replace_text (char **target, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*target);
  *target = copy;
}

static void
take_stored (XhRecord *record, XhRecord *stored)
{
  record->rid = stored->rid;
  record->version = stored->version;
  replace_text (&record->created_at, stored->created_at);
  replace_text (&record->updated_at, stored->updated_at);
  replace_text (&record->updated_by, stored->updated_by);
  replace_text (&record->due, stored->due);
}

static gboolean
save (XhStore *self, XhRecord *record, GPtrArray *changed, const char *author, GError **error)
{
  g_auto (Saving) saving = { 0 };

  if (!xh_store_check_unique (self, record, error) || !look_at_present (self, &saving, record, error)
      || !make_target (self, &saving, record, changed, error))
    return FALSE;
  stamp (saving.target, author);
  if (!queue_saving (self, &saving, changed, error) || !xh_store_put (self, saving.target, error)
      || !xh_store_draft_remove (self, record->id, error))
    return FALSE;
  take_stored (record, saving.target);
  return TRUE;
}

/**
 * xh_store_save:
 * @record: the record as the person sees it; its rid, version, times and due are set
 * @changed: (element-type utf8): names of the fields changed since it was loaded; "state" and "deleted" too
 * @author: login of the person
 *
 * Stores the record and queues one op for the server, both or neither, safe from a power cut when it returns. A record the
 * server has not seen is queued whole. Only @changed goes over what stands, so that what another changed meanwhile is kept;
 * the server finds out whether both meant the same field. Its draft is removed.
 *
 * Returns: %FALSE with %XH_STORE_ERROR_UNIQUE (say it at the fields) or %XH_STORE_ERROR_FULL, and nothing was changed
 */
gboolean
xh_store_save (XhStore *self, XhRecord *record, GPtrArray *changed, const char *author, GError **error)
{
  g_return_val_if_fail (self != NULL && record != NULL && changed != NULL, FALSE);

  if (!xh_store_begin (self, error))
    return FALSE;
  if (save (self, record, changed, author, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
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

/**
 * xh_store_outbox:
 * @limit: how many at most; 0: all
 *
 * The ops that may be sent now, in the order they were made: of each record its first, and none of a record that has one in the
 * tray. Ask again after the answers have come: then the next ones follow, on the versions they brought.
 *
 * Returns: (transfer full) (element-type XhOp): ops, or %NULL with an error
 */
GPtrArray *
xh_store_outbox (XhStore *self, guint limit, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "SELECT " XH_OP_COLUMNS " FROM outbox o"
                                                " WHERE NOT EXISTS (SELECT 1 FROM outbox e WHERE e.record = o.record AND e.sequence < o.sequence)"
                                                " AND NOT EXISTS (SELECT 1 FROM tray t WHERE t.record = o.record) ORDER BY sequence LIMIT ?1",
                                                error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit > 0 ? (gint64) limit : -1);
  return read_ops (self, statement, error);
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

      if (!op->sent && !change_on_record (self, "UPDATE outbox SET sent = 1 WHERE op_id = ?1", op->op_id, error))
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
  return change_on_record (self, "DELETE FROM outbox WHERE op_id = ?1", op_id, error)
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
  for (guint i = 0; i < ops->len; i++)
    if (!put_on_top (self, target, g_ptr_array_index (ops, i), theirs->version, error))
      return FALSE;
  if (ops->len > 0 && !xh_store_derive (self, &target, error))
    return FALSE;
  /* What a person sees next is somebody else's work, too. */
  if (!change_on_record (self, "DELETE FROM acked WHERE record = ?1", theirs->id, error) || !xh_store_put (self, target, error))
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
