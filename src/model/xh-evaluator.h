/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite as the evaluator of catalog expressions: domain functions, the sandbox, what an expression depends on, and the SQL
 * that brings its names into scope. */
#pragma once

#include "xh-catalog.h"

G_BEGIN_DECLS

/**
 * xh_functions_register:
 *
 * Registers the domain functions (docs/catalog.md) on a connection. The store calls it for each of its connections. The catalog
 * must outlive the connection.
 *
 * Returns: %FALSE with %XH_MODEL_ERROR_EXPRESSION when SQLite refuses: no memory, or statements are running
 */
gboolean  xh_functions_register (sqlite3 *db, XhCatalog *catalog, GError **error);

/**
 * xh_expression_lint:
 * @kind: whose names it may read: spine, fields, references
 * @aggregate: whether count, sum, avg, min, max over rows are allowed
 * @depends: (out) (optional) (transfer container) (element-type utf8): the names that SQLite read, each once; free the array
 *
 * Checks one expression in a throw-away database: unknown names, forbidden functions, subqueries, parameters, comments, more
 * than one expression. The loader has done this for everything in a catalog; use it for what comes later.
 *
 * Returns: %FALSE with %XH_MODEL_ERROR_EXPRESSION, whose message a person can act on
 */
gboolean  xh_expression_lint (XhCatalog *catalog, const XhKind *kind, const char *expression, gboolean aggregate,
                              GPtrArray **depends, GError **error);

/**
 * xh_kind_source_sql:
 * @needed: (nullable) (element-type utf8): the references to join (and what they are matched by); %NULL: all
 *
 * SQL of "SELECT columns FROM (kind joined with the spine and its references) …" with every name of the kind in scope: spine (rid,
 * id, kind, division, unit, state, version, kind_version, deleted, created_at, updated_at, updated_by, due), fields, references. Use it
 * as a subquery: SQLite flattens it, so that a condition on id or rid finds one record by key.
 *
 * Deleted records are in it. A caller who filters by state, division or unit adds "kind = 'NAME'" for the spine's indexes; one who wants
 * all rows adds a range of rid, which makes the scan run in the order of the file.
 *
 * Returns: (transfer full): one statement without its end
 */
char     *xh_kind_source_sql (const XhKind *kind, GPtrArray *needed);

/**
 * xh_reference_sql:
 *
 * SQL that fetches one reference of one record: "SELECT value FROM … WHERE theirs = ?1 …", deleted records left out. Bind the value
 * of @reference->match_ours (the spine's id, division or unit, a field, or an earlier reference) as ?1. One row or none;
 * no row: NULL. Finds by index, where the source above groups whole tables.
 *
 * Returns: (transfer full): one statement
 */
char     *xh_reference_sql (const XhKind *kind, const XhReference *reference);

/**
 * xh_sandbox_limit:
 *
 * Limits what an expression can cost on a private database (lint, form): length of texts, depth, length of a program (and so its
 * steps: no expression loops). Not for a store's connection, whose own statements are long.
 */
void      xh_sandbox_limit (sqlite3 *db);

G_END_DECLS
