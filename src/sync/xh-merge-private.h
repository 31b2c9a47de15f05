/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "model/xh-value.h"

G_BEGIN_DECLS

/* Merges three states of a table (JSON arrays of objects, each with its own string "_id"; %NULL: empty) by row and column.
 * Returns: (transfer full) (nullable): the merged array as text; %NULL where a person has to decide, or where a text is no such table */
char *xh_merge_rows (const char *before, const char *mine, const char *theirs);

/* Merges three states of a field of type files: never a conflict. */
void  xh_merge_files (const XhValue *before, const XhValue *mine, const XhValue *theirs, XhValue *merged);

/* The same where a person wants both: a row that both changed stands twice, a row that one removed and the other changed stays.
 * Returns: (transfer full) (nullable): %NULL where a text is no such table */
char *xh_merge_rows_both (const char *before, const char *mine, const char *theirs);

G_END_DECLS
