/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Real processes killed by SIGKILL under load: a few times here, XH_KILLS=1000 by option. Started with --child, this program is a client
 * that saves and synchronises until it is killed, or one that takes a snapshot over while it saves; with XH_SAY=1 it says so on its error output as it
 * goes. */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-engine.h"
#include "sync/xh-snapshot-bring.h"
#include "sync/xh-wire.h"

#define KILLS 5
#define MOST_WAITING 30 /* ops of a load that are not sent yet */
#define ROWS 1200       /* of the snapshot */
#define ADOPTING "adopting"
#define ADOPTED "adopted " /* and how many microseconds it took */

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

static void
tell (const char *word)
{
  printf ("%s\n", word);
  fflush (stdout);
}

static void
edit_and_tell (Person *person, const char *id, guint n)
{
  g_autofree char *text = g_strdup_printf ("%u", n);

  person_edit (person, id, "address", text);
  tell (text);
}

typedef struct
{
  Person person; /* at the same desk, by a connection of its own */
  const char *id;
  guint first;
} Saver;

static gpointer
save_on (gpointer data)
{
  Saver *self = data;

  for (guint n = self->first;; n++)
    edit_and_tell (&self->person, self->id, n);
  return NULL;
}

/* Takes a snapshot over while another thread saves, and saves on until it is killed. */
static int
adopt_and_save (Person *person, const char *id, guint first, const char *stick)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhBrought) brought = xh_snapshot_bring (person->desk, stick, NULL, &error);
  Saver saver = { *person, id, first };
  g_autofree char *took = NULL;
  GThread *thread;
  gboolean taken;
  gint64 begun;

  g_assert_no_error (error);
  open_store (&saver.person);
  edit_and_tell (&saver.person, id, saver.first++);
  thread = g_thread_new ("saver", save_on, &saver);
  tell (ADOPTING);
  begun = g_get_monotonic_time ();
  xh_snapshot_adopt_brought (brought, person->store, &taken, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (taken);
  took = g_strdup_printf (ADOPTED "%" G_GINT64_FORMAT, g_get_monotonic_time () - begun);
  tell (took);
  g_thread_join (thread);
  return 1;
}

