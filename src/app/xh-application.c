/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-application.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>

#include "preferences/xh-preferences-window.h"
#include "window/xh-window.h"
#include "xh-accels.h"

struct _XhApplication
{
  AdwApplication parent_instance;

  char *server;      /* (owned) (nullable) from the command line */
  char *data_folder; /* (owned) */
  int font_dpi;      /* the desktop's, before our factor */
};

G_DEFINE_FINAL_TYPE (XhApplication, xh_application, ADW_TYPE_APPLICATION)

GSettings *
xh_settings (void)
{
  static GSettings *settings;

  if (settings == NULL)
    settings = g_settings_new (XH_APP_ID);

  return settings;
}

static void
apply_color_scheme (GSettings *settings)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[g_settings_get_enum (settings, "color-scheme")]);
}

static void
apply_text_scale (XhApplication *self, GSettings *settings)
{
  GtkSettings *gtk_settings = gtk_settings_get_default ();

  if (self->font_dpi == 0)
    g_object_get (gtk_settings, "gtk-xft-dpi", &self->font_dpi, NULL);
  if (self->font_dpi > 0)
    g_object_set (gtk_settings, "gtk-xft-dpi", (int) (self->font_dpi * g_settings_get_double (settings, "text-scale")),
                  NULL);
}

static void
settings_changed_cb (GSettings *settings, const char *key, XhApplication *self)
{
  if (g_str_equal (key, "color-scheme"))
    apply_color_scheme (settings);
  else if (g_str_equal (key, "text-scale"))
    apply_text_scale (self, settings);
}

/* Closing the window lets its pages write their drafts; the application ends with its last window. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (data));

  if (window == NULL)
    {
      g_application_quit (G_APPLICATION (data));
      return;
    }

  while (gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);
  gtk_window_close (window);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (data));
  XhPreferencesWindow *preferences = xh_preferences_window_new ();

  gtk_window_set_transient_for (GTK_WINDOW (preferences), window);
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *developers[] = { _("The Xinheng authors"), NULL };

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (data)),
                         "application-name", _("Xinheng"),
                         "application-icon", XH_APP_ID,
                         "version", XH_VERSION,
                         "developer-name", _("The Xinheng authors"),
                         "developers", developers,
                         "comments", _("The desk of a county credit office: keep and rate records in the village, "
                                       "with or without a network."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "copyright", "© 2026",
                         NULL);
}

static const GActionEntry actions[] = {
  { "quit", quit_cb },
  { "preferences", preferences_cb },
  { "about", about_cb },
};

static gboolean
terminate_cb (gpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (data), "quit", NULL);

  return G_SOURCE_CONTINUE;
}

static int
xh_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  XhApplication *self = XH_APPLICATION (application);
  const char *place = g_getenv ("XINHENG_DATA");

  g_variant_dict_lookup (options, "server", "s", &self->server);
  if (!g_variant_dict_lookup (options, "data", "^ay", &self->data_folder))
    self->data_folder = place != NULL && *place != '\0' ? g_strdup (place)
                                                        : g_build_filename (g_get_user_data_dir (), "xinheng", NULL);

  return -1;
}

static void
xh_application_startup (GApplication *application)
{
  XhApplication *self = XH_APPLICATION (application);
  GSettings *settings;

  G_APPLICATION_CLASS (xh_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (XH_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (const XhAccel *accel = xh_accels; accel->action != NULL; accel++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accel->action, (const char **) accel->accels);

  settings = xh_settings ();
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed_cb), self, 0);
  apply_color_scheme (settings);
  apply_text_scale (self, settings);

  g_unix_signal_add (SIGTERM, terminate_cb, self);
  g_unix_signal_add (SIGINT, terminate_cb, self);
}

static void
xh_application_activate (GApplication *application)
{
  XhApplication *self = XH_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = GTK_WINDOW (xh_window_new (GTK_APPLICATION (self), self->data_folder, self->server));
  gtk_window_present (window);
}

static void
xh_application_finalize (GObject *object)
{
  XhApplication *self = XH_APPLICATION (object);

  g_free (self->server);
  g_free (self->data_folder);

  G_OBJECT_CLASS (xh_application_parent_class)->finalize (object);
}

static void
xh_application_class_init (XhApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xh_application_finalize;
  application_class->handle_local_options = xh_application_handle_local_options;
  application_class->startup = xh_application_startup;
  application_class->activate = xh_application_activate;
}

static void
xh_application_init (XhApplication *self)
{
  static const GOptionEntry options[] = {
    { "server", 's', 0, G_OPTION_ARG_STRING, NULL, N_("Address of the server"), "URL" },
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, NULL, N_("Folder that holds this computer's data"), "DIR" },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), NULL);
}

/* Each start is an instance of its own: two accounts, or two data folders, may be open side by side. */
XhApplication *
xh_application_new (void)
{
  return g_object_new (XH_TYPE_APPLICATION,
                       "application-id", XH_APP_ID,
                       "flags", G_APPLICATION_NON_UNIQUE,
                       "resource-base-path", "/io/github/xinheng/Xinheng",
                       NULL);
}
