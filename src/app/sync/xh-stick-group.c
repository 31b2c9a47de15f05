/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-stick-group.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-save-dialog.h"
#include "app/window/xh-window.h"
#include "store/xh-store-adopt.h"
#include "sync/xh-snapshot-bring.h"
#include "sync/xh-work-file.h"
#include "xh-bring-window.h"

struct _XhStickGroup
{
  AdwBin parent_instance;

  AdwActionRow *take_row, *save_row, *bring_row;
  GtkLabel *result;            /* how it went: it stays until the next time */
  XhSession *session;          /* (owned) (nullable) */
  GCancellable *cancellable;   /* (owned) (nullable) of the job under way */
};

G_DEFINE_FINAL_TYPE (XhStickGroup, xh_stick_group, ADW_TYPE_BIN)

typedef struct
{
  XhDesk *desk;  /* (not owned) the session's, which ends after its writer */
  char *path;    /* (owned) (nullable) */
  XhWorkDraft *draft; /* (owned) (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  xh_work_draft_free (job->draft);
  g_free (job->path);
  g_free (job);
}

/* --- taking: all but the last step is done beside the writer, where saves go on */

static void
unpack_thread (GTask *task, gpointer session, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  XhBrought *brought = xh_snapshot_bring (job->desk, job->path, cancellable, &error);

  if (brought == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, brought, (GDestroyNotify) xh_brought_free);
}

static gpointer
adopt_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  XhBrought *brought = data;
  const XhSnapshotInfo *info = xh_brought_get_info (brought);
  gboolean taken;

  if (!xh_snapshot_adopt_brought (brought, store, &taken, cancellable, error))
    return NULL;
  if (!taken)
    return g_strdup (_("This computer already has everything that is in the file. Nothing was changed."));
  return g_strdup_printf (ngettext ("%u record was taken from the file. Your own unsent work stands on top of it.",
                                    "%u records were taken from the file. Your own unsent work stands on top of them.", (guint) info->rows),
                          (guint) info->rows);
}

/* What lies in the log is brought into the file from here, page by page; the writer then has nothing left to do for it. */
static void
checkpoint_thread (GTask *task, gpointer session, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autofree char *path = xh_desk_store_path (job->desk);
  g_autoptr (XhStore) store = xh_store_open (path, job->desk->catalog, XH_STORE_CLIENT, NULL);

  if (store != NULL)
    xh_store_checkpoint_log (store, NULL);
  g_task_return_boolean (task, TRUE);
}

static gpointer
checkpoint_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  xh_store_checkpoint (store, NULL);
  return NULL;
}

/* --- saving */

/* The outbox is taken in the writer; what may take long, the stick above all, holds up nobody's saves. */
static gpointer
collect_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return xh_work_draft_new (store, error);
}

static char *
tell_saved (guint n, guint n_files)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u change is in the file. It also stays here until the server itself has answered.",
                                                     "%u changes are in the file. They also stay here until the server itself has answered.", n), n);

  if (n_files == 0)
    return g_steal_pointer (&text);
  return g_strdup_printf (ngettext ("%s\n%u attachment does not travel in the file: it goes up when this computer is connected itself, and the change that names it waits until then.",
                                    "%s\n%u attachments do not travel in the file: they go up when this computer is connected itself, and the changes that name them wait until then.",
                                    n_files), text, n_files);
}

static void
save_thread (GTask *task, gpointer session, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (XhFiles) files = xh_desk_files_new (job->desk);
  GError *error = NULL;

  if (xh_work_draft_save (job->draft, job->desk, job->path, &error))
    g_task_return_pointer (task, tell_saved (job->draft->ops->len, xh_work_draft_files (job->draft, files)), g_free);
  else
    g_task_return_error (task, error);
}

/* --- the rows */

static void
tell (XhStickGroup *self, const char *text, gboolean fault)
{
  gtk_label_set_text (self->result, text);
  gtk_widget_set_visible (GTK_WIDGET (self->result), *text != '\0');
  if (fault)
    gtk_widget_add_css_class (GTK_WIDGET (self->result), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->result), "error");
}

