/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One drawn object as a row of a list: its place, what it is called, its code, its grade and who inspects it. */
#pragma once

#include <gtk/gtk.h>

#include "xh-draw-sheet.h"

G_BEGIN_DECLS

/* For the "setup" of a factory: an empty row in @item. */
void xh_draw_row_setup (GtkListItem *item);
/* Shows the object of the sheet at the item's position. @sheet: (nullable) */
void xh_draw_row_bind  (GtkListItem *item, const XhDrawSheet *sheet);

G_END_DECLS
