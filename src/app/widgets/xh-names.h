/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accessible names where GTK 4.8 gives none. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Icon buttons below @widget that have only a tooltip take it as their name. */
void xh_name_by_tooltip (GtkWidget *widget);

G_END_DECLS