static void
set_busy (XhStickGroup *self, gboolean busy)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->take_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_row), !busy);
  if (busy)
    tell (self, _("Working…"), FALSE);
}

static void
tell_all (XhSession *session)
{
  GPtrArray *kinds = xh_catalog_get_kinds (xh_session_get_catalog (session));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < kinds->len; i++)
    g_ptr_array_add (names, ((const XhKind *) g_ptr_array_index (kinds, i))->name);
  g_ptr_array_add (names, NULL);
  xh_session_saved (session, (const char *const *) names->pdata);
}

static void
finish (XhStickGroup *self, const char *text, const GError *error)
{
  g_clear_object (&self->cancellable);
  if (self->session == NULL)
    return;
  set_busy (self, FALSE);
  tell (self, text != NULL ? text : error->message, text == NULL);
  if (text != NULL)
    tell_all (self->session);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhStickGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = xh_worker_finish (XH_WORKER (source), result, &error);

  finish (self, text, error);
}

static Job *
job_new (XhStickGroup *self, const char *path)
{
  Job *job = g_new0 (Job, 1);

  job->desk = xh_session_get_desk (self->session);
  job->path = g_strdup (path);
  return job;
}

/* A session is alive as long as its tasks, and its desk with it. */
static void
run_beside (XhStickGroup *self, Job *job, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self->session, self->cancellable, callback, g_object_ref (self));

  g_task_set_source_tag (task, run_beside);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, func);
}

static void
checkpointed_cb (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhStickGroup) self = data;
  XhWorker *writer = xh_session_get_writer (XH_SESSION (session));

  if (writer != NULL)
    xh_worker_run (writer, G_PRIORITY_DEFAULT, checkpoint_in_writer, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
adopted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  XhStickGroup *self = data;

  done_cb (source, result, g_object_ref (self));
  if (self->session != NULL)
    run_beside (self, job_new (self, NULL), checkpoint_thread, checkpointed_cb);
  g_object_unref (self);
}

static void
unpacked_cb (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhStickGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhBrought) brought = g_task_propagate_pointer (G_TASK (result), &error);
  XhWorker *writer = xh_session_get_writer (XH_SESSION (session));

  if (brought == NULL)
    finish (self, NULL, error);
  else if (self->cancellable != NULL && writer != NULL)
    xh_worker_run (writer, G_PRIORITY_DEFAULT, adopt_in_writer, g_steal_pointer (&brought), (GDestroyNotify) xh_brought_free, g_free,
                   self->cancellable, adopted_cb, g_object_ref (self));
}

static gboolean
begin (XhStickGroup *self)
{
  if (self->cancellable != NULL || xh_session_get_writer (self->session) == NULL)
    return FALSE;
  self->cancellable = g_cancellable_new ();
  set_busy (self, TRUE);
  return TRUE;
}

static void
take (XhStickGroup *self, const char *path)
{
  if (begin (self))
    run_beside (self, job_new (self, path), unpack_thread, unpacked_cb);
}

static void
saved_cb (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhStickGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);

  finish (self, text, error);
}

/* On the way from the writer to the thread that writes the file. */
typedef struct
{
  XhStickGroup *group; /* (owned) */
  Job *job;            /* (owned) */
} Saving;

static void
collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Saving *saving = data;
  g_autoptr (XhStickGroup) self = saving->group;
  g_autoptr (GError) error = NULL;

  saving->job->draft = xh_worker_finish (XH_WORKER (source), result, &error);
  if (saving->job->draft != NULL && self->session != NULL)
    {
      run_beside (self, saving->job, save_thread, saved_cb);
      return;
    }
  job_free (saving->job);
  if (error != NULL)
    finish (self, NULL, error);
}

static void
save (XhStickGroup *self, const char *path)
{
  Saving *saving;

  if (!begin (self))
    return;
  saving = g_new0 (Saving, 1);
  saving->group = g_object_ref (self);
  saving->job = job_new (self, path);
  xh_worker_run (xh_session_get_writer (self->session), G_PRIORITY_DEFAULT, collect_in_writer, NULL, NULL, (GDestroyNotify) xh_work_draft_free,
                 self->cancellable, collected_cb, saving);
}

