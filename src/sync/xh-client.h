/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The HTTP side of a client: sign in, catalog, push, pull. Synchronous, for worker threads; one per thread. */
#pragma once

#include "xh-wire.h"

G_BEGIN_DECLS

typedef struct _XhClient XhClient;

typedef struct
{
  char *login, *name, *role, *division, *unit; /* (owned) (division and unit nullable) */
  char *token;    /* (owned) (nullable) NULL after an offline sign-in */
} XhProfile;

XhClient  *xh_client_new       (const char *base_url, const char *device);
void       xh_client_free      (XhClient *self);
void       xh_client_set_token (XhClient *self, const char *token);
XhProfile *xh_client_sign_in   (XhClient *self, const char *login, const char *password, GCancellable *c, GError **error);
gboolean   xh_client_sign_out  (XhClient *self, GCancellable *c, GError **error);
/* NULL without error: unchanged since @etag. */
GBytes    *xh_client_catalog   (XhClient *self, const char *etag, GCancellable *c, GError **error);
char      *xh_client_push      (XhClient *self, const char *json, gsize length, gsize *answer_length, GCancellable *c, GError **error);
char      *xh_client_pull      (XhClient *self, gint64 since, guint limit, gsize *length, GCancellable *c, GError **error);
char      *xh_client_history   (XhClient *self, const char *record, GCancellable *c, GError **error); /* JSON array of ledger entries */
void       xh_profile_free     (XhProfile *profile);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhClient, xh_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhProfile, xh_profile_free)

G_END_DECLS
