/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Out of the tray: a decision is saved like any other edit. What was decided is kept with all that is needed to take it back; a person gave
 * it up, the program throws nothing away. */
#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"

/* Layout 5: items put aside, and what was decided. `next_op` is the op that the decision queued, `stood` what it wrote over, `dropped` the
 * ops that went into it or were given up with it. */
const char xh_store_layout_5_sql[] =
  "ALTER TABLE tray ADD COLUMN parked_at TEXT;\n"
  "CREATE TABLE decided(number INTEGER PRIMARY KEY, type TEXT NOT NULL, detail TEXT NOT NULL, filed_at TEXT NOT NULL, parked_at TEXT,"
  " sequence INTEGER NOT NULL, op_id TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, base INTEGER NOT NULL, \"set\" TEXT NOT NULL,"
  " before TEXT NOT NULL, created_at TEXT NOT NULL, sent INTEGER NOT NULL, decided_at TEXT NOT NULL, decided_by TEXT, choices TEXT NOT NULL,"
  " next_op TEXT, stood TEXT NOT NULL, dropped TEXT NOT NULL);\n";

/* Layout 7: when an item was saved to a sheet. */
const char xh_store_layout_7_sql[] =
  "ALTER TABLE tray ADD COLUMN exported_at TEXT;\n"
  "ALTER TABLE decided ADD COLUMN exported_at TEXT;\n";

typedef struct
{
  XhTrayItem *item;    /* (owned) */
  JsonObject *choices; /* (not owned) */
  const char *author;
  gint64 seen;         /* stamp of the record that was shown; -1: whatever stands */
  JsonObject *stood;   /* (owned) */
  JsonArray *dropped;  /* (owned) */
  gint64 last;         /* sequence of the newest op before the decision */
} Deciding;

static void
deciding_clear (Deciding *self)
{
  g_clear_pointer (&self->item, xh_tray_item_free);
  g_clear_pointer (&self->stood, json_object_unref);
  g_clear_pointer (&self->dropped, json_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deciding, deciding_clear)

static char *
array_text (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);

  return xh_json_canonical (node);
}

static XhTrayItem *
find_item (XhStore *self, gint64 number, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT " XH_TRAY_COLUMNS " FROM tray WHERE number = ?1", error);
  XhTrayItem *item = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, number);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      item = xh_tray_item_from_row (statement);
      sqlite3_reset (statement);
    }
  else if (code == SQLITE_DONE)
    g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, "%s", _("This has been decided already."));
  return item;
}

static gboolean
run_on_number (XhStore *self, const char *sql, gint64 number, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  return xh_store_run (self, statement, error);
}

/* --- deciding */

/* The ops of the record that wait go out of the outbox: into what is decided, or with it. */
static gboolean
drop_waiting (XhStore *self, Deciding *deciding, GError **error)
{
  static const char sql[] = "SELECT json_object('sequence', sequence, 'op_id', op_id, 'kind', kind, 'record', record, 'base', base, 'set', \"set\","
                            " 'before', before, 'created_at', created_at, 'sent', sent, 'origin', origin, 'stale', stale)"
                            " FROM outbox WHERE record = ?1 ORDER BY sequence";
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, deciding->item->op.record);
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    json_array_add_string_element (deciding->dropped, (const char *) sqlite3_column_text (statement, 0));
  return code == SQLITE_DONE && xh_store_change_on_record (self, "DELETE FROM outbox WHERE record = ?1", deciding->item->op.record, error);
}

static GPtrArray *
decided_names (JsonObject *choices)
{
  GPtrArray *names = g_ptr_array_new ();
  GList *members = json_object_get_members (choices);

  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, l->data);
  g_list_free (members);
  return names;
}

static void
note_what_stands (Deciding *deciding, const XhRecord *record, GPtrArray *names)
{
  for (guint i = 0; i < names->len; i++)
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (xh_record_value (record, g_ptr_array_index (names, i), &value))
        json_object_set_member (deciding->stood, g_ptr_array_index (names, i), xh_value_to_json (&value));
    }
}

