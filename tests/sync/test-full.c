/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk that is full, under a client and under a server process: what was called safe is safe, the rest is told, and it goes on when there is
 * room again. XH_FULL_RUNS=N fills it that often, to another degree each time. Needs a mount of its own; skipped where that is not allowed. */

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "small-disk.h"
#include "sync/xh-files.h"
#include "sync/xh-repair.h"

#define MEGABYTES 96 /* a snapshot leaves 64 MiB of a disk to others */
#define SERVER_MEGABYTES 48
#define RUNS 4
#define UPLOAD (12 << 20)
#define ROWS 2400
#define FULL "磁盘已满。没有任何改动；之前保存的内容完好。"
#define FULL_OF_FILES "这台电脑的磁盘已满。请腾出空间后再试，什么也没有丢。"
#define SERVER_FULL_OF_FILES "服务器现在没有空间存附件。附件先留在本机，稍后自动再传；记录照常同步。请告诉信用办。"
#define SERVER_FULL "服务器磁盘已满，没有作任何修改。"

static gboolean allowed;

typedef struct
{
  Office *office;
  char *folder, *disk, *url;  /* (owned) */
  char *server_disk;          /* (owned) (nullable) */
  Person anna, bert;          /* anna's data is on the small disk where the server's is not */
  char *id;                   /* (owned) anna's household */
  guint edits;                /* of it, that were called safe */
} Fixture;

static guint
count_runs (void)
{
  const char *text = g_getenv ("XH_FULL_RUNS");

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : RUNS;
}

/* The server's folder is moved to a small disk while it is down. */
static void
move_server (Fixture *self)
{
  g_autofree char *beside = g_strconcat (self->office->data, "-before", NULL);
  g_autofree char *command = g_strdup_printf ("cp -a '%s/.' '%s'", beside, self->office->data);

  office_stop (self->office);
  self->server_disk = g_strdup (self->office->data);
  g_assert_cmpint (g_rename (self->office->data, beside), ==, 0);
  small_disk_mount (self->server_disk, SERVER_MEGABYTES);
  g_assert_cmpint (system (command), ==, 0);
  office_start (self->office);
}

static void
set_up (Fixture *self, gconstpointer server)
{
  if (!allowed)
    return;
  self->office = office_new ();
  if (server != NULL)
    move_server (self);
  self->folder = scratch_new ();
  self->disk = g_build_filename (self->folder, "anna", NULL);
  small_disk_mount (self->disk, MEGABYTES);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  person_init (&self->anna, self->folder, self->url, "anna");
  person_init (&self->bert, self->folder, self->url, "bert");
  self->id = person_add_household (&self->anna, 1);
  person_meet (&self->anna);
}

static void
tear_down (Fixture *self, gconstpointer server)
{
  if (!allowed)
    return;
  person_clear (&self->anna);
  person_clear (&self->bert);
  g_assert_true (office_check (self->office));
  office_stop (self->office);
  if (server != NULL)
    small_disk_umount (self->server_disk);
  office_free (self->office);
  small_disk_umount (self->disk);
  scratch_remove (self->folder);
  g_free (self->disk);
  g_free (self->server_disk);
  g_free (self->url);
  g_free (self->id);
}

static gboolean
is_skipped (void)
{
  if (!allowed)
    g_test_skip ("no mount of one's own is allowed here");
  return !allowed;
}

/* --- what people do meanwhile */

/* FALSE: it was told that it is not safe. */
static gboolean
edit (Person *person, const char *id, guint number, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load (person->store, id, error);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (record == NULL)
    return FALSE;
  xh_value_set_text (&value, text);
  g_assert_true (xh_record_set (record, "address", &value));
  g_ptr_array_add (changed, (gpointer) "address");
  return xh_store_save (person->store, record, changed, person->login, error);
}

