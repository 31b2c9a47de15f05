/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in, the catalog, the status, and who is refused where. */
#include <locale.h>
#include <sodium.h>

#include "office.h"
#include "server/xh-sessions.h"

#define DEVICE "01934f5e-0000-7000-8000-000000000001"

static Office *office;

static void
test_profile (void)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *profile;

  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL,
                                    "{\"login\":\"anna\",\"password\":\"annaanna\",\"device\":\"d\"}", &answer), ==, 201);
  profile = json_object_get_object_member (json_node_get_object (answer), "profile");
  g_assert_cmpstr (json_object_get_string_member (profile, "role"), ==, "assessor");
  g_assert_cmpstr (json_object_get_string_member (profile, "division"), ==, TOWNSHIP);
  g_assert_true (json_object_get_null_member (profile, "unit"));
}

static void
test_no_session (void)
{
  static const struct { const char *method, *path; } routes[] = {
    { "DELETE", "/v1/sessions/current" }, { "GET", "/v1/catalog" }, { "POST", "/v1/changes" }, { "GET", "/v1/changes" },
    { "GET", "/v1/records/01934f5e-11aa-7d21-b0c4-6f8e9a0b1c2d/history" },
  };
  static const char *const tokens[] = { NULL, "", "x", "0000000000000000000000000000000000000000000000000000000000000000" };

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tokens); j++)
      {
        g_autoptr (JsonNode) answer = NULL;

        g_assert_cmpuint (office_request (office, routes[i].method, routes[i].path, tokens[j],
                                          routes[i].method[0] == 'P' ? "{}" : NULL, &answer), ==, 401);
        g_assert_cmpstr (office->type, ==, "application/problem+json");
        g_assert_cmpint (json_object_get_int_member (json_node_get_object (answer), "status"), ==, 401);
      }
}

static void
test_wrong_password (void)
{
  g_autoptr (JsonNode) wrong = NULL;
  g_autoptr (JsonNode) unknown = NULL;

  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL,
                                    "{\"login\":\"bert\",\"password\":\"no\",\"device\":\"d\"}", &wrong), ==, 401);
  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL,
                                    "{\"login\":\"nobody\",\"password\":\"no\",\"device\":\"d\"}", &unknown), ==, 401);
  g_assert_true (json_node_equal (wrong, unknown));
}

static void
test_guessing (void)
{
  const char *guess = "{\"login\":\"dora\",\"password\":\"no\",\"device\":\"d\"}";

  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, guess, NULL), ==, 401);
  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, guess, NULL), ==, 429);
}

static void
test_sign_out (void)
{
  g_autofree char *token = office_sign_in (office, "anna", DEVICE);
  g_autofree char *other = office_sign_in (office, "anna", DEVICE);

  g_assert_cmpuint (office_request (office, "DELETE", "/v1/sessions/current", token, NULL, NULL), ==, 204);
  g_assert_cmpuint (office_request (office, "GET", "/v1/changes", token, NULL, NULL), ==, 401);
  g_assert_cmpuint (office_request (office, "GET", "/v1/changes", other, NULL, NULL), ==, 200);
}

static void
test_disabled (void)
{
  g_autofree char *token = office_sign_in (office, "tina", DEVICE);
  const char *body = "{\"login\":\"tina\",\"password\":\"tinatina\",\"device\":\"d\"}";

  g_assert_cmpint (office_command (office, NULL, "account", "disable", "tina", NULL), ==, 0);
  g_assert_cmpuint (office_request (office, "GET", "/v1/changes", token, NULL, NULL), ==, 401);
  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, body, NULL), ==, 401);
  g_assert_cmpint (office_command (office, NULL, "account", "enable", "tina", NULL), ==, 0);
  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, body, NULL), ==, 201);
}

static void
test_account_command (void)
{
  const char *body = "{\"login\":\"emil\",\"password\":\"longenough\",\"device\":\"d\"}";

  g_assert_cmpint (office_command (office, "longenough\n", "account", "add", "emil", "--name", "Emil", "--role", "assessor",
                                   "--division", TOWNSHIP, NULL), ==, 0);
  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, body, NULL), ==, 201);
  g_assert_cmpint (office_command (office, "longenough\n", "account", "add", "emil", "--name", "E", "--role", "admin", NULL), ==, 1);
  g_assert_cmpint (office_command (office, "short\n", "account", "password", "emil", NULL), ==, 1);
  g_assert_cmpint (office_command (office, "longenough\n", "account", "add", "fritz", "--name", "F", "--role", "king", NULL), ==, 1);
  g_assert_cmpint (office_command (office, "longenough\n", "account", "add", "fritz", "--name", "F", "--role", "assessor", NULL), ==, 1);
  g_assert_cmpint (office_command (office, "longenough\n", "account", "role", "nobody", "--role", "admin", NULL), ==, 1);
  g_assert_cmpint (office_command (office, NULL, "account", "list", NULL), ==, 0);
  g_assert_cmpint (office_command (office, NULL, "account", "dance", NULL), ==, 2);
}

