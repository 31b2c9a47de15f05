/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bulk-question.h"

#include <glib/gi18n-lib.h>

#include "model/xh-calendar.h"
#include "model/xh-form.h"

#define HINT N_("Written once, it goes into each record where nothing stands yet.")

typedef struct
{
  GtkWidget *page;       /* (owned) */
  char *transition;      /* (owned) */
  AdwMessageDialog *dialog; /* (not owned) */
  GPtrArray *fields;     /* (owned) of XhField */
  GPtrArray *rows;       /* (owned) of AdwEntryRow and AdwComboRow, one a field */
  GPtrArray *offered;    /* (owned) an array of XhChoice for each field that is one, else NULL */
  XhBulkAnswered answered;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->page);
  g_free (question->transition);
  g_ptr_array_unref (question->fields);
  g_ptr_array_unref (question->rows);
  g_ptr_array_unref (question->offered);
  g_free (question);
}

static void
offered_free (gpointer data)
{
  g_clear_pointer ((GPtrArray **) &data, g_ptr_array_unref);
}

/* (transfer full): what the row says; "": nothing yet */
static char *
read_row (Question *question, guint index)
{
  GtkWidget *row = g_ptr_array_index (question->rows, index);
  const GPtrArray *offered = g_ptr_array_index (question->offered, index);
  guint selected;

  if (offered == NULL)
    return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  selected = adw_combo_row_get_selected (ADW_COMBO_ROW (row));
  return g_strdup (selected > 0 && selected <= offered->len ? ((XhChoice *) g_ptr_array_index (offered, selected - 1))->code : "");
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  g_autoptr (GHashTable) answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!g_str_equal (response, "do") || gtk_widget_get_root (question->page) == NULL)
    return;
  for (guint i = 0; i < question->fields->len; i++)
    g_hash_table_insert (answers, g_strdup (((const XhField *) g_ptr_array_index (question->fields, i))->name), read_row (question, i));
  question->answered (question->page, question->transition, question->fields->len > 0 ? answers : NULL);
}

/* Whether the row says what its field can hold; what it cannot is marked. @fault: (inout) (nullable) what is wrong with the first that cannot. */
static gboolean
check_row (Question *question, guint index, char **fault)
{
  g_autofree char *text = read_row (question, index);
  g_autoptr (GError) error = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;
  GtkWidget *row = g_ptr_array_index (question->rows, index);
  const gboolean right = *text != '\0' && xh_field_parse (g_ptr_array_index (question->fields, index), text, &value, &error);

  if (error != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  if (error != NULL && *fault == NULL)
    *fault = g_strdup (error->message);

  return right;
}

static void
changed_cb (Question *question)
{
  g_autofree char *fault = NULL;
  gboolean right = TRUE;

  for (guint i = 0; i < question->rows->len; i++)
    right = check_row (question, i, &fault) && right;
  adw_message_dialog_set_body (question->dialog, fault != NULL ? fault : _(HINT));
  adw_message_dialog_set_response_enabled (question->dialog, "do", right);
}

static void
today_cb (GtkEditable *entry)
{
  g_autofree char *text = NULL;
  GDate today;

  xh_date_today (&today);
  text = xh_date_format (&today);
  gtk_editable_set_text (entry, text);
}

static GtkWidget *
make_entry (const XhField *field)
{
  GtkWidget *entry = adw_entry_row_new (), *today;

  if (field->type == XH_FIELD_DATE)
    {
      today = gtk_button_new_with_label (_("Today"));
      gtk_widget_set_valign (today, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (today, "flat");
      g_signal_connect_swapped (today, "clicked", G_CALLBACK (today_cb), entry);
      adw_entry_row_add_suffix (ADW_ENTRY_ROW (entry), today);
    }

  return entry;
}

static GtkWidget *
make_combo (const XhField *field, GPtrArray *offered)
{
  GtkWidget *combo = adw_combo_row_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _("Not chosen"));
  for (guint i = 0; field->choices != NULL && i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      if (!xh_choice_is_current (choice))
        continue;
      g_ptr_array_add (offered, (gpointer) choice);
      gtk_string_list_append (names, xh_label_get (&choice->label));
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (combo), G_LIST_MODEL (names));

  return combo;
}

static void
add_row (Question *question, AdwPreferencesGroup *group, const XhField *field)
{
  GPtrArray *offered = field->type == XH_FIELD_CHOICE ? g_ptr_array_new () : NULL;
  GtkWidget *row = offered != NULL ? make_combo (field, offered) : make_entry (field);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_label_get (&field->label));
  adw_preferences_group_add (group, row);
  g_ptr_array_add (question->rows, row);
  g_ptr_array_add (question->offered, offered);
  g_signal_connect_swapped (row, offered != NULL ? "notify::selected" : "changed", G_CALLBACK (changed_cb), question);
}

static void
add_rows (Question *question)
{
  GtkWidget *group = adw_preferences_group_new ();

  gtk_widget_set_size_request (group, 360, -1);
  for (guint i = 0; i < question->fields->len; i++)
    add_row (question, ADW_PREFERENCES_GROUP (group), g_ptr_array_index (question->fields, i));
  adw_message_dialog_set_extra_child (question->dialog, group);
  adw_message_dialog_set_response_enabled (question->dialog, "do", FALSE);
}

void
xh_bulk_ask (GtkWidget *page, const XhKind *kind, const XhTransition *transition, guint n, XhBulkAnswered answered)
{
  g_autoptr (GPtrArray) fields = xh_transition_find_questions (kind, transition);
  const char *label = xh_label_get (&transition->label);
  g_autofree char *heading = g_strdup_printf (ngettext ("%s: %u record?", "%s: %u records?", n), label, n);
  GtkWidget *dialog;
  Question *question;

  if (fields->len == 0 && !transition->destructive)
    {
      answered (page, transition->name, NULL);
      return;
    }

  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (page)), heading,
                                   fields->len > 0 ? _(HINT) : NULL);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "do", label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do",
                                              transition->destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  question = g_new0 (Question, 1);
  question->page = g_object_ref (page);
  question->transition = g_strdup (transition->name);
  question->dialog = ADW_MESSAGE_DIALOG (dialog);
  question->fields = g_steal_pointer (&fields);
  question->rows = g_ptr_array_new ();
  question->offered = g_ptr_array_new_with_free_func (offered_free);
  question->answered = answered;
  if (question->fields->len > 0)
    add_rows (question);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
