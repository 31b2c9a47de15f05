/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "mock-county.h"
#include "scratch.h"
#include "sync/xh-desk.h"
#include "sync/xh-verifier-private.h"

typedef struct
{
  MockCounty *county;
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->county = mock_county_new ();
  fixture->folder = scratch_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  mock_county_free (fixture->county);
  scratch_remove (fixture->folder);
}

static XhDesk *
sign_in (Fixture *fixture, const char *password, GError **error)
{
  g_autofree char *data = g_build_filename (fixture->folder, "data", NULL);

  return xh_desk_sign_in (data, mock_server_get_url (fixture->county->server), "zhang", password, NULL, error);
}

static void
sign_in_well (Fixture *fixture, gboolean offline)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhDesk) desk = sign_in (fixture, COUNTY_PASSWORD, &error);

  g_assert_no_error (error);
  g_assert_cmpint (desk->offline, ==, offline);
  g_assert_cmpstr (desk->profile->login, ==, "zhang");
  g_assert_cmpstr (desk->profile->name, ==, "Zhang");
  g_assert_cmpstr (desk->profile->role, ==, "assessor");
  g_assert_cmpstr (desk->profile->division, ==, "410421100000");
  g_assert_cmpstr (desk->profile->token, ==, offline ? NULL : COUNTY_TOKEN);
  g_assert_nonnull (xh_catalog_find_kind (desk->catalog, "plot"));
}

static void
sign_in_badly (Fixture *fixture, const char *password, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sign_in (fixture, password, &error));
  g_assert_error (error, XH_SYNC_ERROR, code);
}

static gboolean
answer_503 (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  answer->status = GPOINTER_TO_UINT (data);
  return TRUE;
}

static void
fail_with (Fixture *fixture, guint status)
{
  mock_county_set_hook (fixture->county, status != 0 ? answer_503 : NULL, GUINT_TO_POINTER (status));
}

static void
test_online (Fixture *fixture, gconstpointer data)
{
  sign_in_well (fixture, FALSE);
  sign_in_badly (fixture, "wrong", XH_SYNC_ERROR_SIGN_IN);
  sign_in_well (fixture, FALSE);
}

static void
test_offline (Fixture *fixture, gconstpointer data)
{
  sign_in_well (fixture, FALSE);
  fail_with (fixture, 503);
  sign_in_well (fixture, TRUE);
  sign_in_badly (fixture, "wrong", XH_SYNC_ERROR_SIGN_IN);
  sign_in_well (fixture, TRUE);
}

static void
test_server_fails (Fixture *fixture, gconstpointer data)
{
  fail_with (fixture, 500);
  sign_in_badly (fixture, COUNTY_PASSWORD, XH_SYNC_ERROR_SERVER);
  fail_with (fixture, 0);
  sign_in_well (fixture, FALSE);
  fail_with (fixture, 500);
  sign_in_well (fixture, TRUE);
  fail_with (fixture, 200);
  sign_in_well (fixture, TRUE);
}

static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  fail_with (fixture, 503);
  sign_in_badly (fixture, COUNTY_PASSWORD, XH_SYNC_ERROR_OFFLINE);
}

/* The password was changed on the server: the old one must not open the desk offline any more. */
static void
test_changed_password (Fixture *fixture, gconstpointer data)
{
  sign_in_well (fixture, FALSE);
  fail_with (fixture, 401);
  sign_in_badly (fixture, COUNTY_PASSWORD, XH_SYNC_ERROR_SIGN_IN);
  fail_with (fixture, 503);
  sign_in_badly (fixture, COUNTY_PASSWORD, XH_SYNC_ERROR_OFFLINE);
}

static void
assert_mode (const char *path, int mode)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, mode);
}

static void
test_modes (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "profile.json", "catalog.json" };
  g_autoptr (GError) error = NULL;
  g_autoptr (XhDesk) desk = sign_in (fixture, COUNTY_PASSWORD, &error);

  g_assert_no_error (error);
  assert_mode (desk->folder, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (desk->folder, names[i], NULL);
      g_autofree char *text = NULL;

      assert_mode (path, 0600);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_null (strstr (text, COUNTY_PASSWORD));
      g_assert_null (strstr (text, COUNTY_TOKEN));
    }
}

static void
test_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhDesk) first = sign_in (fixture, COUNTY_PASSWORD, NULL);
  g_autoptr (XhDesk) second = sign_in (fixture, COUNTY_PASSWORD, NULL);

  g_assert_cmpstr (first->device, ==, second->device);
  g_assert_cmpstr (first->folder, ==, second->folder);
}

static void
break_file (XhDesk *desk, const char *name)
{
  g_autofree char *path = g_build_filename (desk->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "{\"half\":", -1, NULL));
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhDesk) desk = sign_in (fixture, COUNTY_PASSWORD, NULL);

  break_file (desk, "catalog.json");
  sign_in_well (fixture, FALSE);
  break_file (desk, "catalog.json");
  fail_with (fixture, 503);
  sign_in_badly (fixture, COUNTY_PASSWORD, XH_SYNC_ERROR_LOCAL);
  fail_with (fixture, 0);
  sign_in_well (fixture, FALSE);
  break_file (desk, "profile.json");
  fail_with (fixture, 503);
  sign_in_badly (fixture, COUNTY_PASSWORD, XH_SYNC_ERROR_OFFLINE);
}

