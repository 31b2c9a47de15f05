/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What lets an account in without a network: DESK/profile.json with the profile, the argon2id verifier of its password, and
 * the brake on guessing. Blocking. */
#pragma once

#include "xh-client.h"

G_BEGIN_DECLS

/* Writes who signed in online just now. Replaces the file whole. */
gboolean   xh_verifier_write  (const char *folder, const char *server, const XhProfile *profile, const char *password, GError **error);
/* Who it is, if the password is right. Errors: XH_SYNC_ERROR_SIGN_IN wrong, or too early after several wrong ones;
 * XH_SYNC_ERROR_OFFLINE nobody has signed in here before. @now: seconds since 1970 */
XhProfile *xh_verifier_check  (const char *folder, const char *password, gint64 now, GError **error);
/* The server has refused this password: it lets nobody in any more without the server either. */
void       xh_verifier_forget (const char *folder, const char *password);
/* Replaces a file whole: written beside, synced, renamed; 0600. */
gboolean   xh_file_replace    (const char *folder, const char *name, const char *data, gsize length, GError **error);

G_END_DECLS
