/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-store.h"

#include <string.h>

#include "model/xh-evaluator.h"

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

/* What the record gives to match by: a field, or its subject's key. NULL where it has nothing there. */
static char *
get_match (const XhDocumentQuery *query, const XhRecord *record)
{
  char *match = NULL;

  if (query->match_ours != NULL)
    return get_named (record, query->match_ours);
  for (guint i = 0; match == NULL && record->kind->subject_codes != NULL && record->kind->subject_codes[i] != NULL; i++)
    match = get_named (record, record->kind->subject_codes[i]);
  return match;
}

static char *
make_theirs (const XhDocumentQuery *query)
{
  g_autofree char *all = NULL;

  if (query->match_theirs != NULL)
    return g_strdup (query->match_theirs);
  all = g_strjoinv (", ", query->kind->subject_codes);
  return g_strdup_printf ("coalesce (%s, NULL)", all);
}

static char *
make_sql (const XhDocumentQuery *query, const char *columns, gboolean sorted)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree char *source = xh_kind_source_sql (query->kind, none), *theirs = make_theirs (query);
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT %s FROM (%s) WHERE deleted = 0 AND %s = ?1", columns, source, theirs);
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

static sqlite3_stmt *
prepare (XhDocumentStore *reads, const char *sql, const char *match, GError **error)
{
  sqlite3 *db = xh_store_get_db (reads->store);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (db));
      return NULL;
    }
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_TRANSIENT);
  return statement;
}

static gboolean
finish (XhDocumentStore *reads, sqlite3_stmt *statement, int code, GError **error)
{
  if (code != SQLITE_DONE && code != SQLITE_ROW && (error == NULL || *error == NULL))
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
  g_autofree char *match = NULL, *sql = NULL;
  sqlite3_stmt *statement;
  gboolean good = TRUE;
  int code;

  if (query->chosen)
    return each_chosen (reads, record, func, user_data, error);
  match = get_match (query, record);
  if (match == NULL || !may_read (reads, query->kind))
    return TRUE;
  sql = make_sql (query, "rid", TRUE);
  statement = prepare (reads, sql, match, error);
  if (statement == NULL)
    return FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW && good)
    {
      g_autoptr (XhRecord) found = xh_store_load_rid (reads->store, sqlite3_column_int64 (statement, 0), error);

      good = found != NULL && func (found, user_data, error);
      if (!good)
        break;
    }
  return finish (reads, statement, good ? code : SQLITE_DONE, error) && good;
}

static gboolean
count_cb (gpointer data, const XhDocumentQuery *query, const XhRecord *record, gint64 *n, GError **error)
{
  XhDocumentStore *reads = data;
  g_autofree char *match = get_match (query, record), *sql = NULL;
  sqlite3_stmt *statement;
  int code;

  *n = 0;
  if (match == NULL || !may_read (reads, query->kind))
    return TRUE;
  sql = make_sql (query, "count(*)", FALSE);
  statement = prepare (reads, sql, match, error);
  if (statement == NULL)
    return FALSE;
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *n = sqlite3_column_int64 (statement, 0);
  return finish (reads, statement, code, error);
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
