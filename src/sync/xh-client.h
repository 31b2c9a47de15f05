/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The HTTP side of a client: sign in, catalog, push, pull. Synchronous, for worker threads; one per thread. */
#pragma once

#include "xh-transport.h"
#include "xh-wire.h"

G_BEGIN_DECLS

#define XH_MARK_HEADER "x-xinheng-mark"
#define XH_DIGEST_HEADER "x-xinheng-digest"
#define XH_PROBLEM_DAMAGED "urn:xinheng:damaged" /* type of the problem where a request's body is not what its digest says */
#define XH_PROBLEM_DIFFERS "urn:xinheng:ledger-differs" /* type of the problem behind XH_SYNC_ERROR_DIFFERS */

typedef struct _XhClient XhClient;

typedef struct
{
  char *login, *name, *role, *division, *unit; /* (owned) (division and unit nullable) */
  char *token;    /* (owned) (nullable) NULL after an offline sign-in */
  gboolean demo;  /* the server holds a generated county: papers say so */
} XhProfile;

/**
 * xh_client_new:
 * @base_url: the server's address; https, or http on loopback. Any other is refused by every call (XH_SYNC_ERROR_FORBIDDEN)
 * @device: the device's lasting id
 *
 * Every call waits for the network, so none belongs on the main thread. Errors of every call:
 * XH_SYNC_ERROR_OFFLINE no contact (also a timeout, a bad certificate, what was damaged on the way, 502, 503, 504): try again later;
 * XH_SYNC_ERROR_DIFFERS the server does not know the mark: see xh_client_set_mark();
 * XH_SYNC_ERROR_SIGN_IN 401; XH_SYNC_ERROR_FORBIDDEN 403; XH_SYNC_ERROR_REFUSED another 4xx with the server's own words, or 413:
 * the same request will be refused again;
 * XH_SYNC_ERROR_SERVER 429 and 5xx; XH_SYNC_ERROR_PROTOCOL what came is not what the protocol says, or is too large, or a 4xx that is not
 * our server's;
 * G_IO_ERROR_CANCELLED. Messages hold the server's own words where it sent some.
 *
 * Returns: (transfer full): a client
 */
XhClient  *xh_client_new       (const char *base_url, const char *device);
/* (transfer full) a client over another way than HTTP. @transport: (transfer full) */
XhClient  *xh_client_new_over  (XhTransport *transport, const char *device);
void       xh_client_free      (XhClient *self);
void       xh_client_set_token (XhClient *self, const char *token); /* (nullable) token */
/* What this computer has seen of the server's ledger, as xh_client_get_mark() said it: goes along with every request. (nullable) mark */
void       xh_client_set_mark  (XhClient *self, const char *mark);
/* (transfer none) (nullable) up to where the last answer let it see the ledger; to be kept with what the answer held. */
const char *xh_client_get_mark (XhClient *self);
const char *xh_client_get_token (XhClient *self); /* (nullable) */
/* Seconds that the server's clock was ahead of this computer's when it last answered; 0 before, and where it is within the time that the
 * answer took. Nothing is decided by it. */
gint64     xh_client_get_clock_difference (XhClient *self);
/* What this desk signs with from now on: the next sign-in tells the server. (nullable) key: the public half of an XhSigner. */
void       xh_client_set_key   (XhClient *self, const char *key);
/* Seconds without a byte after which a connection is given up; 30 unless set. */
void       xh_client_set_timeout (XhClient *self, guint seconds);
/* Bytes of an answer, decompressed, beyond which it is refused; 256 MiB unless set. */
void       xh_client_set_limit (XhClient *self, gsize bytes);
/* Does not remember the token: see xh_client_set_token(). */
XhProfile *xh_client_sign_in   (XhClient *self, const char *login, const char *password, GCancellable *c, GError **error);
gboolean   xh_client_sign_out  (XhClient *self, GCancellable *c, GError **error);
/* @etag: (nullable) hash of the catalog at hand. NULL without error: unchanged since @etag. */
GBytes    *xh_client_catalog   (XhClient *self, const char *etag, GCancellable *c, GError **error);
char      *xh_client_push      (XhClient *self, const char *json, gsize length, gsize *answer_length, GCancellable *c, GError **error);
/* @own: also what this device wrote itself, which it has not when it reads the ledger from its beginning. */
char      *xh_client_pull      (XhClient *self, gint64 since, guint limit, gboolean own, gsize *length, GCancellable *c, GError **error);
char      *xh_client_history   (XhClient *self, const char *record, GCancellable *c, GError **error); /* JSON array of ledger entries */
/* Any request of this room: @request gets the session's token and goes out; a status is not judged. Errors as above. */
/* Sends the piece of an attachment that begins at @offset, or only asks (NULL). @have: (out) what the server has now; @complete: (out) all. */
gboolean   xh_client_blob_send (XhClient *self, const char *hash, gint64 size, const char *type, gint64 offset, GBytes *piece, gint64 *have,
                                gboolean *complete, GCancellable *c, GError **error);
/* Bytes @from to @to of an attachment; the server may send fewer. What came before an error stays with the sink. */
gboolean   xh_client_blob_fetch (XhClient *self, const char *hash, gint64 from, gint64 to, XhSinkFunc sink, gpointer data, GCancellable *c,
                                 GError **error);
gboolean   xh_client_send      (XhClient *self, XhRequest *request, XhReply *reply, GCancellable *c, GError **error);
/* Whether the reply's status is one of these two; else the error that fits it, in the server's own words. */
gboolean   xh_client_expect    (const XhReply *reply, guint expected, guint also, GError **error);
void       xh_profile_free     (XhProfile *profile);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhClient, xh_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhProfile, xh_profile_free)

G_END_DECLS
