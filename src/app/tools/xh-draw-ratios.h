/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ratios of a scheme of random draws as rows of a grid: each grade with how many objects the pool has, the share that is drawn, which a person may
 * change within the scheme's range, and how many that makes. */
#pragma once

#include <gtk/gtk.h>

#include "model/xh-sampling.h"

G_BEGIN_DECLS

typedef struct _XhDrawRatios XhDrawRatios;

/* @grid: (not owned) outlives it, or is emptied by whoever destroys it first */
XhDrawRatios *xh_draw_ratios_new       (GtkGrid *grid);
void          xh_draw_ratios_free      (XhDrawRatios *self);
/* Builds the rows anew, with the scheme's own percents and without counts. */
void          xh_draw_ratios_show      (XhDrawRatios *self, const XhSamplingScheme *scheme);
/* @by_ratio: (transfer none) (nullable): of guint, how many objects of the pool each ratio holds; %NULL: not counted yet */
void          xh_draw_ratios_set_counts (XhDrawRatios *self, GArray *by_ratio);
guint         xh_draw_ratios_get_n     (XhDrawRatios *self);
/* Objects in the pool; 0: none, or not counted yet. */
guint         xh_draw_ratios_get_total (XhDrawRatios *self);
/* (transfer full) of double, a percent each as it stands now */
GArray       *xh_draw_ratios_get_percents (XhDrawRatios *self);
/* (transfer full): what a grade of the scheme is called */
char         *xh_draw_grade_label      (const XhSamplingScheme *scheme, const char *grade);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDrawRatios, xh_draw_ratios_free)

G_END_DECLS
