/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The program: its command line, settings, accelerators, and the actions that need no window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_APPLICATION (xh_application_get_type ())
G_DECLARE_FINAL_TYPE (XhApplication, xh_application, XH, APPLICATION, AdwApplication)

XhApplication *xh_application_new (void);

/* The settings of the program. (transfer none) */
GSettings     *xh_settings        (void);

G_END_DECLS
