/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Real processes killed by SIGKILL under load: a few times here, XH_KILLS=1000 by option. Started with --child, this program is a client
 * that saves and synchronises until it is killed. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-engine.h"

#define KILLS 5

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

/* The server that comes again listens on another port. */
static void
turn_to (Person *self, guint port)
{
  g_free (self->url);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  xh_client_free (self->client);
  self->client = xh_client_new (self->url, self->desk->device);
  xh_client_set_token (self->client, self->desk->profile->token);
}

static gpointer
strike (gpointer process)
{
  g_usleep ((gulong) g_random_int_range (0, 40000));
  g_subprocess_send_signal (process, SIGKILL);
  return NULL;
}

static void
test_server (Fixture *self, gconstpointer data)
{
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
      turn_to (&self->anna, self->office->port);
    }
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 0);
  g_assert_cmpuint (person_count_history (&self->anna, self->id), ==, 1 + self->edits);
}

static int
run_child (const char *folder, const char *url, const char *id, guint first)
{
  Person anna = { 0 };

  person_init (&anna, folder, url, "anna");
  for (guint n = first;; n++)
    {
      g_autofree char *text = g_strdup_printf ("%u", n);

      person_edit (&anna, id, "address", text);
      printf ("%u\n", n);
      fflush (stdout);
      if (n % 3 == 0)
        xh_engine_run_once (anna.desk, anna.store, anna.client, NULL, NULL, NULL);
    }
  return 1;
}

static guint
let_child_die (Fixture *self)
{
  g_autofree char *first = g_strdup_printf ("%u", self->edits + 1);
  const char *const argv[] = { program, "--child", self->folder, self->anna.url, self->id, first, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_autoptr (GDataInputStream) lines = NULL;
  guint last = self->edits, until = self->edits + (guint) g_random_int_range (1, 12);
  char *line;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      last = (guint) g_ascii_strtoull (line, NULL, 10);
      g_free (line);
      if (last == until)
        strike (child);
    }
  g_subprocess_wait (child, NULL, NULL);
  return last;
}

static void
test_client (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < count_kills (); i++)
    {
      g_autoptr (XhRecord) record = NULL;
      guint stands;

      person_close (&self->anna);
      self->edits = let_child_die (self);
      person_open (&self->anna);
      record = xh_store_load (self->anna.store, self->id, NULL);
      stands = (guint) g_ascii_strtoull (xh_value_as_text (xh_record_get (record, "address")), NULL, 10);
      /* One more may be safe that nobody was told of. */
      g_assert_cmpuint (stands, >=, self->edits);
      g_assert_cmpuint (stands, <=, self->edits + 1);
      self->edits = stands;
      person_meet (&self->anna);
      person_assert_settled (&self->anna, 0);
      g_assert_cmpuint (person_count_history (&self->anna, self->id), ==, 1 + self->edits);
    }
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 6 && strcmp (argv[1], "--child") == 0)
    return run_child (argv[2], argv[3], argv[4], (guint) g_ascii_strtoull (argv[5], NULL, 10));
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sync/faults/server-killed-under-load-loses-and-doubles-nothing", Fixture, NULL, set_up, test_server, tear_down);
  g_test_add ("/sync/faults/client-killed-under-load-loses-and-doubles-nothing", Fixture, NULL, set_up, test_client, tear_down);
  return g_test_run ();
}
