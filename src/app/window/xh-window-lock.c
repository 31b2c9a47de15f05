/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The idle lock: after some minutes without a key or a move the window asks for the password again. Pages stay as they are. */

#include "xh-window-private.h"

#include "app/xh-application.h"

#define CHECK_SECONDS 15

/* Only notes the time: a controller that handled keys here would break the composition of an input method. */
static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, XhWindow *self)
{
  self->last_input = g_get_monotonic_time ();

  return GDK_EVENT_PROPAGATE;
}

static gboolean
check_idle_cb (gpointer data)
{
  XhWindow *self = data;
  const guint minutes = g_settings_get_uint (xh_settings (), "lock-minutes");

  if (minutes > 0 && self->session != NULL
      && g_get_monotonic_time () - self->last_input > minutes * 60 * G_TIME_SPAN_SECOND)
    xh_window_lock (self);

  return G_SOURCE_CONTINUE;
}

void
xh_window_watch_input (XhWindow *self)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  self->last_input = g_get_monotonic_time ();
  self->idle_source = g_timeout_add_seconds (CHECK_SECONDS, check_idle_cb, self);
}

/* A dialog over a locked window would still show its record, and take answers. */
static void
close_dialogs (XhWindow *self)
{
  g_autoptr (GList) toplevels = gtk_window_list_toplevels ();

  for (GList *l = toplevels; l != NULL; l = l->next)
    if (GTK_IS_WINDOW (l->data) && gtk_window_get_transient_for (l->data) == GTK_WINDOW (self))
      gtk_window_close (l->data);
}

void
xh_window_lock (XhWindow *self)
{
  if (self->session == NULL || g_str_equal (gtk_stack_get_visible_child_name (self->root), "sign-in"))
    return;

  /* Drafts are written; a page that does not want to go stays anyhow, it is only covered. */
  xh_window_leave_all (self);
  close_dialogs (self);
  xh_sign_in_page_lock (self->sign_in, self->session);
  xh_window_enable_desk (self, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sign-out", TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_stack_set_visible_child_name (self->root, "sign-in");
}
