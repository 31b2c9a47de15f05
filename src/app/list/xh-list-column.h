/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The columns of a list, made from a kind: cells that show a record's field, its state as a badge, and in the first one the
 * tick. Each row is named for assistive technology. */
#pragma once

#include "app/xh-session.h"
#include "xh-record-selection.h"

G_BEGIN_DECLS

/* Adds the kind's columns to @view, sortable by their headers. */
void        xh_list_columns_add     (GtkColumnView *view, const XhKind *kind, XhRecordSelection *selection);
/* Shows as many of them as @width holds: the first and the last (mostly the state) always, of the others those that stand first; and shares
 * the width by what the words of the first rows need. Returns FALSE where no row is here yet: then by what is usual. */
gboolean    xh_list_columns_fit     (GtkColumnView *view, int width);
/* Which column the headers sort by; FALSE: none. @name: (out) (transfer none) */
gboolean    xh_list_columns_sorted  (GtkColumnView *view, const char **name, gboolean *descending);

G_END_DECLS
