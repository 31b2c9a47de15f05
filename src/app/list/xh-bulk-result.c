/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bulk-result.h"

#include <glib/gi18n-lib.h>



struct _XhBulkResult
{
  AdwWindow parent_instance;

  GtkLabel *heading, *explanation;
  GtkListBox *list;
  GtkLabel *more;
  GtkButton *undo;

  XhWindow *window; /* (not owned) we are transient for it */
};

G_DEFINE_FINAL_TYPE (XhBulkResult, xh_bulk_result, ADW_TYPE_WINDOW)

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, XhBulkResult *self)
{
  g_autofree char *target = g_strdup (g_object_get_data (G_OBJECT (row), "target"));
  g_autoptr (XhWindow) window = g_object_ref (self->window);

  if (target == NULL)
    return;

  gtk_window_close (GTK_WINDOW (self));
  xh_window_open_target (window, target);
}

static void
undo_cb (XhBulkResult *self)
{
  g_autoptr (XhWindow) window = g_object_ref (self->window);

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action (GTK_WIDGET (window), "page.undo-bulk", NULL);
}

static void
add_row (XhBulkResult *self, const XhBulkRefused *refused)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title-lines", 1, "subtitle-lines", 0, "activatable", refused->id != NULL, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), refused->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), refused->reason);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, refused->reason, -1);
  if (refused->id != NULL)
    {
      GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

      g_object_set_data_full (G_OBJECT (row), "target", g_strconcat ("record:", refused->id, NULL), g_free);
      gtk_widget_add_css_class (arrow, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
    }
  gtk_list_box_append (self->list, row);
}

static void
show_explanation (XhBulkResult *self, XhBulk *bulk)
{
  g_autofree char *text = NULL;

  if (xh_bulk_get_fault (bulk) != NULL)
    text = g_strdup_printf (_("It ended early: %s"), xh_bulk_get_fault (bulk));
  else if (xh_bulk_is_stopped (bulk))
    text = g_strdup (_("You stopped it. What was done stays done, the others are as they were."));
  else
    text = g_strdup (_("Nothing is lost: these are as they were. Choose one to open it and put it right."));
  gtk_label_set_text (self->explanation, text);
}

static void
show (XhBulkResult *self, XhBulk *bulk)
{
  GPtrArray *refused = xh_bulk_get_refused (bulk);
  const guint n_refused = xh_bulk_get_n_refused (bulk), undoable = xh_bulk_count_undoable (bulk);
  g_autofree char *done = g_strdup_printf (ngettext ("%u done", "%u done", xh_bulk_get_done (bulk)), xh_bulk_get_done (bulk));
  g_autofree char *left = g_strdup_printf (ngettext ("%u left as it was", "%u left as they were", n_refused), n_refused);
  g_autofree char *heading = g_strdup_printf (_("%s, %s"), done, left);

  gtk_label_set_text (self->heading, heading);
  show_explanation (self, bulk);
  for (guint i = 0; i < refused->len; i++)
    add_row (self, g_ptr_array_index (refused, i));
  gtk_widget_set_visible (GTK_WIDGET (self->list), refused->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_refused > refused->len);
  if (n_refused > refused->len)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n_refused - refused->len),
                                               n_refused - refused->len);

      gtk_label_set_text (self->more, more);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->undo), undoable > 0);
  if (undoable > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("Take Back %u", "Take Back %u", undoable), undoable);

      gtk_button_set_label (self->undo, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->undo), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    }
}

static void
xh_bulk_result_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_BULK_RESULT);

  G_OBJECT_CLASS (xh_bulk_result_parent_class)->dispose (object);
}

static void
xh_bulk_result_class_init (XhBulkResultClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_bulk_result_dispose;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/list/xh-bulk-result.ui");
  gtk_widget_class_bind_template_child (widget_class, XhBulkResult, heading);
  gtk_widget_class_bind_template_child (widget_class, XhBulkResult, explanation);
  gtk_widget_class_bind_template_child (widget_class, XhBulkResult, list);
  gtk_widget_class_bind_template_child (widget_class, XhBulkResult, more);
  gtk_widget_class_bind_template_child (widget_class, XhBulkResult, undo);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
}

static void
xh_bulk_result_init (XhBulkResult *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
xh_bulk_tell (XhWindow *window, XhBulk *bulk)
{
  g_return_if_fail (XH_IS_WINDOW (window));
  g_return_if_fail (XH_IS_BULK (bulk));

  if (xh_bulk_get_n_refused (bulk) > 0 || xh_bulk_get_fault (bulk) != NULL || xh_bulk_is_stopped (bulk))
    {
      XhBulkResult *self = g_object_new (XH_TYPE_BULK_RESULT, "transient-for", window, NULL);

      self->window = window;
      show (self, bulk);
      gtk_window_present (GTK_WINDOW (self));
    }
  else
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u record changed", "%u records changed", xh_bulk_get_done (bulk)),
                                               xh_bulk_get_done (bulk));

      xh_window_toast_undo (window, text, xh_bulk_count_undoable (bulk) > 0 ? "page.undo-bulk" : NULL);
    }
}
