/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The public keys with which desks sign what they send by file. A sign-in tells one, under the account's password; that of the computer before it stays
 * good for a while, for files that are on their way. A new password or a closed account ends them all, as it ends the sessions. */
#pragma once

#include "xh-backend.h"

G_BEGIN_DECLS

/* Days that a key is good for after the same account has signed in again on the same computer. */
#define XH_SIGNER_DAYS 30

gboolean xh_signers_prepare (XhBackend *backend, GError **error); /* its table */
/* @key: as xh_signer_is_public() wants it. In a transaction of the caller's, if there is one. */
gboolean xh_signers_add     (XhBackend *backend, const char *login, const char *device, const char *key, GError **error);
/* Whether @key is of this account on this computer, and still good. @known: (out) */
gboolean xh_signers_find    (XhBackend *backend, const char *login, const char *device, const char *key, gboolean *known, GError **error);
gboolean xh_signers_revoke  (XhBackend *backend, const char *login, GError **error); /* all of the account's */

G_END_DECLS
