/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Real processes killed by SIGKILL under load: a few times here, XH_KILLS=1000 by option. Started with --child, this program is a client
 * that saves and synchronises until it is killed; with XH_SAY=1 it says so on its error output as it goes. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-engine.h"

#define KILLS 5
#define MOST_WAITING 30 /* ops of a load that are not sent yet */

static const char *program;

typedef struct
{
  Office *office;
  char *folder;
  Person anna;
  char *id;
  guint edits;
} Fixture;

static guint
count_kills (void)
{
  const char *text = g_getenv ("XH_KILLS");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : KILLS;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  person_init (&self->anna, self->folder, url, "anna");
  self->id = person_add_household (&self->anna, 1);
  person_meet (&self->anna);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  person_clear (&self->anna);
  g_assert_true (office_check (self->office));
  office_free (self->office);
  scratch_remove (self->folder);
  g_free (self->id);
}

/* For whoever waits for a thousand. */
static void
say (const char *whom, guint kills, guint edits)
{
  if (g_getenv ("XH_SAY") != NULL && kills % 20 == 0)
    g_printerr ("%s: %u kills, %u edits safe\n", whom, kills, edits);
}

static gpointer
strike (gpointer process)
{
  g_usleep ((gulong) g_random_int_range (0, 40000));
  g_subprocess_send_signal (process, SIGKILL);
  return NULL;
}

