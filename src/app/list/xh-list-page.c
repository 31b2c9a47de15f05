/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-list-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-filter-chip.h"
#include "xh-list-column.h"
#include "xh-record-source.h"

#define REFRESH_MS 250 /* a synchronisation brings many changes at once */

G_DEFINE_FINAL_TYPE (XhListPage, xh_list_page, XH_TYPE_PAGE)

static gboolean
is_filtered (XhListPage *self)
{
  return xh_query_is_filtered (self->query) || *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
}

static void
update_chips (XhListPage *self)
{
  gboolean active = FALSE;

  for (guint i = 0; i < self->chips->len; i++)
    active |= xh_filter_chip_is_active (g_ptr_array_index (self->chips, i));
  gtk_widget_set_visible (self->clear_button, active);
}

static void
update_stack (XhListPage *self)
{
  const char *fault = xh_record_list_get_fault (self->list);
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  if (fault != NULL && n == 0)
    {
      g_autofree char *text = g_markup_escape_text (fault, -1);

      adw_status_page_set_description (self->fault, text);
      gtk_stack_set_visible_child_name (self->stack, "fault");
    }
  else if (n > 0 || xh_record_list_is_loading (self->list))
    gtk_stack_set_visible_child_name (self->stack, "rows");
  else
    gtk_stack_set_visible_child_name (self->stack, xh_session_is_filling (self->session) ? "coming" : is_filtered (self) ? "nothing"
                                                   : self->deleted ? "none-deleted" : "empty");
}

static void
update_count (XhListPage *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  g_autofree char *number = xh_text_number (n);
  g_autofree char *text = NULL;

  if (xh_record_list_is_loading (self->list) && n == 0)
    text = g_strdup (_("Reading…"));
  else if (!xh_record_list_is_complete (self->list))
    text = g_strdup_printf (_("%s records, more are being counted…"), number);
  else if (xh_session_is_filling (self->session))
    text = g_strdup_printf (_("%s records so far, more are coming in…"), number);
  else if (is_filtered (self))
    text = g_strdup_printf (ngettext ("%s record fits", "%s records fit", n), number);
  else
    text = g_strdup_printf (ngettext ("%s record", "%s records", n), number);

  gtk_label_set_text (self->count, text);
  update_stack (self);
}

static void
ask (XhListPage *self)
{
  xh_record_list_set_query (self->list, self->query);
  update_count (self);
}

/* --- callbacks --- */

static void
search_changed_cb (XhListPage *self)
{
  xh_query_search (self->query, gtk_editable_get_text (GTK_EDITABLE (self->search)));
  ask (self);
}

/* A column view of GTK 4.8 whose rows came after it was shown does not take the focus by itself (Tab stays where it is): the first of its rows
 * that can be seen is given it. */
static gboolean
enter_rows (XhListPage *self)
{
  GtkWidget *rows = gtk_widget_get_last_child (GTK_WIDGET (self->view));
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (rows))
    return FALSE;
  for (GtkWidget *row = gtk_widget_get_first_child (rows); row != NULL; row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_get_mapped (row) && gtk_widget_compute_bounds (row, rows, &bounds) && bounds.size.height > 0 && bounds.origin.y > -1
        && gtk_widget_grab_focus (row))
      return TRUE;
  return FALSE;
}

static gboolean
xh_list_page_focus (GtkWidget *widget, GtkDirectionType direction)
{
  XhListPage *self = XH_LIST_PAGE (widget);
  GtkWidget *before = gtk_widget_get_focus_child (widget) != NULL ? gtk_root_get_focus (gtk_widget_get_root (widget)) : NULL;
  gboolean moved = GTK_WIDGET_CLASS (xh_list_page_parent_class)->focus (widget, direction);

  moved = moved && gtk_root_get_focus (gtk_widget_get_root (widget)) != before;
  if (moved || before == NULL || direction != GTK_DIR_TAB_FORWARD || gtk_widget_is_ancestor (before, GTK_WIDGET (self->foot)))
    return moved;
  if (gtk_widget_is_ancestor (before, GTK_WIDGET (self->stack)))
    return gtk_widget_child_focus (GTK_WIDGET (self->foot), direction);
  return enter_rows (self);
}

static void
stop_search_cb (XhListPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  enter_rows (self);
}

/* Return in the search entry goes on in the rows. */
static void
search_activate_cb (XhListPage *self)
{
  enter_rows (self);
}

/* So does Down, as in the palette. */
static gboolean
search_down_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return enter_rows (data);
}

static void
chip_changed_cb (XhFilterChip *chip, XhListPage *self)
{
  xh_filter_chip_apply (chip, self->query);
  update_chips (self);
  ask (self);
}

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, XhListPage *self)
{
  const char *name;
  gboolean descending;

  if (self->selection == NULL) /* a sorted view that goes away takes its order back */
    return;
  if (xh_list_columns_sorted (self->view, &name, &descending))
    xh_query_sort (self->query, name, descending);
  else
    xh_query_sort (self->query, NULL, FALSE);
  ask (self);
}

