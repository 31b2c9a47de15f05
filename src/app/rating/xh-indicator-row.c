/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-indicator-row.h"

#include <glib/gi18n-lib.h>

#include "xh-score-text.h"

struct _XhIndicatorRow
{
  GtkListBoxRow parent_instance;

  const XhIndicator *indicator;
  GtkLabel *name, *input, *origin, *points, *max, *change;
};

G_DEFINE_FINAL_TYPE (XhIndicatorRow, xh_indicator_row, GTK_TYPE_LIST_BOX_ROW)

static void
xh_indicator_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_INDICATOR_ROW);

  G_OBJECT_CLASS (xh_indicator_row_parent_class)->dispose (object);
}

static void
xh_indicator_row_class_init (XhIndicatorRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_indicator_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/rating/xh-indicator-row.ui");
  gtk_widget_class_bind_template_child (widget_class, XhIndicatorRow, name);
  gtk_widget_class_bind_template_child (widget_class, XhIndicatorRow, input);
  gtk_widget_class_bind_template_child (widget_class, XhIndicatorRow, origin);
  gtk_widget_class_bind_template_child (widget_class, XhIndicatorRow, points);
  gtk_widget_class_bind_template_child (widget_class, XhIndicatorRow, max);
  gtk_widget_class_bind_template_child (widget_class, XhIndicatorRow, change);
}

static void
xh_indicator_row_init (XhIndicatorRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
xh_indicator_row_new (const XhIndicator *indicator)
{
  XhIndicatorRow *self = g_object_new (XH_TYPE_INDICATOR_ROW, NULL);
  const char *source = xh_label_get (&indicator->source);
  g_autofree char *max = xh_score_format_points (indicator->max);
  g_autofree char *of = g_strdup_printf ("/ %s", max);
  g_autofree char *origin = NULL;

  self->indicator = indicator;
  if (source != NULL && indicator->clause != NULL)
    origin = g_strdup_printf ("%s · %s", source, indicator->clause);
  else
    origin = g_strdup (source != NULL ? source : indicator->clause);
  gtk_label_set_label (self->name, xh_label_get (&indicator->label));
  gtk_label_set_label (self->origin, origin != NULL ? origin : "");
  gtk_widget_set_visible (GTK_WIDGET (self->origin), origin != NULL);
  gtk_label_set_label (self->max, of);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), indicator->field != NULL);
  return GTK_WIDGET (self);
}

const XhIndicator *
xh_indicator_row_get_indicator (XhIndicatorRow *self)
{
  return self->indicator;
}

/* Where the band says the same as the input, it is said once. */
static char *
join_input (const XhKind *kind, const XhScoreRow *row)
{
  g_autofree char *input = xh_score_format_input (kind, row);
  const char *band = row->band != NULL ? xh_label_get (&row->band->label) : NULL;

  if (xh_value_is_null (&row->input) && band == NULL)
    return g_steal_pointer (&input);
  if (band == NULL)
    return g_strdup_printf (_ ("%s (no band)"), input);
  if (g_str_equal (band, input))
    return g_steal_pointer (&input);
  return g_strdup_printf ("%s → %s", input, band);
}

void
xh_indicator_row_show (XhIndicatorRow *self, const XhKind *kind, const XhScoreRow *row, double change)
{
  g_autofree char *points = xh_score_format_points (row->points);
  g_autofree char *input = join_input (kind, row);
  g_autofree char *spoken = xh_score_describe_row (kind, row, change);
  g_autofree char *moved = change != 0 ? xh_score_format_change (change) : NULL;

  gtk_label_set_label (self->points, points);
  gtk_label_set_label (self->input, input);
  gtk_label_set_label (self->change, moved != NULL ? moved : "");
  gtk_widget_set_visible (GTK_WIDGET (self->change), moved != NULL);
  if (moved != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "changed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "changed");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
