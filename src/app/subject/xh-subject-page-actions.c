/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the subject's page can do: print a report, make a record about it, merge it into another and undo that. */

#include "xh-subject-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/record/xh-record-page.h"
#include "app/window/xh-window.h"
#include "xh-choose-subject.h"
#include "xh-merge.h"
#include "xh-report-dialog.h"

static void
enable (XhSubjectPage *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

/* --- a record about it */

/* The field of @kind that takes the subject's key; NULL: none takes this one's. @value: (out) (nullable) */
static const XhField *
key_field (const XhSubjectReading *reading, const XhKind *kind, const char **value)
{
  const XhRecord *own = reading->own;

  for (guint i = 0; own != NULL && kind->subject_codes != NULL && kind->subject_codes[i] != NULL; i++)
    {
      const XhField *field = xh_kind_find_field (kind, kind->subject_codes[i]);

      if (field == NULL || field->computed != NULL)
        continue;
      if (field->type == XH_FIELD_LINK && g_strcmp0 (field->link_kind, own->kind->name) == 0)
        {
          *value = own->id;
          return field;
        }
      if (reading->code_field != NULL && field->type == reading->code_field->type && field->type != XH_FIELD_TEXT)
        {
          *value = xh_value_as_text (xh_record_get (own, reading->code_field->name));
          return field;
        }
    }
  return NULL;
}

static void
new_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhSubjectPage *self = data;
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), g_variant_get_string (parameter, NULL));
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  const char *value = NULL;
  const XhField *field = kind != NULL ? key_field (self->reading, kind, &value) : NULL;
  const XhField *name = field != NULL && kind->subject_name != NULL ? xh_kind_find_field (kind, kind->subject_name) : NULL;

  if (window == NULL || field == NULL)
    return;
  xh_window_push (window, xh_record_page_new_about (self->session, kind, field->name, value,
                                                    name != NULL && name->computed == NULL ? name->name : NULL, self->reading->title));
}

static void
append_group (XhSubjectPage *self, GMenu *menu, const XhGroup *group)
{
  GPtrArray *kinds = xh_catalog_get_kinds (xh_session_get_catalog (self->session));
  g_autoptr (GMenu) part = g_menu_new ();

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      const char *value = NULL;
      g_autofree char *action = g_strdup_printf ("page.create::%s", kind->name);

      if (!kind->subject_self && g_str_equal (kind->group, group->name) && xh_session_may (self->session, kind->create_roles, kind)
          && key_field (self->reading, kind, &value) != NULL)
        g_menu_append (part, xh_label_get (&kind->label), action);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (part)) > 0)
    g_menu_append_submenu (menu, xh_label_get (&group->label), G_MENU_MODEL (part));
}

void
xh_subject_page_show_menu (XhSubjectPage *self)
{
  GPtrArray *groups = xh_catalog_get_groups (xh_session_get_catalog (self->session));
  g_autoptr (GMenu) menu = g_menu_new (), made = g_menu_new (), more = g_menu_new ();
  const XhRecord *own = self->reading->own;
  const char *role = xh_session_get_role (self->session);
  const gboolean may_merge = own != NULL && xh_merge_find_step (own->kind, own->state, role) != NULL;

  for (guint i = 0; i < groups->len; i++)
    append_group (self, made, g_ptr_array_index (groups, i));
  if (g_menu_model_get_n_items (G_MENU_MODEL (made)) > 0)
    g_menu_append_submenu (menu, _("New Record About It"), G_MENU_MODEL (made));
  if (own != NULL)
    g_menu_append (more, _("Open Its Own Record"), "page.own");
  if (may_merge)
    g_menu_append (more, _("Merge Into…"), "page.merge");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  gtk_menu_button_set_menu_model (self->menu, G_MENU_MODEL (menu));
  enable (self, "merge", may_merge);
  enable (self, "print-report", self->may_report && self->reading->title != NULL);
}

/* --- merging */