/* Saves until the disk has no more room for it. */
static guint
edit_until_full (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  guint before = self->edits;

  while (edit (&self->anna, self->id, self->edits + 1, &error))
    self->edits++;
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_FULL);
  g_assert_cmpstr (error->message, ==, FULL);
  return self->edits - before;
}

static void
push_households (Fixture *self, guint first, guint n)
{
  g_autofree char *token = office_sign_in (self->office, "tina", "pusher");

  office_push_households (self->office, token, "pusher", first, n);
}

/* A round that ends in one of two ways: well, or it says that the disk is full. */
static gboolean
meet_or_full (Person *person, XhSyncError code, const char *message)
{
  g_autoptr (GError) error = NULL;

  if (xh_engine_run_once (person->desk, person->store, person->client, NULL, NULL, &error))
    return TRUE;
  /* A file says it in its own words. */
  if (strcmp (message, FULL) != 0 || strcmp (error->message, FULL_OF_FILES) != 0)
    g_assert_cmpstr (error->message, ==, message);
  g_assert_error (error, XH_SYNC_ERROR, (int) code);
  return FALSE;
}

static void
assert_whole (Fixture *self, guint64 least)
{
  g_autoptr (XhRepairReport) report = NULL;
  g_autofree char *last = g_strdup_printf ("%u", self->edits);
  g_autoptr (GError) error = NULL;

  person_meet (&self->anna);
  person_assert_settled (&self->anna, 0);
  if (self->edits > 0)
    person_assert_has (&self->anna, self->id, "address", last);
  g_assert_cmpuint (person_count_history (&self->anna, self->id), ==, 1 + self->edits);
  xh_repair_wish_verify (self->anna.store, &error);
  g_assert_no_error (error);
  person_meet (&self->anna);
  report = xh_repair_report (self->anna.store);
  g_assert_true (report->agrees);
  g_assert_cmpuint (report->mended, ==, 0);
  g_assert_cmpuint (report->rows, >=, least);
}

static XhAttachment *
add_file (Fixture *self, gsize size, GError **error)
{
  g_autoptr (XhFiles) files = xh_desk_files_new (self->anna.desk);
  g_autofree char *path = g_build_filename (self->folder, "a.pdf", NULL), *bytes = g_malloc0 (size);

  memcpy (bytes, "%PDF-1.7\n", 9);
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  return xh_files_add (files, path, NULL, self->anna.desk->catalog, NULL, error);
}

/* --- the client's disk */

static void
test_client (Fixture *self, gconstpointer data)
{
  guint refused = 0, failed = 0;

  if (is_skipped ())
    return;
  for (guint i = 0; i < count_runs (); i++)
    {
      g_autoptr (XhAttachment) file = NULL;
      g_autoptr (GError) error = NULL;

      small_disk_fill (self->disk, (gsize) i % 4 * 120000);
      edit_until_full (self);
      refused++;
      file = add_file (self, 1 << 20, &error);
      g_assert_null (file);
      g_assert_cmpstr (error->message, ==, FULL_OF_FILES);
      push_households (self, 1000 + 400 * i, 400);
      failed += !meet_or_full (&self->anna, XH_SYNC_ERROR_LOCAL, FULL);
      g_assert_cmpuint (xh_store_tray_count (self->anna.store), ==, 0);
      small_disk_clear (self->disk);
      assert_whole (self, 1 + 400 * (i + 1));
    }
  g_assert_cmpuint (failed, >, 0);
  g_test_message ("the client's disk full %u times: %u edits safe and in the ledger, %u rounds said so", refused, self->edits, failed);
}

/* While a file of all rows comes, is unpacked and taken over. */
static void
test_snapshot (Fixture *self, gconstpointer data)
{
  static const gsize rooms[] = { 0, 4 << 20 };
  guint failed = 0, n = G_N_ELEMENTS (rooms);

  if (is_skipped ())
    return;
  push_households (self, 1000, ROWS);
  person_meet (&self->bert); /* it is made */
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;

      person_close (&self->anna);
      small_disk_umount (self->disk);
      small_disk_mount (self->disk, MEGABYTES);
      person_open (&self->anna);
      small_disk_fill (self->disk, rooms[i]);
      failed += !meet_or_full (&self->anna, XH_SYNC_ERROR_LOCAL, FULL);
      small_disk_clear (self->disk);
      assert_whole (self, ROWS + 1);
    }
  g_assert_cmpuint (failed, >, 0);
  g_test_message ("%u of %u first synchronisations met a full disk, and went on", failed, n);
}

