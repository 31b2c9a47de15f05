/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xh-call.h"
#include "xh-lane.h"
#include "xh-server.h"
#include "xh-sessions.h"
#include "xh-snapshot.h"

G_BEGIN_DECLS

typedef struct _XhServerAutomatic XhServerAutomatic;
typedef struct _XhServerLive XhServerLive;

struct _XhServer
{
  char *data;              /* (owned) the data folder */
  SoupServer *soup;        /* (owned) */
  XhServerAutomatic *automatic; /* (owned) (nullable) since it listens */
  XhServerLive *live;      /* (owned) (nullable) none without sockets */
  XhCatalog *catalog;      /* (owned) */
  XhLane *readers, *sign_ins, *blobs, *writer; /* (owned) */
  struct _XhBlobFolder *blob_folder; /* (owned) the blobs lane's, but for its sweep */
  guint blob_timer;        /* since it listens */
  XhSnapshots *snapshots;  /* (owned) (nullable) none without sockets, unless a test gives it some */
  XhThrottle *logins, *places; /* (owned) failures by login, and by login at an address */
  char *decoy;             /* (owned) hash verified where there is no such login */
  GBytes *catalog_gzipped; /* (owned) the bundle as sent to clients that read gzip */
  guint active;            /* requests begun and not yet answered */
  gboolean stopping;
  GFunc stopped;
  gpointer stopped_data;
};

/* A route's first half, on the main thread: reads the request into the call and says which lane works on it;
 * NULL: it has answered already. */
typedef XhLane *(*XhRouteFunc) (XhServer *self, XhCall *call, GHashTable *query);

XhLane *xh_route_sign_in  (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_sign_out (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_catalog  (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_push     (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_work     (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_pull     (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_checksums (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_versions (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_rows     (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_history  (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_snapshot (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_status   (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_live     (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_blob_get   (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_blob_head  (XhServer *self, XhCall *call, GHashTable *query);
XhLane *xh_route_blob_patch (XhServer *self, XhCall *call, GHashTable *query);

/* xh-server-blobs.c: what no record names goes after days: now and every few hours. */
void    xh_server_blobs_start (XhServer *self);

/* Method and path of each, "*" for a segment. */
void    xh_server_each_route (void (*func) (const char *method, const char *path, gpointer data), gpointer data);
/* A message whose connection becomes something else has been answered: it is no longer under way. */
void    xh_server_let_go  (XhServer *self, SoupServerMessage *message);

/**
 * xh_server_new_here:
 *
 * A server without sockets and threads, for tests: each request is worked on in the caller's thread by the routes, lanes and
 * database code of the real one. Nobody can sign in by password: open sessions by xh_sessions_open().
 */
XhServer *xh_server_new_here    (const char *data, XhCatalog *catalog, GError **error);
/* (transfer full) a call with its answer. @path: with its query. @headers: (nullable) lower-case name, value; outlive the call. */
XhCall   *xh_server_answer_here (XhServer *self, const char *method, const char *path, GHashTable *headers, GBytes *body);

/* xh-server-automatic.c: a thread that takes the automatic steps, at once and after every local midnight, through @writer. */
XhServerAutomatic *xh_server_automatic_start (const char *data, XhCatalog *catalog, XhLane *writer, GError **error);
void               xh_server_automatic_stop  (XhServerAutomatic *self); /* joins it, after the slice under way */

/* (nullable) a JSON object from the body; NULL: the problem has been set. */
JsonNode *xh_call_parse_object (XhCall *call);

G_END_DECLS
