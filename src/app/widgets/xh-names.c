/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-names.h"

void
xh_name_by_tooltip (GtkWidget *widget)
{
  const char *tooltip;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  tooltip = gtk_widget_get_tooltip_text (widget);
  if (GTK_IS_BUTTON (widget) && tooltip != NULL && gtk_button_get_label (GTK_BUTTON (widget)) == NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    xh_name_by_tooltip (child);
}

static gboolean
is_cut (GtkWidget *widget, const char *text)
{
  g_autoptr (PangoLayout) layout = NULL;
  int width;

  if (GTK_IS_LABEL (widget))
    return pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)));

  /* An inscription does not tell. */
  layout = gtk_widget_create_pango_layout (widget, text);
  pango_layout_get_pixel_size (layout, &width, NULL);

  return width > gtk_widget_get_width (widget);
}

static gboolean
query_cut_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : gtk_inscription_get_text (GTK_INSCRIPTION (widget));

  if (keyboard || text == NULL || !is_cut (widget, text))
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

void
xh_show_whole_when_cut (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_LABEL (widget) || GTK_IS_INSCRIPTION (widget));

  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect (widget, "query-tooltip", G_CALLBACK (query_cut_cb), NULL);
}
