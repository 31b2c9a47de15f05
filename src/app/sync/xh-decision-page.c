/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-decision-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-field-row.h"
#include "app/widgets/xh-save-dialog.h"
#include "app/window/xh-window.h"
#include "xh-conflict-card.h"
#include "xh-tray-sheet.h"

G_DEFINE_FINAL_TYPE (XhDecisionPage, xh_decision_page, XH_TYPE_PAGE)

static void read_item (XhDecisionPage *self, gint64 number);

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

/* Quietly, above what comes next: a toast would hide its buttons. @text: (nullable) */
static void
say_done (XhDecisionPage *self, const char *text, gboolean undo)
{
  gtk_label_set_text (self->done, text != NULL ? text : "");
  gtk_widget_set_visible (self->undo_button, undo);
  gtk_widget_set_visible (self->done_box, text != NULL);
}

static void
undo_cb (XhDecisionPage *self)
{
  say_done (self, NULL, FALSE);
}

static void
say_fault (XhDecisionPage *self, const char *text)
{
  gtk_label_set_text (self->fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), text != NULL);
}

/* --- what the record would be --- */

static void
update (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  GAction *save = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "save");
  const gboolean decided = xh_tray_case_is_decided (item);
  gboolean stands = item->record != NULL;

  if (self->form != NULL)
    {
      g_autoptr (XhForm) now = xh_form_new (item->kind, item->role);

      xh_form_load (now, item->record, item->references, FALSE);
      stands = xh_decision_result_show (self->result, item->creates ? NULL : now, self->form, decided, xh_decision_page_show_said (self));
    }
  gtk_widget_set_sensitive (self->foot, !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->give_up_button), item->record != NULL || item->grade == XH_TRAY_DELETED || item->exported);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (save), !self->busy && decided && stands);
}

static void
load_form (XhDecisionPage *self)
{
  g_autoptr (XhRecord) result = xh_tray_case_result (self->reading->item);
  GHashTableIter iter;
  gpointer row;

  if (result == NULL)
    return;
  self->loading = TRUE;
  xh_form_load (self->form, result, self->reading->item->references, FALSE);
  xh_record_editor_reset (self->editor);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    xh_field_row_refresh (row);
  xh_decision_page_add_missing_rows (self);
  self->loading = FALSE;
  update (self);
}

void
xh_decision_page_edited (XhDecisionPage *self, const char *field)
{
  const XhValue *value = xh_form_get (self->form, field);

  if (self->loading || value == NULL)
    return;
  json_object_set_member (self->reading->item->edits, field, xh_value_to_json (value));
  update (self);
}

/* --- choosing --- */

void
xh_decision_page_chosen (XhDecisionPage *self)
{
  if (self->form != NULL)
    load_form (self);
  else
    update (self);
}

static void
choose_all (XhDecisionPage *self, XhTraySide side)
{
  if (self->reading == NULL)
    return;
  xh_tray_case_choose_all (self->reading->item, side);
  for (GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards)); card != NULL; card = gtk_widget_get_next_sibling (card))
    if (XH_IS_CONFLICT_CARD (card))
      xh_conflict_card_refresh (XH_CONFLICT_CARD (card));
  xh_decision_page_chosen (self);
}

static void
all_mine_cb (XhDecisionPage *self)
{
  choose_all (self, XH_SIDE_MINE);
}

static void
all_theirs_cb (XhDecisionPage *self)
{
  choose_all (self, XH_SIDE_THEIRS);
}

static void
all_both_cb (XhDecisionPage *self)
{
  choose_all (self, XH_SIDE_BOTH);
}

/* --- reading --- */

static void
forget_item (XhDecisionPage *self)
{
  clear_box (self->cards);
  clear_box (self->correct_box);
  clear_box (self->besides_box);
  clear_box (self->result_box);
  self->correct = NULL;
  self->result = NULL;
  g_hash_table_remove_all (self->rows);
  g_hash_table_remove_all (self->said);
  g_clear_object (&self->host);
  g_clear_object (&self->editor);
  g_clear_object (&self->form);
  g_clear_pointer (&self->reading, xh_tray_reading_free);
}

