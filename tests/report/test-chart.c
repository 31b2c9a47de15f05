/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "report/xh-chart.h"

#include <math.h>
#include <pango/pangocairo.h>

#define WIDTH 600

static const XhColor red = { 1, 0, 0, 1 }, green = { 0, 1, 0, 1 };

/* Font files differ between machines, so no picture is compared: only where the colours of the bars stand. */
typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
  PangoContext *context;
  double height;
} Paper;

static Paper
draw (const XhChart *chart)
{
  Paper paper = { 0 };
  PangoFontMap *fonts = pango_cairo_font_map_get_default ();

  paper.context = pango_font_map_create_context (fonts);
  paper.height = xh_chart_height (chart, paper.context, WIDTH);
  paper.surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, ceil (paper.height));
  paper.cr = cairo_create (paper.surface);
  cairo_set_source_rgb (paper.cr, 1, 1, 1);
  cairo_paint (paper.cr);
  xh_chart_draw (chart, paper.cr, paper.context, WIDTH, paper.height);
  cairo_surface_flush (paper.surface);
  g_assert_cmpint (cairo_status (paper.cr), ==, CAIRO_STATUS_SUCCESS);
  return paper;
}

static void
clear (Paper *paper)
{
  cairo_destroy (paper->cr);
  cairo_surface_destroy (paper->surface);
  g_object_unref (paper->context);
}

static guint32
pixel (const Paper *paper, double x, double y)
{
  const guint8 *row = cairo_image_surface_get_data (paper->surface) + (int) y * cairo_image_surface_get_stride (paper->surface);

  return ((const guint32 *) row)[(int) x] & 0xffffff;
}

static XhChart *
create_ranked (void)
{
  XhChart *chart = xh_chart_new (XH_CHART_BARS);

  xh_chart_set_series (chart, (const char *[]) { "rated" }, &red, 1);
  chart->percent = TRUE;
  chart->maximum = 1;
  xh_chart_add_bar (chart, "城关镇", "410421100000", (double[]) { 1.0 });
  xh_chart_add_bar (chart, "周庄镇", "410421101000", (double[]) { 0.5 });
  xh_chart_add_bar (chart, "闹店镇", "410421102000", (double[]) { 0 });
  return chart;
}

static void
test_bars_land_where_the_values_say (void)
{
  g_autoptr (XhChart) chart = create_ranked ();
  Paper paper = draw (chart);
  double x, y, w, h, whole;

  g_assert_true (xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, 0, -1, &x, &y, &whole, &h));
  g_assert_cmphex (pixel (&paper, x + 2, y + h / 2), ==, 0xff0000);
  g_assert_cmphex (pixel (&paper, x + whole - 2, y + h / 2), ==, 0xff0000);
  g_assert_cmphex (pixel (&paper, x + whole + 3, y + h / 2), !=, 0xff0000);

  g_assert_true (xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, 1, 0, &x, &y, &w, &h));
  g_assert_cmpfloat_with_epsilon (w, whole / 2, 0.001);
  g_assert_cmphex (pixel (&paper, x + w - 2, y + h / 2), ==, 0xff0000);
  g_assert_cmphex (pixel (&paper, x + w + 2, y + h / 2), !=, 0xff0000);

  g_assert_true (xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, 2, 0, &x, &y, &w, &h));
  g_assert_cmpfloat (w, ==, 0);
  g_assert_cmphex (pixel (&paper, x + 3, y + h / 2), ==, 0xffffff);
  g_assert_false (xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, 3, 0, &x, &y, &w, &h));
  clear (&paper);
}

static void
test_parts_fill_a_whole (void)
{
  g_autoptr (XhChart) chart = xh_chart_new (XH_CHART_STACKED);
  const XhColor colors[] = { red, green };
  Paper paper;
  double x[2], y, w[2], h, all_x, all_w;

  chart->percent = TRUE;
  xh_chart_set_series (chart, (const char *[]) { "A", "B" }, colors, 2);
  xh_chart_add_bar (chart, "x", NULL, (double[]) { 30, 10 });
  xh_chart_add_bar (chart, "y", NULL, (double[]) { 0, 0 });
  xh_chart_add_bar (chart, "z", NULL, (double[]) { -5, NAN });
  paper = draw (chart);

  for (int i = 0; i < 2; i++)
    g_assert_true (xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, 0, i, &x[i], &y, &w[i], &h));
  xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, 0, -1, &all_x, &y, &all_w, &h);
  g_assert_cmpfloat_with_epsilon (w[0] / all_w, 0.75, 0.001);
  g_assert_cmpfloat_with_epsilon (x[0] + w[0], x[1], 0.001);
  g_assert_cmphex (pixel (&paper, x[0] + 3, y + 2), ==, 0xff0000);
  g_assert_cmphex (pixel (&paper, x[1] + 3, y + 2), ==, 0x00ff00);

  for (guint bar = 1; bar < 3; bar++)
    {
      g_assert_true (xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, bar, -1, &x[0], &y, &w[0], &h));
      g_assert_cmpfloat (w[0], ==, 0);
    }
  clear (&paper);
}

