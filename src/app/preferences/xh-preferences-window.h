/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_PREFERENCES_WINDOW (xh_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (XhPreferencesWindow, xh_preferences_window, XH, PREFERENCES_WINDOW, AdwPreferencesWindow)

XhPreferencesWindow *xh_preferences_window_new (void);

G_END_DECLS