static void
activate_cb (XhListPage *self, guint position)
{
  g_autoptr (XhRecordItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);
  const XhRecord *record = item != NULL ? xh_record_item_get_record (item) : NULL;
  GtkWidget *pages = gtk_widget_get_parent (GTK_WIDGET (self));

  /* The second half of a double click comes while the page already slides away: it opens nothing more. */
  if (GTK_IS_STACK (pages) && gtk_stack_get_visible_child (GTK_STACK (pages)) != GTK_WIDGET (self))
    return;
  if (record != NULL && !record->deleted)
    xh_window_open_record (xh_window_of (GTK_WIDGET (self)), self->kind, record->id);
}

/* Another question: the view shows its beginning, wherever it was. */
static void
reset_cb (XhListPage *self)
{
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)), 0);
}

static gboolean
refresh_cb (gpointer data)
{
  XhListPage *self = data;

  self->refresh_source = 0;
  self->stale = FALSE;
  xh_record_list_refresh (self->list);

  return G_SOURCE_REMOVE;
}

static void
refresh_soon (XhListPage *self)
{
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add (REFRESH_MS, refresh_cb, self);
}

static void
records_changed_cb (XhSession *session, GStrv kinds, XhListPage *self)
{
  if (!g_strv_contains ((const char *const *) kinds, self->kind->name))
    return;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    refresh_soon (self);
  else
    self->stale = TRUE;
}

static void
map_cb (XhListPage *self)
{
  if (self->stale)
    refresh_soon (self);
}

/* --- actions --- */

static void
new_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;

  xh_window_open_record (xh_window_of (GTK_WIDGET (self)), self->kind, NULL);
}

static void
clear_filters_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  g_autoptr (XhQuery) none = xh_query_new (self->kind);

  for (guint i = 0; i < self->chips->len; i++)
    {
      xh_filter_chip_load (g_ptr_array_index (self->chips, i), none);
      xh_filter_chip_apply (g_ptr_array_index (self->chips, i), self->query);
    }
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  xh_query_search (self->query, NULL);
  update_chips (self);
  ask (self);
}

static void
enable (XhListPage *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

/* Two plain actions: an item of a menu whose action has a state changes its accessible role when the page comes and goes, which GTK 4.8 refuses. */
static void
show_deleted (XhListPage *self, gboolean deleted)
{
  self->deleted = deleted;
  enable (self, "show-deleted", !deleted);
  enable (self, "hide-deleted", deleted);
  xh_query_deleted (self->query, self->deleted);
  xh_page_set_notice (XH_PAGE (self), self->deleted ? _("Recently deleted. Tick what you want back and choose Restore.")
                                                    : NULL);
  gtk_widget_set_visible (self->new_button, !self->deleted
                                              && xh_session_may (self->session, self->kind->create_roles, self->kind));
  xh_list_page_update_selection (self);
  ask (self);
}

static void
show_deleted_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_deleted (data, TRUE);
}

static void
hide_deleted_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_deleted (data, FALSE);
}

static void
select_all_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (XH_LIST_PAGE (data)->selection));
}

static void
select_none_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  xh_record_selection_clear (XH_LIST_PAGE (data)->selection);
}

static void
quality_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhListPage *self = data;
  g_autofree char *target = g_strconcat ("quality:", self->kind->name, NULL);

  xh_window_open_target (xh_window_of (GTK_WIDGET (self)), target);
}

static void
add_actions (XhListPage *self)
{
  static const GActionEntry entries[] = {
    { "new", new_action },
    { "clear-filters", clear_filters_action },
    { "show-deleted", show_deleted_action },
    { "hide-deleted", hide_deleted_action },
    { "select-all", select_all_action },
    { "select-none", select_none_action },
    { "quality", quality_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  enable (self, "hide-deleted", FALSE);
  xh_page_add_shortcut (XH_PAGE (self), "<Control>a", "page.select-all");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "new")),
                               xh_session_may (self->session, self->kind->create_roles, self->kind));
  xh_list_page_add_bulk_actions (self);
  xh_list_page_add_export_actions (self);
  /* For the window's header and accelerators, and for what stands in the page. */
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
}

/* --- building --- */

static void
add_chip (XhListPage *self, const char *name)
{
  GtkWidget *chip = xh_filter_chip_new (self->session, self->kind, name);

  xh_filter_chip_load (XH_FILTER_CHIP (chip), self->query);
  g_signal_connect_object (chip, "changed", G_CALLBACK (chip_changed_cb), self, 0);
  gtk_widget_insert_before (chip, GTK_WIDGET (self->chip_box), self->clear_button);
  g_ptr_array_add (self->chips, chip);
}

static void
add_chips (XhListPage *self)
{
  gboolean state_shown = self->kind->states->len < 2;

  for (guint i = 0; i < self->kind->filters->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->filters, i);

      if (field == NULL || g_str_equal (field->name, "state"))
        {
          add_chip (self, "state");
          state_shown = TRUE;
        }
      else if (xh_filter_chip_fits (field))
        add_chip (self, field->name);
    }
  if (!state_shown)
    add_chip (self, "state");
  update_chips (self);
}

