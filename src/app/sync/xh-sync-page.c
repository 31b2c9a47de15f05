/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sync-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "sync/xh-files.h"
#include "xh-queue.h"
#include "xh-repair-row.h"
#include "xh-stick-group.h"
#include "xh-tray-view.h"

struct _XhSyncPage
{
  XhPage parent_instance;

  AdwActionRow *state_row;
  GtkImage *state_image;
  GtkWidget *now_button;
  GtkProgressBar *progress;
  AdwPreferencesGroup *unsent_group;
  XhTrayView *tray;
  XhRepairRow *repair_row;
  XhStickGroup *stick;
  GtkListBox *log;

  XhSession *session;        /* (owned) */
  XhQueue *queue;            /* (owned) (nullable) what is shown */
  GCancellable *cancellable; /* (owned) (nullable) of the reading under way */
  GPtrArray *unsent_rows; /* (not owned elements) */
};

G_DEFINE_FINAL_TYPE (XhSyncPage, xh_sync_page, XH_TYPE_PAGE)

/* --- the state --- */

static const char *
state_words (XhEngineState state, gboolean files_wait, const char **icon)
{
  switch (state)
    {
    case XH_ENGINE_SYNCING:
      *icon = "emblem-synchronizing-symbolic";
      return _("Synchronising…");
    case XH_ENGINE_SETTLED:
      *icon = files_wait ? "mail-attachment-symbolic" : "emblem-ok-symbolic";
      if (files_wait)
        return _("Files wait; everything else is in step");
      return _("Everything is sent and all news is here");
    case XH_ENGINE_OFFLINE:
      *icon = "network-offline-symbolic";
      return _("No contact with the server");
    case XH_ENGINE_SIGN_IN:
      *icon = "dialog-password-symbolic";
      return _("The server asks for your password again");
    case XH_ENGINE_FAULT:
      *icon = "dialog-warning-symbolic";
      return _("Synchronisation failed");
    case XH_ENGINE_DIFFERS:
      *icon = "dialog-warning-symbolic";
      return _("Stopped: the server's records are not the ones this computer knows");
    case XH_ENGINE_STOPPED:
    default:
      *icon = "media-playback-pause-symbolic";
      return _("Not started yet");
    }
}

/* How many changes wait for a decision. */
static guint
count_waiting (XhSyncPage *self)
{
  guint n = 0;

  for (guint i = 0; self->queue != NULL && i < self->queue->tray->len; i++)
    n += ((XhQueueEntry *) g_ptr_array_index (self->queue->tray, i))->item->parked_at == NULL;
  return n;
}

/* Not everything is sent while something waits for a person. */
static void
show_waiting (XhSyncPage *self)
{
  const guint n = count_waiting (self);
  g_autofree char *text = n > 0 ? g_strdup_printf (ngettext ("%u change waits for your decision; everything else is sent",
                                                             "%u changes wait for your decision; everything else is sent", n), n) : NULL;

  if (text == NULL)
    return;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->state_row), text);
  gtk_image_set_from_icon_name (self->state_image, "dialog-warning-symbolic");
}

static void
update_progress (XhSyncPage *self)
{
  guint received = 0, total = 0;
  g_autofree char *done = NULL, *all = NULL, *text = NULL;

  g_object_get (xh_session_get_engine (self->session), "received", &received, "total", &total, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), total > 0 && received < total);
  if (total == 0)
    return;

  done = xh_text_number (received);
  all = xh_text_number (total);
  text = g_strdup_printf (_("%s of %s"), done, all);
  gtk_progress_bar_set_text (self->progress, text);
  gtk_progress_bar_set_fraction (self->progress, MIN (1.0, (double) received / total));
}

