/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-state-pane.h"

#include <glib/gi18n-lib.h>

/* A due date within this many days is soon. */
#define SOON 7

struct _XhStatePane
{
  AdwBin parent_instance;

  XhForm *form;         /* (owned) */
  GtkLabel *state;
  GtkBox *steps, *dues;
  guint refresh_source;
};

G_DEFINE_FINAL_TYPE (XhStatePane, xh_state_pane, ADW_TYPE_BIN)

static guint transition_signal, wanted_signal;

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static GtkWidget *
create_caption (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GtkWidget *
create_title (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

/* --- steps */

static void
step_cb (GtkWidget *button, XhStatePane *self)
{
  g_signal_emit (self, transition_signal, 0, g_object_get_data (G_OBJECT (button), "transition"));
}

static void
go_cb (GtkWidget *button, XhStatePane *self)
{
  g_signal_emit (self, wanted_signal, 0, g_object_get_data (G_OBJECT (button), "field"));
}

/* The first thing that the step must have and that is not there: in a long form it is not easy to find. */
static void
append_way_to_field (XhStatePane *self, const XhTransition *transition)
{
  g_autoptr (GPtrArray) asked = xh_transition_find_questions (xh_form_get_kind (self->form), transition);

  for (guint i = 0; i < asked->len; i++)
    {
      const XhField *field = g_ptr_array_index (asked, i);
      g_autofree char *label = NULL;
      GtkWidget *button;

      if (!xh_value_is_null (xh_form_get (self->form, field->name)) || !xh_form_is_editable (self->form, field->name))
        continue;
      label = g_strdup_printf (_ ("Fill in “%s”"), xh_label_get (&field->label));
      button = gtk_button_new_with_label (label);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "way-to-field");
      gtk_widget_set_halign (button, GTK_ALIGN_START);
      g_object_set_data (G_OBJECT (button), "field", field->name);
      g_signal_connect (button, "clicked", G_CALLBACK (go_cb), self);
      gtk_box_append (self->steps, button);
      return;
    }
}

static void
append_step (XhStatePane *self, const XhTransition *transition, const char *reason, gboolean main)
{
  const char *label = xh_label_get (&transition->label);
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_sensitive (button, reason == NULL);
  if (transition->destructive)
    gtk_widget_add_css_class (button, "destructive-action");
  else if (main)
    gtk_widget_add_css_class (button, "suggested-action");
  g_object_set_data (G_OBJECT (button), "transition", transition->name);
  g_signal_connect (button, "clicked", G_CALLBACK (step_cb), self);
  gtk_box_append (self->steps, button);
  if (reason != NULL)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason, -1);
      gtk_box_append (self->steps, create_caption (reason));
      append_way_to_field (self, transition);
    }
}

/* States stand in the order of the work. A way back (displayed again, taken apart, a decision undone) is the exception, never what is suggested;
 * but what was returned, or waits for something, goes on by going back. */
static gboolean
leads_back (XhStatePane *self, const XhTransition *step)
{
  GPtrArray *states = xh_form_get_kind (self->form)->states;
  const char *here = xh_form_get_record (self->form)->state;
  gboolean passed = FALSE;

  for (guint i = 0; i < states->len; i++)
    {
      const XhState *state = g_ptr_array_index (states, i);

      passed = passed || g_strcmp0 (state->name, step->to) == 0;
      if (g_strcmp0 (state->name, here) == 0)
        return passed && state->tone != XH_TONE_WAITING && (state->tone != XH_TONE_BAD || state->complete);
    }
  return FALSE;
}

static void
show_steps (XhStatePane *self)
{
  g_autoptr (GPtrArray) why = NULL;
  g_autoptr (GPtrArray) transitions = xh_form_get_transitions (self->form, &why);
  gboolean has_main = FALSE;

  clear_box (self->steps);
  for (guint i = 0; i < transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (transitions, i);
      const char *reason = g_ptr_array_index (why, i);
      gboolean main = !has_main && reason == NULL && !transition->destructive && !leads_back (self, transition);

      append_step (self, transition, reason, main);
      has_main = has_main || main;
    }
  if (transitions->len == 0)
    gtk_box_append (self->steps, create_caption (_ ("There is no step for you to take here.")));
}

/* --- due dates */

static char *
describe_days (int days, const char **tone)
{
  *tone = days < 0 ? "clock-overdue" : days <= SOON ? "clock-soon" : "clock-in-time";
  if (days < 0)
    return g_strdup_printf (ngettext ("%d day overdue", "%d days overdue", -days), -days);
  if (days == 0)
    return g_strdup (_ ("due today"));
  return g_strdup_printf (ngettext ("%d day left", "%d days left", days), days);
}

