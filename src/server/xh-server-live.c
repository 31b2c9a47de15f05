/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-server-live.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/xh-live.h"
#include "xh-ledger.h"

#define MAX_LINES 4000
#define MAX_LINES_EACH 8   /* of one account: its computers, and what a broken network left behind */
#define DEBOUNCE_MS 100
#define PING_SECONDS 30
#define SILENCE_SECONDS 90 /* two pings without an answer */
#define WATCH_SECONDS 30
#define MAX_MESSAGE 125    /* clients have nothing to say here but close and pong */
#define RETRY_SECONDS 60

typedef struct
{
  XhServerLive *live;
  SoupWebsocketConnection *socket; /* (owned) */
  char *token, *login;             /* (owned) */
  gint64 seen;                     /* monotonic time of the last sign of the client */
} Line;

struct _XhServerLive
{
  XhServer *server;
  GPtrArray *lines;     /* (owned) of Line */
  guint watch;
  gboolean looking;     /* the reader looks at the sessions of the lines */
  gboolean stopped;

  GMutex mutex;         /* guards what follows */
  gint64 head;          /* the ledger's last number, as far as it was told here */
  gint64 told;          /* monotonic time when the lines were last told */
  GSource *source;      /* (owned) (nullable) will tell, or close */
  GPtrArray *ended;     /* (owned) (nullable) tokens of sessions that have ended */
};

/* What the reader looks at. */
typedef struct
{
  XhServerLive *live;
  GPtrArray *tokens; /* (owned) */
  GPtrArray *ended;  /* (owned) */
} Look;

static void
wipe_text (gpointer text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_signal_handlers_disconnect_by_data (line->socket, line);
  g_object_unref (line->socket);
  wipe_text (line->token);
  g_free (line->login);
  g_free (line);
}

