/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The registers by group, and the synchronisation page with a badge where work waits. A target is what a row opens:
 * `dashboard`, `sync`, or `list:KIND`. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_SIDEBAR (xh_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (XhSidebar, xh_sidebar, XH, SIDEBAR, AdwBin)

/* Signal ::opened (const char *target): a person chose a row. */

void        xh_sidebar_set_session (XhSidebar *self, XhSession *session); /* (nullable) */
void        xh_sidebar_select      (XhSidebar *self, const char *target); /* (nullable) marks the row, emits nothing */
gboolean    xh_sidebar_has         (XhSidebar *self, const char *target);
const char *xh_sidebar_get_first   (XhSidebar *self); /* (nullable) */

G_END_DECLS