static void
hide_if_empty (GtkBox *box)
{
  gtk_widget_set_visible (GTK_WIDGET (box), gtk_widget_get_first_child (GTK_WIDGET (box)) != NULL);
}

static void
show_item (XhDecisionPage *self, XhTrayReading *reading)
{
  const gboolean again = self->again && self->reading != NULL && self->number == reading->item->number;
  g_autofree char *fault = again ? g_strdup (gtk_label_get_text (self->fault)) : NULL;

  if (again)
    xh_tray_case_go_on (reading->item, self->reading->item);
  self->again = FALSE;
  forget_item (self);
  self->reading = reading;
  self->number = reading->item->number;
  say_fault (self, fault);
  xh_decision_page_show_head (self);
  xh_decision_page_build (self);
  hide_if_empty (self->cards);
  hide_if_empty (self->correct_box);
  hide_if_empty (self->besides_box);
  hide_if_empty (self->result_box);
  if (self->form != NULL)
    load_form (self);
  else
    update (self);
  if (!gtk_widget_child_focus (GTK_WIDGET (self->cards), GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus (GTK_WIDGET (self->correct_box), GTK_DIR_TAB_FORWARD);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhDecisionPage) self = data;
  g_autoptr (GError) error = NULL;
  XhTrayReading *reading = xh_tray_read_finish (XH_SESSION (source), result, &error);

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      xh_tray_reading_free (reading);
      return;
    }
  if (reading != NULL)
    show_item (self, reading);
  else
    {
      forget_item (self);
      gtk_label_set_text (self->story, error->message);
      gtk_widget_set_visible (self->all_box, FALSE);
      gtk_widget_set_sensitive (self->foot, FALSE);
    }
}

static void
read_item (XhDecisionPage *self, gint64 number)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  xh_tray_read_async (self->session, number, self->cancellable, read_cb, g_object_ref (self));
}

/* The same item as it stands now; what was chosen and typed stays. */
static void
read_again (XhDecisionPage *self)
{
  self->again = TRUE;
  read_item (self, self->number);
}

/* --- what is done --- */

/* The next one that waits, else back to where one came from. */
static void
go_on (XhDecisionPage *self)
{
  const gint64 next = self->reading != NULL ? self->reading->next : 0;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (next != 0)
    read_item (self, next);
  else if (window != NULL)
    xh_window_back (window);
}

static void
end (XhDecisionPage *self, GAsyncResult *result, GObject *source, const char *text, const char *undo)
{
  g_autoptr (GError) error = NULL;
  const gboolean done = xh_tray_finish (XH_SESSION (source), result, &error);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  self->busy = FALSE;
  if (self->session == NULL || self->reading == NULL)
    return;
  if (!done)
    {
      say_fault (self, error->message);
      update (self);
      if (g_error_matches (error, XH_STORE_ERROR, XH_STORE_ERROR_MOVED))
        read_again (self);
      return;
    }
  /* A toast over the next item would hide that one's buttons. */
  if (self->reading->next != 0)
    {
      g_autofree char *both = g_strdup_printf (_("%s: %s"), xh_page_get_title (XH_PAGE (self)), text);

      say_done (self, both, undo != NULL);
    }
  else if (window != NULL)
    xh_window_toast_undo (window, text, undo);
  go_on (self);
}

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhDecisionPage) self = data;

  end (self, result, source, self->said_done, "win.undo-decision");
}

static void
parked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhDecisionPage) self = data;

  end (self, result, source, self->reading != NULL && self->reading->item->parked ? _("It waits for your decision again") : _("Parked: it stands below what waits"),
       NULL);
}