static void
close_line (Line *line, gushort code, const char *reason)
{
  if (soup_websocket_connection_get_state (line->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (line->socket, code, reason);
}

static void
tell (Line *line, gint64 head)
{
  g_autofree char *json = g_strdup_printf ("{\"head\":%" G_GINT64_FORMAT "}", head);

  if (soup_websocket_connection_get_state (line->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (line->socket, json);
}

static void
tell_all (XhServerLive *self, gint64 head)
{
  for (guint i = 0; i < self->lines->len; i++)
    tell (g_ptr_array_index (self->lines, i), head);
}

/* --- from other threads */

static void
close_ended (XhServerLive *self, GPtrArray *ended)
{
  for (guint i = 0; i < ended->len; i++)
    xh_server_live_end (self, g_ptr_array_index (ended, i));
  self->looking = FALSE;
}

static gboolean
source_cb (gpointer data)
{
  XhServerLive *self = data;
  g_autoptr (GPtrArray) ended = NULL;
  gint64 head;

  g_mutex_lock (&self->mutex);
  head = self->head;
  ended = g_steal_pointer (&self->ended);
  self->told = g_get_monotonic_time ();
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);
  if (ended != NULL)
    close_ended (self, ended);
  if (!self->stopped)
    tell_all (self, head);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. News that comes thick and fast is told ten times a second. */
static void
plan (XhServerLive *self)
{
  const gint64 passed = (g_get_monotonic_time () - self->told) / 1000;

  if (self->source != NULL)
    return;
  self->source = g_timeout_source_new (passed < DEBOUNCE_MS ? (guint) (DEBOUNCE_MS - passed) : 0);
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, source_cb, self, NULL);
  g_source_attach (self->source, NULL);
}

void
xh_server_live_news (XhServerLive *self, gint64 head)
{
  g_mutex_lock (&self->mutex);
  self->head = head;
  plan (self);
  g_mutex_unlock (&self->mutex);
}

/* --- the watch */

static void
look_at_sessions (XhCall *call, XhBackend *backend)
{
  Look *look = call->job;

  for (guint i = 0; i < look->tokens->len; i++)
    {
      const char *token = g_ptr_array_index (look->tokens, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (XhAccess) access = xh_sessions_find (backend, token, &error);

      if (g_error_matches (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SESSION))
        g_ptr_array_add (look->ended, g_strdup (token));
    }
}

/* On the reader's thread. */
static void
looked (XhCall *call)
{
  Look *look = call->job;
  XhServerLive *self = look->live;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->ended, g_ptr_array_unref);
  self->ended = g_steal_pointer (&look->ended);
  plan (self);
  g_mutex_unlock (&self->mutex);
  g_ptr_array_unref (look->tokens);
  g_free (look);
}

static void
look (XhServerLive *self)
{
  Look *look = g_new0 (Look, 1);
  XhCall *call = xh_call_new_job (self->server, look_at_sessions, looked, look);

  look->live = self;
  look->tokens = g_ptr_array_new_with_free_func (wipe_text);
  look->ended = g_ptr_array_new_with_free_func (wipe_text);
  for (guint i = 0; i < self->lines->len; i++)
    g_ptr_array_add (look->tokens, g_strdup (((Line *) g_ptr_array_index (self->lines, i))->token));
  self->looking = TRUE;
  if (xh_lane_push (self->server->readers, call))
    return;
  self->looking = FALSE;
  g_ptr_array_unref (look->tokens);
  g_ptr_array_unref (look->ended);
  g_free (look);
  xh_call_free (call);
}

/* A client that is gone without a word never closes; a session may be ended by a command in another process. */
static gboolean
watch_cb (gpointer data)
{
  XhServerLive *self = data;
  const gint64 oldest = g_get_monotonic_time () - (gint64) SILENCE_SECONDS * G_USEC_PER_SEC;

  for (guint i = self->lines->len; i > 0; i--)
    if (((Line *) g_ptr_array_index (self->lines, i - 1))->seen < oldest)
      g_ptr_array_remove_index_fast (self->lines, i - 1);
  if (self->lines->len > 0 && !self->looking)
    look (self);
  return G_SOURCE_CONTINUE;
}

/* --- a line */

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *message, Line *line)
{
  close_line (line, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
}

static void
pong_cb (SoupWebsocketConnection *socket, GBytes *message, Line *line)
{
  line->seen = g_get_monotonic_time ();
}

static void
closed_cb (SoupWebsocketConnection *socket, Line *line)
{
  g_ptr_array_remove_fast (line->live->lines, line);
}

static Line *
line_new (XhServerLive *self, SoupWebsocketConnection *socket, const char *token, const char *login)
{
  Line *line = g_new0 (Line, 1);

  line->live = self;
  line->socket = g_object_ref (socket);
  line->token = g_strdup (token);
  line->login = g_strdup (login);
  line->seen = g_get_monotonic_time ();
  soup_websocket_connection_set_max_incoming_payload_size (socket, MAX_MESSAGE);
  soup_websocket_connection_set_keepalive_interval (socket, PING_SECONDS);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), line);
  g_signal_connect (socket, "pong", G_CALLBACK (pong_cb), line);
  g_signal_connect (socket, "closed", G_CALLBACK (closed_cb), line);
  g_ptr_array_add (self->lines, line);
  return line;
}

/* What the message must know until its headers are out. */
typedef struct
{
  XhServerLive *live;
  char *token, *login; /* (owned) */
  gint64 head;         /* at the time of the answer */
} Promise;

static void
promise_free (gpointer data, GClosure *closure)
{
  Promise *promise = data;

  wipe_text (promise->token);
  g_free (promise->login);
  g_free (promise);
}

/* 101 is on its way: from here on the connection is ours. The ledger may have moved since the reader looked. */
static void
switched_cb (SoupServerMessage *message, Promise *promise)
{
  XhServerLive *self = promise->live;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (SoupWebsocketConnection) socket = NULL;
  Line *line;

  g_object_ref (message);
  xh_server_let_go (self->server, message);
  stream = soup_server_message_steal_connection (message);
  socket = soup_websocket_connection_new (stream, soup_server_message_get_uri (message), SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL,
                                          NULL);
  if (!self->stopped)
    {
      line = line_new (self, socket, promise->token, promise->login);
      g_mutex_lock (&self->mutex);
      promise->head = MAX (promise->head, self->head);
      g_mutex_unlock (&self->mutex);
      tell (line, promise->head);
    }
  g_object_unref (message);
}

static guint
count_lines (XhServerLive *self, const char *login)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++)
    if (strcmp (((Line *) g_ptr_array_index (self->lines, i))->login, login) == 0)
      n++;
  return n;
}

