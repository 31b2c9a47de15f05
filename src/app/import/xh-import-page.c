/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-import-page.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-import-job.h"
#include "xh-import-view.h"

typedef enum { STEP_CHOOSE, STEP_COLUMNS, STEP_PREVIEW, STEP_RESULT, STEP_CHECKING, STEP_IMPORTING } Step;

struct _XhImportPage
{
  XhPage parent_instance;

  GtkStack *stack;
  AdwStatusPage *choose, *running, *result;
  AdwBin *columns, *preview;
  GtkProgressBar *progress;
  GtkLabel *progress_label, *foot_label;
  GtkLabel *added, *changed, *same, *faulty;
  GtkWidget *foot, *back_button, *save_button, *next_button, *result_save;

  XhSession *session;          /* (owned) */
  const XhKind *kind;
  Step step;
  XhImportPlan *plan;          /* (owned) (nullable) */
  char *sheet;                 /* (owned) (nullable) the one that was chosen of the file's */
  char *faulty_path;           /* (owned) of the last run's faulty rows, in the cache */
  GCancellable *cancellable;   /* (owned) (nullable) of the run under way */
  gboolean leaving;            /* the page goes while a run is under way */
  GSimpleActionGroup *actions; /* (owned) */
};

G_DEFINE_FINAL_TYPE (XhImportPage, xh_import_page, XH_TYPE_PAGE)

static void
enable (XhImportPage *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

static void
show_step (XhImportPage *self, Step step)
{
  static const char *const names[] = { "choose", "columns", "preview", "result", "running", "running" };

  self->step = step;
  gtk_stack_set_visible_child_name (self->stack, names[step]);
  gtk_widget_set_visible (self->foot, step == STEP_COLUMNS || step == STEP_PREVIEW);
  gtk_widget_set_visible (self->save_button, step == STEP_PREVIEW);
  enable (self, "back", step == STEP_COLUMNS || step == STEP_PREVIEW);
  enable (self, "next", step == STEP_COLUMNS || step == STEP_PREVIEW);
  enable (self, "stop", step == STEP_CHECKING || step == STEP_IMPORTING);
  gtk_button_set_label (GTK_BUTTON (self->back_button), step == STEP_PREVIEW ? _("Back to the Columns") : _("Another Sheet"));
}

static void
tell_fault (XhImportPage *self, const GError *error)
{
  xh_page_set_notice (XH_PAGE (self), g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error->message);
}

static void
forget_sheet (XhImportPage *self)
{
  adw_bin_set_child (self->columns, NULL);
  adw_bin_set_child (self->preview, NULL);
  g_clear_pointer (&self->plan, xh_import_plan_free);
  g_unlink (self->faulty_path);
}

/* --- runs */

static void
progress_cb (double share, const XhImportResult *result, gpointer data)
{
  XhImportPage *self = data;
  g_autofree char *rows = xh_text_number (result->rows), *faulty = xh_text_number (result->faulty);
  g_autofree char *text = g_strdup_printf (_("%s rows, %s of them faulty"), rows, faulty);

  gtk_progress_bar_set_fraction (self->progress, share);
  gtk_label_set_text (self->progress_label, text);
}

static void
show_figure (GtkLabel *label, const char *name, guint n, const char *css)
{
  g_autofree char *number = xh_text_number (n);
  g_autofree char *markup = g_markup_printf_escaped ("<span size='x-large' weight='bold'>%s</span>\n<span size='small'>%s</span>", number, name);

  gtk_label_set_markup (label, markup);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (label), "numeric");
  if (css == NULL)
    return;
  if (n > 0)
    gtk_widget_add_css_class (GTK_WIDGET (label), css);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (label), css);
}

static void
show_preview (XhImportPage *self, const XhImportResult *result)
{
  g_autofree char *number = xh_text_number (result->added + result->changed), *label = NULL;

  show_figure (self->added, _("to be added"), result->added, "success");
  show_figure (self->changed, _("changed"), result->changed, "accent");
  show_figure (self->same, _("the same"), result->same, NULL);
  show_figure (self->faulty, _("faulty"), result->faulty, "error");
  adw_bin_set_child (self->preview, xh_import_preview_new (self->plan, result));
  show_step (self, STEP_PREVIEW);
  label = g_strdup_printf (ngettext ("Import %s Row", "Import %s Rows", result->added + result->changed), number);
  gtk_button_set_label (GTK_BUTTON (self->next_button), label);
  enable (self, "next", result->added + result->changed > 0);
  enable (self, "save-faulty", result->faulty > 0);
  gtk_widget_set_visible (self->save_button, result->faulty > 0);
  gtk_widget_grab_focus (self->next_button);
}

