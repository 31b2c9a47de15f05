/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-live.h"

#include <libsoup/soup.h>
#include <string.h>

#include "xh-transport.h"
#include "xh-wake.h"
#include "xh-wire-private.h"

#define PATH "/v1/live"
#define CONNECT_SECONDS 30
#define TICK_SECONDS 5
#define PING_SECONDS 25
#define SILENCE_SECONDS 60 /* two pings without an answer */
#define FIRST_WAIT_MS 1000
#define LONGEST_WAIT_MS (5 * 60 * 1000)
#define MAX_MESSAGE 4096

struct _XhLive
{
  char *url;              /* (owned) */
  gboolean allowed;
  XhLiveFunc func;
  gpointer data;
  GThread *thread;        /* (owned) */
  GMainContext *context;  /* (owned) */
  GMainLoop *loop;        /* (owned) */

  /* The thread's own. */
  SoupSession *session;   /* (owned) */
  char *token;            /* (owned) (nullable) whose news is wanted */
  SoupWebsocketConnection *line; /* (owned) (nullable) */
  GCancellable *attempt;  /* (owned) (nullable) of the connection that is being opened */
  guint n_attempts;       /* given up ones, too, that have not come back yet */
  GSource *retry;         /* (owned) (nullable) */
  gboolean open;          /* told */
  guint failures;         /* in a row */
  gint64 seen;            /* monotonic time of the last sign of the server */
  XhWake wake;
};

typedef struct
{
  XhLive *live;
  GCancellable *cancellable; /* (owned) */
} Attempt;

typedef struct
{
  XhLive *live;
  void (*func) (XhLive *self, const char *token);
  char *token; /* (owned) (nullable) */
} Command;

static void plan_retry (XhLive *self);

static void
end_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
plan (XhLive *self, GSource **source, guint milliseconds, GSourceFunc func)
{
  end_source (source);
  *source = g_timeout_source_new (milliseconds);
  g_source_set_callback (*source, func, self, NULL);
  g_source_attach (*source, self->context);
}

