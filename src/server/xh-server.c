/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"
#include "xh-blobs.h"
#include "xh-server-live.h"
#include "xh-mark.h"

#define READERS 2
#define MAX_WAITING 512
#define MAX_SIGN_INS 32
#define SMALL_BODY (16 * 1024)
#define ROWS_BODY (256 * 1024)
#define PUSH_BODY (16 * 1024 * 1024)
#define BODY_SECONDS 60
#define RETRY_SECONDS 5

typedef struct
{
  const char *path;
  const char *method;
  gsize max_body;
  XhRouteFunc func;
} Route;

static const Route routes[] = {
  { "/v1/sessions", "POST", SMALL_BODY, xh_route_sign_in },
  { "/v1/sessions/current", "DELETE", 0, xh_route_sign_out },
  { "/v1/catalog", "GET", 0, xh_route_catalog },
  { "/v1/changes", "POST", PUSH_BODY, xh_route_push },
  { "/v1/changes", "GET", 0, xh_route_pull },
  { "/v1/work", "POST", PUSH_BODY, xh_route_work },
  { "/v1/checksums", "GET", 0, xh_route_checksums },
  { "/v1/versions", "GET", 0, xh_route_versions },
  { "/v1/rows", "POST", ROWS_BODY, xh_route_rows },
  { "/v1/records/*/history", "GET", 0, xh_route_history },
  { "/v1/snapshot", "GET", 0, xh_route_snapshot },
  { "/v1/status", "GET", 0, xh_route_status },
  { "/v1/blobs/*", "GET", 0, xh_route_blob_get },
  { "/v1/blobs/*", "HEAD", 0, xh_route_blob_head },
  { "/v1/blobs/*", "PATCH", XH_BLOB_PIECE, xh_route_blob_patch },
  { "/v1/live", "GET", 0, xh_route_live },
};

/* "*" stands for one segment, which is copied out. */
static gboolean
match_path (const char *pattern, const char *path, char **segment)
{
  const char *star = strchr (pattern, '*'), *end;

  if (!star)
    return strcmp (pattern, path) == 0;
  if (strncmp (pattern, path, star - pattern) != 0)
    return FALSE;
  path += star - pattern;
  end = path + strcspn (path, "/");
  if (end == path || strcmp (end, star + 1) != 0)
    return FALSE;
  if (segment)
    *segment = g_strndup (path, end - path);
  return TRUE;
}

static const Route *
find_route (const char *method, const char *path, char **segment, const char **allow)
{
  *allow = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      g_autofree char *found = NULL;

      if (!match_path (routes[i].path, path, &found))
        continue;
      if (strcmp (routes[i].method, method) == 0)
        {
          if (segment)
            *segment = g_steal_pointer (&found);
          return &routes[i];
        }
      *allow = routes[i].func == xh_route_blob_patch ? "GET, HEAD, PATCH" : *allow ? "GET, POST" : routes[i].method;
    }
  return NULL;
}

void
xh_server_each_route (void (*func) (const char *method, const char *path, gpointer data), gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    func (routes[i].method, routes[i].path, data);
}

static void
send_answer (XhCall *call)
{
  SoupServerMessage *message = call->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, call->status,
                                  call->status == XH_STATUS_TOO_MANY_REQUESTS ? "Too Many Requests" : NULL);
  soup_message_headers_replace (headers, "Cache-Control", call->answer_etag ? "private, no-cache" : "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (call->answer_etag)
    soup_message_headers_replace (headers, "ETag", call->answer_etag);
  if (call->answer_range)
    soup_message_headers_replace (headers, "Content-Range", call->answer_range);
  /* HEAD: what the body would be, without it. */
  if (call->answer_length && !call->answer)
    {
      soup_message_headers_set_content_type (headers, call->type, NULL);
      soup_message_headers_set_content_length (headers, call->answer_length);
    }
  if (call->answer_mark)
    soup_message_headers_replace (headers, XH_MARK_HEADER, call->answer_mark);
  if (call->answer_digest)
    soup_message_headers_replace (headers, XH_DIGEST_HEADER, call->answer_digest);
  if (call->allow)
    soup_message_headers_replace (headers, "Allow", call->allow);
  if (call->status == SOUP_STATUS_UNAUTHORIZED)
    soup_message_headers_replace (headers, "WWW-Authenticate", "Bearer");
  if (call->retry_after)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", call->retry_after);

      soup_message_headers_replace (headers, "Retry-After", seconds);
    }
  if (!call->answer)
    return;
  soup_message_headers_set_content_type (headers, call->type, NULL);
  soup_message_headers_replace (headers, "Vary", "Accept-Encoding");
  if (call->answer_gzipped)
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), call->answer);
}

static void
refuse_busy (XhCall *call)
{
  call->retry_after = RETRY_SECONDS;
  xh_call_problem (call, SOUP_STATUS_SERVICE_UNAVAILABLE, _("The server is busy. Try again in a few seconds."));
}

