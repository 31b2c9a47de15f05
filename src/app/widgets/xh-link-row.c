/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-link-row.h"

#include <glib/gi18n-lib.h>

#include "model/xh-catalog.h"
#include "store/xh-query.h"
#include "xh-names.h"

struct _XhLinkRow
{
  XhFieldRow parent_instance;

  GtkMenuButton *button;
  GtkLabel *label;
  GtkButton *open, *clear;
  GtkSearchEntry *search;
  GtkListBox *hits;
  GtkLabel *empty;
  GCancellable *cancellable; /* (owned) (nullable) of the search under way */
};

G_DEFINE_FINAL_TYPE (XhLinkRow, xh_link_row, XH_TYPE_FIELD_ROW)

static const char *
read_id (XhLinkRow *self)
{
  const XhValue *value = xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self)));

  return xh_value_is_null (value) ? NULL : xh_value_as_text (value);
}

static const char *
name_kind (XhLinkRow *self)
{
  const XhField *field = xh_field_row_get_field (XH_FIELD_ROW (self));
  const XhKind *kind = xh_catalog_find_kind (field->kind->catalog, field->link_kind);

  return kind != NULL ? xh_label_get (&kind->label) : field->link_kind;
}

static void
pick (XhLinkRow *self, const char *id)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (id != NULL)
    xh_value_set_text (&value, id);
  xh_cell_break_undo (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  xh_field_row_set_value (XH_FIELD_ROW (self), &value);
  xh_field_row_refresh (XH_FIELD_ROW (self));
}

static void
clear_hits (XhLinkRow *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->hits))) != NULL && GTK_IS_LIST_BOX_ROW (row))
    gtk_list_box_remove (self->hits, row);
}

static void
append_hit (XhLinkRow *self, const XhHit *hit)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (hit->title), *subtitle = gtk_label_new (hit->subtitle);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (subtitle), 0);
  gtk_label_set_ellipsize (GTK_LABEL (subtitle), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (subtitle, "caption");
  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_widget_set_visible (subtitle, hit->subtitle != NULL && hit->subtitle[0] != '\0');
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), subtitle);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, hit->title, -1);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (hit->id), g_free);
  gtk_list_box_append (self->hits, row);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhLinkRow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = xh_field_host_search_finish (XH_FIELD_HOST (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->hits == NULL)
    return;
  clear_hits (self);
  for (guint i = 0; hits != NULL && i < hits->len; i++)
    append_hit (self, g_ptr_array_index (hits, i));
  gtk_label_set_label (self->empty, error != NULL ? error->message : _ ("Nothing found"));
  gtk_widget_set_visible (GTK_WIDGET (self->empty), hits == NULL || hits->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->hits), hits != NULL && hits->len > 0);
}

static void
search_cb (XhLinkRow *self)
{
  XhFieldHost *host = xh_field_row_get_host (XH_FIELD_ROW (self));

  if (host == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  xh_field_host_search_async (host, xh_field_row_get_field (XH_FIELD_ROW (self))->link_kind,
                              gtk_editable_get_text (GTK_EDITABLE (self->search)), self->cancellable, found_cb,
                              g_object_ref (self));
}

static void
row_activated_cb (XhLinkRow *self, GtkListBoxRow *row)
{
  pick (self, g_object_get_data (G_OBJECT (row), "id"));
  gtk_menu_button_popdown (self->button);
  xh_field_row_emit_next (XH_FIELD_ROW (self));
}

/* Enter in the search takes the best match. */
static void
search_activate_cb (XhLinkRow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->hits, 0);

  if (row != NULL)
    row_activated_cb (self, row);
}

static gboolean
search_key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers, XhLinkRow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->hits, 0);

  return key == GDK_KEY_Down && row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
