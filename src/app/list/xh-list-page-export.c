/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list, or what is ticked in it, as a sheet. */
#include <glib/gi18n-lib.h>

#include "app/import/xh-import-job.h"
#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-list-page-private.h"

typedef struct
{
  XhListPage *page;    /* (owned) */
  GArray *rids;        /* (owned) */
  gint64 epoch;        /* of the rids */
  XhExportFlags flags;
} Wish;

static void
wish_free (gpointer data, GClosure *closure)
{
  Wish *wish = data;

  g_object_unref (wish->page);
  g_array_unref (wish->rids);
  g_free (wish);
}

static void
progress_cb (guint done, guint all, gpointer data)
{
  XhListPage *self = data;
  g_autofree char *text = g_strdup_printf (_("%u of %u"), done, all);

  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress, all > 0 ? (double) done / all : 0);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhListPage) self = data;
  g_autoptr (GError) error = NULL;
  int n = xh_export_job_finish (XH_SESSION (source), result, &error);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  g_clear_object (&self->exporting);
  if (window == NULL)
    return;
  xh_list_page_update_selection (self);
  if (n >= 0)
    {
      g_autofree char *number = xh_text_number ((guint) n);
      g_autofree char *text = g_strdup_printf (ngettext ("%s record exported", "%s records exported", n), number);

      xh_window_toast (window, text);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xh_page_set_notice (XH_PAGE (self), error->message);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, Wish *wish)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  XhListPage *self = wish->page;

  if (path != NULL && self->bulk == NULL && self->exporting == NULL)
    {
      self->exporting = g_cancellable_new ();
      progress_cb (0, wish->rids->len, self);
      xh_list_page_update_selection (self);
      xh_export_job_async (self->session, self->kind, wish->rids, wish->epoch, path, wish->flags, progress_cb, self, self->exporting,
                           exported_cb, g_object_ref (self));
    }
  g_object_unref (dialog);
}

static void
ask_where (XhListPage *self, GArray *rids, XhExportFlags flags)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Export"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                              GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *name = g_strdup_printf ("%s.xlsx", xh_label_get (&self->kind->label));
  Wish *wish = g_new0 (Wish, 1);

  wish->page = g_object_ref (self);
  wish->rids = g_array_ref (rids);
  wish->epoch = xh_record_list_get_epoch (self->list);
  wish->flags = flags;
  g_strdelimit (name, "/\\:*?\"<>|\n", '_');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (chosen_cb), wish, wish_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static GArray *
all_rids (XhListPage *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  GArray *rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);

  for (guint i = 0; i < n; i++)
    {
      gint64 rid = xh_record_list_get_rid (self->list, i);

      g_array_append_val (rids, rid);
    }
  return rids;
}

static void
export_list (XhListPage *self, XhExportFlags flags)
{
  g_autoptr (GArray) rids = NULL;

  if (!xh_record_list_is_complete (self->list))
    {
      xh_page_set_notice (XH_PAGE (self), _("The list is still being read. Try again in a moment."));
      return;
    }
  rids = all_rids (self);
  ask_where (self, rids, flags);
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  export_list (data, XH_EXPORT_PLAIN);
}

static void
export_national_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  export_list (data, XH_EXPORT_NATIONAL);
}

static void
export_selected_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  g_autoptr (GArray) rids = xh_record_selection_rids (self->selection);

  if (rids->len > 0)
    ask_where (self, rids, XH_EXPORT_PLAIN);
}

static void
import_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  g_autofree char *target = g_strconcat ("import:", self->kind->name, NULL);

  xh_window_open_target (xh_window_of (GTK_WIDGET (self)), target);
}

static gboolean
has_national_columns (const XhKind *kind)
{
  for (guint i = 0; i < kind->fields->len; i++)
    if (((const XhField *) g_ptr_array_index (kind->fields, i))->external_code != NULL)
      return TRUE;
  return FALSE;
}

void
xh_list_page_add_export_actions (XhListPage *self)
{
  static const GActionEntry entries[] = {
    { "import", import_action },
    { "export", export_action },
    { "export-national", export_national_action },
    { "export-selected", export_selected_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "import")),
                               xh_session_may (self->session, self->kind->create_roles, self->kind));
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "export-national")),
                               has_national_columns (self->kind));
}