static gboolean
refuse_many (XhServerLive *self, XhCall *call)
{
  call->retry_after = RETRY_SECONDS;
  if (count_lines (self, call->access->login) >= MAX_LINES_EACH)
    xh_call_problem (call, XH_STATUS_TOO_MANY_REQUESTS, _("This account listens for news on too many computers at once."));
  else if (self->lines->len >= MAX_LINES)
    xh_call_problem (call, SOUP_STATUS_SERVICE_UNAVAILABLE, _("Too many clients listen for news. Ask for changes from time to time."));
  else
    call->retry_after = 0;
  return call->retry_after != 0;
}

/* On the main thread, with the session found. */
static void
upgrade (XhCall *call)
{
  XhServer *server = call->server;
  XhServerLive *self = server->live;
  Promise *promise;

  if (call->status != SOUP_STATUS_OK || refuse_many (self, call))
    return;
  if (!soup_websocket_server_check_handshake (call->message, NULL, NULL, NULL, NULL))
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("At this address the server speaks WebSocket only."));
      return;
    }
  soup_websocket_server_process_handshake (call->message, NULL, NULL, NULL, NULL);
  call->upgraded = TRUE;
  promise = g_new (Promise, 1);
  *promise = (Promise) { self, g_strdup (call->token), g_strdup (call->access->login), call->since };
  g_signal_connect_data (call->message, "wrote-informational", G_CALLBACK (switched_cb), promise, promise_free, 0);
}

static void
find_head (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;

  if (xh_ledger_head (backend, &call->since, NULL, &error))
    xh_call_answer (call, SOUP_STATUS_OK, NULL);
  else
    xh_call_fail (call, error);
}

XhLane *
xh_route_live (XhServer *self, XhCall *call, GHashTable *query)
{
  if (self->live == NULL || call->message == NULL)
    {
      xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("There is nothing at this address."));
      return NULL;
    }
  call->run = find_head;
  call->finished = upgrade;
  return self->readers;
}

XhServerLive *
xh_server_live_new (XhServer *server)
{
  XhServerLive *self = g_new0 (XhServerLive, 1);

  self->server = server;
  self->lines = g_ptr_array_new_with_free_func (line_free);
  g_mutex_init (&self->mutex);
  self->watch = g_timeout_add_seconds (WATCH_SECONDS, watch_cb, self);
  return self;
}

void
xh_server_live_end (XhServerLive *self, const char *token)
{
  for (guint i = self->lines->len; i > 0; i--)
    {
      Line *line = g_ptr_array_index (self->lines, i - 1);

      if (strcmp (line->token, token) == 0)
        close_line (line, XH_LIVE_SESSION_ENDED, "session ended");
    }
}

void
xh_server_live_stop (XhServerLive *self)
{
  self->stopped = TRUE;
  g_clear_handle_id (&self->watch, g_source_remove);
  for (guint i = self->lines->len; i > 0; i--)
    close_line (g_ptr_array_index (self->lines, i - 1), SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
}

void
xh_server_live_free (XhServerLive *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->ended, g_ptr_array_unref);
  g_ptr_array_unref (self->lines);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
