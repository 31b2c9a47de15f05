/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A chart in the window: drawn in the theme's colours, walked over by the arrow keys, read aloud, opened by Enter or a click. */
#pragma once

#include <gtk/gtk.h>
#include "report/xh-chart.h"

G_BEGIN_DECLS

#define XH_TYPE_CHART_VIEW (xh_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (XhChartView, xh_chart_view, XH, CHART_VIEW, GtkWidget)

/**
 * XhChartView::activated:
 * @key: of the bar
 */

/* @name: what the chart shows, for a screen reader; @chart: (transfer full);
 * @colors: (nullable) (array zero-terminated=1): a named colour of the style sheet for each series */
void       xh_chart_view_set_chart (XhChartView *self, const char *name, XhChart *chart, const char *const *colors);

G_END_DECLS
