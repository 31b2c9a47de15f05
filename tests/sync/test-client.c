/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <libsoup/soup.h>
#include <string.h>

#include "mock-server.h"
#include "sync/xh-client.h"

#define DEVICE "01934f5e-8c1a-7bb2-9d3f-2a6c01b7e9d4"

/* One answer for every request, and what was asked last. */
typedef struct
{
  MockAnswer answer;
  const char *body;
  char *asked;
} Fixed;

static void
answer_fixed (const MockRequest *request, MockAnswer *answer, gpointer data)
{
  Fixed *fixed = data;

  *answer = fixed->answer;
  answer->body = fixed->answer.length >= 0 ? g_memdup2 (fixed->body, (gsize) fixed->answer.length) : g_strdup (fixed->body);
  g_free (fixed->asked);
  fixed->asked = g_strdup_printf ("%s %s%s%s %s %s %.*s", request->method, request->path, request->query != NULL ? "?" : "",
                                  request->query != NULL ? request->query : "",
                                  request->authorization != NULL ? request->authorization : "-",
                                  request->if_none_match != NULL ? request->if_none_match : "-",
                                  (int) request->length, request->body != NULL ? request->body : "");
}

static char *
pull (Fixed *fixed, int code, const char *message)
{
  g_autoptr (MockServer) server = mock_server_new (answer_fixed, fixed);
  g_autoptr (XhClient) client = xh_client_new (mock_server_get_url (server), DEVICE);
  g_autoptr (GError) error = NULL;
  gsize length;
  char *page;

  xh_client_set_timeout (client, 1);
  xh_client_set_limit (client, 1000);
  xh_client_set_token (client, "token");
  page = xh_client_pull (client, 7, 100, FALSE, &length, NULL, &error);
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, XH_SYNC_ERROR, code);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
  g_assert_true ((page == NULL) == (error != NULL));
  return page;
}

static void
assert_pull_fails (MockManner manner, guint status, const char *body, gssize length, int code, const char *message)
{
  Fixed fixed = { { .manner = manner, .status = status, .length = length }, body, NULL };

  g_assert_null (pull (&fixed, code, message));
  g_free (fixed.asked);
}

static void
test_pull (void)
{
  Fixed fixed = { { .status = 200, .length = -1 }, "{\"kinds\":[]}", NULL };
  g_autofree char *page = pull (&fixed, -1, NULL);

  g_assert_cmpstr (page, ==, "{\"kinds\":[]}");
  g_assert_cmpstr (fixed.asked, ==, "GET /v1/changes?since=7&limit=100 Bearer token - ");
  g_free (fixed.asked);
}

static void
test_statuses (void)
{
  assert_pull_fails (MOCK_ANSWER, 401, "{\"detail\":\"gone\"}", -1, XH_SYNC_ERROR_SIGN_IN, "gone");
  assert_pull_fails (MOCK_ANSWER, 403, "{\"title\":\"not yours\"}", -1, XH_SYNC_ERROR_FORBIDDEN, "not yours");
  assert_pull_fails (MOCK_ANSWER, 400, "{\"detail\":\"no number\"}", -1, XH_SYNC_ERROR_REFUSED, "no number");
  assert_pull_fails (MOCK_ANSWER, 413, "<html>", -1, XH_SYNC_ERROR_REFUSED, NULL);
  assert_pull_fails (MOCK_ANSWER, 404, "<html>", -1, XH_SYNC_ERROR_PROTOCOL, NULL);
  assert_pull_fails (MOCK_ANSWER, 429, "{}", -1, XH_SYNC_ERROR_SERVER, NULL);
  assert_pull_fails (MOCK_ANSWER, 500, "<html>", -1, XH_SYNC_ERROR_SERVER, NULL);
  assert_pull_fails (MOCK_ANSWER, 503, "", -1, XH_SYNC_ERROR_OFFLINE, NULL);
  assert_pull_fails (MOCK_ANSWER, 204, "", -1, XH_SYNC_ERROR_PROTOCOL, NULL);
}

static void
test_cut (void)
{
  assert_pull_fails (MOCK_CUT, 200, "{\"kinds\":[],\"leaves\":[]}", -1, XH_SYNC_ERROR_OFFLINE, NULL);
}

static void
test_garbage (void)
{
  assert_pull_fails (MOCK_GARBAGE, 200, "\x01\x02garbage\r\n\r\n", -1, XH_SYNC_ERROR_OFFLINE, NULL);
}

static void
test_slow (void)
{
  assert_pull_fails (MOCK_HANG, 200, "", -1, XH_SYNC_ERROR_OFFLINE, NULL);
  assert_pull_fails (MOCK_TRICKLE, 200, "{\"kinds\":[],\"leaves\":[]}", -1, XH_SYNC_ERROR_OFFLINE, NULL);
}

