/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item of the tray: what stood before, what I have, what they have, side by side; what the server says at each field; and what the
 * record will be. After a decision the next item stands here. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_DECISION_PAGE (xh_decision_page_get_type ())
G_DECLARE_FINAL_TYPE (XhDecisionPage, xh_decision_page, XH, DECISION_PAGE, XhPage)

/* @number: of the item; 0: the first that waits */
XhPage *xh_decision_page_new (XhSession *session, gint64 number);

G_END_DECLS
