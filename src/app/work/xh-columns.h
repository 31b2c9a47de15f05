/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Up to three columns side by side; where there is no room the third goes under the second, then all stand in one. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XH_TYPE_COLUMNS (xh_columns_get_type ())
G_DECLARE_FINAL_TYPE (XhColumns, xh_columns, XH, COLUMNS, GtkWidget)

void xh_columns_append (XhColumns *self, GtkWidget *child); /* a hidden one takes no column */

G_END_DECLS
