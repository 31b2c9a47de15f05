/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions: a random token in the client's hands, its BLAKE2b in the store, an end date; and the brake on guessing. */
#pragma once

#include "xh-access.h"
#include "xh-accounts.h"

G_BEGIN_DECLS

#define XH_SESSION_DAYS 30

/* Makes a session and returns its token (64 hex digits), which is kept nowhere else. Removes sessions that have run out. */
char     *xh_sessions_open   (XhBackend *backend, const char *login, const char *device, GError **error);
gboolean  xh_sessions_close  (XhBackend *backend, const char *token, GError **error);
/* Who holds the token. XH_SERVER_ERROR_SESSION: nobody, or the account is disabled. */
XhAccess *xh_sessions_find   (XhBackend *backend, const char *token, GError **error);

/* Checks a password in the same time whether or not there is such an account: @decoy is verified in its place.
 * NULL without error: refused. */
XhAccount *xh_sessions_verify (XhBackend *backend, const char *login, const char *password, const char *decoy, GError **error);

/* Failures by key (a login, a login at an address). After a few of them each further try must wait, twice as long each time,
 * up to a quarter of an hour. Bounded in memory. For one thread. Times are g_get_monotonic_time (). */
typedef struct _XhThrottle XhThrottle;

XhThrottle *xh_throttle_new     (guint free_tries, guint max_keys);
void        xh_throttle_free    (XhThrottle *self);
guint       xh_throttle_wait    (XhThrottle *self, const char *key, gint64 now); /* seconds to wait; 0: may try */
void        xh_throttle_fail    (XhThrottle *self, const char *key, gint64 now);
void        xh_throttle_forget  (XhThrottle *self, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhThrottle, xh_throttle_free)

G_END_DECLS
