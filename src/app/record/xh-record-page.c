/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/print/xh-print-page.h"
#include "app/subject/xh-report-dialog.h"
#include "app/tools/xh-repair-table.h"
#include "app/widgets/xh-two-pane.h"
#include "app/window/xh-window.h"

G_DEFINE_FINAL_TYPE (XhRecordPage, xh_record_page, XH_TYPE_PAGE)

/* --- bar */

void
xh_record_page_show_bar (XhRecordPage *self, XhRecordBar says, const char *text)
{
  static const char *const icons[] = { NULL, "document-edit-symbolic", "user-trash-symbolic", "dialog-warning-symbolic" };
  const char *const actions[] = { NULL, _ ("Discard Draft"), _ ("Bring Back"), _ ("Close") };

  self->bar_says = says;
  gtk_revealer_set_reveal_child (self->bar, says != XH_BAR_NONE);
  if (says == XH_BAR_NONE)
    return;
  gtk_image_set_from_icon_name (self->bar_icon, icons[says]);
  gtk_label_set_label (self->bar_label, text);
  gtk_button_set_label (self->bar_button, actions[says]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar_button), GTK_ACCESSIBLE_PROPERTY_LABEL, actions[says], -1);
}

static void
bar_clicked_cb (XhRecordPage *self)
{
  switch (self->bar_says)
    {
    case XH_BAR_DRAFT:
      xh_record_page_drop_draft (self);
      break;
    case XH_BAR_DELETED:
      xh_record_page_set_deleted (self, FALSE);
      break;
    case XH_BAR_FAULT:
    case XH_BAR_NONE:
    default:
      xh_record_page_show_bar (self, XH_BAR_NONE, NULL);
    }
}

/* --- header */

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

static void
issues_changed_cb (XhRecordPage *self)
{
  xh_record_page_show_header (self);
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

/* --- panes */

static void
open_linked_cb (XhRecordPage *self, const char *kind, const char *id)
{
  xh_field_host_open_record (XH_FIELD_HOST (self->host), kind, id);
}

static void
open_all_linked_cb (XhRecordPage *self, const char *name, const char *field)
{
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), name);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  g_autoptr (XhQuery) query = xh_query_new (kind);
  const XhValue value = { .type = XH_VALUE_TEXT, { .text = self->id } };

  xh_query_filter (query, field, XH_QUERY_IS, &value, NULL);
  if (window != NULL)
    xh_window_open_list (window, kind, query);
}

static void
create_linked_cb (XhRecordPage *self, const char *name, const char *field)
{
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), name);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL && kind != NULL)
    xh_window_push (window, xh_record_page_new_for (self->session, kind, field, self->id));
}

static void
delete_cb (XhRecordPage *self)
{
  xh_record_page_set_deleted (self, TRUE);
}

