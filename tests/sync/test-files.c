/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments from one computer over a line that breaks to a real server, and to another computer. XH_BLOB_BYTES sets the size of the large one. */

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "cutting-line.h"
#include "model/xh-identifiers.h"
#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-files.h"
#include "sync/xh-round-private.h"

#define BLOCK (1 << 20)
#define CI_BYTES (24 << 20)
#define CUT ((gsize) 4 << 20) /* bytes after which the line breaks */
#define PDF "%PDF-1.7 授权书 "

typedef struct
{
  Office *office;
  CuttingLine *line;
  char *folder;
  Person anna, bert;
  XhFiles *files, *other; /* anna's and bert's */
} Fixture;

static gint64
get_size (void)
{
  const char *text = g_getenv ("XH_BLOB_BYTES");

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : CI_BYTES;
}

/* A catalog that lets the large file in. */
static void
widen_catalog (void)
{
  const char *folder = g_getenv ("XH_CATALOG");
  char *copy = scratch_new ();
  g_autofree char *command = g_strdup_printf ("cp -a '%s/.' '%s' && sed -i 's/\"file_megabytes\": [0-9]*/\"file_megabytes\": 100000/' '%s/catalog.json'",
                                              folder, copy, copy);

  g_assert_cmpint (system (command), ==, 0);
  g_setenv ("XH_CATALOG", copy, TRUE);
  g_setenv ("XINHENG_CATALOG", copy, TRUE);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *near = NULL, *far = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  self->line = cutting_line_new (self->office->port, CUT);
  near = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  far = cutting_line_get_url (self->line);
  person_init (&self->anna, self->folder, data != NULL ? far : near, "anna");
  self->files = xh_desk_files_new (self->anna.desk);
}

/* Where he is needed: a sign-in takes a second. */
static void
bring_bert (Fixture *self)
{
  person_init (&self->bert, self->folder, self->anna.url, "bert");
  self->other = xh_desk_files_new (self->bert.desk);
  person_meet (&self->bert);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  xh_files_unref (self->files);
  xh_files_unref (self->other);
  person_clear (&self->anna);
  if (self->other != NULL)
    person_clear (&self->bert);
  cutting_line_free (self->line);
  office_free (self->office);
  scratch_remove (self->folder);
}

/* A file of the person's that looks like a PDF. */
static char *
write_file (Fixture *self, const char *name, gint64 size, guint seed)
{
  char *path = g_build_filename (self->folder, name, NULL);
  g_autofree guint32 *block = g_new (guint32, BLOCK / 4);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  FILE *file = fopen (path, "wb");

  for (guint i = 0; i < BLOCK / 4; i++)
    block[i] = g_rand_int (rand);
  memcpy (block, PDF, strlen (PDF));
  for (gint64 done = 0; done < size; done += BLOCK)
    {
      block[BLOCK / 4 - 1] = (guint32) (done / BLOCK);
      g_assert_cmpuint (fwrite (block, 1, (gsize) MIN (BLOCK, size - done), file), ==, (gsize) MIN (BLOCK, size - done));
    }
  fclose (file);
  return path;
}

static XhAttachment *
add_file (Fixture *self, const char *name, gint64 size, guint seed)
{
  g_autofree char *path = write_file (self, name, size, seed);
  g_autoptr (GError) error = NULL;
  XhAttachment *file = xh_files_add (self->files, path, NULL, self->anna.desk->catalog, NULL, &error);

  g_assert_no_error (error);
  g_unlink (path);
  return file;
}

/* A consent of a new household with the file as its paper; @signed_on: (nullable). */
static char *
add_signed_consent (Person *person, guint number, const XhAttachment *file, const char *signed_on)
{
  g_autofree char *household = person_add_household (person, number);

  return person_add_consent (person, household, file, signed_on);
}

static char *
add_consent (Person *person, guint number, const XhAttachment *file)
{
  return add_signed_consent (person, number, file, NULL);
}

