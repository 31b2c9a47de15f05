/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sheet-view.h"

#include <glib/gi18n-lib.h>

struct _XhSheetView
{
  GtkWidget parent_instance;

  XhPaper *paper;            /* (owned) (nullable) */
  guint page;
  double zoom;
  GdkTexture *texture;       /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) of the drawing under way */
};

G_DEFINE_FINAL_TYPE (XhSheetView, xh_sheet_view, GTK_TYPE_WIDGET)

static void
stop (XhSheetView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSheetView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = xh_paper_render_finish (XH_PAPER (source), result, &error);

  if (texture == NULL || g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_set_object (&self->texture, texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
describe (XhSheetView *self)
{
  g_autofree char *label = g_strdup_printf (_("Page %u of %u"), self->page + 1, xh_paper_get_n_pages (self->paper));
  g_autofree char *text = xh_paper_get_text (self->paper, self->page);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static double
get_dots (XhSheetView *self)
{
  return XH_SHEET_DOTS * self->zoom;
}

void
xh_sheet_view_show (XhSheetView *self, XhPaper *paper, guint page, double zoom)
{
  const gboolean same = paper != NULL && self->paper == paper && self->page == page;

  g_return_if_fail (XH_IS_SHEET_VIEW (self));

  stop (self);
  if (!same)
    g_clear_object (&self->texture);
  g_set_object (&self->paper, paper);
  self->page = page;
  self->zoom = zoom;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (paper == NULL)
    return;
  describe (self);
  self->cancellable = g_cancellable_new ();
  xh_paper_render_async (paper, page, get_dots (self) * gtk_widget_get_scale_factor (GTK_WIDGET (self)), self->cancellable, rendered_cb,
                         g_object_ref (self));
}

static void
xh_sheet_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                       int *natural_baseline)
{
  XhSheetView *self = XH_SHEET_VIEW (widget);
  double width = 0, height = 0;

  if (self->paper != NULL)
    xh_paper_get_size (self->paper, self->page, &width, &height);
  *minimum = *natural = (int) ((orientation == GTK_ORIENTATION_HORIZONTAL ? width : height) * get_dots (self));
}

static void
xh_sheet_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  XhSheetView *self = XH_SHEET_VIEW (widget);
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  gtk_snapshot_append_color (snapshot, &white, &bounds);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
}

static void
xh_sheet_view_dispose (GObject *object)
{
  XhSheetView *self = XH_SHEET_VIEW (object);

  stop (self);
  g_clear_object (&self->texture);
  g_clear_object (&self->paper);
  G_OBJECT_CLASS (xh_sheet_view_parent_class)->dispose (object);
}

static void
xh_sheet_view_class_init (XhSheetViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_sheet_view_dispose;
  widget_class->measure = xh_sheet_view_measure;
  widget_class->snapshot = xh_sheet_view_snapshot;
  gtk_widget_class_set_css_name (widget_class, "sheet");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
xh_sheet_view_init (XhSheetView *self)
{
  self->zoom = 1;
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
xh_sheet_view_new (void)
{
  return g_object_new (XH_TYPE_SHEET_VIEW, NULL);
}
