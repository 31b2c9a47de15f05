/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charts as a pure function on Cairo and Pango: the window, the printer and an export draw the same. No display needed. */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <pango/pango.h>

G_BEGIN_DECLS

typedef struct { double red, green, blue, alpha; } XhColor;

typedef struct
{
  char *label;     /* (owned) */
  char *key;       /* (owned) what a click opens */
  double *values;  /* (owned) one per series */
} XhChartBar;

typedef enum { XH_CHART_BARS /* one value a bar, ranked */, XH_CHART_STACKED /* shares of a whole */ } XhChartForm;

typedef struct
{
  XhChartForm form;
  GPtrArray *bars;      /* (owned) of XhChartBar */
  GPtrArray *series;    /* (owned) of char*: legend */
  XhColor *colors;      /* (owned) one per series */
  XhColor text, dim, line;
  gboolean percent;
  double maximum;       /* 0: from the values */
  int focus;            /* bar under the keyboard or pointer; -1 */
} XhChart;

XhChart *xh_chart_new     (XhChartForm form);
void     xh_chart_free    (XhChart *chart);
void     xh_chart_add_bar (XhChart *chart, const char *label, const char *key, const double *values);
double   xh_chart_height  (const XhChart *chart, PangoContext *context);
void     xh_chart_draw    (const XhChart *chart, cairo_t *cr, PangoContext *context, double width, double height);
int      xh_chart_bar_at  (const XhChart *chart, PangoContext *context, double width, double height, double x, double y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhChart, xh_chart_free)

G_END_DECLS