static void
assert_counts (Person *person, guint outbox, guint tray)
{
  g_autoptr (GPtrArray) items = xh_store_tray (person->store, NULL);

  for (guint i = 0; i < items->len; i++)
    g_test_message ("%s", ((XhTrayItem *) items->pdata[i])->detail);
  g_assert_cmpuint (xh_store_outbox_count (person->store), ==, outbox);
  g_assert_cmpuint (items->len, ==, tray);
}

/* The most memory that a process has had, in MB. */
static guint
get_peak (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/status", pid), *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, "VmHWM:")) == NULL)
    return 0;
  return (guint) (g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) / 1024);
}

static void
test_broken_line (Fixture *self, gconstpointer data)
{
  const gint64 size = get_size ();
  g_autoptr (XhAttachment) file = add_file (self, "大扫描件.pdf", size, 1), theirs = NULL;
  g_autofree char *id = add_consent (&self->anna, 1, file), *path = NULL, *digest = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time (), sent, fetched;
  guint cuts;

  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0);
  g_assert_false (xh_files_is_outgoing (self->files, file->hash, NULL));
  sent = g_get_monotonic_time () - begun;
  cuts = cutting_line_get_cuts (self->line);
  g_assert_cmpint (cuts, >=, size / (gint64) CUT / 2);

  bring_bert (self);
  theirs = person_read_paper (&self->bert, id);
  g_assert_cmpstr (theirs->name, ==, "大扫描件.pdf");
  g_assert_false (xh_files_has (self->other, theirs));
  begun = g_get_monotonic_time ();
  xh_files_fetch (self->other, self->bert.client, theirs, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fetched = g_get_monotonic_time () - begun;
  g_assert_true (xh_files_has (self->other, theirs));
  g_assert_cmpuint (cutting_line_get_cuts (self->line), >, cuts);
  path = xh_files_path (self->other, theirs->hash);
  g_test_message ("%" G_GINT64_FORMAT " bytes: sent in %.1f s over %u cuts, fetched in %.1f s over %u cuts", size, (double) sent / 1e6, cuts,
                  (double) fetched / 1e6, cutting_line_get_cuts (self->line) - cuts);
  g_test_message ("peak memory: client %u MB, server %u MB", get_peak ("self"), get_peak (g_subprocess_get_identifier (self->office->process)));
}

/* What is on its way holds up nobody, and what is lost is told at its field. */
static void
test_lost_content (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 2);
  g_autofree char *id = add_consent (&self->anna, 1, file), *path = xh_files_path (self->files, file->hash), *other = NULL;
  g_autoptr (GPtrArray) tray = NULL;

  g_unlink (path);
  other = person_add_household (&self->anna, 2);
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 1);
  tray = xh_store_tray (self->anna.store, NULL);
  g_assert_nonnull (strstr (((XhTrayItem *) tray->pdata[0])->detail, "\"field\":\"paper\""));
  bring_bert (self);
  {
    g_autoptr (XhRecord) theirs = xh_store_load (self->bert.store, other, NULL);

    g_assert_nonnull (theirs);
  }
}

static void
test_same_content (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 3), again = NULL;
  g_autofree char *one = add_consent (&self->anna, 1, file), *two = NULL;

  person_meet (&self->anna);
  again = add_file (self, "b.pdf", 5000, 3);
  g_assert_cmpstr (again->hash, ==, file->hash);
  g_assert_true (xh_files_is_outgoing (self->files, file->hash, NULL));
  two = add_consent (&self->anna, 2, again);
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0);
  g_assert_false (xh_files_is_outgoing (self->files, file->hash, NULL));
}

/* The mark is gone, the server has nothing (an older backup): the op is held, the file is offered once more, and both arrive. */
static void
test_offered_again (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 4), theirs = NULL;
  g_autofree char *id = add_consent (&self->anna, 1, file);

  xh_files_unmark (self->files, file->hash);
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0);
  bring_bert (self);
  theirs = person_read_paper (&self->bert, id);
  g_assert_cmpstr (theirs->hash, ==, file->hash);
}

