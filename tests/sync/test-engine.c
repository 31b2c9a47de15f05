/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine's thread, seen from its owner: states, counts and news arrive in the main context; nothing sleeps. */

#include <string.h>

#include "mock-county.h"
#include "scratch.h"
#include "sync/xh-engine.h"

#define A "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2a"
#define B "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2b"

typedef struct
{
  MockCounty *county;
  char *folder;
  XhDesk *desk;
  XhEngine *engine;
  XhStore *window; /* the owner's own connection */
  GString *states; /* in the order in which they were told */
  guint n_changed; /* ::records-changed */
  GThread *owner;
} Fixture;

static void
state_cb (XhEngine *engine, GParamSpec *pspec, Fixture *fixture)
{
  static const char *const names[] = { "stopped", "syncing", "settled", "offline", "sign-in", "fault" };

  g_assert_true (g_thread_self () == fixture->owner);
  g_string_append_printf (fixture->states, "%s ", names[xh_engine_get_state (engine)]);
}

static void
changed_cb (XhEngine *engine, GStrv kinds, Fixture *fixture)
{
  g_assert_true (g_thread_self () == fixture->owner);
  g_assert_cmpstr (kinds[0], ==, "plot");
  fixture->n_changed++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->owner = g_thread_self ();
  fixture->states = g_string_new (NULL);
  fixture->county = mock_county_new ();
  fixture->folder = scratch_new ();
  fixture->desk = xh_desk_sign_in (fixture->folder, mock_server_get_url (fixture->county->server), "zhang", COUNTY_PASSWORD, NULL, &error);
  g_assert_no_error (error);
  path = xh_desk_store_path (fixture->desk);
  fixture->window = xh_store_open (path, fixture->desk->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
  fixture->engine = xh_engine_new (fixture->desk);
  g_signal_connect (fixture->engine, "notify::state", G_CALLBACK (state_cb), fixture);
  g_signal_connect (fixture->engine, "records-changed", G_CALLBACK (changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->engine != NULL)
    {
      xh_engine_stop (fixture->engine);
      g_assert_finalize_object (fixture->engine);
    }
  xh_store_close (fixture->window);
  xh_desk_free (fixture->desk);
  mock_county_free (fixture->county);
  scratch_remove (fixture->folder);
  g_string_free (fixture->states, TRUE);
}

static void
save (Fixture *fixture, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = xh_store_load (fixture->window, id, NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (record == NULL)
    record = xh_record_new (xh_catalog_find_kind (fixture->desk->catalog, "plot"), id);
  xh_value_set_text (&value, name);
  xh_record_set (record, "name", &value);
  g_ptr_array_add (changed, (gpointer) "name");
  xh_store_save (fixture->window, record, changed, "zhang", &error);
  g_assert_no_error (error);
}

static guint
get_uint (Fixture *fixture, const char *property)
{
  guint value;

  g_object_get (fixture->engine, property, &value, NULL);
  return value;
}

static gboolean
is_settled (gpointer data)
{
  return xh_engine_get_state (((Fixture *) data)->engine) == XH_ENGINE_SETTLED;
}

static gboolean
is_settled_and_sent (gpointer data)
{
  return is_settled (data) && get_uint (data, "pending") == 0;
}

static gboolean
is_offline (gpointer data)
{
  return xh_engine_get_state (((Fixture *) data)->engine) == XH_ENGINE_OFFLINE;
}

static gboolean
is_fault (gpointer data)
{
  return xh_engine_get_state (((Fixture *) data)->engine) == XH_ENGINE_FAULT;
}

static gboolean
is_sign_in (gpointer data)
{
  return xh_engine_get_state (((Fixture *) data)->engine) == XH_ENGINE_SIGN_IN;
}

static gboolean
answer_with (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  answer->status = GPOINTER_TO_UINT (data);
  return TRUE;
}

static void
fail_with (Fixture *fixture, guint status)
{
  mock_county_set_hook (fixture->county, status != 0 ? answer_with : NULL, GUINT_TO_POINTER (status));
}

static void
test_settles (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contact = NULL;
  g_autoptr (XhRecord) record = NULL;

  mock_county_add (fixture->county, A, "theirs", 1);
  save (fixture, B, "mine");
  xh_engine_start (fixture->engine);
  scratch_wait (is_settled, fixture);
  g_assert_cmpstr (fixture->states->str, ==, "syncing settled ");
  g_assert_cmpuint (get_uint (fixture, "pending"), ==, 0);
  g_assert_cmpuint (fixture->n_changed, >=, 1);
  g_object_get (fixture->engine, "last-contact", &contact, NULL);
  g_assert_nonnull (contact);
  record = xh_store_load (fixture->window, A, NULL);
  g_assert_nonnull (record);
  xh_engine_stop (fixture->engine);
  g_assert_cmpint (xh_engine_get_state (fixture->engine), ==, XH_ENGINE_STOPPED);
}

static void
test_saved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhRecord) record = NULL;

  xh_engine_start (fixture->engine);
  scratch_wait (is_settled, fixture);
  save (fixture, A, "mine");
  xh_engine_saved (fixture->engine);
  g_string_truncate (fixture->states, 0);
  while (fixture->states->len == 0)
    g_main_context_iteration (NULL, TRUE);
  scratch_wait (is_settled_and_sent, fixture);
  record = mock_county_find (fixture->county, A);
  g_assert_nonnull (record);
}

static gboolean
has_pending (gpointer data)
{
  return get_uint (data, "pending") == 1;
}

static void
test_offline (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = NULL;

  fail_with (fixture, 503);
  xh_engine_start (fixture->engine);
  scratch_wait (is_offline, fixture);
  g_object_get (fixture->engine, "message", &message, NULL);
  g_assert_nonnull (message);
  g_assert_cmpuint (get_uint (fixture, "pending"), ==, 0);
  /* What is saved meanwhile is counted at once, though it is not yet time to try again. */
  save (fixture, A, "mine");
  xh_engine_saved (fixture->engine);
  scratch_wait (has_pending, fixture);
  fail_with (fixture, 0);
  xh_engine_sync_now (fixture->engine);
  scratch_wait (is_settled_and_sent, fixture);
}

static void
test_comes_back (Fixture *fixture, gconstpointer data)
{
  fail_with (fixture, 503);
  xh_engine_start (fixture->engine);
  scratch_wait (is_offline, fixture);
  fail_with (fixture, 0);
  scratch_wait (is_settled, fixture);
}

static void
test_sign_in (Fixture *fixture, gconstpointer data)
{
  guint n;

  save (fixture, A, "mine");
  fail_with (fixture, 401);
  xh_engine_start (fixture->engine);
  scratch_wait (is_sign_in, fixture);
  g_assert_cmpuint (get_uint (fixture, "pending"), ==, 1);
  n = mock_server_get_n (fixture->county->server);
  fail_with (fixture, 0);
  xh_engine_set_token (fixture->engine, COUNTY_TOKEN);
  scratch_wait (is_settled_and_sent, fixture);
  g_assert_cmpuint (mock_server_get_n (fixture->county->server), >, n);
}

static gboolean
end_in_the_middle (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  if (strcmp (request->method, "GET") != 0 || strcmp (request->path, "/v1/changes") != 0)
    return FALSE;
  answer->status = 401;
  return TRUE;
}

/* The push was answered, the pull is not: what was acknowledged is gone from the outbox, the cursor stands, and the next session goes on. */
static void
test_sign_in_between (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhRecord) record = NULL;

  mock_county_add (fixture->county, B, "theirs", 1);
  save (fixture, A, "mine");
  mock_county_set_hook (fixture->county, end_in_the_middle, NULL);
  xh_engine_start (fixture->engine);
  scratch_wait (is_sign_in, fixture);
  g_assert_cmpuint (get_uint (fixture, "pending"), ==, 0);
  mock_county_set_hook (fixture->county, NULL, NULL);
  xh_engine_set_token (fixture->engine, COUNTY_TOKEN);
  scratch_wait (is_settled_and_sent, fixture);
  g_assert_cmpuint (fixture->county->n_ops, ==, 1);
  record = xh_store_load (fixture->window, B, NULL);
  g_assert_nonnull (record);
}

