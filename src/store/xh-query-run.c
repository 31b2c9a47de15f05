/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-query-private.h"

#include <string.h>

/* Thousands of steps of the virtual machine that a walk along the order may take before the rows are found the other way: about
 * 20 ms. A walk over a million rows of which few pass would take seconds. */
#define WALK_BUDGET  200
#define SEARCH_BUDGET 40 /* likewise where each row's texts are tested, which costs more than its steps */
#define SCREEN       1000 /* more rows than that are no first screen */
#define DENSE        3000 /* a search with more hits than that is dense: walking meets enough of them soon */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* --- row ids */

/* @exhausted: (out) (optional): the budget did not suffice; the result is incomplete. */
static GArray *
collect_rids (XhStore *store, sqlite3_stmt *statement, guint limit, gboolean *exhausted, GError **error)
{
  g_autoptr (GArray) rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), limit > 0 ? limit : 1024);
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
      if (limit > 0 && rids->len == limit)
        break;
    }
  if ((code & 0xff) == SQLITE_INTERRUPT && store->budget == -2)
    {
      *exhausted = TRUE;
      return g_steal_pointer (&rids);
    }
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    {
      xh_store_take_error (store, code, sqlite3_sql (statement), error);
      return NULL;
    }
  return g_steal_pointer (&rids);
}

static GArray *
rids_by_plan (XhStore *store, const XhQuery *query, XhPlan plan, guint limit, gboolean *exhausted, GError **error)
{
  g_auto (XhQuerySql) sql = { 0 };
  g_autoptr (sqlite3_stmt) statement = NULL;
  GArray *rids;

  xh_query_sql_init (&sql, store, query);
  xh_query_sql_from (&sql, plan, xh_query_sql_sorts_by_field (&sql), xh_query_sql_sorts_by_spine (&sql));
  xh_query_sql_order (&sql);
  if (limit > 0)
    g_string_append_printf (sql.sql, " LIMIT %u", limit);
  statement = xh_query_sql_prepare (&sql, sql.rid, error);
  if (statement == NULL)
    return NULL;
  store->budget = exhausted == NULL ? -1 : plan == XH_PLAN_WALK && query->search != NULL ? SEARCH_BUDGET : WALK_BUDGET;
  rids = collect_rids (store, statement, limit, exhausted, error);
  store->budget = -1;
  return rids;
}

/* Whether a search finds so much that a walk along the order meets it everywhere. */
static gboolean
is_dense (XhStore *store, const XhQuery *query)
{
  g_autoptr (XhQuery) search = xh_query_new (query->kind);
  g_autoptr (GArray) rids = NULL;

  xh_query_search (search, query->search);
  rids = rids_by_plan (store, search, XH_PLAN_STREAM, DENSE, NULL, NULL);
  return rids != NULL && rids->len == DENSE;
}

static XhPlan
first_screen_plan (XhStore *store, const XhQuery *query)
{
  g_auto (XhQuerySql) sql = { 0 };

  xh_query_sql_init (&sql, store, query);
  if (!xh_query_sql_searches (&sql))
    return xh_query_sql_can_walk (&sql) ? XH_PLAN_WALK : XH_PLAN_OPEN;
  if (!xh_query_sql_can_stream (&sql))
    return XH_PLAN_OPEN;
  if (query->sort == NULL)
    return XH_PLAN_STREAM;
  return xh_query_sql_can_walk (&sql) && is_dense (store, query) ? XH_PLAN_WALK : XH_PLAN_OPEN;
}

/**
 * xh_store_query_rids:
 * @limit: how many at most; 0: all
 *
 * The row ids of what the query finds, in its order. A first screen (@limit up to 1,000) of a million comes in a few
 * milliseconds where the order has an index (last changed, or the first column of the list).
 *
 * Returns: (transfer full) (element-type gint64): row ids, or %NULL with an error, %G_IO_ERROR_CANCELLED among them
 */