static void
test_a_point_finds_its_row (void)
{
  g_autoptr (XhChart) chart = create_ranked ();
  Paper paper = draw (chart);
  double x, y, w, h;

  for (guint i = 0; i < chart->bars->len; i++)
    {
      xh_chart_bar_extents (chart, paper.context, WIDTH, paper.height, i, -1, &x, &y, &w, &h);
      g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, x, y + h / 2), ==, i);
      /* also on the label, and where the bar has no length */
      g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, 1, y + h / 2), ==, i);
      g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, WIDTH - 1, y + h / 2), ==, i);
    }
  g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, 10, 0), ==, -1);
  g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, 10, paper.height - 1), ==, -1);
  g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, -1, y), ==, -1);
  clear (&paper);
}

static void
test_an_empty_chart_draws_nothing (void)
{
  g_autoptr (XhChart) chart = xh_chart_new (XH_CHART_BARS);
  g_autofree char *words = xh_chart_describe (chart, -1);
  Paper paper = draw (chart);

  for (int y = 0; y < cairo_image_surface_get_height (paper.surface); y++)
    for (int x = 0; x < WIDTH; x++)
      g_assert_cmphex (pixel (&paper, x, y), ==, 0xffffff);
  g_assert_cmpint (xh_chart_bar_at (chart, paper.context, WIDTH, paper.height, 10, 10), ==, -1);
  g_assert_cmpstr (words, ==, "No figures yet");
  clear (&paper);
}

static void
test_a_narrow_chart_keeps_its_rows (void)
{
  g_autoptr (XhChart) chart = xh_chart_new (XH_CHART_STACKED);
  const char *names[] = { "AAA 信用户(特优)", "AA 信用户(优秀)", "A 信用户(合格)", "B 一般户", "C 待提升户", "D 否决" };
  XhColor colors[6] = { red, green, red, green, red, green };
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());

  xh_chart_set_series (chart, names, colors, 6);
  xh_chart_add_bar (chart, "一个名字特别特别特别特别长的乡镇人民政府", NULL, (double[]) { 1, 2, 3, 4, 5, 6 });
  g_assert_cmpfloat (xh_chart_height (chart, context, 200), >, xh_chart_height (chart, context, 2000));
  {
    double x, y, w, h;

    g_assert_true (xh_chart_bar_extents (chart, context, 200, 100, 0, -1, &x, &y, &w, &h));
    g_assert_cmpfloat (x + w, <=, 200);
    g_assert_cmpfloat (w, >, 20);
  }
  g_object_unref (context);
}

static void
test_bars_are_read_out_in_words (void)
{
  g_autoptr (XhChart) ranked = create_ranked (), stacked = xh_chart_new (XH_CHART_STACKED);
  const XhColor colors[] = { red, green };
  g_autofree char *one = xh_chart_describe (ranked, 1);
  g_autofree char *all = xh_chart_describe (ranked, -1);
  g_autofree char *parts = NULL;

  g_assert_cmpstr (one, ==, "周庄镇: 50%");
  g_assert_cmpstr (all, ==, "3 bars. First: 城关镇: 100%. Last: 闹店镇: 0%");
  stacked->percent = TRUE;
  xh_chart_set_series (stacked, (const char *[]) { "AAA", "AA" }, colors, 2);
  xh_chart_add_bar (stacked, "城关镇", NULL, (double[]) { 1000, 500 });
  parts = xh_chart_describe (stacked, 0);
  g_assert_cmpstr (parts, ==, "城关镇: 1,500, AAA 66.7%, AA 33.3%");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/chart/bars-land-where-the-values-say", test_bars_land_where_the_values_say);
  g_test_add_func ("/report/chart/parts-fill-a-whole", test_parts_fill_a_whole);
  g_test_add_func ("/report/chart/a-point-finds-its-row", test_a_point_finds_its_row);
  g_test_add_func ("/report/chart/an-empty-chart-draws-nothing", test_an_empty_chart_draws_nothing);
  g_test_add_func ("/report/chart/a-narrow-chart-keeps-its-rows", test_a_narrow_chart_keeps_its_rows);
  g_test_add_func ("/report/chart/bars-are-read-out-in-words", test_bars_are_read_out_in_words);
  return g_test_run ();
}
