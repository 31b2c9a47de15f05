/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tray on the synchronisation page: what waits for a decision, what was put aside, what was decided lately. */
#pragma once

#include <adwaita.h>

#include "xh-queue.h"

G_BEGIN_DECLS

#define XH_TYPE_TRAY_VIEW (xh_tray_view_get_type ())
G_DECLARE_FINAL_TYPE (XhTrayView, xh_tray_view, XH, TRAY_VIEW, AdwBin)

/* @queue: (not owned): may go when this returns */
void xh_tray_view_show (XhTrayView *self, XhSession *session, const XhQueue *queue);

G_END_DECLS