static void
check (const char *folder, const char *password, gint64 now, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhProfile) profile = xh_verifier_check (folder, password, now, &error);

  if (code >= 0)
    g_assert_error (error, XH_SYNC_ERROR, code);
  else
    g_assert_no_error (error);
}

/* Five tries are free; then half a minute, a minute, and so on; the right password counts only when its time has come. */
static void
test_throttle (Fixture *fixture, gconstpointer data)
{
  XhProfile profile = { .login = (char *) "zhang", .name = (char *) "Zhang", .role = (char *) "assessor" };
  gint64 now = 1000000;

  g_assert_true (xh_verifier_write (fixture->folder, "https://example.com", &profile, "right", NULL));
  for (guint i = 0; i < 5; i++)
    check (fixture->folder, "wrong", now, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "right", now, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "right", now + 29, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "wrong", now + 30, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "right", now + 30 + 59, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "right", now - 500000, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "right", now + 30 + 60, -1);
  for (guint i = 0; i < 5; i++)
    check (fixture->folder, "wrong", now, XH_SYNC_ERROR_SIGN_IN);
  check (fixture->folder, "right", now + 30, -1);
}

static void
test_new_catalog (Fixture *fixture, gconstpointer data)
{
  MockCounty *county = fixture->county;
  g_autoptr (XhDesk) desk = sign_in (fixture, COUNTY_PASSWORD, NULL);
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;
  GBytes *good = county->bundle;

  g_assert_false (xh_desk_keep_catalog (desk, rubbish, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
  /* A server with a broken new catalog: the one that is kept will do. */
  g_mutex_lock (&county->mutex);
  county->bundle = rubbish;
  county->bundle_hash[0] ^= 1;
  g_mutex_unlock (&county->mutex);
  sign_in_well (fixture, FALSE);
  g_mutex_lock (&county->mutex);
  county->bundle = good;
  county->bundle_hash[0] ^= 1;
  g_mutex_unlock (&county->mutex);
}

static XhDesk *
open_desk (Fixture *fixture, const char *login, const char *password, GError **error)
{
  g_autofree char *data = g_build_filename (fixture->folder, "data", NULL);

  return xh_desk_open (data, mock_server_get_url (fixture->county->server), login, password, NULL, error);
}

static void
test_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhDesk) desk = open_desk (fixture, "zhang", COUNTY_PASSWORD, &error), again = NULL;
  g_autofree char *path = g_build_filename (desk->folder, "lock", NULL);
  int other;
  guint n;

  g_assert_no_error (error);
  other = g_open (path, O_RDWR | O_CLOEXEC, 0);
  g_assert_cmpint (flock (other, LOCK_EX | LOCK_NB), !=, 0);
  /* The session that is open renews its password proof. */
  sign_in_well (fixture, FALSE);
  xh_desk_let_go (desk);
  /* A lock belongs to the file that was opened: this one stands for another program's. */
  g_assert_cmpint (flock (other, LOCK_EX | LOCK_NB), ==, 0);
  n = mock_server_get_n (fixture->county->server);
  again = open_desk (fixture, "zhang", COUNTY_PASSWORD, &error);
  g_assert_null (again);
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL);
  g_assert_cmpuint (mock_server_get_n (fixture->county->server), ==, n);
  g_clear_error (&error);
  close (other);
  again = open_desk (fixture, "zhang", COUNTY_PASSWORD, &error);
  g_assert_no_error (error);
}

static gpointer
let_go_thread (gpointer data)
{
  xh_desk_let_go (data);
  return NULL;
}

/* The same person signs out and in again: what is being closed is waited for. */
static void
test_waits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhDesk) desk = open_desk (fixture, "zhang", COUNTY_PASSWORD, &error), again = NULL;
  GThread *thread = g_thread_new ("close", let_go_thread, desk);

  again = open_desk (fixture, "zhang", COUNTY_PASSWORD, &error);
  g_assert_no_error (error);
  g_thread_join (thread);
}

static void
test_no_traces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *desks = g_build_filename (fixture->folder, "data", "desks", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;

  g_assert_null (open_desk (fixture, "zhang", "wrong", &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN);
  dir = g_dir_open (desks, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sync/desk/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("right-password-opens-and-wrong-one-does-not", test_online);
  ADD ("verifier-opens-without-the-server", test_offline);
  ADD ("failing-server-is-no-reason-to-stay-out", test_server_fails);
  ADD ("stranger-needs-the-server", test_stranger);
  ADD ("password-refused-by-the-server-opens-nothing-offline", test_changed_password);
  ADD ("files-are-for-the-owner-and-hold-no-secret", test_modes);
  ADD ("device-keeps-its-id", test_device);
  ADD ("damaged-files-are-fetched-again-or-said", test_damaged);
  ADD ("wrong-passwords-offline-make-wait", test_throttle);
  ADD ("broken-catalog-of-the-server-is-not-kept", test_new_catalog);
  ADD ("one-program-at-a-desk", test_alone);
  ADD ("desk-that-is-being-closed-is-waited-for", test_waits);
  ADD ("login-that-was-never-let-in-leaves-no-folder", test_no_traces);
  return g_test_run ();
}
