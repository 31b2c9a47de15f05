/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-check-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "model/xh-json.h"
#include "xh-own-record.h"

#define TICK_MS 100

G_DEFINE_FINAL_TYPE (XhCheckPage, xh_check_page, XH_TYPE_PAGE)

static void
say (XhCheckPage *self, const char *text)
{
  gtk_label_set_text (self->fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), text != NULL);
}

static char *
get_text (XhCheckPage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* --- the check, in the reader */

typedef struct
{
  XhCheckPage *page;  /* (owned) for the progress alone */
  GPtrArray *lines;   /* (owned) */
  XhRecord *record;   /* (owned) the query, without its subjects */
  char *role;         /* (owned) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->page);
  g_ptr_array_unref (job->lines);
  xh_record_free (job->record);
  g_free (job->role);
  g_free (job);
}

static void
progress_cb (guint done, gpointer data)
{
  g_atomic_int_set (&((XhCheckPage *) data)->done, done);
}

/* The table of a query: a row each. */
static char *
make_table (GPtrArray *lines)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autoptr (JsonArray) array = json_array_sized_new (lines->len);

  for (guint i = 0; i < lines->len; i++)
    {
      const XhCheckLine *line = g_ptr_array_index (lines, i);
      JsonObject *object = json_object_new ();
      const char *name = line->found_name != NULL ? line->found_name : line->name != NULL ? line->name : line->code;
      g_autofree char *id = g_strdup_printf ("%u", i + 1);

      json_object_set_string_member (object, "_id", id);
      json_object_set_string_member (object, "name", name);
      if (line->code != NULL || line->key != NULL)
        json_object_set_string_member (object, "code", line->code != NULL ? line->code : line->key);
      json_object_set_string_member (object, "found", xh_check_result_code (line->result));
      if (*line->summary != '\0')
        json_object_set_string_member (object, "summary", line->summary);
      json_array_add_object_element (array, object);
    }
  json_node_set_array (node, array);
  return xh_json_canonical (node);
}

static void
record_free (gpointer data)
{
  xh_record_free (data);
}

static gpointer
check_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autofree char *table = NULL;

  if (!xh_check_run (store, job->lines, job->role, cancellable, progress_cb, job->page, error))
    return NULL;
  table = make_table (job->lines);
  xh_own_record_set (job->record, "subjects", table);
  return xh_own_record_check_for (job->role, job->record, NULL, NULL, error);
}

static void
stop (XhCheckPage *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_button_set_label (GTK_BUTTON (self->run), _("Run the Check"));
}

/* The query stands in its register: now the result may be seen. */
static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhCheckPage) self = data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  stop (self);
  if (!xh_session_save_finish (XH_SESSION (source), result, &error))
    say (self, error->message);
  else
    xh_check_page_show_result (self);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhCheckPage) self = data;
  g_autoptr (GError) error = NULL;
  XhRecord *record = xh_worker_finish (XH_WORKER (source), result, &error);
  GPtrArray *changed;

  if (self->session == NULL || record == NULL)
    {
      if (self->session != NULL)
        {
          stop (self);
          if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            say (self, error->message);
        }
      xh_record_free (record);
      return;
    }
  changed = xh_own_record_changes (record);
  g_clear_pointer (&self->record, xh_record_free);
  self->record = xh_record_copy (record);
  xh_session_save_async (self->session, record, changed, saved_cb, g_object_ref (self));
}

static gboolean
tick_cb (gpointer data)
{
  XhCheckPage *self = data;
  const guint done = (guint) g_atomic_int_get (&self->done);
  g_autofree char *text = g_strdup_printf (_("%u of %u"), done, self->lines->len);

  gtk_progress_bar_set_fraction (self->progress, self->lines->len > 0 ? (double) done / self->lines->len : 0);
  gtk_progress_bar_set_text (self->progress, text);
  return G_SOURCE_CONTINUE;
}

static const char *
chosen_purpose (XhCheckPage *self)
{
  const XhField *field = xh_kind_find_field (self->kind, "purpose");
  const guint n = adw_combo_row_get_selected (self->purpose);

  return field != NULL && n > 0 && n <= field->choices->len ? ((XhChoice *) g_ptr_array_index (field->choices, n - 1))->code : NULL;
}

