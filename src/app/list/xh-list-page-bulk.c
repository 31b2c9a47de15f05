/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n-lib.h>

#include "app/print/xh-print-page.h"
#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-bulk-question.h"
#include "xh-bulk-result.h"
#include "xh-list-page-private.h"

/* What waits for an answer to "really?". */
typedef struct
{
  XhListPage *page; /* (owned) */
  XhBulkAction action;
  char *transition; /* (owned) (nullable) */
} Wish;

static void
wish_free (Wish *wish)
{
  g_object_unref (wish->page);
  g_free (wish->transition);
  g_free (wish);
}

static void
progress_cb (XhListPage *self)
{
  const guint done = xh_bulk_get_looked_at (self->bulk), total = xh_bulk_get_total (self->bulk);
  g_autofree char *text = g_strdup_printf (_("%u of %u"), done, total);

  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double) done / total : 0);
}

static void
update_undo (XhListPage *self)
{
  const gboolean can = self->bulk == NULL && self->last_bulk != NULL && xh_bulk_count_undoable (self->last_bulk) > 0;

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "undo")), can);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "undo-bulk")), can);
}

static void
finished_cb (XhListPage *self)
{
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  g_set_object (&self->last_bulk, self->bulk);
  g_clear_object (&self->bulk);
  update_undo (self);
  if (window == NULL)
    return;

  xh_record_selection_clear (self->selection);
  xh_list_page_update_selection (self);
  xh_bulk_tell (window, self->last_bulk);
}

static void
start (XhListPage *self, XhBulk *bulk)
{
  self->bulk = bulk;
  g_signal_connect_object (bulk, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bulk, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  progress_cb (self);
  xh_list_page_update_selection (self);
  update_undo (self);
  xh_bulk_run (bulk);
}

static void
run_with (XhListPage *self, XhBulkAction action, const char *transition, GHashTable *answers)
{
  g_autoptr (GArray) rids = xh_record_selection_rids (self->selection);
  XhBulk *bulk;

  if (rids->len == 0 || self->bulk != NULL || self->exporting != NULL)
    return;

  bulk = xh_bulk_new (self->session, action, transition);
  xh_bulk_set_answers (bulk, answers);
  for (guint i = 0; i < rids->len; i++)
    xh_bulk_add_rid (bulk, g_array_index (rids, gint64, i), xh_record_list_get_epoch (self->list));
  start (self, bulk);
}

static void
run (XhListPage *self, XhBulkAction action, const char *transition)
{
  run_with (self, action, transition, NULL);
}

static void
answered_cb (GtkWidget *page, const char *transition, GHashTable *answers)
{
  run_with (XH_LIST_PAGE (page), XH_BULK_TRANSITION, transition, answers);
}

static void
undo_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;

  if (self->bulk == NULL && self->last_bulk != NULL)
    start (self, xh_bulk_new_undo (self->last_bulk));
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Wish *wish)
{
  if (g_str_equal (response, "do"))
    run (wish->page, wish->action, wish->transition);
  wish_free (wish);
}

static void
ask_first (XhListPage *self, XhBulkAction action, const char *transition, const char *heading, const char *body,
           const char *button)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body);
  Wish *wish = g_new0 (Wish, 1);

  wish->page = g_object_ref (self);
  wish->action = action;
  wish->transition = g_strdup (transition);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "do", button, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "do", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), wish);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
transition_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  const XhTransition *transition = xh_kind_find_transition (self->kind, g_variant_get_string (parameter, NULL));
  const guint n = xh_record_selection_count (self->selection);

  if (transition == NULL)
    return;

  xh_bulk_ask (GTK_WIDGET (self), self->kind, transition, n, answered_cb);
}

static void
delete_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  const guint n = xh_record_selection_count (self->selection);
  g_autofree char *heading = g_strdup_printf (ngettext ("Delete %u record?", "Delete %u records?", n), n);

  ask_first (self, XH_BULK_DELETE, NULL, heading, _("They can be restored from Recently Deleted."), _("_Delete"));
}

static void
restore_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  run (data, XH_BULK_RESTORE, NULL);
}

static void
stop_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;

  if (self->bulk != NULL)
    xh_bulk_stop (self->bulk);
  if (self->exporting != NULL)
    g_cancellable_cancel (self->exporting);
}

/* One document of all that are ticked, in the order of the list. */
static void
paper_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  const XhDocumentDef *def = xh_catalog_find_document (self->kind->catalog, g_variant_get_string (parameter, NULL));
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  g_autoptr (GArray) rids = xh_record_selection_rids (self->selection);

  if (def != NULL && window != NULL && rids->len > 0)
    xh_window_push (window, xh_print_page_new_for_rids (self->session, def, rids, xh_record_list_get_epoch (self->list)));
}

static void
fill_papers (XhListPage *self)
{
  g_autoptr (GMenu) menu = xh_print_menu_new (self->session, self->kind, NULL);

  for (int i = 0; i < g_menu_model_get_n_items (G_MENU_MODEL (menu)); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new_from_model (G_MENU_MODEL (menu), i);

      g_menu_append_item (self->print_menu, item);
    }
}

static void
fill_transitions (XhListPage *self)
{
  for (guint i = 0; i < self->kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (self->kind->transitions, i);
      g_autoptr (GMenuItem) item = NULL;

      if (!xh_session_may (self->session, transition->roles, self->kind))
        continue;
      item = g_menu_item_new (xh_label_get (&transition->label), NULL);
      g_menu_item_set_action_and_target (item, "page.transition", "s", transition->name);
      g_menu_append_item (self->transition_menu, item);
    }
}

void
xh_list_page_add_bulk_actions (XhListPage *self)
{
  static const GActionEntry entries[] = {
    { "paper", paper_action, "s" },
    { "transition", transition_action, "s" },
    { "delete", delete_action },
    { "restore", restore_action },
    { "stop", stop_action },
    { "undo", undo_action },      /* Ctrl+Z */
    { "undo-bulk", undo_action }, /* of a toast: on a record's page it must not be the record's undo */
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  fill_transitions (self);
  fill_papers (self);
  update_undo (self);
}

void
xh_list_page_update_selection (XhListPage *self)
{
  const guint n = xh_record_selection_count (self->selection);
  const gboolean may_delete = xh_session_may (self->session, self->kind->delete_roles, self->kind);
  g_autofree char *number = xh_text_number (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s record selected", "%s records selected", n), number);

  gtk_label_set_text (self->selected, text);
  gtk_stack_set_visible_child_name (self->foot, self->bulk != NULL || self->exporting != NULL ? "progress" : n > 0 ? "selection" : "count");
  gtk_widget_set_visible (GTK_WIDGET (self->transition_button),
                          !self->deleted && g_menu_model_get_n_items (G_MENU_MODEL (self->transition_menu)) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->print_button),
                          !self->deleted && g_menu_model_get_n_items (G_MENU_MODEL (self->print_menu)) > 0);
  gtk_widget_set_visible (self->delete_button, !self->deleted && may_delete);
  gtk_widget_set_visible (self->restore_button, self->deleted && may_delete);
}
