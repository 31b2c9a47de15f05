/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-store.h"

#include <string.h>

#include "model/xh-evaluator.h"
#include "store/xh-subject.h"

/* --- what a query is in SQL */

static gboolean
may_read (const XhDocumentStore *reads, const XhKind *kind)
{
  return reads->role == NULL || xh_kind_may (kind, kind->read_roles, reads->role);
}

static char *
get_named (const XhRecord *record, const char *name)
{
  const XhValue *value;

  if (strcmp (name, "id") == 0)
    return g_strdup (record->id);
  if (strcmp (name, "division") == 0)
    return g_strdup (record->division);
  if (strcmp (name, "unit") == 0)
    return g_strdup (record->unit);
  value = xh_record_get (record, name);
  return value != NULL ? g_strdup (xh_value_as_text (value)) : NULL;
}

/* What theirs must be one of: the value of a field of ours, or all that our subject is known by. NULL without error: nothing is known. */
static char **
get_matches (XhDocumentStore *reads, const XhDocumentQuery *query, const XhRecord *record, GError **error)
{
  g_autofree char *match = query->match_ours != NULL ? get_named (record, query->match_ours) : xh_record_subject_key (record);
  char **matches;

  if (match == NULL)
    return NULL;
  if (query->match_ours == NULL)
    return xh_store_subject_keys (reads->store, match, error);
  matches = g_new0 (char *, 2);
  matches[0] = g_steal_pointer (&match);
  return matches;
}

static void
append_condition (GString *sql, const XhDocumentQuery *query, guint n)
{
  if (query->contains)
    {
      g_string_append_printf (sql, "length(?1) > 5 AND instr(%s, ?1) > 0", query->match_theirs);
      return;
    }
  if (query->match_theirs != NULL)
    g_string_append_printf (sql, "%s IN (", query->match_theirs);
  else
    g_string_append (sql, "rid IN (SELECT r.rid FROM record r WHERE r.subject IN (");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%s?%u", i > 0 ? ", " : "", i + 1);
  g_string_append (sql, query->match_theirs != NULL ? ")" : "))");
}

static char *
make_sql (const XhDocumentQuery *query, guint n_matches, const char *columns, gboolean sorted)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree char *source = xh_kind_source_sql (query->kind, none);
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT %s FROM (%s) WHERE deleted = 0 AND ", columns, source);
  append_condition (sql, query, n_matches);
  if (query->where != NULL)
    g_string_append_printf (sql, " AND (%s)", query->where);
  if (sorted && query->sort != NULL)
    g_string_append_printf (sql, " ORDER BY %s %s, rid", query->sort, query->descending ? "DESC" : "ASC");
  else if (sorted)
    g_string_append (sql, " ORDER BY rid");
  if (query->limit > 0)
    g_string_append_printf (sql, " LIMIT %u", query->limit);
  return g_string_free (sql, FALSE);
}

/* NULL without error: there is nothing to look for, or the role may not see it. */
static sqlite3_stmt *
prepare (XhDocumentStore *reads, const XhDocumentQuery *query, const XhRecord *record, const char *columns, gboolean sorted, GError **error)
{
  sqlite3 *db = xh_store_get_db (reads->store);
  g_auto (GStrv) matches = may_read (reads, query->kind) ? get_matches (reads, query, record, error) : NULL;
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement = NULL;

  if (matches == NULL)
    return NULL;
  sql = make_sql (query, g_strv_length (matches), columns, sorted);
  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (db));
      return NULL;
    }
  for (int i = 0; matches[i] != NULL; i++)
    sqlite3_bind_text (statement, i + 1, matches[i], -1, SQLITE_TRANSIENT);
  return statement;
}

static gboolean
finish (XhDocumentStore *reads, sqlite3_stmt *statement, int code, GError **error)
{
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (xh_store_get_db (reads->store)));
  sqlite3_finalize (statement);
  return code == SQLITE_DONE || code == SQLITE_ROW;
}

/* --- the source */

static gboolean
references_cb (gpointer data, const XhRecord *record, XhValue *values, GError **error)
{
  return xh_store_references (((XhDocumentStore *) data)->store, record, values, error);
}

static char *
title_cb (gpointer data, const char *id)
{
  return xh_store_title (((XhDocumentStore *) data)->store, id, NULL);
}

static gboolean
each_chosen (XhDocumentStore *reads, const XhRecord *record, XhDocumentEach func, gpointer user_data, GError **error)
{
  if (reads->n_ids == 0)
    return func (record, user_data, error);
  for (guint i = 0; i < reads->n_ids; i++)
    {
      g_autoptr (XhRecord) chosen = xh_store_load (reads->store, reads->ids[i], error);

      if (chosen == NULL || (!chosen->deleted && !func (chosen, user_data, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
each_cb (gpointer data, const XhDocumentQuery *query, const XhRecord *record, XhDocumentEach func, gpointer user_data, GError **error)
{
  XhDocumentStore *reads = data;
  g_autoptr (GError) fault = NULL;
  sqlite3_stmt *statement;
  int code = SQLITE_DONE;

  if (query->chosen)
    return each_chosen (reads, record, func, user_data, error);
  statement = prepare (reads, query, record, "rid", TRUE, &fault);
  while (statement != NULL && fault == NULL && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr (XhRecord) found = xh_store_load_rid (reads->store, sqlite3_column_int64 (statement, 0), &fault);

      if (found != NULL)
        func (found, user_data, &fault);
    }
  if (statement != NULL)
    finish (reads, statement, code, fault == NULL ? &fault : NULL);
  if (fault == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

static gboolean
count_cb (gpointer data, const XhDocumentQuery *query, const XhRecord *record, gint64 *n, GError **error)
{
  XhDocumentStore *reads = data;
  g_autoptr (GError) fault = NULL;
  sqlite3_stmt *statement = prepare (reads, query, record, "count(*)", FALSE, &fault);
  int code;

  *n = 0;
  if (statement == NULL && fault == NULL)
    return TRUE;
  if (statement != NULL)
    {
      code = sqlite3_step (statement);
      if (code == SQLITE_ROW)
        *n = sqlite3_column_int64 (statement, 0);
      return finish (reads, statement, code, error);
    }
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

XhDocumentSource
xh_document_store_source (XhDocumentStore *reads)
{
  return (XhDocumentSource) { reads, references_cb, title_cb, each_cb, count_cb };
}

/* --- all chosen records */

static gboolean
add_all (XhDocument *document, const XhDocumentDef *def, XhDocumentStore *reads, GCancellable *cancellable, GError **error)
{
  const guint n = def->together ? MIN (reads->n_ids, 1) : reads->n_ids;

  reads->n_skipped = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) fault = NULL;
      g_autoptr (XhRecord) record = xh_store_load (reads->store, reads->ids[i], error);

      if (record == NULL)
        return FALSE;
      if (xh_document_add (document, def, record, cancellable, &fault))
        continue;
      if (n > 1 && g_error_matches (fault, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_DENIED) && reads->n_skipped + 1 < n)
        reads->n_skipped++;
      else
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
    }
  return TRUE;
}

XhDocument *
xh_document_print_records (const XhDocumentDef *def, XhDocumentStore *reads, const XhDocumentOptions *options, GCancellable *cancellable,
                           GError **error)
{
  XhDocumentSource source = xh_document_store_source (reads);
  g_autoptr (XhDocument) document = xh_document_new (xh_store_get_catalog (reads->store), &source, options);

  g_return_val_if_fail (def != NULL && reads->n_ids > 0, NULL);

  return add_all (document, def, reads, cancellable, error) ? g_steal_pointer (&document) : NULL;
}
