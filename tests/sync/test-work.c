/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Unsent work carried to the office in a file: signed in the village, brought in by a colleague over the network or at the server's command line, on a real
 * server process; and files that somebody else has made or changed. */

#include <string.h>

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "server/xh-backend.h"
#include "sync/xh-client-work.h"
#include "sync/xh-signer.h"
#include "sync/xh-work-file.h"

static Office *office; /* of all tests, one after the other */
static guint number = 9000;

typedef struct
{
  Office *office;
  char *folder, *url, *path; /* (owned) */
  Person bert, olga;         /* an assessor in the village, a clerk of the office */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->office = office;
  self->folder = scratch_new ();
  self->url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  self->path = g_build_filename (self->folder, "bert.xhwork", NULL);
  person_init (&self->bert, self->folder, self->url, "bert");
  person_init (&self->olga, self->folder, self->url, "olga");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  person_clear (&self->bert);
  person_clear (&self->olga);
  scratch_remove (self->folder);
  g_free (self->url);
  g_free (self->path);
}

static guint
save (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  guint n;

  xh_work_file_write (self->bert.desk, self->bert.store, self->path, &n, &error);
  g_assert_no_error (error);
  return n;
}

static gboolean
command (Fixture *self)
{
  return office_command (self->office, NULL, "import-work", self->path, NULL) == 0;
}

/* (transfer full) (nullable) why it may not be brought in */
static char *
ask (Person *by, XhWorkFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorkVerdict) verdict = xh_client_work_ask (by->client, file, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (verdict->reason);
}

/* (transfer full) of XhWorkResult */
static GPtrArray *
bring (Person *by, XhWorkFile *file)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_work_result_free);

  for (guint i = 0; i < file->hashes->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) some = xh_client_work_send (by->client, file, i, NULL, &error);

      g_assert_no_error (error);
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&some));
    }
  return g_steal_pointer (&all);
}

static XhWorkFile *
read_file (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  XhWorkFile *file = xh_work_file_read (self->path, &error);

  g_assert_no_error (error);
  return file;
}

static guint
count_status (GPtrArray *results, XhAnswerStatus status)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    n += ((XhWorkResult *) g_ptr_array_index (results, i))->status == status;
  return n;
}

/* Files do not travel along: whoever saves the work hears how many of those that it names are not on the server. */
static void
test_files_stay (Fixture *self, gconstpointer data)
{
  g_autoptr (XhFiles) files = xh_desk_files_new (self->bert.desk);
  g_autofree char *path = g_build_filename (self->folder, "a.pdf", NULL), *other = g_build_filename (self->folder, "b.pdf", NULL), *household = NULL, *consent = NULL;
  g_autoptr (XhAttachment) file = NULL, unsaved = NULL;
  g_autoptr (XhWorkDraft) draft = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "%PDF-1.4 one", -1, NULL) && g_file_set_contents (other, "%PDF-1.4 two", -1, NULL));
  file = xh_files_add (files, path, NULL, self->bert.desk->catalog, NULL, &error);
  unsaved = xh_files_add (files, other, NULL, self->bert.desk->catalog, NULL, &error);
  g_assert_no_error (error);
  household = person_add_household (&self->bert, number++);
  consent = person_add_consent (&self->bert, household, file, NULL);
  draft = xh_work_draft_new (self->bert.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (draft->ops->len, ==, 2);
  g_assert_cmpuint (xh_work_draft_files (draft, files), ==, 1);
  xh_files_unmark (files, file->hash);
  g_assert_cmpuint (xh_work_draft_files (draft, files), ==, 0);
}

/* (transfer full) (nullable) a text of the server's database */
static char *
look_up (Fixture *self, const char *sql)
{
  g_autofree char *path = g_build_filename (self->office->data, "xinheng.db", NULL);
  sqlite3_stmt *statement;
  sqlite3 *db;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return text;
}

