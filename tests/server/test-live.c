/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/live of a real server process: who may listen, what is heard, when a line ends. */

#include "office.h"

#include <string.h>

#include "sync/xh-live.h"

#define DEVICE "01934f5e-8c1a-7bb2-9d3f-2a6c01b7e9d4"
#define A "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2a"
#define MAX_LINES_EACH 8

typedef struct
{
  SoupWebsocketConnection *socket; /* (owned) (nullable) */
  guint status;
  gint64 head; /* last heard; -1: nothing yet */
  gboolean answered, closed;
  gushort code;
} Line;

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *message, Line *line)
{
  gsize length;
  const char *text = g_bytes_get_data (message, &length);
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser, text, (gssize) length, NULL));
  line->head = json_object_get_int_member (json_node_get_object (json_parser_get_root (parser)), "head");
}

static void
closed_cb (SoupWebsocketConnection *socket, Line *line)
{
  line->closed = TRUE;
  line->code = soup_websocket_connection_get_close_code (socket);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Line *line = data;

  line->socket = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);
  line->answered = TRUE;
}

static gboolean
late_cb (gpointer data)
{
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

/* Until *@flag, or *@head is beyond @than. */
static void
wait_for (const gboolean *flag, const gint64 *head, gint64 than)
{
  guint timer = g_timeout_add_seconds (60, late_cb, NULL);

  while (flag != NULL ? !*flag : *head <= than)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

static void
line_open (Line *self, Office *office, const char *token)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/v1/live", office->port);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

  *self = (Line) { .head = -1 };
  if (token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

      soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
    }
  soup_session_websocket_connect_async (office->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, connected_cb, self);
  wait_for (&self->answered, NULL, 0);
  self->status = soup_message_get_status (message);
  if (self->socket == NULL)
    return;
  g_signal_connect (self->socket, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->socket, "closed", G_CALLBACK (closed_cb), self);
}

static void
line_clear (Line *self)
{
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
}

static void
push_household (Office *office, const char *token)
{
  g_autofree char *set = make_household (VILLAGE, 1);
  g_autofree char *op = make_op (NULL, A, 0, set);
  g_autoptr (JsonNode) answers = office_push (office, token, DEVICE, op);

  g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
}

static void
test_news (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE);
  Line line;

  line_open (&line, office, anna);
  g_assert_cmpuint (line.status, ==, 101);
  /* A greeting, so that nothing is missed between a pull and the line. */
  wait_for (NULL, &line.head, -1);
  g_assert_cmpint (line.head, ==, 0);
  push_household (office, anna);
  wait_for (NULL, &line.head, 0);
  g_assert_cmpint (line.head, ==, 1);
  line_clear (&line);
}

static void
test_refused (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE);
  g_autoptr (JsonNode) problem = NULL;
  Line line;

  line_open (&line, office, NULL);
  g_assert_null (line.socket);
  g_assert_cmpuint (line.status, ==, 401);
  line_open (&line, office, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  g_assert_null (line.socket);
  g_assert_cmpuint (line.status, ==, 401);
  /* Who asks without a handshake is told so. */
  g_assert_cmpuint (office_request (office, "GET", "/v1/live", anna, NULL, &problem), ==, 400);
  g_assert_cmpstr (office->type, ==, "application/problem+json");
  g_assert_cmpuint (office_request (office, "POST", "/v1/live", anna, "{}", NULL), ==, 405);
  g_assert_cmpuint (office_request (office, "DELETE", "/v1/live", anna, NULL, NULL), ==, 405);
}

static void
test_limit (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE), *bert = office_sign_in (office, "bert", DEVICE);
  Line lines[MAX_LINES_EACH + 1], other;

  for (guint i = 0; i < MAX_LINES_EACH; i++)
    {
      line_open (&lines[i], office, anna);
      g_assert_cmpuint (lines[i].status, ==, 101);
      wait_for (NULL, &lines[i].head, -1);
    }
  line_open (&lines[MAX_LINES_EACH], office, anna);
  g_assert_cmpuint (lines[MAX_LINES_EACH].status, ==, 429);
  line_open (&other, office, bert);
  g_assert_cmpuint (other.status, ==, 101);
  wait_for (NULL, &other.head, -1);
  /* A line that is closed makes room. */
  soup_websocket_connection_close (lines[0].socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  wait_for (&lines[0].closed, NULL, 0);
  line_clear (&lines[0]);
  line_open (&lines[0], office, anna);
  g_assert_cmpuint (lines[0].status, ==, 101);
  for (guint i = 0; i < MAX_LINES_EACH; i++)
    line_clear (&lines[i]);
  line_clear (&other);
}

static void
test_session (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE), *other = office_sign_in (office, "anna", DEVICE);
  Line line, stays;

  line_open (&line, office, anna);
  line_open (&stays, office, other);
  wait_for (NULL, &line.head, -1);
  wait_for (NULL, &stays.head, -1);
  g_assert_cmpuint (office_request (office, "DELETE", "/v1/sessions/current", anna, NULL, NULL), ==, 204);
  wait_for (&line.closed, NULL, 0);
  g_assert_cmpuint (line.code, ==, XH_LIVE_SESSION_ENDED);
  push_household (office, other);
  wait_for (NULL, &stays.head, 0);
  line_clear (&line);
  line_clear (&stays);
}

/* The command runs in a process of its own: the server notices when it looks. */
static void
test_command (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE), *bert = office_sign_in (office, "bert", DEVICE);
  Line line, stays;

  line_open (&line, office, anna);
  line_open (&stays, office, bert);
  wait_for (NULL, &line.head, -1);
  wait_for (NULL, &stays.head, -1);
  g_assert_cmpint (office_command (office, NULL, "account", "disable", "anna", NULL), ==, 0);
  wait_for (&line.closed, NULL, 0);
  g_assert_cmpuint (line.code, ==, XH_LIVE_SESSION_ENDED);
  g_assert_false (stays.closed);
  line_clear (&line);
  line_clear (&stays);
}

/* There is nothing for a client to say. */
static void
test_chatter (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE);
  g_autofree char *large = g_strnfill (100000, 'x');
  Line line, second;

  line_open (&line, office, anna);
  wait_for (NULL, &line.head, -1);
  soup_websocket_connection_send_text (line.socket, "{}");
  wait_for (&line.closed, NULL, 0);
  g_assert_cmpuint (line.code, ==, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  line_clear (&line);
  line_open (&second, office, anna);
  wait_for (NULL, &second.head, -1);
  soup_websocket_connection_send_text (second.socket, large);
  wait_for (&second.closed, NULL, 0);
  line_clear (&second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/live/tells-where-the-ledger-is-and-when-it-moves", test_news);
  g_test_add_func ("/server/live/session-is-asked-for-before-anything-else", test_refused);
  g_test_add_func ("/server/live/one-account-has-so-many-lines", test_limit);
  g_test_add_func ("/server/live/line-ends-with-its-session", test_session);
  if (g_test_slow ())
    g_test_add_func ("/server/live/command-on-the-server-ends-the-line", test_command);
  g_test_add_func ("/server/live/who-talks-is-cut-off", test_chatter);
  return g_test_run ();
}