/* Edits numbered from @first; each number is told when it is safe. */
static int
run_child (char **words)
{
  Person person = { 0 };
  const char *id = words[5];
  const guint first = (guint) g_ascii_strtoull (words[6], NULL, 10);

  sit_down (&person, words[0], words[1], words[2], words[3], words[4]);
  if (words[7] != NULL)
    return adopt_and_save (&person, id, first, words[7]);
  for (guint n = first;; n++)
    {
      edit_and_tell (&person, id, n);
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

/* (transfer full) a client of @person's that goes on from @edits. @stick: (nullable) takes that over */
static GSubprocess *
start_child (Person *person, const char *id, guint edits, const char *stick)
{
  g_autofree char *first = g_strdup_printf ("%u", edits + 1);
  const char *const argv[] = { program, "--child", person->login, person->desk->folder, person->url, person->desk->device,
                               person->desk->profile->token, id, first, stick, NULL };
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
  load->child = start_child (&load->bert, load->id, 0, NULL);
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
      child = start_child (&self->anna, self->id, self->edits, NULL);
      self->edits = hear_child (child, self->edits, &until);
      open_store (&self->anna);
      self->edits = count_edits (&self->anna, self->id, self->edits);
      assert_all_there (&self->anna, self->id, self->edits);
      say ("client", i + 1, self->edits);
    }
  g_test_message ("client killed %u times: %u edits, each in the ledger once", count_kills (), self->edits);
}

/* --- in the middle of an adoption */

typedef struct
{
  char *stick, *store;  /* (owned) paths */
  char *bytes;          /* (owned) the store as it was before */
  gsize length;
  gint64 rows, cursor;  /* of it */
  gint64 span;          /* the shortest adoption so far, microseconds; 0: not known yet */
  guint before, after;  /* how often the old rows stood, and the new ones */
} Adoption;

static gint64
ask_number (Person *person, const char *sql)
{
  sqlite3_stmt *statement;
  gint64 number;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (person->store), sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

#define COUNT_ROWS "SELECT count(*) FROM record"

/* A desk that has read two records of a ledger that has gone on since, and a snapshot of all of it. */
static void
prepare (Fixture *self, Person *bert, char **id, Adoption *adoption)
{
  g_autofree char *token = office_sign_in (self->office, "anna", "pusher");

  person_init (bert, self->folder, self->anna.url, "bert");
  *id = person_add_household (bert, 2);
  person_meet (bert);
  adoption->rows = ask_number (bert, COUNT_ROWS);
  adoption->cursor = xh_wire_get_cursor (bert->store);
  adoption->store = xh_desk_store_path (bert->desk);
  g_clear_pointer (&bert->store, xh_store_close);
  g_assert_true (g_file_get_contents (adoption->store, &adoption->bytes, &adoption->length, NULL));
  office_push_households (self->office, token, "pusher", 100, ROWS);
  adoption->stick = g_build_filename (self->folder, "stick.xhsnap", NULL);
  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", adoption->stick, NULL), ==, 0);
}

static void
put_store_back (const Adoption *self)
{
  static const char *const beside[] = { "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (beside); i++)
    {
      g_autofree char *path = g_strconcat (self->store, beside[i], NULL);

      g_unlink (path);
    }
  g_assert_true (g_file_set_contents (self->store, self->bytes, (gssize) self->length, NULL));
}

/* The first is let through, and killed then: it says how long that takes. The others are killed at any moment of it and a little after. */
static guint
hear_adoption (Adoption *self, GSubprocess *child)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  const gint64 span = self->span;
  guint last = 0;
  char *line;

  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      const gboolean begins = strcmp (line, ADOPTING) == 0, ends = g_str_has_prefix (line, ADOPTED);
      const gint64 took = ends ? MAX (g_ascii_strtoll (line + strlen (ADOPTED), NULL, 10), 1) : G_MAXINT64;

      if (!begins && !ends)
        last = (guint) g_ascii_strtoull (line, NULL, 10);
      if (begins && span > 0)
        g_usleep ((gulong) g_random_int_range (0, (gint32) (span * 5 / 4)));
      if ((begins && span > 0) || ends)
        g_subprocess_send_signal (child, SIGKILL);
      if (ends)
        self->span = span > 0 ? MIN (span, took) : took;
      g_free (line);
    }
  g_subprocess_wait (child, NULL, NULL);
  return last;
}

static void
assert_no_leftover (Person *person)
{
  g_autofree char *folder = xh_snapshot_folder (person->desk);
  g_autoptr (GDir) dir = NULL;

  xh_desk_clean (person->desk); /* as the next start does */
  dir = g_dir_open (folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

/* Whole: the old rows or the new ones; every edit that was called safe is in the outbox and on top. Returns how many there are. */
static guint
check_adopted (Adoption *self, Person *person, const char *id, guint told)
{
  gint64 rows, cursor;
  guint edits;

  open_store (person);
  g_assert_cmpint (ask_number (person, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  rows = ask_number (person, COUNT_ROWS);
  cursor = xh_wire_get_cursor (person->store);
  if (rows == self->rows)
    self->before++;
  else
    {
      g_assert_cmpint (rows, ==, self->rows + ROWS);
      self->after++;
    }
  g_assert_cmpint (cursor > self->cursor, ==, rows > self->rows);
  edits = count_edits (person, id, told);
  g_assert_cmpuint (xh_store_outbox_count (person->store), ==, edits);
  assert_no_leftover (person);
  return edits;
}

static void
test_adoption (Fixture *self, gconstpointer data)
{
  Adoption adoption = { 0 };
  Person bert = { 0 };
  g_autofree char *id = NULL;
  guint edits = 0;

  prepare (self, &bert, &id, &adoption);
  for (guint i = 0; i <= count_kills (); i++)
    {
      g_autoptr (GSubprocess) child = NULL;

      g_clear_pointer (&bert.store, xh_store_close);
      put_store_back (&adoption);
      child = start_child (&bert, id, 0, adoption.stick);
      edits = check_adopted (&adoption, &bert, id, hear_adoption (&adoption, child));
      say ("adoption", i + 1, edits);
    }
  /* And it can go on. */
  assert_all_there (&bert, id, edits);
  g_assert_cmpint (ask_number (&bert, COUNT_ROWS), ==, adoption.rows + ROWS);
  g_test_message ("killed %u times inside an adoption of %d ms: the old rows stood %u times, the new ones %u times", count_kills (),
                  (int) (adoption.span / 1000), adoption.before, adoption.after);
  person_clear (&bert);
  g_free (adoption.stick);
  g_free (adoption.store);
  g_free (adoption.bytes);
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if ((argc == 9 || argc == 10) && strcmp (argv[1], "--child") == 0)
    return run_child (argv + 2);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sync/faults/server-killed-under-load-loses-and-doubles-nothing", Fixture, NULL, set_up, test_server, tear_down);
  g_test_add ("/sync/faults/client-killed-while-it-adopts-has-old-rows-or-new", Fixture, NULL, set_up, test_adoption, tear_down);
  g_test_add ("/sync/faults/client-killed-under-load-loses-and-doubles-nothing", Fixture, NULL, set_up, test_client, tear_down);
  return g_test_run ();
}
