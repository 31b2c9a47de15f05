/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-evaluator.h"

/* --- helpers */

XhRecord *
xh_record_from_row (const XhKind *kind, sqlite3_stmt *statement)
{
  XhRecord *record = g_new0 (XhRecord, 1);

  record->kind = kind;
  record->rid = sqlite3_column_int64 (statement, 0);
  record->id = xh_sql_column_text (statement, 1);
  record->division = xh_sql_column_text (statement, 2);
  record->unit = xh_sql_column_text (statement, 3);
  record->state = xh_sql_column_text (statement, 4);
  record->version = sqlite3_column_int64 (statement, 5);
  record->kind_version = (guint) sqlite3_column_int (statement, 6);
  record->deleted = sqlite3_column_int (statement, 7) != 0;
  record->created_at = xh_sql_column_text (statement, 8);
  record->updated_at = xh_sql_column_text (statement, 9);
  record->updated_by = xh_sql_column_text (statement, 10);
  record->due = xh_sql_column_text (statement, 11);
  record->era = sqlite3_column_int64 (statement, 12);
  record->values = xh_value_array_new (kind->fields->len);
  for (guint i = 0; i < kind->fields->len; i++)
    xh_value_from_column (&record->values[i], statement, XH_N_SPINE + (int) i);
  return record;
}

gboolean
xh_store_find (XhStore *self, const char *id, gint64 *rid, const XhKind **kind, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &self->find, "SELECT rid, kind FROM record WHERE id = ?1", error);
  int code;

  *rid = 0;
  *kind = NULL;
  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, id);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      *rid = sqlite3_column_int64 (statement, 0);
      *kind = xh_catalog_find_kind (self->catalog, (const char *) sqlite3_column_text (statement, 1));
      sqlite3_reset (statement);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
find_present (XhStore *self, const char *id, gint64 *rid, const XhKind **kind, GError **error)
{
  if (!xh_store_find (self, id, rid, kind, error))
    return FALSE;
  if (*rid == 0 || *kind == NULL)
    {
      g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("There is no record %s here."), id);
      return FALSE;
    }
  return TRUE;
}

static void
set_no_row (gint64 rid, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, rid);

  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("There is no record %s here."), number);
}

static XhRecord *
load (XhStore *self, XhStoreKind *kind, gint64 rid, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &kind->select, kind->select_sql, error);
  XhRecord *record = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, rid);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      record = xh_record_from_row (kind->kind, statement);
      sqlite3_reset (statement);
    }
  else if (code == SQLITE_DONE)
    set_no_row (rid, error);
  return record;
}

/* --- public functions */

/**
 * xh_store_load:
 * @id: a record's id
 *
 * A deleted record is loaded like any other.
 *
 * Returns: (transfer full): the record, or %NULL with %XH_STORE_ERROR_NOT_FOUND
 */
XhRecord *
xh_store_load (XhStore *self, const char *id, GError **error)
{
  const XhKind *kind;
  gint64 rid;

  if (!find_present (self, id, &rid, &kind, error))
    return NULL;
  return load (self, xh_store_kind (self, kind), rid, error);
}

XhRecord *
xh_store_load_rid (XhStore *self, gint64 rid, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT kind FROM record WHERE rid = ?1", error);
  const XhKind *kind = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, rid);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      kind = xh_catalog_find_kind (self->catalog, (const char *) sqlite3_column_text (statement, 0));
      sqlite3_reset (statement);
    }
  else if (code != SQLITE_DONE)
    return NULL;
  if (kind == NULL)
    {
      set_no_row (rid, error);
      return NULL;
    }
  return load (self, xh_store_kind (self, kind), rid, error);
}

static gboolean
our_value (const XhRecord *record, const XhValue *references, const char *name, XhValue *value)
{
  const XhReference *earlier;

  if (xh_record_value (record, name, value))
    return TRUE;
  if (strcmp (name, "id") == 0)
    {
      xh_value_set_text (value, record->id);
      return TRUE;
    }
  earlier = xh_kind_find_reference (record->kind, name);
  if (earlier != NULL)
    xh_value_copy (&references[earlier->index], value);
  return earlier != NULL;
}

