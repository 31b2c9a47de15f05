/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions that a person has ended here and the server may not know of yet. They wait in DESK/sign-outs (0600, a token a line) for the next
 * contact; nothing is done with them but ending them. Any thread. */
#pragma once

#include "xh-client.h"

G_BEGIN_DECLS

/* Errors: XH_SYNC_ERROR_LOCAL. */
gboolean xh_sign_out_keep (const char *folder, const char *token, GError **error);
void     xh_sign_out_drop (const char *folder, const char *token);
/* Ends what waits, as far as the server can be reached. The session of @client stays and waits no longer: whoever ended it came back
 * before the server heard of it. */
void     xh_sign_out_send (const char *folder, XhClient *client, GCancellable *c);

G_END_DECLS
