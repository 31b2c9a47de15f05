/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/subject/xh-merge.h"
#include "app/window/xh-window.h"

/* A draft is written this long after the last change (milliseconds). */
#define DRAFT_DELAY 1000

/* --- drafts */

static gboolean
draft_cb (gpointer data)
{
  XhRecordPage *self = data;

  self->draft_source = 0;
  xh_record_page_keep_draft (self);
  return G_SOURCE_REMOVE;
}

/* The record as edited, on the version the edit was begun on: where somebody else has changed the same field since, it is for the
 * server to find that conflict, although the page already stands on the newer row. */
XhRecord *
xh_record_page_copy_edited (XhRecordPage *self)
{
  XhRecord *record = xh_record_copy (xh_form_get_record (self->form));

  record->version = MIN (record->version, self->edited_on);
  return record;
}

void
xh_record_page_keep_draft (XhRecordPage *self)
{
  g_autoptr (XhRecord) edited = NULL;
  gboolean dirty;

  g_clear_handle_id (&self->draft_source, g_source_remove);
  if (!self->loaded || self->saving)
    return;
  dirty = xh_form_is_dirty (self->form);
  if (!dirty && !self->draft_kept)
    return;
  edited = xh_record_page_copy_edited (self);
  xh_draft_write (self->session, edited, !dirty);
  self->draft_kept = dirty;
}

void
xh_record_page_drop_draft (XhRecordPage *self)
{
  g_clear_handle_id (&self->draft_source, g_source_remove);
  xh_draft_write (self->session, xh_form_get_record (self->form), TRUE);
  self->draft_kept = FALSE;
  if (!self->saved)
    g_clear_pointer (&self->id, g_free);
  xh_form_view_hide_issues (self->view);
  xh_record_page_load (self, FALSE);
}

/* --- editing */

static gboolean
matches_reference (const XhKind *kind, const char *field)
{
  for (guint i = 0; i < kind->references->len; i++)
    if (g_strcmp0 (((XhReference *) g_ptr_array_index (kind->references, i))->match_ours, field) == 0)
      return TRUE;
  return FALSE;
}

void
xh_record_page_edited (XhRecordPage *self, const char *field)
{
  g_clear_handle_id (&self->draft_source, g_source_remove);
  self->draft_source = g_timeout_add (DRAFT_DELAY, draft_cb, self);
  if (self->bar_says == XH_BAR_FAULT)
    xh_record_page_show_bar (self, XH_BAR_NONE, NULL);
  if (self->known != NULL)
    xh_known_bar_ask (self->known, self->form, !self->saved, field);
  if (matches_reference (self->kind, field))
    xh_record_page_load_references (self);
  xh_record_page_show_header (self);
}

/* --- saving */

static void
toast (XhRecordPage *self, const char *text)
{
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL)
    xh_window_toast (window, text);
}

/* The step was not taken: the record stands where it stood, with what was edited. */
static void
take_back (XhRecordPage *self)
{
  g_autoptr (XhRecord) before = g_steal_pointer (&self->before);

  if (before == NULL)
    return;
  if (self->saved)
    {
      xh_record_page_rebase (self);
      return;
    }
  xh_form_load (self->form, before, NULL, TRUE);
  xh_record_page_load_references (self);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRecordPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *step = NULL;

  self->saving = FALSE;
  if (self->form == NULL)
    return;
  step = g_steal_pointer (&self->transition);
  if (!xh_session_save_finish (XH_SESSION (source), result, &error))
    {
      g_autofree char *text = g_strdup_printf (_ ("Not saved, nothing is lost: %s"), error->message);

      xh_record_page_show_bar (self, XH_BAR_FAULT, text);
      xh_record_page_show_header (self);
      take_back (self);
      return;
    }
  g_clear_pointer (&self->before, xh_record_free);
  self->saved = TRUE;
  self->draft_kept = FALSE;
  xh_form_view_hide_issues (self->view);
  xh_record_page_show_bar (self, XH_BAR_NONE, NULL);
  toast (self, step != NULL ? step : _ ("Saved; it will be sent by itself"));
  xh_record_page_rebase (self);
}

