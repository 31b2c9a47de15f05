/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The credit check: a list of names and codes, the purpose, and what the registers say of each. It is in the register of queries before its
 * result is shown. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_CHECK_PAGE (xh_check_page_get_type ())
G_DECLARE_FINAL_TYPE (XhCheckPage, xh_check_page, XH, CHECK_PAGE, XhPage)

XhPage *xh_check_page_new (XhSession *session);

G_END_DECLS