static const char *
reference_sql (XhStoreKind *kind, const XhReference *reference)
{
  if (kind->reference_sql == NULL)
    kind->reference_sql = g_new0 (char *, kind->kind->references->len + 1);
  if (kind->reference_sql[0] == NULL)
    for (guint i = 0; i < kind->kind->references->len; i++)
      kind->reference_sql[i] = xh_reference_sql (kind->kind, g_ptr_array_index (kind->kind->references, i));
  return kind->reference_sql[reference->index];
}

#define MOST_SUMS 10000 /* remembered at once */

static gboolean
fetch_reference (XhStore *self, XhStoreKind *kind, const XhReference *reference, const XhValue *ours, XhValue *value, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, reference_sql (kind, reference), error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_value (statement, 1, ours);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      xh_value_from_column (value, statement, 0);
      sqlite3_reset (statement);
      return TRUE;
    }
  xh_value_set_null (value);
  return code == SQLITE_DONE;
}

static void
free_sum (gpointer data)
{
  xh_value_array_free (data, 1);
}

void
xh_store_remember_sums (XhStore *self, gboolean remember)
{
  g_clear_pointer (&self->sums, g_hash_table_unref);
  if (remember)
    self->sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_sum);
}

/* A sum over a village is the same for each of its households. */
static gboolean
fetch_sum (XhStore *self, XhStoreKind *kind, const XhReference *reference, const XhValue *ours, XhValue *value, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%u/%u/%s", kind->kind->index, reference->index, ours->text);
  const XhValue *known = g_hash_table_lookup (self->sums, key);
  XhValue *kept;

  if (known != NULL)
    {
      xh_value_copy (known, value);
      return TRUE;
    }
  if (!fetch_reference (self, kind, reference, ours, value, error))
    return FALSE;
  if (g_hash_table_size (self->sums) >= MOST_SUMS)
    g_hash_table_remove_all (self->sums);
  kept = xh_value_array_new (1);
  xh_value_copy (value, kept);
  g_hash_table_insert (self->sums, g_steal_pointer (&key), kept);
  return TRUE;
}

/**
 * xh_store_references:
 * @record: a record, stored or not
 * @values: (out caller-allocates): as many initialised values as its kind has references
 *
 * Fetches what the kind refers to in other records, for these field values.
 */
gboolean
xh_store_references (XhStore *self, const XhRecord *record, XhValue *values, GError **error)
{
  XhStoreKind *kind = xh_store_kind (self, record->kind);

  for (guint i = 0; i < record->kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (record->kind->references, i);
      g_auto (XhValue) ours = XH_VALUE_INIT;
      gboolean fetched;

      our_value (record, values, reference->match_ours, &ours);
      if (self->sums != NULL && reference->aggregate && ours.type == XH_VALUE_TEXT)
        fetched = fetch_sum (self, kind, reference, &ours, &values[i], error);
      else
        fetched = fetch_reference (self, kind, reference, &ours, &values[i], error);
      if (!fetched)
        return FALSE;
    }
  return TRUE;
}

/**
 * xh_store_title:
 *
 * Returns: (transfer full): what the record is called, "" where its title is empty, or %NULL with an error
 */
char *
xh_store_title (XhStore *self, const char *id, GError **error)
{
  const XhKind *kind;
  sqlite3_stmt *statement;
  char *title = NULL;
  gint64 rid;
  int code;

  if (!find_present (self, id, &rid, &kind, error))
    return NULL;
  statement = xh_store_statement (self, xh_store_kind (self, kind)->title_sql, error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, rid);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      title = xh_sql_column_text (statement, 0);
      sqlite3_reset (statement);
    }
  else if (code != SQLITE_DONE)
    return NULL;
  return title != NULL ? g_strstrip (title) : g_strdup ("");
}

/* --- unique keys */

static char *
unique_sql (const XhKind *kind, char **names)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT r.id FROM \"%s\" k JOIN record r ON r.rid = k.rid WHERE r.deleted = 0 AND r.id <> ?1", kind->table);
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (sql, " AND k.\"%s\" = ?%u", names[i], i + 2);
  g_string_append (sql, " LIMIT 1");
  return g_string_free (sql, FALSE);
}

