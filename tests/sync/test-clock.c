/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A client process whose clock is days ahead, then a year behind, and whose session is ended, all while it saves and sends. The clock is
 * faked by libfaketime; skipped where it is not installed. Started with --child, this program is the client. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "person.h"
#include "scratch.h"
#include "server/office.h"

#define EDITS 40
#define DAY (24 * 3600)
#define FAKETIME "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"

static const char *program;

typedef struct
{
  guint edits, sign_ins;
  gint64 ahead, behind; /* how far the server's clock was seen to be, in seconds */
  char *token;          /* (owned) (nullable) */
} Heard;

static void
say (const char *word, const char *value)
{
  printf ("%s %s\n", word, value);
  fflush (stdout);
}

/* One edit, and rounds until it has gone: a session that has ended is told, loses nothing, and a new one goes on. */
static void
edit_and_send (Person *person, const char *id, guint n)
{
  g_autofree char *text = g_strdup_printf ("%u", n), *difference = NULL;
  g_autoptr (GError) error = NULL;

  person_edit (person, id, "address", text);
  if (!xh_engine_run_once (person->desk, person->store, person->client, NULL, NULL, &error))
    {
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN);
      /* it may have ended between the push, which the server had answered, and the pull: then nothing waits */
      g_assert_cmpuint (xh_store_outbox_count (person->store), <=, 1);
      person_close (person);
      person_open (person);
      say ("sign-in", error->message);
      say ("token", person->desk->profile->token);
      person_meet (person);
    }
  person_assert_settled (person, 0);
  difference = g_strdup_printf ("%" G_GINT64_FORMAT, xh_client_get_clock_difference (person->client));
  say ("clock", difference);
  say ("edit", text);
}

static int
run_child (const char *folder, const char *url)
{
  Person person = { 0 };
  g_autofree char *id = NULL;

  person_init (&person, folder, url, "bert");
  id = person_add_household (&person, 1);
  person_meet (&person);
  say ("token", person.desk->profile->token);
  say ("id", id);
  for (guint n = 1; n <= EDITS; n++)
    edit_and_send (&person, id, n);
  g_assert_cmpuint (person_count_history (&person, id), ==, 1 + EDITS);
  person_clear (&person);
  return 0;
}

static void
set_clock (const char *file, const char *offset)
{
  g_assert_true (g_file_set_contents (file, offset, -1, NULL));
}

static void
take_line (Heard *heard, const char *line, const char *clock, Office *office)
{
  const char *value = strchr (line, ' ') + 1;
  const gint64 number = g_ascii_strtoll (value, NULL, 10);

  if (g_str_has_prefix (line, "sign-in "))
    heard->sign_ins++;
  else if (g_str_has_prefix (line, "clock "))
    {
      heard->ahead = MAX (heard->ahead, number);
      heard->behind = MIN (heard->behind, number);
    }
  else if (g_str_has_prefix (line, "token "))
    {
      g_free (heard->token);
      heard->token = g_strdup (value);
    }
  else if (g_str_has_prefix (line, "edit "))
    {
      heard->edits = (guint) number;
      if (number == 8 || number == 24)
        set_clock (clock, number == 8 ? "+5d" : "-400d");
      if (number == 16 || number == 30)
        g_assert_cmpuint (office_request (office, "DELETE", "/v1/sessions/current", heard->token, NULL, NULL), ==, 204);
      if (number == 35)
        set_clock (clock, "+0");
    }
}

static void
test_clock (void)
{
  Office *office;
  char *folder;
  g_autofree char *clock = NULL, *url = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  Heard heard = { 0 };
  char *line;

  if (!g_file_test (FAKETIME, G_FILE_TEST_EXISTS) || g_getenv ("XH_SANITIZED") != NULL)
    {
      g_test_skip ("libfaketime is not installed, or a sanitizer's runtime must be loaded before it");
      return;
    }
  office = office_new ();
  folder = scratch_new ();
  clock = g_build_filename (folder, "clock", NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u", office->port);
  set_clock (clock, "+0");
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_setenv (launcher, "LD_PRELOAD", FAKETIME, TRUE);
  g_subprocess_launcher_setenv (launcher, "FAKETIME_TIMESTAMP_FILE", clock, TRUE);
  g_subprocess_launcher_setenv (launcher, "FAKETIME_NO_CACHE", "1", TRUE);
  g_subprocess_launcher_setenv (launcher, "FAKETIME_DONT_FAKE_MONOTONIC", "1", TRUE);
  g_subprocess_launcher_setenv (launcher, "DONT_FAKE_MONOTONIC", "1", TRUE);
  child = g_subprocess_launcher_spawn (launcher, &error, program, "--child", folder, url, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      take_line (&heard, line, clock, office);
      g_free (line);
    }
  g_subprocess_wait_check (child, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heard.edits, ==, EDITS);
  g_assert_cmpuint (heard.sign_ins, ==, 2);
  g_assert_cmpint (heard.behind, <, -4 * DAY);
  g_assert_cmpint (heard.ahead, >, 399 * DAY);
  g_assert_true (office_check (office));
  office_free (office);
  scratch_remove (folder);
  g_test_message ("%u edits, %u sessions ended, the server's clock from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " days away", heard.edits,
                  heard.sign_ins, heard.behind / DAY, heard.ahead / DAY);
  g_free (heard.token);
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return run_child (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/clock/wrong-clock-and-ended-session-in-mid-sync-lose-nothing", test_clock);
  return g_test_run ();
}