/* Back on the main thread: hands the call to its second lane, or answers. */
static gboolean
call_done_idle_cb (gpointer data)
{
  XhCall *call = data;
  XhServer *self = call->server;

  if (call->then && call->status == 0)
    {
      call->run = g_steal_pointer (&call->then);
      if (xh_lane_push (self->writer, call))
        return G_SOURCE_REMOVE;
      refuse_busy (call);
    }
  if (call->finished)
    call->finished (call);
  if (!call->upgraded)
    send_answer (call);
  soup_server_message_unpause (call->message);
  xh_call_free (call);
  return G_SOURCE_REMOVE;
}

static void
call_done_cb (XhCall *call)
{
  /* A job needs no main thread, which may be waiting for it to end. */
  if (!call->message)
    {
      call->finished (call);
      xh_call_free (call);
      return;
    }
  g_idle_add_full (G_PRIORITY_DEFAULT, call_done_idle_cb, call, NULL);
}

void
xh_server_let_go (XhServer *self, SoupServerMessage *message)
{
  g_object_set_data (G_OBJECT (message), "xh-body-timer", NULL);
  if (!g_object_steal_data (G_OBJECT (message), "xh-active"))
    return;
  self->active--;
  if (self->stopping && self->active == 0 && self->stopped)
    self->stopped (self, self->stopped_data);
}

static void
message_finished_cb (SoupServerMessage *message, XhServer *self)
{
  xh_server_let_go (self, message);
}

static void
news_cb (gint64 head, gpointer data)
{
  xh_server_live_news (data, head);
}

static void
cut_off (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static gboolean
body_too_slow_cb (gpointer data)
{
  cut_off (data);
  return G_SOURCE_REMOVE;
}

static void
remove_timer (gpointer data)
{
  GSource *source = data;

  g_source_destroy (source);
  g_source_unref (source);
}

static void
got_body_cb (SoupServerMessage *message, gpointer data)
{
  g_object_set_data (G_OBJECT (message), "xh-body-timer", NULL);
}

/* A body without a length (chunked) is counted as it comes. */
static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  gsize max = GPOINTER_TO_SIZE (data);
  gsize so_far = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (message), "xh-body-size")) + g_bytes_get_size (chunk);

  g_object_set_data (G_OBJECT (message), "xh-body-size", GSIZE_TO_POINTER (so_far));
  if (so_far <= max)
    return;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  cut_off (message);
}

static void
refuse_early (SoupServerMessage *message, guint status, const char *detail)
{
  XhCall *call = xh_call_new (NULL, message);

  xh_call_problem (call, status, detail);
  send_answer (call);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  xh_call_free (call);
}

/* Headers are read, the body is not. */
static void
early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  XhServer *self = data;
  const char *allow;
  const Route *route = find_route (soup_server_message_get_method (message), path, NULL, &allow);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  gsize max = route ? route->max_body : SMALL_BODY;
  GSource *timer = g_timeout_source_new_seconds (BODY_SECONDS);

  g_source_set_callback (timer, body_too_slow_cb, message, NULL);
  g_source_attach (timer, g_main_context_get_thread_default ());
  g_object_set_data_full (G_OBJECT (message), "xh-body-timer", timer, remove_timer);
  g_signal_connect (message, "got-body", G_CALLBACK (got_body_cb), NULL);
  g_signal_connect (message, "finished", G_CALLBACK (message_finished_cb), self);
  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), GSIZE_TO_POINTER (max));
  else if (soup_message_headers_get_content_length (headers) > (goffset) max)
    refuse_early (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, _("The request is too long. Send fewer changes at once."));
}

static XhLane *
prepare_call (XhServer *self, XhCall *call, const char *method, const char *path, GHashTable *query)
{
  const char *allow;
  const Route *route = find_route (method, path, &call->record, &allow);

  if (self->stopping)
    {
      call->retry_after = RETRY_SECONDS;
      xh_call_problem (call, SOUP_STATUS_SERVICE_UNAVAILABLE, _("The server is being stopped."));
      return NULL;
    }
  if (route)
    return route->func (self, call, query);
  call->allow = allow;
  if (allow)
    xh_call_problem (call, SOUP_STATUS_METHOD_NOT_ALLOWED, _("This address does not take that method."));
  else
    xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("There is nothing at this address."));
  return NULL;
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  XhServer *self = data;
  XhCall *call = xh_call_new (self, message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  XhLane *lane;

  g_object_set_data (G_OBJECT (message), "xh-active", self);
  self->active++;
  call->body = soup_message_body_flatten (body);
  lane = prepare_call (self, call, soup_server_message_get_method (message), path, query);
  if (lane)
    {
      soup_server_message_pause (message);
      if (xh_lane_push (lane, call))
        return;
      soup_server_message_unpause (message);
      refuse_busy (call);
    }
  send_answer (call);
  xh_call_free (call);
}

/* --- without sockets and threads */

