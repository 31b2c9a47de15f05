/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One request on its way through the server: read on the main thread, worked on in a lane with that lane's database connection,
 * answered on the main thread. Only one thread holds a call at a time, so it needs no locks. */
#pragma once

#include <libsoup/soup.h>
#include "xh-access.h"
#include "xh-accounts.h"

G_BEGIN_DECLS

#define XH_STATUS_TOO_MANY_REQUESTS 429 /* libsoup 3.2 has no name for it */

typedef struct _XhCall XhCall;

/* Works on @call; what it leaves in the call's answer is sent. In the write lane a failure (status 500 and above) takes back what
 * the call wrote, and a call may be run again: it must leave nothing behind but its answer. */
typedef void (*XhCallFunc) (XhCall *call, XhBackend *backend);

struct _XhCall
{
  gpointer server;            /* (not owned) XhServer */
  SoupServerMessage *message; /* (owned) (nullable) main thread only; NULL: the server's own job, which nobody is answered, or a call without a socket */
  GHashTable *headers;        /* (not owned) (nullable) of a call without a socket: lower-case name, value */
  XhCallFunc run;             /* what the present lane does */
  XhCallFunc then;            /* (nullable) what the write lane does afterwards */
  void (*finished) (XhCall *call); /* (nullable) on the main thread, just before the answer goes out; for a job on the lane's, when it is done */
  gpointer job;               /* (not owned unless free_job) (nullable) what a job, or this route, works on */
  GDestroyNotify free_job;    /* (nullable) */
  gboolean anonymous;         /* needs no session */

  char *token;                /* (owned) (nullable) from the Authorization header */
  XhAccess *access;           /* (owned) (nullable) who asks; set before run */
  GBytes *body;               /* (owned) (nullable) */
  gboolean gzip;              /* the client reads compressed answers */
  gboolean local;             /* the client is on this machine, not behind the proxy: nothing is gained by compressing for it */
  char *record;               /* (owned) (nullable) from the path */
  char *etag;                 /* (owned) (nullable) If-None-Match */
  char *mark;                 /* (owned) (nullable) what the client has seen of the ledger */
  char *digest;               /* (owned) (nullable) what the client says of the body */
  gint64 since;
  gboolean own;               /* a pull sends back what the session's device wrote, too */
  guint limit;
  char *login, *address, *device, *key; /* (owned) (nullable) of a sign-in */
  char *password;             /* (owned) (nullable) wiped when freed */
  XhAccount *account;         /* (owned) (nullable) who signed in */

  guint status;               /* 0: not answered yet */
  const char *type;           /* content type */
  GBytes *answer;             /* (owned) (nullable) */
  gboolean answer_gzipped;
  char *answer_etag;          /* (owned) (nullable) */
  char *answer_range;         /* (owned) (nullable) Content-Range */
  gint64 answer_length;       /* of an answer without a body (HEAD); 0: not said */
  char *answer_digest;        /* (owned) (nullable) */
  char *answer_mark;          /* (owned) (nullable) up to where the answer lets the client see the ledger */
  guint retry_after;          /* seconds; 0: not said */
  const char *allow;          /* (nullable) methods */
  gboolean upgraded;          /* the answer is in the message: its connection becomes something else */
};

XhCall *xh_call_new           (gpointer server, SoupServerMessage *message);
XhCall *xh_call_new_job       (gpointer server, XhCallFunc run, void (*finished) (XhCall *call), gpointer job);
/* A call that came by no socket: see xh_server_new_here(). @headers: (nullable) outlives the call. @body: (nullable) */
XhCall *xh_call_new_here      (gpointer server, GHashTable *headers, GBytes *body);
void    xh_call_free          (XhCall *call);
/* (nullable) a request's header; several of one name are joined by commas. @name: in lower case. Main thread only. */
const char *xh_call_header    (XhCall *call, const char *name);
void    xh_call_answer        (XhCall *call, guint status, GBytes *json); /* (transfer full) json, nullable */
void    xh_call_answer_string (XhCall *call, guint status, GString *json); /* (transfer full) json */
void    xh_call_forget_answer (XhCall *call); /* before it is worked on again */
/* application/problem+json (RFC 9457): @detail says in words what to do. */
void    xh_call_problem       (XhCall *call, guint status, const char *detail);
/* The ledger is not the one that the client knows. Nothing may be exchanged. */
void    xh_call_differs       (XhCall *call);
/* The problem that fits an error of the store, the server or the model; what went wrong inside goes to the log, not out. */
void    xh_call_fail          (XhCall *call, const GError *error);
/* FALSE: the body is not what its digest says, and the call has been answered. For a lane's thread, as is the next. */
gboolean xh_call_is_whole     (XhCall *call);
void    xh_call_seal          (XhCall *call); /* a digest for the answer, if it is JSON */
/* Compresses the answer if the client reads it and it is worth it; for a lane's thread. */
void    xh_call_compress      (XhCall *call);
GBytes *xh_gzip               (GBytes *bytes);
/* (transfer full) (nullable) a file mapped, for an answer: of one that is only ever unlinked or replaced, never written again. */
GBytes *xh_map_file           (const char *path, GError **error);

G_END_DECLS
