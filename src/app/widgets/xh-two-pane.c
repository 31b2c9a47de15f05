/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-two-pane.h"

/* Below this width (pixels) a form beside its explanation would be too narrow to read. */
#define FOLD_BELOW 900
#define END_LEAST 360
#define END_MOST 480

struct _XhTwoPane
{
  GtkWidget parent_instance;

  GtkWidget *start, *end, *line;
  gboolean folded;
  guint notify_source;
};

G_DEFINE_FINAL_TYPE (XhTwoPane, xh_two_pane, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_FOLDED, N_PROPS };

static GParamSpec *properties[N_PROPS];

static gboolean
has_end (XhTwoPane *self)
{
  return self->end != NULL && gtk_widget_should_layout (self->end);
}

static GtkSizeRequestMode
xh_two_pane_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
xh_two_pane_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *min_baseline,
                     int *nat_baseline)
{
  XhTwoPane *self = XH_TWO_PANE (widget);
  int end_minimum = 0, end_natural = 0;

  gtk_widget_measure (self->start, orientation, -1, minimum, natural, NULL, NULL);
  if (!has_end (self))
    return;
  gtk_widget_measure (self->end, orientation, -1, &end_minimum, &end_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (*minimum, end_minimum);
      *natural += CLAMP (end_natural, END_LEAST, END_MOST);
    }
  else
    {
      *minimum += end_minimum;
      *natural = MAX (*natural, *minimum);
    }
}

static gboolean
notify_cb (gpointer data)
{
  XhTwoPane *self = data;

  self->notify_source = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
  return G_SOURCE_REMOVE;
}

/* Who listens changes what stands in the panes, which may not happen inside an allocation. */
static void
set_folded (XhTwoPane *self, gboolean folded)
{
  if (self->folded == folded)
    return;
  self->folded = folded;
  if (self->notify_source == 0)
    self->notify_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, notify_cb, self, NULL);
}

static void
allocate_beside (XhTwoPane *self, int width, int height)
{
  int end = CLAMP (width * 2 / 5, END_LEAST, END_MOST), least;
  GtkAllocation place = { 0, 0, width, height };

  gtk_widget_measure (self->end, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  end = MAX (end, least);
  place.width = width - end - 1;
  gtk_widget_size_allocate (self->start, &place, -1);
  place.x = width - end - 1;
  place.width = 1;
  gtk_widget_size_allocate (self->line, &place, -1);
  place.x = width - end;
  place.width = end;
  gtk_widget_size_allocate (self->end, &place, -1);
}

static void
allocate_above (XhTwoPane *self, int width, int height)
{
  int least, wanted, start_least;
  GtkAllocation place = { 0, 0, width, 0 };

  gtk_widget_measure (self->end, GTK_ORIENTATION_VERTICAL, width, &least, &wanted, NULL, NULL);
  gtk_widget_measure (self->start, GTK_ORIENTATION_VERTICAL, width, &start_least, NULL, NULL, NULL);
  place.height = MAX (least, MIN (wanted, height / 2));
  gtk_widget_size_allocate (self->end, &place, -1);
  place.y = place.height;
  place.height = 1;
  gtk_widget_size_allocate (self->line, &place, -1);
  place.y += 1;
  place.height = MAX (start_least, height - place.y);
  gtk_widget_size_allocate (self->start, &place, -1);
}

static void
xh_two_pane_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  XhTwoPane *self = XH_TWO_PANE (widget);

  gtk_widget_set_child_visible (self->line, has_end (self));
  if (!has_end (self))
    {
      gtk_widget_size_allocate (self->start, &(GtkAllocation) { 0, 0, width, height }, -1);
      return;
    }
  set_folded (self, width < FOLD_BELOW);
  if (width < FOLD_BELOW)
    allocate_above (self, width, height);
  else
    allocate_beside (self, width, height);
}

static void
xh_two_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FOLDED)
    g_value_set_boolean (value, XH_TWO_PANE (object)->folded);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
xh_two_pane_dispose (GObject *object)
{
  XhTwoPane *self = XH_TWO_PANE (object);

  g_clear_handle_id (&self->notify_source, g_source_remove);
  g_clear_pointer (&self->start, gtk_widget_unparent);
  g_clear_pointer (&self->line, gtk_widget_unparent);
  g_clear_pointer (&self->end, gtk_widget_unparent);

  G_OBJECT_CLASS (xh_two_pane_parent_class)->dispose (object);
}

static void
xh_two_pane_class_init (XhTwoPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = xh_two_pane_get_property;
  object_class->dispose = xh_two_pane_dispose;
  widget_class->get_request_mode = xh_two_pane_get_request_mode;
  widget_class->measure = xh_two_pane_measure;
  widget_class->size_allocate = xh_two_pane_size_allocate;
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xh_two_pane_init (XhTwoPane *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
xh_two_pane_new (GtkWidget *start, GtkWidget *end)
{
  XhTwoPane *self = g_object_new (XH_TYPE_TWO_PANE, NULL);

  self->start = start;
  self->line = gtk_separator_new (GTK_ORIENTATION_VERTICAL);
  self->end = end;
  gtk_widget_set_parent (start, GTK_WIDGET (self));
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  if (end != NULL)
    gtk_widget_set_parent (end, GTK_WIDGET (self));
  return GTK_WIDGET (self);
}
