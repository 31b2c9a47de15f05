/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A first synchronisation by one file, from a real server process: over the network, after a line that broke, and on a stick. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "model/xh-identifiers.h"
#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-snapshot-bring.h"
#include "sync/xh-work-file.h"

#define ROWS 2000

typedef struct
{
  Office *office;
  char *folder, *url, *token; /* (owned) */
} Fixture;

static void
push_households (Fixture *self, guint first, guint n)
{
  office_push_households (self->office, self->token, "pusher", first, n);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->office = office_new ();
  self->folder = scratch_new ();
  self->url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  self->token = office_sign_in (self->office, "anna", "pusher");
  push_households (self, 0, ROWS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  office_free (self->office);
  scratch_remove (self->folder);
  g_free (self->url);
  g_free (self->token);
}

static gint64
count (Person *person)
{
  sqlite3_stmt *statement;
  gint64 n;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (person->store), "SELECT count(*) FROM record", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

/* (transfer full) (nullable) the server's file */
static char *
find_file (Fixture *self)
{
  g_autofree char *folder = g_build_filename (self->office->data, "snapshots", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

/* As a line leaves it that broke in the middle: @wrong: it says another hash of itself. */
static void
leave_half (Fixture *self, Person *person, gboolean wrong)
{
  g_autofree char *file = find_file (self), *folder = xh_snapshot_folder (person->desk), *name = NULL, *part = NULL, *bytes = NULL;
  g_auto (XhSnapshotInfo) info = { 0 };
  gsize length;

  g_assert_true (xh_snapshot_file_read_info (file, &info, NULL));
  g_assert_true (g_file_get_contents (file, &bytes, &length, NULL));
  if (wrong)
    {
      char *hash = g_strstr_len (bytes + 8, 4088, info.sha256);

      hash[0] = hash[0] == 'a' ? 'b' : 'a';
    }
  name = g_strconcat (info.sha256, ".part", NULL);
  part = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (part, bytes, (gssize) length / 2, NULL));
}

static void
assert_clean (Person *person)
{
  g_autofree char *folder = xh_snapshot_folder (person->desk);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  g_assert_null (g_dir_read_name (dir));
}

static void
test_first_sync (Fixture *self, gconstpointer data)
{
  g_autofree char *file = NULL, *mark = NULL, *mine = NULL;
  Person bert = { 0 };

  person_init (&bert, self->folder, self->url, "bert");
  mine = person_add_household (&bert, 9000);
  person_meet (&bert);
  file = find_file (self);
  g_assert_nonnull (file);
  g_assert_cmpint (count (&bert), ==, ROWS + 1);
  mark = xh_store_meta_get (bert.store, "mark");
  g_assert_nonnull (mark);
  person_assert_settled (&bert, 0);
  assert_clean (&bert);
  push_households (self, ROWS, 3); /* deltas follow */
  person_meet (&bert);
  g_assert_cmpint (count (&bert), ==, ROWS + 4);
  person_edit (&bert, mine, "address", "村东");
  person_meet (&bert);
  person_assert_settled (&bert, 0);
  g_assert_true (office_check (self->office));
  person_clear (&bert);
}

static void
test_broken_line (Fixture *self, gconstpointer data)
{
  Person bert = { 0 }, tina = { 0 };

  person_init (&bert, self->folder, self->url, "bert");
  person_meet (&bert);
  person_clear (&bert);
  for (guint wrong = 0; wrong < 2; wrong++)
    {
      Person again = { 0 };
      g_autofree char *folder = g_strdup_printf ("%s/%u", self->folder, wrong);

      person_init (&again, folder, self->url, "bert");
      leave_half (self, &again, wrong);
      if (wrong)
        g_test_expect_message ("xinheng", G_LOG_LEVEL_WARNING, "*snapshot is not used*");
      person_meet (&again);
      g_test_assert_expected_messages ();
      g_assert_cmpint (count (&again), ==, ROWS);
      assert_clean (&again);
      person_clear (&again);
    }
  person_init (&tina, self->folder, self->url, "tina"); /* another role: a file of its own */
  person_meet (&tina);
  g_assert_cmpint (count (&tina), ==, ROWS);
  person_clear (&tina);
}

/* The database is put back to an older copy and goes on past the file's number with other entries. */
static void
test_restored (Fixture *self, gconstpointer data)
{
  g_autofree char *database = g_build_filename (self->office->data, "xinheng.db", NULL), *copy = NULL, *old = NULL, *file = NULL;
  g_auto (XhSnapshotInfo) before = { 0 }, after = { 0 };
  Person bert = { 0 }, anna = { 0 };
  gsize length;

  office_stop (self->office);
  g_assert_true (g_file_get_contents (database, &copy, &length, NULL));
  office_start (self->office);
  push_households (self, ROWS, 3);
  person_init (&bert, self->folder, self->url, "bert");
  person_meet (&bert);
  person_clear (&bert);
  old = find_file (self);
  g_assert_true (xh_snapshot_file_read_info (old, &before, NULL));
  office_stop (self->office);
  g_assert_true (g_file_set_contents (database, copy, (gssize) length, NULL));
  office_start (self->office);
  push_households (self, 2 * ROWS, 5);

  person_init (&anna, self->folder, self->url, "anna"); /* as bert: the same file */
  person_meet (&anna);
  g_assert_cmpint (count (&anna), ==, ROWS + 5);
  person_clear (&anna);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  file = find_file (self);
  g_assert_nonnull (file);
  g_assert_true (xh_snapshot_file_read_info (file, &after, NULL));
  g_assert_cmpstr (before.mark, !=, after.mark);
  g_assert_cmpint (before.cursor, <, after.cursor);
}

/* What is no fault of the snapshot costs neither the round nor what others keep in the folder. */
static void
test_full_disk (Fixture *self, gconstpointer data)
{
  Person bert = { 0 };

  person_init (&bert, self->folder, self->url, "bert");
  person_meet (&bert);
  person_clear (&bert);
  for (guint part = 0; part < 2; part++)
    {
      g_autofree char *folder = g_strdup_printf ("%s/full%u", self->folder, part), *snapshots = NULL, *unpacked = NULL, *stick = NULL;
      Person again = { 0 };

      person_init (&again, folder, self->url, "bert");
      if (part)
        leave_half (self, &again, FALSE);
      snapshots = xh_snapshot_folder (again.desk);
      unpacked = g_build_filename (snapshots, "unpacked.db", NULL);
      stick = g_build_filename (snapshots, "brought-1.db", NULL);
      g_assert_cmpint (symlink ("/dev/full", unpacked), ==, 0);
      g_assert_true (g_file_set_contents (stick, "somebody's", -1, NULL));
      g_test_expect_message ("xinheng", G_LOG_LEVEL_WARNING, "*pages are fetched instead*");
      person_meet (&again);
      g_test_assert_expected_messages ();
      g_assert_cmpint (count (&again), ==, ROWS);
      g_assert_cmpint (g_unlink (stick), ==, 0);
      assert_clean (&again);
      person_clear (&again);
    }
}

/* No disk has an exabyte. */
static void
test_room (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_snapshot_check_room (g_get_tmp_dir (), 0, &error));
  g_assert_false (xh_snapshot_check_room (g_get_tmp_dir (), G_GUINT64_CONSTANT (1) << 60, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* While the file is being unpacked, the same computer goes on: an older file does not take that back. */
static void
test_overtaken (Fixture *self, gconstpointer data)
{
  g_autofree char *stick = g_build_filename (self->folder, "stick.xhsnap", NULL), *mine = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhBrought) brought = NULL;
  Person bert = { 0 };
  gboolean taken;

  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", stick, NULL), ==, 0);
  person_init (&bert, self->folder, self->url, "bert");
  brought = xh_snapshot_bring (bert.desk, stick, NULL, &error);
  g_assert_no_error (error);
  mine = person_add_household (&bert, 9002); /* the writer is free */
  push_households (self, ROWS, 2);
  person_meet (&bert);
  g_assert_true (xh_snapshot_adopt_brought (brought, bert.store, &taken, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (taken);
  g_assert_cmpint (count (&bert), ==, ROWS + 3);
  g_clear_pointer (&brought, xh_brought_free);
  assert_clean (&bert);
  person_clear (&bert);
}

/* The other township has too few records for a file; what is left behind goes all the same. */
static void
test_scope (Fixture *self, gconstpointer data)
{
  Person bert = { 0 };

  person_init (&bert, self->folder, self->url, "bert");
  person_meet (&bert);
  g_assert_cmpint (count (&bert), ==, ROWS);
  person_close (&bert);
  g_assert_cmpint (office_command (self->office, NULL, "account", "role", "--role", "assessor", "--division", OTHER_TOWNSHIP, "bert", NULL), ==, 0);
  person_open (&bert);
  person_meet (&bert);
  g_assert_cmpint (count (&bert), ==, 0);
  person_close (&bert);
  g_assert_cmpint (office_command (self->office, NULL, "account", "role", "--role", "assessor", "--division", TOWNSHIP, "bert", NULL), ==, 0);
  person_open (&bert);
  person_meet (&bert);
  g_assert_cmpint (count (&bert), ==, ROWS);
  person_clear (&bert);
}

static gboolean
take (Person *person, const char *path, gboolean *taken)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhBrought) brought = xh_snapshot_bring (person->desk, path, NULL, &error);
  const gboolean good = brought != NULL && xh_snapshot_adopt_brought (brought, person->store, taken, NULL, &error);

  if (!good)
    g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
  return good;
}

/* Bytes of the stick's file are another file: cut short, longer, changed at one place, or nothing of ours. */
static void
assert_refuses (Person *person, const char *good, const char *bad)
{
  g_autofree char *bytes = NULL;
  gsize length;
  gboolean taken;

  g_assert_true (g_file_get_contents (good, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (bad, bytes, (gssize) length - 100, NULL));
  g_assert_false (take (person, bad, &taken));
  g_assert_true (g_file_set_contents (bad, bytes, 2000, NULL));
  g_assert_false (take (person, bad, &taken));
  for (gsize at = 5000; at < length; at += length / 5)
    {
      bytes[at] ^= 1;
      g_assert_true (g_file_set_contents (bad, bytes, (gssize) length, NULL));
      g_assert_false (take (person, bad, &taken));
      bytes[at] ^= 1;
    }
  memcpy (bytes + length - 100, bytes, 100);
  g_assert_true (g_file_set_contents (bad, bytes, (gssize) length, NULL));
  g_assert_false (take (person, bad, &taken));
  g_assert_true (g_file_set_contents (bad, "", 0, NULL));
  g_assert_false (take (person, bad, &taken));
  g_assert_cmpint (count (person), ==, 0);
}

static void
test_stick (Fixture *self, gconstpointer data)
{
  g_autofree char *stick = g_build_filename (self->folder, "stick.xhsnap", NULL), *bad = g_build_filename (self->folder, "bad.xhsnap", NULL);
  Person bert = { 0 }, otto = { 0 };
  gboolean taken;

  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "nobody", stick, NULL), !=, 0);
  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", stick, NULL), ==, 0);
  person_init (&bert, self->folder, self->url, "bert");
  person_init (&otto, self->folder, self->url, "otto");
  assert_refuses (&bert, stick, bad);
  g_assert_false (take (&otto, stick, &taken)); /* of another place */
  g_assert_true (take (&bert, stick, &taken));
  g_assert_true (taken);
  g_assert_cmpint (count (&bert), ==, ROWS);
  g_assert_true (take (&bert, stick, &taken)); /* once more is nothing */
  g_assert_false (taken);
  push_households (self, ROWS, 2);
  person_meet (&bert);
  g_assert_cmpint (count (&bert), ==, ROWS + 2);
  g_assert_true (take (&bert, stick, &taken)); /* an older one does not go back */
  g_assert_false (taken);
  g_assert_cmpint (count (&bert), ==, ROWS + 2);
  person_clear (&bert);
  person_clear (&otto);
}

/* Beside the server's database stand its own names: neither those nor a file of before are written over. */
static void
test_targets (Fixture *self, gconstpointer data)
{
  g_autofree char *mistyped = g_build_filename (self->office->data, "xinheng", NULL), *database = g_strconcat (mistyped, ".db", NULL);
  g_autofree char *good = g_strconcat (mistyped, ".xhsnap", NULL), *before = NULL, *after = NULL;

  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", mistyped, NULL), !=, 0);
  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", database, NULL), !=, 0);
  g_assert_true (g_file_test (database, G_FILE_TEST_EXISTS));
  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", good, NULL), ==, 0);
  g_assert_true (g_file_get_contents (good, &before, NULL, NULL));
  g_assert_cmpint (office_command (self->office, NULL, "export-snapshot", "--user", "bert", good, NULL), !=, 0);
  g_assert_true (g_file_get_contents (good, &after, NULL, NULL));
  g_assert_cmpmem (before, 4096, after, 4096);
  g_assert_true (office_check (self->office));
}

/* A frame that unpacks to more than the head says, or that wants a window as large as a bomb's, ends there. */
static void
assert_ends (const char *head, const char *frame, gsize length, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhSnapshotReader) reader = xh_snapshot_reader_new (path, &error);
  GStatBuf status;

  g_assert_no_error (error);
  g_assert_true (xh_snapshot_reader_feed (reader, (const guint8 *) head, 4096, &error));
  g_assert_false (xh_snapshot_reader_feed (reader, (const guint8 *) frame, length, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_size, <=, 1 << 20);
}

static void
test_bomb (void)
{
  const gsize n = 64 << 20;
  char *folder = scratch_new ();
  g_autofree char *plain = g_build_filename (folder, "plain", NULL), *packed = g_build_filename (folder, "packed", NULL);
  g_autofree char *zeros = g_malloc0 (n), *bytes = NULL, *frame = g_malloc (ZSTD_compressBound (n));
  g_auto (XhSnapshotInfo) info = { .server = g_strdup (""), .catalog = g_strdup (""), .role = g_strdup ("office"), .mark = g_strdup ("1.a.") };
  ZSTD_CCtx *context = ZSTD_createCCtx ();
  char *size;
  gsize length;

  g_assert_true (g_file_set_contents (plain, zeros, (gssize) n, NULL));
  g_assert_true (xh_snapshot_file_write (packed, plain, &info, NULL, NULL));
  g_assert_true (g_file_get_contents (packed, &bytes, &length, NULL));
  size = g_strstr_len (bytes + 8, 4088, "\"size\":67108864");
  memcpy (size, "\"size\":100000  ", 15);
  assert_ends (bytes, bytes + 4096, length - 4096, plain);

  ZSTD_CCtx_setParameter (context, ZSTD_c_windowLog, 27);
  ZSTD_CCtx_setParameter (context, ZSTD_c_contentSizeFlag, 0);
  ZSTD_CCtx_setPledgedSrcSize (context, ZSTD_CONTENTSIZE_UNKNOWN);
  {
    ZSTD_inBuffer in = { zeros, n, 0 };
    ZSTD_outBuffer out = { frame, ZSTD_compressBound (n), 0 };

    g_assert_false (ZSTD_isError (ZSTD_compressStream2 (context, &out, &in, ZSTD_e_flush)));
    memcpy (size, "\"size\":67108864", 15);
    assert_ends (bytes, frame, out.pos, plain);
  }
  ZSTD_freeCCtx (context);
  scratch_remove (folder);
}

/* Saved in the village, brought in at the office, twice; later the computer itself comes to the server. */
static void
test_work (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "bert.xhwork", NULL), *id = NULL, *text = NULL;
  g_autoptr (GError) error = NULL;
  Person bert = { 0 };
  guint n;

  person_init (&bert, self->folder, self->url, "bert");
  person_meet (&bert);
  id = person_add_household (&bert, 9001);
  person_edit (&bert, id, "address", "村东");
  person_edit (&bert, id, "address", "村西");
  xh_work_file_write (bert.desk, bert.store, path, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (office_command (self->office, NULL, "import-work", path, NULL), ==, 0);
  g_assert_cmpuint (person_count_history (&bert, id), ==, 3);
  g_assert_cmpint (office_command (self->office, NULL, "import-work", path, NULL), ==, 0);
  g_assert_cmpuint (person_count_history (&bert, id), ==, 3);
  person_meet (&bert);
  person_assert_settled (&bert, 0);
  g_assert_cmpuint (person_count_history (&bert, id), ==, 3);
  person_assert_has (&bert, id, "address", "村西");
  g_assert_true (office_check (self->office));

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  text[strlen (text) - 20] ^= 1;
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (office_command (self->office, NULL, "import-work", path, NULL), !=, 0);
  g_assert_null (xh_work_file_read (path, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
  person_clear (&bert);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/sync/snapshot/first-sync-is-one-file", test_first_sync);
  TEST ("/sync/snapshot/broken-line-is-taken-up", test_broken_line);
  TEST ("/sync/snapshot/other-scope-forgets-the-old", test_scope);
  TEST ("/sync/snapshot/restored-database-serves-no-older-file", test_restored);
  TEST ("/sync/snapshot/full-disk-fetches-pages", test_full_disk);
  g_test_add_func ("/sync/snapshot/room-is-looked-at", test_room);
  TEST ("/sync/snapshot/on-a-stick", test_stick);
  TEST ("/sync/snapshot/on-a-stick-overtaken", test_overtaken);
  TEST ("/sync/snapshot/nothing-is-written-over", test_targets);
  TEST ("/sync/snapshot/unsent-work-on-a-stick", test_work);
  g_test_add_func ("/sync/snapshot/frame-that-swells-ends", test_bomb);
  return g_test_run ();
}
