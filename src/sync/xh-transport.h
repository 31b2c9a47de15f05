/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a request of a client gets to the server and its answer back: by libsoup, or in a test by whatever stands in its place.
 * Synchronous, for the thread of its client. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A piece of an answer's body, in order. FALSE with @error set ends the request with that error. */
typedef gboolean (*XhSinkFunc) (const guint8 *bytes, gsize length, gpointer data, GError **error);

typedef struct
{
  const char *method, *path; /* (not owned) the path begins with a slash and may have a query */
  GPtrArray *headers;        /* (owned) (nullable) name, value, name, value: see xh_request_add_header() */
  GBytes *body;              /* (owned) (nullable) */
  const char *type;          /* (not owned) (nullable) of the body; application/json unless said */
  gsize limit;               /* bytes of an answer, decompressed, beyond which it is refused; 0: what the client allows */
  XhSinkFunc sink;           /* (nullable) takes the body of a 2xx instead of the reply */
  gpointer sink_data;
} XhRequest;

typedef struct
{
  guint status;
  GHashTable *headers;       /* (owned) lower-case name: value, both owned */
  GByteArray *body;          /* (owned) (nullable) what the sink did not take; that of an error at most 64 KB, and nothing if it broke off */
} XhReply;

typedef struct _XhTransport XhTransport;

/* The head of every transport. */
struct _XhTransport
{
  /* One request. Errors: XH_SYNC_ERROR_OFFLINE no contact or the connection broke; XH_SYNC_ERROR_PROTOCOL too large or cannot be
   * decompressed; XH_SYNC_ERROR_FORBIDDEN the address; G_IO_ERROR_CANCELLED; what the sink says. A status is no error here. */
  gboolean (*send) (XhTransport *self, const XhRequest *request, XhReply *reply, GCancellable *c, GError **error);
  void (*set_timeout) (XhTransport *self, guint seconds); /* (nullable) without a byte */
  void (*free) (XhTransport *self);
};

void         xh_request_add_header (XhRequest *request, const char *name, const char *value);
void         xh_request_clear      (XhRequest *request);
/* (nullable) @name: in lower case */
const char  *xh_reply_get_header   (const XhReply *reply, const char *name);
void         xh_reply_add_header   (XhReply *reply, const char *name, const char *value);
void         xh_reply_clear        (XhReply *reply);

/* (transfer full) by libsoup. @base_url: https, or http on loopback, without a slash at its end; any other is refused by every request. */
XhTransport *xh_transport_new_http (const char *base_url);
void         xh_transport_free     (XhTransport *self);
/* Whether an address may be spoken to: https, or http on loopback. */
gboolean     xh_transport_is_allowed (const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhTransport, xh_transport_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhRequest, xh_request_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhReply, xh_reply_clear)

G_END_DECLS