/* The document that sets the deadline, as it was on the day of the base; else the text of the definition. */
static char *
dup_rule (XhStatePane *self, const XhDue *due)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (due->rule_text != NULL && xh_form_evaluate (self->form, due->rule_text, &value) && xh_value_as_text (&value) != NULL)
    return g_strdup (xh_value_as_text (&value));
  return g_strdup (due->rule);
}

/* By its expression, or by what a period of the catalog says in words. */
static gboolean
counts_workdays (const XhDue *due, const char *rule)
{
  return strstr (due->date, "workday") != NULL || (due->rule_text != NULL && rule != NULL && strstr (rule, "工作日") != NULL);
}

static void
append_due (XhStatePane *self, const XhDue *due, const char *iso)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = create_title (xh_label_get (&due->label)), *date = gtk_label_new (iso), *left;
  XhCalendar *calendar = xh_catalog_get_calendar (xh_form_get_kind (self->form)->catalog);
  g_autofree char *days = NULL, *rule = dup_rule (self, due);
  const char *tone;
  GDate day, today;

  if (!xh_date_parse (iso, &day))
    return;
  xh_date_today (&today);
  days = describe_days (g_date_days_between (&today, &day), &tone);
  left = gtk_label_new (days);
  gtk_widget_add_css_class (left, "clock");
  gtk_widget_add_css_class (left, tone);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (date), TRUE);
  gtk_widget_add_css_class (date, "numeric");
  gtk_box_append (GTK_BOX (line), date);
  gtk_box_append (GTK_BOX (line), left);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), line);
  if (rule != NULL)
    gtk_box_append (GTK_BOX (box), create_caption (rule));
  if (counts_workdays (due, rule) && xh_calendar_is_estimated (calendar, &day))
    {
      g_autofree char *mark = g_strdup_printf (_ ("The holidays of %d are not published yet; estimated by the statutory ones"),
                                               g_date_get_year (&day));

      gtk_box_append (GTK_BOX (box), create_caption (mark));
    }
  gtk_box_append (self->dues, box);
}

static void
show_dues (XhStatePane *self)
{
  const XhKind *kind = xh_form_get_kind (self->form);

  clear_box (self->dues);
  for (guint i = 0; i < kind->dues->len; i++)
    {
      g_autofree char *date = xh_form_get_due (self->form, i);

      if (date != NULL)
        append_due (self, g_ptr_array_index (kind->dues, i), date);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->dues), gtk_widget_get_first_child (GTK_WIDGET (self->dues)) != NULL);
}

static void
show_state (XhStatePane *self)
{
  static const char *const tones[] = { "tone-neutral", "tone-active", "tone-waiting", "tone-good", "tone-bad" };
  const XhRecord *record = xh_form_get_record (self->form);
  const XhState *state = xh_kind_find_state (record->kind, record->state);

  gtk_label_set_label (self->state, state != NULL ? xh_label_get (&state->label) : record->state);
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    if (state != NULL && state->tone == i)
      gtk_widget_add_css_class (GTK_WIDGET (self->state), tones[i]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self->state), tones[i]);
}

void
xh_state_pane_refresh (XhStatePane *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (xh_form_get_record (self->form) == NULL)
    return;
  show_state (self);
  show_steps (self);
  show_dues (self);
}

static gboolean
refresh_cb (gpointer data)
{
  XhStatePane *self = data;

  self->refresh_source = 0;
  xh_state_pane_refresh (self);
  return G_SOURCE_REMOVE;
}

/* Any field may decide whether a step may be taken. An edit touches many; they are looked at once, when it is over. */
static void
form_changed_cb (XhStatePane *self)
{
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add (150, refresh_cb, self);
}

static void
xh_state_pane_dispose (GObject *object)
{
  XhStatePane *self = XH_STATE_PANE (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_object (&self->form);

  G_OBJECT_CLASS (xh_state_pane_parent_class)->dispose (object);
}

static void
xh_state_pane_class_init (XhStatePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_state_pane_dispose;
  transition_signal = g_signal_new ("transition", XH_TYPE_STATE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING);
  wanted_signal = g_signal_new ("wanted", XH_TYPE_STATE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
xh_state_pane_init (XhStatePane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->state = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "state-badge");
  gtk_box_append (GTK_BOX (line), create_title (_ ("State")));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->state));
  self->steps = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->dues = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->steps));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->dues));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
xh_state_pane_new (XhForm *form)
{
  XhStatePane *self = g_object_new (XH_TYPE_STATE_PANE, NULL);

  self->form = g_object_ref (form);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, G_CONNECT_SWAPPED);
  xh_state_pane_refresh (self);
  return GTK_WIDGET (self);
}
