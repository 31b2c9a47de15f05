/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A colleague's file of unsent work: whose it is and what it holds, before anything is done; then what became of each change. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_BRING_WINDOW (xh_bring_window_get_type ())
G_DECLARE_FINAL_TYPE (XhBringWindow, xh_bring_window, XH, BRING_WINDOW, AdwWindow)

/* Whether this account's role may: others do not see the way to it. */
gboolean xh_bring_window_is_open_to (XhSession *session);
/* Opens it and looks at the file. */
void     xh_bring_window_open       (GtkWindow *parent, XhSession *session, const char *path);

G_END_DECLS