static XhRecord *
make_query (XhCheckPage *self)
{
  XhRecord *record = self->record != NULL ? xh_store_load (xh_session_get_store (self->session), self->record->id, NULL) : NULL;

  if (record == NULL)
    record = xh_own_record_new (self->session, "query");
  if (record == NULL)
    return NULL;
  xh_own_record_set (record, "query_type", "check");
  xh_own_record_set (record, "purpose", chosen_purpose (self));
  xh_own_record_set (record, "purpose_note", gtk_editable_get_text (self->note));
  xh_own_record_set (record, "legal_basis", gtk_editable_get_text (self->basis));
  xh_own_record_set (record, "requester", gtk_editable_get_text (self->requester));
  return record;
}

/* Checks self->lines; also again, after a person has chosen whom a line means. */
void
xh_check_page_run (XhCheckPage *self)
{
  Job *job;
  XhRecord *record = make_query (self);

  if (record == NULL)
    {
      say (self, _("Your role may not write queries, so it cannot check."));
      return;
    }
  say (self, NULL);
  job = g_new0 (Job, 1);
  job->page = g_object_ref (self);
  job->lines = g_ptr_array_ref (self->lines);
  job->record = record;
  job->role = g_strdup (xh_session_get_role (self->session));
  self->cancellable = g_cancellable_new ();
  self->done = 0;
  self->tick = g_timeout_add (TICK_MS, tick_cb, self);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  gtk_button_set_label (GTK_BUTTON (self->run), _("Cancel"));
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_DEFAULT, check_in_reader, job, job_free, record_free, self->cancellable,
                 checked_cb, g_object_ref (self));
}

static void
run_cb (XhCheckPage *self)
{
  g_autofree char *text = NULL;

  if (self->cancellable != NULL)
    {
      g_cancellable_cancel (self->cancellable);
      return;
    }
  text = get_text (self);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->record, xh_record_free);
  self->lines = xh_check_parse (text);
  if (self->lines->len == 0)
    say (self, _("Paste names or codes first, one a line."));
  else if (chosen_purpose (self) == NULL)
    say (self, _("Choose the purpose: without one nothing may be looked up."));
  else if (*gtk_editable_get_text (self->basis) == '\0')
    say (self, _("Say what it rests on: the article, document or approval."));
  else
    xh_check_page_run (self);
}

static void
text_cb (XhCheckPage *self)
{
  g_autofree char *text = get_text (self);
  g_autoptr (GPtrArray) lines = xh_check_parse (text);
  g_autofree char *said = g_strdup_printf (ngettext ("%u subject", "%u subjects", lines->len), lines->len);

  gtk_label_set_text (self->count, said);
  say (self, NULL);
}

/* --- a sheet */

static void
sheet_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *lines = xh_check_read_sheet (data, &error);

  if (lines == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, lines, (GDestroyNotify) g_ptr_array_unref);
}

static void
sheet_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  XhCheckPage *self = XH_CHECK_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->session == NULL)
    return;
  if (lines == NULL)
    {
      say (self, error->message);
      return;
    }
  for (guint i = 0; i < lines->len; i++)
    {
      const XhCheckLine *line = g_ptr_array_index (lines, i);

      g_string_append_printf (text, "%s\t%s\n", line->name != NULL ? line->name : "", line->code != NULL ? line->code : "");
    }
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text->str, -1);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, XhCheckPage *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    {
      g_autoptr (GTask) task = g_task_new (self, NULL, sheet_cb, NULL);

      g_task_set_task_data (task, g_steal_pointer (&path), g_free);
      g_task_run_in_thread (task, sheet_in_thread);
    }
  g_object_unref (dialog);
}

static void
import_cb (XhCheckPage *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("A Sheet of Names or Codes"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                              GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- building */

static GtkEditable *
add_entry (XhCheckPage *self, GtkWidget *group, const char *name)
{
  const XhField *field = xh_kind_find_field (self->kind, name);
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field != NULL ? xh_label_get (&field->label) : name);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  gtk_widget_set_visible (row, field != NULL);
  return GTK_EDITABLE (row);
}

static void
fill_purposes (XhCheckPage *self)
{
  const XhField *field = xh_kind_find_field (self->kind, "purpose");
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);

  gtk_string_list_append (model, _("Choose…"));
  for (guint i = 0; field != NULL && i < field->choices->len; i++)
    gtk_string_list_append (model, xh_label_get (&((XhChoice *) g_ptr_array_index (field->choices, i))->label));
  adw_combo_row_set_model (self->purpose, G_LIST_MODEL (model));
}

