/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window: sign-in, then a sidebar of registers beside a stack of pages. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"
#include "store/xh-query.h"

G_BEGIN_DECLS

#define XH_TYPE_WINDOW (xh_window_get_type ())
G_DECLARE_FINAL_TYPE (XhWindow, xh_window, XH, WINDOW, AdwApplicationWindow)

XhWindow  *xh_window_new            (GtkApplication *application, const char *data_folder, const char *server);
XhWindow  *xh_window_of             (GtkWidget *widget); /* (nullable) the window a widget stands in */
XhSession *xh_window_get_session    (XhWindow *self);    /* (nullable) NULL before the sign-in */

/* Opens a register as the first page (from the sidebar), or, with @query, on top of the page shown, so that Back returns there.
 * @query: (nullable) (transfer none) */
void       xh_window_open_list      (XhWindow *self, const XhKind *kind, const XhQuery *query);
/* @id: (nullable) NULL makes a new record */
void       xh_window_open_record    (XhWindow *self, const XhKind *kind, const char *id);
/* Opens what a target names (see xh-targets.h): a page of the sidebar or a register takes the place of what is open, anything else
 * stands on top of it. Also the action `win.open` with the target as its parameter: `win.open('sync')`.
 * Returns whether it was opened; FALSE also where there is nothing of that name or the role has no use for it. */
gboolean   xh_window_open_target    (XhWindow *self, const char *target);

/* Puts @page (floating) on top of the stack. */
void       xh_window_push           (XhWindow *self, XhPage *page);
/* Leaves the top page if it lets us; nothing on the first. */
void       xh_window_back           (XhWindow *self);

/* A short message that goes away. @text is plain text. Never the only place where a fault is told. */
void       xh_window_toast          (XhWindow *self, const char *text);
/* The same, with a button that takes back what was done. @action: (nullable) without a parameter, NULL: no button */
void       xh_window_toast_undo     (XhWindow *self, const char *text, const char *action);

G_END_DECLS