/* A part that was damaged when it came, before the line broke, costs another fetch and no question. */
static void
test_damaged_part (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 6), theirs = NULL;
  g_autofree char *id = add_consent (&self->anna, 1, file), *folder = NULL, *part = NULL, *bytes = g_strnfill (1000, 'x');
  g_autoptr (GError) error = NULL;

  person_meet (&self->anna);
  bring_bert (self);
  theirs = person_read_paper (&self->bert, id);
  folder = g_build_filename (self->bert.desk->folder, "files", "incoming", NULL);
  g_mkdir_with_parents (folder, 0700);
  part = g_build_filename (folder, file->hash, NULL);
  g_assert_true (g_file_set_contents (part, bytes, 1000, NULL));
  xh_files_fetch (self->other, self->bert.client, theirs, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (xh_files_has (self->other, theirs));
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 300000, 5);
  g_autofree char *path = xh_files_path (self->files, file->hash), *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  gboolean whole;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  content[length - 1] ^= 1;
  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
  g_assert_false (xh_files_send (self->files, self->anna.client, file->hash, G_MAXINT64, NULL, NULL, NULL, &whole, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER);
  g_assert_false (whole);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  static const struct { const char *name, *content; gsize length; } cases[] = {
    { "empty.pdf", "", 0 }, { "program.pdf", "MZ\x90", 3 }, { "page.txt", "<html>", 6 }, { "archive.msi", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, cases[i].name, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, cases[i].content, (gssize) cases[i].length, NULL));
      g_assert_null (xh_files_add (self->files, path, NULL, self->anna.desk->catalog, NULL, &error));
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
    }
}

/* What is not sent stays whatever the limit says; of the rest the one that was used last. */
static void
test_trim (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) unsent = add_file (self, "a.pdf", 5000, 6), old = add_file (self, "b.pdf", 5000, 7), used = add_file (self, "c.pdf", 5000, 8);
  g_autofree char *path = xh_files_path (self->files, old->hash), *copy = NULL;
  g_autoptr (GError) error = NULL;

  xh_files_unmark (self->files, old->hash);
  xh_files_unmark (self->files, used->hash);
  g_assert_cmpint (xh_files_trim (self->files, 20000), ==, 15000);
  xh_files_use (self->files, used->hash);
  g_assert_cmpint (xh_files_trim (self->files, 10000), ==, 10000);
  g_assert_false (xh_files_has (self->files, old));
  g_assert_true (xh_files_has (self->files, used));
  g_assert_cmpint (xh_files_trim (self->files, 0), ==, 5000);
  g_assert_true (xh_files_has (self->files, unsent));
  copy = xh_files_copy_out (self->files, unsent, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (copy, "/a.pdf"));
}

static gboolean
is_kept (Fixture *self, const XhAttachment *file)
{
  xh_files_trim (self->files, 0);
  return xh_files_has (self->files, file);
}

static void
run_sql (Fixture *self, const char *sql)
{
  g_assert_cmpint (sqlite3_exec (xh_store_get_db (self->anna.store), sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* The server has the file, and refuses the record: its content stays here until a person has decided, and may not decide otherwise any more. */
static void
test_refused_record (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 9);
  g_autofree char *id = add_signed_consent (&self->anna, 1, file, "2999-01-01"); /* which the server refuses */
  g_autoptr (GPtrArray) tray = NULL;
  g_autoptr (GError) error = NULL;

  person_meet (&self->anna);
  g_assert_false (xh_files_is_outgoing (self->files, file->hash, NULL));
  tray = xh_store_tray (self->anna.store, NULL);
  g_assert_cmpuint (tray->len, ==, 1);
  g_assert_true (is_kept (self, file));
  xh_store_tray_resolve (self->anna.store, ((XhTrayItem *) tray->pdata[0])->number, -1, "{}", "anna", &error);
  g_assert_no_error (error);
  person_meet (&self->anna);
  g_assert_true (is_kept (self, file));
  run_sql (self, "UPDATE decided SET decided_at = '2020-01-01T00:00:00.000Z'");
  person_meet (&self->anna);
  g_assert_false (is_kept (self, file));
}

static void
test_accepted_record (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 10);
  g_autofree char *id = add_consent (&self->anna, 1, file);

  g_assert_true (is_kept (self, file));
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0);
  g_assert_false (is_kept (self, file));
}

