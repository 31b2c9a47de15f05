/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The head of the record page: its title, its buttons and what they do. What can be done now is said by xh_record_page_show_header(). */
#include "xh-record-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/print/xh-print-page.h"
#include "app/subject/xh-report-dialog.h"
#include "app/window/xh-window.h"

static void
show_title (XhRecordPage *self)
{
  const XhRecord *record = xh_form_get_record (self->form);
  const XhState *state = xh_kind_find_state (self->kind, record->state);
  const char *kind = xh_label_get (&self->kind->label);
  g_autofree char *subtitle = NULL;

  if (!self->saved)
    {
      g_autofree char *title = g_strdup_printf (_ ("New: %s"), kind);

      xh_page_set_title (XH_PAGE (self), title);
      return;
    }
  subtitle = state != NULL ? g_strdup_printf ("%s · %s", kind, xh_label_get (&state->label)) : g_strdup (kind);
  xh_page_set_subtitle (XH_PAGE (self), subtitle);
}

static void
enable (XhRecordPage *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* What was merged has no report of its own: the file that stays has. */
static gboolean
may_report (XhRecordPage *self)
{
  const char *merged = self->kind->subject_merged;

  return self->kind->subject_self && xh_report_dialog_may (self->session)
         && (merged == NULL || xh_value_is_null (xh_record_get (xh_form_get_record (self->form), merged)));
}

static GMenu *
create_print_menu (XhRecordPage *self, XhForm *form)
{
  GMenu *menu = xh_print_menu_new (self->session, self->kind, form);

  if (may_report (self))
    g_menu_append (menu, _ ("Credit Report…"), "page.report");
  return menu;
}

static void
show_print_button (XhRecordPage *self, gboolean may)
{
  g_autoptr (GMenu) menu = may ? create_print_menu (self, self->form) : NULL;
  const gboolean any = menu != NULL && g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0;

  gtk_widget_set_sensitive (GTK_WIDGET (self->print_button), any);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->print_button), may && !any ? _ ("No paper is printed of it in this state") : _ ("Print a paper"));
}

void
xh_record_page_show_header (XhRecordPage *self)
{
  gboolean deleted = self->loaded && xh_form_get_record (self->form)->deleted;
  gboolean dirty = self->loaded && (xh_form_is_dirty (self->form) || (!self->saved && self->fill_field != NULL));
  guint n = self->loaded ? xh_record_editor_count_issues (self->editor, TRUE) : 0;
  g_autofree char *text = NULL;
  const char *role = xh_session_get_role (self->session);
  gboolean can_undo, can_redo;

  g_object_get (self->editor, "can-undo", &can_undo, "can-redo", &can_redo, NULL);
  enable (self, "save", dirty && !self->saving && !deleted);
  enable (self, "paper", self->saved && !dirty && !deleted);
  if (self->print_button != NULL)
    show_print_button (self, self->saved && !dirty && !deleted);
  if (self->subject_button != NULL)
    {
      g_autofree char *key = self->loaded ? xh_record_subject_key (xh_form_get_record (self->form)) : NULL;

      gtk_widget_set_visible (self->subject_button, self->saved && key != NULL);
    }
  enable (self, "undo", self->loaded && can_undo);
  enable (self, "redo", self->loaded && can_redo);
  if (!self->saved && !dirty)
    n = 0; /* nothing was typed: nothing is wrong yet */
  enable (self, "issues", n > 0);
  text = g_strdup_printf (ngettext ("%u to correct", "%u to correct", n), n);
  gtk_button_set_label (self->issues_button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->issues_button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->issues_button), n > 0 && !deleted);
  gtk_widget_set_visible (GTK_WIDGET (self->delete_button),
                          self->saved && !deleted && !xh_form_lies_elsewhere (self->form) && xh_kind_may (self->kind, self->kind->delete_roles, role));
  gtk_widget_set_sensitive (GTK_WIDGET (self->view), !deleted);
  gtk_widget_set_sensitive (GTK_WIDGET (self->state), !deleted);
  if (self->loaded)
    show_title (self);
}

/* --- actions */

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  xh_record_page_save (data);
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  xh_record_editor_undo (XH_RECORD_PAGE (data)->editor);
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  xh_record_editor_redo (XH_RECORD_PAGE (data)->editor);
}

static void
issues_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  xh_form_view_reveal_issues (XH_RECORD_PAGE (data)->view);
}

