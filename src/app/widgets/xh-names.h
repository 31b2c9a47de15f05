/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accessible names where GTK 4.8 gives none, and tooltips where something is cut off. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Icon buttons below @widget that have only a tooltip take it as their name. */
void xh_name_by_tooltip (GtkWidget *widget);

/* The pointer shows the whole text of a label or an inscription where it is cut off; the keyboard's focus alone never does. */
void xh_show_whole_when_cut (GtkWidget *widget);

G_END_DECLS
