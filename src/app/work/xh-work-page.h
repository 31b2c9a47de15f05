/* SPDX-License-Identifier: GPL-3.0-or-later */

/* My work, the first page: what is overdue and due, what waits for a decision or came back, what is not sent. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_WORK_PAGE (xh_work_page_get_type ())
G_DECLARE_FINAL_TYPE (XhWorkPage, xh_work_page, XH, WORK_PAGE, XhPage)

XhPage *xh_work_page_new (XhSession *session);

G_END_DECLS
