/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stack of pages: what is opened stands on top of where one came from. */

#include "xh-window-private.h"

#include "app/list/xh-list-page.h"
#include "app/record/xh-record-page.h"
#include "xh-targets.h"

static XhPage *
top (XhWindow *self)
{
  return self->stack->len > 0 ? g_ptr_array_index (self->stack, self->stack->len - 1) : NULL;
}

static void
drop_top (XhWindow *self)
{
  XhPage *page = g_ptr_array_steal_index (self->stack, self->stack->len - 1);

  /* The header lets go of the page's widgets before the page goes. */
  g_binding_group_set_source (self->page_bindings, NULL);
  gtk_box_remove (self->headers, gtk_widget_get_last_child (GTK_WIDGET (self->headers)));
  gtk_stack_remove (self->pages, GTK_WIDGET (page));
}

void
xh_window_drop_all (XhWindow *self)
{
  while (self->stack->len > 0)
    drop_top (self);
}

/* Each page's part of the header stays where it is as long as the page does: a menu that has been open and is taken out of the window and put
 * back makes GTK 4.8 complain (gtk_at_context_set_accessible_role). What is hidden is not read out. */
static void
add_header (XhWindow *self, XhPage *page)
{
  GtkWidget *slot = adw_bin_new ();

  gtk_widget_insert_action_group (slot, "page", xh_page_get_actions (page)); /* those of the page shown may mean something else */
  g_object_bind_property (page, "header-end", slot, "child", G_BINDING_SYNC_CREATE);
  gtk_box_append (self->headers, slot);
}

static void
show_last_header (XhWindow *self)
{
  for (GtkWidget *slot = gtk_widget_get_first_child (GTK_WIDGET (self->headers)); slot != NULL; slot = gtk_widget_get_next_sibling (slot))
    gtk_widget_set_visible (slot, gtk_widget_get_next_sibling (slot) == NULL);
}

static void
open_root (XhWindow *self, XhPage *page, const char *target)
{
  xh_window_drop_all (self);
  xh_window_push (self, page);
  xh_sidebar_select (self->sidebar, target);
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
  show_last_header (self);
  g_binding_group_set_source (self->page_bindings, page);
  g_signal_group_set_target (self->page_signals, page);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", xh_page_get_actions (page));
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), self->stack->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->sidebar_button),
                          adw_leaflet_get_folded (self->leaflet) && self->stack->len <= 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", self->stack->len > 1);
  xh_window_update_status (self);
}

/* A page of the sidebar, or a register, takes the place of what is open; a page about something stands on top of it. */
static gboolean
is_root (const XhTarget *target, const char *argument)
{
  return target->place != XH_PLACE_NONE ? argument == NULL : g_str_equal (target->name, "list");
}

gboolean
xh_window_open_target (XhWindow *self, const char *name)
{
  const char *argument;
  const XhTarget *target = xh_targets_find (name, &argument);
  XhPage *page;

  g_return_val_if_fail (XH_IS_WINDOW (self), FALSE);

  if (self->session == NULL || target == NULL || !xh_target_may (target, self->session))
    return FALSE;
  if (is_root (target, argument) && !xh_window_leave_all (self))
    return FALSE;

  page = target->make (self->session, argument);
  if (page == NULL)
    return FALSE;

  if (is_root (target, argument))
    open_root (self, page, name);
  else
    xh_window_push (self, page);

  return TRUE;
}

void
xh_window_push (XhWindow *self, XhPage *page)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (XH_IS_PAGE (page));

  if (self->stack->len > 0)
    xh_page_keep_focus (top (self));
  gtk_stack_add_child (self->pages, GTK_WIDGET (page));
  g_ptr_array_add (self->stack, page);
  add_header (self, page);
  xh_window_show_top (self);
  adw_leaflet_set_visible_child (self->leaflet, self->content);
  /* A page that is still being read has nothing to focus. Left to itself the focus would go to the next button of the window. */
  if (!gtk_widget_child_focus (GTK_WIDGET (page), GTK_DIR_TAB_FORWARD))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

void
xh_window_back (XhWindow *self)
{
  g_return_if_fail (XH_IS_WINDOW (self));

  if (self->stack->len < 2 || !xh_page_can_leave (top (self)))
    return;

  drop_top (self);
  xh_window_show_top (self);
  if (!xh_page_restore_focus (top (self)))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

void
xh_window_open_list (XhWindow *self, const XhKind *kind, const XhQuery *query)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  if (query != NULL)
    xh_window_push (self, xh_list_page_new (self->session, kind, query));
  else
    {
      g_autofree char *target = g_strconcat ("list:", kind->name, NULL);

      xh_window_open_target (self, target);
    }
}

void
xh_window_open_record (XhWindow *self, const XhKind *kind, const char *id)
{
  g_return_if_fail (XH_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  xh_window_push (self, xh_record_page_new (self->session, kind, id));
}
