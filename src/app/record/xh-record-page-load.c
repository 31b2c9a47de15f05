/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-page-private.h"

#include <glib/gi18n-lib.h>

static void
references_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRecordPage) self = data;
  g_autoptr (GError) error = NULL;
  XhValue *references = xh_references_load_finish (XH_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->form == NULL)
    {
      if (references != NULL)
        xh_value_array_free (references, self->kind->references->len);
      return;
    }
  if (references == NULL)
    {
      xh_record_page_show_bar (self, XH_BAR_FAULT, error->message);
      return;
    }
  xh_form_set_references (self->form, references);
  xh_value_array_free (references, self->kind->references->len);
  xh_record_page_show_header (self);
}

void
xh_record_page_load_references (XhRecordPage *self)
{
  if (self->kind->references->len > 0)
    xh_references_load_async (self->session, xh_form_get_record (self->form), self->cancellable, references_cb, g_object_ref (self));
}

/* Whose record it is where no field of it says so. */
static XhRecord *
create_record (XhRecordPage *self)
{
  const XhProfile *profile = xh_session_get_profile (self->session);
  XhRecord *record = xh_record_new (self->kind, NULL);

  record->division = g_strdup (profile->division);
  record->unit = g_strdup (profile->unit);
  if (self->fill_field != NULL)
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      xh_value_set_text (&value, self->fill_target);
      xh_record_set (record, self->fill_field, &value);
      xh_value_set_text (&value, self->fill_name);
      if (self->fill_name_field != NULL && self->fill_name != NULL)
        xh_record_set (record, self->fill_name_field, &value);
    }
  return record;
}

static void
restore_draft (XhRecordPage *self, const XhRecordBundle *bundle)
{
  gboolean outdated = bundle->stored != NULL && bundle->stored->version != bundle->draft->version;

  xh_form_restore (self->form, bundle->draft);
  self->draft_kept = TRUE;
  xh_record_page_show_bar (self, XH_BAR_DRAFT,
                           outdated ? _ ("An unsaved draft was restored. The record was changed by others since: look at it again.")
                                    : _ ("An unsaved draft was restored."));
}

/* The focus goes to the record when it is there, unless the person has put it somewhere meanwhile. */
static void
take_focus (XhRecordPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && gtk_root_get_focus (root) == NULL
      && !xh_form_view_focus_first (self->view))
    {
      gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
      xh_form_view_unselect (self->view);
    }
}

void
xh_record_page_ask_known (XhRecordPage *self)
{
  if (self->known == NULL)
    return;
  if (!self->saved || xh_form_is_dirty (self->form))
    xh_known_bar_ask (self->known, self->form, !self->saved, NULL);
  else
    xh_known_bar_forget (self->known);
}

static void
show_bundle (XhRecordPage *self, const XhRecordBundle *bundle)
{
  g_autoptr (XhRecord) made = NULL;
  const XhRecord *record = bundle->stored;

  if (record == NULL && bundle->draft != NULL)
    {
      made = create_record (self);
      g_free (made->id);
      made->id = g_strdup (bundle->draft->id);
      record = made;
    }
  else if (record == NULL)
    record = made = create_record (self);

  self->saved = bundle->stored != NULL;
  g_free (self->id);
  self->id = g_strdup (record->id);
  xh_form_load (self->form, record, bundle->references, bundle->stored == NULL);
  self->edited_on = bundle->draft != NULL ? MIN (xh_record_version_in (bundle->draft, record->era), record->version) : record->version;
  xh_record_page_show_bar (self, XH_BAR_NONE, NULL);
  if (bundle->draft != NULL)
    restore_draft (self, bundle);
  else if (record->deleted)
    xh_record_page_show_bar (self, XH_BAR_DELETED, _ ("This record is deleted."));
  xh_record_editor_reset (self->editor);
  self->loaded = TRUE;

  if (bundle->title != NULL)
    xh_page_set_title (XH_PAGE (self), bundle->title);
  if (self->score != NULL)
    xh_score_pane_forget (self->score);
  xh_state_pane_refresh (self->state);
  xh_linked_pane_show (self->linked, bundle->linked, xh_session_get_role (self->session));
  xh_history_pane_show (self->history, self->saved ? self->id : NULL, bundle->pending);
  gtk_stack_set_visible_child_name (self->stack, "record");
  xh_record_page_show_header (self);
  if (!self->saved && bundle->draft == NULL)
    xh_record_page_load_references (self);
  if (!self->saved)
    xh_form_view_focus_first (self->view);
  else
    take_focus (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRecordPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecordBundle) bundle = xh_record_bundle_load_finish (XH_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->form == NULL)
    return;
  if (bundle != NULL)
    {
      show_bundle (self, bundle);
      xh_record_page_ask_known (self);
      return;
    }
  adw_status_page_set_title (self->failed, _ ("This record cannot be shown"));
  {
    g_autofree char *reason = g_markup_escape_text (error->message, -1);

    adw_status_page_set_description (self->failed, reason);
  }
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

void
xh_record_page_load (XhRecordPage *self, gboolean with_draft)
{
  xh_record_bundle_load_async (self->session, self->kind, self->id, with_draft, self->cancellable, loaded_cb, g_object_ref (self));
}

/* --- reading again under an edit */

/* The stored record with what was edited here, and not what others changed since. */
static XhRecord *
carry_over (const XhRecord *stored, const XhRecord *edited, GPtrArray *changed)
{
  XhRecord *record = xh_record_copy (stored);

  for (guint i = 0; i < changed->len; i++)
    {
      const char *name = g_ptr_array_index (changed, i);
      const XhField *field = xh_kind_find_field (stored->kind, name);

      if (field != NULL)
        xh_value_copy (&edited->values[field->index], &record->values[field->index]);
    }
  return record;
}

static void
rebased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhRecordPage) self = data;
  g_autoptr (XhRecordBundle) bundle = xh_record_bundle_load_finish (XH_SESSION (source), result, NULL);
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (XhRecord) edited = NULL, begun = NULL;

  if (bundle == NULL || bundle->stored == NULL || self->form == NULL || self->saving)
    return;
  /* What is no value cannot be carried over: it waits until it is corrected and saved. */
  if (xh_record_editor_count_issues (self->editor, FALSE) > 0 && xh_form_is_dirty (self->form))
    return;
  begun = xh_record_page_copy_edited (self);
  changed = xh_form_get_changed (self->form);
  if (changed->len > 0)
    edited = carry_over (bundle->stored, xh_form_get_record (self->form), changed);
  show_bundle (self, bundle);
  if (edited == NULL)
    {
      xh_record_page_ask_known (self);
      return;
    }
  self->edited_on = MIN (xh_record_version_in (begun, bundle->stored->era), self->edited_on);
  xh_form_restore (self->form, edited);
  xh_record_page_ask_known (self);
  xh_record_page_show_header (self);
}

void
xh_record_page_rebase (XhRecordPage *self)
{
  if (!self->loaded || self->saving)
    return;
  if (self->saved)
    xh_record_bundle_load_async (self->session, self->kind, self->id, FALSE, self->cancellable, rebased_cb, g_object_ref (self));
  else
    xh_record_page_load_references (self);
}

static void
records_changed_cb (XhRecordPage *self)
{
  xh_record_page_rebase (self);
}

void
xh_record_page_watch (XhRecordPage *self)
{
  g_signal_connect_object (self->session, "records-changed", G_CALLBACK (records_changed_cb), self, G_CONNECT_SWAPPED);
}
