/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-subject-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-state-badge.h"
#include "app/widgets/xh-wrap-box.h"
#include "model/xh-form.h"
#include "xh-unmask.h"

/* Told apart without colour, too. */
static const struct
{
  const char *css, *shape;
} levels[] = {
  [XH_MARK_NEUTRAL] = { "tone-neutral", "○" }, [XH_MARK_GOOD] = { "tone-good", "●" }, [XH_MARK_ATTENTION] = { "tone-waiting", "△" },
  [XH_MARK_BAD] = { "tone-bad", "✕" },         [XH_MARK_SERIOUS] = { "mark-serious", "■" },
};

static void
unmasked_cb (gboolean shown, gpointer data)
{
  XhSubjectPage *self = data;

  if (!shown || self->session == NULL)
    return;
  self->unmasked = TRUE;
  xh_subject_page_show_head (self);
}

static void
eye_cb (XhSubjectPage *self)
{
  const XhSubjectReading *reading = self->reading;

  if (self->unmasked)
    {
      self->unmasked = FALSE;
      xh_subject_page_show_head (self);
    }
  else
    xh_unmask_ask (GTK_WIDGET (self), self->session, reading->own->kind, reading->own->id, reading->title, reading->code_field, unmasked_cb,
                   g_object_ref (self), g_object_unref);
}

static GtkWidget *
create_code (XhSubjectPage *self)
{
  const XhSubjectReading *reading = self->reading;
  const XhField *field = reading->code_field;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *name, *label;
  g_autofree char *text = xh_field_format (field, xh_record_get (reading->own, field->name), field->sensitive && !self->unmasked);

  name = gtk_label_new (xh_label_get (&field->label));
  gtk_widget_add_css_class (name, "dim-label");
  label = gtk_label_new (text);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), label);
  if (field->sensitive)
    {
      GtkWidget *eye = gtk_button_new_from_icon_name (self->unmasked ? "view-conceal-symbolic" : "view-reveal-symbolic");
      const char *tip = self->unmasked ? _("Hide the number") : _("Show the whole number");

      gtk_widget_add_css_class (eye, "flat");
      gtk_widget_set_tooltip_text (eye, tip);
      gtk_accessible_update_property (GTK_ACCESSIBLE (eye), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
      g_signal_connect_swapped (eye, "clicked", G_CALLBACK (eye_cb), self);
      gtk_box_append (GTK_BOX (box), eye);
    }
  return box;
}

static GtkWidget *
create_tag (const XhSubjectTag *tag)
{
  g_autofree char *text = tag->count > 1 ? g_strdup_printf ("%s %s %u", levels[tag->level].shape, tag->label, tag->count)
                                         : g_strdup_printf ("%s %s", levels[tag->level].shape, tag->label);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "state-badge");
  gtk_widget_add_css_class (label, levels[tag->level].css);
  return label;
}

static GtkWidget *
create_tags (XhSubjectPage *self)
{
  const XhSubjectReading *reading = self->reading;
  GtkWidget *box = g_object_new (XH_TYPE_WRAP_BOX, NULL);

  if (reading->own != NULL && reading->own->kind->states->len > 1)
    {
      const XhState *state = xh_kind_find_state (reading->own->kind, reading->own->state);
      GtkWidget *badge = xh_state_badge_new ();

      xh_state_badge_set (XH_STATE_BADGE (badge), state);
      xh_wrap_box_append (XH_WRAP_BOX (box), badge);
    }
  for (guint i = 0; i < reading->tags->len; i++)
    xh_wrap_box_append (XH_WRAP_BOX (box), create_tag (g_ptr_array_index (reading->tags, i)));
  return box;
}

void
xh_subject_page_show_head (XhSubjectPage *self)
{
  const XhSubjectReading *reading = self->reading;
  GtkWidget *line = g_object_new (XH_TYPE_WRAP_BOX, NULL), *name = gtk_label_new (reading->title != NULL ? reading->title : ""), *child;
  g_autofree char *where = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->head))) != NULL)
    gtk_box_remove (self->head, child);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_wrap (GTK_LABEL (name), TRUE);
  gtk_label_set_selectable (GTK_LABEL (name), TRUE);
  gtk_widget_add_css_class (name, "title-1");
  gtk_box_append (self->head, name);
  if (reading->own != NULL)
    {
      const char *kind = xh_label_get (&reading->own->kind->label);
      GtkWidget *label;

      where = reading->place != NULL && *reading->place != '\0' ? g_strdup_printf ("%s · %s", kind, reading->place) : g_strdup (kind);
      if (reading->code_field != NULL)
        xh_wrap_box_append (XH_WRAP_BOX (line), create_code (self));
      label = gtk_label_new (where);
      gtk_widget_add_css_class (label, "dim-label");
      xh_wrap_box_append (XH_WRAP_BOX (line), label);
    }
  else
    xh_wrap_box_append (XH_WRAP_BOX (line), gtk_label_new (_("It has no file of its own here; this is what the registers say.")));
  gtk_box_append (self->head, line);
  gtk_box_append (self->head, create_tags (self));
}
