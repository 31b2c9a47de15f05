/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-conflict-card.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/widgets/xh-value-text.h"
#include "xh-conflict-rows.h"

struct _XhConflictCard
{
  AdwBin parent_instance;

  XhTrayCase *item;        /* (not owned) */
  XhTrayField *field;      /* (not owned) */
  XhStore *store;          /* (not owned) */
  XhFieldHost *host;       /* (not owned) (nullable) */
  gboolean full;           /* numbers are shown whole */
  GtkCheckButton *checks[XH_SIDE_BOTH + 1]; /* (nullable) by side */
  gboolean refreshing;
};

G_DEFINE_FINAL_TYPE (XhConflictCard, xh_conflict_card, ADW_TYPE_BIN)

enum { CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

static GtkWidget *
make_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  return label;
}

static const XhField *
find_field (XhConflictCard *self)
{
  return xh_kind_find_field (self->item->kind, self->field->name);
}

static gboolean
is_table (XhConflictCard *self)
{
  const XhField *field = find_field (self);

  return field != NULL && field->type == XH_FIELD_TABLE;
}

/* As in the form: who may change an amount sees it, or could not choose; a number that names a person is asked for. */
static gboolean
is_amount (XhConflictCard *self)
{
  const XhField *field = find_field (self);

  return field != NULL && (field->type == XH_FIELD_MONEY || field->type == XH_FIELD_DECIMAL || field->type == XH_FIELD_INTEGER)
         && self->host != NULL && self->field->why_not == NULL;
}

static char *
value_text (XhConflictCard *self, JsonNode *node)
{
  return self->full || is_amount (self) ? xh_value_text_full (self->item->kind, self->field->name, node, self->store)
                                        : xh_value_text (self->item->kind, self->field->name, node, self->store);
}

/* A table is read by its differences. */
static char *
tell_value (XhConflictCard *self, JsonNode *node)
{
  const XhField *field = find_field (self);
  const XhTrayField *asked = self->field;

  if (!is_table (self))
    return value_text (self, node);
  if (node == asked->before)
    return xh_conflict_rows_before (field, node, asked->mine, asked->theirs, self->store, !self->full);
  return xh_conflict_rows_tell (field, asked->before, node, self->store, !self->full);
}

/* Whose it is, the value, and below it @when: so the values of three narrow columns stand side by side. @when: (nullable) */
static GtkWidget *
make_column (const char *whose, const char *when, const char *text, gboolean marks)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *head = make_label (whose, "caption");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  gtk_widget_set_hexpand (box, TRUE); /* a check button gives its child no more than it asks for: texts would break early */
  gtk_widget_add_css_class (head, "dim-label");
  gtk_box_append (GTK_BOX (box), head);
  for (guint i = 0; lines[i] != NULL; i++)
    gtk_box_append (GTK_BOX (box), make_label (lines[i], marks && xh_conflict_rows_is_change (lines[i]) ? "new-line" : NULL));
  if (when != NULL)
    {
      GtkWidget *foot = make_label (when, "caption");

      gtk_widget_add_css_class (foot, "dim-label");
      gtk_box_append (GTK_BOX (box), foot);
    }
  return box;
}

static void
toggled_cb (GtkCheckButton *check, XhConflictCard *self)
{
  if (self->refreshing || !gtk_check_button_get_active (check))
    return;
  for (guint side = XH_SIDE_MINE; side <= XH_SIDE_BOTH; side++)
    if (self->checks[side] == check)
      self->field->side = side;
  g_signal_emit (self, signals[CHOSEN], 0);
}

/* @whose: read aloud with the field and the value. */
static GtkWidget *
make_choice (XhConflictCard *self, XhTraySide side, const char *field, const char *whose, const char *caption, const char *when,
             const char *text)
{
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *name = g_strdup_printf (_("%s: %s, %s"), field, whose, text);

  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), make_column (caption, when, text, is_table (self)));
  if (side != XH_SIDE_MINE)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->checks[XH_SIDE_MINE]);
  gtk_widget_add_css_class (check, "conflict-value");
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  self->checks[side] = GTK_CHECK_BUTTON (check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, 0);
  return check;
}

static void
add_both (XhConflictCard *self, GtkBox *box, const char *label)
{
  g_autofree char *both = self->field->both != NULL ? tell_value (self, self->field->both) : NULL;

  if (both != NULL)
    gtk_box_append (box, make_choice (self, XH_SIDE_BOTH, label, _("both"), _("Keep both"), NULL, both));
  if (self->field->why_not != NULL)
    {
      g_autofree char *why = g_strdup_printf (_("Mine cannot be chosen: %s"), self->field->why_not);

      gtk_box_append (box, make_label (why, "caption"));
      gtk_widget_set_sensitive (GTK_WIDGET (self->checks[XH_SIDE_MINE]), FALSE);
    }
}