static gboolean
refuse_wrong (XhRecordPage *self)
{
  guint n = xh_record_editor_count_issues (self->editor, FALSE);
  g_autofree char *text = NULL;

  if (n == 0)
    return FALSE;
  text = g_strdup_printf (ngettext ("Not saved yet: %u value must be corrected first. What you typed is kept as a draft.",
                                    "Not saved yet: %u values must be corrected first. What you typed is kept as a draft.", n), n);
  xh_record_page_show_bar (self, XH_BAR_FAULT, text);
  xh_form_view_reveal_issues (self->view);
  return TRUE;
}

void
xh_record_page_save (XhRecordPage *self)
{
  if (!self->loaded || self->saving || refuse_wrong (self))
    return;
  g_clear_handle_id (&self->draft_source, g_source_remove);
  self->saving = TRUE;
  xh_record_page_show_header (self);
  xh_session_save_async (self->session, xh_record_page_copy_edited (self), xh_form_get_changed (self->form), saved_cb, g_object_ref (self));
}

/* --- steps */

static void
take_step (XhRecordPage *self, const XhTransition *transition)
{
  g_autoptr (GError) error = NULL;

  if (self->saving || refuse_wrong (self))
    return;
  g_clear_pointer (&self->before, xh_record_free);
  self->before = xh_record_copy (xh_form_get_record (self->form));
  if (!xh_form_transition (self->form, transition->name, &error))
    {
      g_clear_pointer (&self->before, xh_record_free);
      xh_record_page_show_bar (self, XH_BAR_FAULT, error->message);
      xh_form_view_reveal_issues (self->view);
      return;
    }
  xh_merge_forget (self->form, transition);
  g_free (self->transition);
  self->transition = g_strdup_printf (_ ("%s: done"), xh_label_get (&transition->label));
  xh_record_page_save (self);
}

typedef struct
{
  XhRecordPage *page; /* (owned) */
  const XhTransition *transition;
} Question;

static void
answered_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, "yes") && question->page->form != NULL)
    take_step (question->page, question->transition);
}

static void
question_free (gpointer data, GClosure *closure)
{
  g_object_unref (((Question *) data)->page);
  g_free (data);
}

static void
ask_first (XhRecordPage *self, const XhTransition *transition)
{
  const char *label = xh_label_get (&transition->label);
  g_autofree char *heading = g_strdup_printf (_ ("%s?"), label);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading,
                                              xh_page_get_title (XH_PAGE (self)));
  Question *question = g_new0 (Question, 1);

  question->page = g_object_ref (self);
  question->transition = transition;
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "no", _ ("Cancel"), "yes", label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "yes", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "no");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "no");
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
xh_record_page_transition (XhRecordPage *self, const char *name)
{
  const XhTransition *transition = xh_kind_find_transition (self->kind, name);

  if (transition == NULL || !self->loaded)
    return;
  if (transition->destructive)
    ask_first (self, transition);
  else
    take_step (self, transition);
}

/* --- deleting */

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRecordPage) self = data;
  g_autoptr (GError) error = NULL;

  self->saving = FALSE;
  if (self->form == NULL)
    return;
  if (!xh_session_save_finish (XH_SESSION (source), result, &error))
    {
      g_autofree char *text = g_strdup_printf (_ ("Not changed: %s"), error->message);

      xh_record_page_show_bar (self, XH_BAR_FAULT, text);
      return;
    }
  self->draft_kept = FALSE;
  xh_record_page_load (self, FALSE);
}

void
xh_record_page_set_deleted (XhRecordPage *self, gboolean deleted)
{
  XhRecord *record = self->saved && !self->saving ? xh_store_load (xh_session_get_store (self->session), self->id, NULL) : NULL;
  GPtrArray *changed;

  if (record == NULL)
    return;
  /* As it is stored, not as it stands in the form: deleting sends no edit along. */
  record->deleted = deleted;
  changed = g_ptr_array_new ();
  g_ptr_array_add (changed, (gpointer) "deleted");
  g_clear_handle_id (&self->draft_source, g_source_remove);
  self->saving = TRUE;
  xh_session_save_async (self->session, record, changed, deleted_cb, g_object_ref (self));
}
