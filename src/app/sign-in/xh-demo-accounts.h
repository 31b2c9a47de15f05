/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks a server whether it is a demo, and for whom it opens: GET /v1/status. Never blocks. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *login, *name, *role, *password; /* (owned); role may be empty */
} XhDemoAccount;

void       xh_demo_account_free        (XhDemoAccount *account);

/* Errors: those of the transport; the server cannot be reached. */
void       xh_demo_accounts_ask_async  (const char *server, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
/* (transfer full) of XhDemoAccount: empty where the server is no demo; NULL with @error where it does not answer */
GPtrArray *xh_demo_accounts_ask_finish (GAsyncResult *result, GError **error);

G_END_DECLS