static char *
describe_result (const XhImportResult *result)
{
  g_autofree char *added = xh_text_number (result->added), *changed = xh_text_number (result->changed);
  g_autofree char *same = xh_text_number (result->same), *faulty = xh_text_number (result->faulty);

  return g_strdup_printf (_("%s new, %s changed, %s the same, %s faulty."), added, changed, same, faulty);
}

static void
show_result (XhImportPage *self, const XhImportResult *result)
{
  g_autofree char *figures = describe_result (result), *text = NULL, *escaped = NULL;

  if (result->cancelled)
    text = g_strconcat (figures, "\n", _("The rest of the sheet was not looked at. Importing it again goes on where this stopped."), NULL);
  else if (result->faulty > 0)
    text = g_strconcat (figures, "\n", _("Save the faulty rows, correct the red cells, and import that sheet: only it is needed."), NULL);
  else
    text = g_strdup (figures);
  escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_title (self->result, result->cancelled ? _("Stopped") : _("Imported"));
  adw_status_page_set_icon_name (self->result, result->cancelled ? "media-playback-pause-symbolic" : "emblem-ok-symbolic");
  adw_status_page_set_description (self->result, escaped);
  gtk_widget_set_visible (self->result_save, result->faulty > 0);
  enable (self, "save-faulty", result->faulty > 0);
  show_step (self, STEP_RESULT);
}

static void
run_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr (XhImportPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhImportResult) result = xh_import_job_run_finish (XH_SESSION (source), async, &error);
  const gboolean imported = self->step == STEP_IMPORTING;

  g_clear_object (&self->cancellable);
  if (self->leaving)
    return;
  if (result == NULL)
    {
      tell_fault (self, error);
      show_step (self, STEP_COLUMNS);
    }
  else if (imported)
    show_result (self, result);
  else if (result->cancelled)
    show_step (self, STEP_COLUMNS);
  else
    show_preview (self, result);
}

static void
run (XhImportPage *self, gboolean apply)
{
  xh_page_set_notice (XH_PAGE (self), NULL);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_label_set_text (self->progress_label, "");
  adw_status_page_set_title (self->running, apply ? _("Importing…") : _("Checking every row…"));
  show_step (self, apply ? STEP_IMPORTING : STEP_CHECKING);
  enable (self, "save-faulty", FALSE);
  g_unlink (self->faulty_path);
  self->cancellable = g_cancellable_new ();
  xh_import_job_run_async (self->session, self->plan, apply, self->faulty_path, progress_cb, self, self->cancellable, run_cb, g_object_ref (self));
}

/* --- the sheet */

static void read_sheet (XhImportPage *self, const char *path, const char *sheet);

/* Another sheet of the file: the row that was chosen goes with the old plan, so first this call has to end. */
static gboolean
read_other_cb (gpointer data)
{
  XhImportPage *self = data;
  g_autofree char *path = NULL;

  if (self->leaving || self->plan == NULL || self->cancellable != NULL)
    return G_SOURCE_REMOVE;
  path = g_strdup (xh_import_plan_get_path (self->plan));
  read_sheet (self, path, self->sheet);
  return G_SOURCE_REMOVE;
}

static void
sheet_chosen (const char *sheet, gpointer data)
{
  XhImportPage *self = data;

  g_free (self->sheet);
  self->sheet = g_strdup (sheet);
  g_idle_add_full (G_PRIORITY_DEFAULT, read_other_cb, g_object_ref (self), g_object_unref);
}

static GtkWidget *
create_columns (XhImportPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24), *sheets = xh_import_sheets_new (self->plan, sheet_chosen, self);

  if (sheets != NULL)
    gtk_box_append (GTK_BOX (box), sheets);
  gtk_box_append (GTK_BOX (box), xh_import_columns_new (self->plan, xh_session_get_role (self->session)));
  return box;
}