GArray *
xh_store_query_rids (XhStore *store, const XhQuery *query, guint limit, GError **error)
{
  XhPlan plan = XH_PLAN_OPEN;

  if (limit > 0 && limit <= SCREEN)
    plan = first_screen_plan (store, query);
  if (plan != XH_PLAN_OPEN)
    {
      gboolean exhausted = FALSE;
      GArray *rids = rids_by_plan (store, query, plan, limit, &exhausted, error);

      if (rids == NULL || !exhausted)
        return rids;
      g_array_unref (rids);
    }
  return rids_by_plan (store, query, XH_PLAN_OPEN, limit, NULL, error);
}

/* --- figures */

static sqlite3_stmt *
prepare_figure (XhQuerySql *sql, const char *columns, const char *group, gboolean uses_fields, gboolean uses_spine, GError **error)
{
  xh_query_sql_from (sql, XH_PLAN_OPEN, uses_fields, uses_spine);
  if (group != NULL)
    g_string_append (sql->sql, group);
  return xh_query_sql_prepare (sql, columns, error);
}

static gboolean
step_figure (XhStore *store, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_ROW)
    xh_store_take_error (store, code, sqlite3_sql (statement), error);
  return code == SQLITE_ROW;
}

/**
 * xh_store_query_count:
 *
 * Returns: how many records the query finds, or -1 with an error
 */
gint64
xh_store_query_count (XhStore *store, const XhQuery *query, GError **error)
{
  g_auto (XhQuerySql) sql = { 0 };
  g_autoptr (sqlite3_stmt) statement = NULL;

  xh_query_sql_init (&sql, store, query);
  statement = prepare_figure (&sql, "count(*)", NULL, FALSE, FALSE, error);
  if (statement == NULL || !step_figure (store, statement, error))
    return -1;
  return sqlite3_column_int64 (statement, 0);
}

/**
 * xh_store_query_sum:
 * @field: a number field
 * @sum: (out): sum of its values in what the query finds; empty ones count as 0
 */
gboolean
xh_store_query_sum (XhStore *store, const XhQuery *query, const char *field, double *sum, GError **error)
{
  g_auto (XhQuerySql) sql = { 0 };
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autofree char *column = NULL, *columns = NULL;
  gboolean is_field;

  *sum = 0;
  column = xh_query_column (query->kind, field, &is_field);
  if (column == NULL)
    return TRUE;
  columns = g_strdup_printf ("total(%s)", column);
  xh_query_sql_init (&sql, store, query);
  statement = prepare_figure (&sql, columns, NULL, is_field, !is_field, error);
  if (statement == NULL || !step_figure (store, statement, error))
    return FALSE;
  *sum = sqlite3_column_double (statement, 0);
  return TRUE;
}

void
xh_group_row_free (XhGroupRow *row)
{
  if (row == NULL)
    return;
  g_free (row->key1);
  g_free (row->key2);
  g_free (row);
}

static GPtrArray *
read_groups (XhStore *store, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_group_row_free);
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      XhGroupRow *row = g_new0 (XhGroupRow, 1);

      row->key1 = xh_sql_column_text (statement, 0);
      row->key2 = xh_sql_column_text (statement, 1);
      row->count = sqlite3_column_int64 (statement, 2);
      g_ptr_array_add (rows, row);
    }
  if (code == SQLITE_DONE)
    return g_steal_pointer (&rows);
  xh_store_take_error (store, code, sqlite3_sql (statement), error);
  return NULL;
}

/**
 * xh_store_query_group:
 * @name1: a name as in xh_query_filter()
 * @prefix: cut its codes to this many characters (9: township, 6: county); 0: whole
 * @name2: (nullable): a second name
 *
 * Returns: (transfer full) (element-type XhGroupRow): how many records have each value (each pair of values), by value; a key is
 *   %NULL where the field is empty, key2 where there is no @name2. Or %NULL with an error
 */