/* The server has no room for the file: records go on, and it arrives when there is some. */
static void
test_no_room (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 14);
  g_autofree char *id = NULL, *other = NULL;

  office_stop (self->office);
  self->office->keep_free = "1000000000000";
  office_start (self->office);
  id = add_consent (&self->anna, 1, file);
  other = person_add_household (&self->anna, 2);
  person_meet (&self->anna);
  assert_counts (&self->anna, 1, 0);
  g_assert_true (xh_files_is_outgoing (self->files, file->hash, NULL));
  office_stop (self->office);
  self->office->keep_free = NULL;
  office_start (self->office);
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0);
}

/* The edit is given up before there is room: the window must not say for ever that files wait. */
static void
test_given_up (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 17);
  g_autofree char *id = add_consent (&self->anna, 1, file);
  g_auto (XhRound) round = { 0 };
  g_autoptr (GError) error = NULL;

  office_stop (self->office);
  self->office->keep_free = "1000000000000";
  office_start (self->office);
  xh_round_init (&round, self->anna.desk, self->anna.store, self->anna.client);
  xh_round_run (&round, &error);
  g_assert_no_error (error);
  g_assert_nonnull (round.notice);
  g_assert_cmpint (sqlite3_exec (xh_store_get_db (self->anna.store), "DELETE FROM outbox", NULL, NULL, NULL), ==, SQLITE_OK);
  xh_round_run (&round, &error);
  g_assert_no_error (error);
  g_assert_null (round.notice);
}

/* The disk takes no mark of what the server has: the round ends all the same, and goes on when it does. */
static void
test_no_mark (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 18);
  g_autofree char *id = add_consent (&self->anna, 1, file), *kept = g_build_filename (self->anna.desk->folder, "files", "kept", NULL);

  g_assert_true (g_file_set_contents (kept, "in the way", -1, NULL));
  person_meet (&self->anna);
  assert_counts (&self->anna, 1, 0);
  g_assert_cmpint (g_unlink (kept), ==, 0);
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0);
}

static void
make_older (const char *path, gint64 age)
{
  const gint64 then = g_get_real_time () / G_USEC_PER_SEC - age;
  struct utimbuf times = { then, then };

  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

static void
write_left (Fixture *self, const char *name, gint64 age)
{
  g_autofree char *path = g_build_filename (self->anna.desk->folder, "files", "incoming", name, NULL);

  g_assert_true (g_file_set_contents (path, "left behind", -1, NULL));
  make_older (path, age);
}

static gboolean
is_left (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->anna.desk->folder, "files", "incoming", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What nothing names goes when nobody works; what a draft or an edit names stays. */
static void
test_clean (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) chosen = add_file (self, "a.pdf", 5000, 11), drafted = add_file (self, "b.pdf", 5000, 12), saved = add_file (self, "c.pdf", 5000, 13);
  g_autofree char *id = add_consent (&self->anna, 1, saved), *copy = xh_files_copy_out (self->files, saved, NULL);
  g_autoptr (XhRecord) draft = xh_record_new (xh_catalog_find_kind (self->anna.desk->catalog, "consent"), NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autofree char *small = xh_files_small_path (self->files, chosen->hash, 88);

  g_ptr_array_add (files, drafted);
  xh_attachments_write (files, &value);
  g_assert_true (xh_record_set (draft, "paper", &value));
  g_assert_true (xh_store_draft_put (self->anna.store, draft, NULL));
  g_assert_true (g_file_set_contents (small, "small", -1, NULL));
  write_left (self, "add-ABCDEF", 0);
  write_left (self, chosen->hash, 8 * 86400);
  write_left (self, saved->hash, 86400);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));

  xh_desk_clean (self->anna.desk);
  g_assert_false (xh_files_has (self->files, chosen));
  g_assert_false (xh_files_is_outgoing (self->files, chosen->hash, NULL));
  g_assert_false (g_file_test (small, G_FILE_TEST_EXISTS));
  g_assert_true (xh_files_has (self->files, drafted) && xh_files_is_outgoing (self->files, drafted->hash, NULL));
  g_assert_true (xh_files_has (self->files, saved) && xh_files_is_outgoing (self->files, saved->hash, NULL));
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (is_left (self, "add-ABCDEF"));
  g_assert_false (is_left (self, chosen->hash));
  g_assert_true (is_left (self, saved->hash));
}