static void
update_state (XhSyncPage *self)
{
  g_autofree char *contact = NULL, *message = NULL, *ago = NULL, *exact = NULL, *text = NULL;
  const char *icon;
  gboolean live = FALSE;
  int state = 0;

  if (xh_session_get_engine (self->session) == NULL)
    return;

  g_object_get (self->session, "state", &state, "message", &message, "last-contact", &contact, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->state_row), state_words (state, message != NULL, &icon));
  gtk_image_set_from_icon_name (self->state_image, icon);
  if (state == XH_ENGINE_SETTLED && message == NULL)
    show_waiting (self);

  ago = xh_text_ago (contact);
  exact = xh_text_exact (contact);
  g_object_get (xh_session_get_engine (self->session), "live", &live, NULL);
  if (live)
    text = g_strdup (_("In contact with the server: what others change appears at once"));
  else
    text = ago != NULL ? g_strdup_printf (_("Last contact: %s"), ago) : g_strdup (_("No contact yet"));
  if (message != NULL && (state == XH_ENGINE_FAULT || state == XH_ENGINE_SETTLED || state == XH_ENGINE_OFFLINE || state == XH_ENGINE_DIFFERS))
    {
      g_autofree char *both = g_strdup_printf ("%s\n%s", text, message);

      adw_action_row_set_subtitle (self->state_row, both);
    }
  else
    adw_action_row_set_subtitle (self->state_row, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state_row), exact);
  gtk_widget_set_sensitive (self->now_button, state != XH_ENGINE_SYNCING);
  update_progress (self);
}

/* --- the rows --- */

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

static AdwActionRow *
add_row (AdwPreferencesGroup *group, GPtrArray *rows, const char *title, const char *subtitle, gboolean activatable)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "activatable", activatable, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (activatable)
    {
      GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

      adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
    }
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);

  return ADW_ACTION_ROW (row);
}

static char *
describe_op (XhSyncPage *self, const XhOp *op)
{
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), op->kind);
  g_autofree char *names = kind != NULL ? xh_queue_field_names (kind, op->set) : g_strdup ("");
  g_autofree char *ago = xh_text_ago (op->created_at);
  g_autofree char *what = op->base == 0 ? g_strdup (_("new")) : g_steal_pointer (&names);

  return g_strdup_printf ("%s · %s · %s", kind != NULL ? xh_label_get (&kind->label) : op->kind, what,
                          ago != NULL ? ago : "");
}

/* A value is text that holds JSON. */
static gboolean
names_files (XhSyncPage *self, const XhOp *op)
{
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), op->kind);
  g_autoptr (GPtrArray) files = kind != NULL && !op->sent ? xh_files_of_op (kind, op) : NULL;

  return files != NULL && files->len > 0;
}

/* Why it is still here. */
static char *
describe_unsent (XhSyncPage *self, const XhOp *op)
{
  g_autofree char *text = describe_op (self, op);
  int state = 0;

  g_object_get (self->session, "state", &state, NULL);
  if (state == XH_ENGINE_OFFLINE)
    return g_strdup_printf (_("%s\nNo contact with the server: goes up by itself when there is"), text);
  if (state == XH_ENGINE_SIGN_IN)
    return g_strdup_printf (_("%s\nWaits for your password"), text);
  if (names_files (self, op))
    return g_strdup_printf (_("%s\nGoes up when its files are on the server"), text);
  if (op->sent)
    return g_strdup_printf (_("%s\nSent, not confirmed yet: it is asked again, nothing is doubled"), text);

  return g_strdup_printf (_("%s\nWaits for its turn"), text);
}

static void
unsent_activated_cb (AdwActionRow *row, XhSyncPage *self)
{
  const XhQueueEntry *entry = g_object_get_data (G_OBJECT (row), "entry");
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), entry->op->kind);

  if (kind != NULL)
    xh_window_open_record (xh_window_of (GTK_WIDGET (self)), kind, entry->op->record);
}

