/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-tray-view.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-save-dialog.h"
#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-decision-page.h"
#include "xh-tray-case.h"
#include "xh-tray-job.h"
#include "xh-tray-sheet.h"

struct _XhTrayView
{
  AdwBin parent_instance;

  XhSession *session; /* (owned) (nullable) */
  GtkBox *box;
};

G_DEFINE_FINAL_TYPE (XhTrayView, xh_tray_view, ADW_TYPE_BIN)

static void
clear (XhTrayView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
}

static AdwPreferencesGroup *
add_group (XhTrayView *self, const char *title, const char *description)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  gtk_box_append (self->box, group);
  return ADW_PREFERENCES_GROUP (group);
}

static char *
describe (XhTrayView *self, const XhTrayItem *item, const char *time)
{
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), item->op.kind);
  g_autofree char *names = kind != NULL ? xh_queue_field_names (kind, item->op.set) : g_strdup ("");
  g_autofree char *ago = xh_text_ago (time);

  return g_strdup_printf ("%s · %s · %s", kind != NULL ? xh_label_get (&kind->label) : item->op.kind,
                          item->op.base == 0 ? _("new") : names, ago != NULL ? ago : "");
}

static AdwActionRow *
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "subtitle-lines", 0, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, row);
  return ADW_ACTION_ROW (row);
}

/* --- what waits --- */

static void
activated_cb (AdwActionRow *row, XhTrayView *self)
{
  const gint64 *number = g_object_get_data (G_OBJECT (row), "number");
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL)
    xh_window_push (window, xh_decision_page_new (self->session, *number));
}

static void
add_item (XhTrayView *self, AdwPreferencesGroup *group, const XhQueueEntry *entry)
{
  const gboolean known = xh_catalog_find_kind (xh_session_get_catalog (self->session), entry->item->op.kind) != NULL;
  g_autofree char *what = describe (self, entry->item, entry->item->op.created_at);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", xh_tray_item_summary (entry->item, entry->here), what);
  AdwActionRow *row = add_row (group, entry->title, subtitle);

  g_object_set (row, "activatable", known, NULL);
  g_object_set_data_full (G_OBJECT (row), "number", g_memdup2 (&entry->item->number, sizeof (gint64)), g_free);
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), self, 0);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhTrayView) self = data;
  g_autoptr (GError) error = NULL;
  const int n = xh_tray_sheet_save_finish (result, &error);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  g_autofree char *number = xh_text_number (MAX (n, 0)), *text = g_strdup_printf (ngettext ("%s row is in the sheet", "%s rows are in the sheet", n), number);

  if (window != NULL)
    xh_window_toast (window, error != NULL ? error->message : text);
}

static void
export_to (GtkWidget *view, const char *path)
{
  XhTrayView *self = XH_TRAY_VIEW (view);

  if (self->session != NULL)
    xh_tray_sheet_save_async (self->session, 0, path, exported_cb, g_object_ref (self));
}

static void
export_cb (XhTrayView *self)
{
  g_autofree char *name = g_strconcat (_("Waits for your decision"), ".xlsx", NULL);

  xh_ask_save_path (GTK_WIDGET (self), _("Export"), name, export_to);
}

static void
add_export (XhTrayView *self, AdwPreferencesGroup *group)
{
  GtkWidget *button = gtk_button_new_with_label (_("All to a Sheet…"));

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (export_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (group, button);
}

static void
add_items (XhTrayView *self, const XhQueue *queue, gboolean parked, const char *title, const char *description)
{
  AdwPreferencesGroup *group = NULL;

  for (guint i = 0; i < queue->tray->len; i++)
    {
      const XhQueueEntry *entry = g_ptr_array_index (queue->tray, i);

      if ((entry->item->parked_at != NULL) != parked)
        continue;
      if (group == NULL)
        {
          group = add_group (self, title, description);
          add_export (self, group);
        }
      add_item (self, group, entry);
    }
}

/* --- what was decided --- */

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhTrayView) self = data;
  g_autoptr (GError) error = NULL;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  const gboolean done = xh_tray_finish (XH_SESSION (source), result, &error);

  if (window != NULL)
    xh_window_toast (window, done ? _("It waits for your decision again") : error->message);
}

static void
undo_cb (GtkButton *button, XhTrayView *self)
{
  const gint64 *number = g_object_get_data (G_OBJECT (button), "number");

  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  xh_tray_undo_async (self->session, *number, undone_cb, g_object_ref (self));
}

static void
add_decision (XhTrayView *self, AdwPreferencesGroup *group, const XhQueueDecision *decided)
{
  const XhDecision *decision = decided->decision;
  g_autofree char *what = describe (self, decision->item, decision->decided_at);
  const char *done = !g_str_equal (decision->choices, "{}") ? _("Decision saved") : decided->here ? _("Given up: what the server has stands") : _("Put away");
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", done, what);
  AdwActionRow *row = add_row (group, decided->title, subtitle);
  GtkWidget *button = gtk_button_new_with_label (_("Take Back"));
  g_autofree char *name = g_strdup_printf (_("Take back: %s"), decided->title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "number", g_memdup2 (&decision->item->number, sizeof (gint64)), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (undo_cb), self, 0);
  adw_action_row_add_suffix (row, button);
}

void
xh_tray_view_show (XhTrayView *self, XhSession *session, const XhQueue *queue)
{
  AdwPreferencesGroup *group;

  g_set_object (&self->session, session);
  clear (self);
  add_items (self, queue, FALSE, _("Waits for your decision"), _("These changes were not taken over. Nothing of them is lost, and nothing else is held up."));
  add_items (self, queue, TRUE, _("Parked"), _("Put aside by you. They stay here whole until you decide."));
  if (queue->decided->len > 0)
    {
      group = add_group (self, _("Decided lately"), NULL);
      for (guint i = 0; i < queue->decided->len; i++)
        add_decision (self, group, g_ptr_array_index (queue->decided, i));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), queue->tray->len + queue->decided->len > 0);
}

static void
xh_tray_view_dispose (GObject *object)
{
  XhTrayView *self = XH_TRAY_VIEW (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (xh_tray_view_parent_class)->dispose (object);
}

static void
xh_tray_view_class_init (XhTrayViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_tray_view_dispose;
}

static void
xh_tray_view_init (XhTrayView *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 24));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