static void
change (Fixture *self, const char *sql)
{
  g_autofree char *path = g_build_filename (self->office->data, "xinheng.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static char *
count_entries (Fixture *self)
{
  return look_up (self, "SELECT count(*) FROM ledger");
}

/* --- it comes in once, whatever way */

static void
test_request (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number), *by = NULL, *author = NULL, *reason = NULL, *times = NULL;
  g_autoptr (XhWorkFile) file = NULL;
  g_autoptr (GPtrArray) first = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  person_edit (&self->bert, id, "address", "村东");
  person_edit (&self->bert, id, "address", "村西");
  g_assert_cmpuint (save (self), ==, 3);
  file = read_file (self);
  g_assert_cmpuint (file->n_ops, ==, 3);
  reason = ask (&self->olga, file);
  g_assert_null (reason);
  first = bring (&self->olga, file);
  g_assert_cmpuint (count_status (first, XH_ANSWER_APPLIED), ==, 3);
  again = bring (&self->olga, file);
  g_assert_cmpuint (count_status (again, XH_ANSWER_APPLIED), ==, 3);
  g_assert_true (command (self));
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 3);

  /* In the author's name, and it is known who brought it. */
  author = look_up (self, "SELECT group_concat (DISTINCT account || device) FROM ledger JOIN brought USING (op)");
  g_assert_true (g_str_has_prefix (author, "bert"));
  g_assert_true (g_str_has_suffix (author, self->bert.desk->device));
  by = look_up (self, "SELECT group_concat (DISTINCT bringer || work) FROM brought");
  g_assert_true (g_str_has_prefix (by, "olga"));
  g_assert_true (g_str_has_suffix (by, file->id));
  times = look_up (self, "SELECT count(*) FROM work WHERE next = 1 AND first_time <= time");
  g_assert_cmpstr (times, ==, "2"); /* olga, and who was at the command line */

  /* The computer itself hears the answers that were given. */
  person_meet (&self->bert);
  person_assert_settled (&self->bert, 0);
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 3);
  person_assert_has (&self->bert, id, "address", "村西");
  g_assert_true (office_check (self->office));

  g_assert_null (xh_client_work_ask (self->bert.client, file, NULL, &error)); /* an assessor may not */
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_FORBIDDEN);
}

/* What follows a refused op waits, however many others lie between the two; nobody brings an end without its beginning. */
static void
test_long (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number), *other = person_add_household (&self->bert, ++number);
  g_autoptr (XhWorkFile) file = NULL;
  g_autoptr (GPtrArray) results = NULL, early = NULL;
  g_autoptr (GError) error = NULL;

  person_meet (&self->bert);
  person_edit (&self->bert, id, "phone", "x");
  for (guint i = 0; i < 300; i++)
    person_edit (&self->bert, other, "address", i % 2 == 0 ? "村东" : "村西");
  person_edit (&self->bert, id, "address", "村北");
  g_assert_cmpuint (save (self), ==, 302);
  file = read_file (self);
  g_assert_cmpuint (file->hashes->len, ==, 2);
  early = xh_client_work_send (self->olga.client, file, 1, NULL, &error);
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_REFUSED);
  g_assert_cmpuint (person_count_history (&self->bert, other), ==, 1);
  results = bring (&self->olga, file);
  g_assert_cmpint (((XhWorkResult *) g_ptr_array_index (results, 0))->status, ==, XH_ANSWER_REJECTED);
  g_assert_nonnull (((XhWorkResult *) g_ptr_array_index (results, 0))->message);
  g_assert_cmpint (((XhWorkResult *) g_ptr_array_index (results, 301))->status, ==, XH_ANSWER_HELD);
  g_assert_cmpuint (count_status (results, XH_ANSWER_APPLIED), ==, 300);
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 1);
  g_assert_true (command (self)); /* once more, with the memory of the first time */
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 1);
  g_assert_cmpuint (person_count_history (&self->bert, other), ==, 301);
  person_meet (&self->bert);
  g_assert_cmpuint (xh_store_tray_count (self->bert.store), ==, 1);
  g_assert_cmpuint (person_count_history (&self->bert, other), ==, 301);
}

