/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ops the server did not accept, waiting for a person. They block nothing but later ops of the same record. */
#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-form.h"
#include "model/xh-json.h"

/* --- what hangs on a mixture of values */

/* A row made of the server's values and ours has computed values of neither: they are made again as the form would. */
gboolean
xh_store_derive (XhStore *self, XhRecord **record, GError **error)
{
  const guint n = (*record)->kind->references->len;
  XhValue *references = xh_value_array_new (n);
  g_autoptr (XhForm) form = xh_form_new ((*record)->kind, NULL);
  gboolean fetched = xh_store_references (self, *record, references, error);

  if (fetched)
    {
      XhRecord *derived;

      xh_form_load (form, *record, references, FALSE);
      derived = xh_record_copy (xh_form_get_record (form));
      xh_record_free (*record);
      *record = derived;
    }
  xh_value_array_free (references, n);
  return fetched;
}

/* --- into the tray */

/* What the record is called goes along: its row may leave while a person has not decided yet. */
static gboolean
move_op (XhStore *self, const char *op_id, const char *type, const char *detail, const char *title, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "INSERT INTO tray(type, detail, filed_at, sequence, op_id, kind, record, base, \"set\", before,"
                                                " created_at, sent) SELECT ?2, iif(json_valid(?3) AND ?5 <> '', json_set(?3, '$.title', ?5), ?3), ?4, "
                                                XH_OP_COLUMNS " FROM outbox WHERE op_id = ?1",
                                                error);
  g_autofree char *now = xh_store_now ();
  sqlite3_stmt *remove;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, op_id);
  xh_sql_bind_text (statement, 2, type);
  xh_sql_bind_text (statement, 3, detail);
  xh_sql_bind_text (statement, 4, now);
  xh_sql_bind_text (statement, 5, title);
  if (!xh_store_run (self, statement, error))
    return FALSE;
  remove = xh_store_statement (self, "DELETE FROM outbox WHERE op_id = ?1", error);
  if (remove == NULL)
    return FALSE;
  xh_sql_bind_text (remove, 1, op_id);
  return xh_store_run (self, remove, error);
}

static gboolean
set_before (XhStore *self, const XhOp *op, JsonObject *before, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "UPDATE outbox SET before = ?2 WHERE sequence = ?1", error);
  g_autofree char *text = xh_json_object_text (before);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, op->sequence);
  xh_sql_bind_text (statement, 2, text);
  return xh_store_run (self, statement, error);
}

/* A later op that changed the same field now stands on what was before the refused one. */
static gboolean
hand_down (XhStore *self, JsonObject *before, const XhOp *later, GError **error)
{
  g_autoptr (JsonObject) their_before = xh_json_object_parse (later->before, error);
  g_autoptr (GList) names = NULL;
  gboolean changed = FALSE;

  if (their_before == NULL)
    return FALSE;
  names = json_object_get_members (before);
  for (GList *l = names; l != NULL; l = l->next)
    if (json_object_has_member (their_before, l->data))
      {
        json_object_set_member (their_before, l->data, json_node_copy (json_object_get_member (before, l->data)));
        json_object_remove_member (before, l->data);
        changed = TRUE;
      }
  return !changed || set_before (self, later, their_before, error);
}

/* The row goes back to what it was before the op; later ops stay on top. What was created here stays: the server has nothing
 * that could stand in its place. */
gboolean
xh_store_take_back (XhStore *self, const XhOp *op, GError **error)
{
  g_autoptr (JsonObject) before = xh_json_object_parse (op->before, error);
  g_autoptr (GPtrArray) later = NULL;
  g_autoptr (XhRecord) record = NULL;
  const XhKind *kind;
  gint64 rid;

  if (before == NULL || (later = xh_store_ops_of_record (self, op->record, error)) == NULL
      || !xh_store_find (self, op->record, &rid, &kind, error))
    return FALSE;
  for (guint i = 0; i < later->len; i++)
    if (!hand_down (self, before, g_ptr_array_index (later, i), error))
      return FALSE;
  if (rid == 0 || kind == NULL || json_object_get_size (before) == 0)
    return TRUE;
  record = xh_store_load_rid (self, rid, error);
  return record != NULL && xh_record_apply (record, before, error) && xh_store_derive (self, &record, error)
         && xh_store_put (self, record, error);
}