static void
planned_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr (XhImportPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhImportPlan) plan = xh_import_job_plan_finish (XH_SESSION (source), async, &error);
  g_autofree char *name = NULL;

  g_clear_object (&self->cancellable);
  if (self->leaving)
    return;
  if (plan == NULL)
    {
      tell_fault (self, error);
      show_step (self, self->plan != NULL ? STEP_COLUMNS : STEP_CHOOSE);
      if (self->plan != NULL)
        adw_bin_set_child (self->columns, create_columns (self));
      return;
    }
  forget_sheet (self);
  self->plan = g_steal_pointer (&plan);
  name = g_filename_display_basename (xh_import_plan_get_path (self->plan));
  gtk_label_set_text (self->foot_label, name);
  adw_bin_set_child (self->columns, create_columns (self));
  gtk_button_set_label (GTK_BUTTON (self->next_button), _("Check the Sheet"));
  show_step (self, STEP_COLUMNS);
  gtk_widget_grab_focus (self->next_button);
}

static void
read_sheet (XhImportPage *self, const char *path, const char *sheet)
{
  xh_page_set_notice (XH_PAGE (self), NULL);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_label_set_text (self->progress_label, "");
  adw_status_page_set_title (self->running, _("Reading the sheet…"));
  show_step (self, STEP_CHECKING);
  self->cancellable = g_cancellable_new ();
  xh_import_job_plan_async (self->session, self->kind, path, sheet, self->cancellable, planned_cb, g_object_ref (self));
}

void
xh_import_page_open (XhImportPage *self, const char *path)
{
  g_return_if_fail (XH_IS_IMPORT_PAGE (self) && path != NULL);

  if (self->cancellable != NULL)
    return;
  read_sheet (self, path, NULL);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, XhImportPage *self)
{
  GFile *file = g_value_get_object (value);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path == NULL || self->cancellable != NULL)
    return FALSE;
  xh_import_page_open (self, path);
  return TRUE;
}

/* --- files */

typedef void (*ChosenFunc) (XhImportPage *self, const char *path);

static void
response_cb (GtkNativeDialog *dialog, int response, XhImportPage *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  ChosenFunc chosen = g_object_get_data (G_OBJECT (dialog), "chosen");

  if (path != NULL)
    chosen (self, path);
  g_object_unref (dialog);
}

static void
ask_file (XhImportPage *self, const char *title, GtkFileChooserAction action, const char *name, ChosenFunc chosen)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action, NULL, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Sheets (.xlsx, .csv)"));
  gtk_file_filter_add_suffix (filter, "xlsx");
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_object_set_data (G_OBJECT (dialog), "chosen", chosen);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
template_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr (XhImportPage) self = data;
  g_autoptr (GError) error = NULL;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (xh_export_job_finish (XH_SESSION (source), async, &error) < 0)
    tell_fault (self, error);
  else if (window != NULL)
    xh_window_toast (window, _("The template is saved"));
}

static void
template_chosen (XhImportPage *self, const char *path)
{
  xh_export_job_async (self->session, self->kind, NULL, 0, path, XH_EXPORT_PLAIN, NULL, NULL, NULL, template_cb, g_object_ref (self));
}

static void
copied_cb (GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr (XhImportPage) self = data;
  g_autoptr (GError) error = NULL;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (!g_file_copy_finish (G_FILE (source), async, &error))
    tell_fault (self, error);
  else if (window != NULL)
    xh_window_toast (window, _("The faulty rows are saved"));
}

static void
faulty_chosen (XhImportPage *self, const char *path)
{
  g_autoptr (GFile) from = g_file_new_for_path (self->faulty_path), to = g_file_new_for_path (path);

  g_file_copy_async (from, to, G_FILE_COPY_OVERWRITE, G_PRIORITY_DEFAULT, NULL, NULL, NULL, copied_cb, g_object_ref (self));
}

/* --- actions */

static void
choose_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ask_file (data, _("Choose a Sheet"), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, xh_import_page_open);
}

static void
template_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;
  g_autofree char *name = g_strdup_printf (_("%s template.xlsx"), xh_label_get (&self->kind->label));

  ask_file (self, _("Save the Template"), GTK_FILE_CHOOSER_ACTION_SAVE, name, template_chosen);
}

