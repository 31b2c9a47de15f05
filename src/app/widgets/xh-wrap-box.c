/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-wrap-box.h"

#define SPACING 6

struct _XhWrapBox
{
  GtkWidget parent_instance;
};

static void xh_wrap_box_buildable_init (GtkBuildableIface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XhWrapBox, xh_wrap_box, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, xh_wrap_box_buildable_init))

static GtkBuildableIface *parent_buildable;

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    xh_wrap_box_append (XH_WRAP_BOX (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
xh_wrap_box_buildable_init (GtkBuildableIface *interface)
{
  parent_buildable = g_type_interface_peek_parent (interface);
  interface->add_child = add_child;
}

/* Gives the children of one line their places, each in the middle of its height. */
static void
place_line (GtkWidget *self, GtkWidget *first, GtkWidget *end, int width, int y, int height)
{
  const gboolean from_right = gtk_widget_get_direction (self) == GTK_TEXT_DIR_RTL;
  int x = 0;

  for (GtkWidget *child = first; child != end; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition natural;
      int child_width;

      if (!gtk_widget_should_layout (child))
        continue;

      gtk_widget_get_preferred_size (child, NULL, &natural);
      child_width = MIN (natural.width, width);
      gtk_widget_size_allocate (child, &(GtkAllocation) { from_right ? width - x - child_width : x, y + (height - natural.height) / 2,
                                                          child_width, natural.height }, -1);
      x += child_width + SPACING;
    }
}

/* Lays the children out in lines of @width and returns the height; @place: give them their places too. */
static int
lay_out (GtkWidget *self, int width, gboolean place)
{
  GtkWidget *first = gtk_widget_get_first_child (self);
  int x = 0, y = 0, line = 0;

  for (GtkWidget *child = first; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition natural;
      int child_width;

      if (!gtk_widget_should_layout (child))
        continue;

      gtk_widget_get_preferred_size (child, NULL, &natural);
      child_width = MIN (natural.width, width);
      if (x > 0 && x + child_width > width)
        {
          if (place)
            place_line (self, first, child, width, y, line);
          first = child;
          x = 0;
          y += line + SPACING;
          line = 0;
        }
      x += child_width + SPACING;
      line = MAX (line, natural.height);
    }
  if (place)
    place_line (self, first, NULL, width, y, line);

  return y + line;
}

static void
xh_wrap_box_measure (GtkWidget *self, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  int widest = 0, sum = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      widest = MAX (widest, child_minimum);
      sum += child_natural + (sum > 0 ? SPACING : 0);
    }

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = widest;
      *natural = MAX (sum, widest);
    }
  else
    *minimum = *natural = lay_out (self, for_size < 0 ? MAX (sum, 1) : for_size, FALSE);
}

static void
xh_wrap_box_size_allocate (GtkWidget *self, int width, int height, int baseline)
{
  lay_out (self, width, TRUE);
}

static GtkSizeRequestMode
xh_wrap_box_get_request_mode (GtkWidget *self)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
xh_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (xh_wrap_box_parent_class)->dispose (object);
}

static void
xh_wrap_box_class_init (XhWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_wrap_box_dispose;
  widget_class->measure = xh_wrap_box_measure;
  widget_class->size_allocate = xh_wrap_box_size_allocate;
  widget_class->get_request_mode = xh_wrap_box_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
xh_wrap_box_init (XhWrapBox *self)
{
}

void
xh_wrap_box_append (XhWrapBox *self, GtkWidget *child)
{
  g_return_if_fail (XH_IS_WRAP_BOX (self));
  g_return_if_fail (GTK_IS_WIDGET (child));

  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}
