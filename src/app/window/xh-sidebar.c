/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sidebar.h"

#include <glib/gi18n-lib.h>

#include "xh-targets.h"

struct _XhSidebar
{
  AdwBin parent_instance;

  GtkListBox *list;
  XhSession *session;  /* (owned) (nullable) */
  GSignalGroup *watch; /* (owned) */
  GtkLabel *badge;     /* (nullable) of the synchronisation row */
  GtkWidget *sync_row; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (XhSidebar, xh_sidebar, ADW_TYPE_BIN)

enum
{
  OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
row_target (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "target");
}

static GtkListBoxRow *
find_row (XhSidebar *self, const char *target)
{
  GtkListBoxRow *row;

  for (int i = 0; target != NULL && (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_str_equal (row_target (row), target))
      return row;

  return NULL;
}

/* @group: (nullable) heading the row stands under. Returns the badge. */
static GtkLabel *
add_row (XhSidebar *self, const char *target, const char *icon, const char *title, const char *group)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *badge = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (badge, FALSE);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (row), "target", g_strdup (target), g_free);
  g_object_set_data_full (G_OBJECT (row), "group", g_strdup (group), g_free);
  gtk_list_box_append (self->list, row);

  return GTK_LABEL (badge);
}

static void
header_func (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *group = g_object_get_data (G_OBJECT (row), "group");
  const char *above = before != NULL ? g_object_get_data (G_OBJECT (before), "group") : NULL;
  GtkWidget *header = NULL;

  if (g_strcmp0 (group, above) != 0)
    {
      if (group != NULL)
        {
          header = gtk_label_new (group);
          gtk_label_set_xalign (GTK_LABEL (header), 0);
          gtk_widget_add_css_class (header, "sidebar-group");
        }
      else
        header = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    }

  gtk_list_box_row_set_header (row, header);
}

static void
update_badge (XhSidebar *self)
{
  guint unsent = 0, tray = 0;
  g_autofree char *number = NULL, *name = NULL;

  if (self->session == NULL || self->badge == NULL)
    return;

  g_object_get (self->session, "unsent", &unsent, "tray", &tray, NULL);
  number = g_strdup_printf ("%u", tray > 0 ? tray : unsent);
  gtk_label_set_text (self->badge, number);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), tray + unsent > 0);
  if (tray > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->badge), "attention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->badge), "attention");

  if (tray > 0)
    name = g_strdup_printf (ngettext ("Synchronisation, %u change waits for you", "Synchronisation, %u changes wait for you",
                                      tray), tray);
  else if (unsent > 0)
    name = g_strdup_printf (ngettext ("Synchronisation, %u unsent change", "Synchronisation, %u unsent changes", unsent),
                            unsent);
  else
    name = g_strdup (_("Synchronisation"));
  gtk_widget_set_tooltip_text (self->sync_row, tray + unsent > 0 ? name : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->sync_row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
}

static void
add_kinds (XhSidebar *self)
{
  XhCatalog *catalog = xh_session_get_catalog (self->session);
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      const XhGroup *group = xh_catalog_find_group (catalog, kind->group);
      g_autofree char *target = g_strconcat ("list:", kind->name, NULL);
      const char *icon = kind->icon != NULL ? kind->icon : "view-list-symbolic";

      if (xh_session_may (self->session, kind->read_roles, kind))
        add_row (self, target, icon, xh_label_get (&kind->label), group != NULL ? xh_label_get (&group->label) : NULL);
    }
}

static void
add_pages (XhSidebar *self, XhPlace place, const char *group)
{
  guint n;
  const XhTarget *targets = xh_targets_get (&n);

  for (guint i = 0; i < n; i++)
    if (targets[i].place == place && xh_target_may (&targets[i], self->session))
      {
        GtkLabel *badge = add_row (self, targets[i].name, targets[i].icon, _(targets[i].title), group);

        if (g_str_equal (targets[i].name, "sync"))
          self->badge = badge;
      }
}

static void
rebuild (XhSidebar *self)
{
  GtkListBoxRow *row;

  self->badge = NULL;
  self->sync_row = NULL;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  if (self->session == NULL)
    return;

  add_pages (self, XH_PLACE_TOP, NULL);
  add_kinds (self);
  add_pages (self, XH_PLACE_TOOLS, _("Tools"));
  add_pages (self, XH_PLACE_FOOT, NULL);
  self->sync_row = GTK_WIDGET (find_row (self, "sync"));
  update_badge (self);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, XhSidebar *self)
{
  g_signal_emit (self, signals[OPENED], 0, row_target (row));
}

static void
xh_sidebar_dispose (GObject *object)
{
  XhSidebar *self = XH_SIDEBAR (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_SIDEBAR);

  G_OBJECT_CLASS (xh_sidebar_parent_class)->dispose (object);
}

static void
xh_sidebar_class_init (XhSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_sidebar_dispose;

  signals[OPENED] = g_signal_new ("opened", XH_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/window/xh-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, XhSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
xh_sidebar_init (XhSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_func, NULL, NULL);

  self->watch = g_signal_group_new (XH_TYPE_SESSION);
  g_signal_group_connect_swapped (self->watch, "notify::unsent", G_CALLBACK (update_badge), self);
  g_signal_group_connect_swapped (self->watch, "notify::tray", G_CALLBACK (update_badge), self);
}

void
xh_sidebar_set_session (XhSidebar *self, XhSession *session)
{
  g_return_if_fail (XH_IS_SIDEBAR (self));

  if (g_set_object (&self->session, session))
    {
      g_signal_group_set_target (self->watch, session);
      rebuild (self);
    }
}

void
xh_sidebar_select (XhSidebar *self, const char *target)
{
  g_return_if_fail (XH_IS_SIDEBAR (self));

  gtk_list_box_select_row (self->list, find_row (self, target));
}

gboolean
xh_sidebar_has (XhSidebar *self, const char *target)
{
  g_return_val_if_fail (XH_IS_SIDEBAR (self), FALSE);

  return find_row (self, target) != NULL;
}

const char *
xh_sidebar_get_first (XhSidebar *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (XH_IS_SIDEBAR (self), NULL);

  row = gtk_list_box_get_row_at_index (self->list, 0);

  return row != NULL ? row_target (row) : NULL;
}
