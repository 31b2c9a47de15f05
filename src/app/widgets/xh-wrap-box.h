/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Widgets in lines, as words in a text: chips, tags. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XH_TYPE_WRAP_BOX (xh_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (XhWrapBox, xh_wrap_box, XH, WRAP_BOX, GtkWidget)

void       xh_wrap_box_append (XhWrapBox *self, GtkWidget *child);

G_END_DECLS
