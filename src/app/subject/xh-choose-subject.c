/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-choose-subject.h"

#include <glib/gi18n-lib.h>

#include "store/xh-subject.h"

#define HITS 12

struct _XhChooseSubject
{
  AdwWindow parent_instance;

  XhSession *session;        /* (owned) */
  const XhKind *kind;
  char *without;             /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GtkSearchEntry *search;
  GtkListBox *list;
  GtkEditable *words;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (XhChooseSubject, xh_choose_subject, ADW_TYPE_WINDOW)

static guint chosen_signal;

static void
update (XhChooseSubject *self)
{
  const char *text = gtk_editable_get_text (self->words);

  gtk_widget_set_sensitive (self->button, gtk_list_box_get_selected_row (self->list) != NULL && *text != '\0');
}

/* --- search */

typedef struct
{
  char *text, *role; /* (owned) */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->text);
  g_free (question->role);
  g_free (question);
}

static void
hits_free (gpointer data)
{
  g_ptr_array_unref (data);
}

static gpointer
find_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Question *question = data;

  return xh_store_find_subjects (store, question->text, question->role, HITS, error);
}

static void
add_row (XhChooseSubject *self, const XhSubjectHit *hit)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title-lines", 1, "subtitle-lines", 1, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), hit->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), hit->subtitle != NULL ? hit->subtitle : "");
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (hit->id), g_free);
  gtk_list_box_append (self->list, row);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhChooseSubject) self = data;
  g_autoptr (GPtrArray) hits = xh_worker_finish (XH_WORKER (source), result, NULL);
  GtkListBoxRow *row;

  if (hits == NULL || self->session == NULL)
    return;
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < hits->len; i++)
    {
      const XhSubjectHit *hit = g_ptr_array_index (hits, i);

      if (g_str_equal (hit->kind, self->kind->name) && !g_str_equal (hit->id, self->without))
        add_row (self, hit);
    }
  update (self);
}

static void
search_cb (XhChooseSubject *self)
{
  Question *question = g_new0 (Question, 1);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  question->text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  question->role = g_strdup (xh_session_get_role (self->session));
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_HIGH, find_in_reader, question, question_free, hits_free,
                 self->cancellable, found_cb, g_object_ref (self));
}

static void
choose_cb (XhChooseSubject *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  g_autofree char *id = row != NULL ? g_strdup (g_object_get_data (G_OBJECT (row), "id")) : NULL;
  g_autofree char *words = g_strdup (gtk_editable_get_text (self->words));

  if (id == NULL)
    return;
  g_signal_emit (self, chosen_signal, 0, id, words);
  gtk_window_close (GTK_WINDOW (self));
}

/* --- building */

static void
xh_choose_subject_dispose (GObject *object)
{
  XhChooseSubject *self = XH_CHOOSE_SUBJECT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (xh_choose_subject_parent_class)->dispose (object);
}

static void
xh_choose_subject_finalize (GObject *object)
{
  XhChooseSubject *self = XH_CHOOSE_SUBJECT (object);

  g_object_unref (self->cancellable);
  g_free (self->without);

  G_OBJECT_CLASS (xh_choose_subject_parent_class)->finalize (object);
}

static void
xh_choose_subject_class_init (XhChooseSubjectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_choose_subject_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_choose_subject_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  chosen_signal = g_signal_new ("chosen", XH_TYPE_CHOOSE_SUBJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                G_TYPE_STRING);
}

static void
xh_choose_subject_init (XhChooseSubject *self)
{
  self->cancellable = g_cancellable_new ();
}

static void
build (XhChooseSubject *self, const char *title, const char *explanation, const char *words)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new (), *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *label = gtk_label_new (explanation), *search = gtk_search_entry_new (), *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new (), *entry = gtk_entry_new ();

  self->button = gtk_button_new_with_label (title);
  gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->button);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  g_object_set (search, "placeholder-text", _("Name, code or pinyin"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The file that stays"), -1);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Found"), -1);
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_box_append (GTK_BOX (inner), label);
  gtk_box_append (GTK_BOX (inner), search);
  gtk_box_append (GTK_BOX (inner), scroller);
  gtk_box_append (GTK_BOX (inner), entry);
  gtk_widget_add_css_class (inner, "subject-dialog");
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), inner);
  adw_window_set_content (ADW_WINDOW (self), box);
  self->search = GTK_SEARCH_ENTRY (search);
  self->list = GTK_LIST_BOX (list);
  self->words = GTK_EDITABLE (entry);
  g_signal_connect_swapped (search, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect_swapped (list, "selected-rows-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (choose_cb), self);
}

GtkWidget *
xh_choose_subject_new (GtkWindow *parent, XhSession *session, const XhKind *kind, const char *without, const char *title,
                       const char *explanation, const char *words)
{
  XhChooseSubject *self = g_object_new (XH_TYPE_CHOOSE_SUBJECT, "transient-for", parent, "modal", TRUE, "title", title, "default-width", 520,
                                        "default-height", 520, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  self->without = g_strdup (without);
  build (self, title, explanation, words);
  update (self);
  return GTK_WIDGET (self);
}
