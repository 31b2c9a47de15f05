/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-known-bar.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-names.h"
#include "store/xh-doubles.h"

/* It is asked this long after the last edit (milliseconds). */
#define DELAY 500

struct _XhKnownBar
{
  AdwBin parent_instance;

  XhSession *session;        /* (owned) */
  const XhKind *kind;
  XhForm *form;              /* (owned) (nullable) what is to be asked about */
  gboolean is_new;           /* its record is not stored yet */
  guint source;              /* asks when it fires */
  GCancellable *cancellable; /* (owned) (nullable) of what was asked last */
  char *only;                /* (owned) (nullable) id of the one record that is shown */
  XhSubjectFill *fill;       /* (owned) (nullable) what is offered */
  char *closed;              /* (owned) (nullable) what was said when the person closed the bar: it is not said again */

  GtkRevealer *revealer;
  GtkWidget *fill_line, *double_line;
  GtkLabel *fill_label;
  GtkLabel *label;
  GtkWidget *button;         /* opens the only one */
  GtkMenuButton *menu;       /* lists several */
  GtkPopover *popover;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (XhKnownBar, xh_known_bar, ADW_TYPE_BIN)

static guint open_signal, fill_signal;

/* --- showing */

static void
fill_list (XhKnownBar *self, GPtrArray *found)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < found->len; i++)
    {
      const XhDouble *one = g_ptr_array_index (found, i);
      GtkWidget *child = adw_action_row_new ();
      g_autofree char *subtitle = g_strdup_printf ("%s · %s", one->reason, one->subtitle);

      g_object_set (child, "use-markup", FALSE, "title", one->title, "subtitle", subtitle, "title-lines", 1, "subtitle-lines", 2, "activatable", TRUE,
                    NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, one->title, -1);
      g_object_set_data_full (G_OBJECT (child), "id", g_strdup (one->id), g_free);
      gtk_list_box_append (self->list, child);
    }
}

/* (transfer full) (nullable) */
static char *
double_text (GPtrArray *found)
{
  const XhDouble *first = found->len > 0 ? g_ptr_array_index (found, 0) : NULL;

  if (first == NULL)
    return NULL;
  if (found->len == 1)
    return g_strdup_printf (_ ("Possibly entered already: %s · %s"), first->title, first->reason);
  return g_strdup_printf (ngettext ("Possibly entered already: %s · %s (%u)", "Possibly entered already: %s · %s (%u)", found->len), first->title,
                          first->reason, found->len);
}

/* (transfer full) (nullable): "单位档案 · 甲公司: 名称、法定代表人" */
static char *
fill_text (const XhSubjectFill *fill)
{
  g_autoptr (GString) labels = g_string_new (NULL);
  const char *name;

  if (fill == NULL)
    return NULL;
  for (guint i = 0; i < fill->values->len; i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? _ (", ") : "", xh_label_get (&((XhFillValue *) g_ptr_array_index (fill->values, i))->field->label));
  name = fill->own->kind->subject_name != NULL ? xh_value_as_text (xh_record_get (fill->own, fill->own->kind->subject_name)) : NULL;
  return g_strdup_printf (_ ("%s has “%s”: %s"), xh_label_get (&fill->own->kind->label), name != NULL ? name : "", labels->str);
}

static void
show_line (GtkWidget *line, GtkLabel *label, const char *text)
{
  gtk_widget_set_visible (line, text != NULL);
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), text);
}

static char *
said (XhKnownBar *self)
{
  return g_strconcat (gtk_label_get_label (self->fill_label), "\n", gtk_label_get_label (self->label), NULL);
}