static GtkWidget *
create_why (XhCheckPage *self)
{
  GtkWidget *group = adw_preferences_group_new (), *purpose = adw_combo_row_new ();
  const XhField *field = xh_kind_find_field (self->kind, "purpose");

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("What For"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (purpose), field != NULL ? xh_label_get (&field->label) : "");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), purpose);
  self->purpose = ADW_COMBO_ROW (purpose);
  fill_purposes (self);
  self->basis = add_entry (self, group, "legal_basis");
  self->note = add_entry (self, group, "purpose_note");
  self->requester = add_entry (self, group, "requester");
  return group;
}

static GtkWidget *
create_list (XhCheckPage *self)
{
  GtkWidget *group = adw_preferences_group_new (), *scroller = gtk_scrolled_window_new (), *text = gtk_text_view_new ();
  GtkWidget *import = gtk_button_new_with_label (_("From a Sheet…")), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Whom to Check"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                         _("One a line: a name, a code, or both. Copied from a sheet is fine, too; at most 5,000."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), import);
  gtk_widget_set_valign (import, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (import), GTK_ACCESSIBLE_PROPERTY_LABEL, _("From a Sheet…"), -1);
  g_signal_connect_swapped (import, "clicked", G_CALLBACK (import_cb), self);
  self->text = GTK_TEXT_VIEW (text);
  gtk_text_view_set_left_margin (self->text, 12);
  gtk_text_view_set_right_margin (self->text, 12);
  gtk_text_view_set_top_margin (self->text, 9);
  gtk_text_view_set_bottom_margin (self->text, 9);
  gtk_text_view_set_accepts_tab (self->text, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Whom to Check"), -1);
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->text), "changed", G_CALLBACK (text_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), text);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 190);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_add_css_class (text, "check-text");
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  self->count = GTK_LABEL (gtk_label_new (""));
  gtk_label_set_xalign (self->count, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "caption");
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->count));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), box);
  return group;
}

static GtkWidget *
create_ask (XhCheckPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *clamp = adw_clamp_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *fault = gtk_label_new (""), *progress = gtk_progress_bar_new ();

  self->run = gtk_button_new_with_label (_("Run the Check"));
  gtk_widget_add_css_class (self->run, "suggested-action");
  gtk_widget_add_css_class (self->run, "pill");
  gtk_widget_set_halign (self->run, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->run, "clicked", G_CALLBACK (run_cb), self);
  self->fault = GTK_LABEL (fault);
  gtk_widget_add_css_class (fault, "error");
  gtk_label_set_wrap (self->fault, TRUE);
  gtk_widget_set_visible (fault, FALSE);
  self->progress = GTK_PROGRESS_BAR (progress);
  gtk_progress_bar_set_show_text (self->progress, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);
  gtk_widget_set_visible (progress, FALSE);
  gtk_box_append (GTK_BOX (box), create_list (self));
  gtk_box_append (GTK_BOX (box), create_why (self));
  gtk_box_append (GTK_BOX (box), fault);
  gtk_box_append (GTK_BOX (box), progress);
  gtk_box_append (GTK_BOX (box), self->run);
  gtk_widget_add_css_class (box, "subject-file");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 760);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  return scroller;
}

/* --- page */

static void
xh_check_page_dispose (GObject *object)
{
  XhCheckPage *self = XH_CHECK_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->header_result);
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (xh_check_page_parent_class)->dispose (object);
}

static void
xh_check_page_finalize (GObject *object)
{
  XhCheckPage *self = XH_CHECK_PAGE (object);

  g_object_unref (self->items);
  g_object_unref (self->actions);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->record, xh_record_free);

  G_OBJECT_CLASS (xh_check_page_parent_class)->finalize (object);
}

static void
xh_check_page_class_init (XhCheckPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_check_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_check_page_finalize;
}

static void
xh_check_page_init (XhCheckPage *self)
{
  self->items = g_list_store_new (XH_TYPE_CHECK_ITEM);
  self->actions = g_simple_action_group_new ();
}

XhPage *
xh_check_page_new (XhSession *session)
{
  XhCatalog *catalog = xh_session_get_catalog (session);
  const XhKind *kind = xh_catalog_find_kind (catalog, xh_catalog_get_register (catalog, "query"));
  XhCheckPage *self;

  if (kind == NULL)
    return NULL;
  self = g_object_new (XH_TYPE_CHECK_PAGE, NULL);
  self->session = g_object_ref (session);
  self->kind = kind;
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, create_ask (self), "ask");
  gtk_stack_add_named (self->stack, xh_check_page_build_result (self), "result");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
  xh_page_set_title (XH_PAGE (self), _("Credit Check"));
  text_cb (self);
  return XH_PAGE (self);
}
