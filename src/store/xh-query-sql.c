/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-query-private.h"

#include <string.h>

#include "model/xh-divisions.h"

static const char *const spine_names[] = { "id", "state", "division", "unit", "version", "due", "created_at", "updated_at", "updated_by", NULL };

/* --- names */

char *
xh_query_column (const XhKind *kind, const char *name, gboolean *is_field)
{
  /* The spine's division and unit are those of the fields the kind names, and have the indexes. */
  if (g_strcmp0 (kind->division_field, name) == 0)
    name = "division";
  else if (g_strcmp0 (kind->unit_field, name) == 0)
    name = "unit";
  *is_field = !g_strv_contains (spine_names, name);
  if (!*is_field)
    return g_strconcat ("r.", name, NULL);
  if (xh_kind_find_field (kind, name) == NULL)
    return NULL;
  return g_strdup_printf ("k.\"%s\"", name);
}

static gboolean
is_field (const XhKind *kind, const char *name)
{
  gboolean field;
  g_autofree char *column = xh_query_column (kind, name, &field);

  return column != NULL && field;
}

/* --- parameters */

static void
clear_value (gpointer value)
{
  xh_value_clear (value);
}

guint
xh_query_sql_value (XhQuerySql *self, const XhValue *value)
{
  XhValue copy = XH_VALUE_INIT;

  xh_value_copy (value, &copy);
  g_array_append_val (self->values, copy);
  return self->values->len;
}

static guint
text_value (XhQuerySql *self, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  return xh_query_sql_value (self, &value);
}

static guint
match_value (XhQuerySql *self)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  guint number = xh_query_sql_value (self, &value);

  g_array_append_val (self->pointers, number);
  return number;
}

/* --- filters */

static void
append_under (XhQuerySql *self, const char *column, const XhValue *division)
{
  const char *code = division->type == XH_VALUE_TEXT ? division->text : "";
  char lower[13], upper[13];

  xh_division_range (code, lower, upper);
  g_string_append_printf (self->sql, "(%s >= ?%u", column, text_value (self, lower));
  g_string_append_printf (self->sql, " AND %s < ?%u)", column, text_value (self, upper));
}

static void
append_between (XhQuerySql *self, const char *column, const XhQueryFilter *filter)
{
  if (xh_value_is_null (&filter->a) && xh_value_is_null (&filter->b))
    {
      g_string_append_printf (self->sql, "%s IS NOT NULL", column);
      return;
    }
  g_string_append_c (self->sql, '(');
  if (!xh_value_is_null (&filter->a))
    g_string_append_printf (self->sql, "%s >= ?%u", column, xh_query_sql_value (self, &filter->a));
  if (!xh_value_is_null (&filter->a) && !xh_value_is_null (&filter->b))
    g_string_append (self->sql, " AND ");
  if (!xh_value_is_null (&filter->b))
    g_string_append_printf (self->sql, "%s <= ?%u", column, xh_query_sql_value (self, &filter->b));
  g_string_append_c (self->sql, ')');
}

static void
append_is (XhQuerySql *self, const char *column, const XhQueryFilter *filter)
{
  const XhField *field = xh_kind_find_field (self->query->kind, filter->name);

  if (field != NULL && field->type == XH_FIELD_CHOICES)
    g_string_append_printf (self->sql, "has(%s, ?%u)", column, xh_query_sql_value (self, &filter->a));
  else
    g_string_append_printf (self->sql, "%s IS ?%u", column, xh_query_sql_value (self, &filter->a));
}

static void
append_filter (XhQuerySql *self, const XhQueryFilter *filter)
{
  gboolean field;
  g_autofree char *column = xh_query_column (self->query->kind, filter->name, &field);

  if (column == NULL)
    {
      g_string_append (self->sql, "0");
      return;
    }
  switch (filter->op)
    {
    case XH_QUERY_IS:
      append_is (self, column, filter);
      break;
    case XH_QUERY_IN:
      g_string_append_printf (self->sql, "%s IN (SELECT value FROM json_each(?%u))", column, xh_query_sql_value (self, &filter->a));
      break;
    case XH_QUERY_BETWEEN:
      append_between (self, column, filter);
      break;
    case XH_QUERY_NULL:
      g_string_append_printf (self->sql, "%s IS NULL", column);
      break;
    case XH_QUERY_UNDER:
      append_under (self, column, &filter->a);
      break;
    }
}

