/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line that stalls, and one that changes bytes, between real clients and a real server process: in what is pushed, in pages, in snapshots and
 * in pieces of files. XH_LINE_RUNS=N does each that often, with as many edits. */

#include <glib/gstdio.h>
#include <locale.h>
#include <libintl.h>
#include <string.h>

#include "cutting-line.h"
#include "model/xh-identifiers.h"
#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-files.h"
#include "sync/xh-repair.h"

#define ROWS 2400 /* enough for a snapshot */
#define EDITS 12
#define MOST_ROUNDS 400
#define JSON "application/"

typedef struct
{
  Office *office;
  CuttingLine *line;
  char *folder;
  Person anna, bert; /* anna's line is bad, bert's is good */
} Fixture;

static guint
count_runs (void)
{
  const char *text = g_getenv ("XH_LINE_RUNS");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 1;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *near = NULL, *far = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  self->line = cutting_line_new (self->office->port, 0);
  near = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  far = cutting_line_get_url (self->line);
  person_init (&self->anna, self->folder, far, "anna");
  person_init (&self->bert, self->folder, near, "bert");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  person_clear (&self->anna);
  person_clear (&self->bert);
  cutting_line_free (self->line);
  g_assert_true (office_check (self->office));
  office_free (self->office);
  scratch_remove (self->folder);
}

/* Rounds until one ends well. What goes wrong in between is the line, and nothing else: no refusal, no sign-in, no other ledger. */
static guint
meet_at_last (Person *person)
{
  g_autoptr (GError) error = NULL;
  guint rounds = 1;

  while (!xh_engine_run_once (person->desk, person->store, person->client, NULL, NULL, &error))
    {
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE);
      g_clear_error (&error);
      g_assert_cmpuint (++rounds, <, MOST_ROUNDS);
    }
  return rounds;
}

/* Every value, compared with the server's. */
static void
assert_agrees (Person *person, guint64 least)
{
  g_autoptr (XhRepairReport) report = NULL;
  g_autoptr (GError) error = NULL;

  xh_repair_wish_verify (person->store, &error);
  g_assert_no_error (error);
  person_meet (person);
  report = xh_repair_report (person->store);
  g_assert_true (report->agrees);
  g_assert_cmpuint (report->mended, ==, 0);
  g_assert_cmpuint (report->rows, >=, least);
}

static void
push_households (Fixture *self)
{
  g_autofree char *token = office_sign_in (self->office, "tina", "pusher");

  office_push_households (self->office, token, "pusher", 1000, ROWS);
}

/* A line that changes a byte of every body lets nothing through, and nothing of it is believed on either side. */
static void
test_all_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->anna, 1);
  g_autoptr (GError) error = NULL;

  cutting_line_set_damage (self->line, 100, JSON);
  for (guint i = 0; i < 5; i++)
    {
      xh_engine_run_once (self->anna.desk, self->anna.store, self->anna.client, NULL, NULL, &error);
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE);
      g_assert_cmpstr (error->message, ==, "去服务器的途中有设备损坏了数据。损坏的内容没有采用，会重新发送。");
      g_clear_error (&error);
    }
  g_assert_cmpuint (xh_store_outbox_count (self->anna.store), ==, 1);
  g_assert_cmpuint (xh_store_tray_count (self->anna.store), ==, 0);
  g_assert_cmpuint (cutting_line_get_damaged (self->line), >=, 5);
  cutting_line_set_damage (self->line, 0, JSON);
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 0);
  g_assert_cmpuint (person_count_history (&self->anna, id), ==, 1);
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->anna, 1), *theirs = person_add_household (&self->bert, 2);
  guint rounds = 0, n = EDITS * count_runs ();
  g_autofree char *last = g_strdup_printf ("牛庄村第%u组，近河边", n);

  person_meet (&self->bert);
  cutting_line_set_damage (self->line, 30, JSON);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *text = g_strdup_printf ("牛庄村第%u组，近河边", i);

      person_edit (&self->anna, id, "address", text);
      person_edit (&self->bert, theirs, "address", text);
      person_meet (&self->bert);
      rounds += meet_at_last (&self->anna);
    }
  g_assert_cmpuint (cutting_line_get_damaged (self->line), >, EDITS / 2);
  cutting_line_set_damage (self->line, 0, JSON);
  person_assert_settled (&self->anna, 0);
  person_meet (&self->bert);
  person_assert_has (&self->bert, id, "address", last);
  person_assert_has (&self->anna, theirs, "address", last);
  g_assert_cmpuint (person_count_history (&self->anna, id), ==, 1 + n);
  g_assert_cmpuint (person_count_history (&self->anna, theirs), ==, 1 + n);
  assert_agrees (&self->anna, 2);
  g_test_message ("%u bodies damaged, %u edits each way arrived whole after %u rounds", cutting_line_get_damaged (self->line), n, rounds);
}

/* The file is no good, and the pages do the same. */
static void
test_damaged_snapshot (Fixture *self, gconstpointer data)
{
  guint rounds;

  push_households (self);
  cutting_line_set_damage (self->line, 100, "application/zstd");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*快照*");
  rounds = meet_at_last (&self->anna);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (cutting_line_get_damaged (self->line), ==, 1);
  assert_agrees (&self->anna, ROWS);
  g_test_message ("a first synchronisation of %u rows beside a damaged snapshot: %u rounds", ROWS, rounds);
}

/* --- files */

static XhAttachment *
add_file (Fixture *self, XhFiles *files, gsize size)
{
  g_autofree char *path = g_build_filename (self->folder, "授权书.pdf", NULL), *bytes = g_malloc (size);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GError) error = NULL;
  XhAttachment *file;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (char) g_rand_int (rand);
  memcpy (bytes, "%PDF-1.7\n", 9);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  file = xh_files_add (files, path, NULL, self->anna.desk->catalog, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static void
assert_content (const char *path, const char *hash)
{
  g_autofree char *bytes = NULL, *digest = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, length);
  g_assert_cmpstr (digest, ==, hash);
}

