/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is unsent and why, when there was contact last, what waits for a decision, and what happened, in plain words. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_SYNC_PAGE (xh_sync_page_get_type ())
G_DECLARE_FINAL_TYPE (XhSyncPage, xh_sync_page, XH, SYNC_PAGE, XhPage)

XhPage *xh_sync_page_new (XhSession *session);

G_END_DECLS
