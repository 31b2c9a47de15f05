/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-repair-row.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "sync/xh-repair.h"

struct _XhRepairRow
{
  AdwActionRow parent_instance;

  GtkButton *button;
  XhSession *session;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  gboolean differs;          /* the server has become another */
};

G_DEFINE_FINAL_TYPE (XhRepairRow, xh_repair_row, ADW_TYPE_ACTION_ROW)

static void
tell (XhRepairRow *self, const char *title, const char *subtitle, const char *button, gboolean sensitive)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_button_set_label (self->button, button);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), sensitive);
}

static char *
describe (const XhRepairReport *report)
{
  g_autofree char *ago = xh_text_ago (report->checked), *rows = xh_text_number (report->rows), *mended = xh_text_number (report->mended);

  if (report->wished)
    return g_strdup (_("Every value is compared as soon as there is contact."));
  if (report->checked == NULL)
    return g_strdup (_("Compares every value on this computer with the server and fetches what differs."));
  if (!report->agrees)
    return g_strdup_printf (_("%s: %s records compared, not all agree yet. Verify again."), ago, rows);
  if (report->mended == 0)
    return g_strdup_printf (_("%s: %s records compared, all agree."), ago, rows);
  return g_strdup_printf (_("%s: %s records compared, %s were put right, all agree now."), ago, rows, mended);
}

static void
show_report (XhRepairRow *self, const XhRepairReport *report)
{
  g_autofree char *text = describe (report);

  if (self->differs)
    tell (self, _("Start anew from the server"),
          _("Fetches the records of this server from the beginning. Your unsent work stays, and a copy of what is here now is kept on this computer."),
          _("Start anew…"), TRUE);
  else
    tell (self, _("Verify and repair"), text, _("Compare now"), !report->wished);
}

/* --- reading and wishing, in workers */

static gpointer
read_in_worker (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return xh_repair_report (store);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRepairRow) self = data;
  g_autoptr (XhRepairReport) report = xh_worker_finish (XH_WORKER (source), result, NULL);

  if (report != NULL && self->session != NULL)
    show_report (self, report);
}

static void
update (XhRepairRow *self)
{
  XhWorker *reader = self->session != NULL ? xh_session_get_reader (self->session) : NULL;
  int state = 0;

  if (reader == NULL)
    return;
  g_object_get (self->session, "state", &state, NULL);
  self->differs = state == XH_ENGINE_DIFFERS;
  xh_worker_run (reader, G_PRIORITY_DEFAULT, read_in_worker, NULL, NULL, (GDestroyNotify) xh_repair_report_free, self->cancellable, read_cb,
                 g_object_ref (self));
}

static gpointer
wish_in_worker (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const gboolean anew = GPOINTER_TO_INT (data) == 1;

  return GINT_TO_POINTER (anew ? xh_repair_wish_anew (store, error) : xh_repair_wish_verify (store, error));
}

static void
wished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRepairRow) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = xh_worker_finish (XH_WORKER (source), result, &error) != NULL;

  if (self->session == NULL)
    return;
  if (!done)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), error->message);
      gtk_widget_set_sensitive (GTK_WIDGET (self->button), TRUE);
      return;
    }
  xh_engine_sync_now (xh_session_get_engine (self->session));
  update (self);
}

static void
wish (XhRepairRow *self, gboolean anew)
{
  XhWorker *writer = self->session != NULL ? xh_session_get_writer (self->session) : NULL;

  if (writer == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), FALSE);
  xh_worker_run (writer, G_PRIORITY_DEFAULT, wish_in_worker, GINT_TO_POINTER (anew ? 1 : 0), NULL, NULL, NULL, wished_cb, g_object_ref (self));
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, XhRepairRow *self)
{
  if (g_str_equal (response, "yes"))
    wish (self, TRUE);
}

static void
clicked_cb (XhRepairRow *self)
{
  GtkWidget *dialog;

  if (!self->differs)
    {
      wish (self, FALSE);
      return;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Start anew from the server?"),
                                   _("Do this when your office has told you to. What the server lost when it was restored stands only on computers like this one:"
                                     " a copy of what is here now is kept, and your unsent work goes to the server as it is now."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "no", _("Cancel"), "yes", _("Start anew"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "no");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "no");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the object */

static void
xh_repair_row_dispose (GObject *object)
{
  XhRepairRow *self = XH_REPAIR_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (xh_repair_row_parent_class)->dispose (object);
}

static void
xh_repair_row_finalize (GObject *object)
{
  g_object_unref (XH_REPAIR_ROW (object)->cancellable);
  G_OBJECT_CLASS (xh_repair_row_parent_class)->finalize (object);
}

static void
xh_repair_row_class_init (XhRepairRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_repair_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_repair_row_finalize;
}

static void
xh_repair_row_init (XhRepairRow *self)
{
  GtkWidget *button = gtk_button_new ();

  self->cancellable = g_cancellable_new ();
  self->button = GTK_BUTTON (button);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set (self, "use-markup", FALSE, "subtitle-lines", 0, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
}

void
xh_repair_row_set_session (XhRepairRow *self, XhSession *session)
{
  g_return_if_fail (XH_IS_REPAIR_ROW (self) && self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
