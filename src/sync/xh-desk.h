/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desk of one account on this computer: a folder with its cached catalog, its store and its offline verifier.
 * Layout: DATA/desks/HASH(server, login)/{profile.json,catalog.json,store.db}. profile.json holds the argon2id verifier
 * (libsodium) made at the last online sign-in, never the password; the token is in store meta "token". */
#pragma once

#include "xh-client.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder, *server; /* (owned) */
  XhProfile *profile;    /* (owned) */
  XhCatalog *catalog;    /* (owned) */
  gboolean offline;      /* opened by the local verifier */
  char *last_contact;    /* (owned) (nullable) which day's data it opens with */
} XhDesk;

/* Online when the server answers (fetches the catalog), else by the local verifier. Blocking: run in a thread.
 * Errors: XH_SYNC_ERROR_SIGN_IN wrong password; XH_SYNC_ERROR_OFFLINE no contact and never signed in here before. */
XhDesk *xh_desk_sign_in (const char *data_folder, const char *server, const char *login, const char *password, GCancellable *c, GError **error);
char   *xh_desk_store_path (XhDesk *desk);
void    xh_desk_free    (XhDesk *desk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDesk, xh_desk_free)

G_END_DECLS
