/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-doubles-bar.h"

#include <glib/gi18n-lib.h>

#include "store/xh-doubles.h"

/* It is asked this long after the last edit (milliseconds). */
#define DELAY 500

struct _XhDoublesBar
{
  AdwBin parent_instance;

  XhSession *session;        /* (owned) */
  const XhKind *kind;
  XhForm *form;              /* (owned) (nullable) what is to be asked about */
  guint source;              /* asks when it fires */
  GCancellable *cancellable; /* (owned) (nullable) of what was asked last */
  char *only;                /* (owned) (nullable) id of the one record that is shown */

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkWidget *button;         /* opens the only one */
  GtkMenuButton *menu;       /* lists several */
  GtkPopover *popover;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (XhDoublesBar, xh_doubles_bar, ADW_TYPE_BIN)

static guint open_signal;

/* --- showing */

static void
fill_list (XhDoublesBar *self, GPtrArray *found)
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

static void
show_found (XhDoublesBar *self, GPtrArray *found)
{
  const XhDouble *first = found->len > 0 ? g_ptr_array_index (found, 0) : NULL;
  g_autofree char *text = NULL;

  if (first == NULL)
    {
      gtk_popover_popdown (self->popover);
      gtk_revealer_set_reveal_child (self->revealer, FALSE);
      return;
    }
  g_free (self->only);
  self->only = g_strdup (first->id);
  if (found->len == 1)
    text = g_strdup_printf (_ ("Possibly entered already: %s · %s"), first->title, first->reason);
  else
    text = g_strdup_printf (ngettext ("Possibly entered already: %s · %s (%u)", "Possibly entered already: %s · %s (%u)", found->len), first->title,
                            first->reason, found->len);
  gtk_label_set_label (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), text);
  gtk_widget_set_visible (self->button, found->len == 1);
  gtk_widget_set_visible (GTK_WIDGET (self->menu), found->len > 1);
  fill_list (self, found);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

static void
button_clicked_cb (XhDoublesBar *self)
{
  g_signal_emit (self, open_signal, 0, self->only);
}

static void
row_activated_cb (XhDoublesBar *self, GtkListBoxRow *row)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));

  gtk_popover_popdown (self->popover);
  g_signal_emit (self, open_signal, 0, id);
}

/* --- asking, in the reader */

typedef struct
{
  XhRecord *record; /* (owned) */
  char *role;       /* (owned) */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  xh_record_free (question->record);
  g_free (question->role);
  g_free (question);
}

static void
found_free (gpointer data)
{
  g_ptr_array_unref (data);
}

static gpointer
find_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return xh_doubles_find (store, question->record, question->role, error);
}

/* A later question has cancelled this one: its answer is an error, and nothing is shown. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhDoublesBar) self = data;
  g_autoptr (GPtrArray) found = xh_worker_finish (XH_WORKER (source), result, NULL);

  if (found != NULL && self->session != NULL && !g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    show_found (self, found);
}

static void
stop (XhDoublesBar *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->form);
}

static gboolean
ask_cb (gpointer data)
{
  XhDoublesBar *self = data;
  Question *question = g_new0 (Question, 1);

  question->record = xh_record_copy (xh_form_get_record (self->form));
  question->role = g_strdup (xh_session_get_role (self->session));
  self->source = 0;
  g_clear_object (&self->form);
  self->cancellable = g_cancellable_new ();
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_LOW, find_in_reader, question, question_free, found_free, self->cancellable,
                 found_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

void
xh_doubles_bar_ask (XhDoublesBar *self, XhForm *form, const char *field)
{
  g_return_if_fail (XH_IS_DOUBLES_BAR (self) && XH_IS_FORM (form));

  if (!xh_doubles_concern (self->kind, field))
    return;
  stop (self);
  self->form = g_object_ref (form);
  self->source = g_timeout_add (DELAY, ask_cb, self);
}

void
xh_doubles_bar_forget (XhDoublesBar *self)
{
  g_return_if_fail (XH_IS_DOUBLES_BAR (self));

  stop (self);
  gtk_popover_popdown (self->popover);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

/* --- building */

static void
xh_doubles_bar_dispose (GObject *object)
{
  XhDoublesBar *self = XH_DOUBLES_BAR (object);

  stop (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (xh_doubles_bar_parent_class)->dispose (object);
}

static void
xh_doubles_bar_finalize (GObject *object)
{
  g_free (XH_DOUBLES_BAR (object)->only);

  G_OBJECT_CLASS (xh_doubles_bar_parent_class)->finalize (object);
}

static void
xh_doubles_bar_class_init (XhDoublesBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_doubles_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_doubles_bar_finalize;
  open_signal = g_signal_new ("open", XH_TYPE_DOUBLES_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
build_list (XhDoublesBar *self)
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

static void
xh_doubles_bar_init (XhDoublesBar *self)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, "icon-name", "edit-find-symbolic", NULL);
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "spacing", 9, NULL);

  self->revealer = GTK_REVEALER (gtk_revealer_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  self->button = gtk_button_new_with_label (_ ("Look"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Look"), -1);
  build_list (self);
  gtk_widget_set_valign (GTK_WIDGET (self->menu), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (box, "status-bar");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), self->button);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->menu));
  gtk_revealer_set_child (self->revealer, box);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->revealer));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (button_clicked_cb), self);
}

GtkWidget *
xh_doubles_bar_new (XhSession *session, const XhKind *kind)
{
  XhDoublesBar *self = g_object_new (XH_TYPE_DOUBLES_BAR, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  return GTK_WIDGET (self);
}
