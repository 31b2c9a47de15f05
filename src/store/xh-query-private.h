/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a question becomes one SQL statement. Names come from the kind, values are always bound. */
#pragma once

#include "xh-query.h"

#include "xh-store-private.h"

G_BEGIN_DECLS

typedef struct
{
  char *name; /* (owned) */
  XhQueryOp op;
  XhValue a, b;
} XhQueryFilter;

struct _XhQuery
{
  const XhKind *kind;
  GArray *filters;  /* (owned) of XhQueryFilter */
  char *search;     /* (owned) (nullable) */
  char *sort;       /* (owned) (nullable) */
  gboolean descending;
  gboolean deleted;
};

/* From which table the rows come, and so in which order they come without sorting. */
typedef enum
{
  XH_PLAN_OPEN,   /* SQLite chooses */
  XH_PLAN_WALK,   /* along the index of the order, testing each row: fast where many rows pass */
  XH_PLAN_STREAM, /* along the search index, in the order of row ids */
} XhPlan;

typedef struct
{
  XhStore *store;
  XhStoreKind *kind;
  const XhQuery *query;
  XhMatch match;        /* (owned) words */
  gboolean unindexed;   /* rows wait for the search index */
  GString *sql;         /* (owned) */
  const char *rid;      /* how the statement calls the row's number */
  GArray *values;       /* (owned) of XhValue: ?1 … */
  GArray *pointers;     /* (owned) of guint: parameters that are the match */
} XhQuerySql;

void          xh_query_sql_init     (XhQuerySql *self, XhStore *store, const XhQuery *query);
void          xh_query_sql_clear    (XhQuerySql *self);
gboolean      xh_query_sql_searches (XhQuerySql *self);
gboolean      xh_query_sql_can_walk (XhQuerySql *self);
gboolean      xh_query_sql_can_stream (XhQuerySql *self);
gboolean      xh_query_sql_sorts_by_field (XhQuerySql *self);
gboolean      xh_query_sql_sorts_by_spine (XhQuerySql *self);
/* "FROM … WHERE …"; @uses_fields, @uses_spine: which tables the columns and the order need besides. Sets self->rid. */
void          xh_query_sql_from     (XhQuerySql *self, XhPlan plan, gboolean uses_fields, gboolean uses_spine);
void          xh_query_sql_order    (XhQuerySql *self);
guint         xh_query_sql_value    (XhQuerySql *self, const XhValue *value); /* number of the parameter */
sqlite3_stmt *xh_query_sql_prepare  (XhQuerySql *self, const char *columns, GError **error); /* (transfer full) finalize */
/* xh-query-order.c: (transfer full) (nullable) the index that has the rows in the query's order. */
char         *xh_query_sql_order_index (XhQuerySql *self);
/* (transfer full) (nullable) the column of a name; @is_field: whether it stands in the kind's table. */
char         *xh_query_column       (const XhKind *kind, const char *name, gboolean *is_field);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhQuerySql, xh_query_sql_clear)

G_END_DECLS