/* Somebody moves a damaged store aside: the new one knows nothing of the files that wait, and is not believed for a month. */
static void
test_new_store (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 15);
  g_autofree char *id = add_consent (&self->anna, 1, file), *path = xh_desk_store_path (self->anna.desk), *aside = g_strconcat (path, ".aside", NULL);
  g_autofree char *mark = g_build_filename (self->anna.desk->folder, "files", "outgoing", file->hash, NULL);

  make_older (mark, 3600);
  person_close (&self->anna);
  g_assert_cmpint (g_rename (path, aside), ==, 0);
  person_open (&self->anna);
  xh_desk_clean (self->anna.desk);
  person_close (&self->anna);
  g_assert_cmpint (g_rename (aside, path), ==, 0);
  person_open (&self->anna);
  person_meet (&self->anna);
  assert_counts (&self->anna, 0, 0); /* the file was here */
}

static void
test_old_store (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAttachment) file = add_file (self, "a.pdf", 5000, 16);
  g_autofree char *mark = g_build_filename (self->anna.desk->folder, "files", "outgoing", file->hash, NULL);

  make_older (mark, 40 * 86400);
  g_assert_true (xh_store_meta_set_number (self->anna.store, XH_STORE_META_MADE, g_get_real_time () / G_USEC_PER_SEC - 29 * 86400, NULL));
  xh_desk_clean (self->anna.desk);
  g_assert_true (xh_files_has (self->files, file));
  g_assert_true (xh_store_meta_set_number (self->anna.store, XH_STORE_META_MADE, g_get_real_time () / G_USEC_PER_SEC - 31 * 86400, NULL));
  xh_desk_clean (self->anna.desk);
  g_assert_false (xh_files_has (self->files, file));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (get_size () > CI_BYTES)
    widen_catalog ();
#define ADD(name, func, line) g_test_add ("/sync/files/" name, Fixture, line, set_up, func, tear_down)
  ADD ("arrive-whole-over-a-line-that-breaks", test_broken_line, "line");
  if (get_size () <= CI_BYTES)
    {
      ADD ("lost-content-is-told-and-holds-up-nobody", test_lost_content, NULL);
      ADD ("same-content-is-sent-once", test_same_content, NULL);
      ADD ("offered-again-when-the-server-has-lost-them", test_offered_again, NULL);
      ADD ("damaged-content-is-not-kept", test_damaged, NULL);
      ADD ("part-that-was-damaged-is-fetched-anew", test_damaged_part, NULL);
      ADD ("what-is-not-taken-is-said", test_refused, NULL);
      ADD ("room-is-made-of-what-is-sent", test_trim, NULL);
      ADD ("a-file-stays-while-its-record-is-refused", test_refused_record, NULL);
      ADD ("a-file-may-go-when-its-record-is-accepted", test_accepted_record, NULL);
      ADD ("what-nothing-names-is-removed", test_clean, NULL);
      ADD ("a-new-store-does-not-condemn-what-waits", test_new_store, NULL);
      ADD ("after-a-month-it-does", test_old_store, NULL);
      ADD ("a-server-without-room-takes-records", test_no_room, NULL);
      ADD ("what-is-given-up-waits-for-no-room", test_given_up, NULL);
      ADD ("a-mark-that-cannot-be-kept-ends-no-round", test_no_mark, NULL);
    }
  return g_test_run ();
}
