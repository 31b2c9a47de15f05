/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may sign in: login, name, role, and the division or unit the role's scope hangs on. Passwords are argon2id. */
#pragma once

#include "xh-backend.h"

G_BEGIN_DECLS

#define XH_PASSWORD_MIN 8

typedef struct
{
  char *login;    /* (owned) */
  char *name;     /* (owned) */
  char *role;     /* (owned) */
  char *division; /* (owned) (nullable) */
  char *unit;     /* (owned) (nullable) */
  char *password; /* (owned) (nullable) argon2id string as stored; not set in lists */
  gboolean disabled;
} XhAccount;

/* All take plain passwords in UTF-8 and return an error of XH_SERVER_ERROR_ACCOUNT in the person's language when
 * something does not fit. They write in a transaction of their own unless one is open. */
gboolean   xh_accounts_add          (XhBackend *backend, const XhAccount *account, const char *password, GError **error);
gboolean   xh_accounts_set_password (XhBackend *backend, const char *login, const char *password, GError **error); /* ends its sessions */
gboolean   xh_accounts_set_disabled (XhBackend *backend, const char *login, gboolean disabled, GError **error);    /* likewise */
gboolean   xh_accounts_set_role     (XhBackend *backend, const XhAccount *account, GError **error);                /* likewise */
XhAccount *xh_accounts_find         (XhBackend *backend, const char *login, GError **error); /* (nullable) NULL without error: none */
GPtrArray *xh_accounts_list         (XhBackend *backend, GError **error);                    /* (transfer full) of XhAccount, by login */
/* Whether a password may be set: long enough. */
gboolean   xh_accounts_check_password (const char *password, GError **error);
char      *xh_password_hash         (const char *password); /* argon2id; takes tens of milliseconds and 64 MB */
gboolean   xh_password_verify       (const char *hash, const char *password);
void       xh_account_free          (XhAccount *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhAccount, xh_account_free)

G_END_DECLS
