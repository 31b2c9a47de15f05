/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Server, account, password. Without contact it opens the data that this computer holds, and says of which day. Where the
 * server says that it is a demo (`GET /v1/status`: {"demo": true, "accounts": [{"login", "name", "role", "password"}]}), its
 * accounts are shown. Also the answer to the idle lock. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_SIGN_IN_PAGE (xh_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (XhSignInPage, xh_sign_in_page, XH, SIGN_IN_PAGE, AdwBin)

/* Signals: ::signed-in (XhSession), ::unlocked (). */

/* @server: (nullable) NULL: the one of the settings */
void xh_sign_in_page_set_place (XhSignInPage *self, const char *data_folder, const char *server);
/* Asks only for the password of @session's account. */
void xh_sign_in_page_lock      (XhSignInPage *self, XhSession *session);
/* Forgets what was typed, and the lock. */
void xh_sign_in_page_reset     (XhSignInPage *self);

G_END_DECLS
