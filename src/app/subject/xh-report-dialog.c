/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-report-dialog.h"

#include <glib/gi18n-lib.h>

#include "app/print/xh-print-page.h"
#include "app/window/xh-window.h"
#include "xh-own-record.h"

typedef struct
{
  XhSession *session; /* (owned) */
  XhRecord *blank;    /* (owned) what is filled already */
  XhValue *references;/* (owned) (nullable) */
  GtkWidget *over;    /* (owned) */
  AdwMessageDialog *dialog;
  GtkEditable *requester;
  AdwComboRow *edition, *purpose;
  GtkLabel *free_label, *fault;
} Asking;

static void
asking_free (Asking *asking)
{
  if (asking->references != NULL)
    xh_value_array_free (asking->references, asking->blank->kind->references->len);
  xh_record_free (asking->blank);
  g_object_unref (asking->session);
  g_object_unref (asking->over);
  g_free (asking);
}

/* A number of its own: the day and letters by chance, so that two windows never give the same. */
static char *
make_number (const char *prefix, guint letters)
{
  static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  GString *number = g_string_new (prefix);
  g_autofree char *random = g_uuid_string_random ();

  for (guint i = 0, n = 0; random[i] != '\0' && n < letters; i += 2)
    if (g_ascii_isxdigit (random[i]) && g_ascii_isxdigit (random[i + 1]))
      {
        g_string_append_c (number, alphabet[(g_ascii_xdigit_value (random[i]) * 16 + g_ascii_xdigit_value (random[i + 1])) % 32]);
        n++;
      }
    else
      i--;
  return g_string_free (number, FALSE);
}

static XhRecord *
fill_blank (XhSession *session, const char *key, const char *name, const char *type)
{
  XhRecord *record = xh_own_record_new (session, "report");
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *prefix = g_date_time_format (now, "XB%Y%m%d-"), *number = make_number (prefix, 6), *code = make_number ("", 8);

  if (record == NULL)
    return NULL;
  xh_own_record_set (record, "number", number);
  xh_own_record_set (record, "verification_code", code);
  xh_own_record_set (record, "subject_key", key);
  xh_own_record_set (record, "subject_name", name);
  xh_own_record_set (record, "subject_type", type);
  return record;
}

static const char *
chosen_code (Asking *asking, AdwComboRow *row, const char *field)
{
  const XhField *of = xh_kind_find_field (asking->blank->kind, field);
  const guint n = adw_combo_row_get_selected (row);

  return of != NULL && of->choices != NULL && n < of->choices->len ? ((XhChoice *) g_ptr_array_index (of->choices, n))->code : NULL;
}

static XhRecord *
make_record (Asking *asking, GError **error)
{
  g_autoptr (XhRecord) record = xh_record_copy (asking->blank);
  const XhKind *kind = record->kind;
  const XhTransition *step = NULL;

  xh_own_record_set (record, "requested_by", gtk_editable_get_text (asking->requester));
  xh_own_record_set (record, "edition", chosen_code (asking, asking->edition, "edition"));
  xh_own_record_set (record, "purpose", chosen_code (asking, asking->purpose, "purpose"));
  for (guint i = 0; step == NULL && i < kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (kind->states, i);

      if (state->complete)
        step = xh_kind_match_transition (kind, record->state, state->name, xh_session_get_role (asking->session));
    }
  return xh_own_record_check (asking->session, record, asking->references, step != NULL ? step->name : NULL, error);
}

static void
changed_cb (Asking *asking)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = make_record (asking, &error);

  adw_message_dialog_set_response_enabled (asking->dialog, "print", record != NULL);
  gtk_label_set_text (asking->fault, error != NULL && *gtk_editable_get_text (asking->requester) != '\0' ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (asking->fault), *gtk_label_get_text (asking->fault) != '\0');
}

static const XhDocumentDef *
find_paper (XhSession *session, const XhRecord *record)
{
  GPtrArray *documents = xh_catalog_get_documents (xh_session_get_catalog (session));
  g_autoptr (XhForm) form = xh_form_new (record->kind, xh_session_get_role (session));

  xh_form_load (form, record, NULL, FALSE);
  for (guint i = 0; i < documents->len; i++)
    {
      const XhDocumentDef *def = g_ptr_array_index (documents, i);

      if (def->kind == record->kind && xh_document_def_may (def, xh_session_get_role (session)) && xh_form_holds (form, def->when))
        return def;
    }
  return NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *asking = data;
  g_autoptr (GError) error = NULL;
  XhWindow *window = xh_window_of (asking->over);

  if (!xh_session_save_finish (XH_SESSION (source), result, &error))
    {
      g_autofree char *text = g_strdup_printf (_("Not written down, so not printed: %s"), error->message);

      if (window != NULL)
        xh_window_toast (window, text);
    }
  else if (window != NULL)
    {
      const XhDocumentDef *def = find_paper (asking->session, asking->blank);
      g_autoptr (GPtrArray) ids = g_ptr_array_new ();

      g_ptr_array_add (ids, asking->blank->id);
      if (def != NULL)
        xh_window_push (window, xh_print_page_new (asking->session, def, ids));
      else
        xh_window_open_record (window, asking->blank->kind, asking->blank->id);
    }
  asking_free (asking);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Asking *asking)
{
  g_autoptr (XhRecord) record = g_str_equal (response, "print") ? make_record (asking, NULL) : NULL;

  if (record == NULL)
    {
      asking_free (asking);
      return;
    }
  xh_record_free (asking->blank);
  asking->blank = xh_record_copy (record);
  xh_own_record_save (asking->session, g_steal_pointer (&record), saved_cb, asking);
}