static void
decide (XhDecisionPage *self, gint64 seen, const char *choices, const char *said_done)
{
  self->busy = TRUE;
  self->said_done = said_done;
  say_fault (self, NULL);
  update (self);
  xh_tray_decide_async (self->session, self->number, seen, choices, decided_cb, g_object_ref (self));
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhDecisionPage *self = data;
  g_autofree char *choices = xh_tray_case_decision (self->reading->item);

  decide (self, xh_tray_case_version (self->reading->item), choices,
          g_str_equal (choices, "{}") ? _("Decision saved: what the server has stands") : _("Decision saved"));
}

static void
give_up_cb (XhDecisionPage *self)
{
  decide (self, -1, "{}", xh_tray_case_is_gone (self->reading->item) ? _("Put away") : _("Given up"));
}

static void
park_cb (XhDecisionPage *self)
{
  self->busy = TRUE;
  update (self);
  xh_tray_park_async (self->session, self->number, !self->reading->item->parked, parked_cb, g_object_ref (self));
}

static void
open_cb (XhDecisionPage *self)
{
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL && self->reading != NULL)
    xh_window_open_record (window, self->reading->item->kind, self->reading->item->record_id);
}

/* The store knows which item is in the sheet, whatever this page has shown meanwhile: it is read again. */
static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhDecisionPage) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = xh_tray_sheet_save_finish (result, &error) >= 0;

  if (self->session == NULL || self->reading == NULL)
    return;
  say_fault (self, done ? NULL : error->message);
  if (!done)
    return;
  say_done (self, _("The change is in the sheet"), FALSE);
  read_again (self);
}

static void
export_to (GtkWidget *page, const char *path)
{
  XhDecisionPage *self = XH_DECISION_PAGE (page);

  if (self->session != NULL && self->exporting != 0)
    xh_tray_sheet_save_async (self->session, self->exporting, path, exported_cb, g_object_ref (self));
}

static void
export_cb (XhDecisionPage *self)
{
  g_autofree char *name = g_strconcat (xh_page_get_title (XH_PAGE (self)), ".xlsx", NULL);

  self->exporting = self->reading != NULL ? self->number : 0;
  if (self->exporting != 0)
    xh_ask_save_path (GTK_WIDGET (self), _("Export"), name, export_to);
}

/* --- page --- */

static void
xh_decision_page_reload (XhPage *page)
{
  read_again (XH_DECISION_PAGE (page));
}

static void
xh_decision_page_dispose (GObject *object)
{
  XhDecisionPage *self = XH_DECISION_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->cards != NULL)
    forget_item (self);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_DECISION_PAGE);

  G_OBJECT_CLASS (xh_decision_page_parent_class)->dispose (object);
}

static void
xh_decision_page_finalize (GObject *object)
{
  XhDecisionPage *self = XH_DECISION_PAGE (object);

  g_clear_object (&self->actions);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->said);

  G_OBJECT_CLASS (xh_decision_page_parent_class)->finalize (object);
}

static void
xh_decision_page_class_init (XhDecisionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_decision_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_decision_page_finalize;
  XH_PAGE_CLASS (klass)->reload = xh_decision_page_reload;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/sync/xh-decision-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, story);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, fault);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, done);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, done_box);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, undo_button);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, cards);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, correct_box);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, besides_box);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, result_box);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, all_box);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, all_both);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, foot);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, give_up_button);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, park_button);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, XhDecisionPage, open_button);
  gtk_widget_class_bind_template_callback (widget_class, all_mine_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_theirs_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_both_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
  gtk_widget_class_bind_template_callback (widget_class, give_up_cb);
  gtk_widget_class_bind_template_callback (widget_class, park_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
xh_decision_page_init (XhDecisionPage *self)
{
  static const GActionEntry entries[] = { { .name = "save", .activate = save_cb } };

  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "save")), FALSE);
  gtk_widget_init_template (GTK_WIDGET (self));
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
}

XhPage *
xh_decision_page_new (XhSession *session, gint64 number)
{
  XhDecisionPage *self = g_object_new (XH_TYPE_DECISION_PAGE, NULL);

  self->session = g_object_ref (session);
  self->number = number;
  read_item (self, number);

  return XH_PAGE (self);
}