popover_show_cb (XhLinkRow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  search_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
open_cb (XhLinkRow *self)
{
  XhFieldHost *host = xh_field_row_get_host (XH_FIELD_ROW (self));

  if (host != NULL && read_id (self) != NULL)
    xh_field_host_open_record (host, xh_field_row_get_field (XH_FIELD_ROW (self))->link_kind, read_id (self));
}

static void
clear_cb (XhLinkRow *self)
{
  pick (self, NULL);
  xh_field_row_grab_editor (XH_FIELD_ROW (self));
}

static void
xh_link_row_load (XhFieldRow *row)
{
  XhLinkRow *self = XH_LINK_ROW (row);
  XhFieldHost *host = xh_field_row_get_host (row);
  const char *id = read_id (self), *label = xh_label_get (&xh_field_row_get_field (row)->label);
  gboolean editable = xh_cell_is_editable (xh_field_row_get_cell (row));
  g_autofree char *title = id != NULL && host != NULL ? xh_field_host_get_title (host, id) : NULL;
  g_autofree char *choose = g_strdup_printf (_ ("Choose %s…"), name_kind (self));
  const char *shown = title != NULL ? title : id != NULL ? _ ("A record that is not on this computer") : choose;
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), label, shown);

  gtk_label_set_label (self->label, shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), id != NULL ? shown : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->button))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), editable);
  gtk_widget_set_visible (GTK_WIDGET (self->clear), editable && id != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->open), title != NULL);
}

static GtkWidget *
create_popover (XhLinkRow *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  gtk_search_entry_set_search_delay (self->search, 120);
  g_object_set (self->search, "placeholder-text", _ ("Characters, pinyin or initials"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, name_kind (self), -1);
  self->hits = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->hits), GTK_ACCESSIBLE_PROPERTY_LABEL, name_kind (self), -1);
  gtk_list_box_set_selection_mode (self->hits, GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->hits), "navigation-sidebar");
  self->empty = GTK_LABEL (gtk_label_new (_ ("Nothing found")));
  gtk_label_set_wrap (self->empty, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->empty), "dim-label");
  gtk_widget_set_margin_top (GTK_WIDGET (self->empty), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->empty), 12);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->hits));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 300);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->empty));
  gtk_widget_set_size_request (box, 300, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), box);

  g_signal_connect_swapped (popover, "show", G_CALLBACK (popover_show_cb), self);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activate_cb), self);
  g_signal_connect_swapped (self->hits, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search), keys);
  return popover;
}

static GtkButton *
append_button (GtkWidget *box, const char *icon, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (box), button);
  return GTK_BUTTON (button);
}

static void
xh_link_row_build (XhFieldRow *row)
{
  XhLinkRow *self = XH_LINK_ROW (row);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *content;

  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (GTK_WIDGET (self->label));
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  gtk_menu_button_set_child (self->button, content);
  gtk_widget_set_halign (gtk_widget_get_parent (content), GTK_ALIGN_FILL);
  gtk_menu_button_set_popover (self->button, create_popover (self));
  gtk_widget_set_hexpand (GTK_WIDGET (self->button), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->button));
  self->clear = append_button (box, "edit-clear-symbolic", _ ("Take the link out"));
  self->open = append_button (box, "go-next-symbolic", _ ("Open the linked record"));
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  g_signal_connect_swapped (self->open, "clicked", G_CALLBACK (open_cb), self);
  xh_field_row_set_editor (row, box, GTK_WIDGET (self->button), FALSE);
}

static void
xh_link_row_dispose (GObject *object)
{
  XhLinkRow *self = XH_LINK_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->hits = NULL;

  G_OBJECT_CLASS (xh_link_row_parent_class)->dispose (object);
}

static void
xh_link_row_class_init (XhLinkRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_link_row_dispose;
  XH_FIELD_ROW_CLASS (klass)->build = xh_link_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_link_row_load;
  XH_FIELD_ROW_CLASS (klass)->keeps_editor = TRUE;
}

static void
xh_link_row_init (XhLinkRow *self)
{
}
