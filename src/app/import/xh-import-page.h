/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sheet becomes records, in steps: choose it, match its columns, look at what would happen, import, and take back the rows that are
 * wrong. Opened as `import:KIND`. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_IMPORT_PAGE (xh_import_page_get_type ())
G_DECLARE_FINAL_TYPE (XhImportPage, xh_import_page, XH, IMPORT_PAGE, XhPage)

XhPage *xh_import_page_new (XhSession *session, const XhKind *kind);

/* Reads the sheet at @path and goes to its columns. */
void    xh_import_page_open (XhImportPage *self, const char *path);

G_END_DECLS
