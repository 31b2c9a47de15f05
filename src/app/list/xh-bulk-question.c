/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bulk-question.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWidget *page;       /* (owned) */
  char *transition;      /* (owned) */
  const XhField *field;  /* (nullable) */
  GtkEditable *entry;    /* (not owned) (nullable) */
  XhBulkAnswered answered;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->page);
  g_free (question->transition);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  if (!g_str_equal (response, "do") || gtk_widget_get_root (question->page) == NULL)
    return;
  question->answered (question->page, question->transition, question->field != NULL ? question->field->name : NULL,
                      question->entry != NULL ? gtk_editable_get_text (question->entry) : NULL);
}

static void
changed_cb (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "do", *text != '\0');
}

static GtkWidget *
make_entry (AdwMessageDialog *dialog, const XhField *field)
{
  GtkWidget *group = adw_preferences_group_new (), *entry = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), xh_label_get (&field->label));
  gtk_widget_set_size_request (group, 360, -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), entry);
  adw_message_dialog_set_extra_child (dialog, group);
  g_signal_connect (entry, "changed", G_CALLBACK (changed_cb), dialog);
  adw_message_dialog_set_response_enabled (dialog, "do", FALSE);

  return entry;
}

void
xh_bulk_ask (GtkWidget *page, const XhKind *kind, const XhTransition *transition, guint n, XhBulkAnswered answered)
{
  const XhField *field = xh_transition_find_question (kind, transition);
  const char *label = xh_label_get (&transition->label);
  g_autofree char *heading = g_strdup_printf (ngettext ("%s: %u record?", "%s: %u records?", n), label, n);
  GtkWidget *dialog;
  Question *question;

  if (field == NULL && !transition->destructive)
    {
      answered (page, transition->name, NULL, NULL);
      return;
    }

  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (page)), heading,
                                   field != NULL ? _("Written once, it goes into each record where nothing stands yet.") : NULL);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "do", label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do",
                                              transition->destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  question = g_new0 (Question, 1);
  question->page = g_object_ref (page);
  question->transition = g_strdup (transition->name);
  question->field = field;
  question->answered = answered;
  if (field != NULL)
    question->entry = GTK_EDITABLE (make_entry (ADW_MESSAGE_DIALOG (dialog), field));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