static void width_changed_cb (XhListPage *self);

/* By its rows once, and again where the width is another: what comes later does not push the columns about. */
static gboolean
fit_cb (gpointer data)
{
  XhListPage *self = data;
  const int width = (int) gtk_adjustment_get_page_size (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view)));

  self->fit_source = 0;
  if (self->fitted == width)
    return G_SOURCE_REMOVE;
  if (xh_list_columns_fit (self->view, width))
    self->fitted = width;
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0)
    {
      g_autoptr (XhRecordItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), 0);

      g_signal_handlers_disconnect_by_func (item, width_changed_cb, self);
      g_signal_connect_object (item, "changed", G_CALLBACK (width_changed_cb), self, G_CONNECT_SWAPPED);
    }
  return G_SOURCE_REMOVE;
}

/* It is told while widgets are given their places: nothing may be hidden just then. */
static void
width_changed_cb (XhListPage *self)
{
  if (self->fit_source == 0)
    self->fit_source = g_idle_add (fit_cb, self);
}

static void
build (XhListPage *self)
{
  const char *label = xh_label_get (&self->kind->label);
  const char *help = xh_label_get (&self->kind->help);
  g_autofree char *description = g_markup_escape_text (help != NULL ? help : "", -1);
  g_autofree char *search = g_strdup_printf (_("Search in %s"), label);
  const gboolean may_create = xh_session_may (self->session, self->kind->create_roles, self->kind);

  xh_page_set_title (XH_PAGE (self), label);
  g_object_set (self->search, "placeholder-text", _("Characters, pinyin or initials"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, search, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  adw_status_page_set_description (self->empty, description);
  if (self->kind->icon != NULL)
    adw_status_page_set_icon_name (self->empty, self->kind->icon);
  gtk_widget_set_visible (self->empty_button, may_create);
  gtk_widget_set_visible (self->new_button, may_create);

  xh_list_columns_add (self->view, self->kind, self->selection);
  g_signal_connect_object (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view)), "notify::page-size", G_CALLBACK (width_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (width_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (sorter_changed_cb), self, 0);
  add_chips (self);
}

/* --- overrides --- */

static void
xh_list_page_reload (XhPage *page)
{
  xh_record_list_refresh (XH_LIST_PAGE (page)->list);
}

static gboolean
xh_list_page_find (XhPage *page)
{
  return gtk_widget_grab_focus (GTK_WIDGET (XH_LIST_PAGE (page)->search));
}

static void
xh_list_page_dispose (GObject *object)
{
  XhListPage *self = XH_LIST_PAGE (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  g_clear_handle_id (&self->fit_source, g_source_remove);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->session);
  g_clear_object (&self->bulk);
  g_clear_object (&self->last_bulk);
  g_clear_object (&self->exporting);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_LIST_PAGE);

  G_OBJECT_CLASS (xh_list_page_parent_class)->dispose (object);
}

static void
xh_list_page_finalize (GObject *object)
{
  XhListPage *self = XH_LIST_PAGE (object);

  g_clear_pointer (&self->query, xh_query_free);
  g_ptr_array_unref (self->chips);
  g_object_unref (self->actions);

  G_OBJECT_CLASS (xh_list_page_parent_class)->finalize (object);
}

static void
xh_list_page_class_init (XhListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  XhPageClass *page_class = XH_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_list_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_list_page_finalize;
  widget_class->focus = xh_list_page_focus;
  page_class->reload = xh_list_page_reload;
  page_class->find = xh_list_page_find;

  g_type_ensure (XH_TYPE_WRAP_BOX);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/list/xh-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhListPage, search);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, chip_box);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, clear_button);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, view);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, empty);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, empty_button);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, fault);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, foot);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, count);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, selected);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, transition_button);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, transition_menu);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, print_button);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, print_menu);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, delete_button);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, restore_button);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, progress);
  gtk_widget_class_bind_template_child (widget_class, XhListPage, new_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
xh_list_page_init (XhListPage *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->chips = g_ptr_array_new ();
  self->actions = g_simple_action_group_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Down, 0),
                                                          gtk_callback_action_new (search_down_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->search), keys);
}

XhPage *
xh_list_page_new (XhSession *session, const XhKind *kind, const XhQuery *query)
{
  XhListPage *self = g_object_new (XH_TYPE_LIST_PAGE, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  self->query = query != NULL ? xh_query_copy (query) : xh_query_new (kind);
  self->list = xh_record_list_new_for_reader (xh_session_get_reader (session), xh_session_get_writer (session), kind);
  self->selection = xh_record_selection_new (self->list);

  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "reset", G_CALLBACK (reset_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "changed", G_CALLBACK (xh_list_page_update_selection), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (xh_session_get_engine (session), "notify::received", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (xh_session_get_engine (session), "notify::total", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (xh_session_get_engine (session), "notify::last-contact", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "records-changed", G_CALLBACK (records_changed_cb), self, 0);

  build (self);
  add_actions (self);
  xh_list_page_update_selection (self);
  ask (self);

  return XH_PAGE (self);
}
