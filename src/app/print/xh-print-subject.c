/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-print-subject.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-form.h"
#include "store/xh-subject.h"
#include "xh-print-page.h"

/* Fields of the register of reports that the program itself fills; one that a catalog does not have is left out. */
static const char *const asked[] = { "edition", "purpose", NULL };

typedef struct
{
  XhWindow *window;   /* (owned) */
  XhSession *session; /* (owned) */
  XhForm *form;       /* (owned) */
  GtkWidget *rows[G_N_ELEMENTS (asked)];
  GtkEditable *requested_by;
} Wish;

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->window);
  g_object_unref (wish->session);
  g_object_unref (wish->form);
  g_free (wish);
}

static const XhKind *
get_kind (XhSession *session)
{
  XhCatalog *catalog = xh_session_get_catalog (session);

  return xh_catalog_find_kind (catalog, xh_catalog_get_register (catalog, "report"));
}

static void
set_text (XhForm *form, const char *field, const char *text)
{
  const XhValue value = { .type = XH_VALUE_TEXT, { .text = (char *) text } };
  g_autoptr (GError) error = NULL;

  if (text == NULL || *text == '\0' || xh_kind_find_field (xh_form_get_kind (form), field) == NULL)
    return;
  if (!xh_form_set (form, field, &value, &error))
    g_warning ("%s: %s", field, error->message);
}

/* --- what the program fills */

static char *
make_number (XhSession *session)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = NULL;
  const char *county = xh_catalog_get_county (xh_session_get_catalog (session));
  const int tenths = (g_date_time_get_hour (now) * 3600 + g_date_time_get_minute (now) * 60 + g_date_time_get_second (now)) * 10
                     + g_date_time_get_microsecond (now) / 100000;
  GDate today;

  xh_date_today (&today);
  day = g_strdup_printf ("%04u%02u%02u", g_date_get_year (&today), g_date_get_month (&today), g_date_get_day (&today));
  return g_strdup_printf ("%.6s%s%06d", county != NULL ? county : "", day, tenths);
}

/* Nobody guesses it from the number. */
static char *
make_code (void)
{
  static const char signs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, uuid, -1);
  char code[10];

  for (guint i = 0; i < 9; i++)
    code[i] = i == 4 ? '-' : signs[(g_ascii_xdigit_value (sum[2 * i]) * 16 + g_ascii_xdigit_value (sum[2 * i + 1])) % 32];
  code[9] = '\0';
  return g_strdup (code);
}

/* The subject's own record says what it is called; without one, any record about it. */
static void
fill_subject (XhSession *session, XhForm *form, const char *key)
{
  XhStore *store = xh_session_get_store (session);
  g_auto (GStrv) keys = xh_store_subject_keys (store, key, NULL);
  g_autoptr (GPtrArray) rows = keys != NULL ? xh_store_subject_records (store, (const char *const *) keys, xh_session_get_role (session), 100, NULL) : NULL;
  const char *subject_key = keys != NULL && keys[0] != NULL ? keys[0] : key;
  gboolean own = FALSE;

  set_text (form, "subject_key", subject_key);
  for (guint i = 0; rows != NULL && i < rows->len && !own; i++)
    {
      const XhSubjectRow *row = g_ptr_array_index (rows, i);
      const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (session), row->kind);
      g_autoptr (XhRecord) record = kind != NULL && kind->subject_name != NULL && (i == 0 || kind->subject_self) ? xh_store_load (store, row->id, NULL) : NULL;
      const XhValue *name = record != NULL ? xh_record_get (record, kind->subject_name) : NULL;

      if (name == NULL || xh_value_as_text (name) == NULL)
        continue;
      own = kind->subject_self;
      set_text (form, "subject_name", xh_value_as_text (name));
      set_text (form, "requested_by", xh_value_as_text (name));
      if (kind->subject_type != NULL && xh_field_find_choice (xh_kind_find_field (xh_form_get_kind (form), "subject_type"), kind->subject_type) != NULL)
        set_text (form, "subject_type", kind->subject_type);
    }
}

static XhForm *
make_form (XhSession *session, const XhKind *kind, const char *key)
{
  const XhProfile *profile = xh_session_get_profile (session);
  XhForm *form = xh_form_new (kind, profile->role);
  g_autoptr (XhRecord) blank = xh_record_new (kind, NULL);
  g_autofree char *number = make_number (session), *code = make_code ();

  g_free (blank->division);
  g_free (blank->unit);
  blank->division = g_strdup (profile->division);
  blank->unit = g_strdup (profile->unit);
  xh_form_load (form, blank, NULL, TRUE);
  set_text (form, "number", number);
  set_text (form, "verification_code", code);
  set_text (form, "issued_unit", profile->unit);
  set_text (form, "issued_by", profile->name);
  fill_subject (session, form, key);
  return form;
}

/* --- issuing */