static const XhQueryFilter *
filter_at (XhQuerySql *self, guint i)
{
  return &g_array_index (self->query->filters, XhQueryFilter, i);
}

static gboolean
is_first_of_name (XhQuerySql *self, guint i)
{
  for (guint j = 0; j < i; j++)
    if (strcmp (filter_at (self, j)->name, filter_at (self, i)->name) == 0)
      return FALSE;
  return TRUE;
}

static void
append_filters (XhQuerySql *self)
{
  const guint n = self->query->filters->len;

  for (guint i = 0; i < n; i++)
    {
      if (!is_first_of_name (self, i))
        continue;
      g_string_append (self->sql, " AND (");
      append_filter (self, filter_at (self, i));
      for (guint j = i + 1; j < n; j++)
        if (strcmp (filter_at (self, j)->name, filter_at (self, i)->name) == 0)
          {
            g_string_append (self->sql, " OR ");
            append_filter (self, filter_at (self, j));
          }
      g_string_append_c (self->sql, ')');
    }
}

static gboolean
filters_by (XhQuerySql *self, gboolean fields)
{
  for (guint i = 0; i < self->query->filters->len; i++)
    if (is_field (self->query->kind, filter_at (self, i)->name) == fields)
      return TRUE;
  return FALSE;
}

/* --- search */

gboolean
xh_query_sql_searches (XhQuerySql *self)
{
  return self->match.words->len > 0;
}

static gboolean
verifies (XhQuerySql *self)
{
  for (guint i = 0; i < self->match.words->len; i++)
    if (((XhSearchWord *) g_ptr_array_index (self->match.words, i))->verify)
      return TRUE;
  return FALSE;
}

/* Words the search index answers alone, as one expression of FTS5. (nullable) (transfer full) */
static char *
match_expression (XhQuerySql *self)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; i < self->match.words->len; i++)
    {
      const XhSearchWord *word = g_ptr_array_index (self->match.words, i);

      if (!word->long_number)
        g_string_append_printf (match, "%s%s", match->len > 0 ? " AND " : "", word->match);
    }
  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

/* Long numbers are looked for in the index of each code's column, too. */
static void
append_number_rids (XhQuerySql *self, const XhSearchWord *word)
{
  g_autofree char *after = g_strconcat (word->text, ":", NULL); /* the character after 9 */

  g_string_append_printf (self->sql, "SELECT rowid FROM \"%s\" WHERE \"%s\" MATCH ?%u", self->kind->search_table, self->kind->search_table,
                          text_value (self, word->match));
  for (guint i = 0; i < self->kind->searched->len; i++)
    {
      const XhSearchField *searched = &g_array_index (self->kind->searched, XhSearchField, i);

      if (searched->mode != XH_SEARCH_CODE)
        continue;
      g_string_append_printf (self->sql, " UNION SELECT rid FROM \"%s\" WHERE \"%s\" >= ?%u", self->query->kind->table,
                              searched->field->name, text_value (self, word->text));
      g_string_append_printf (self->sql, " AND \"%s\" < ?%u", searched->field->name, text_value (self, after));
    }
}

static void
append_number_conditions (XhQuerySql *self, const char *rid, gboolean first)
{
  for (guint i = 0; i < self->match.words->len; i++)
    {
      const XhSearchWord *word = g_ptr_array_index (self->match.words, i);

      if (!word->long_number)
        continue;
      g_string_append_printf (self->sql, "%s%s IN (", first ? "" : " AND ", rid);
      append_number_rids (self, word);
      g_string_append_c (self->sql, ')');
      first = FALSE;
    }
}

static void
append_test (XhQuerySql *self, const char *table)
{
  g_string_append_printf (self->sql, "xh_match(?%u", match_value (self));
  for (guint i = 0; i < self->kind->searched->len; i++)
    g_string_append_printf (self->sql, ", %s.\"%s\"", table, g_array_index (self->kind->searched, XhSearchField, i).field->name);
  g_string_append_c (self->sql, ')');
}

static void
append_unindexed (XhQuerySql *self)
{
  g_string_append_printf (self->sql, " UNION ALL SELECT q.rid FROM search_queue q CROSS JOIN \"%s\" u ON u.rid = q.rid WHERE q.kind = ?%u AND ",
                          self->query->kind->table, text_value (self, self->query->kind->name));
  append_test (self, "u");
}