static void
save_faulty_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;
  g_autofree char *name = g_strdup_printf (_("%s, to correct.xlsx"), xh_label_get (&self->kind->label));

  ask_file (self, _("Save the Faulty Rows"), GTK_FILE_CHOOSER_ACTION_SAVE, name, faulty_chosen);
}

static void
next_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;

  if (self->plan != NULL && self->cancellable == NULL)
    run (self, self->step == STEP_PREVIEW);
}

static void
back_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;

  if (self->step == STEP_PREVIEW)
    {
      gtk_button_set_label (GTK_BUTTON (self->next_button), _("Check the Sheet"));
      show_step (self, STEP_COLUMNS);
      return;
    }
  forget_sheet (self);
  show_step (self, STEP_CHOOSE);
}

static void
restart_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;

  forget_sheet (self);
  show_step (self, STEP_CHOOSE);
}

static void
stop_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
list_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhImportPage *self = data;
  g_autofree char *target = g_strconcat ("list:", self->kind->name, NULL);

  xh_window_open_target (xh_window_of (GTK_WIDGET (self)), target);
}

/* --- class */

/* What was stored stays; the rest is stopped: whoever leaves has changed their mind. */
static gboolean
xh_import_page_can_leave (XhPage *page)
{
  XhImportPage *self = XH_IMPORT_PAGE (page);

  if (self->step == STEP_IMPORTING && self->cancellable != NULL)
    {
      xh_page_set_notice (page, _("The import is under way. Stop it first, or wait until it has ended."));
      return FALSE;
    }
  return TRUE;
}

static void
xh_import_page_dispose (GObject *object)
{
  XhImportPage *self = XH_IMPORT_PAGE (object);

  self->leaving = TRUE;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_IMPORT_PAGE);

  G_OBJECT_CLASS (xh_import_page_parent_class)->dispose (object);
}

static void
xh_import_page_finalize (GObject *object)
{
  XhImportPage *self = XH_IMPORT_PAGE (object);

  g_clear_pointer (&self->plan, xh_import_plan_free);
  if (self->faulty_path != NULL)
    g_unlink (self->faulty_path);
  g_free (self->faulty_path);
  g_free (self->sheet);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_object_unref (self->actions);

  G_OBJECT_CLASS (xh_import_page_parent_class)->finalize (object);
}

static void
xh_import_page_class_init (XhImportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_import_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_import_page_finalize;
  XH_PAGE_CLASS (klass)->can_leave = xh_import_page_can_leave;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/import/xh-import-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, XhImportPage, child)
  BIND (stack);
  BIND (choose);
  BIND (running);
  BIND (result);
  BIND (columns);
  BIND (preview);
  BIND (progress);
  BIND (progress_label);
  BIND (foot_label);
  BIND (added);
  BIND (changed);
  BIND (same);
  BIND (faulty);
  BIND (foot);
  BIND (back_button);
  BIND (save_button);
  BIND (next_button);
  BIND (result_save);
#undef BIND
}

static void
xh_import_page_init (XhImportPage *self)
{
  static const GActionEntry entries[] = {
    { "choose", choose_action },   { "template", template_action }, { "save-faulty", save_faulty_action },
    { "next", next_action },       { "back", back_action },         { "restart", restart_action },
    { "stop", stop_action },       { "list", list_action },
  };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

XhPage *
xh_import_page_new (XhSession *session, const XhKind *kind)
{
  XhImportPage *self = g_object_new (XH_TYPE_IMPORT_PAGE, NULL);
  g_autofree char *title = g_strdup_printf (_("Import: %s"), xh_label_get (&kind->label));
  g_autofree char *name = g_strdup_printf ("%s-%08x.xlsx", kind->name, g_random_int ());
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "xinheng", "import", NULL);

  g_mkdir_with_parents (folder, 0700);
  self->faulty_path = g_build_filename (folder, name, NULL);
  self->session = g_object_ref (session);
  self->kind = kind;
  xh_page_set_title (XH_PAGE (self), title);
  show_step (self, STEP_CHOOSE);
  return XH_PAGE (self);
}
