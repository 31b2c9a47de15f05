/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-chart-view.h"

#include <math.h>

struct _XhChartView
{
  GtkWidget parent_instance;

  XhChart *chart; /* (owned) (nullable) */
  char **colors;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (XhChartView, xh_chart_view, GTK_TYPE_WIDGET)

static guint activated_signal;

static XhColor
convert_color (const GdkRGBA *color, double alpha)
{
  return (XhColor) { color->red, color->green, color->blue, color->alpha * alpha };
}

/* Named colours change with light and dark, so they are asked for at each drawing. */
static void
take_colors (XhChartView *self)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA text;

  gtk_style_context_get_color (context, &text);
  self->chart->text = convert_color (&text, 1);
  self->chart->dim = convert_color (&text, 0.6);
  self->chart->line = convert_color (&text, 0.15);
  for (guint i = 0; self->colors != NULL && self->colors[i] != NULL && self->chart->colors != NULL && i < MAX (self->chart->series->len, 1); i++)
    {
      GdkRGBA color = text;

      gtk_style_context_lookup_color (context, self->colors[i], &color);
      self->chart->colors[i] = convert_color (&color, 1);
    }
}

static void
focus_bar (XhChartView *self, int bar)
{
  g_autofree char *words = NULL;
  const XhChartBar *at;

  if (self->chart == NULL || self->chart->focus == bar)
    return;
  self->chart->focus = bar;
  words = xh_chart_describe (self->chart, bar);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  at = bar >= 0 ? g_ptr_array_index (self->chart->bars, bar) : NULL;
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), at != NULL ? words : NULL);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), at != NULL && at->key != NULL ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
activate_bar (XhChartView *self, int bar)
{
  const XhChartBar *at;

  if (self->chart == NULL || bar < 0)
    return;
  at = g_ptr_array_index (self->chart->bars, bar);
  if (at->key != NULL)
    g_signal_emit (self, activated_signal, 0, at->key);
}

static int
find_bar (XhChartView *self, double x, double y)
{
  if (self->chart == NULL)
    return -1;
  return xh_chart_bar_at (self->chart, gtk_widget_get_pango_context (GTK_WIDGET (self)), gtk_widget_get_width (GTK_WIDGET (self)),
                          gtk_widget_get_height (GTK_WIDGET (self)), x, y);
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  XhChartView *self = XH_CHART_VIEW (widget);
  int step = g_variant_get_int32 (args), last, bar;

  if (self->chart == NULL || self->chart->bars->len == 0)
    return FALSE;
  last = self->chart->bars->len - 1;
  bar = self->chart->focus < 0 ? (step < 0 && step > G_MININT32 ? last : 0)
                               : CLAMP ((gint64) self->chart->focus + step, 0, last);
  focus_bar (self, bar);
  return TRUE;
}

static gboolean
open_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  XhChartView *self = XH_CHART_VIEW (widget);

  activate_bar (self, self->chart != NULL ? self->chart->focus : -1);
  return TRUE;
}

static void
motion_cb (XhChartView *self, double x, double y)
{
  focus_bar (self, find_bar (self, x, y));
}

static void
leave_cb (XhChartView *self)
{
  focus_bar (self, -1);
}

static void
released_cb (XhChartView *self, int n, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  focus_bar (self, find_bar (self, x, y));
  activate_bar (self, find_bar (self, x, y));
}

static GtkSizeRequestMode
xh_chart_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
xh_chart_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *min_baseline,
                       int *nat_baseline)
{
  XhChartView *self = XH_CHART_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 240;
      *natural = 560;
      return;
    }
  *minimum = *natural = self->chart == NULL
                          ? 0
                          : ceil (xh_chart_height (self->chart, gtk_widget_get_pango_context (widget), for_size > 0 ? for_size : 560));
}

static void
xh_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  XhChartView *self = XH_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (self->chart == NULL || width <= 0 || height <= 0)
    return;
  take_colors (self);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  xh_chart_draw (self->chart, cr, gtk_widget_get_pango_context (widget), width, height);
  cairo_destroy (cr);
}

static void
xh_chart_view_finalize (GObject *object)
{
  XhChartView *self = XH_CHART_VIEW (object);

  g_clear_pointer (&self->chart, xh_chart_free);
  g_strfreev (self->colors);

  G_OBJECT_CLASS (xh_chart_view_parent_class)->finalize (object);
}

static void
add_move (GtkWidgetClass *klass, guint key, int step)
{
  gtk_widget_class_add_binding (klass, key, 0, move_cb, "i", step);
}

static void
xh_chart_view_class_init (XhChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xh_chart_view_finalize;
  widget_class->get_request_mode = xh_chart_view_get_request_mode;
  widget_class->measure = xh_chart_view_measure;
  widget_class->snapshot = xh_chart_view_snapshot;
  activated_signal = g_signal_new ("activated", XH_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_STRING);

  /* The bars stand below each other, but a chart is walked from left to right. */
  add_move (widget_class, GDK_KEY_Left, -1);
  add_move (widget_class, GDK_KEY_Right, 1);
  add_move (widget_class, GDK_KEY_Up, -1);
  add_move (widget_class, GDK_KEY_Down, 1);
  add_move (widget_class, GDK_KEY_Home, G_MININT32);
  add_move (widget_class, GDK_KEY_End, G_MAXINT32);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, open_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, open_cb, NULL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chart");
}

static void
xh_chart_view_init (XhChartView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
xh_chart_view_set_chart (XhChartView *self, const char *name, XhChart *chart, const char *const *colors)
{
  g_autofree char *words = xh_chart_describe (chart, -1);

  g_clear_pointer (&self->chart, xh_chart_free);
  g_strfreev (self->colors);
  self->chart = chart;
  self->colors = g_strdupv ((char **) colors);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
