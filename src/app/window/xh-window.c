/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-window-private.h"

#include <glib/gi18n-lib.h>

#include "app/xh-application.h"
#include "app/sync/xh-tray-job.h"
#include "xh-palette.h"

G_DEFINE_FINAL_TYPE (XhWindow, xh_window, ADW_TYPE_APPLICATION_WINDOW)

/* How long an offer to take something back stands. */
#define UNDO_SECONDS 12

static const char *const desk_actions[] = { "win.palette", "win.back",     "win.find",      "win.reload", "win.sync-now",
                                            "win.open",    "win.sign-out", "win.open-sidebar",
                                            "win.lock" };

void
xh_window_enable_desk (XhWindow *self, gboolean enabled)
{
  for (guint i = 0; i < G_N_ELEMENTS (desk_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), desk_actions[i], enabled);
  if (!enabled)
    gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
}

static void
save_state (XhWindow *self)
{
  GSettings *settings = xh_settings ();
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_int (settings, "width", width);
  g_settings_set_int (settings, "height", height);
  g_settings_set_boolean (settings, "maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

/* The program does not end before everything is written. */
static void
closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GApplication) application = data;

  if (application != NULL)
    g_application_release (application);
}

static void
close_session (XhWindow *self, gboolean sign_out)
{
  GApplication *application = g_application_get_default ();

  if (self->session == NULL)
    return;

  xh_window_drop_all (self);
  g_signal_group_set_target (self->page_signals, NULL);
  g_signal_group_set_target (self->watch, NULL);
  xh_sidebar_set_session (self->sidebar, NULL);
  if (application != NULL)
    g_application_hold (g_object_ref (application));
  xh_session_close_async (self->session, sign_out, closed_cb, application);
  g_clear_object (&self->session);
}

static void
open_session (XhWindow *self, XhSession *session)
{
  const XhProfile *profile = xh_session_get_profile (session);
  const XhRole *role = xh_catalog_find_role (xh_session_get_catalog (session), profile->role);

  self->session = g_object_ref (session);
  xh_sidebar_set_session (self->sidebar, session);
  adw_window_title_set_title (self->account, profile->name);
  adw_window_title_set_subtitle (self->account, role != NULL ? xh_label_get (&role->label) : "");
  g_signal_group_set_target (self->watch, session);
  g_signal_connect_object (xh_session_get_engine (session), "notify::received", G_CALLBACK (xh_window_update_status), self,
                           G_CONNECT_SWAPPED);

  xh_window_enable_desk (self, TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_stack_set_visible_child_name (self->root, "desk");
  /* A day begins with what waits. */
  xh_window_open_target (self, xh_sidebar_get_first (self->sidebar));
  xh_window_update_status (self);
}

/* --- callbacks --- */

static void
signed_in_cb (XhSignInPage *page, XhSession *session, XhWindow *self)
{
  open_session (self, session);
}

static void
unlocked_cb (XhSignInPage *page, XhWindow *self)
{
  xh_window_enable_desk (self, TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_stack_set_visible_child_name (self->root, "desk");
  xh_window_show_top (self);
}

static void
sidebar_opened_cb (XhSidebar *sidebar, const char *target, XhWindow *self)
{
  xh_window_open_target (self, target);
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
folded_cb (XhWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->sidebar_button),
                          adw_leaflet_get_folded (self->leaflet) && self->stack->len <= 1);
}

static void
notice_cb (XhWindow *self)
{
  xh_window_update_status (self);
}

static void
default_title_cb (XhWindow *self)
{
  const char *title = adw_window_title_get_title (self->title);
  g_autofree char *text = *title != '\0' ? g_strdup_printf ("%s · %s", title, _("Xinheng")) : g_strdup (_("Xinheng"));

  gtk_window_set_title (GTK_WINDOW (self), text);
}

/* --- actions --- */

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  xh_window_back (XH_WINDOW (widget));
}

static void
find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  XhWindow *self = XH_WINDOW (widget);

  if (self->stack->len == 0 || !xh_page_find (g_ptr_array_index (self->stack, self->stack->len - 1)))
    gtk_widget_activate_action (widget, "win.palette", NULL);
}

static void
palette_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  XhPalette *palette = xh_palette_new (XH_WINDOW (widget));

  gtk_window_present (GTK_WINDOW (palette));
}

static void
reload_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  XhWindow *self = XH_WINDOW (widget);

  if (self->stack->len > 0)
    xh_page_reload (g_ptr_array_index (self->stack, self->stack->len - 1));
}

static void
sync_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  xh_engine_sync_now (xh_session_get_engine (XH_WINDOW (widget)->session));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhWindow) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = xh_tray_finish (XH_SESSION (source), result, &error);

  if (self->session != NULL)
    xh_window_toast (self, done ? _("It waits for your decision again") : error->message);
}