/* Both ways: every byte is the same at the end, or the program says that it is not. */
static void
test_damaged_file (Fixture *self, gconstpointer data)
{
  const gsize size = (gsize) 3 << 20;
  g_autoptr (XhFiles) files = xh_desk_files_new (self->anna.desk);
  g_autofree char *id = person_add_household (&self->anna, 1), *path = NULL;
  g_autoptr (XhAttachment) file = add_file (self, files, size);
  g_autoptr (GError) error = NULL;
  guint rounds;

  g_free (person_add_consent (&self->anna, id, file, NULL));
  cutting_line_set_damage (self->line, 40, JSON);
  rounds = meet_at_last (&self->anna);
  person_assert_settled (&self->anna, 0);
  g_assert_false (xh_files_is_outgoing (files, file->hash, NULL));
  path = xh_files_path (files, file->hash);
  g_assert_cmpint (g_unlink (path), ==, 0);
  cutting_line_set_damage (self->line, 100, JSON);
  g_assert_false (xh_files_fetch (files, self->anna.client, file, NULL, NULL, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, "“授权书.pdf”在传输中损坏。请重新打开，会再下载一次。");
  g_assert_false (xh_files_has (files, file));
  g_clear_error (&error);
  cutting_line_set_damage (self->line, 0, JSON);
  xh_files_fetch (files, self->anna.client, file, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (xh_files_has (files, file));
  assert_content (path, file->hash);
  g_test_message ("a file of %u MiB arrived whole after %u rounds and %u damaged bodies", (guint) (size >> 20), rounds,
                  cutting_line_get_damaged (self->line));
}

/* --- the engine */

static gboolean
is_offline (gpointer engine)
{
  return xh_engine_get_state (engine) == XH_ENGINE_OFFLINE;
}

static gboolean
is_settled (gpointer engine)
{
  return xh_engine_get_state (engine) == XH_ENGINE_SETTLED;
}

/* What the window shows while the line is bad, and that it goes on by itself. */
static void
test_engine (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->anna, 1);
  g_autoptr (XhEngine) engine = xh_engine_new (self->anna.desk);
  g_autofree char *message = NULL;
  guint pending;

  cutting_line_set_damage (self->line, 100, JSON);
  xh_engine_start (engine);
  scratch_wait (is_offline, engine);
  g_object_get (engine, "message", &message, "pending", &pending, NULL);
  g_assert_cmpstr (message, ==, "去服务器的途中有设备损坏了数据。损坏的内容没有采用，会重新发送。");
  g_assert_cmpuint (pending, ==, 1);
  cutting_line_set_damage (self->line, 0, JSON);
  scratch_wait (is_settled, engine);
  person_assert_settled (&self->anna, 0);
  g_assert_cmpuint (person_count_history (&self->anna, id), ==, 1);
  xh_engine_stop (engine);
}

/* --- a line that stalls */

static void
renew_client (Person *person)
{
  xh_client_free (person->client);
  person->client = xh_client_new (person->url, person->desk->device);
  xh_client_set_token (person->client, person->desk->profile->token);
}

/* At each place in the conversation: the client gives up in its time, says so, and the next round carries on. */
static void
test_stalls (Fixture *self, gconstpointer data)
{
  static const gsize places[] = { 1, 900, 2000, 20000, 60000, 200000 };
  g_autofree char *id = person_add_household (&self->anna, 1);
  gint64 longest = 0;
  guint given_up = 0, edits = 0;

  push_households (self);
  for (guint i = 0; i < G_N_ELEMENTS (places) * count_runs (); i++)
    {
      g_autofree char *text = g_strdup_printf ("第%u组", ++edits);
      g_autoptr (GError) error = NULL;
      const gint64 begun = g_get_monotonic_time ();

      person_edit (&self->anna, id, "address", text);
      renew_client (&self->anna);
      xh_client_set_timeout (self->anna.client, 1);
      cutting_line_set_bytes (self->line, places[i % G_N_ELEMENTS (places)], TRUE);
      if (!xh_engine_run_once (self->anna.desk, self->anna.store, self->anna.client, NULL, NULL, &error))
        {
          g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE);
          g_assert_true (g_str_has_prefix (error->message, "无法连接服务器"));
          given_up++;
        }
      longest = MAX (longest, g_get_monotonic_time () - begun);
      cutting_line_set_bytes (self->line, 0, TRUE);
    }
  g_assert_cmpuint (given_up, >=, 3);
  renew_client (&self->anna); /* with all the time that it has by default, and no connection of before */
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 0);
  g_assert_cmpuint (person_count_history (&self->anna, id), ==, 1 + edits);
  assert_agrees (&self->anna, ROWS);
  g_test_message ("%u rounds gave up over %u stalls, the longest took %.1f s with a timeout of 1 s", given_up, cutting_line_get_cuts (self->line),
                  (double) longest / 1e6);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("XINHENG_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/sync/line/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("nothing-of-a-line-that-damages-all-is-believed", test_all_damaged);
  ADD ("edits-arrive-whole-over-a-line-that-damages", test_damaged);
  ADD ("damaged-snapshot-gives-way-to-pages", test_damaged_snapshot);
  ADD ("file-arrives-whole-over-a-line-that-damages", test_damaged_file);
  ADD ("engine-says-that-the-line-damages-and-goes-on", test_engine);
  ADD ("line-that-stalls-is-given-up-in-time", test_stalls);
#undef ADD
  return g_test_run ();
}