/* An offline sign-in has no token of its own: the one that the store keeps from the last time serves. */
static void
test_kept_token (Fixture *fixture, gconstpointer data)
{
  xh_engine_start (fixture->engine);
  scratch_wait (is_settled, fixture);
  xh_engine_stop (fixture->engine);
  g_assert_finalize_object (g_steal_pointer (&fixture->engine));
  g_clear_pointer (&fixture->desk->profile->token, g_free);
  fixture->engine = xh_engine_new (fixture->desk);
  xh_engine_start (fixture->engine);
  scratch_wait (is_settled, fixture);
}

static void
test_no_token (Fixture *fixture, gconstpointer data)
{
  guint n = mock_server_get_n (fixture->county->server);

  g_assert_finalize_object (g_steal_pointer (&fixture->engine));
  g_clear_pointer (&fixture->desk->profile->token, g_free);
  fixture->engine = xh_engine_new (fixture->desk);
  xh_engine_start (fixture->engine);
  scratch_wait (is_sign_in, fixture);
  g_assert_cmpuint (mock_server_get_n (fixture->county->server), ==, n);
}

static void
test_fault (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "mine");
  fail_with (fixture, 500);
  xh_engine_start (fixture->engine);
  scratch_wait (is_fault, fixture);
  fail_with (fixture, 0);
  xh_engine_sync_now (fixture->engine);
  scratch_wait (is_settled_and_sent, fixture);
}