static gboolean
to_tray (XhStore *self, const char *op_id, const char *type, const char *detail, GError **error)
{
  g_autoptr (XhOp) op = NULL;
  g_autofree char *title = NULL;

  if (!xh_store_find_op (self, op_id, &op, error))
    return FALSE;
  title = op != NULL ? xh_store_title (self, op->record, NULL) : NULL;
  return op == NULL || (move_op (self, op_id, type, detail, title, error) && xh_store_take_back (self, op, error));
}

/**
 * xh_store_to_tray:
 * @op_id: an op the server did not accept; one that is not in the outbox is passed over
 * @type: "conflict" or "rejected"
 * @detail_json: what the server said
 *
 * The op waits in the tray, the record shows what it was before. Adopt the row the server sent with a conflict afterwards.
 */
gboolean
xh_store_to_tray (XhStore *self, const char *op_id, const char *type, const char *detail_json, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  if (to_tray (self, op_id, type, detail_json, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

/* --- reading it */

void
xh_tray_item_free (XhTrayItem *item)
{
  if (item == NULL)
    return;
  xh_op_clear (&item->op);
  g_free (item->type);
  g_free (item->detail);
  g_free (item->created_at);
  g_free (item->parked_at);
  g_free (item->exported_at);
  g_free (item);
}


XhTrayItem *
xh_tray_item_from_row (sqlite3_stmt *statement)
{
  XhTrayItem *item = g_new0 (XhTrayItem, 1);

  item->number = sqlite3_column_int64 (statement, 0);
  item->type = xh_sql_column_text (statement, 1);
  item->detail = xh_sql_column_text (statement, 2);
  item->created_at = xh_sql_column_text (statement, 3);
  item->parked_at = xh_sql_column_text (statement, 4);
  item->exported_at = xh_sql_column_text (statement, 5);
  xh_op_from_row (&item->op, statement, 6);
  return item;
}

/**
 * xh_store_tray:
 *
 * Returns: (transfer full) (element-type XhTrayItem): what waits for a person, oldest first, or %NULL with an error
 */
GPtrArray *
xh_store_tray (XhStore *self, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT " XH_TRAY_COLUMNS " FROM tray ORDER BY number", error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_tray_item_free);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (items, xh_tray_item_from_row (statement));
  return code == SQLITE_DONE ? g_steal_pointer (&items) : NULL;
}

/* What waits for a person; parked items are not counted. */
guint
xh_store_tray_count (XhStore *self)
{
  gint64 n;

  return xh_store_number (self, "SELECT count(*) FROM tray WHERE parked_at IS NULL", &n, NULL) ? (guint) n : 0;
}

/**
 * xh_store_tray_park:
 * @number: of an item in the tray
 * @parked: %TRUE puts it aside, %FALSE brings it back
 *
 * A parked item stays whole and can be decided at any time; it is not counted, and later ops of its record go to the server. Those of a
 * record that the server refused to make wait all the same: there is nothing that they could change.
 *
 * Returns: %FALSE with %XH_STORE_ERROR_NOT_FOUND where somebody decided before
 */
gboolean
xh_store_tray_park (XhStore *self, gint64 number, gboolean parked, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "UPDATE tray SET parked_at = ?2 WHERE number = ?1", error);
  g_autofree char *now = parked ? xh_store_now () : NULL;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  xh_sql_bind_text (statement, 2, now);
  if (!xh_store_run (self, statement, error))
    return FALSE;
  if (sqlite3_changes (self->db) > 0)
    return TRUE;
  g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("This has been decided already."));
  return FALSE;
}

static gboolean
note_exported (XhStore *self, GArray *numbers, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "UPDATE tray SET exported_at = ?2 WHERE number = ?1", error);
  g_autofree char *now = xh_store_now ();

  for (guint i = 0; statement != NULL && i < numbers->len; i++)
    {
      sqlite3_bind_int64 (statement, 1, g_array_index (numbers, gint64, i));
      xh_sql_bind_text (statement, 2, now);
      if (!xh_store_run (self, statement, error))
        return FALSE;
    }
  return statement != NULL;
}

/**
 * xh_store_tray_note_exported:
 * @numbers: (element-type gint64): of items in the tray; one that was decided meanwhile is passed over
 *
 * Remembers that the items were saved to a sheet: what is not in this account's area any more may then be put away, also after a restart.
 * Thread: any, with a store that writes.
 */
gboolean
xh_store_tray_note_exported (XhStore *self, GArray *numbers, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  if (note_exported (self, numbers, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}