static const XhTransition *
find_issue (XhSession *session, const XhKind *kind)
{
  const XhState *first = g_ptr_array_index (kind->states, 0);

  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);
      const XhState *to = xh_kind_find_state (kind, transition->to);

      if (to->complete && g_strv_contains ((const char *const *) transition->from, first->name) && xh_session_may (session, transition->roles, kind))
        return transition;
    }
  return NULL;
}

static void
show_paper (Wish *wish)
{
  const XhKind *kind = xh_form_get_kind (wish->form);
  GPtrArray *documents = xh_catalog_get_documents (kind->catalog);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_ptr_array_add (ids, xh_form_get_record (wish->form)->id);
  for (guint i = 0; i < documents->len; i++)
    {
      const XhDocumentDef *def = g_ptr_array_index (documents, i);

      if (def->kind != kind || !xh_document_def_may (def, xh_session_get_role (wish->session)) || !xh_form_holds (wish->form, def->when))
        continue;
      xh_window_push (wish->window, xh_print_page_new (wish->session, def, ids));
      return;
    }
  xh_window_toast (wish->window, _("The catalog has no paper for this report"));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Wish *wish = data;
  g_autoptr (GError) error = NULL;

  if (xh_session_save_finish (XH_SESSION (source), result, &error))
    show_paper (wish);
  else
    xh_window_toast (wish->window, error->message);
  wish_free (wish);
}

static void
read_answers (Wish *wish)
{
  for (guint i = 0; asked[i] != NULL; i++)
    {
      const XhField *field = xh_kind_find_field (xh_form_get_kind (wish->form), asked[i]);
      guint place = wish->rows[i] != NULL ? adw_combo_row_get_selected (ADW_COMBO_ROW (wish->rows[i])) : GTK_INVALID_LIST_POSITION;

      if (place != GTK_INVALID_LIST_POSITION)
        set_text (wish->form, field->name, ((XhChoice *) g_ptr_array_index (field->choices, place))->code);
    }
  set_text (wish->form, "requested_by", gtk_editable_get_text (wish->requested_by));
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Wish *wish)
{
  const XhTransition *issue = find_issue (wish->session, xh_form_get_kind (wish->form));
  g_autoptr (GError) error = NULL;

  if (strcmp (response, "print") == 0)
    {
      read_answers (wish);
      if (issue == NULL || xh_form_transition (wish->form, issue->name, &error))
        {
          xh_session_save_async (wish->session, xh_record_copy (xh_form_get_record (wish->form)), xh_form_get_changed (wish->form), saved_cb, wish);
          return;
        }
      xh_window_toast (wish->window, error->message);
    }
  wish_free (wish);
}

/* --- asking */

static GtkWidget *
create_choice (XhForm *form, const XhField *field)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  const XhValue *value = xh_form_get (form, field->name);
  guint selected = 0;

  for (guint i = 0; i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      gtk_string_list_append (labels, xh_label_get (&choice->label));
      if (value != NULL && g_strcmp0 (xh_value_as_text (value), choice->code) == 0)
        selected = i;
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_label_get (&field->label));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  return row;
}

static GtkWidget *
create_questions (Wish *wish)
{
  const XhKind *kind = xh_form_get_kind (wish->form);
  GtkWidget *group = adw_preferences_group_new (), *entry = adw_entry_row_new ();
  const XhValue *name = xh_kind_find_field (kind, "requested_by") != NULL ? xh_form_get (wish->form, "requested_by") : NULL;

  for (guint i = 0; asked[i] != NULL; i++)
    {
      const XhField *field = xh_kind_find_field (kind, asked[i]);

      if (field == NULL || field->choices == NULL)
        continue;
      wish->rows[i] = create_choice (wish->form, field);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), wish->rows[i]);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _("Requested by"));
  gtk_editable_set_text (GTK_EDITABLE (entry), name != NULL && xh_value_as_text (name) != NULL ? xh_value_as_text (name) : "");
  wish->requested_by = GTK_EDITABLE (entry);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), entry);
  return group;
}

gboolean
xh_print_subject_may (XhSession *session)
{
  const XhKind *kind = get_kind (session);

  return kind != NULL && xh_session_may (session, kind->create_roles, kind);
}

void
xh_print_subject_report (XhWindow *window, XhSession *session, const char *key)
{
  const XhKind *kind = get_kind (session);
  GtkWidget *dialog;
  Wish *wish;

  g_return_if_fail (XH_IS_WINDOW (window) && XH_IS_SESSION (session) && key != NULL);

  if (!xh_print_subject_may (session))
    {
      xh_window_toast (window, _("Your role may not issue credit reports"));
      return;
    }
  wish = g_new0 (Wish, 1);
  wish->window = g_object_ref (window);
  wish->session = g_object_ref (session);
  wish->form = make_form (session, kind, key);
  dialog = adw_message_dialog_new (GTK_WINDOW (window), _("Issue a credit report"),
                                   _("The report gets a number and is entered in the register of reports."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), create_questions (wish));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "print", _("_Issue"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "print", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "print");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), wish);
  gtk_window_present (GTK_WINDOW (dialog));
}