static void
open_store (Person *self)
{
  g_autofree char *path = xh_desk_store_path (self->desk);
  g_autoptr (GError) error = NULL;

  self->store = xh_store_open (path, self->desk->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
}

/* At a desk whose session somebody else has begun: a sign-in takes a second of hashing, which would be most of a life. */
static void
sit_down (Person *self, const char *login, const char *folder, const char *url, const char *device, const char *token)
{
  g_autoptr (GError) error = NULL;

  self->login = g_strdup (login);
  self->desk = g_new0 (XhDesk, 1);
  self->desk->folder = g_strdup (folder);
  self->desk->server = g_strdup (url);
  self->desk->device = g_strdup (device);
  self->desk->catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  self->desk->profile = g_new0 (XhProfile, 1);
  self->desk->profile->login = g_strdup (login);
  self->desk->profile->role = g_strdup ("assessor");
  self->desk->profile->division = g_strdup (TOWNSHIP);
  self->client = xh_client_new (url, device);
  xh_client_set_token (self->client, token);
  open_store (self);
}

/* Edits numbered from @first; each number is told when it is safe. */
static int
run_child (char **words)
{
  Person person = { 0 };
  const char *id = words[5];
  const guint first = (guint) g_ascii_strtoull (words[6], NULL, 10);

  sit_down (&person, words[0], words[1], words[2], words[3], words[4]);
  for (guint n = first;; n++)
    {
      g_autofree char *text = g_strdup_printf ("%u", n);

      person_edit (&person, id, "address", text);
      printf ("%u\n", n);
      fflush (stdout);
      do
        if (n % 3 == 0)
          xh_engine_run_once (person.desk, person.store, person.client, NULL, NULL, NULL);
      while (n % 3 == 0 && xh_store_outbox_count (person.store) > MOST_WAITING);
    }
  return 1;
}

static void
die_with_the_test (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* (transfer full) a client of @person's that goes on from @edits. */
static GSubprocess *
start_child (Person *person, const char *id, guint edits)
{
  g_autofree char *first = g_strdup_printf ("%u", edits + 1);
  const char *const argv[] = { program, "--child", person->login, person->desk->folder, person->url, person->desk->device,
                               person->desk->profile->token, id, first, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *child;

  g_subprocess_launcher_set_child_setup (launcher, die_with_the_test, NULL, NULL);
  child = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return child;
}

/* The last number that it told before it died. @until: (nullable) kills it behind that number. */
static guint
hear_child (GSubprocess *child, guint last, const guint *until)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  char *line;

  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      last = (guint) g_ascii_strtoull (line, NULL, 10);
      g_free (line);
      if (until != NULL && last == *until)
        strike (child);
    }
  g_subprocess_wait (child, NULL, NULL);
  return last;
}

/* How many edits stand in the store of who was killed: one more may be safe than anybody was told of. */
static guint
count_edits (Person *person, const char *id, guint told)
{
  g_autoptr (XhRecord) record = xh_store_load (person->store, id, NULL);
  guint stands = (guint) g_ascii_strtoull (xh_value_as_text (xh_record_get (record, "address")), NULL, 10);

  g_assert_cmpuint (stands, >=, told);
  g_assert_cmpuint (stands, <=, told + 1);
  return stands;
}

static void
assert_all_there (Person *person, const char *id, guint edits)
{
  person_meet (person);
  person_assert_settled (person, 0);
  g_assert_cmpuint (person_count_history (person, id), ==, 1 + edits);
}

typedef struct
{
  Person bert;
  char *id;           /* (owned) */
  GSubprocess *child; /* (owned) */
  GThread *listener;  /* (owned) */
} Load;

static gpointer
hear_load (gpointer data)
{
  return GUINT_TO_POINTER (hear_child (data, 0, NULL));
}

/* Another who saves and sends without a pause, while the server dies and comes again. */
static void
start_load (Load *load, Fixture *self)
{
  person_init (&load->bert, self->folder, self->anna.url, "bert");
  load->id = person_add_household (&load->bert, 2);
  person_meet (&load->bert);
  g_clear_pointer (&load->bert.store, xh_store_close);
  load->child = start_child (&load->bert, load->id, 0);
  load->listener = g_thread_new ("load", hear_load, load->child);
}

static guint
end_load (Load *load)
{
  guint edits;

  g_subprocess_send_signal (load->child, SIGKILL);
  edits = GPOINTER_TO_UINT (g_thread_join (load->listener));
  open_store (&load->bert);
  edits = count_edits (&load->bert, load->id, edits);
  assert_all_there (&load->bert, load->id, edits);
  person_clear (&load->bert);
  g_clear_object (&load->child);
  g_free (load->id);
  return edits;
}

static void
test_server (Fixture *self, gconstpointer data)
{
  Load load = { 0 };
  guint of_load;

  start_load (&load, self);
  for (guint i = 0; i < count_kills (); i++)
    {
      GThread *thread;

      for (guint j = 0; j < 3; j++)
        {
          g_autofree char *text = g_strdup_printf ("%u", ++self->edits);

          person_edit (&self->anna, self->id, "address", text);
        }
      thread = g_thread_new ("strike", strike, self->office->process);
      xh_engine_run_once (self->anna.desk, self->anna.store, self->anna.client, NULL, NULL, NULL);
      g_thread_join (thread);
      office_kill (self->office);
      office_start (self->office);
      say ("server", i + 1, self->edits);
    }
  assert_all_there (&self->anna, self->id, self->edits);
  of_load = end_load (&load);
  g_test_message ("server killed %u times: %u edits of one client and %u of another, each in the ledger once", count_kills (), self->edits, of_load);
}

static void
test_client (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < count_kills (); i++)
    {
      const guint until = self->edits + (guint) g_random_int_range (1, 12);
      g_autoptr (GSubprocess) child = NULL;

      g_clear_pointer (&self->anna.store, xh_store_close);
      child = start_child (&self->anna, self->id, self->edits);
      self->edits = hear_child (child, self->edits, &until);
      open_store (&self->anna);
      self->edits = count_edits (&self->anna, self->id, self->edits);
      assert_all_there (&self->anna, self->id, self->edits);
      say ("client", i + 1, self->edits);
    }
  g_test_message ("client killed %u times: %u edits, each in the ledger once", count_kills (), self->edits);
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 9 && strcmp (argv[1], "--child") == 0)
    return run_child (argv + 2);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sync/faults/server-killed-under-load-loses-and-doubles-nothing", Fixture, NULL, set_up, test_server, tear_down);
  g_test_add ("/sync/faults/client-killed-under-load-loses-and-doubles-nothing", Fixture, NULL, set_up, test_client, tear_down);
  return g_test_run ();
}
