/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite as the evaluator of catalog expressions: domain functions, the sandbox, and what an expression depends on. */
#pragma once

#include "xh-catalog.h"

G_BEGIN_DECLS

/* Registers the domain functions (add_workdays, workdays_between, id_birthdate, id_ok, uscc_ok, table_sum, has, today …)
 * on a connection. The store calls it for each of its connections. The catalog must outlive the connection. */
gboolean  xh_functions_register (sqlite3 *db, XhCatalog *catalog, GError **error);

/* Checks one expression against a kind's names in a throw-away database: unknown names, forbidden functions, subqueries,
 * more than one expression. @depends: (out) (optional) (transfer container) names read.
 * @aggregate: whether count, sum, avg, min, max over rows are allowed. */
gboolean  xh_expression_lint (XhCatalog *catalog, const XhKind *kind, const char *expression, gboolean aggregate,
                              GPtrArray **depends, GError **error);

/* SQL of "SELECT columns FROM (kind joined with the spine and its references) …" with every name of the kind in scope:
 * spine (rid, id, division, unit, state, version, deleted, updated_at, due), fields, references.
 * A caller who filters by state, division or unit adds "kind = 'NAME'" for the spine's indexes; one who wants all rows adds a range
 * of rid, which makes the scan run in the order of the file.
 * Only the references named in @needed (transitively) are joined; NULL: all. */
char     *xh_kind_source_sql (const XhKind *kind, GPtrArray *needed);

/* SQL that fetches one reference of one record: "SELECT value FROM … WHERE theirs = ?1 …", deleted records left out. Bind the value
 * of @reference->match_ours (the spine's id, division or unit, a field, or an earlier reference) as ?1. One row or none;
 * no row: NULL. Finds by index, where the source above groups whole tables. */
char     *xh_reference_sql (const XhKind *kind, const XhReference *reference);

/* Limits what an expression can cost on a private database (lint, form): length of texts, depth, length of a program (and so its
 * steps: no expression loops). Not for a store's connection, whose own statements are long. */
void      xh_sandbox_limit (sqlite3 *db);

G_END_DECLS