/* What is known of a file goes when its key is gone; what it brought stays known, and if it came in all the same, nothing were done twice. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number), *known = NULL, *gone = NULL, *brought = NULL, *count = NULL, *other = NULL;
  g_autoptr (XhWorkFile) first = NULL;

  save (self);
  g_assert_true (command (self));
  first = read_file (self);
  count = g_strdup_printf ("SELECT count(*) FROM work WHERE id = '%s'", first->id);
  other = person_add_household (&self->bert, ++number);
  save (self);
  g_assert_true (command (self));
  known = look_up (self, count);
  g_assert_cmpstr (known, ==, "1");
  /* As if every key of the computer had been told since. */
  change (self, "UPDATE work SET time = '2001-01-01T00:00:00.000Z'");
  g_assert_true (command (self));
  gone = look_up (self, count);
  g_assert_cmpstr (gone, ==, "0");
  g_free (count);
  count = g_strdup_printf ("SELECT count(*) FROM brought WHERE work = '%s'", first->id);
  brought = look_up (self, count);
  g_assert_cmpstr (brought, ==, "1");
  g_ptr_array_unref (bring (&self->olga, first));
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 1);
  g_assert_cmpuint (person_count_history (&self->bert, other), ==, 1);
}

/* --- whose it is */

static void
assert_refused (Fixture *self)
{
  g_autoptr (XhWorkFile) file = read_file (self);
  g_autofree char *reason = ask (&self->olga, file), *before = count_entries (self), *entries = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reason);
  g_assert_null (xh_client_work_send (self->olga.client, file, 0, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_FORBIDDEN);
  g_assert_false (command (self));
  entries = count_entries (self);
  g_assert_cmpstr (entries, ==, before);
}

/* A file with bert's login and device, signed by a key that is somebody else's. */
static void
test_forged (Fixture *self, gconstpointer data)
{
  g_autoptr (XhSigner) own = xh_signer_load (self->bert.desk->folder, NULL), olgas = xh_signer_load (self->olga.desk->folder, NULL);
  g_autoptr (XhSigner) fresh = xh_signer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = person_add_household (&self->bert, ++number), *device = self->bert.desk->device;

  xh_signer_keep (fresh, self->bert.desk->folder, &error);
  g_assert_no_error (error);
  save (self);
  assert_refused (self);
  xh_signer_keep (olgas, self->bert.desk->folder, &error);
  g_assert_no_error (error);
  save (self);
  assert_refused (self);
  /* His own key, on another computer than the one that told it. */
  xh_signer_keep (own, self->bert.desk->folder, &error);
  g_assert_no_error (error);
  self->bert.desk->device = (char *) "01934f5e-0000-7000-8000-0000000000ff";
  save (self);
  self->bert.desk->device = g_steal_pointer (&device);
  assert_refused (self);
  save (self);
  g_assert_true (command (self));
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 1);
}

/* A new password ends what was signed before it; a closed account, everything; a new sign-in does not end what is on its way. */
static void
test_revoked (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number);

  save (self);
  g_assert_cmpint (office_command (self->office, "newpassword\n", "account", "password", "bert", NULL), ==, 0);
  assert_refused (self);
  g_assert_cmpint (office_command (self->office, "bertbert\n", "account", "password", "bert", NULL), ==, 0);
  assert_refused (self);
  person_close (&self->bert);
  person_open (&self->bert);
  save (self);
  g_assert_cmpint (office_command (self->office, NULL, "account", "disable", "bert", NULL), ==, 0);
  assert_refused (self);
  g_assert_cmpint (office_command (self->office, NULL, "account", "enable", "bert", NULL), ==, 0);
  assert_refused (self);
  person_close (&self->bert);
  person_open (&self->bert);
  save (self);
  person_close (&self->bert);
  person_open (&self->bert);
  g_assert_true (command (self));
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 1);
}

