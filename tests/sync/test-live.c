/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two engines and a real server process between them: what one sends the other has, without asking. */

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-sign-out.h"

typedef struct
{
  Person person;
  XhEngine *engine; /* (owned) */
  char *awaited;    /* (owned) (nullable) id of a record */
} Seat;

typedef struct
{
  Office *office;
  char *folder;
  Seat anna, bert;
} Fixture;

static gboolean
get_boolean (Seat *self, const char *property)
{
  gboolean value;

  g_object_get (self->engine, property, &value, NULL);
  return value;
}

static guint
get_uint (Seat *self, const char *property)
{
  guint value;

  g_object_get (self->engine, property, &value, NULL);
  return value;
}

static gboolean
listens (gpointer data)
{
  return get_boolean (data, "live") && xh_engine_get_state (((Seat *) data)->engine) == XH_ENGINE_SETTLED;
}

static gboolean
is_deaf (gpointer data)
{
  return !get_boolean (data, "live");
}

static gboolean
is_settled_and_sent (gpointer data)
{
  return xh_engine_get_state (((Seat *) data)->engine) == XH_ENGINE_SETTLED && get_uint (data, "pending") == 0;
}

static gboolean
must_sign_in (gpointer data)
{
  return xh_engine_get_state (((Seat *) data)->engine) == XH_ENGINE_SIGN_IN;
}

static gboolean
has_awaited (gpointer data)
{
  Seat *self = data;
  g_autoptr (XhRecord) record = xh_store_load (self->person.store, self->awaited, NULL);

  return record != NULL;
}

static void
seat_init (Seat *self, const char *folder, const char *url, const char *login)
{
  person_init (&self->person, folder, url, login);
  self->engine = xh_engine_new (self->person.desk);
  xh_engine_start (self->engine);
}

static void
seat_clear (Seat *self)
{
  xh_engine_stop (self->engine);
  g_assert_finalize_object (self->engine);
  person_clear (&self->person);
  g_free (self->awaited);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  seat_init (&self->anna, self->folder, url, "anna");
  seat_init (&self->bert, self->folder, url, "bert");
  scratch_wait (listens, &self->anna);
  scratch_wait (listens, &self->bert);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  seat_clear (&self->anna);
  seat_clear (&self->bert);
  office_free (self->office);
  scratch_remove (self->folder);
}

/* Nobody asks: the next poll would be minutes away. */
static void
test_second (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      gint64 start;

      g_free (self->bert.awaited);
      self->bert.awaited = person_add_household (&self->anna.person, i + 1);
      start = g_get_monotonic_time ();
      xh_engine_saved (self->anna.engine);
      scratch_wait (has_awaited, &self->bert);
      g_test_message ("saved by one, in the other's store: %d ms", (int) ((g_get_monotonic_time () - start) / 1000));
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC); /* without news the poll takes half a minute */
    }
}

/* What was pushed here is not asked for again when the server tells of it. */
static guint
count_states (Seat *self)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (self->engine), "n-states"));
}

static void
state_cb (XhEngine *engine, GParamSpec *pspec, Seat *self)
{
  if (xh_engine_get_state (engine) == XH_ENGINE_SYNCING)
    g_object_set_data (G_OBJECT (engine), "n-states", GUINT_TO_POINTER (count_states (self) + 1));
}

static void
test_own (Fixture *self, gconstpointer data)
{
  guint n;

  g_signal_connect (self->anna.engine, "notify::state", G_CALLBACK (state_cb), &self->anna);
  self->bert.awaited = person_add_household (&self->anna.person, 1);
  xh_engine_saved (self->anna.engine);
  scratch_wait (has_awaited, &self->bert);
  scratch_wait (is_settled_and_sent, &self->anna);
  n = count_states (&self->anna);
  g_assert_cmpuint (n, <=, 1);
  /* The other's push comes after it on the same line, so news of her own has been heard by then. */
  self->anna.awaited = person_add_household (&self->bert.person, 2);
  xh_engine_saved (self->bert.engine);
  scratch_wait (has_awaited, &self->anna);
  scratch_wait (is_settled_and_sent, &self->anna);
  g_assert_cmpuint (count_states (&self->anna), <=, n + 1);
}

/* The line ends with the session, and the engine knows at once; what was saved waits for the new one. */
static void
test_session (Fixture *self, gconstpointer data)
{
  Person *person = &self->bert.person;
  g_autofree char *id = NULL, *token = NULL;

  g_assert_cmpuint (office_request (self->office, "DELETE", "/v1/sessions/current", person->desk->profile->token, NULL, NULL), ==, 204);
  scratch_wait (must_sign_in, &self->bert);
  g_assert_false (get_boolean (&self->bert, "live"));
  id = person_add_household (person, 1);
  xh_engine_saved (self->bert.engine);
  token = office_sign_in (self->office, "bert", person->desk->device);
  xh_engine_set_token (self->bert.engine, token);
  scratch_wait (is_settled_and_sent, &self->bert);
  scratch_wait (listens, &self->bert);
  self->anna.awaited = g_steal_pointer (&id);
  scratch_wait (has_awaited, &self->anna);
}

typedef struct
{
  Office *office;
  const char *token;
} Session;

static gboolean
has_ended (gpointer data)
{
  Session *session = data;

  return office_request (session->office, "GET", "/v1/status", session->token, NULL, NULL) == 401;
}

/* Who signs out without contact is signed out with the next one; but not from the session that is in use. */
static void
test_sign_out (Fixture *self, gconstpointer data)
{
  XhDesk *desk = self->anna.person.desk;
  g_autofree char *old = office_sign_in (self->office, "anna", desk->device);
  g_autofree char *path = g_build_filename (desk->folder, "sign-outs", NULL);
  Session session = { self->office, old };
  g_autoptr (GError) error = NULL;

  g_assert_false (has_ended (&session));
  xh_sign_out_keep (desk->folder, desk->profile->token, &error);
  g_assert_no_error (error);
  xh_sign_out_keep (desk->folder, "a-session-that-the-server-does-not-know", &error);
  g_assert_no_error (error);
  xh_sign_out_keep (desk->folder, old, &error);
  g_assert_no_error (error);
  xh_engine_sync_now (self->anna.engine);
  while (g_file_test (path, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (has_ended (&session));
  session.token = desk->profile->token;
  g_assert_false (has_ended (&session));
}

/* A server with lines open ends in good order, and who listened knows. */
static void
test_stop (Fixture *self, gconstpointer data)
{
  office_stop (self->office);
  scratch_wait (is_deaf, &self->anna);
  scratch_wait (is_deaf, &self->bert);
}

/* Killed, it says no goodbye; it is listened to again as soon as it is back. */
static void
test_back (Fixture *self, gconstpointer data)
{
  office_kill (self->office);
  scratch_wait (is_deaf, &self->anna);
  scratch_wait (is_deaf, &self->bert);
  office_start (self->office);
  scratch_wait (listens, &self->anna);
  scratch_wait (listens, &self->bert);
  self->bert.awaited = person_add_household (&self->anna.person, 1);
  xh_engine_saved (self->anna.engine);
  scratch_wait (has_awaited, &self->bert);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sync/live/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("push-of-one-is-with-the-other-within-a-second", test_second);
  ADD ("own-push-is-not-asked-for-again", test_own);
  ADD ("session-that-ends-is-noticed-at-once-and-nothing-is-lost", test_session);
  ADD ("sign-out-without-contact-is-told-later", test_sign_out);
  ADD ("server-that-stops-is-noticed", test_stop);
  ADD ("server-that-comes-back-is-listened-to-again", test_back);
  return g_test_run ();
}
