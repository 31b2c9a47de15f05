/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-status-bar.h"

struct _XhStatusBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkImage *image;
  GtkLabel *label;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (XhStatusBar, xh_status_bar, ADW_TYPE_BIN)

static void
xh_status_bar_class_init (XhStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/window/xh-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, XhStatusBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, XhStatusBar, image);
  gtk_widget_class_bind_template_child (widget_class, XhStatusBar, label);
  gtk_widget_class_bind_template_child (widget_class, XhStatusBar, button);
}

static void
xh_status_bar_init (XhStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
xh_status_bar_say (XhStatusBar *self, const char *icon, const char *text, const char *button, const char *action)
{
  g_return_if_fail (XH_IS_STATUS_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
  /* What is folded away is nothing to press, and nothing to read out. */
  gtk_widget_set_visible (GTK_WIDGET (self->button), text != NULL && button != NULL);
  if (text == NULL)
    return;

  if (!g_str_equal (gtk_label_get_text (self->label), text))
    gtk_label_set_text (self->label, text);
  gtk_image_set_from_icon_name (self->image, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->image), icon != NULL);
  if (button != NULL)
    {
      gtk_button_set_label (self->button, button);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, button, -1);
      g_autoptr (GVariant) target = NULL;
      g_autofree char *name = NULL;

      if (!g_action_parse_detailed_name (action, &name, &target, NULL))
        g_return_if_reached ();
      /* Name and parameter that do not fit for a moment are warned of: the parameter is set while there is no name. */
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), NULL);
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->button), target);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), name);
    }
}
