/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages, the registers by group, tools, and the synchronisation page, each with a badge where work waits. What a row opens is a
 * target (xh-targets.h). Groups open and close; which are open is kept per account. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_SIDEBAR (xh_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (XhSidebar, xh_sidebar, XH, SIDEBAR, AdwBin)

/* Signal ::opened (const char *target): a person chose a row. */

void        xh_sidebar_set_session (XhSidebar *self, XhSession *session); /* (nullable) */
void        xh_sidebar_select      (XhSidebar *self, const char *target); /* (nullable) opens its group and marks the row, emits nothing */
gboolean    xh_sidebar_has         (XhSidebar *self, const char *target);
const char *xh_sidebar_get_first   (XhSidebar *self); /* (nullable) */
void        xh_sidebar_focus       (XhSidebar *self); /* the focus goes to the marked row, else the first */

G_END_DECLS
