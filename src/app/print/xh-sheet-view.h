/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One page of a paper on the screen: white, drawn in a thread when it comes into view, let go when it leaves. */
#pragma once

#include <gtk/gtk.h>

#include "xh-paper.h"

G_BEGIN_DECLS

#define XH_SHEET_DOTS (96.0 / 72) /* on the screen for a point of the paper, before it is enlarged */

#define XH_TYPE_SHEET_VIEW (xh_sheet_view_get_type ())
G_DECLARE_FINAL_TYPE (XhSheetView, xh_sheet_view, XH, SHEET_VIEW, GtkWidget)

GtkWidget *xh_sheet_view_new  (void);
/* @paper: (nullable): NULL shows nothing. @zoom: 1 is as large as on paper at 96 dots an inch */
void       xh_sheet_view_show (XhSheetView *self, XhPaper *paper, guint page, double zoom);

G_END_DECLS