static void build (XhConflictCard *self);

static void
shown_whole (GObject *card)
{
  XhConflictCard *self = XH_CONFLICT_CARD (card);

  if (gtk_widget_get_parent (GTK_WIDGET (self)) == NULL)
    return; /* the page went on, and the item with it */
  self->full = TRUE;
  build (self);
  xh_conflict_card_refresh (self);
}

static void
eye_cb (XhConflictCard *self)
{
  if (!xh_field_host_ask_unmask (self->host, find_field (self), G_OBJECT (self), shown_whole))
    shown_whole (G_OBJECT (self));
}

/* The heading; where numbers are masked, what differs may be what is hidden. */
static GtkWidget *
make_heading (XhConflictCard *self, const char *label)
{
  const XhField *field = find_field (self);
  g_autofree char *unit = field != NULL && field->unit_label != NULL ? g_strdup_printf (_("%s (%s)"), label, field->unit_label) : NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *heading = make_label (unit != NULL ? unit : label, "heading"), *eye;

  gtk_widget_set_hexpand (heading, TRUE);
  gtk_box_append (GTK_BOX (box), heading);
  if (self->full || self->host == NULL || field == NULL || !field->sensitive || is_amount (self))
    return box;
  eye = gtk_button_new_from_icon_name ("view-reveal-symbolic");
  gtk_widget_add_css_class (eye, "flat");
  gtk_widget_set_valign (eye, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (eye, _("Show the whole number"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (eye), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Show the whole number"), -1);
  g_signal_connect_object (eye, "clicked", G_CALLBACK (eye_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), eye);
  return box;
}

static void
build (XhConflictCard *self)
{
  XhTrayCase *item = self->item;
  const char *label = g_str_equal (self->field->name, "deleted") ? _("Keep the record?") : xh_value_text_name (item->kind, self->field->name);
  const char *reason = self->field->why_not == NULL ? xh_tray_case_reason (item, self->field->name) : NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *before_box;
  g_autofree char *before = tell_value (self, self->field->before);
  g_autofree char *mine = tell_value (self, self->field->mine);
  g_autofree char *theirs = tell_value (self, self->field->theirs);
  g_autofree char *my_time = xh_text_ago (item->at), *their_time = xh_text_ago (item->when);

  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "conflict-card");
  gtk_box_set_homogeneous (GTK_BOX (columns), TRUE);
  gtk_box_append (GTK_BOX (box), make_heading (self, label));
  if (reason != NULL)
    gtk_box_append (GTK_BOX (box), make_label (reason, "issues"));
  before_box = make_column (_("Before"), NULL, before, FALSE);
  gtk_widget_add_css_class (before_box, "conflict-value");
  gtk_box_append (GTK_BOX (columns), before_box);
  gtk_box_append (GTK_BOX (columns), make_choice (self, XH_SIDE_MINE, label, _("mine"), _("Mine"), my_time, mine));
  gtk_box_append (GTK_BOX (columns), make_choice (self, XH_SIDE_THEIRS, label, _("theirs"), item->who != NULL ? item->who : _("Theirs"), their_time, theirs));
  gtk_box_append (GTK_BOX (box), columns);
  add_both (self, GTK_BOX (box), label);
  adw_bin_set_child (ADW_BIN (self), box);
}

void
xh_conflict_card_refresh (XhConflictCard *self)
{
  self->refreshing = TRUE;
  for (guint side = XH_SIDE_MINE; side <= XH_SIDE_BOTH; side++)
    if (self->checks[side] != NULL)
      gtk_check_button_set_active (self->checks[side], self->field->side == side);
  self->refreshing = FALSE;
}

static void
xh_conflict_card_class_init (XhConflictCardClass *klass)
{
  signals[CHOSEN] = g_signal_new ("chosen", XH_TYPE_CONFLICT_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_conflict_card_init (XhConflictCard *self)
{
}

GtkWidget *
xh_conflict_card_new (XhTrayCase *item, XhTrayField *field, XhStore *store, XhFieldHost *host)
{
  XhConflictCard *self = g_object_new (XH_TYPE_CONFLICT_CARD, NULL);

  self->item = item;
  self->field = field;
  self->store = store;
  self->host = host;
  build (self);
  xh_conflict_card_refresh (self);

  return GTK_WIDGET (self);
}
