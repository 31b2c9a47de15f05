/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changed between two orders of rows, as the ranges that a list model announces. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint position, removed, added;
} XhRange;

/**
 * xh_rid_diff:
 * @old: array of gint64 row ids, each once
 * @new: likewise
 *
 * Ranges to be applied in order: each position counts in the list as the ranges before it have left it. Rows that keep
 * their order among each other are not announced; where rows moved about too much, the changed middle is one range.
 *
 * Returns: (transfer full) (element-type XhRange): empty where the orders are equal
 */
GArray *xh_rid_diff (GArray *old, GArray *new_);

G_END_DECLS