/* The dates of this record under every set of rules, where its definition counts them. */
static void
add_calculator (XhRecordPage *self)
{
  g_autofree char *target = g_strconcat ("repair-calculator:", self->id, NULL);
  GtkWidget *button;

  if (!xh_repair_concerns (self->kind))
    return;
  button = gtk_button_new_with_label (_ ("Repair Dates"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open");
  gtk_box_append (self->side, button);
}

/* A recorded draw is checked where it was made. */
static void
add_verification (XhRecordPage *self)
{
  g_autofree char *target = g_strconcat ("sampling:", self->id, NULL);
  GtkWidget *button;

  if (g_strcmp0 (self->kind->name, xh_catalog_get_register (xh_session_get_catalog (self->session), "draw")) != 0)
    return;
  button = gtk_button_new_with_label (_ ("Verify the Draw"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open");
  gtk_box_append (self->side, button);
}

static void
fill_side (XhRecordPage *self)
{
  self->state = XH_STATE_PANE (xh_state_pane_new (self->form));
  self->linked = XH_LINKED_PANE (xh_linked_pane_new ());
  self->history = XH_HISTORY_PANE (xh_history_pane_new (self->session, self->kind));
  self->delete_button = GTK_BUTTON (gtk_button_new_with_label (_ ("Delete Record")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->delete_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Delete Record"), -1);
  gtk_widget_set_halign (GTK_WIDGET (self->delete_button), GTK_ALIGN_START);
  gtk_box_append (self->side, GTK_WIDGET (self->state));
  gtk_box_append (self->side, GTK_WIDGET (self->linked));
  gtk_box_append (self->side, GTK_WIDGET (self->history));
  add_calculator (self);
  add_verification (self);
  gtk_box_append (self->side, GTK_WIDGET (self->delete_button));

  g_signal_connect_object (self->state, "transition", G_CALLBACK (xh_record_page_transition), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->linked, "open", G_CALLBACK (open_linked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->linked, "open-all", G_CALLBACK (open_all_linked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->linked, "create", G_CALLBACK (create_linked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->delete_button, "clicked", G_CALLBACK (delete_cb), self, G_CONNECT_SWAPPED);
}

static void
field_wanted_cb (XhRecordPage *self, const char *field)
{
  xh_form_view_focus_field (self->view, field);
}

static void
open_double_cb (XhRecordPage *self, const char *id)
{
  xh_field_host_open_record (XH_FIELD_HOST (self->host), self->kind->name, id);
}

static void
fill_known_cb (XhRecordPage *self)
{
  const XhSubjectFill *fill = self->known != NULL ? xh_known_bar_get_fill (self->known) : NULL;
  g_autofree const XhField **fields = NULL;
  g_autofree const XhValue **values = NULL;
  guint n;

  if (fill == NULL)
    return;
  n = fill->values->len;
  fields = g_new0 (const XhField *, n);
  values = g_new0 (const XhValue *, n);
  for (guint i = 0; i < n; i++)
    {
      const XhFillValue *one = g_ptr_array_index (fill->values, i);

      fields[i] = one->field;
      values[i] = &one->value;
    }
  xh_record_editor_fill (self->editor, fields, values, n);
  xh_record_page_ask_known (self);
}

/* Over the foot of the form: what comes and goes there moves no field. */
static GtkWidget *
create_known (XhRecordPage *self, GtkWidget *panes)
{
  GtkWidget *overlay = gtk_overlay_new (), *clamp = adw_clamp_new ();

  self->known = XH_KNOWN_BAR (xh_known_bar_new (self->session, self->kind));
  g_signal_connect_object (self->known, "open", G_CALLBACK (open_double_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->known, "fill", G_CALLBACK (fill_known_cb), self, G_CONNECT_SWAPPED);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 784);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->known));
  gtk_widget_set_valign (clamp, GTK_ALIGN_END);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), panes);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), clamp);
  return overlay;
}

static void
fill_content (XhRecordPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *panes;

  self->view = XH_FORM_VIEW (xh_form_view_new (self->editor, XH_FIELD_HOST (self->host)));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  if (self->kind->scorecard != NULL)
    {
      self->score = XH_SCORE_PANE (xh_score_pane_new (self->form));
      g_signal_connect_object (self->score, "field-wanted", G_CALLBACK (field_wanted_cb), self, G_CONNECT_SWAPPED);
      /* Form and score need the width: what stands beside them lies over them when it is asked for. */
      adw_flap_set_fold_policy (self->flap, ADW_FLAP_FOLD_POLICY_ALWAYS);
    }
  adw_flap_set_reveal_flap (self->flap, self->score == NULL);
  panes = xh_two_pane_new (scroller, GTK_WIDGET (self->score));
  if (self->score != NULL)
    g_object_bind_property (panes, "folded", self->score, "compact", G_BINDING_SYNC_CREATE);
  adw_bin_set_child (self->content, xh_known_bar_concerns (self->kind) ? create_known (self, panes) : panes);
}

/* --- page */

static void
xh_record_page_reload (XhPage *page)
{
  xh_record_page_rebase (XH_RECORD_PAGE (page));
}

static gboolean
xh_record_page_can_leave (XhPage *page)
{
  XhRecordPage *self = XH_RECORD_PAGE (page);

  xh_record_page_keep_draft (self);
  return TRUE;
}

static void
xh_record_page_dispose (GObject *object)
{
  XhRecordPage *self = XH_RECORD_PAGE (object);

  if (self->session != NULL)
    xh_record_page_keep_draft (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->draft_source, g_source_remove);
  g_clear_handle_id (&self->fold_source, g_source_remove);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_RECORD_PAGE);
  self->known = NULL;
  g_clear_object (&self->actions);
  g_clear_object (&self->host);
  g_clear_object (&self->editor);
  g_clear_object (&self->form);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (xh_record_page_parent_class)->dispose (object);
}

static void
xh_record_page_finalize (GObject *object)
{
  XhRecordPage *self = XH_RECORD_PAGE (object);

  g_free (self->id);
  g_free (self->fill_field);
  g_free (self->fill_target);
  g_free (self->fill_name_field);
  g_free (self->fill_name);
  g_free (self->transition);
  g_clear_pointer (&self->before, xh_record_free);

  G_OBJECT_CLASS (xh_record_page_parent_class)->finalize (object);
}

static void
xh_record_page_class_init (XhRecordPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = xh_record_page_dispose;
  object_class->finalize = xh_record_page_finalize;
  XH_PAGE_CLASS (klass)->reload = xh_record_page_reload;
  XH_PAGE_CLASS (klass)->can_leave = xh_record_page_can_leave;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/record/xh-record-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, bar);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, bar_icon);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, bar_label);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, bar_button);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, failed);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, flap);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, content);
  gtk_widget_class_bind_template_child (widget_class, XhRecordPage, side);
}

