/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Storing one record. A pull stores hundreds of thousands, so that what is not asked of the database counts: a row is inserted without
 * looking whether it is there (its id's index says so anyway), its due date is worked out before and goes in with it, and a row that is
 * there keeps its index entries where what they are made of has not changed (SQLite would take each out and enter it again). */
#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-sort-key.h"

/* --- the spine */

#define INSERT_SQL \
  "INSERT INTO record(division, unit, state, version, kind_version, deleted, created_at, updated_at, updated_by, due, subject," \
  " id, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT(id) DO NOTHING"

/* Touches no index but that of updated_at. */
#define RENEW_SQL \
  "UPDATE record SET version = ?4, kind_version = ?5, created_at = ?7, updated_at = ?8, updated_by = ?9" \
  " WHERE rid = ?12 AND division IS ?1 AND unit IS ?2 AND state IS ?3 AND deleted = ?6 AND due IS ?10 AND subject IS ?11"

#define UPDATE_SQL \
  "UPDATE record SET division = ?1, unit = ?2, state = ?3, version = ?4, kind_version = ?5, deleted = ?6, created_at = ?7," \
  " updated_at = ?8, updated_by = ?9, due = ?10, subject = ?11 WHERE rid = ?12"

static void
bind_spine (sqlite3_stmt *statement, const XhRecord *record, const char *subject)
{
  xh_sql_bind_text (statement, 1, record->division);
  xh_sql_bind_text (statement, 2, record->unit);
  xh_sql_bind_text (statement, 3, record->state);
  sqlite3_bind_int64 (statement, 4, record->version);
  sqlite3_bind_int (statement, 5, (int) record->kind_version);
  sqlite3_bind_int (statement, 6, record->deleted);
  xh_sql_bind_text (statement, 7, record->created_at);
  xh_sql_bind_text (statement, 8, record->updated_at);
  xh_sql_bind_text (statement, 9, record->updated_by);
  xh_sql_bind_text (statement, 10, record->due);
  xh_sql_bind_text (statement, 11, subject);
}

/* @is_new: (out): FALSE: there is a record of this id, which has not changed */
static gboolean
insert_spine (XhStore *self, XhRecord *record, const char *subject, gboolean *is_new, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &self->insert, INSERT_SQL, error);

  if (statement == NULL)
    return FALSE;
  bind_spine (statement, record, subject);
  xh_sql_bind_text (statement, 12, record->id);
  xh_sql_bind_text (statement, 13, record->kind->name);
  if (!xh_store_run (self, statement, error))
    return FALSE;
  *is_new = sqlite3_changes (self->db) > 0;
  if (*is_new)
    record->rid = sqlite3_last_insert_rowid (self->db);
  return TRUE;
}

static gboolean
update_spine (XhStore *self, const XhRecord *record, const char *subject, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &self->renew, RENEW_SQL, error);

  if (statement == NULL)
    return FALSE;
  bind_spine (statement, record, subject);
  sqlite3_bind_int64 (statement, 12, record->rid);
  if (!xh_store_run (self, statement, error))
    return FALSE;
  if (sqlite3_changes (self->db) > 0)
    return TRUE;
  statement = xh_store_kept (self, &self->update, UPDATE_SQL, error);
  if (statement == NULL)
    return FALSE;
  bind_spine (statement, record, subject);
  sqlite3_bind_int64 (statement, 12, record->rid);
  return xh_store_run (self, statement, error);
}

/* --- the fields */

/* Texts are bound in place: the record outlives the step. */
void
xh_sql_bind_value (sqlite3_stmt *statement, int index, const XhValue *value)
{
  if (value->type == XH_VALUE_TEXT)
    sqlite3_bind_text (statement, index, value->text, -1, SQLITE_STATIC);
  else
    xh_value_bind (value, statement, index);
}

static void
bind_fields (XhStoreKind *kind, sqlite3_stmt *statement, const XhRecord *record)
{
  const guint n = record->kind->fields->len;

  sqlite3_bind_int64 (statement, 1, record->rid);
  for (guint i = 0; i < n; i++)
    xh_sql_bind_value (statement, 2 + (int) i, &record->values[i]);
  for (guint i = 0; i < kind->sorted->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->sorted, i);
      const XhValue *value = &record->values[field->index];
      guint8 key[XH_SORT_KEY_SIZE];

      if (value->type == XH_VALUE_TEXT)
        sqlite3_bind_blob (statement, 2 + (int) (n + i), key, (int) xh_sort_key (value->text, key), SQLITE_TRANSIENT);
      else
        sqlite3_bind_null (statement, 2 + (int) (n + i));
    }
}

static gboolean
write_fields (XhStore *self, XhStoreKind *kind, sqlite3_stmt **slot, const char *sql, const XhRecord *record, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, slot, sql, error);

  if (statement == NULL)
    return FALSE;
  bind_fields (kind, statement, record);
  return xh_store_run (self, statement, error);
}

static gboolean
update_fields (XhStore *self, XhStoreKind *kind, const XhRecord *record, GError **error)
{
  if (!write_fields (self, kind, &kind->renew, kind->renew_sql, record, error))
    return FALSE;
  return sqlite3_changes (self->db) > 0 || write_fields (self, kind, &kind->update, kind->update_sql, record, error);
}

/* --- the due date */

static gboolean
due_counts (const XhDue *due, const char *state)
{
  return due->states == NULL || (state != NULL && g_strv_contains ((const char *const *) due->states, state));
}