static void
hide (XhKnownBar *self)
{
  gtk_popover_popdown (self->popover);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

/* @found: (transfer full). @fill: (transfer full) (nullable) */
static void
show_found (XhKnownBar *self, GPtrArray *found, XhSubjectFill *fill)
{
  g_autoptr (GPtrArray) doubles = found;
  g_autofree char *text = double_text (doubles), *offer = fill_text (fill), *now = NULL;

  xh_subject_fill_free (self->fill);
  self->fill = fill;
  if (text == NULL && offer == NULL)
    {
      hide (self);
      return;
    }
  show_line (self->fill_line, self->fill_label, offer);
  show_line (self->double_line, self->label, text);
  now = said (self);
  if (g_strcmp0 (now, self->closed) == 0)
    return;
  if (text != NULL)
    {
      g_free (self->only);
      self->only = g_strdup (((XhDouble *) g_ptr_array_index (doubles, 0))->id);
      gtk_widget_set_visible (self->button, doubles->len == 1);
      gtk_widget_set_visible (GTK_WIDGET (self->menu), doubles->len > 1);
      fill_list (self, doubles);
    }
  gtk_widget_set_can_target (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

static void
close_clicked_cb (XhKnownBar *self)
{
  g_free (self->closed);
  self->closed = said (self);
  hide (self);
}

static void
fill_clicked_cb (XhKnownBar *self)
{
  g_signal_emit (self, fill_signal, 0);
}

static void
button_clicked_cb (XhKnownBar *self)
{
  g_signal_emit (self, open_signal, 0, self->only);
}

static void
row_activated_cb (XhKnownBar *self, GtkListBoxRow *row)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));

  gtk_popover_popdown (self->popover);
  g_signal_emit (self, open_signal, 0, id);
}

/* --- asking, in the reader */

typedef struct
{
  XhRecord *record;   /* (owned) */
  GPtrArray *touched; /* (owned) (nullable) of char * (owned) */
  char *role;         /* (owned) */
} Question;

typedef struct
{
  GPtrArray *doubles;  /* (owned) (nullable) taken over by who shows them */
  XhSubjectFill *fill; /* (owned) (nullable) likewise */
} Answer;

static void
question_free (gpointer data)
{
  Question *question = data;

  xh_record_free (question->record);
  g_clear_pointer (&question->touched, g_ptr_array_unref);
  g_free (question->role);
  g_free (question);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->doubles, g_ptr_array_unref);
  xh_subject_fill_free (answer->fill);
  g_free (answer);
}

static gpointer
find_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;
  GPtrArray *doubles = xh_doubles_find (store, question->record, question->role, error);
  Answer *answer;

  if (doubles == NULL)
    return NULL;
  answer = g_new0 (Answer, 1);
  answer->doubles = doubles;
  answer->fill = xh_subject_fill_find (store, question->record, question->touched, question->role, NULL);
  return answer;
}

/* A later question has cancelled this one: its answer is an error, and nothing is shown. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhKnownBar) self = data;
  Answer *answer = xh_worker_finish (XH_WORKER (source), result, NULL);

  if (answer == NULL)
    return;
  if (self->session != NULL && !g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    show_found (self, g_steal_pointer (&answer->doubles), g_steal_pointer (&answer->fill));
  answer_free (answer);
}

static void
stop (XhKnownBar *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->form);
}

/* @names: (transfer full). Returns: (transfer full): owned names, for another thread */
static GPtrArray *
copy_names (GPtrArray *names)
{
  g_autoptr (GPtrArray) own = names;
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < own->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (own, i)));
  return copy;
}

