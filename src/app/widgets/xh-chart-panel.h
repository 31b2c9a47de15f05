/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A question, the chart that answers it, and the same figures as a table. */
#pragma once

#include <adwaita.h>
#include "report/xh-chart.h"

G_BEGIN_DECLS

#define XH_TYPE_CHART_PANEL (xh_chart_panel_get_type ())
G_DECLARE_FINAL_TYPE (XhChartPanel, xh_chart_panel, XH, CHART_PANEL, AdwBin)

/**
 * XhChartPanel::activated:
 * @key: of the bar or row to open
 */

GtkWidget *xh_chart_panel_new       (void);
/* @note: (nullable) how the figures are counted; @chart: (transfer full); @colors: as in xh_chart_view_set_chart();
 * @first: title of the table's first column */
void       xh_chart_panel_set_chart (XhChartPanel *self, const char *title, const char *note, const char *first, XhChart *chart,
                                     const char *const *colors);

G_END_DECLS
