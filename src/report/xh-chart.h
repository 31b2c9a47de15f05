/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charts as a pure function on Cairo and Pango: the window, the printer and an export draw the same. No display needed.
 *
 * A chart is a legend, a row a bar (label, bar, figure) and an axis. Rows keep their order: who makes the chart ranks them.
 * All lengths are in the units of the cairo_t that is drawn on (pixels in the window, points on paper). */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <pango/pango.h>

G_BEGIN_DECLS

typedef struct { double red, green, blue, alpha; } XhColor;

typedef struct
{
  char *label;     /* (owned) */
  char *key;       /* (owned) (nullable) what a click opens */
  double *values;  /* (owned) one per series; negative values count as 0 */
} XhChartBar;

typedef enum { XH_CHART_BARS /* one value a bar, ranked */, XH_CHART_STACKED /* shares of a whole */ } XhChartForm;

/**
 * XhChart:
 *
 * What is to be drawn. Set @series and @colors before adding bars; a chart without series has one that no legend names.
 * With @percent a bar's values are shares of one in XH_CHART_BARS (0.83 is shown as 83%), and XH_CHART_STACKED draws every
 * bar at full length with its parts as shares of their sum.
 */
typedef struct
{
  XhChartForm form;
  GPtrArray *bars;      /* (owned) of XhChartBar */
  GPtrArray *series;    /* (owned) of char*: legend */
  XhColor *colors;      /* (owned) (nullable) one per series; NULL: the text colour */
  XhColor text, dim, line;
  gboolean percent;
  double maximum;       /* 0: from the values */
  int focus;            /* bar under the keyboard or pointer; -1 */
} XhChart;

/**
 * xh_chart_new:
 * Returns: (transfer full): an empty chart, dark text on light ground, no bar in focus
 */
XhChart *xh_chart_new     (XhChartForm form);
void     xh_chart_free    (XhChart *chart);

/**
 * xh_chart_set_series:
 * @names: (array length=n): the legend
 * @colors: (array length=n): their colours
 *
 * Names the parts of a bar. Call it before adding bars.
 */
void     xh_chart_set_series (XhChart *chart, const char *const *names, const XhColor *colors, guint n);

/**
 * xh_chart_add_bar:
 * @key: (nullable): what a click on the bar opens
 * @values: one per series
 */
void     xh_chart_add_bar (XhChart *chart, const char *label, const char *key, const double *values);

/* The height that shows every row at @width; the legend wraps. */
double   xh_chart_height  (const XhChart *chart, PangoContext *context, double width);
void     xh_chart_draw    (const XhChart *chart, cairo_t *cr, PangoContext *context, double width, double height);

/**
 * xh_chart_bar_at:
 * Returns: the bar whose row is at (@x, @y), or -1. The whole row counts, so that a bar of 0 can be hit too.
 */
int      xh_chart_bar_at  (const XhChart *chart, PangoContext *context, double width, double height, double x, double y);

/**
 * xh_chart_bar_extents:
 * @series: a series, or -1 for the whole bar
 *
 * Where a bar is drawn, without its label and figure. Returns: %FALSE if there is no such bar or series.
 */
gboolean xh_chart_bar_extents (const XhChart *chart, PangoContext *context, double width, double height,
                               guint bar, int series, double *x, double *y, double *w, double *h);

/**
 * xh_chart_describe:
 * @bar: a bar, or -1 for the chart as a whole (number of bars, the first and the last of them)
 *
 * Returns: (transfer full): the reading in words, for a screen reader
 */
char    *xh_chart_describe (const XhChart *chart, int bar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhChart, xh_chart_free)

G_END_DECLS