/* The paper shows what is stored: an edit under way is saved first. */
static void
paper_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhRecordPage *self = data;
  const XhDocumentDef *def = xh_catalog_find_document (self->kind->catalog, g_variant_get_string (parameter, NULL));
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_ptr_array_add (ids, self->id);
  if (window != NULL && def != NULL)
    xh_window_push (window, xh_print_page_new (self->session, def, ids));
}

/* Of a record that is a subject itself: what all registers know of it. */
static void
report_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhRecordPage *self = data;
  const XhRecord *record = xh_form_get_record (self->form);
  g_autofree char *key = xh_record_subject_key (record);
  const char *name = self->kind->subject_name != NULL ? xh_value_as_text (xh_record_get (record, self->kind->subject_name)) : NULL;

  if (key != NULL)
    xh_report_dialog_show (GTK_WIDGET (self), self->session, key, name, self->kind->subject_type);
}

static void
fill_print_menu_cb (GtkMenuButton *button, gpointer data)
{
  XhRecordPage *self = data;
  g_autoptr (GMenu) menu = create_print_menu (self, self->form);

  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
subject_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhRecordPage *self = data;
  g_autofree char *key = xh_record_subject_key (xh_form_get_record (self->form));
  g_autofree char *target = key != NULL ? g_strconcat ("subject:", key, NULL) : NULL;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL && target != NULL)
    xh_window_open_target (window, target);
}

static void
fill_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhRecordPage *self = data;

  if (self->known != NULL)
    g_signal_emit_by_name (self->known, "fill");
}

static const GActionEntry entries[] = {
  { "fill", fill_cb },
  { "subject", subject_cb },
  { "paper", paper_cb, "s" },
  { "report", report_cb },
  { "save", save_cb },
  { "undo", undo_cb },
  { "redo", redo_cb },
  { "issues", issues_cb },
};

/* --- buttons */

static void
add_print_button (XhRecordPage *self, GtkBox *box)
{
  g_autoptr (GMenu) menu = create_print_menu (self, NULL);
  GtkWidget *button;

  if (g_menu_model_get_n_items (G_MENU_MODEL (menu)) == 0)
    return;
  button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "printer-symbolic");
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), fill_print_menu_cb, self, NULL);
  gtk_widget_set_tooltip_text (button, _ ("Print a paper"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Print a paper"), -1);
  gtk_box_append (box, button);
  self->print_button = GTK_MENU_BUTTON (button);
}

/* Where the pane is folded away, the next step must still be found by reading. */
static gboolean
show_steps_word (gpointer data)
{
  XhRecordPage *self = data;

  self->fold_source = 0;
  adw_button_content_set_label (self->side_content, adw_flap_get_folded (self->flap) ? _ ("Steps") : "");
  return G_SOURCE_REMOVE;
}

/* It is told while widgets are given their places: the header may not change just then. */
static void
folded_cb (XhRecordPage *self)
{
  if (self->fold_source == 0)
    self->fold_source = g_idle_add (show_steps_word, self);
}

static GtkWidget *
create_header (XhRecordPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->issues_button = GTK_BUTTON (gtk_button_new ());
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->issues_button), "page.issues");
  gtk_widget_add_css_class (GTK_WIDGET (self->issues_button), "issues");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->issues_button), _ ("Go to what is left to correct"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->issues_button));

  self->save_button = GTK_BUTTON (gtk_button_new_with_label (_ ("Save")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->save_button), "page.save");
  gtk_widget_add_css_class (GTK_WIDGET (self->save_button), "suggested-action");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->save_button), _ ("Save (Ctrl+S)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Save"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->save_button));

  if (self->kind->subject_codes != NULL)
    {
      self->subject_button = gtk_button_new_from_icon_name ("avatar-default-symbolic");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->subject_button), "page.subject");
      gtk_widget_set_tooltip_text (self->subject_button, _ ("Subject file"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->subject_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Subject file"), -1);
      gtk_box_append (GTK_BOX (box), self->subject_button);
    }
  add_print_button (self, GTK_BOX (box));

  self->side_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  self->side_content = ADW_BUTTON_CONTENT (adw_button_content_new ());
  adw_button_content_set_icon_name (self->side_content, "sidebar-show-right-symbolic");
  gtk_button_set_child (GTK_BUTTON (self->side_button), GTK_WIDGET (self->side_content));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->side_button), _ ("State, linked records and history"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->side_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("State, linked records and history"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->side_button));
  return box;
}

void
xh_record_page_build_header (XhRecordPage *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  xh_page_set_header_end (XH_PAGE (self), create_header (self));
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
  folded_cb (self);
  g_signal_connect_object (self->flap, "notify::folded", G_CALLBACK (folded_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (self->flap, "reveal-flap", self->side_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}
