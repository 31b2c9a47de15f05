/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Three-way merge by field: pure, no store. base: what the edit started from, mine: what it set, theirs: what stands now. */
#pragma once

#include "model/xh-record.h"

G_BEGIN_DECLS

typedef struct
{
  char *field;            /* (owned) */
  XhValue before, mine, theirs;
} XhMergeConflict;

/* Applies @set (JSON object) to @theirs. @touched: names that others changed since the edit's base; @before: JSON object of base
 * values of those names. Returns conflicts (transfer full) of XhMergeConflict, empty when it merged; @merged gets the result. */
GPtrArray *xh_merge (const XhRecord *theirs, JsonObject *set, GHashTable *touched, JsonObject *before, XhRecord *merged, GError **error);
/* An answer's "fields": [{"name","before","mine","theirs"}]. */
JsonArray *xh_merge_conflicts_to_json (GPtrArray *conflicts);
/* What keeps mine and theirs where a field can hold both: rows of a table, choices, a long text one below the other.
 * Returns whether it can; then @both is set. (xh-merge-both.c) */
gboolean   xh_merge_both (const XhField *field, const XhValue *before, const XhValue *mine, const XhValue *theirs, XhValue *both);
void       xh_merge_conflict_free (XhMergeConflict *conflict);

G_END_DECLS
