/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/list/xh-bulk-question.h"
#include "app/list/xh-bulk-result.h"
#include "app/window/xh-window.h"

#define STEPS_MAX 4

/* --- what is ticked --- */

/* Each record once, though it may be ticked in two sections. */
static void
collect_cb (gpointer data, gpointer user_data)
{
  XhWorkRowWidget *row = data;
  GPtrArray *rows = user_data;

  for (guint i = 0; i < rows->len; i++)
    if (g_str_equal (xh_work_row_widget_get_id (g_ptr_array_index (rows, i)), xh_work_row_widget_get_id (row)))
      return;
  g_ptr_array_add (rows, row);
}

/* (transfer container) of XhWorkRowWidget */
static GPtrArray *
get_ticked (XhWorkPage *self)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
    xh_work_card_each_ticked (self->cards[i], collect_cb, rows);

  return rows;
}

static gboolean
can_take (XhWorkPage *self, XhWorkRowWidget *row, const XhTransition *transition)
{
  const char *state = xh_work_row_widget_get_state (row);

  return state != NULL && transition != NULL && g_strv_contains ((const char *const *) transition->from, state)
         && xh_session_may (self->session, transition->roles, xh_work_row_widget_get_kind (row));
}

/* A step is common where every ticked record has one of that name and that label: what a person reads is what is done. */
static gboolean
is_common (XhWorkPage *self, GPtrArray *rows, const XhTransition *transition)
{
  for (guint i = 0; i < rows->len; i++)
    {
      XhWorkRowWidget *row = g_ptr_array_index (rows, i);
      const XhTransition *own = xh_kind_find_transition (xh_work_row_widget_get_kind (row), transition->name);

      if (!can_take (self, row, own) || g_strcmp0 (xh_label_get (&own->label), xh_label_get (&transition->label)) != 0)
        return FALSE;
    }

  return TRUE;
}

/* --- the bar --- */

static void
add_step (XhWorkPage *self, const XhTransition *transition, gboolean first)
{
  GtkWidget *button = gtk_button_new_with_label (xh_label_get (&transition->label));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.transition");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", transition->name);
  if (transition->destructive)
    gtk_widget_add_css_class (button, "destructive-action");
  else if (first)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_box_append (self->steps, button);
}

static void
show_steps (XhWorkPage *self, GPtrArray *rows)
{
  const XhKind *kind = rows->len > 0 ? xh_work_row_widget_get_kind (g_ptr_array_index (rows, 0)) : NULL;
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->steps))) != NULL)
    gtk_box_remove (self->steps, child);
  for (guint i = 0; kind != NULL && i < kind->transitions->len && n < STEPS_MAX; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (is_common (self, rows, transition))
        add_step (self, transition, n++ == 0);
    }
  if (n == 0 && rows->len > 0)
    {
      GtkWidget *label = gtk_label_new (_("They have no step in common. Select fewer, or open one."));

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_box_append (self->steps, label);
    }
}

void
xh_work_page_update_bar (XhWorkPage *self)
{
  g_autoptr (GPtrArray) rows = get_ticked (self);
  g_autofree char *text = g_strdup_printf (ngettext ("%u selected", "%u selected", rows->len), rows->len);
  const gboolean can = self->bulk == NULL && self->last_bulk != NULL && xh_bulk_count_undoable (self->last_bulk) > 0;
  GActionMap *map = G_ACTION_MAP (self->actions);

  gtk_label_set_text (self->selected, text);
  gtk_stack_set_visible_child_name (self->bar, self->bulk != NULL ? "progress" : "selection");
  gtk_revealer_set_reveal_child (self->revealer, self->bulk != NULL || rows->len > 0);
  if (self->bulk == NULL && rows->len > 0)
    show_steps (self, rows);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "undo")), can);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "undo-bulk")), can);
}

static void
untick_all (XhWorkPage *self)
{
  for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
    xh_work_card_untick (self->cards[i], NULL);
  xh_work_page_update_bar (self);
}

/* --- running --- */

static void
progress_cb (XhWorkPage *self)
{
  const guint done = xh_bulk_get_looked_at (self->bulk), total = xh_bulk_get_total (self->bulk);
  g_autofree char *text = g_strdup_printf (_("%u of %u"), done, total);

  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double) done / total : 0);
}

static void
finished_cb (XhWorkPage *self)
{
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  g_set_object (&self->last_bulk, self->bulk);
  g_clear_object (&self->bulk);
  untick_all (self);
  if (window != NULL)
    xh_bulk_tell (window, self->last_bulk);
}

/* @bulk: (transfer full) */
static void
start (XhWorkPage *self, XhBulk *bulk)
{
  self->bulk = bulk;
  g_signal_connect_object (bulk, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bulk, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  progress_cb (self);
  xh_work_page_update_bar (self);
  xh_bulk_run (bulk);
}

static void
take (GtkWidget *page, const char *transition, GHashTable *answers)
{
  XhWorkPage *self = XH_WORK_PAGE (page);
  g_autoptr (GPtrArray) rows = get_ticked (self);
  XhBulk *bulk;

  if (rows->len == 0 || self->bulk != NULL)
    return;

  bulk = xh_bulk_new (self->session, XH_BULK_TRANSITION, transition);
  xh_bulk_set_answers (bulk, answers);
  for (guint i = 0; i < rows->len; i++)
    xh_bulk_add_id (bulk, xh_work_row_widget_get_id (g_ptr_array_index (rows, i)));
  start (self, bulk);
}

/* --- actions --- */

static void
transition_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhWorkPage *self = data;
  g_autoptr (GPtrArray) rows = get_ticked (self);
  const char *name = g_variant_get_string (parameter, NULL);
  const XhTransition *transition;
  const XhKind *kind;

  if (rows->len == 0)
    return;

  kind = xh_work_row_widget_get_kind (g_ptr_array_index (rows, 0));
  transition = xh_kind_find_transition (kind, name);
  if (transition != NULL)
    xh_bulk_ask (GTK_WIDGET (self), kind, transition, rows->len, take);
}

static void
undo_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhWorkPage *self = data;

  if (self->bulk == NULL && self->last_bulk != NULL)
    start (self, xh_bulk_new_undo (self->last_bulk));
}

static void
stop_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhWorkPage *self = data;

  if (self->bulk != NULL)
    xh_bulk_stop (self->bulk);
}

static void
select_all_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhWorkPage *self = data;

  for (guint i = 0; self->bulk == NULL && i < XH_WORK_N_SECTIONS; i++)
    xh_work_card_tick_all (self->cards[i]);
  xh_work_page_update_bar (self);
}

static void
select_none_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  untick_all (data);
}

void
xh_work_page_add_bulk_actions (XhWorkPage *self)
{
  static const GActionEntry entries[] = {
    { "transition", transition_action, "s" },
    { "stop", stop_action },
    { "select-all", select_all_action },
    { "select-none", select_none_action },
    { "undo", undo_action },
    { "undo-bulk", undo_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  xh_page_add_shortcut (XH_PAGE (self), "<Control>a", "page.select-all");
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  xh_work_page_update_bar (self);
}