static void
test_too_large (void)
{
  g_autofree char *body = g_strnfill (2000, ' ');

  assert_pull_fails (MOCK_ANSWER, 200, body, -1, XH_SYNC_ERROR_PROTOCOL, NULL);
}

static GBytes *
compress (const char *text, gsize length)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GInputStream) plain = g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (plain, compressor);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (output, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

/* What counts is the size behind the decompression: a hundred kilobytes of spaces are a few hundred bytes. */
static void
test_gzip (void)
{
  g_autofree char *spaces = g_strnfill (100000, ' ');
  g_autoptr (GBytes) small = compress ("{\"a\":1}", 7);
  g_autoptr (GBytes) bomb = compress (spaces, 100000);
  Fixed fixed = { { .status = 200, .length = (gssize) g_bytes_get_size (small), .header = "Content-Encoding", .value = "gzip" },
                  g_bytes_get_data (small, NULL), NULL };
  g_autofree char *page = pull (&fixed, -1, NULL);

  g_assert_cmpstr (page, ==, "{\"a\":1}");
  g_assert_cmpuint (g_bytes_get_size (bomb), <, 1000);
  fixed.answer.length = (gssize) g_bytes_get_size (bomb);
  fixed.body = g_bytes_get_data (bomb, NULL);
  g_assert_null (pull (&fixed, XH_SYNC_ERROR_PROTOCOL, NULL));
  g_free (fixed.asked);
}

static void
test_redirect (void)
{
  Fixed fixed = { { .status = 302, .length = -1, .header = "Location", .value = "http://127.0.0.1:9/elsewhere" }, "", NULL };

  g_assert_null (pull (&fixed, XH_SYNC_ERROR_PROTOCOL, NULL));
  g_free (fixed.asked);
}

static void
test_cancel (void)
{
  Fixed fixed = { { .manner = MOCK_HANG, .length = -1 }, "", NULL };
  g_autoptr (MockServer) server = mock_server_new (answer_fixed, &fixed);
  g_autoptr (XhClient) client = xh_client_new (mock_server_get_url (server), DEVICE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gsize length;

  g_cancellable_cancel (cancellable);
  g_assert_null (xh_client_pull (client, 0, 1, FALSE, &length, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_free (fixed.asked);
}

static void
test_nobody (void)
{
  g_autoptr (XhClient) client = xh_client_new ("http://127.0.0.1:1", DEVICE);
  g_autoptr (GError) error = NULL;
  gsize length;

  g_assert_null (xh_client_pull (client, 0, 1, FALSE, &length, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE);
}

static void
test_addresses (void)
{
  static const char *const refused[] = {
    "http://example.com", "http://192.168.1.2:8080", "ftp://127.0.0.1", "example.com", "", "http://", "https://user:pass@example.com",
    "http://127.0.0.1.example.com", "https://example.com/?a=b",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (XhClient) client = xh_client_new (refused[i], DEVICE);
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_client_sign_in (client, "zhang", "secret", NULL, &error));
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_FORBIDDEN);
    }
}

static void
test_sign_in (void)
{
  Fixed fixed = { { .status = 201, .length = -1 }, "{\"token\":\"abc\",\"profile\":{\"login\":\"zhang\",\"name\":\"Z\","
                  "\"role\":\"assessor\",\"division\":\"410421100000\",\"unit\":null}}", NULL };
  g_autoptr (MockServer) server = mock_server_new (answer_fixed, &fixed);
  g_autoptr (XhClient) client = xh_client_new (mock_server_get_url (server), DEVICE);
  g_autoptr (XhProfile) profile = xh_client_sign_in (client, "zhang", "a\"b", NULL, NULL);

  g_assert_nonnull (profile);
  g_assert_cmpstr (profile->token, ==, "abc");
  g_assert_cmpstr (profile->role, ==, "assessor");
  g_assert_cmpstr (profile->division, ==, "410421100000");
  g_assert_null (profile->unit);
  g_assert_cmpstr (fixed.asked, ==,
                   "POST /v1/sessions - - {\"login\":\"zhang\",\"password\":\"a\\\"b\",\"device\":\"" DEVICE "\"}");
  g_free (fixed.asked);
}

static void
test_sign_in_garbage (void)
{
  static const char *const bodies[] = {
    "", "[]", "{}", "{\"token\":\"abc\"}", "{\"token\":1,\"profile\":{}}", "{\"token\":\"a b\",\"profile\":{\"login\":\"a\",\"role\":\"b\"}}",
    "{\"token\":\"a\\r\\nX: y\",\"profile\":{\"login\":\"a\",\"role\":\"b\"}}", "{\"token\":\"\",\"profile\":{\"login\":\"a\",\"role\":\"b\"}}",
    "{\"token\":\"abc\",\"profile\":[]}", "{\"token\":\"abc\",\"profile\":{\"login\":\"a\"}}", "<html>", "[[[[[[[[[[[[[[[[[[[[[[[[[[",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      Fixed fixed = { { .status = 201, .length = -1 }, bodies[i], NULL };
      g_autoptr (MockServer) server = mock_server_new (answer_fixed, &fixed);
      g_autoptr (XhClient) client = xh_client_new (mock_server_get_url (server), DEVICE);
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_client_sign_in (client, "zhang", "x", NULL, &error));
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
      g_free (fixed.asked);
    }
}

static void
test_catalog (void)
{
  Fixed fixed = { { .status = 304, .length = -1 }, "", NULL };
  g_autoptr (MockServer) server = mock_server_new (answer_fixed, &fixed);
  g_autoptr (XhClient) client = xh_client_new (mock_server_get_url (server), DEVICE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bundle = NULL;

  g_assert_null (xh_client_catalog (client, "abc", NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixed.asked, ==, "GET /v1/catalog - \"abc\" ");
  fixed.answer.status = 200;
  fixed.body = "{}";
  bundle = xh_client_catalog (client, "abc", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bundle), ==, 2);
  g_free (fixed.asked);
}

typedef struct
{
  XhTransport head;
  gint64 ahead; /* seconds */
} Clock;

static gboolean
send_clock (XhTransport *transport, const XhRequest *request, XhReply *reply, GCancellable *c, GError **error)
{
  Clock *self = (Clock *) transport;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) time = g_date_time_add_seconds (now, (double) self->ahead);
  g_autofree char *text = soup_date_time_to_string (time, SOUP_DATE_HTTP);

  reply->status = 200;
  xh_reply_add_header (reply, "Date", text);
  return TRUE;
}

static void
free_clock (XhTransport *transport)
{
}

static gint64
ask_clock (XhClient *client, Clock *clock, gint64 ahead)
{
  g_auto (XhRequest) request = { .method = "GET", .path = "/v1/status" };
  g_auto (XhReply) reply = { 0 };

  clock->ahead = ahead;
  g_assert_true (xh_client_send (client, &request, &reply, NULL, NULL));
  return xh_client_get_clock_difference (client);
}

static void
test_clock (void)
{
  Clock clock = { .head = { .send = send_clock, .free = free_clock } };
  g_autoptr (XhClient) client = xh_client_new_over (&clock.head, "device");

  g_assert_cmpint (xh_client_get_clock_difference (client), ==, 0);
  g_assert_cmpint (ask_clock (client, &clock, 600), >=, 599);
  g_assert_cmpint (ask_clock (client, &clock, 600), <=, 600);
  g_assert_cmpint (ask_clock (client, &clock, -7200), <=, -7199);
  g_assert_cmpint (ask_clock (client, &clock, -7200), >=, -7201);
  g_assert_cmpint (ABS (ask_clock (client, &clock, 0)), <=, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/client/pull-says-cursor-limit-and-token", test_pull);
  g_test_add_func ("/sync/client/status-becomes-an-error-in-the-servers-words", test_statuses);
  g_test_add_func ("/sync/client/answer-cut-in-mid-body-is-no-contact", test_cut);
  g_test_add_func ("/sync/client/garbage-instead-of-http-is-no-contact", test_garbage);
  g_test_add_func ("/sync/client/silence-times-out", test_slow);
  g_test_add_func ("/sync/client/answer-too-large-is-refused", test_too_large);
  g_test_add_func ("/sync/client/gzip-is-read-and-a-bomb-is-refused", test_gzip);
  g_test_add_func ("/sync/client/redirect-is-not-followed", test_redirect);
  g_test_add_func ("/sync/client/cancelled-is-cancelled", test_cancel);
  g_test_add_func ("/sync/client/nobody-listening-is-no-contact", test_nobody);
  g_test_add_func ("/sync/client/plain-http-is-for-loopback-only", test_addresses);
  g_test_add_func ("/sync/client/sign-in-brings-profile-and-token", test_sign_in);
  g_test_add_func ("/sync/client/sign-in-refuses-what-is-no-profile", test_sign_in_garbage);
  g_test_add_func ("/sync/client/clock-of-the-server-is-compared", test_clock);
  g_test_add_func ("/sync/client/catalog-unchanged-is-null-without-error", test_catalog);
  return g_test_run ();
}