static gboolean
is_fault (gpointer engine)
{
  return xh_engine_get_state (engine) == XH_ENGINE_FAULT;
}

static gboolean
is_settled (gpointer engine)
{
  return xh_engine_get_state (engine) == XH_ENGINE_SETTLED;
}

/* What the window shows, and that nobody has to do more than make room. */
static void
test_engine (Fixture *self, gconstpointer data)
{
  g_autoptr (XhEngine) engine = NULL;
  g_autofree char *message = NULL;
  guint pending;

  if (is_skipped ())
    return;
  push_households (self, 1000, 400);
  small_disk_fill (self->disk, 0);
  edit_until_full (self);
  engine = xh_engine_new (self->anna.desk);
  xh_engine_start (engine);
  scratch_wait (is_fault, engine);
  g_object_get (engine, "message", &message, "pending", &pending, NULL);
  g_assert_cmpstr (message, ==, FULL);
  g_assert_cmpuint (pending, ==, xh_store_outbox_count (self->anna.store));
  small_disk_clear (self->disk);
  scratch_wait (is_settled, engine);
  xh_engine_stop (engine);
  assert_whole (self, 401);
}

/* --- the server's disk */

static void
test_server (Fixture *self, gconstpointer data)
{
  guint failed = 0;

  if (is_skipped ())
    return;
  for (guint i = 0; i < count_runs (); i++)
    {
      g_autoptr (GError) error = NULL;
      guint round = 0;

      small_disk_fill (self->server_disk, (gsize) i % 4 * 120000);
      for (gboolean full = FALSE; !full && round < 200; round++)
        {
          for (guint j = 0; j < 30; j++)
            {
              g_assert_true (edit (&self->anna, self->id, self->edits + 1, &error));
              self->edits++;
            }
          full = !meet_or_full (&self->anna, XH_SYNC_ERROR_SERVER, SERVER_FULL);
          failed += full;
        }
      g_assert_cmpuint (round, <, 200);
      g_assert_cmpuint (xh_store_outbox_count (self->anna.store), >, 0);
      g_assert_cmpuint (xh_store_tray_count (self->anna.store), ==, 0);
      g_assert_cmpuint (office_request (self->office, "GET", "/v1/status", NULL, NULL, NULL), ==, 200);
      if (i % 3 == 2)
        office_kill (self->office);
      small_disk_clear (self->server_disk);
      if (i % 3 == 2)
        office_start (self->office);
      assert_whole (self, 1);
    }
  g_test_message ("the server's disk full %u times: %u edits of the client's, each in the ledger once", failed, self->edits);
}

/* Who signs in hears why not; who reads, reads. */
static void
test_server_reads (Fixture *self, gconstpointer data)
{
  g_autoptr (XhDesk) desk = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL, *other = NULL;
  g_autoptr (JsonNode) page = NULL;

  if (is_skipped ())
    return;
  token = office_sign_in (self->office, "tina", "reader");
  other = g_build_filename (self->folder, "other", NULL);
  small_disk_fill (self->server_disk, 0);
  for (guint n = 1; meet_or_full (&self->anna, XH_SYNC_ERROR_SERVER, SERVER_FULL); n++)
    {
      g_assert_true (edit (&self->anna, self->id, ++self->edits, &error));
      g_assert_cmpuint (n, <, 500);
    }
  page = office_pull (self->office, token, 0, 100);
  g_assert_cmpuint (count_rows (page, "household"), ==, 1);
  desk = xh_desk_sign_in (other, self->url, "otto", "ottootto", NULL, &error);
  g_assert_null (desk);
  g_assert_cmpstr (error->message, ==, SERVER_FULL);
  small_disk_clear (self->server_disk);
  assert_whole (self, 1);
}