/* " AND rid IN (…)" with every row that is found. */
static void
append_found (XhQuerySql *self, const char *rid)
{
  g_autofree char *match = match_expression (self);

  g_string_append_printf (self->sql, " AND %s IN (", rid);
  if (match != NULL)
    {
      g_string_append_printf (self->sql, "SELECT s.rowid FROM \"%s\" s WHERE \"%s\" MATCH ?%u", self->kind->search_table,
                              self->kind->search_table, text_value (self, match));
      append_number_conditions (self, "s.rowid", FALSE);
    }
  else
    {
      g_string_append_printf (self->sql, "SELECT s.rid FROM \"%s\" s WHERE ", self->query->kind->table);
      append_number_conditions (self, "s.rid", TRUE);
    }
  if (self->unindexed)
    {
      g_string_append_printf (self->sql, " AND %s NOT IN (SELECT rid FROM search_queue WHERE kind = ?%u)", match != NULL ? "s.rowid" : "s.rid",
                              text_value (self, self->query->kind->name));
      append_unindexed (self);
    }
  g_string_append_c (self->sql, ')');
}

/* --- the statement */

void
xh_query_sql_init (XhQuerySql *self, XhStore *store, const XhQuery *query)
{
  self->store = store;
  self->query = query;
  self->kind = xh_store_kind (store, query->kind);
  self->match.kind = self->kind;
  self->match.words = self->kind->search_table != NULL ? xh_search_parse (query->search) : xh_search_parse (NULL);
  self->unindexed = self->match.words->len > 0 && xh_store_has_unindexed (store, self->kind);
  self->sql = g_string_new (NULL);
  self->values = g_array_new (FALSE, TRUE, sizeof (XhValue));
  g_array_set_clear_func (self->values, clear_value);
  self->pointers = g_array_new (FALSE, FALSE, sizeof (guint));
}

void
xh_query_sql_clear (XhQuerySql *self)
{
  g_clear_pointer (&self->match.words, g_ptr_array_unref);
  g_string_free (self->sql, TRUE);
  g_clear_pointer (&self->values, g_array_unref);
  g_clear_pointer (&self->pointers, g_array_unref);
}

gboolean
xh_query_sql_sorts_by_field (XhQuerySql *self)
{
  return self->query->sort != NULL && is_field (self->query->kind, self->query->sort);
}

/* Whether the statement that lists the rows in the query's order needs the spine for it. */
gboolean
xh_query_sql_sorts_by_spine (XhQuerySql *self)
{
  return self->query->sort != NULL ? !xh_query_sql_sorts_by_field (self) : !xh_query_sql_searches (self);
}

gboolean
xh_query_sql_can_stream (XhQuerySql *self)
{
  g_autofree char *match = xh_query_sql_searches (self) && !self->unindexed ? match_expression (self) : NULL;

  return match != NULL;
}

gboolean
xh_query_sql_can_walk (XhQuerySql *self)
{
  g_autofree char *index = xh_query_sql_order_index (self);

  return index != NULL;
}

static void
append_spine_conditions (XhQuerySql *self)
{
  g_string_append_printf (self->sql, " WHERE r.kind = ?%u AND r.deleted = %d", text_value (self, self->query->kind->name),
                          self->query->deleted);
}

static void
from_walk (XhQuerySql *self)
{
  g_autofree char *index = xh_query_sql_order_index (self);
  const char *table = self->query->kind->table;

  self->rid = xh_query_sql_sorts_by_field (self) ? "k.rid" : "r.rid";
  if (xh_query_sql_sorts_by_field (self))
    g_string_append_printf (self->sql, " FROM \"%s\" k INDEXED BY \"%s\" CROSS JOIN record r ON r.rid = k.rid WHERE r.deleted = %d", table, index,
                            self->query->deleted);
  else
    {
      g_string_append_printf (self->sql, " FROM record r INDEXED BY \"%s\"", index);
      if (filters_by (self, TRUE) || xh_query_sql_searches (self))
        g_string_append_printf (self->sql, " CROSS JOIN \"%s\" k ON k.rid = r.rid", table);
      append_spine_conditions (self);
    }
  append_filters (self);
  if (xh_query_sql_searches (self))
    {
      g_string_append (self->sql, " AND ");
      append_test (self, "k");
    }
}