static void
test_catalog (void)
{
  g_autofree char *token = office_sign_in (office, "anna", DEVICE);
  g_autoptr (JsonNode) bundle = NULL;

  g_assert_cmpuint (office_request (office, "GET", "/v1/catalog", token, NULL, &bundle), ==, 200);
  g_assert_nonnull (bundle);
  g_assert_nonnull (office->etag);
  g_assert_cmpstr (office->coding, ==, "gzip");
  g_assert_cmpuint (office_request (office, "GET", "/v1/catalog", token, NULL, NULL), ==, 304);
}

static void
test_status (void)
{
  g_autofree char *token = office_sign_in (office, "anna", DEVICE);
  g_autoptr (JsonNode) open = NULL;
  g_autoptr (JsonNode) signed_in = NULL;

  g_assert_cmpuint (office_request (office, "GET", "/v1/status", NULL, NULL, &open), ==, 200);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (open), "program"), ==, "xinheng-server");
  g_assert_false (json_object_has_member (json_node_get_object (open), "head"));
  g_assert_cmpuint (office_request (office, "GET", "/v1/status", token, NULL, &signed_in), ==, 200);
  g_assert_true (json_object_has_member (json_node_get_object (signed_in), "head"));
  g_assert_cmpuint (office_request (office, "GET", "/v1/status", "nonsense", NULL, NULL), ==, 401);
}

static void
test_addresses (void)
{
  g_assert_cmpuint (office_request (office, "GET", "/v1/nothing", NULL, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (office, "GET", "/", NULL, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (office, "GET", "/v1/records//history", NULL, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (office, "GET", "/v1/records/a/b/history", NULL, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (office, "GET", "/v1/sessions", NULL, NULL, NULL), ==, 405);
  g_assert_cmpuint (office_request (office, "PUT", "/v1/changes", NULL, "{}", NULL), ==, 405);
}

static void
test_one_server (void)
{
  g_assert_cmpint (office_command (office, NULL, "serve", "--port", "0", NULL), ==, 1);
  g_assert_cmpint (office_command (office, NULL, "init", NULL), ==, 1);
  g_assert_cmpint (office_command (office, NULL, "sing", NULL), ==, 2);
}

static void
test_throttle (void)
{
  g_autoptr (XhThrottle) throttle = xh_throttle_new (2, 3);
  const gint64 second = G_USEC_PER_SEC;

  xh_throttle_fail (throttle, "a", 0);
  g_assert_cmpuint (xh_throttle_wait (throttle, "a", 0), ==, 0);
  xh_throttle_fail (throttle, "a", 0);
  g_assert_cmpuint (xh_throttle_wait (throttle, "a", 0), ==, 1);
  g_assert_cmpuint (xh_throttle_wait (throttle, "a", second), ==, 0);
  xh_throttle_fail (throttle, "a", second);
  g_assert_cmpuint (xh_throttle_wait (throttle, "a", second), ==, 2);
  for (guint i = 0; i < 40; i++)
    xh_throttle_fail (throttle, "a", second);
  g_assert_cmpuint (xh_throttle_wait (throttle, "a", second), <=, 15 * 60);
  xh_throttle_forget (throttle, "a");
  g_assert_cmpuint (xh_throttle_wait (throttle, "a", second), ==, 0);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      xh_throttle_fail (throttle, key, second);
    }
}

int
main (int argc, char **argv)
{
  int result;

  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  office = office_new ();
  g_test_add_func ("/server/throttle/waits-double-and-end", test_throttle);
  g_test_add_func ("/server/sessions/tell-the-profile", test_profile);
  g_test_add_func ("/server/sessions/every-route-refuses-without-one", test_no_session);
  g_test_add_func ("/server/sessions/unknown-login-is-answered-like-a-wrong-password", test_wrong_password);
  g_test_add_func ("/server/sessions/guessing-is-slowed-down", test_guessing);
  g_test_add_func ("/server/sessions/signing-out-ends-this-one-only", test_sign_out);
  g_test_add_func ("/server/sessions/disabling-an-account-ends-its-sessions", test_disabled);
  g_test_add_func ("/server/accounts/command-adds-and-refuses", test_account_command);
  g_test_add_func ("/server/catalog/is-sent-once", test_catalog);
  g_test_add_func ("/server/status/says-more-to-who-is-signed-in", test_status);
  g_test_add_func ("/server/routes/unknown-addresses-and-methods", test_addresses);
  g_test_add_func ("/server/commands/one-server-a-folder", test_one_server);
  result = g_test_run ();
  office_free (office);
  return result;
}
