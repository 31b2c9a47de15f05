/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/sign-in/xh-sign-in-page.h"
#include "xh-sidebar.h"
#include "xh-status-bar.h"
#include "xh-window.h"

G_BEGIN_DECLS

struct _XhWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *root;              /* sign-in | desk */
  XhSignInPage *sign_in;
  AdwLeaflet *leaflet;
  AdwWindowTitle *account;     /* title of the sidebar */
  XhSidebar *sidebar;
  GtkWidget *content;
  AdwWindowTitle *title;
  GtkButton *back_button;
  GtkButton *sidebar_button;
  GtkBox *headers;             /* an AdwBin for each page of the stack, the last one shown */
  XhStatusBar *status_bar;
  GtkStack *pages;

  XhSession *session;          /* (owned) (nullable) */
  GPtrArray *stack;            /* (not owned elements) of XhPage, the shown one last */
  GBindingGroup *page_bindings;/* (owned) what the header takes from the page shown */
  GSignalGroup *page_signals;  /* (owned) */
  GSignalGroup *watch;         /* (owned) the session's news */
  guint idle_source;           /* of the idle lock */
  gint64 last_input;           /* monotonic, µs */
};

/* xh-window.c: the actions that need a signed-in, unlocked desk */
void     xh_window_enable_desk (XhWindow *self, gboolean enabled);

/* xh-window-pages.c */
gboolean xh_window_leave_all   (XhWindow *self); /* FALSE where a page did not let us */
void     xh_window_show_top    (XhWindow *self);
void     xh_window_drop_all    (XhWindow *self);

/* xh-window-status.c */
void     xh_window_update_status (XhWindow *self);

/* xh-window-lock.c */
void     xh_window_watch_input (XhWindow *self);
void     xh_window_lock        (XhWindow *self);

G_END_DECLS
