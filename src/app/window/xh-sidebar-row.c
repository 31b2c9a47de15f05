/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sidebar-row.h"

#include "app/widgets/xh-names.h"

#define BADGE_MAX 999

struct _XhSidebarRow
{
  GtkListBoxRow parent_instance;

  char *target;   /* (owned) (nullable) */
  char *group;    /* (owned) (nullable) */
  gboolean expanded;
  GtkLabel *badge;
  GtkImage *arrow; /* (nullable) of a head */
};

G_DEFINE_FINAL_TYPE (XhSidebarRow, xh_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
xh_sidebar_row_finalize (GObject *object)
{
  XhSidebarRow *self = XH_SIDEBAR_ROW (object);

  g_free (self->target);
  g_free (self->group);

  G_OBJECT_CLASS (xh_sidebar_row_parent_class)->finalize (object);
}

static void
xh_sidebar_row_class_init (XhSidebarRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_sidebar_row_finalize;
}

static void
xh_sidebar_row_init (XhSidebarRow *self)
{
}

static XhSidebarRow *
create (const char *icon, const char *title)
{
  XhSidebarRow *self = g_object_new (XH_TYPE_SIDEBAR_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);

  self->badge = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (label);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->badge), "badge");
  gtk_widget_add_css_class (GTK_WIDGET (self->badge), "numeric");
  gtk_widget_set_valign (GTK_WIDGET (self->badge), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), FALSE);
  if (icon != NULL)
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->badge));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  /* The list selects what the focus passes; only the page that is shown is to be marked: xh_sidebar_select(). */
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (self), FALSE);

  return self;
}

GtkWidget *
xh_sidebar_row_new (const char *target, const char *icon, const char *title)
{
  XhSidebarRow *self = create (icon, title);

  self->target = g_strdup (target);
  if (icon == NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "register");

  return GTK_WIDGET (self);
}

GtkWidget *
xh_sidebar_row_new_group (const char *group, const char *icon, const char *title)
{
  XhSidebarRow *self = create (icon != NULL ? icon : "folder-symbolic", title);

  self->group = g_strdup (group);
  self->arrow = GTK_IMAGE (gtk_image_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->arrow), "dim-label");
  gtk_box_append (GTK_BOX (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (self))), GTK_WIDGET (self->arrow));
  gtk_widget_add_css_class (GTK_WIDGET (self), "group-head");
  self->expanded = TRUE;
  xh_sidebar_row_set_expanded (self, FALSE);

  return GTK_WIDGET (self);
}

const char *
xh_sidebar_row_get_target (XhSidebarRow *self)
{
  g_return_val_if_fail (XH_IS_SIDEBAR_ROW (self), NULL);

  return self->target;
}

const char *
xh_sidebar_row_get_group (XhSidebarRow *self)
{
  g_return_val_if_fail (XH_IS_SIDEBAR_ROW (self), NULL);

  return self->group;
}

void
xh_sidebar_row_set_group (XhSidebarRow *self, const char *group)
{
  g_return_if_fail (XH_IS_SIDEBAR_ROW (self));

  g_free (self->group);
  self->group = g_strdup (group);
}

gboolean
xh_sidebar_row_get_expanded (XhSidebarRow *self)
{
  g_return_val_if_fail (XH_IS_SIDEBAR_ROW (self), FALSE);

  return self->expanded;
}

void
xh_sidebar_row_set_expanded (XhSidebarRow *self, gboolean expanded)
{
  g_return_if_fail (XH_IS_SIDEBAR_ROW (self));

  if (self->arrow == NULL || self->expanded == expanded)
    return;

  self->expanded = expanded;
  gtk_image_set_from_icon_name (self->arrow, expanded ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, expanded, -1);
}

void
xh_sidebar_row_set_badge (XhSidebarRow *self, guint count, gboolean pressing, const char *words)
{
  g_autofree char *number = count > BADGE_MAX ? g_strdup_printf ("%u+", BADGE_MAX) : g_strdup_printf ("%u", count);

  g_return_if_fail (XH_IS_SIDEBAR_ROW (self));

  gtk_label_set_text (self->badge, number);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), count > 0);
  if (pressing)
    gtk_widget_add_css_class (GTK_WIDGET (self->badge), "attention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->badge), "attention");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), count > 0 ? words : NULL);
  if (count > 0 && words != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}
