/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a line's width is shared by columns: each gets what its words need, the longest give way first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int want;        /* that all of its words can be read */
  gboolean grows;  /* takes a share of what nobody needs */
  gboolean stays;  /* shown in any case */
  int given;       /* (out) 0: not shown */
} XhListWidth;

/* Shares @width among @widths of @n columns, those in front first. Where the columns that stay want more, the longest are cut. */
void xh_list_widths_share (XhListWidth *widths, guint n, int width);

G_END_DECLS