/* A creation the server refused is made again whole, with everything that was edited since (xh_store_save() sees to that once
 * nothing of it is queued). Deciding nothing gives it up: it stays among the deleted. */
static gboolean
give_up_create (XhStore *self, Deciding *deciding, XhRecord *record, GError **error)
{
  json_object_set_int_member (deciding->stood, "deleted", record->deleted);
  record->deleted = TRUE;
  return drop_waiting (self, deciding, error) && xh_store_put (self, record, error);
}

/* What somebody else wrote meanwhile was not weighed: it must not be written over. */
static gboolean
check_seen (const Deciding *deciding, const XhRecord *record, GError **error)
{
  if (deciding->seen < 0 || deciding->seen == xh_record_stamp (record))
    return TRUE;
  g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_MOVED,
                       _("The record has changed since this page showed it. Nothing was saved: look at it as it stands now, and decide again."));
  return FALSE;
}

static gboolean
carry_out (XhStore *self, Deciding *deciding, GError **error)
{
  const XhOp *op = &deciding->item->op;
  const gboolean gives_up = json_object_get_size (deciding->choices) == 0;
  g_autoptr (GPtrArray) names = decided_names (deciding->choices);
  g_autoptr (XhRecord) record = NULL;
  g_autoptr (GError) fault = NULL;

  if (gives_up && op->base != 0 && deciding->seen < 0)
    return TRUE;
  record = xh_store_load (self, op->record, &fault);
  /* Its row has left this account's area: there is nothing to be mended here any more, but it can be given up. */
  if (gives_up && g_error_matches (fault, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    return drop_waiting (self, deciding, error);
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  if (!check_seen (deciding, record, error))
    return FALSE;
  if (gives_up && op->base != 0)
    return TRUE;
  if (record->version == 0 && gives_up)
    return give_up_create (self, deciding, record, error);
  if (record->version == 0 && !drop_waiting (self, deciding, error))
    return FALSE;
  note_what_stands (deciding, record, names);
  return xh_record_apply (record, deciding->choices, error) && xh_store_derive (self, &record, error)
         && xh_store_save (self, record, names, deciding->author, error);
}

/* The item moves from the tray to what was decided. */
static gboolean
file_decision (XhStore *self, const Deciding *deciding, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
    "INSERT INTO decided(" XH_TRAY_COLUMNS ", decided_at, decided_by, choices, stood, dropped)"
    " SELECT " XH_TRAY_COLUMNS ", ?2, ?3, ?4, '{}', '[]' FROM tray WHERE number = ?1", error);
  g_autofree char *now = xh_store_now (), *choices = xh_json_object_text (deciding->choices);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deciding->item->number);
  xh_sql_bind_text (statement, 2, now);
  xh_sql_bind_text (statement, 3, deciding->author);
  xh_sql_bind_text (statement, 4, choices);
  return xh_store_run (self, statement, error)
         && run_on_number (self, "DELETE FROM tray WHERE number = ?1", deciding->item->number, error);
}

/* And all that is needed to take it back. */
static gboolean
note_consequences (XhStore *self, const Deciding *deciding, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
    "UPDATE decided SET stood = ?2, dropped = ?3, next_op = (SELECT op_id FROM outbox o WHERE o.record = decided.record AND o.sequence > ?4"
    " ORDER BY o.sequence LIMIT 1) WHERE number = ?1", error);
  g_autofree char *stood = xh_json_object_text (deciding->stood), *dropped = array_text (deciding->dropped);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, deciding->item->number);
  xh_sql_bind_text (statement, 2, stood);
  xh_sql_bind_text (statement, 3, dropped);
  sqlite3_bind_int64 (statement, 4, deciding->last);
  return xh_store_run (self, statement, error);
}

