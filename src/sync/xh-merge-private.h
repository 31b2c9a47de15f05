/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Merges three states of a table (JSON arrays of objects, each with its own string "_id"; %NULL: empty) by row and column.
 * Returns: (transfer full) (nullable): the merged array as text; %NULL where a person has to decide, or where a text is no such table */
char *xh_merge_rows (const char *before, const char *mine, const char *theirs);

G_END_DECLS