/* Of the toast that says what was decided. */
static void
undo_decision_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  XhWindow *self = XH_WINDOW (widget);

  if (self->session != NULL)
    xh_tray_undo_async (self->session, 0, undone_cb, g_object_ref (self));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  xh_window_open_target (XH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
open_sidebar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  XhWindow *self = XH_WINDOW (widget);

  adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
  xh_sidebar_focus (self->sidebar);
}

static void
lock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  xh_window_lock (XH_WINDOW (widget));
}

static void
sign_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  XhWindow *self = XH_WINDOW (widget);

  if (!xh_window_leave_all (self))
    return;

  close_session (self, TRUE);
  xh_window_enable_desk (self, FALSE);
  xh_sign_in_page_reset (self->sign_in);
  gtk_stack_set_visible_child_name (self->root, "sign-in");
}

/* --- overrides --- */

static gboolean
xh_window_close_request (GtkWindow *window)
{
  XhWindow *self = XH_WINDOW (window);

  if (self->session != NULL && !xh_window_leave_all (self))
    return TRUE;

  save_state (self);
  close_session (self, FALSE);

  return GTK_WINDOW_CLASS (xh_window_parent_class)->close_request (window);
}

static void
xh_window_dispose (GObject *object)
{
  XhWindow *self = XH_WINDOW (object);

  g_clear_handle_id (&self->idle_source, g_source_remove);
  close_session (self, FALSE);
  g_clear_object (&self->page_bindings);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->watch);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_WINDOW);

  G_OBJECT_CLASS (xh_window_parent_class)->dispose (object);
}

static void
xh_window_finalize (GObject *object)
{
  g_ptr_array_unref (XH_WINDOW (object)->stack);

  G_OBJECT_CLASS (xh_window_parent_class)->finalize (object);
}

static void
xh_window_class_init (XhWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = xh_window_close_request;

  g_type_ensure (XH_TYPE_SIGN_IN_PAGE);
  g_type_ensure (XH_TYPE_SIDEBAR);
  g_type_ensure (XH_TYPE_STATUS_BAR);

  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "win.palette", NULL, palette_action);
  gtk_widget_class_install_action (widget_class, "win.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "win.sync-now", NULL, sync_now_action);
  gtk_widget_class_install_action (widget_class, "win.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "win.undo-decision", NULL, undo_decision_action);
  gtk_widget_class_install_action (widget_class, "win.open-sidebar", NULL, open_sidebar_action);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, lock_action);
  gtk_widget_class_install_action (widget_class, "win.sign-out", NULL, sign_out_action);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/window/xh-window.ui");
  gtk_widget_class_bind_template_child (widget_class, XhWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, root);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, sign_in);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, account);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, content);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, title);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, headers);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, status_bar);
  gtk_widget_class_bind_template_child (widget_class, XhWindow, pages);
  gtk_widget_class_bind_template_callback (widget_class, signed_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlocked_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, default_title_cb);
}

static void
xh_window_init (XhWindow *self)
{
  self->stack = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  self->page_bindings = g_binding_group_new ();
  g_binding_group_bind (self->page_bindings, "title", self->title, "title", G_BINDING_SYNC_CREATE);
  g_binding_group_bind (self->page_bindings, "subtitle", self->title, "subtitle", G_BINDING_SYNC_CREATE);

  self->page_signals = g_signal_group_new (XH_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::notice", G_CALLBACK (notice_cb), self);

  self->watch = g_signal_group_new (XH_TYPE_SESSION);
  g_signal_group_connect_swapped (self->watch, "notify", G_CALLBACK (xh_window_update_status), self);

  xh_window_enable_desk (self, FALSE);
  xh_window_watch_input (self);
}

XhWindow *
xh_window_new (GtkApplication *application, const char *data_folder, const char *server)
{
  XhWindow *self = g_object_new (XH_TYPE_WINDOW, "application", application, NULL);
  GSettings *settings = xh_settings ();

  xh_sign_in_page_set_place (self->sign_in, data_folder, server);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "width"),
                               g_settings_get_int (settings, "height"));
  if (g_settings_get_boolean (settings, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  return self;
}

XhWindow *
xh_window_of (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  return XH_WINDOW (gtk_widget_get_ancestor (widget, XH_TYPE_WINDOW));
}

XhSession *
xh_window_get_session (XhWindow *self)
{
  g_return_val_if_fail (XH_IS_WINDOW (self), NULL);

  return self->session;
}

/* Toast titles are markup: "A & B" would come out empty. */
void
xh_window_toast (XhWindow *self, const char *text)
{
  xh_window_toast_undo (self, text, NULL);
}

void
xh_window_toast_undo (XhWindow *self, const char *text, const char *action)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  g_return_if_fail (XH_IS_WINDOW (self));

  if (action != NULL)
    {
      adw_toast_set_button_label (toast, _("Take Back"));
      adw_toast_set_action_name (toast, action);
      adw_toast_set_timeout (toast, UNDO_SECONDS);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}