/* What the author may do is what they may do today, as with a push. */
static void
test_moved (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number), *before = count_entries (self), *entries = NULL;
  g_autoptr (XhWorkFile) file = NULL;
  g_autoptr (GPtrArray) results = NULL;

  save (self);
  file = read_file (self);
  g_assert_cmpint (office_command (self->office, NULL, "account", "role", "--role", "assessor", "--division", OTHER_TOWNSHIP, "bert", NULL), ==, 0);
  results = bring (&self->olga, file);
  g_assert_cmpuint (count_status (results, XH_ANSWER_REJECTED), ==, 1);
  entries = count_entries (self);
  g_assert_cmpstr (entries, ==, before);
  g_assert_cmpint (office_command (self->office, NULL, "account", "role", "--role", "assessor", "--division", TOWNSHIP, "bert", NULL), ==, 0);
}

/* --- files that are none, or no longer */

static void
assert_unreadable (Fixture *self, const char *text, gssize length, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorkFile) file = NULL;

  g_assert_true (g_file_set_contents (self->path, text, length, NULL));
  file = xh_work_file_read (self->path, &error);
  g_assert_null (file);
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” does not say “%s”", error->message, why);
}

static void
test_hostile (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number), *text = NULL, *longer = NULL, *other = NULL, *wide = NULL;
  gsize length;

  save (self);
  g_assert_true (g_file_get_contents (self->path, &text, &length, NULL));
  for (gsize at = 20; at < length - 1; at += 7) /* one letter anywhere */
    {
      text[at] ^= 1;
      assert_unreadable (self, text, (gssize) length, "cannot be used");
      text[at] ^= 1;
    }
  assert_unreadable (self, text, (gssize) length - 1, "end is missing");
  assert_unreadable (self, text, (gssize) length / 2, "");
  assert_unreadable (self, text, strchr (text, '\n') + 1 - text, "end is missing");
  longer = g_strconcat (text, "{\"device\":\"x\",\"ops\":[]}\n", NULL);
  assert_unreadable (self, longer, -1, "altered");
  assert_unreadable (self, "", 0, "it is none");
  assert_unreadable (self, "\n\n\n", -1, "it is none");
  assert_unreadable (self, "{\"xinheng-work\":1,\"ops\":1}\n{}\n", -1, "older version");
  assert_unreadable (self, "{\"xinheng-work\":3,\"ops\":1}\nx\n", -1, "newer version");
  wide = g_strnfill (XH_WORK_MAX_HEAD + 10, ' ');
  assert_unreadable (self, wide, -1, "it is none");
  /* Another login in a head that is signed again would need the key; a head without its signature is cut. */
  other = g_strdup (text);
  memcpy (strstr (other, "\"login\":\"bert\"") + 9, "anna", 4);
  assert_unreadable (self, other, (gssize) length, "altered");
}

/* (transfer full) a file of one part, signed by a key of its own: so anybody may make one */
static char *
make_signed (const char *name, const char *part)
{
  g_autoptr (XhSigner) signer = xh_signer_new ();
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, part, -1), *signed_text = NULL, *signature = NULL;
  g_autofree char *head = g_strdup_printf ("{\"xinheng-work\":2,\"ops\":0,\"login\":\"bert\",\"name\":\"%s\",\"device\":\"d\",\"server\":\"\","
                                           "\"made\":\"2026-11-23T03:48:03Z\",\"key\":\"%s\",\"parts\":[\"%s\"]}", name, xh_signer_public (signer), hash);

  signed_text = g_strconcat ("xinheng-work\n", head, NULL);
  signature = xh_signer_sign (signer, signed_text, strlen (signed_text));
  return g_strdup_printf ("%s\n%s\n%s\n", head, signature, part);
}

