/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stored values in words, wherever one value stands beside another: a change, a conflict, a sheet of both. */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

/* What a person calls a field of an edit, "state" and "deleted" among them. (transfer none) (nullable): the kind has no such field */
const char *xh_value_text_name (const XhKind *kind, const char *name);

/**
 * xh_value_text:
 * @node: (nullable): the value; JSON null or %NULL is empty
 * @store: (nullable): looks up what linked records are called; main thread
 *
 * A table is told row by row, one a line. What identifies a person is masked.
 *
 * Returns: (transfer full)
 */
char       *xh_value_text      (const XhKind *kind, const char *name, JsonNode *node, XhStore *store);
/* The same with nothing masked: for who was asked what for (xh_field_host_ask_unmask()), and for amounts where they are edited. (transfer full) */
char       *xh_value_text_full (const XhKind *kind, const char *name, JsonNode *node, XhStore *store);
/* One row of a table, its cells in the order of the columns. (transfer full) */
char       *xh_value_text_row  (const XhField *table, JsonObject *row, XhStore *store, gboolean masked);

G_END_DECLS
