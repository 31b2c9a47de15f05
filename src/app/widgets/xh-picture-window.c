/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-picture-window.h"

#include <glib/gi18n-lib.h>

#define EDGE 3000 /* pixels of the longer side: more than a screen shows */

typedef struct
{
  GtkWidget *window;
  GtkStack *stack;
  GtkPicture *picture;
  AdwStatusPage *fault;
  GCancellable *cancellable; /* (owned) */
} Showing;

static void
showing_free (gpointer data)
{
  Showing *showing = data;

  g_cancellable_cancel (showing->cancellable);
  g_object_unref (showing->cancellable);
  g_free (showing);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GtkWidget) window = data;
  Showing *showing = g_object_get_data (G_OBJECT (window), "xh-showing");
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = xh_attachment_desk_picture_finish (XH_ATTACHMENT_DESK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_cancellable_is_cancelled (showing->cancellable))
    return;
  if (texture != NULL)
    gtk_picture_set_paintable (showing->picture, GDK_PAINTABLE (texture));
  else
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (showing->fault, escaped);
    }
  gtk_stack_set_visible_child (showing->stack, texture != NULL ? GTK_WIDGET (showing->picture) : GTK_WIDGET (showing->fault));
}

static void
closed_cb (GtkWidget *window)
{
  Showing *showing = g_object_get_data (G_OBJECT (window), "xh-showing");

  g_cancellable_cancel (showing->cancellable);
}

static GtkWidget *
make_stack (Showing *showing, const char *name)
{
  GtkWidget *spinner = gtk_spinner_new ();

  showing->stack = GTK_STACK (gtk_stack_new ());
  showing->picture = GTK_PICTURE (gtk_picture_new ());
  showing->fault = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (showing->fault, "image-missing-symbolic");
  adw_status_page_set_title (showing->fault, _("This Picture Cannot Be Shown"));
  gtk_picture_set_alternative_text (showing->picture, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (showing->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Opening"), -1);
  gtk_stack_add_child (showing->stack, spinner);
  gtk_stack_add_child (showing->stack, GTK_WIDGET (showing->picture));
  gtk_stack_add_child (showing->stack, GTK_WIDGET (showing->fault));
  gtk_widget_set_vexpand (GTK_WIDGET (showing->stack), TRUE);
  return GTK_WIDGET (showing->stack);
}

static void
add_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close"));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), shortcut);
  gtk_widget_add_controller (window, keys);
}

void
xh_picture_window_open (GtkWindow *parent, XhAttachmentDesk *desk, const XhAttachment *file)
{
  GtkWidget *window = adw_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new ();
  Showing *showing = g_new0 (Showing, 1);

  showing->window = window;
  showing->cancellable = g_cancellable_new ();
  g_object_set_data_full (G_OBJECT (window), "xh-showing", showing, showing_free);
  gtk_window_set_title (GTK_WINDOW (window), file->name);
  gtk_window_set_default_size (GTK_WINDOW (window), 860, 640);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), make_stack (showing, file->name));
  adw_window_set_content (ADW_WINDOW (window), box);
  add_escape (window);
  g_signal_connect (window, "unrealize", G_CALLBACK (closed_cb), NULL);
  xh_attachment_desk_picture_async (desk, file, EDGE, showing->cancellable, loaded_cb, g_object_ref (window));
  gtk_window_present (GTK_WINDOW (window));
}
