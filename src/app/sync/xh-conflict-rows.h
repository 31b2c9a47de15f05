/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A table in a column of a conflict: what one side did to its rows, told by their identity. No widget; any thread that owns the store. */
#pragma once

#include "model/xh-kind.h"
#include "store/xh-store.h"

G_BEGIN_DECLS

/**
 * xh_conflict_rows_tell:
 * @before: (nullable): the table as both found it
 * @side: (nullable): the table as one side has it
 * @store: (nullable): looks up what linked records are called
 * @masked: what identifies a person is masked
 *
 * Returns: (transfer full): a line for each row that is new, changed or removed, with a word before it, and one that counts the others
 */
char    *xh_conflict_rows_tell   (const XhField *table, JsonNode *before, JsonNode *side, XhStore *store, gboolean masked);
/* The table as both found it: rows that either side changed or removed, and one line that counts the others. (transfer full) */
char    *xh_conflict_rows_before (const XhField *table, JsonNode *before, JsonNode *mine, JsonNode *theirs, XhStore *store, gboolean masked);
/* Whether a line of these tells a change. */
gboolean xh_conflict_rows_is_change (const char *line);

G_END_DECLS
