/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-columns.h"

#define COLUMNS_MAX 3
#define COLUMN_WIDTH 300 /* a narrower one cuts names off */
#define SPACING 24

struct _XhColumns
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (XhColumns, xh_columns, GTK_TYPE_WIDGET)

static int
count_shown (GtkWidget *widget)
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += gtk_widget_should_layout (child);

  return n;
}

/* The least width of a column: a child may ask for more than ours. */
static int
find_minimum (GtkWidget *widget)
{
  int least = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int minimum = 0;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      least = MAX (least, minimum);
    }

  return least;
}

static int
count_columns (GtkWidget *widget, int width)
{
  const int least = MAX (COLUMN_WIDTH, find_minimum (widget));

  return CLAMP ((width + SPACING) / (least + SPACING), 1, MAX (1, MIN (COLUMNS_MAX, count_shown (widget))));
}

/* Places the children, or only adds up: returns the height. */
static int
lay_out (GtkWidget *widget, int width, gboolean allocate)
{
  const int n = count_columns (widget, width), column_width = (width - (n - 1) * SPACING) / n;
  const gboolean backwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int heights[COLUMNS_MAX] = { 0 }, tallest = 0, place = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      const int column = MIN (place, n - 1);
      const int x = (backwards ? n - 1 - column : column) * (column_width + SPACING);
      int height = 0;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, column_width, &height, NULL, NULL, NULL);
      if (heights[column] > 0)
        heights[column] += SPACING;
      if (allocate)
        gtk_widget_size_allocate (child, &(GtkAllocation) { x, heights[column], column_width, height }, -1);
      heights[column] += height;
      tallest = MAX (tallest, heights[column]);
      place++;
    }

  return tallest;
}

static GtkSizeRequestMode
xh_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
xh_columns_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
  const int least = find_minimum (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      const int n = MAX (1, MIN (COLUMNS_MAX, count_shown (widget)));

      *minimum = least;
      *natural = MAX (least, COLUMN_WIDTH) * n + (n - 1) * SPACING;
    }
  else
    *minimum = *natural = lay_out (widget, for_size >= 0 ? for_size : MAX (least, COLUMN_WIDTH), FALSE);
  *minimum_baseline = *natural_baseline = -1;
}

static void
xh_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  lay_out (widget, width, TRUE);
}

/* Tab goes through a column from above to below, then through the next. GTK would take them by how far down their middle is. */
static gboolean
xh_columns_focus (GtkWidget *widget, GtkDirectionType direction)
{
  const gboolean back = direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *child = gtk_widget_get_focus_child (widget);

  if (direction != GTK_DIR_TAB_FORWARD && !back)
    return GTK_WIDGET_CLASS (xh_columns_parent_class)->focus (widget, direction);
  if (child == NULL)
    child = back ? gtk_widget_get_last_child (widget) : gtk_widget_get_first_child (widget);
  for (; child != NULL; child = back ? gtk_widget_get_prev_sibling (child) : gtk_widget_get_next_sibling (child))
    if (gtk_widget_child_focus (child, direction))
      return TRUE;

  return FALSE;
}

static void
xh_columns_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (xh_columns_parent_class)->dispose (object);
}

static void
xh_columns_class_init (XhColumnsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_columns_dispose;
  widget_class->get_request_mode = xh_columns_get_request_mode;
  widget_class->measure = xh_columns_measure;
  widget_class->focus = xh_columns_focus;
  widget_class->size_allocate = xh_columns_size_allocate;
}

static void
xh_columns_init (XhColumns *self)
{
}

void
xh_columns_append (XhColumns *self, GtkWidget *child)
{
  g_return_if_fail (XH_IS_COLUMNS (self));

  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}
