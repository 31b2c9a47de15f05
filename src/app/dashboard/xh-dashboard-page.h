/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The dashboard: how many records there are, where the rating is behind, how the grades spread. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_DASHBOARD_PAGE (xh_dashboard_page_get_type ())
G_DECLARE_FINAL_TYPE (XhDashboardPage, xh_dashboard_page, XH, DASHBOARD_PAGE, XhPage)

XhPage *xh_dashboard_page_new (XhSession *session);

G_END_DECLS