static void
from_stream (XhQuerySql *self)
{
  g_autofree char *match = match_expression (self);
  const char *table = self->kind->search_table;

  self->rid = "s.rowid";
  g_string_append_printf (self->sql, " FROM \"%s\" s CROSS JOIN record r ON r.rid = s.rowid", table);
  if (filters_by (self, TRUE) || verifies (self))
    g_string_append_printf (self->sql, " CROSS JOIN \"%s\" k ON k.rid = s.rowid", self->query->kind->table);
  g_string_append_printf (self->sql, " WHERE \"%s\" MATCH ?%u AND r.deleted = %d", table, text_value (self, match), self->query->deleted);
  append_number_conditions (self, "s.rowid", FALSE);
  append_filters (self);
  if (verifies (self))
    {
      g_string_append (self->sql, " AND ");
      append_test (self, "k");
    }
}

/* Without a question to the spine, the kind's table alone is read; the few deleted ones are left out by their numbers. */
static void
from_open (XhQuerySql *self, gboolean uses_fields, gboolean uses_spine)
{
  const gboolean searches = xh_query_sql_searches (self);
  const gboolean fields = uses_fields || filters_by (self, TRUE) || (searches && verifies (self));
  const gboolean spine = filters_by (self, FALSE) || !fields || self->query->deleted || uses_spine;

  self->rid = spine ? "r.rid" : "k.rid";
  if (fields && !spine)
    {
      g_string_append_printf (self->sql, " FROM \"%s\" k WHERE k.rid NOT IN (SELECT rid FROM record WHERE kind = ?%u AND deleted = 1)",
                              self->query->kind->table, text_value (self, self->query->kind->name));
    }
  else
    {
      g_string_append (self->sql, " FROM record r");
      if (fields)
        g_string_append_printf (self->sql, " JOIN \"%s\" k ON k.rid = r.rid", self->query->kind->table);
      append_spine_conditions (self);
    }
  append_filters (self);
  if (!searches)
    return;
  append_found (self, self->rid);
  if (verifies (self))
    {
      g_string_append (self->sql, " AND ");
      append_test (self, "k");
    }
}

void
xh_query_sql_from (XhQuerySql *self, XhPlan plan, gboolean uses_fields, gboolean uses_spine)
{
  switch (plan)
    {
    case XH_PLAN_WALK:
      from_walk (self);
      break;
    case XH_PLAN_STREAM:
      from_stream (self);
      break;
    case XH_PLAN_OPEN:
      from_open (self, uses_fields, uses_spine);
      break;
    }
}

static void
append_order_key (XhQuerySql *self)
{
  gboolean field;
  g_autofree char *column = xh_query_column (self->query->kind, self->query->sort, &field);
  const XhField *found = field ? xh_kind_find_field (self->query->kind, self->query->sort) : NULL;

  if (found != NULL && xh_store_is_sorted (self->kind, found))
    g_string_append_printf (self->sql, "k.\"_sort_%s\"", found->name);
  else if (found != NULL && (found->type == XH_FIELD_TEXT || found->type == XH_FIELD_LONG_TEXT))
    g_string_append_printf (self->sql, "xh_sort_key(%s)", column);
  else
    g_string_append (self->sql, column != NULL ? column : "NULL");
}

void
xh_query_sql_order (XhQuerySql *self)
{
  const char *direction = self->query->descending ? "DESC" : "ASC";

  g_string_append (self->sql, " ORDER BY ");
  if (self->query->sort != NULL && strcmp (self->rid, "s.rowid") != 0)
    {
      append_order_key (self);
      g_string_append_printf (self->sql, " %s, %s %s", direction, self->rid, direction);
    }
  else if (xh_query_sql_searches (self))
    g_string_append (self->sql, self->rid);
  else
    g_string_append_printf (self->sql, "r.updated_at DESC, %s DESC", self->rid);
}

sqlite3_stmt *
xh_query_sql_prepare (XhQuerySql *self, const char *columns, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code;

  g_string_prepend (self->sql, columns);
  g_string_prepend (self->sql, "SELECT ");
  code = sqlite3_prepare_v2 (self->store->db, self->sql->str, (int) self->sql->len, &statement, NULL);

  if (code != SQLITE_OK)
    {
      xh_store_take_error (self->store, code, self->sql->str, error);
      return NULL;
    }
  for (guint i = 0; i < self->values->len; i++)
    xh_value_bind (&g_array_index (self->values, XhValue, i), statement, (int) i + 1);
  for (guint i = 0; i < self->pointers->len; i++)
    sqlite3_bind_pointer (statement, (int) g_array_index (self->pointers, guint, i), &self->match, XH_MATCH_POINTER, NULL);
  return statement;
}
