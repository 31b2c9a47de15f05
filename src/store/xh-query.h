/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Typed questions to a store: filter, search, sort, page, count, group. No SQL text from outside ever enters one. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef struct _XhQuery XhQuery;

typedef enum { XH_QUERY_IS, XH_QUERY_IN, XH_QUERY_BETWEEN, XH_QUERY_NULL, XH_QUERY_UNDER /* division subtree */ } XhQueryOp;

XhQuery   *xh_query_new        (const XhKind *kind);
XhQuery   *xh_query_copy       (const XhQuery *query);
void       xh_query_free       (XhQuery *query);
/* @name: a field or one of state, division, unit, due, updated_at. Filters on the same name are joined by OR, others by AND. */
void       xh_query_filter     (XhQuery *query, const char *name, XhQueryOp op, const XhValue *a, const XhValue *b);
void       xh_query_unfilter   (XhQuery *query, const char *name);
void       xh_query_search     (XhQuery *query, const char *text); /* characters, pinyin or initials */
void       xh_query_sort       (XhQuery *query, const char *name, gboolean descending);
void       xh_query_deleted    (XhQuery *query, gboolean deleted); /* only the recently deleted */
gboolean   xh_query_is_filtered (const XhQuery *query);

/* What a query asks, for who shows it as chips and sort arrows. All (transfer none). */
guint         xh_query_get_n_filters (const XhQuery *query);
const char   *xh_query_get_filter (const XhQuery *query, guint index, XhQueryOp *op, const XhValue **a, const XhValue **b); /* name; b NULL where the op has none */

/* First screen fast: the first @limit row ids; then all of them. (transfer full) GArray of gint64. limit 0: all. */
GArray    *xh_store_query_rids (XhStore *store, const XhQuery *query, guint limit, GError **error);
/* Whether the query sorts a big register by a column that has no index yet; xh_store_make_order() makes it, in a store that may write: about
 * a second for a million rows, a job for the background. The next first screen in that order comes at once. At most four a register. */
gboolean   xh_store_wants_order (XhStore *store, const XhQuery *query);
gboolean   xh_store_make_order (XhStore *store, const XhQuery *query, GError **error);
gint64     xh_store_query_count (XhStore *store, const XhQuery *query, GError **error);
/* Rows for rids, in that order; (transfer full) of XhRecord or NULL where one is gone. */
GPtrArray *xh_store_query_rows (XhStore *store, const XhKind *kind, const gint64 *rids, guint n, GError **error);
gboolean   xh_store_query_sum  (XhStore *store, const XhQuery *query, const char *field, double *sum, GError **error);
/* Counts by one or two names: (transfer full) of XhGroupRow. @prefix: cut division codes to this many digits (9: township). */
typedef struct { char *key1, *key2; gint64 count; } XhGroupRow;
GPtrArray *xh_store_query_group (XhStore *store, const XhQuery *query, const char *name1, guint prefix, const char *name2, GError **error);
void       xh_group_row_free   (XhGroupRow *row);

/* Search over all kinds the role may read, for the palette. */
typedef struct { char *id, *kind, *title, *subtitle; } XhHit;
GPtrArray *xh_store_search     (XhStore *store, const char *text, const char *role, guint limit, GError **error); /* (transfer full) of XhHit */
void       xh_hit_free         (XhHit *hit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhQuery, xh_query_free)

G_END_DECLS
