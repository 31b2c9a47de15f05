/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of a register: search, filter chips, columns, ticked rows with what can be done with them, the recently deleted. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"
#include "store/xh-query.h"

G_BEGIN_DECLS

#define XH_TYPE_LIST_PAGE (xh_list_page_get_type ())
G_DECLARE_FINAL_TYPE (XhListPage, xh_list_page, XH, LIST_PAGE, XhPage)

/* @query: (nullable) (transfer none): what it starts with */
XhPage *xh_list_page_new (XhSession *session, const XhKind *kind, const XhQuery *query);

G_END_DECLS