/* --- the server's disk in mid-file */

typedef struct
{
  const char *disk;
  gint64 first, last; /* bytes that the server had when it was first and last asked for */
} Upload;

/* Others fill the disk when a third of the file has gone. */
static void
fill_in_between (gint64 done, gint64 total, gpointer data)
{
  Upload *upload = data;

  if (upload->last < total / 3 && done >= total / 3)
    small_disk_fill (upload->disk, 0);
  upload->last = done;
}

static void
note_first (gint64 done, gint64 total, gpointer data)
{
  Upload *upload = data;

  if (upload->first == 0)
    upload->first = done;
  upload->last = done;
}

/* The file waits and says so, the records do not; and it goes on from where it was. */
static void
test_upload (Fixture *self, gconstpointer data)
{
  g_autoptr (XhFiles) files = NULL, theirs = NULL;
  g_autoptr (XhAttachment) file = NULL, paper = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *consent = NULL;
  Upload upload = { 0 };
  gboolean whole;
  gint64 reached;

  if (is_skipped ())
    return;
  office_stop (self->office);
  self->office->keep_free = "1";
  office_start (self->office);
  files = xh_desk_files_new (self->anna.desk);
  theirs = xh_desk_files_new (self->bert.desk);
  file = add_file (self, UPLOAD, &error);
  g_assert_no_error (error);
  consent = person_add_consent (&self->anna, self->id, file, NULL);
  upload.disk = self->server_disk;
  g_assert_false (xh_files_send (files, self->anna.client, file->hash, G_MAXINT64, fill_in_between, &upload, NULL, &whole, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER);
  g_assert_cmpstr (error->message, ==, SERVER_FULL_OF_FILES);
  reached = upload.last;
  g_assert_cmpint (reached, <, UPLOAD);

  small_disk_fill (self->server_disk, 900 << 10);
  g_clear_error (&error);
  g_assert_true (edit (&self->anna, self->id, ++self->edits, &error));
  person_meet (&self->anna);
  g_assert_cmpuint (xh_store_outbox_count (self->anna.store), ==, 1);
  g_assert_true (xh_files_is_outgoing (files, file->hash, NULL));

  small_disk_clear (self->server_disk);
  xh_files_send (files, self->anna.client, file->hash, G_MAXINT64, note_first, &upload, NULL, &whole, &error);
  g_assert_no_error (error);
  g_assert_true (whole);
  g_assert_cmpint (upload.first, >=, reached);
  assert_whole (self, 2);
  person_meet (&self->bert);
  paper = person_read_paper (&self->bert, consent);
  xh_files_fetch (theirs, self->bert.client, paper, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("of %d bytes %" G_GINT64_FORMAT " were there when the disk was full, and none of them went again", UPLOAD, reached);
}

int
main (int argc, char **argv)
{
  static const int on_server = 1;

  allowed = small_disk_allow ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("XINHENG_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the program warns of full disks in its log, too */
#define ADD(name, data, function) g_test_add ("/sync/full/" name, Fixture, data, set_up, function, tear_down)
  ADD ("clients-disk-keeps-what-was-called-safe", NULL, test_client);
  ADD ("first-synchronisation-goes-on-when-there-is-room", NULL, test_snapshot);
  ADD ("engine-says-it-and-goes-on-by-itself", NULL, test_engine);
  ADD ("servers-disk-loses-and-refuses-nothing", &on_server, test_server);
  ADD ("full-server-still-reads-and-says-why-it-does-not-write", &on_server, test_server_reads);
  ADD ("file-waits-for-a-full-server-and-goes-on-where-it-was", &on_server, test_upload);
#undef ADD
  return g_test_run ();
}
