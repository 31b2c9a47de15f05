/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desk of one account on this computer: a folder with its cached catalog, its store and its offline verifier.
 * Layout: DATA/device, DATA/desks/HASH(server, login)/{profile.json,catalog.json,signer,store.db}. profile.json holds the argon2id
 * verifier (libsodium) made at the last online sign-in, never the password; the token is in store meta "token". */
#pragma once

#include "xh-client.h"
#include "xh-desk-lock.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder, *server; /* (owned) */
  char *device;          /* (owned) lasting id of this computer's data folder */
  XhProfile *profile;    /* (owned) */
  XhCatalog *catalog;    /* (owned) */
  gboolean offline;      /* opened by the local verifier */
  XhDeskLock *lock;      /* (owned) (nullable) while nobody else may open it */
  char *last_contact;    /* (owned) (nullable) UTC; which day's data it opens with */
} XhDesk;

/**
 * xh_desk_sign_in:
 * @data_folder: where this user's data is kept; made (0700) if it is not there
 * @server: the server's address
 * @login: the account
 * @password: kept nowhere
 *
 * Online when the server answers (fetches the catalog), else by the local verifier. Blocking: run in a thread.
 * Errors: XH_SYNC_ERROR_SIGN_IN wrong password, or too many wrong ones; XH_SYNC_ERROR_FORBIDDEN the account or the address is not
 * allowed; XH_SYNC_ERROR_OFFLINE, _SERVER, _PROTOCOL no good answer and never signed in here before; XH_SYNC_ERROR_LOCAL the folder
 * cannot be written or the kept catalog is damaged; G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the desk
 */
XhDesk  *xh_desk_sign_in      (const char *data_folder, const char *server, const char *login, const char *password, GCancellable *c, GError **error);
/* The same, and holds the desk until it is freed or xh_desk_let_go(): for the one program that works in its store. Also XH_SYNC_ERROR_LOCAL:
 * another program does; the server is not asked then. */
XhDesk  *xh_desk_open         (const char *data_folder, const char *server, const char *login, const char *password, GCancellable *c, GError **error);
void     xh_desk_let_go       (XhDesk *desk);
char    *xh_desk_store_path   (XhDesk *desk);
/* (transfer full) the attachments that are here */
struct _XhFiles *xh_desk_files_new (XhDesk *desk);
/* Removes what attachments have left behind and nothing needs: while nobody works at the desk, whose lock is held. In a thread. */
void     xh_desk_clean        (XhDesk *desk);
/* Keeps a bundle for the next start, if it is a good one. Any thread. */
gboolean xh_desk_keep_catalog (XhDesk *desk, GBytes *bundle, GError **error);
void     xh_desk_free         (XhDesk *desk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDesk, xh_desk_free)

G_END_DECLS