/* Back to no line at all; nothing is planned. */
static void
drop_line (XhLive *self)
{
  g_autoptr (SoupWebsocketConnection) line = g_steal_pointer (&self->line);

  end_source (&self->retry);
  if (self->attempt != NULL)
    g_cancellable_cancel (self->attempt);
  g_clear_object (&self->attempt);
  if (line != NULL)
    {
      g_signal_handlers_disconnect_by_data (line, self);
      if (soup_websocket_connection_get_state (line) == SOUP_WEBSOCKET_STATE_OPEN)
        soup_websocket_connection_close (line, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    }
  if (!self->open)
    return;
  self->open = FALSE;
  self->func (XH_LIVE_BROKEN, 0, self->data);
}

static void
break_line (XhLive *self)
{
  drop_line (self);
  self->failures++;
  plan_retry (self);
}

/* --- what comes in */

static gboolean
read_head (GBytes *message, gint64 *head)
{
  gsize length;
  const char *json = g_bytes_get_data (message, &length);
  g_autoptr (JsonNode) root = xh_wire_parse (json, length, NULL);
  JsonNode *node = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_object_get_member (json_node_get_object (root), "head") : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *head = json_node_get_int (node);
  return *head >= 0;
}

/* A line stands when the server has said something on it that we understand: whoever only opens and closes is waited for, longer each
 * time. */
static void
message_cb (SoupWebsocketConnection *line, int type, GBytes *message, XhLive *self)
{
  gint64 head;

  self->seen = g_get_monotonic_time ();
  if (type != SOUP_WEBSOCKET_DATA_TEXT || !read_head (message, &head))
    return;
  self->failures = 0;
  if (!self->open)
    {
      self->open = TRUE;
      self->func (XH_LIVE_OPEN, 0, self->data);
    }
  self->func (XH_LIVE_NEWS, head, self->data);
}

static void
pong_cb (SoupWebsocketConnection *line, GBytes *message, XhLive *self)
{
  self->seen = g_get_monotonic_time ();
}

static void
closed_cb (SoupWebsocketConnection *line, XhLive *self)
{
  const gboolean ended = soup_websocket_connection_get_close_code (line) == XH_LIVE_SESSION_ENDED;

  break_line (self);
  if (ended)
    self->func (XH_LIVE_NEWS, G_MAXINT64, self->data);
}

/* --- the way out */

static void
attempt_free (Attempt *attempt)
{
  attempt->live->n_attempts--;
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

static void
take_line (XhLive *self, SoupWebsocketConnection *line)
{
  g_clear_object (&self->attempt);
  self->line = line;
  self->seen = g_get_monotonic_time ();
  soup_websocket_connection_set_max_incoming_payload_size (line, MAX_MESSAGE);
  soup_websocket_connection_set_keepalive_interval (line, PING_SECONDS);
  g_signal_connect (line, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (line, "pong", G_CALLBACK (pong_cb), self);
  g_signal_connect (line, "closed", G_CALLBACK (closed_cb), self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Attempt *attempt = data;
  XhLive *self = attempt->live;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) line = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (attempt->cancellable != self->attempt)
    g_clear_object (&line);
  else if (line != NULL)
    take_line (self, g_steal_pointer (&line));
  else
    {
      g_debug ("No line for news: %s", error->message);
      break_line (self);
    }
  attempt_free (attempt);
}

/* The engine's next round finds out by itself what the session is worth. */
static void
headers_cb (SoupMessage *message, XhLive *self)
{
  if (soup_message_get_status (message) == SOUP_STATUS_UNAUTHORIZED)
    self->func (XH_LIVE_NEWS, G_MAXINT64, self->data);
}

static void
open_line (XhLive *self)
{
  g_autoptr (SoupMessage) message = self->allowed ? soup_message_new (SOUP_METHOD_GET, self->url) : NULL;
  g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);
  Attempt *attempt;

  if (message == NULL)
    return;
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
  g_signal_connect (message, "got-headers", G_CALLBACK (headers_cb), self);
  attempt = g_new (Attempt, 1);
  *attempt = (Attempt) { self, g_cancellable_new () };
  self->n_attempts++;
  self->attempt = g_object_ref (attempt->cancellable);
  soup_session_websocket_connect_async (self->session, message, NULL, NULL, G_PRIORITY_DEFAULT, attempt->cancellable, connected_cb, attempt);
}

static gboolean
retry_cb (gpointer data)
{
  XhLive *self = data;

  end_source (&self->retry);
  open_line (self);
  return G_SOURCE_REMOVE;
}

static void
plan_retry (XhLive *self)
{
  const guint wait = MIN (FIRST_WAIT_MS << MIN (self->failures - 1, 10), LONGEST_WAIT_MS);

  if (self->token != NULL)
    plan (self, &self->retry, wait / 2 + (guint) g_random_int_range (0, (int) wait / 2), retry_cb);
}

static gboolean
tick_cb (gpointer data)
{
  XhLive *self = data;

  if (xh_wake_look_now (&self->wake))
    self->func (XH_LIVE_WOKE, 0, self->data);
  else if (self->line != NULL && g_get_monotonic_time () - self->seen > (gint64) SILENCE_SECONDS * G_USEC_PER_SEC)
    break_line (self);
  return G_SOURCE_CONTINUE;
}

/* --- commands */

static void
listen_in_thread (XhLive *self, const char *token)
{
  if (g_strcmp0 (self->token, token) == 0)
    return;
  drop_line (self);
  g_free (self->token);
  self->token = g_strdup (token);
  self->failures = 0;
  open_line (self);
}

static void
hang_up_in_thread (XhLive *self, const char *token)
{
  drop_line (self);
  g_clear_pointer (&self->token, g_free);
}

static void
renew_in_thread (XhLive *self, const char *token)
{
  if (self->token == NULL)
    return;
  drop_line (self);
  self->failures = 0;
  open_line (self);
}

static void
quit_in_thread (XhLive *self, const char *token)
{
  hang_up_in_thread (self, NULL);
  g_main_loop_quit (self->loop);
}

static gboolean
command_cb (gpointer data)
{
  Command *command = data;

  command->func (command->live, command->token);
  return G_SOURCE_REMOVE;
}

static void
command_free (gpointer data)
{
  Command *command = data;

  g_free (command->token);
  g_free (command);
}

static void
send_command (XhLive *self, void (*func) (XhLive *self, const char *token), const char *token)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Command *command = g_new (Command, 1);

  *command = (Command) { self, func, g_strdup (token) };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, command_cb, command, command_free);
  g_source_attach (source, self->context);
}

static gpointer
run_thread (gpointer data)
{
  XhLive *self = data;
  GSource *tick = NULL;

  g_main_context_push_thread_default (self->context);
  self->session = soup_session_new_with_options ("timeout", CONNECT_SECONDS, "user-agent", "xinheng/" XH_VERSION, NULL);
  plan (self, &tick, TICK_SECONDS * 1000, tick_cb);
  tick_cb (self);
  g_main_loop_run (self->loop);
  end_source (&tick);
  while (self->n_attempts > 0)
    g_main_context_iteration (self->context, TRUE);
  g_clear_object (&self->session);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

XhLive *
xh_live_new (const char *server, XhLiveFunc func, gpointer data)
{
  XhLive *self = g_new0 (XhLive, 1);

  self->url = g_strconcat (server, PATH, NULL);
  self->allowed = xh_transport_is_allowed (server);
  self->func = func;
  self->data = data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("xinheng-live", run_thread, self);
  return self;
}

void
xh_live_free (XhLive *self)
{
  if (self == NULL)
    return;
  send_command (self, quit_in_thread, NULL);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->url);
  g_free (self);
}

void
xh_live_listen (XhLive *self, const char *token)
{
  send_command (self, listen_in_thread, token);
}

void
xh_live_hang_up (XhLive *self)
{
  send_command (self, hang_up_in_thread, NULL);
}

void
xh_live_renew (XhLive *self)
{
  send_command (self, renew_in_thread, NULL);
}
