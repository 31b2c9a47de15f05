/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is to be known of an expression and of a field by whoever writes SQL from definitions. */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

/**
 * xh_sql_mentions:
 * @expression: (nullable)
 * @name: of a field, a reference or a function
 *
 * Returns: whether the name stands in the expression as a whole word; in a quoted text, too
 */
gboolean xh_sql_mentions (const char *expression, const char *name);

/* Returns: (transfer none) the type that a column for such fields is declared with */
const char *xh_sql_column_type (XhFieldType type);

G_END_DECLS