/* --- building */

static AdwComboRow *
add_choice (Asking *asking, GtkWidget *group, const char *name, const char *wanted)
{
  const XhField *field = xh_kind_find_field (asking->blank->kind, name);
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; field != NULL && field->choices != NULL && i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      gtk_string_list_append (model, xh_label_get (&choice->label));
      if (g_strcmp0 (choice->code, wanted) == 0)
        selected = i;
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field != NULL ? xh_label_get (&field->label) : name);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (changed_cb), asking);
  return ADW_COMBO_ROW (row);
}

static GtkLabel *
add_label (GtkWidget *box, const char *style)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static GtkWidget *
create_child (Asking *asking, const char *name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *group = adw_preferences_group_new (), *requester = adw_entry_row_new ();
  const XhField *field = xh_kind_find_field (asking->blank->kind, "requested_by");
  const char *label = field != NULL ? xh_label_get (&field->label) : "";

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (requester), label);
  asking->requester = GTK_EDITABLE (requester);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), requester);
  asking->edition = add_choice (asking, group, "edition", "public");
  asking->purpose = add_choice (asking, group, "purpose", "own");
  gtk_editable_set_text (asking->requester, name != NULL ? name : "");
  gtk_box_append (GTK_BOX (box), group);
  asking->free_label = add_label (box, "dim-label");
  asking->fault = add_label (box, "error");
  g_signal_connect_swapped (requester, "changed", G_CALLBACK (changed_cb), asking);
  return box;
}

static void
show_free (Asking *asking)
{
  const XhReference *reference = xh_kind_find_reference (asking->blank->kind, "free_this_year");
  const gint64 most = xh_catalog_get_limit (xh_session_get_catalog (asking->session), "free_reports_a_year", 0);
  g_autofree char *text = NULL;

  if (reference == NULL || asking->references == NULL || most == 0)
    return;
  text = g_strdup_printf (_("Free this year: %d of %d"), (int) xh_value_as_integer (&asking->references[reference->index]), (int) most);
  gtk_label_set_text (asking->free_label, text);
}

static gpointer
read_references (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const XhRecord *record = data;
  XhValue *values = xh_value_array_new (record->kind->references->len);

  if (xh_store_references (store, record, values, error))
    return values;
  xh_value_array_free (values, record->kind->references->len);
  return NULL;
}

static void
record_free (gpointer data)
{
  xh_record_free (data);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *asking = data;

  asking->references = xh_worker_finish (XH_WORKER (source), result, NULL);
  if (gtk_widget_get_root (asking->over) == NULL)
    {
      asking_free (asking);
      return;
    }
  show_free (asking);
  changed_cb (asking);
  g_signal_connect (asking->dialog, "response", G_CALLBACK (response_cb), asking);
  gtk_window_present (GTK_WINDOW (asking->dialog));
}

gboolean
xh_report_dialog_may (XhSession *session)
{
  XhCatalog *catalog = xh_session_get_catalog (session);
  const XhKind *kind = xh_catalog_find_kind (catalog, xh_catalog_get_register (catalog, "report"));

  return kind != NULL && xh_session_may (session, kind->create_roles, kind);
}

void
xh_report_dialog_show (GtkWidget *over, XhSession *session, const char *key, const char *name, const char *type)
{
  XhRecord *blank = fill_blank (session, key, name, type);
  Asking *asking;

  if (blank == NULL)
    return;
  asking = g_new0 (Asking, 1);
  asking->session = g_object_ref (session);
  asking->blank = blank;
  asking->over = g_object_ref (over);
  asking->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (over)), _("Print a Credit Report"), NULL));
  adw_message_dialog_set_body (asking->dialog, name != NULL ? name : key);
  adw_message_dialog_set_extra_child (asking->dialog, create_child (asking, name));
  adw_message_dialog_add_responses (asking->dialog, "no", _("Cancel"), "print", _("Write Down and Print"), NULL);
  adw_message_dialog_set_response_appearance (asking->dialog, "print", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (asking->dialog, "no");
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_DEFAULT, read_references, xh_record_copy (blank), record_free, NULL, NULL, read_cb,
                 asking);
}
