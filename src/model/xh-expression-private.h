/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading an expression word by word: what may stand in it at all, before SQLite's parser sees it, and whose names it uses. */
#pragma once

#include "xh-catalog.h"
#include "xh-spine.h"

G_BEGIN_DECLS

typedef struct
{
  const XhKind *kind;    /* whose names are known */
  gboolean own_names;    /* without its references */
  gboolean may_aggregate;/* count, sum, avg, min and max over rows may stand here */
} XhNames;

/* Faults are XH_MODEL_ERROR_EXPRESSION. @is_aggregate: (out) (optional) whether it runs over rows. */
gboolean     xh_expression_scan    (const char *expression, const XhNames *names, gboolean *is_aggregate, GError **error);

/* The expression with each name put behind the table that has it: spine names behind @spine, fields behind @table. Only for what
 * xh_expression_scan() passed with own_names. */
char        *xh_expression_qualify (const char *expression, const char *spine, const char *table);

/* Names of all functions that may be called: domain functions and what SQLite brings. NULL-terminated. */
gboolean     xh_function_is_known  (const char *name);

G_END_DECLS
