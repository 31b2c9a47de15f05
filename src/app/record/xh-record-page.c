/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-page-private.h"

#include <glib/gi18n-lib.h>

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

static void
issues_changed_cb (XhRecordPage *self)
{
  xh_record_page_show_header (self);
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
  g_signal_connect_object (self->state, "wanted", G_CALLBACK (xh_form_view_focus_field), self->view, G_CONNECT_SWAPPED);
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
  xh_record_page_build_header (self);
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