static void
test_signed_hostile (Fixture *self, gconstpointer data)
{
  g_autofree char *name = g_strnfill (2000, 'x'), *blanks = g_strnfill (17 << 20, ' '), *wide = g_strconcat ("{\"device\":\"d\",\"ops\":[]}", blanks, NULL);
  g_autofree char *good = make_signed ("bert", "{\"device\":\"d\",\"ops\":[]}"), *other = make_signed ("bert", "{\"device\":\"e\",\"ops\":[]}");
  g_autofree char *long_name = make_signed (name, "{\"device\":\"d\",\"ops\":[]}"), *none = make_signed ("bert", "{}"), *large = make_signed ("bert", wide);
  g_autoptr (XhWorkFile) file = NULL;

  g_assert_true (g_file_set_contents (self->path, good, -1, NULL));
  file = xh_work_file_read (self->path, NULL);
  g_assert_nonnull (file);
  assert_unreadable (self, other, -1, "several computers");
  assert_unreadable (self, long_name, -1, "it is none");
  assert_unreadable (self, none, -1, "it is none");
  assert_unreadable (self, large, -1, "too large");
}

/* The server looks for itself. */
static void
test_hostile_requests (Fixture *self, gconstpointer data)
{
  g_autofree char *id = person_add_household (&self->bert, ++number), *token = NULL, *before = count_entries (self), *entries = NULL;
  const char *const bodies[] = { "{}", "[]", "", "{\"head\":1}", "{\"head\":\"{}\",\"signature\":\"00\"}",
                                 "{\"head\":\"{\\\"xinheng-work\\\":2}\",\"signature\":null}" };
  const char *const members[] = { "", ",\"part\":0", ",\"push\":\"{}\"", ",\"part\":0,\"push\":\"{}\"", ",\"part\":7,\"push\":\"{}\"",
                                  ",\"part\":-1,\"push\":\"{}\"", ",\"part\":99999999999,\"push\":\"{}\"" };
  g_autoptr (XhWorkFile) file = NULL;

  save (self);
  file = read_file (self);
  token = office_sign_in (self->office, "olga", "01934f5e-0000-7000-8000-00000000000a");
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_assert_cmpuint (office_request (self->office, "POST", "/v1/work", token, bodies[i], NULL), ==, 400);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *head = g_strescape (file->head, ""), *body = NULL;

      body = g_strdup_printf ("{\"head\":\"%s\",\"signature\":\"%s\"%s}", head, file->signature, members[i]);
      g_assert_cmpuint (office_request (self->office, "POST", "/v1/work", token, body, NULL), ==, i == 0 ? 200 : 400);
    }
  g_assert_cmpuint (office_request (self->office, "POST", "/v1/work", NULL, "{}", NULL), ==, 401);
  g_assert_cmpuint (office_request (self->office, "POST", "/v1/sessions", NULL,
                                    "{\"login\":\"bert\",\"password\":\"bertbert\",\"device\":\"d\",\"key\":\"zz\"}", NULL), ==, 400);
  entries = count_entries (self);
  g_assert_cmpstr (entries, ==, before);
}

/* Of the county next door, whose server has a bert, too. */
static void
test_other_county (Fixture *self, gconstpointer data)
{
  g_autoptr (Office) next = office_new ();
  g_autofree char *id = person_add_household (&self->bert, ++number);

  person_meet (&self->bert); /* knows its server now */
  person_edit (&self->bert, id, "address", "村东");
  save (self);
  g_assert_cmpint (office_command (next, NULL, "import-work", self->path, NULL), !=, 0);
  g_assert_true (command (self));
  g_assert_cmpuint (person_count_history (&self->bert, id), ==, 2);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  office = office_new ();
  TEST ("/sync/work/comes-in-once-whatever-way", test_request);
  TEST ("/sync/work/what-follows-a-refusal-waits-in-later-parts", test_long);
  TEST ("/sync/work/known-as-long-as-it-can-come-in", test_kept);
  TEST ("/sync/work/another-key-is-not-the-author", test_forged);
  TEST ("/sync/work/new-password-ends-keys", test_revoked);
  TEST ("/sync/work/author-is-judged-by-today", test_moved);
  TEST ("/sync/work/altered-cut-old-and-new-files", test_hostile);
  TEST ("/sync/work/signed-and-hostile", test_signed_hostile);
  TEST ("/sync/work/hostile-requests", test_hostile_requests);
  TEST ("/sync/work/other-county", test_other_county);
  TEST ("/sync/work/says-which-files-stay", test_files_stay);
  status = g_test_run ();
  office_free (office);
  return status;
}