GPtrArray *
xh_store_query_group (XhStore *store, const XhQuery *query, const char *name1, guint prefix, const char *name2, GError **error)
{
  g_auto (XhQuerySql) sql = { 0 };
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autofree char *column1 = NULL, *column2 = NULL, *columns = NULL;
  gboolean field1, field2 = FALSE;

  column1 = xh_query_column (query->kind, name1, &field1);
  column2 = name2 != NULL ? xh_query_column (query->kind, name2, &field2) : g_strdup ("NULL");
  if (column1 == NULL || column2 == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) xh_group_row_free);
  if (prefix > 0)
    columns = g_strdup_printf ("substr(%s, 1, %u), %s, count(*)", column1, prefix, column2);
  else
    columns = g_strdup_printf ("%s, %s, count(*)", column1, column2);
  xh_query_sql_init (&sql, store, query);
  statement = prepare_figure (&sql, columns, " GROUP BY 1, 2 ORDER BY 1, 2", field1 || field2, !field1 || (name2 != NULL && !field2), error);
  return statement != NULL ? read_groups (store, statement, error) : NULL;
}

/* --- rows */

/**
 * xh_store_query_rows:
 * @kind: the kind of all of them
 * @rids: (array length=n): row ids
 *
 * Returns: (transfer full) (element-type XhRecord): as many records in that order, %NULL where a row is gone; or %NULL with an error
 */
GPtrArray *
xh_store_query_rows (XhStore *store, const XhKind *kind, const gint64 *rids, guint n, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_full (n, (GDestroyNotify) xh_record_free);
  XhStoreKind *own = xh_store_kind (store, kind);
  sqlite3_stmt *statement = xh_store_kept (store, &own->select, own->select_sql, error);

  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      int code;

      sqlite3_bind_int64 (statement, 1, rids[i]);
      code = xh_store_step (store, statement, error);
      if (code != SQLITE_ROW && code != SQLITE_DONE)
        return NULL;
      g_ptr_array_add (rows, code == SQLITE_ROW ? xh_record_from_row (kind, statement) : NULL);
      sqlite3_reset (statement);
    }
  return g_steal_pointer (&rows);
}

/* --- the palette */

void
xh_hit_free (XhHit *hit)
{
  if (hit == NULL)
    return;
  g_free (hit->id);
  g_free (hit->kind);
  g_free (hit->title);
  g_free (hit->subtitle);
  g_free (hit);
}

char *
xh_record_subtitle (XhStore *store, const XhRecord *record)
{
  const char *label = xh_label_get (&record->kind->label);
  g_autofree char *path = NULL;

  if (record->division != NULL)
    path = xh_divisions_path (xh_catalog_get_divisions (store->catalog), record->division, XH_LEVEL_TOWNSHIP);
  return path != NULL && *path != '\0' ? g_strdup_printf ("%s · %s", label, path) : g_strdup (label);
}

static gboolean
add_hits (XhStore *store, const XhKind *kind, const char *text, guint limit, GPtrArray *hits, GError **error)
{
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GArray) rids = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  xh_query_search (query, text);
  rids = xh_store_query_rids (store, query, limit, error);
  if (rids == NULL || (rows = xh_store_query_rows (store, kind, (const gint64 *) rids->data, rids->len, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const XhRecord *record = g_ptr_array_index (rows, i);
      XhHit *hit;

      if (record == NULL)
        continue;
      hit = g_new0 (XhHit, 1);
      hit->id = g_strdup (record->id);
      hit->kind = g_strdup (kind->name);
      hit->title = xh_store_title (store, record->id, NULL);
      hit->subtitle = xh_record_subtitle (store, record);
      g_ptr_array_add (hits, hit);
    }
  return TRUE;
}

/**
 * xh_store_search:
 * @text: what was typed
 * @role: (nullable): only kinds that this role may read; %NULL: all
 * @limit: how many hits of each kind at most
 *
 * Returns: (transfer full) (element-type XhHit): what is found, kind by kind as in the sidebar, or %NULL with an error
 */
GPtrArray *
xh_store_search (XhStore *store, const char *text, const char *role, guint limit, GError **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_hit_free);
  g_autoptr (GPtrArray) words = xh_search_parse (text);

  for (guint i = 0; i < store->n_kinds && words->len > 0; i++)
    {
      const XhKind *kind = store->kinds[i].kind;

      if (store->kinds[i].search_table == NULL || (role != NULL && !xh_kind_may (kind, kind->read_roles, role)))
        continue;
      if (!add_hits (store, kind, text, limit, hits, error))
        return NULL;
    }
  return g_steal_pointer (&hits);
}
