/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Indexes along which a list is read in its order. The kind's first list column always has one (xh-store-tables.c); another column gets its own
 * once a person has sorted a big register by it, since every index costs each put about 1 µs. That it stands in the database is how it is
 * remembered; xh_store_order_migrate() takes away what no list can sort by any more. */
#include "xh-query-private.h"

#include <string.h>

#define MANY 50000      /* rows that are sorted at once take 40 ms */
#define MOST_INDEXES 4  /* of this sort in one register: who sorts by everything pays with time, not with every put */

/* "o_household__area": of orders that persons asked for. */
static char *
asked_name (const XhKind *kind, const char *field)
{
  return g_strdup_printf ("o_%s__%s", kind->table + strlen ("k_"), field);
}

/* Only what is a column of the list can be sorted by; texts have a sort key beside them, long ones and lists have no order. */
static gboolean
has_order (const XhField *field)
{
  return field->type != XH_FIELD_LONG_TEXT && field->type != XH_FIELD_TABLE && field->type != XH_FIELD_CHOICES && field->type != XH_FIELD_FILES;
}

static const XhField *
find_column (const XhKind *kind, const char *name)
{
  const XhField *field = name != NULL ? xh_kind_find_field (kind, name) : NULL;
  g_autofree char *column = NULL;
  gboolean in_table = FALSE;

  if (field == NULL || !has_order (field) || !g_ptr_array_find (kind->list_fields, field, NULL))
    return NULL;
  column = xh_query_column (kind, name, &in_table);
  return in_table ? field : NULL;
}

static gboolean
index_exists (XhStore *self, const char *name)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT 1 FROM pragma_index_info(?1)", NULL);
  gboolean exists;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, name);
  exists = xh_store_step (self, statement, NULL) == SQLITE_ROW;
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return exists;
}

/* What the definitions made an index for anyway, or a person's. */
static char *
column_index (XhQuerySql *self, const XhField *field)
{
  const char *suffix = xh_store_is_sorted (self->kind, field) ? "_key" : "";
  g_autofree char *own = g_strdup_printf ("i_%s__%s%s", field->kind->table + strlen ("k_"), field->name, suffix);
  g_autofree char *asked = asked_name (field->kind, field->name);

  if (index_exists (self->store, own))
    return g_steal_pointer (&own);
  return index_exists (self->store, asked) ? g_steal_pointer (&asked) : NULL;
}

char *
xh_query_sql_order_index (XhQuerySql *self)
{
  const XhQuery *query = self->query;
  const XhField *field;

  if (query->deleted)
    return NULL;
  if (query->sort == NULL)
    return xh_query_sql_searches (self) ? NULL : g_strdup ("record_updated");
  if (strcmp (query->sort, "updated_at") == 0)
    return g_strdup ("record_updated");
  field = find_column (query->kind, query->sort);
  return field != NULL ? column_index (self, field) : NULL;
}

/* --- asked for */

static gint64
count_text (XhStore *self, const char *sql, const char *text)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, NULL);
  gint64 n = 0;

  if (statement == NULL)
    return 0;
  xh_sql_bind_text (statement, 1, text);
  if (xh_store_step (self, statement, NULL) == SQLITE_ROW)
    n = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return n;
}

static gint64
count_asked (XhStore *self, const XhKind *kind)
{
  return count_text (self, "SELECT count(*) FROM pragma_index_list(?1) WHERE substr(name, 1, 2) = 'o_'", kind->table);
}

static gboolean
has_index (XhStore *self, const XhQuery *query)
{
  g_auto (XhQuerySql) sql = { 0 };

  xh_query_sql_init (&sql, self, query);
  return xh_query_sql_can_walk (&sql);
}

gboolean
xh_store_wants_order (XhStore *self, const XhQuery *query)
{
  g_return_val_if_fail (query != NULL, FALSE);

  return find_column (query->kind, query->sort) != NULL && !query->deleted && !has_index (self, query)
         && count_asked (self, query->kind) < MOST_INDEXES
         && count_text (self, "SELECT sum(n) FROM state_count WHERE kind = ?1", query->kind->name) > MANY;
}

gboolean
xh_store_make_order (XhStore *self, const XhQuery *query, GError **error)
{
  const XhField *field;
  g_autofree char *name = NULL;

  g_return_val_if_fail (query != NULL, FALSE);

  /* Asked again: another window may have been first. */
  if (!xh_store_wants_order (self, query))
    return TRUE;
  field = find_column (query->kind, query->sort);
  name = asked_name (query->kind, field->name);
  return xh_store_exec_format (self, error, "CREATE INDEX IF NOT EXISTS \"%s\" ON \"%s\"(\"%s%s\")", name, query->kind->table,
                               xh_store_is_sorted (xh_store_kind (self, query->kind), field) ? "_sort_" : "", field->name);
}

gboolean
xh_store_order_migrate (XhStore *self, const XhKind *kind, GError **error)
{
  sqlite3_stmt *read = xh_store_statement (self, "SELECT name FROM pragma_index_list(?1) WHERE substr(name, 1, 2) = 'o_'", error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (read == NULL)
    return FALSE;
  xh_sql_bind_text (read, 1, kind->table);
  while (xh_store_step (self, read, error) == SQLITE_ROW)
    g_ptr_array_add (names, xh_sql_column_text (read, 0));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i), *field = strstr (name, "__");

      if ((field == NULL || find_column (kind, field + strlen ("__")) == NULL)
          && !xh_store_exec_format (self, error, "DROP INDEX \"%s\"", name))
        return FALSE;
    }
  return TRUE;
}
