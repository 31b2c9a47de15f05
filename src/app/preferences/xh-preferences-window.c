/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-preferences-window.h"

#include <glib/gi18n-lib.h>

#include "app/xh-application.h"

struct _XhPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  AdwComboRow *color_row;
  AdwComboRow *scale_row;
  GtkAdjustment *lock_minutes;
  GtkAdjustment *files_megabytes;
};

G_DEFINE_FINAL_TYPE (XhPreferencesWindow, xh_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static const double scales[] = { 1.0, 1.15, 1.3, 1.5 };

static void
scale_cb (XhPreferencesWindow *self)
{
  const guint chosen = adw_combo_row_get_selected (self->scale_row);

  if (chosen < G_N_ELEMENTS (scales))
    g_settings_set_double (xh_settings (), "text-scale", scales[chosen]);
}

static void
color_cb (XhPreferencesWindow *self)
{
  const guint chosen = adw_combo_row_get_selected (self->color_row);

  if (chosen != GTK_INVALID_LIST_POSITION)
    g_settings_set_enum (xh_settings (), "color-scheme", chosen);
}

static void
xh_preferences_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_PREFERENCES_WINDOW);

  G_OBJECT_CLASS (xh_preferences_window_parent_class)->dispose (object);
}

static void
xh_preferences_window_class_init (XhPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_preferences_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/xinheng/Xinheng/preferences/xh-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, XhPreferencesWindow, color_row);
  gtk_widget_class_bind_template_child (widget_class, XhPreferencesWindow, scale_row);
  gtk_widget_class_bind_template_child (widget_class, XhPreferencesWindow, lock_minutes);
  gtk_widget_class_bind_template_child (widget_class, XhPreferencesWindow, files_megabytes);
}

static void
xh_preferences_window_init (XhPreferencesWindow *self)
{
  GSettings *settings = xh_settings ();

  gtk_widget_init_template (GTK_WIDGET (self));

  adw_combo_row_set_selected (self->color_row, g_settings_get_enum (settings, "color-scheme"));
  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    if (g_settings_get_double (settings, "text-scale") >= scales[i])
      adw_combo_row_set_selected (self->scale_row, i);
  g_signal_connect_object (self->color_row, "notify::selected", G_CALLBACK (color_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scale_row, "notify::selected", G_CALLBACK (scale_cb), self, G_CONNECT_SWAPPED);
  g_settings_bind (settings, "lock-minutes", self->lock_minutes, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "files-megabytes", self->files_megabytes, "value", G_SETTINGS_BIND_DEFAULT);
}

XhPreferencesWindow *
xh_preferences_window_new (void)
{
  return g_object_new (XH_TYPE_PREFERENCES_WINDOW, NULL);
}
