/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Saving an edit: the row and the op that tells the server of it, both or neither. */
#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-identifiers.h"

#define MOST_RENEWED 100 /* records that a save computes again; a form takes about a millisecond */

/* --- helpers */

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

/* A form that was opened before the store left its ledger saw a version of that one: it does not count as a number of this one, also where the
 * two are equal. */
static void
compare_versions (XhStore *self, Saving *saving, const XhRecord *record)
{
  const XhRecord *present = saving->present;
  const gint64 seen = xh_record_version_in (record, present->era);

  if (seen > 0 && record->era != present->era)
    saving->stale = TRUE;
  else
    saving->stale = present->version != seen && !is_our_chain (self, record->id, seen, present->version);
  saving->base = saving->stale ? seen : present->version;
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
  compare_versions (self, saving, record);
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
      /* Its row went while the form was open: it stands here as made again, and any row of the server's is newer. */
      saving->target->version = 0;
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
      xh_record_set_value (saving->target, name, &value);
    }
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (is_typed (record, field->name))
        mixed |= !xh_value_equal (&saving->target->values[i], &record->values[i]);
      else
        xh_value_copy (&record->values[i], &saving->target->values[i]);
    }
  return (!mixed || xh_store_derive (self, &saving->target, error)) && xh_store_preview_keep (self, saving->present, saving->target, error);
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
  return told > 0 || xh_store_change_on_record (self, "DELETE FROM outbox WHERE record = ?1", saving->target->id, error);
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
  /* Who deletes a record deletes what he saw of it: whatever comes in before this op goes out, its base stays that. */
  return json_object_get_size (set) == 0
         || queue_op (self, saving->target, saving->creates ? 0 : saving->base, saving->stale || json_object_has_member (set, "deleted"), set, before, error);
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
  record->era = stored->era;
  replace_text (&record->created_at, stored->created_at);
  replace_text (&record->updated_at, stored->updated_at);
  replace_text (&record->updated_by, stored->updated_by);
  replace_text (&record->due, stored->due);
}

/* --- what hangs on it */

static gboolean
renew (XhStore *self, gint64 rid, GError **error)
{
  g_autoptr (XhRecord) present = xh_store_load_rid (self, rid, error);
  g_autoptr (XhRecord) renewed = present != NULL ? xh_record_copy (present) : NULL;

  if (renewed == NULL || !xh_store_derive (self, &renewed, error))
    return FALSE;
  return !xh_stale_differs (present, renewed)
         || (xh_store_preview_keep (self, present, renewed, error) && xh_store_put (self, renewed, error));
}

/* Values that other records take over from this one. Nothing is queued: the server computes them by itself, as it does sums over records that
 * this device may not have, and more of them than fit into a save. */
static gboolean
renew_others (XhStore *self, const Saving *saving, GError **error)
{
  g_autoptr (GArray) rids = NULL;

  if (self->stale == NULL)
    self->stale = xh_stale_new (self->catalog, XH_STALE_SINGLE);
  xh_stale_note (self->stale, saving->present, saving->target);
  rids = xh_stale_find (self->stale, self, error);
  for (guint i = 0; rids != NULL && i < MIN (rids->len, MOST_RENEWED); i++)
    if (!renew (self, g_array_index (rids, gint64, i), error))
      return FALSE;
  return rids != NULL;
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
      || !renew_others (self, &saving, error) || !xh_store_draft_remove (self, record->id, error))
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
