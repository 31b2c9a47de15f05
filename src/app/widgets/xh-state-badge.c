/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-state-badge.h"

struct _XhStateBadge
{
  AdwBin parent_instance;

  GtkLabel *label;
  const char *tone; /* (nullable) CSS class now set */
};

G_DEFINE_FINAL_TYPE (XhStateBadge, xh_state_badge, ADW_TYPE_BIN)

/* Told apart without colour, too. */
static const struct
{
  const char *css, *shape;
} tones[] = {
  [XH_TONE_NEUTRAL] = { "tone-neutral", "○" }, [XH_TONE_ACTIVE] = { "tone-active", "◐" },
  [XH_TONE_WAITING] = { "tone-waiting", "◔" }, [XH_TONE_GOOD] = { "tone-good", "●" },
  [XH_TONE_BAD] = { "tone-bad", "✕" },
};

static void
xh_state_badge_class_init (XhStateBadgeClass *klass)
{
}

static void
xh_state_badge_init (XhStateBadge *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "state-badge");
  gtk_widget_set_halign (GTK_WIDGET (self->label), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self->label), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
}

GtkWidget *
xh_state_badge_new (void)
{
  return g_object_new (XH_TYPE_STATE_BADGE, NULL);
}

void
xh_state_badge_set (XhStateBadge *self, const XhState *state)
{
  const char *tone = state != NULL ? tones[state->tone].css : NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (XH_IS_STATE_BADGE (self));

  gtk_widget_set_visible (GTK_WIDGET (self->label), state != NULL);
  if (tone != self->tone)
    {
      if (self->tone != NULL)
        gtk_widget_remove_css_class (GTK_WIDGET (self->label), self->tone);
      if (tone != NULL)
        gtk_widget_add_css_class (GTK_WIDGET (self->label), tone);
      self->tone = tone;
    }
  if (state == NULL)
    return;

  text = g_strconcat (tones[state->tone].shape, " ", xh_label_get (&state->label), NULL);
  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  xh_label_get (&state->label), -1);
}