/* (transfer full) (nullable) and done with the dialog */
static char *
take_path (GtkNativeDialog *dialog, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;

  g_object_unref (dialog);
  return file != NULL ? g_file_get_path (file) : NULL;
}

static void
take_chosen_cb (GtkNativeDialog *dialog, int response, XhStickGroup *self)
{
  g_autofree char *path = take_path (dialog, response);

  if (path != NULL && self->session != NULL)
    take (self, path);
}

static void
bring_chosen_cb (GtkNativeDialog *dialog, int response, XhStickGroup *self)
{
  g_autofree char *path = take_path (dialog, response);

  if (path != NULL && self->session != NULL)
    xh_bring_window_open (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, path);
}

static void
ask_file (XhStickGroup *self, const char *title, const char *files, const char *suffix, GCallback chosen)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                              GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, files);
  gtk_file_filter_add_suffix (filter, suffix + 1);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", chosen, self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
take_cb (XhStickGroup *self)
{
  ask_file (self, _("Take records from a file"), _("Snapshots (.xhsnap)"), XH_SNAPSHOT_SUFFIX, G_CALLBACK (take_chosen_cb));
}

static void
bring_cb (XhStickGroup *self)
{
  ask_file (self, _("Bring in a colleague's file"), _("Unsent work (.xhwork)"), XH_WORK_SUFFIX, G_CALLBACK (bring_chosen_cb));
}

static void
save_chosen_cb (GtkWidget *page, const char *path)
{
  if (XH_STICK_GROUP (page)->session != NULL)
    save (XH_STICK_GROUP (page), path);
}

static void
save_cb (XhStickGroup *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *name = g_strdup_printf ("%s %s" XH_WORK_SUFFIX, xh_session_get_profile (self->session)->name, day);

  xh_ask_save_path (GTK_WIDGET (self), _("Save my unsent work"), name, save_chosen_cb);
}

static AdwActionRow *
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle, const char *icon)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "subtitle-lines", 0, "activatable", TRUE, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  adw_preferences_group_add (group, row);
  return ADW_ACTION_ROW (row);
}

static void
xh_stick_group_dispose (GObject *object)
{
  XhStickGroup *self = XH_STICK_GROUP (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (xh_stick_group_parent_class)->dispose (object);
}

static void
xh_stick_group_class_init (XhStickGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_stick_group_dispose;
}

static void
xh_stick_group_init (XhStickGroup *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Without a network"));
  self->take_row = add_row (ADW_PREFERENCES_GROUP (group), _("Take records from a file…"),
                            _("A snapshot that the office wrote for your account, on a stick"), "document-open-symbolic");
  self->save_row = add_row (ADW_PREFERENCES_GROUP (group), _("Save my unsent work to a file…"),
                            _("The office brings it in; nothing is doubled when this computer sends it later, too. It holds personal data: keep it as"
                              " you keep papers"), "document-save-symbolic");
  self->bring_row = add_row (ADW_PREFERENCES_GROUP (group), _("Bring in a colleague's file…"),
                             _("Unsent work that a colleague saved on a computer without a network: looked at first, then sent in their name"),
                             "document-send-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->bring_row), FALSE);
  self->result = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->result, TRUE);
  gtk_label_set_xalign (self->result, 0);
  gtk_widget_set_margin_top (GTK_WIDGET (self->result), 12);
  gtk_widget_set_visible (GTK_WIDGET (self->result), FALSE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->result));
  adw_bin_set_child (ADW_BIN (self), group);
  g_signal_connect_object (self->take_row, "activated", G_CALLBACK (take_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->save_row, "activated", G_CALLBACK (save_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bring_row, "activated", G_CALLBACK (bring_cb), self, G_CONNECT_SWAPPED);
}

void
xh_stick_group_set_session (XhStickGroup *self, XhSession *session)
{
  g_set_object (&self->session, session);
  gtk_widget_set_visible (GTK_WIDGET (self->bring_row), session != NULL && xh_bring_window_is_open_to (session));
}