static gboolean
ask_cb (gpointer data)
{
  XhKnownBar *self = data;
  Question *question = g_new0 (Question, 1);

  question->record = xh_record_copy (xh_form_get_record (self->form));
  question->touched = self->is_new ? copy_names (xh_form_get_touched (self->form)) : NULL;
  question->role = g_strdup (xh_session_get_role (self->session));
  self->source = 0;
  g_clear_object (&self->form);
  self->cancellable = g_cancellable_new ();
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_LOW, find_in_reader, question, question_free, answer_free, self->cancellable,
                 found_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

void
xh_known_bar_ask (XhKnownBar *self, XhForm *form, gboolean is_new, const char *field)
{
  g_return_if_fail (XH_IS_KNOWN_BAR (self) && XH_IS_FORM (form));

  if (!xh_doubles_concern (self->kind, field) && !xh_subject_fill_concern (self->kind, field))
    return;
  stop (self);
  self->form = g_object_ref (form);
  self->is_new = is_new;
  self->source = g_timeout_add (DELAY, ask_cb, self);
}

void
xh_known_bar_forget (XhKnownBar *self)
{
  g_return_if_fail (XH_IS_KNOWN_BAR (self));

  stop (self);
  g_clear_pointer (&self->closed, g_free);
  hide (self);
}

gboolean
xh_known_bar_concerns (const XhKind *kind)
{
  return xh_doubles_concern (kind, NULL) || xh_subject_fill_concern (kind, NULL);
}

const XhSubjectFill *
xh_known_bar_get_fill (XhKnownBar *self)
{
  g_return_val_if_fail (XH_IS_KNOWN_BAR (self), NULL);

  return self->fill;
}

/* --- building */

static void
xh_known_bar_dispose (GObject *object)
{
  XhKnownBar *self = XH_KNOWN_BAR (object);

  stop (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (xh_known_bar_parent_class)->dispose (object);
}

static void
xh_known_bar_finalize (GObject *object)
{
  XhKnownBar *self = XH_KNOWN_BAR (object);

  g_free (self->only);
  g_free (self->closed);
  xh_subject_fill_free (self->fill);

  G_OBJECT_CLASS (xh_known_bar_parent_class)->finalize (object);
}

static void
xh_known_bar_class_init (XhKnownBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_known_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_known_bar_finalize;
  open_signal = g_signal_new ("open", XH_TYPE_KNOWN_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  fill_signal = g_signal_new ("fill", XH_TYPE_KNOWN_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
build_list (XhKnownBar *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "check-list");
  gtk_widget_set_size_request (GTK_WIDGET (self->list), 360, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Possibly entered already"), -1);
  self->popover = GTK_POPOVER (gtk_popover_new ());
  gtk_popover_set_child (self->popover, GTK_WIDGET (self->list));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Possibly entered already"), -1);
  self->menu = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_label (self->menu, _ ("Look"));
  gtk_menu_button_set_popover (self->menu, GTK_WIDGET (self->popover));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Look"), -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
}

/* A line of the bar: icon, words, what is done about it. */
static GtkWidget *
create_line (const char *icon, GtkLabel **label)
{
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, "icon-name", icon, NULL);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  *label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (*label, 0);
  gtk_label_set_ellipsize (*label, PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (GTK_WIDGET (*label));
  gtk_widget_set_hexpand (GTK_WIDGET (*label), TRUE);
  gtk_box_append (GTK_BOX (line), image);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (*label));
  return line;
}

static GtkWidget *
create_button (const char *label)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static void
build_lines (XhKnownBar *self)
{
  GtkWidget *fill = create_button (_ ("Fill In"));

  gtk_widget_set_tooltip_text (fill, _ ("Fill in what is known (Ctrl+I)"));
  g_signal_connect_swapped (fill, "clicked", G_CALLBACK (fill_clicked_cb), self);
  self->fill_line = create_line ("avatar-default-symbolic", &self->fill_label);
  gtk_box_append (GTK_BOX (self->fill_line), fill);
  self->double_line = create_line ("edit-find-symbolic", &self->label);
  self->button = create_button (_ ("Look"));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (button_clicked_cb), self);
  build_list (self);
  gtk_widget_set_valign (GTK_WIDGET (self->menu), GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->double_line), self->button);
  gtk_box_append (GTK_BOX (self->double_line), GTK_WIDGET (self->menu));
}

static void
xh_known_bar_init (XhKnownBar *self)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "spacing", 6, NULL);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *closer = gtk_button_new_from_icon_name ("window-close-symbolic");

  build_lines (self);
  gtk_box_append (GTK_BOX (lines), self->fill_line);
  gtk_box_append (GTK_BOX (lines), self->double_line);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_add_css_class (closer, "flat");
  gtk_widget_add_css_class (closer, "circular");
  gtk_widget_set_valign (closer, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (closer, _ ("Close"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (closer), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Close"), -1);
  g_signal_connect_swapped (closer, "clicked", G_CALLBACK (close_clicked_cb), self);
  gtk_widget_add_css_class (box, "known-bar");
  gtk_box_append (GTK_BOX (box), lines);
  gtk_box_append (GTK_BOX (box), closer);
  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  gtk_revealer_set_transition_type (self->revealer, GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_child (self->revealer, box);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_END);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

GtkWidget *
xh_known_bar_new (XhSession *session, const XhKind *kind)
{
  XhKnownBar *self = g_object_new (XH_TYPE_KNOWN_BAR, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  return GTK_WIDGET (self);
}