static void
set_unique_error (XhStore *self, const XhKind *kind, char **names, const char *other, GError **error)
{
  g_autoptr (GString) labels = g_string_new (NULL);
  g_autofree char *title = xh_store_title (self, other, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? " + " : "", xh_label_get (&xh_kind_find_field (kind, names[i])->label));
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_UNIQUE, _("“%s” already has the same %s."), title != NULL ? title : other, labels->str);
}

/**
 * xh_store_find_unique:
 * @record: stored or not
 * @names: (array zero-terminated=1): one of the kind's unique keys
 * @other: (out) (nullable) (transfer full): id of another record, not deleted, that has the same values there; %NULL where there is none, or
 *   where a part of the key is empty
 */
gboolean
xh_store_find_unique (XhStore *self, const XhRecord *record, char **names, char **other, GError **error)
{
  g_autofree char *sql = unique_sql (record->kind, names);
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  *other = NULL;
  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, record->id);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const XhValue *value = xh_record_get (record, names[i]);

      if (value == NULL || xh_value_is_null (value))
        return TRUE;
      xh_sql_bind_value (statement, 2 + (int) i, value);
    }
  code = xh_store_step (self, statement, error);
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;
  *other = xh_sql_column_text (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
check_key (XhStore *self, const XhRecord *record, char **names, GError **error)
{
  g_autofree char *other = NULL;

  if (!xh_store_find_unique (self, record, names, &other, error))
    return FALSE;
  if (other == NULL)
    return TRUE;
  set_unique_error (self, record->kind, names, other, error);
  return FALSE;
}

/**
 * xh_store_check_unique:
 *
 * Whether no other record that is not deleted has one of this record's unique keys. Keys with an empty part are none.
 * The indexes themselves are not unique: what the server has accepted must always find room here.
 *
 * Returns: %FALSE with %XH_STORE_ERROR_UNIQUE, whose message names the other record
 */
gboolean
xh_store_check_unique (XhStore *self, const XhRecord *record, GError **error)
{
  if (record->deleted)
    return TRUE;
  for (guint i = 0; i < record->kind->unique_keys->len; i++)
    if (!check_key (self, record, g_ptr_array_index (record->kind->unique_keys, i), error))
      return FALSE;
  return TRUE;
}

/* --- leaving */

static gboolean
delete_row (XhStore *self, const char *table, gint64 rid, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\" WHERE rid = ?1", table);
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, rid);
  return xh_store_run (self, statement, error);
}

static gboolean
forget_row (XhStore *self, XhStoreKind *kind, gint64 rid, GError **error)
{
  g_autoptr (GString) words = g_string_new (NULL);

  if (kind->search_table != NULL && (self->flags & XH_STORE_NO_SEARCH) == 0)
    {
      if (!xh_store_search_words (self, kind, rid, words, error)
          || !xh_store_search_changed (self, kind, rid, words->str, error))
        return FALSE;
    }
  return delete_row (self, kind->kind->table, rid, error) && delete_row (self, "record", rid, error)
         && (kind->kind->subject_aliases == NULL || delete_row (self, "subject_alias", rid, error));
}

/**
 * xh_store_forget:
 * @id: a record that has left what this account may see, or that the server no longer has
 * @kind: (out) (optional) (nullable) (transfer full): the kind it was of
 *
 * Its row and search entry go. Its draft and its ops in outbox and tray stay: what a person typed is never dropped, and the row may
 * come again (a new scope starts from nothing). Harmless when repeated.
 */
gboolean
xh_store_forget (XhStore *self, const char *id, char **kind, GError **error)
{
  const XhKind *found;
  gint64 rid;

  if (kind != NULL)
    *kind = NULL;
  if (!xh_store_find (self, id, &rid, &found, error))
    return FALSE;
  if (rid == 0 || found == NULL)
    return TRUE;
  if (!xh_store_begin (self, error))
    return FALSE;
  if (!forget_row (self, xh_store_kind (self, found), rid, error) || !xh_store_preview_drop (self, id, error) || !xh_store_commit (self, error))
    {
      xh_store_rollback (self);
      return FALSE;
    }
  if (kind != NULL)
    *kind = g_strdup (found->name);
  return TRUE;
}