static gboolean
has_tray (gpointer data)
{
  return is_settled (data) && get_uint (data, "tray") == 1;
}

static void
test_tray (Fixture *fixture, gconstpointer data)
{
  g_hash_table_insert (fixture->county->verdicts, (gpointer) A, (gpointer) "rejected");
  save (fixture, A, "bad");
  xh_engine_start (fixture->engine);
  scratch_wait (has_tray, fixture);
  g_assert_cmpuint (get_uint (fixture, "pending"), ==, 0);
}

static gboolean
hang (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  answer->manner = MOCK_HANG;
  *(gboolean *) data = TRUE;
  return TRUE;
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  gboolean asked = FALSE;

  mock_county_set_hook (fixture->county, hang, &asked);
  xh_engine_start (fixture->engine);
  g_mutex_lock (&fixture->county->mutex);
  while (!asked)
    g_cond_wait (&fixture->county->changed, &fixture->county->mutex);
  g_mutex_unlock (&fixture->county->mutex);
  xh_engine_stop (fixture->engine);
  g_assert_cmpint (xh_engine_get_state (fixture->engine), ==, XH_ENGINE_STOPPED);
  /* And it can be started again. */
  mock_county_set_hook (fixture->county, NULL, NULL);
  xh_engine_start (fixture->engine);
  scratch_wait (is_settled, fixture);
}

static gboolean
catalog_changed (gpointer data)
{
  gboolean changed;

  g_object_get (((Fixture *) data)->engine, "catalog-changed", &changed, NULL);
  return changed;
}

static void
test_new_catalog (Fixture *fixture, gconstpointer data)
{
  MockCounty *county = fixture->county;
  gsize length;
  const char *old = g_bytes_get_data (county->bundle, &length);
  g_autoptr (GString) text = g_string_new_len (old, (gssize) length);
  g_autoptr (XhCatalog) catalog = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhDesk) next = NULL;

  g_assert_cmpuint (g_string_replace (text, "Plot", "Parcel", 0), >, 0);
  g_mutex_lock (&county->mutex);
  g_bytes_unref (county->bundle);
  county->bundle = g_bytes_new (text->str, text->len);
  catalog = xh_catalog_load_bundle (county->bundle, &error);
  g_assert_no_error (error);
  g_free (county->bundle_hash);
  county->bundle_hash = g_strdup (xh_catalog_get_hash (catalog));
  g_mutex_unlock (&county->mutex);
  xh_engine_start (fixture->engine);
  scratch_wait (catalog_changed, fixture);
  scratch_wait (is_settled, fixture);
  xh_engine_stop (fixture->engine);
  /* The next start has it, also without the server. */
  fail_with (fixture, 503);
  next = xh_desk_sign_in (fixture->folder, mock_server_get_url (county->server), "zhang", COUNTY_PASSWORD, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xh_catalog_get_hash (next->catalog), ==, county->bundle_hash);
  g_assert_nonnull (next->last_contact);
}

static void
test_unstarted (Fixture *fixture, gconstpointer data)
{
  xh_engine_stop (fixture->engine);
  g_assert_cmpint (xh_engine_get_state (fixture->engine), ==, XH_ENGINE_STOPPED);
  g_assert_cmpstr (fixture->states->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sync/engine/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("never-started-stops-in-silence", test_unstarted);
  ADD ("settles-and-says-so-to-its-owner", test_settles);
  ADD ("save-goes-up-by-itself", test_saved);
  ADD ("offline-counts-what-is-saved-and-a-wish-tries-again", test_offline);
  ADD ("server-that-returns-is-found-by-itself", test_comes_back);
  ADD ("ended-session-loses-nothing", test_sign_in);
  ADD ("session-that-ends-between-push-and-pull-goes-on-with-the-next", test_sign_in_between);
  ADD ("token-of-the-last-time-serves-after-an-offline-sign-in", test_kept_token);
  ADD ("without-a-token-nothing-is-asked", test_no_token);
  ADD ("failing-server-is-a-fault-until-it-answers", test_fault);
  ADD ("tray-is-counted", test_tray);
  ADD ("stop-cuts-what-is-under-way", test_stop);
  ADD ("new-catalog-is-kept-for-the-next-start", test_new_catalog);
  return g_test_run ();
}
