/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-unmask.h"

#include <glib/gi18n-lib.h>

#include "xh-own-record.h"

typedef struct
{
  XhSession *session;   /* (owned) */
  const XhKind *kind;
  char *record, *title; /* (owned) */
  const XhField *field;
  XhUnmaskFunc func;    /* (nullable) NULL once it was called */
  gpointer data;
  GDestroyNotify destroy;
  AdwMessageDialog *dialog; /* (nullable) */
  GtkEditable *entry;
  GtkLabel *fault;
} Asking;

static void
answer (Asking *asking, gboolean shown)
{
  if (asking->func != NULL)
    asking->func (shown, asking->data);
  asking->func = NULL;
}

static void
asking_free (Asking *asking)
{
  answer (asking, FALSE);
  if (asking->destroy != NULL)
    asking->destroy (asking->data);
  g_object_unref (asking->session);
  g_free (asking->record);
  g_free (asking->title);
  g_free (asking);
}

static XhRecord *
make_query (Asking *asking, GError **error)
{
  g_autoptr (XhRecord) record = xh_own_record_new (asking->session, "query");
  g_autofree char *target = NULL;

  if (record == NULL)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN, _("Your role may not write queries: the number stays hidden."));
      return NULL;
    }
  target = g_strdup_printf ("%s · %s · %s", xh_label_get (&asking->kind->label), asking->title, xh_label_get (&asking->field->label));
  xh_own_record_set (record, "query_type", "unmask");
  xh_own_record_set (record, "purpose", "unmask");
  xh_own_record_set (record, "target", target);
  xh_own_record_set (record, "target_id", asking->record);
  xh_own_record_set (record, "reason", gtk_editable_get_text (asking->entry));
  return xh_own_record_check (asking->session, record, NULL, NULL, error);
}

static void
changed_cb (Asking *asking)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = make_query (asking, &error);
  const char *typed = gtk_editable_get_text (asking->entry);

  adw_message_dialog_set_response_enabled (asking->dialog, "show", record != NULL);
  gtk_label_set_text (asking->fault, error != NULL && *typed != '\0' ? error->message : "");
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *asking = data;

  answer (asking, xh_session_save_finish (XH_SESSION (source), result, NULL));
  asking_free (asking);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Asking *asking)
{
  g_autoptr (XhRecord) record = g_str_equal (response, "show") ? make_query (asking, NULL) : NULL;

  if (record != NULL)
    xh_own_record_save (asking->session, g_steal_pointer (&record), saved_cb, asking);
  else
    asking_free (asking);
}

static GtkWidget *
create_child (Asking *asking)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *entry = gtk_entry_new (), *fault = gtk_label_new ("");

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("For example: called to correct the address"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  gtk_label_set_wrap (GTK_LABEL (fault), TRUE);
  gtk_label_set_xalign (GTK_LABEL (fault), 0);
  gtk_widget_add_css_class (fault, "error");
  gtk_widget_add_css_class (fault, "caption");
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), fault);
  asking->entry = GTK_EDITABLE (entry);
  asking->fault = GTK_LABEL (fault);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), asking);
  return box;
}

void
xh_unmask_ask (GtkWidget *over, XhSession *session, const XhKind *kind, const char *record, const char *title, const XhField *field,
               XhUnmaskFunc func, gpointer data, GDestroyNotify destroy)
{
  Asking *asking = g_new0 (Asking, 1);
  g_autofree char *heading = g_strdup_printf (_("Show in full: %s"), xh_label_get (&field->label));

  asking->session = g_object_ref (session);
  asking->kind = kind;
  asking->record = g_strdup (record);
  asking->title = g_strdup (title != NULL ? title : "");
  asking->field = field;
  asking->func = func;
  asking->data = data;
  asking->destroy = destroy;
  asking->dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (over)), heading,
                                                               _("Who looks at a number, and why, is written into the register of queries and reviewed.")));
  adw_message_dialog_set_extra_child (asking->dialog, create_child (asking));
  adw_message_dialog_add_responses (asking->dialog, "no", _("Cancel"), "show", _("Write Down and Show"), NULL);
  adw_message_dialog_set_response_appearance (asking->dialog, "show", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (asking->dialog, "show");
  adw_message_dialog_set_close_response (asking->dialog, "no");
  changed_cb (asking);
  g_signal_connect (asking->dialog, "response", G_CALLBACK (response_cb), asking);
  gtk_window_present (GTK_WINDOW (asking->dialog));
}