static void
show_unsent (XhSyncPage *self)
{
  clear_rows (self->unsent_group, self->unsent_rows);
  for (guint i = 0; i < self->queue->unsent->len; i++)
    {
      XhQueueEntry *entry = g_ptr_array_index (self->queue->unsent, i);
      g_autofree char *subtitle = describe_unsent (self, entry->op);
      AdwActionRow *row = add_row (self->unsent_group, self->unsent_rows, entry->title, subtitle, TRUE);

      g_object_set_data (G_OBJECT (row), "entry", entry);
      g_signal_connect_object (row, "activated", G_CALLBACK (unsent_activated_cb), self, 0);
    }

  if (self->queue->n_unsent == 0)
    add_row (self->unsent_group, self->unsent_rows, _("Nothing waits to be sent"),
             _("What you save goes to the server by itself."), FALSE);
  else if (self->queue->n_unsent > self->queue->unsent->len)
    {
      const guint more = self->queue->n_unsent - self->queue->unsent->len;
      g_autofree char *text = g_strdup_printf (ngettext ("and %u more", "and %u more", more), more);

      add_row (self->unsent_group, self->unsent_rows, text, "", FALSE);
    }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSyncPage) self = data;
  g_autoptr (GError) error = NULL;
  XhQueue *queue = xh_queue_read_finish (XH_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    {
      g_clear_pointer (&queue, xh_queue_free);
      return;
    }

  g_clear_object (&self->cancellable);
  xh_page_set_notice (XH_PAGE (self), error != NULL ? error->message : NULL);
  if (queue == NULL)
    return;

  /* Rows point into the old queue: they go first. */
  clear_rows (self->unsent_group, self->unsent_rows);
  g_clear_pointer (&self->queue, xh_queue_free);
  self->queue = queue;
  update_state (self);
  xh_tray_view_show (self->tray, self->session, queue);
  show_unsent (self);
}

static void
read_queue (XhSyncPage *self)
{
  if (xh_session_get_reader (self->session) == NULL)
    return;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  xh_queue_read_async (self->session, self->cancellable, read_cb, g_object_ref (self));
}

static void
changed_cb (XhSyncPage *self)
{
  update_state (self);
  read_queue (self);
}

static GtkWidget *
log_row (gpointer item, gpointer data)
{
  XhLogEntry *entry = item;
  g_autofree char *ago = xh_text_ago_time (xh_log_entry_get_time (entry));
  g_autofree char *exact = g_date_time_format (xh_log_entry_get_time (entry), "%Y-%m-%d %H:%M:%S");
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "subtitle-lines", 0, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_log_entry_get_text (entry));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), ago);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (xh_log_entry_is_fault (entry) ? "dialog-warning-symbolic"
                                                                                         : "emblem-ok-symbolic"));
  gtk_widget_set_tooltip_text (row, exact);

  return row;
}

static void
xh_sync_page_reload (XhPage *page)
{
  changed_cb (XH_SYNC_PAGE (page));
}

static void
xh_sync_page_dispose (GObject *object)
{
  XhSyncPage *self = XH_SYNC_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_SYNC_PAGE);

  G_OBJECT_CLASS (xh_sync_page_parent_class)->dispose (object);
}

static void
xh_sync_page_finalize (GObject *object)
{
  XhSyncPage *self = XH_SYNC_PAGE (object);

  g_clear_pointer (&self->queue, xh_queue_free);
  g_ptr_array_unref (self->unsent_rows);

  G_OBJECT_CLASS (xh_sync_page_parent_class)->finalize (object);
}

static void
xh_sync_page_class_init (XhSyncPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_sync_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_sync_page_finalize;
  XH_PAGE_CLASS (klass)->reload = xh_sync_page_reload;
  g_type_ensure (XH_TYPE_TRAY_VIEW);
  g_type_ensure (XH_TYPE_REPAIR_ROW);
  g_type_ensure (XH_TYPE_STICK_GROUP);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/sync/xh-sync-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, state_row);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, state_image);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, now_button);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, progress);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, tray);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, repair_row);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, stick);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, unsent_group);
  gtk_widget_class_bind_template_child (widget_class, XhSyncPage, log);
}

static void
xh_sync_page_init (XhSyncPage *self)
{
  self->unsent_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

XhPage *
xh_sync_page_new (XhSession *session)
{
  XhSyncPage *self = g_object_new (XH_TYPE_SYNC_PAGE, NULL);
  XhEngine *engine = xh_session_get_engine (session);

  self->session = g_object_ref (session);
  xh_repair_row_set_session (self->repair_row, session);
  xh_stick_group_set_session (self->stick, session);
  gtk_list_box_bind_model (self->log, xh_session_get_log (session), log_row, NULL, NULL);
  g_signal_connect_object (session, "notify", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::received", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::total", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  changed_cb (self);

  return XH_PAGE (self);
}
