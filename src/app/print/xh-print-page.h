/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The preview of a printed paper: its pages one under another, zoom, print, PDF. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"
#include "model/xh-form.h"

G_BEGIN_DECLS

#define XH_TYPE_PRINT_PAGE (xh_print_page_get_type ())
G_DECLARE_FINAL_TYPE (XhPrintPage, xh_print_page, XH, PRINT_PAGE, XhPage)

/**
 * xh_print_page_new:
 * @def: a paper of the session's catalog
 * @ids: (element-type utf8): the records to print; one document of all of them
 *
 * Returns: (transfer floating): the page, which lays the paper out in a thread
 */
XhPage *xh_print_page_new  (XhSession *session, const XhDocumentDef *def, GPtrArray *ids);
/* The same for row numbers of this store: @rids: (element-type gint64), of its @epoch. */
XhPage *xh_print_page_new_for_rids (XhSession *session, const XhDocumentDef *def, GArray *rids, gint64 epoch);

/**
 * xh_print_menu_new:
 * @form: (nullable): only papers that are printed for its record as it stands
 *
 * Returns: (transfer full): a menu of the papers of @kind that the session's role may print, with the action `page.paper` and the
 *   paper's name as its target; empty where there is none
 */
GMenu  *xh_print_menu_new  (XhSession *session, const XhKind *kind, XhForm *form);

G_END_DECLS
