/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stack of pages: what is opened stands on top of where one came from. */

#include "xh-window-private.h"

#include "app/dashboard/xh-dashboard-page.h"
#include "app/list/xh-list-page.h"
#include "app/record/xh-record-page.h"
#include "app/sync/xh-sync-page.h"
#include "app/xh-application.h"

static XhPage *
top (XhWindow *self)
{
  return self->stack->len > 0 ? g_ptr_array_index (self->stack, self->stack->len - 1) : NULL;
}

static void
drop_top (XhWindow *self)
{
  XhPage *page = g_ptr_array_steal_index (self->stack, self->stack->len - 1);

  /* The header's slots let go of the page's widgets before the page goes. */
  g_binding_group_set_source (self->page_bindings, NULL);
  adw_bin_set_child (self->header_start, NULL);
  adw_bin_set_child (self->header_end, NULL);
  gtk_stack_remove (self->pages, GTK_WIDGET (page));
}

static void
open_root (XhWindow *self, XhPage *page, const char *target)
{
  while (self->stack->len > 0)
    drop_top (self);
  xh_window_push (self, page);
  xh_sidebar_select (self->sidebar, target);
  g_settings_set_string (xh_settings (), "page", target);
}

gboolean
xh_window_leave_all (XhWindow *self)
{
  for (guint i = self->stack->len; i > 0; i--)
    if (!xh_page_can_leave (g_ptr_array_index (self->stack, i - 1)))
      return FALSE;

  return TRUE;
}

void
xh_window_show_top (XhWindow *self)
{
  XhPage *page = top (self);

  if (page == NULL)
    return;

  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (page));
  adw_bin_set_child (self->header_start, NULL);
  adw_bin_set_child (self->header_end, NULL);
  g_binding_group_set_source (self->page_bindings, page);
  g_signal_group_set_target (self->page_signals, page);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", xh_page_get_actions (page));
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), self->stack->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->sidebar_button),
                          adw_leaflet_get_folded (self->leaflet) && self->stack->len <= 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", self->stack->len > 1);
  xh_window_update_status (self);
}

void
xh_window_open_target (XhWindow *self, const char *target)
{
  const XhKind *kind;

  if (target == NULL)
    return;

  if (g_str_equal (target, "sync"))
    xh_window_open_sync (self);
  else if (g_str_equal (target, "dashboard"))
    xh_window_open_dashboard (self);
  else if (g_str_has_prefix (target, "list:")
           && (kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), target + strlen ("list:"))) != NULL)
    xh_window_open_list (self, kind, NULL);
}

void
xh_window_push (XhWindow *self, XhPage *page)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (XH_IS_PAGE (page));

  gtk_stack_add_child (self->pages, GTK_WIDGET (page));
  g_ptr_array_add (self->stack, page);
  xh_window_show_top (self);
  adw_leaflet_set_visible_child (self->leaflet, self->content);
  gtk_widget_child_focus (GTK_WIDGET (page), GTK_DIR_TAB_FORWARD);
}

void
xh_window_back (XhWindow *self)
{
  g_return_if_fail (XH_IS_WINDOW (self));

  if (self->stack->len < 2 || !xh_page_can_leave (top (self)))
    return;

  drop_top (self);
  xh_window_show_top (self);
}

void
xh_window_open_list (XhWindow *self, const XhKind *kind, const XhQuery *query)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  if (query != NULL)
    xh_window_push (self, xh_list_page_new (self->session, kind, query));
  else if (xh_window_leave_all (self))
    {
      g_autofree char *target = g_strconcat ("list:", kind->name, NULL);

      open_root (self, xh_list_page_new (self->session, kind, NULL), target);
    }
}

void
xh_window_open_record (XhWindow *self, const XhKind *kind, const char *id)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  xh_window_push (self, xh_record_page_new (self->session, kind, id));
}

void
xh_window_open_dashboard (XhWindow *self)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  if (!XH_IS_DASHBOARD_PAGE (top (self)) && xh_window_leave_all (self))
    open_root (self, xh_dashboard_page_new (self->session), "dashboard");
}

void
xh_window_open_sync (XhWindow *self)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  if (!XH_IS_SYNC_PAGE (top (self)) && xh_window_leave_all (self))
    open_root (self, xh_sync_page_new (self->session), "sync");
}