static void
xh_record_page_init (XhRecordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->bar_button, "clicked", G_CALLBACK (bar_clicked_cb), self, G_CONNECT_SWAPPED);
  self->cancellable = g_cancellable_new ();
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

static XhRecordPage *
create_page (XhSession *session, const XhKind *kind, const char *id)
{
  XhRecordPage *self = g_object_new (XH_TYPE_RECORD_PAGE, NULL);
  const char *role = xh_session_get_role (session);
  g_autoptr (XhRecord) blank = xh_record_new (kind, id);

  self->session = g_object_ref (session);
  self->kind = kind;
  self->id = g_strdup (id);
  self->form = xh_form_new (kind, role);
  xh_form_set_place (self->form, xh_session_get_profile (session)->division, xh_session_get_profile (session)->unit);
  /* The rows are made over an empty record, and filled when the store has answered. */
  xh_form_load (self->form, blank, NULL, FALSE);
  self->editor = xh_record_editor_new (self->form, role);
  self->host = xh_record_host_new (session, GTK_WIDGET (self));
  fill_content (self);
  fill_side (self);
  xh_page_set_title (XH_PAGE (self), xh_label_get (&kind->label));
  xh_page_set_header_end (XH_PAGE (self), create_header (self));
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
  folded_cb (self);
  g_signal_connect_object (self->flap, "notify::folded", G_CALLBACK (folded_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (self->flap, "reveal-flap", self->side_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  xh_record_page_show_header (self);
  g_signal_connect_object (self->editor, "edited", G_CALLBACK (xh_record_page_edited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "notify", G_CALLBACK (issues_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

XhPage *
xh_record_page_new (XhSession *session, const XhKind *kind, const char *id)
{
  XhRecordPage *self = create_page (session, kind, id);

  xh_record_page_load (self, TRUE);
  xh_record_page_watch (self);
  return XH_PAGE (self);
}

XhPage *
xh_record_page_new_for (XhSession *session, const XhKind *kind, const char *field, const char *target)
{
  XhRecordPage *self = create_page (session, kind, NULL);

  self->fill_field = g_strdup (field);
  self->fill_target = g_strdup (target);
  xh_record_page_load (self, FALSE);
  xh_record_page_watch (self);
  return XH_PAGE (self);
}

XhPage *
xh_record_page_new_about (XhSession *session, const XhKind *kind, const char *field, const char *key, const char *name_field, const char *name)
{
  XhRecordPage *self = create_page (session, kind, NULL);

  self->fill_field = g_strdup (field);
  self->fill_target = g_strdup (key);
  self->fill_name_field = g_strdup (name_field);
  self->fill_name = g_strdup (name);
  xh_record_page_load (self, FALSE);
  xh_record_page_watch (self);
  return XH_PAGE (self);
}

const char *
xh_record_page_get_saved (XhRecordPage *self)
{
  g_return_val_if_fail (XH_IS_RECORD_PAGE (self), NULL);

  return self->saved ? self->id : NULL;
}
