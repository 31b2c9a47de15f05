/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two widgets side by side where there is room, else the second above the first in one column. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XH_TYPE_TWO_PANE (xh_two_pane_get_type ())
G_DECLARE_FINAL_TYPE (XhTwoPane, xh_two_pane, XH, TWO_PANE, GtkWidget)

/* Property: folded (boolean, read-only, notified): one column. */

/* @end: (nullable) */
GtkWidget *xh_two_pane_new (GtkWidget *start, GtkWidget *end);

G_END_DECLS