static void
take_earlier (XhRecord *record, const char *date)
{
  if (date == NULL || (record->due != NULL && strcmp (date, record->due) >= 0))
    return;
  g_free (record->due);
  record->due = g_strdup (date);
}

static gboolean
evaluate_due (XhStore *self, XhStoreDue *due, XhRecord *record, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &due->statement, due->sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  if (due->names == NULL)
    sqlite3_bind_int64 (statement, 1, record->rid);
  for (guint i = 0; due->names != NULL && i < due->names->len; i++)
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      xh_record_value (record, g_ptr_array_index (due->names, i), &value);
      xh_value_bind (&value, statement, 1 + (int) i);
    }
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      take_earlier (record, (const char *) sqlite3_column_text (statement, 0));
      sqlite3_reset (statement);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* The earliest due date of those that count in the record's state. @stored: those that need the stored row; else the others. */
static gboolean
work_out_due (XhStore *self, XhStoreKind *kind, XhRecord *record, gboolean stored, GError **error)
{
  for (guint i = 0; i < kind->dues->len; i++)
    {
      XhStoreDue *due = &g_array_index (kind->dues, XhStoreDue, i);

      if (!due_counts (due->due, record->state) || stored != (due->field == NULL && due->names == NULL))
        continue;
      if (due->field == NULL)
        {
          if (!evaluate_due (self, due, record, error))
            return FALSE;
        }
      else if (record->values[due->field->index].type == XH_VALUE_TEXT)
        take_earlier (record, record->values[due->field->index].text);
    }
  return TRUE;
}

/* What the kind refers to in other records is known only once the row is there. */
static gboolean
write_stored_due (XhStore *self, XhStoreKind *kind, XhRecord *record, GError **error)
{
  sqlite3_stmt *update;

  if (!kind->has_stored_due)
    return TRUE;
  if (!work_out_due (self, kind, record, TRUE, error))
    return FALSE;
  update = xh_store_statement (self, "UPDATE record SET due = ?1 WHERE rid = ?2 AND due IS NOT ?1", error);
  if (update == NULL)
    return FALSE;
  xh_sql_bind_text (update, 1, record->due);
  sqlite3_bind_int64 (update, 2, record->rid);
  return xh_store_run (self, update, error);
}

/* --- all together */

/* A row that is there. Its words for the search index are worked out only where what they are made of changes. */
static gboolean
replace_row (XhStore *self, XhStoreKind *kind, XhRecord *record, const char *subject, GError **error)
{
  const gboolean searched = kind->search_table != NULL && (self->flags & XH_STORE_NO_SEARCH) == 0;
  g_autoptr (GString) before = NULL, after = NULL;
  gboolean same = TRUE;

  if (searched && !xh_store_search_same (self, kind, record, &same, error))
    return FALSE;
  if (!same)
    {
      before = g_string_new (NULL);
      if (!xh_store_search_words (self, kind, record->rid, before, error))
        return FALSE;
    }
  if (!update_spine (self, record, subject, error) || !update_fields (self, kind, record, error))
    return FALSE;
  if (same)
    return TRUE;
  after = g_string_new (NULL);
  xh_record_search_words (kind, record, after);
  return g_string_equal (before, after) || xh_store_search_changed (self, kind, record->rid, before->str, error);
}

static gboolean
enter_row (XhStore *self, XhStoreKind *kind, XhRecord *record, GError **error)
{
  if (!write_fields (self, kind, &kind->insert, kind->insert_sql, record, error))
    return FALSE;
  return kind->search_table == NULL || (self->flags & XH_STORE_NO_SEARCH) != 0
         || xh_store_search_changed (self, kind, record->rid, NULL, error);
}

static gboolean
find_row (XhStore *self, XhStoreKind *kind, XhRecord *record, GError **error)
{
  const XhKind *present;

  if (!xh_store_find (self, record->id, &record->rid, &present, error))
    return FALSE;
  if (present == kind->kind)
    return TRUE;
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("Record %s is of another register."), record->id);
  return FALSE;
}

static gboolean
put (XhStore *self, XhRecord *record, GError **error)
{
  XhStoreKind *kind = xh_store_kind (self, record->kind);
  g_autofree char *subject = xh_record_subject_key (record);
  gboolean is_new;

  if (kind == NULL)
    return FALSE;
  g_clear_pointer (&record->due, g_free);
  if (!work_out_due (self, kind, record, FALSE, error) || !insert_spine (self, record, subject, &is_new, error))
    return FALSE;
  if (is_new)
    return enter_row (self, kind, record, error) && write_stored_due (self, kind, record, error)
           && xh_store_subject_write_aliases (self, kind, record, TRUE, error);
  return find_row (self, kind, record, error) && replace_row (self, kind, record, subject, error)
         && write_stored_due (self, kind, record, error) && xh_store_subject_write_aliases (self, kind, record, FALSE, error);
}

/**
 * xh_store_put:
 * @record: a record; its rid and due are set
 *
 * Inserts or replaces by id, with search words, its subject and the due date that counts now, and queues nothing. Values are stored as
 * they are. Inside a transaction a failure leaves parts behind: roll it back.
 */
gboolean
xh_store_put (XhStore *self, XhRecord *record, GError **error)
{
  if (self->depth > 0)
    return put (self, record, error);
  if (!xh_store_begin (self, error))
    return FALSE;
  if (put (self, record, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}
