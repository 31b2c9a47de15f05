/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

#define GAP 12.0
#define SMALL 0.85

/* Where things stand; the same for drawing and for hit tests. */
typedef struct
{
  double legend_height;
  double label_width;
  double plot_x, plot_width;
  double figure_width;
  double top, row_height, bar_height;
  double axis_height;
  double maximum;
} Layout;

static guint
count_series (const XhChart *chart)
{
  return MAX (chart->series->len, 1);
}

static double
read_value (const XhChart *chart, const XhChartBar *bar, guint series)
{
  double value = bar->values[series];

  return isfinite (value) && value > 0 ? value : 0;
}

static double
sum_values (const XhChart *chart, const XhChartBar *bar)
{
  double sum = 0;

  for (guint i = 0; i < count_series (chart); i++)
    sum += read_value (chart, bar, i);
  return sum;
}

static char *
format_number (double value)
{
  g_autofree char *digits = g_strdup_printf ("%.0f", value);
  GString *text = g_string_new (NULL);
  gsize length = strlen (digits);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

static char *
format_percent (double share)
{
  double percent = share * 100;
  gboolean whole = fabs (percent - round (percent)) < 0.05;

  return whole ? g_strdup_printf ("%.0f%%", percent) : g_strdup_printf ("%.1f%%", percent);
}

static char *
format_figure (const XhChart *chart, const XhChartBar *bar)
{
  double sum = sum_values (chart, bar);

  return chart->percent && chart->form == XH_CHART_BARS ? format_percent (sum) : format_number (sum);
}

/* The next round number, so that the axis has readable marks. */
static double
round_up (double value)
{
  static const double steps[] = { 1, 2, 4, 5, 10 };
  double power;

  if (value <= 0)
    return 1;
  power = pow (10, floor (log10 (value)));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (value <= steps[i] * power * (1 + 1e-9))
      return steps[i] * power;
  return 10 * power;
}

static double
find_maximum (const XhChart *chart)
{
  double maximum = 0;

  if (chart->form == XH_CHART_STACKED && chart->percent)
    return 1;
  if (chart->maximum > 0)
    return chart->maximum;
  for (guint i = 0; i < chart->bars->len; i++)
    maximum = MAX (maximum, sum_values (chart, g_ptr_array_index (chart->bars, i)));
  maximum = round_up (maximum);
  return chart->percent ? MIN (maximum, 1) : maximum;
}

static PangoLayout *
create_text (PangoContext *context, const char *text, double scale)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

static void
measure_text (PangoContext *context, const char *text, double scale, double *width, double *height)
{
  g_autoptr (PangoLayout) layout = create_text (context, text, scale);
  int w, h;

  pango_layout_get_size (layout, &w, &h);
  *width = (double) w / PANGO_SCALE;
  *height = (double) h / PANGO_SCALE;
}

static void
set_color (cairo_t *cr, const XhColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

/* Draws @text with its vertical middle at @middle. @align: 0 left of @x .. 1 right. Cut with an ellipsis at @room (0: never). */
static void
draw_text (cairo_t *cr, PangoContext *context, const char *text, double scale, const XhColor *color, double x,
           double middle, double align, double room)
{
  g_autoptr (PangoLayout) layout = create_text (context, text, scale);
  int w, h;

  if (room > 0)
    {
      pango_layout_get_size (layout, &w, NULL);
      if (w > room * PANGO_SCALE)
        {
          pango_layout_set_width (layout, room * PANGO_SCALE);
          pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
        }
    }
  pango_layout_get_size (layout, &w, &h);
  set_color (cr, color);
  cairo_move_to (cr, x - align * w / PANGO_SCALE, middle - (double) h / PANGO_SCALE / 2);
  pango_cairo_show_layout (cr, layout);
}

/* Walks over the legend as it wraps; draws it where @cr is given. Returns its height. */
static double
place_legend (const XhChart *chart, cairo_t *cr, PangoContext *context, double width)
{
  double x = 0, y = 0, row = 0;

  if (chart->series->len == 0)
    return 0;
  for (guint i = 0; i < chart->series->len; i++)
    {
      const char *name = g_ptr_array_index (chart->series, i);
      double w, h, mark;

      measure_text (context, name, SMALL, &w, &h);
      mark = round (h * 0.7);
      row = round (h * 1.5);
      if (x > 0 && x + mark + 6 + w > width)
        {
          x = 0;
          y += row;
        }
      if (cr != NULL)
        {
          set_color (cr, chart->colors != NULL ? &chart->colors[i] : &chart->text);
          cairo_rectangle (cr, x, y + round ((row - mark) / 2), mark, mark);
          cairo_fill (cr);
          draw_text (cr, context, name, SMALL, &chart->dim, x + mark + 6, y + row / 2, 0, width - mark - 6);
        }
      x += mark + 6 + w + GAP * 1.5;
    }
  return y + row + GAP / 2;
}

static Layout
compute_layout (const XhChart *chart, PangoContext *context, double width)
{
  Layout at = { 0 };
  double w, h = 0;

  measure_text (context, "0", 1, &w, &h);
  at.row_height = round (h * 1.9);
  at.bar_height = round (h * 1.1);
  measure_text (context, "0%", SMALL, &w, &h);
  at.axis_height = round (h * 1.4);
  at.legend_height = place_legend (chart, NULL, context, width);
  at.top = at.legend_height;
  at.maximum = find_maximum (chart);

  for (guint i = 0; i < chart->bars->len; i++)
    {
      const XhChartBar *bar = g_ptr_array_index (chart->bars, i);
      g_autofree char *figure = format_figure (chart, bar);

      measure_text (context, bar->label, 1, &w, &h);
      at.label_width = MAX (at.label_width, ceil (w));
      measure_text (context, figure, 1, &w, &h);
      at.figure_width = MAX (at.figure_width, ceil (w));
    }
  at.label_width = MIN (at.label_width, floor (width * 0.35));
  at.plot_x = at.label_width + GAP;
  at.plot_width = MAX (width - at.plot_x - at.figure_width - GAP, 1);
  return at;
}

static double
scale_value (const Layout *at, double value)
{
  return at->maximum > 0 ? CLAMP (value / at->maximum, 0, 1) * at->plot_width : 0;
}

/* Left edge and width of a part of a bar (@series -1: all of it). */
static void
place_bar (const XhChart *chart, const Layout *at, const XhChartBar *bar, int series, double *x, double *w)
{
  double sum = sum_values (chart, bar), before = 0, value = 0;
  double whole = chart->form == XH_CHART_STACKED && chart->percent ? sum : 1;

  for (guint i = 0; i < count_series (chart); i++)
    {
      if (series >= 0 && i < series)
        before += read_value (chart, bar, i);
      else if (series < 0 || i == series)
        value += read_value (chart, bar, i);
    }
  if (whole <= 0)
    whole = 1;
  *x = at->plot_x + scale_value (at, before / whole);
  *w = at->plot_x + scale_value (at, (before + value) / whole) - *x;
}

static void
draw_axis (const XhChart *chart, const Layout *at, cairo_t *cr, PangoContext *context)
{
  double bottom = at->top + chart->bars->len * at->row_height;
  guint n = at->maximum >= 1 && !chart->percent && fmod (at->maximum, 4) != 0 ? (at->maximum < 5 ? 1 : 5) : 4;

  for (guint i = 0; i <= n; i++)
    {
      double share = (double) i / n, x = round (at->plot_x + share * at->plot_width) + 0.5;
      g_autofree char *mark = chart->percent ? format_percent (share * at->maximum) : format_number (share * at->maximum);

      set_color (cr, &chart->line);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, x, at->top);
      cairo_line_to (cr, x, bottom);
      cairo_stroke (cr);
      draw_text (cr, context, mark, SMALL, &chart->dim, x, bottom + at->axis_height / 2, 0.5, 0);
    }
}

/* Black or white, whichever stands out more from @ground (relative luminance as in WCAG 2, coarsely). */
static XhColor
choose_ink (const XhColor *ground)
{
  double light = 0.2126 * pow (ground->red, 2.2) + 0.7152 * pow (ground->green, 2.2) + 0.0722 * pow (ground->blue, 2.2);

  return light > 0.3 ? (XhColor) { 0, 0, 0, 0.85 } : (XhColor) { 1, 1, 1, 1 };
}

static void
draw_part (const XhChart *chart, cairo_t *cr, PangoContext *context, const Layout *at, const XhChartBar *bar, guint series,
           double y)
{
  const XhColor *color = chart->colors != NULL ? &chart->colors[series] : &chart->text;
  double x, w, text_width, h, sum = sum_values (chart, bar);
  g_autofree char *share = NULL;
  XhColor ink;

  place_bar (chart, at, bar, series, &x, &w);
  if (w <= 0)
    return;
  set_color (cr, color);
  /* A part of a whole keeps a hair of space to the next, so that neighbours differ by more than colour. */
  cairo_rectangle (cr, x, y, chart->form == XH_CHART_STACKED && w > 2 ? w - 1 : w, at->bar_height);
  cairo_fill (cr);

  if (chart->form != XH_CHART_STACKED || sum <= 0)
    return;
  share = chart->percent ? g_strdup_printf ("%.0f%%", read_value (chart, bar, series) / sum * 100)
                         : format_number (read_value (chart, bar, series));
  measure_text (context, share, SMALL, &text_width, &h);
  if (text_width + 6 > w)
    return;
  ink = choose_ink (color);
  draw_text (cr, context, share, SMALL, &ink, x + w / 2, y + at->bar_height / 2, 0.5, 0);
}

static void
draw_focus (const XhChart *chart, cairo_t *cr, double width, double y, double height)
{
  double radius = 6;
  XhColor ground = chart->text;

  ground.alpha *= 0.07;
  cairo_new_sub_path (cr);
  cairo_arc (cr, width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  set_color (cr, &ground);
  cairo_fill (cr);
}

static void
free_bar (gpointer data)
{
  XhChartBar *bar = data;

  g_free (bar->label);
  g_free (bar->key);
  g_free (bar->values);
  g_free (bar);
}

XhChart *
xh_chart_new (XhChartForm form)
{
  XhChart *chart = g_new0 (XhChart, 1);

  chart->form = form;
  chart->bars = g_ptr_array_new_with_free_func (free_bar);
  chart->series = g_ptr_array_new_with_free_func (g_free);
  chart->text = (XhColor) { 0, 0, 0, 0.8 };
  chart->dim = (XhColor) { 0, 0, 0, 0.55 };
  chart->line = (XhColor) { 0, 0, 0, 0.12 };
  chart->focus = -1;
  return chart;
}

void
xh_chart_free (XhChart *chart)
{
  if (chart == NULL)
    return;
  g_ptr_array_unref (chart->bars);
  g_ptr_array_unref (chart->series);
  g_free (chart->colors);
  g_free (chart);
}

void
xh_chart_set_series (XhChart *chart, const char *const *names, const XhColor *colors, guint n)
{
  g_return_if_fail (chart->bars->len == 0);

  g_ptr_array_set_size (chart->series, 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (chart->series, g_strdup (names[i]));
  g_free (chart->colors);
  chart->colors = g_memdup2 (colors, n * sizeof *colors);
}

void
xh_chart_add_bar (XhChart *chart, const char *label, const char *key, const double *values)
{
  XhChartBar *bar = g_new0 (XhChartBar, 1);

  bar->label = g_strdup (label);
  bar->key = g_strdup (key);
  bar->values = g_memdup2 (values, count_series (chart) * sizeof *values);
  g_ptr_array_add (chart->bars, bar);
}

double
xh_chart_height (const XhChart *chart, PangoContext *context, double width)
{
  Layout at = compute_layout (chart, context, width);

  return at.top + chart->bars->len * at.row_height + at.axis_height;
}

void
xh_chart_draw (const XhChart *chart, cairo_t *cr, PangoContext *context, double width, double height)
{
  Layout at = compute_layout (chart, context, width);

  if (chart->bars->len == 0)
    return;
  cairo_save (cr);
  place_legend (chart, cr, context, width);
  draw_axis (chart, &at, cr, context);
  for (guint i = 0; i < chart->bars->len; i++)
    {
      const XhChartBar *bar = g_ptr_array_index (chart->bars, i);
      g_autofree char *figure = format_figure (chart, bar);
      double y = at.top + i * at.row_height;

      if (chart->focus == (int) i)
        draw_focus (chart, cr, width, y, at.row_height);
      draw_text (cr, context, bar->label, 1, &chart->text, at.label_width, y + at.row_height / 2, 1, at.label_width);
      for (guint j = 0; j < count_series (chart); j++)
        draw_part (chart, cr, context, &at, bar, j, y + round ((at.row_height - at.bar_height) / 2));
      draw_text (cr, context, figure, 1, &chart->text, width, y + at.row_height / 2, 1, 0);
    }
  cairo_restore (cr);
}

int
xh_chart_bar_at (const XhChart *chart, PangoContext *context, double width, double height, double x, double y)
{
  Layout at = compute_layout (chart, context, width);
  double row = floor ((y - at.top) / at.row_height);

  if (x < 0 || x >= width || y >= height || row < 0 || row >= chart->bars->len)
    return -1;
  return row;
}

gboolean
xh_chart_bar_extents (const XhChart *chart, PangoContext *context, double width, double height, guint bar, int series,
                      double *x, double *y, double *w, double *h)
{
  Layout at = compute_layout (chart, context, width);

  if (bar >= chart->bars->len || series >= (int) count_series (chart))
    return FALSE;
  place_bar (chart, &at, g_ptr_array_index (chart->bars, bar), series, x, w);
  *y = at.top + bar * at.row_height + round ((at.row_height - at.bar_height) / 2);
  *h = at.bar_height;
  return TRUE;
}

static char *
describe_bar (const XhChart *chart, const XhChartBar *bar)
{
  g_autofree char *figure = format_figure (chart, bar);
  g_autoptr (GString) text = g_string_new (NULL);
  double sum = sum_values (chart, bar);

  g_string_append_printf (text, _ ("%s: %s"), bar->label, figure);
  if (chart->form == XH_CHART_STACKED)
    for (guint i = 0; i < chart->series->len; i++)
      {
        g_autofree char *part = chart->percent && sum > 0 ? format_percent (read_value (chart, bar, i) / sum)
                                                          : format_number (read_value (chart, bar, i));

        g_string_append_printf (text, _ (", %s %s"), (const char *) g_ptr_array_index (chart->series, i), part);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
xh_chart_describe (const XhChart *chart, int bar)
{
  g_autofree char *first = NULL, *last = NULL;
  guint n = chart->bars->len;

  if (bar >= 0 && bar < (int) n)
    return describe_bar (chart, g_ptr_array_index (chart->bars, bar));
  if (n == 0)
    return g_strdup (_ ("No figures yet"));
  first = describe_bar (chart, g_ptr_array_index (chart->bars, 0));
  if (n == 1)
    return g_steal_pointer (&first);
  last = describe_bar (chart, g_ptr_array_index (chart->bars, n - 1));
  return g_strdup_printf (ngettext ("%u bar. First: %s. Last: %s", "%u bars. First: %s. Last: %s", n), n, first, last);
}