static gboolean
resolve (XhStore *self, Deciding *deciding, gint64 number, GError **error)
{
  deciding->item = find_item (self, number, error);
  deciding->stood = json_object_new ();
  deciding->dropped = json_array_new ();
  return deciding->item != NULL && xh_store_number (self, "SELECT max(seq) FROM sqlite_sequence WHERE name = 'outbox'", &deciding->last, error)
         && file_decision (self, deciding, error) && carry_out (self, deciding, error) && note_consequences (self, deciding, error);
}

/**
 * xh_store_tray_resolve:
 * @number: of an item in the tray
 * @seen: xh_record_stamp() of the record that was shown to who decided; -1: it does not matter, as where a change is given up
 * @choices: JSON object: each field with the value that was decided, mine or a third; what is theirs is left out, and stays as it stands
 * @author: login of who decided
 *
 * Takes the item out of the tray. Values that differ from what stands are queued as one new op on the present version; none where
 * every value is theirs. Ops of the record that waited are free to go. xh_store_tray_undo() takes it back.
 *
 * Returns: %FALSE with %XH_STORE_ERROR_NOT_FOUND where somebody decided before, %XH_STORE_ERROR_MOVED where the record is of another
 * version than @seen, or the errors of xh_store_save()
 */
gboolean
xh_store_tray_resolve (XhStore *self, gint64 number, gint64 seen, const char *choices, const char *author, GError **error)
{
  g_autoptr (JsonObject) object = xh_json_object_parse (choices, error);
  g_auto (Deciding) deciding = { .choices = object, .author = author, .seen = seen };

  if (object == NULL || !xh_store_begin (self, error))
    return FALSE;
  if (resolve (self, &deciding, number, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

/* --- taking it back */

typedef struct
{
  XhTrayItem *item;                /* (owned) */
  char *next_op, *stood, *dropped; /* (owned) */
} Undoing;

static void
undoing_clear (Undoing *self)
{
  g_clear_pointer (&self->item, xh_tray_item_free);
  g_free (self->next_op);
  g_free (self->stood);
  g_free (self->dropped);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Undoing, undoing_clear)

#define DECIDED_SQL "SELECT " XH_TRAY_COLUMNS ", next_op, stood, dropped, decided_at, decided_by, choices FROM decided "

static gboolean
find_decision (XhStore *self, gint64 number, Undoing *undoing, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, DECIDED_SQL "WHERE number = ?1", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      undoing->item = xh_tray_item_from_row (statement);
      undoing->next_op = xh_sql_column_text (statement, XH_N_TRAY);
      undoing->stood = xh_sql_column_text (statement, XH_N_TRAY + 1);
      undoing->dropped = xh_sql_column_text (statement, XH_N_TRAY + 2);
      sqlite3_reset (statement);
    }
  else if (code == SQLITE_DONE)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("This decision was taken back already."));
  return code == SQLITE_ROW;
}

/* What the server did not accept of the decision waits in the tray by itself: two items would ask the same. */
static gboolean
is_refused (XhStore *self, const char *op_id, gboolean *refused, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT 1 FROM tray WHERE op_id = ?1", error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, op_id);
  code = xh_store_step (self, statement, error);
  *refused = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    sqlite3_reset (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
put_back_values (XhStore *self, const Undoing *undoing, GError **error)
{
  g_autoptr (JsonObject) stood = xh_json_object_parse (undoing->stood, error);
  g_autoptr (XhRecord) record = NULL;
  g_autoptr (GError) fault = NULL;

  if (stood == NULL)
    return FALSE;
  record = xh_store_load (self, undoing->item->op.record, &fault);
  if (record == NULL || json_object_get_size (stood) == 0)
    return record != NULL || g_error_matches (fault, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
  return xh_record_apply (record, stood, error) && xh_store_derive (self, &record, error) && xh_store_put (self, record, error);
}

static gboolean
put_back_ops (XhStore *self, const Undoing *undoing, GError **error)
{
  static const char sql[] =
    "INSERT INTO outbox(sequence, op_id, kind, record, base, \"set\", before, created_at, sent, origin, stale) SELECT"
    " value ->> 'sequence', value ->> 'op_id', value ->> 'kind', value ->> 'record', value ->> 'base', value ->> 'set',"
    " value ->> 'before', value ->> 'created_at', value ->> 'sent', value ->> 'origin', value ->> 'stale' FROM json_each(?1)";
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, undoing->dropped);
  return xh_store_run (self, statement, error);
}

/* What the decision did here is undone as long as the server cannot know of it. Afterwards it stands as any edit does, until the item is
 * decided anew on top of it. */
static gboolean
take_back_op (XhStore *self, const Undoing *undoing, GError **error)
{
  g_autoptr (XhOp) op = NULL;

  if (undoing->next_op == NULL)
    return put_back_values (self, undoing, error) && put_back_ops (self, undoing, error);
  if (!xh_store_find_op (self, undoing->next_op, &op, error))
    return FALSE;
  if (op == NULL || op->sent)
    return TRUE;
  if (!xh_store_change_on_record (self, "DELETE FROM outbox WHERE op_id = ?1", op->op_id, error))
    return FALSE;
  if (op->base != 0)
    return xh_store_take_back (self, op, error);
  return put_back_values (self, undoing, error) && put_back_ops (self, undoing, error);
}

static gboolean
undo (XhStore *self, gint64 number, GError **error)
{
  g_auto (Undoing) undoing = { 0 };
  gboolean refused = FALSE;

  if (!find_decision (self, number, &undoing, error)
      || (undoing.next_op != NULL && !is_refused (self, undoing.next_op, &refused, error)))
    return FALSE;
  if (refused)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID,
                           _("The server did not take this decision over: it waits for you among the changes above, and is decided there."));
      return FALSE;
    }
  return take_back_op (self, &undoing, error)
         && run_on_number (self, "INSERT INTO tray(" XH_TRAY_COLUMNS ") SELECT " XH_TRAY_COLUMNS " FROM decided WHERE number = ?1", number, error)
         && run_on_number (self, "DELETE FROM decided WHERE number = ?1", number, error);
}

/**
 * xh_store_tray_undo:
 * @number: of an item that was decided
 *
 * The item is in the tray again, as it was. As long as the decision was not sent, the record is what it was before it; else the decided
 * values stand until the item is decided anew.
 *
 * Returns: %FALSE with %XH_STORE_ERROR_NOT_FOUND where it was taken back before, %XH_STORE_ERROR_INVALID where the decision itself is in the tray
 */
gboolean
xh_store_tray_undo (XhStore *self, gint64 number, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  if (undo (self, number, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

/* --- reading */

void
xh_decision_free (XhDecision *decision)
{
  if (decision == NULL)
    return;
  xh_tray_item_free (decision->item);
  g_free (decision->decided_at);
  g_free (decision->decided_by);
  g_free (decision->choices);
  g_free (decision);
}

/**
 * xh_store_decisions:
 * @limit: how many at most
 *
 * Returns: (transfer full) (element-type XhDecision): what was decided, newest first, or %NULL with an error
 */
GPtrArray *
xh_store_decisions (XhStore *self, guint limit, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, DECIDED_SQL "ORDER BY decided_at DESC, number DESC LIMIT ?1", error);
  g_autoptr (GPtrArray) decisions = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_decision_free);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit);
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      XhDecision *decision = g_new0 (XhDecision, 1);

      decision->item = xh_tray_item_from_row (statement);
      decision->decided_at = xh_sql_column_text (statement, XH_N_TRAY + 3);
      decision->decided_by = xh_sql_column_text (statement, XH_N_TRAY + 4);
      decision->choices = xh_sql_column_text (statement, XH_N_TRAY + 5);
      g_ptr_array_add (decisions, decision);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&decisions) : NULL;
}