static void
toast (XhSubjectPage *self, const char *text, const char *undo)
{
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window == NULL)
    return;
  if (undo != NULL)
    xh_window_toast_undo (window, text, undo);
  else
    xh_window_toast (window, text);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSubjectPage) self = data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  if (!xh_session_save_finish (XH_SESSION (source), result, &error))
    xh_page_set_notice (XH_PAGE (self), error->message);
  else
    toast (self, _("The files stand apart again"), NULL);
  g_clear_pointer (&self->merged, g_free);
  enable (self, "unmerge", FALSE);
}

static void
unmerge_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhSubjectPage *self = data;
  g_autoptr (XhRecord) record = self->merged != NULL ? xh_store_load (xh_session_get_store (self->session), self->merged, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *changed = NULL;
  XhRecord *apart = record != NULL ? xh_merge_undo (record, xh_session_get_role (self->session), &changed, &error) : NULL;

  if (apart != NULL)
    xh_session_save_async (self->session, apart, changed, undone_cb, g_object_ref (self));
  else if (error != NULL)
    xh_page_set_notice (XH_PAGE (self), error->message);
}

static void
merged_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSubjectPage) self = data;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  if (!xh_session_save_finish (XH_SESSION (source), result, &error))
    {
      xh_page_set_notice (XH_PAGE (self), error->message);
      return;
    }
  enable (self, "unmerge", TRUE);
  toast (self, _("Merged: its records now stand in this file"), "page.unmerge");
}

static void
chosen_cb (XhSubjectPage *self, const char *id, const char *words)
{
  const XhRecord *own = self->reading->own;
  g_autoptr (GError) error = NULL;
  GPtrArray *changed = NULL;
  XhRecord *record = xh_merge_apply (own, xh_session_get_role (self->session), id, words, &changed, &error);

  if (record == NULL)
    {
      xh_page_set_notice (XH_PAGE (self), error->message);
      return;
    }
  g_free (self->merged);
  self->merged = g_strdup (own->id);
  xh_session_save_async (self->session, record, changed, merged_cb, g_object_ref (self));
}

static void
merge_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhSubjectPage *self = data;
  const XhRecord *own = self->reading != NULL ? self->reading->own : NULL;
  GtkWidget *dialog;

  if (own == NULL)
    return;
  dialog = xh_choose_subject_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->session, own->kind, own->id, _("Merge"),
                                  _("Choose the file that stays. This one leads to it from now on; nothing is lost, and it can be undone."),
                                  _("How it was found to be the same"));
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- others */

static void
own_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhSubjectPage *self = data;

  if (self->reading != NULL && self->reading->own != NULL)
    xh_subject_page_open (self, self->reading->own->id);
}

static void
print_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhSubjectPage *self = data;
  const XhSubjectReading *reading = self->reading;

  if (reading != NULL)
    xh_report_dialog_show (GTK_WIDGET (self), self->session, reading->key, reading->title,
                           reading->own != NULL ? reading->own->kind->subject_type : NULL);
}

static const GActionEntry entries[] = {
  { "create", new_cb, "s" }, { "merge", merge_cb }, { "unmerge", unmerge_cb }, { "own", own_cb }, { "print-report", print_cb },
};

void
xh_subject_page_add_actions (XhSubjectPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *print, *menu = gtk_menu_button_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  enable (self, "merge", FALSE);
  enable (self, "unmerge", FALSE);
  enable (self, "print-report", FALSE);
  self->may_report = xh_report_dialog_may (self->session);
  print = gtk_button_new_with_label (_("Print Credit Report"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (print), "page.print-report");
  gtk_accessible_update_property (GTK_ACCESSIBLE (print), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Print Credit Report"), -1);
  gtk_widget_set_visible (print, self->may_report);
  gtk_box_append (GTK_BOX (box), print);
  self->menu = GTK_MENU_BUTTON (menu);
  gtk_menu_button_set_icon_name (self->menu, "view-more-symbolic");
  gtk_widget_set_tooltip_text (menu, _("More about this subject"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (menu), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More about this subject"), -1);
  gtk_box_append (GTK_BOX (box), menu);
  xh_page_set_header_end (XH_PAGE (self), box);
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
}
