/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-query.h"

#include <string.h>

#include "xh-query-private.h"

static void
clear_filter (gpointer data)
{
  XhQueryFilter *filter = data;

  g_free (filter->name);
  xh_value_clear (&filter->a);
  xh_value_clear (&filter->b);
}

static const XhValue *
or_null (const XhValue *value)
{
  static const XhValue null = XH_VALUE_INIT;

  return value != NULL ? value : &null;
}

static gboolean
has_second (XhQueryOp op)
{
  return op == XH_QUERY_BETWEEN;
}

/**
 * xh_query_new:
 * @kind: which register is asked; must outlive the query
 *
 * Returns: (transfer full): a query for every record that is not deleted
 */
XhQuery *
xh_query_new (const XhKind *kind)
{
  XhQuery *query = g_new0 (XhQuery, 1);

  g_return_val_if_fail (kind != NULL, NULL);

  query->kind = kind;
  query->filters = g_array_new (FALSE, TRUE, sizeof (XhQueryFilter));
  g_array_set_clear_func (query->filters, clear_filter);
  return query;
}

XhQuery *
xh_query_copy (const XhQuery *query)
{
  XhQuery *copy = xh_query_new (query->kind);

  for (guint i = 0; i < query->filters->len; i++)
    {
      const XhQueryFilter *filter = &g_array_index (query->filters, XhQueryFilter, i);

      xh_query_filter (copy, filter->name, filter->op, &filter->a, &filter->b);
    }
  copy->search = g_strdup (query->search);
  copy->sort = g_strdup (query->sort);
  copy->descending = query->descending;
  copy->deleted = query->deleted;
  return copy;
}

void
xh_query_free (XhQuery *query)
{
  if (query == NULL)
    return;
  g_array_unref (query->filters);
  g_free (query->search);
  g_free (query->sort);
  g_free (query);
}

/**
 * xh_query_filter:
 * @name: a field or one of id, state, division, unit, version, due, created_at, updated_at, updated_by
 * @op: %XH_QUERY_IS: equal to @a (a several-choices field: contains it); %XH_QUERY_IN: @a is a JSON array of values;
 *   %XH_QUERY_BETWEEN: from @a to @b inclusive, either may be NULL for an open end; %XH_QUERY_NULL: empty;
 *   %XH_QUERY_UNDER: division @a and everything below it
 * @a: (nullable): copied
 * @b: (nullable): copied
 *
 * Filters on one name are joined by OR, on different names by AND. A name the kind does not have finds nothing.
 */
void
xh_query_filter (XhQuery *query, const char *name, XhQueryOp op, const XhValue *a, const XhValue *b)
{
  XhQueryFilter filter = { .name = g_strdup (name), .op = op };

  xh_value_copy (or_null (a), &filter.a);
  xh_value_copy (or_null (b), &filter.b);
  g_array_append_val (query->filters, filter);
}

void
xh_query_unfilter (XhQuery *query, const char *name)
{
  for (guint i = query->filters->len; i-- > 0;)
    if (strcmp (g_array_index (query->filters, XhQueryFilter, i).name, name) == 0)
      g_array_remove_index (query->filters, i);
}

/**
 * xh_query_search:
 * @text: (nullable): what was typed: characters, pinyin, initials, numbers, several words; %NULL or blank: no search
 */
void
xh_query_search (XhQuery *query, const char *text)
{
  g_free (query->search);
  query->search = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/**
 * xh_query_sort:
 * @name: (nullable): a name as in xh_query_filter(); %NULL: last changed first, in a search as the records came
 *
 * Names and other short texts of the list are sorted by pinyin. Equal ones keep the order in which they came.
 */
void
xh_query_sort (XhQuery *query, const char *name, gboolean descending)
{
  g_free (query->sort);
  query->sort = g_strdup (name);
  query->descending = descending;
}

void
xh_query_deleted (XhQuery *query, gboolean deleted)
{
  query->deleted = deleted;
}

gboolean
xh_query_is_filtered (const XhQuery *query)
{
  return query->filters->len > 0 || query->search != NULL;
}

guint
xh_query_get_n_filters (const XhQuery *query)
{
  return query->filters->len;
}

const char *
xh_query_get_filter (const XhQuery *query, guint index, XhQueryOp *op, const XhValue **a, const XhValue **b)
{
  const XhQueryFilter *filter = &g_array_index (query->filters, XhQueryFilter, index);

  g_return_val_if_fail (index < query->filters->len, NULL);

  if (op != NULL)
    *op = filter->op;
  if (a != NULL)
    *a = &filter->a;
  if (b != NULL)
    *b = has_second (filter->op) ? &filter->b : NULL;
  return filter->name;
}