XhServer *
xh_server_new_here (const char *data, XhCatalog *catalog, GError **error)
{
  XhServer *self = g_new0 (XhServer, 1);

  self->data = g_strdup (data);
  self->catalog = xh_catalog_ref (catalog);
  self->blob_folder = xh_blob_folder_new (data);
  if (!(self->writer = xh_lane_new ("writer", 0, TRUE, 1, data, catalog, NULL, error))
      || !(self->readers = xh_lane_new ("reader", 0, FALSE, 1, data, catalog, NULL, error)))
    g_clear_pointer (&self, xh_server_free);
  return self;
}

XhCall *
xh_server_answer_here (XhServer *self, const char *method, const char *path, GHashTable *headers, GBytes *body)
{
  XhCall *call = xh_call_new_here (self, headers, body);
  g_auto (GStrv) parts = g_strsplit (path, "?", 2);
  g_autoptr (GHashTable) query = parts[1] ? soup_form_decode (parts[1]) : NULL;
  XhLane *lane = prepare_call (self, call, method, parts[0], query);

  if (lane)
    xh_lane_run_here (lane, call);
  if (call->then && call->status == 0)
    {
      call->run = g_steal_pointer (&call->then);
      xh_lane_run_here (self->writer, call);
    }
  return call;
}

JsonNode *
xh_call_parse_object (XhCall *call)
{
  gsize length;
  const char *text = g_bytes_get_data (call->body, &length);
  g_autoptr (JsonNode) node = NULL;

  if (!xh_call_is_whole (call))
    return NULL;
  node = length > 0 ? xh_json_parse (text, length, NULL) : NULL;
  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);
  xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("The request is not a JSON object."));
  return NULL;
}

XhServer *
xh_server_new (const char *data, XhCatalog *catalog, GError **error)
{
  XhServer *self = g_new0 (XhServer, 1);

  self->data = g_strdup (data);
  self->catalog = xh_catalog_ref (catalog);
  self->catalog_gzipped = xh_gzip (xh_catalog_get_bundle (catalog));
  self->logins = xh_throttle_new (20, 10000);
  self->places = xh_throttle_new (5, 10000);
  self->blob_folder = xh_blob_folder_new (data);
  self->decoy = xh_password_hash ("");
  /* The writer first: it makes or migrates the tables that the readers' connections expect. */
  if (!(self->writer = xh_lane_new ("writer", 1, TRUE, MAX_WAITING, data, catalog, call_done_cb, error))
      || !(self->readers = xh_lane_new ("reader", READERS, FALSE, MAX_WAITING, data, catalog, call_done_cb, error))
      || !(self->blobs = xh_lane_new ("blobs", 1, FALSE, MAX_WAITING, data, catalog, call_done_cb, error))
      || !(self->sign_ins = xh_lane_new ("sign-in", 1, FALSE, MAX_SIGN_INS, data, catalog, call_done_cb, error)))
    {
      xh_server_free (self);
      return NULL;
    }
  self->live = xh_server_live_new (self);
  xh_lane_set_news (self->writer, news_cb, self->live);
  self->snapshots = xh_snapshots_new (data, catalog);
  self->soup = soup_server_new ("server-header", "xinheng-server", NULL);
  soup_server_add_early_handler (self->soup, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  return self;
}

gboolean
xh_server_listen (XhServer *self, guint port, GError **error)
{
  if (!soup_server_listen_local (self->soup, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  if (!self->automatic)
    self->automatic = xh_server_automatic_start (self->data, self->catalog, self->writer, error);
  xh_server_blobs_start (self);
  return self->automatic != NULL;
}

guint
xh_server_get_port (XhServer *self)
{
  GSList *uris = soup_server_get_uris (self->soup);
  guint port = uris ? (guint) g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

void
xh_server_stop (XhServer *self, GFunc stopped, gpointer data)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->stopped = stopped;
  self->stopped_data = data;
  xh_server_live_stop (self->live);
  if (self->active == 0)
    stopped (self, data);
}

void
xh_server_free (XhServer *self)
{
  if (!self)
    return;
  if (self->soup)
    soup_server_disconnect (self->soup);
  g_clear_pointer (&self->automatic, xh_server_automatic_stop); /* before the lane it works in */
  g_clear_handle_id (&self->blob_timer, g_source_remove);
  g_clear_pointer (&self->sign_ins, xh_lane_free);
  g_clear_pointer (&self->blobs, xh_lane_free);
  g_clear_pointer (&self->readers, xh_lane_free);
  g_clear_pointer (&self->writer, xh_lane_free);
  g_clear_pointer (&self->live, xh_server_live_free);
  g_clear_pointer (&self->snapshots, xh_snapshots_free); /* after the readers, who ask it */
  g_clear_object (&self->soup);
  g_clear_pointer (&self->logins, xh_throttle_free);
  g_clear_pointer (&self->places, xh_throttle_free);
  g_clear_pointer (&self->blob_folder, xh_blob_folder_free);
  g_clear_pointer (&self->catalog_gzipped, g_bytes_unref);
  g_clear_pointer (&self->catalog, xh_catalog_unref);
  g_free (self->data);
  g_free (self->decoy);
  g_free (self);
}
