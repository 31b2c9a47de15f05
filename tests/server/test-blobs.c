/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments on the server: pieces, resuming, what is refused, and who may read. */
#include <glib/gstdio.h>
#include <locale.h>
#include <sodium.h>
#include <string.h>

#include "model/xh-attachment.h"
#include "model/xh-identifiers.h"
#include "office.h"
#include "server/xh-blobs.h"

#define DEVICE "01934f5e-0000-7000-8000-00000000000a"
#define DEVICE_2 "01934f5e-0000-7000-8000-00000000000b"
#define PDF "application/pdf"

typedef struct
{
  guint status;
  GBytes *body;          /* (owned) */
  char *range, *length;  /* (owned) (nullable) */
  gint64 offset;         /* -1: no state */
  gboolean complete;
} Reply;

static void
reply_clear (Reply *reply)
{
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_free (reply->range);
  g_free (reply->length);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

static void
read_state (Reply *reply)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  reply->offset = -1;
  if (reply->status != 200 || g_bytes_get_size (reply->body) == 0
      || !json_parser_load_from_data (parser, g_bytes_get_data (reply->body, NULL), (gssize) g_bytes_get_size (reply->body), NULL))
    return;
  object = json_node_get_object (json_parser_get_root (parser));
  reply->offset = json_object_get_int_member_with_default (object, "offset", -1);
  reply->complete = json_object_get_boolean_member_with_default (object, "complete", FALSE);
}

static void
ask (Office *office, const char *method, const char *path, const char *token, const char *range, GBytes *body, Reply *reply)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", office->port, path);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GError) error = NULL;

  reply_clear (reply);
  *reply = (Reply) { 0 };
  soup_message_headers_append (headers, "Authorization", bearer);
  if (range)
    soup_message_headers_append (headers, "Range", range);
  if (body)
    soup_message_set_request_body_from_bytes (message, "application/octet-stream", body);
  reply->body = soup_session_send_and_read (office->session, message, NULL, &error);
  g_assert_no_error (error);
  reply->status = soup_message_get_status (message);
  reply->range = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Range"));
  reply->length = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Length"));
  read_state (reply);
}

static void
patch (Office *office, const char *token, const char *hash, gint64 size, const char *type, gint64 offset, GBytes *piece, Reply *reply)
{
  g_autofree char *escaped = g_uri_escape_string (type, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/blobs/%s?size=%" G_GINT64_FORMAT "&offset=%" G_GINT64_FORMAT "&type=%s", hash, size, offset, escaped);

  ask (office, "PATCH", path, token, NULL, piece, reply);
}

/* @length bytes that begin as a PDF does. */
static GBytes *
make_content (gsize length, guint seed)
{
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) ((i * 2654435761u + seed) >> 13);
  memcpy (bytes, "%PDF-1.7", 8);
  return g_bytes_new_take (bytes, length);
}

static char *
hash_of (GBytes *content)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
}

static char *
send_whole (Office *office, const char *token, GBytes *content)
{
  g_auto (Reply) reply = { 0 };
  char *hash = hash_of (content);

  patch (office, token, hash, (gint64) g_bytes_get_size (content), PDF, 0, content, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  g_assert_true (reply.complete);
  return hash;
}

static char *
make_files (const char *hash, gsize size)
{
  return g_strdup_printf ("[{\\\"hash\\\":\\\"%s\\\",\\\"name\\\":\\\"授权书.pdf\\\",\\\"size\\\":%" G_GSIZE_FORMAT ",\\\"type\\\":\\\"" PDF "\\\"}]", hash, size);
}

/* A consent of a household with a paper. */
static char *
push_consent (Office *office, const char *token, const char *device, guint number, const char *files, const char **status)
{
  g_autofree char *household = xh_uuid_v7_new (), *members = make_household (VILLAGE, number);
  char *consent = xh_uuid_v7_new ();
  g_autofree char *set = g_strdup_printf ("\"household\":\"%s\",\"paper\":\"%s\"", household, files);
  g_autofree char *first = make_op ("household", household, 0, members), *second = make_op ("consent", consent, 0, set);
  g_autofree char *ops = g_strdup_printf ("%s,%s", first, second);
  g_autoptr (JsonNode) answers = office_push (office, token, device, ops);

  g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
  *status = g_intern_string (answer_status (answers, 1));
  if (strcmp (*status, "rejected") == 0)
    {
      g_autofree char *text = json_to_string (answers, FALSE);

      g_test_message ("%s", text);
    }
  return consent;
}

static void
test_pieces (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE), *hash = NULL, *path = NULL;
  g_autoptr (GBytes) content = make_content (300000, 1), first = g_bytes_new_from_bytes (content, 0, 100000),
                     rest = g_bytes_new_from_bytes (content, 100000, 200000);
  g_auto (Reply) reply = { 0 };

  hash = hash_of (content);
  patch (office, anna, hash, 300000, PDF, 0, NULL, &reply);
  g_assert_cmpint (reply.offset, ==, 0);
  g_assert_false (reply.complete);
  patch (office, anna, hash, 300000, PDF, 0, first, &reply);
  g_assert_cmpint (reply.offset, ==, 100000);
  /* The same again, and one that does not follow, change nothing. */
  patch (office, anna, hash, 300000, PDF, 0, first, &reply);
  g_assert_cmpint (reply.offset, ==, 100000);
  patch (office, anna, hash, 300000, PDF, 50000, first, &reply);
  g_assert_cmpint (reply.offset, ==, 100000);
  patch (office, anna, hash, 300000, PDF, 250000, first, &reply);
  g_assert_cmpuint (reply.status, ==, 400);
  /* Killed in between: what came is there. */
  office_kill (office);
  office_start (office);
  patch (office, anna, hash, 300000, PDF, 0, NULL, &reply);
  g_assert_cmpint (reply.offset, ==, 100000);
  patch (office, anna, hash, 300000, PDF, 100000, rest, &reply);
  g_assert_true (reply.complete);
  patch (office, anna, hash, 300000, PDF, 0, NULL, &reply);
  g_assert_true (reply.complete);

  path = g_strdup_printf ("/v1/blobs/%s", hash);
  ask (office, "GET", path, anna, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  g_assert_true (g_bytes_equal (reply.body, content));
  ask (office, "GET", path, anna, "bytes=100000-", NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 206);
  g_assert_cmpstr (reply.range, ==, "bytes 100000-299999/300000");
  g_assert_true (g_bytes_equal (reply.body, rest));
  ask (office, "GET", path, anna, "bytes=0-99999", NULL, &reply);
  g_assert_true (g_bytes_equal (reply.body, first));
  ask (office, "GET", path, anna, "bytes=300000-", NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 416);
  ask (office, "HEAD", path, anna, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  g_assert_cmpstr (reply.length, ==, "300000");
}

static void
test_refused (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE), *hash = NULL, *other = g_strnfill (64, 'a'), *script = NULL;
  g_autoptr (GBytes) content = make_content (10000, 2), program = g_bytes_new_static ("\x7f" "ELF and more", 13),
                     page = g_bytes_new_static ("  <html><script>", 16), half = g_bytes_new_from_bytes (content, 0, 5000);
  g_auto (Reply) reply = { 0 };

  hash = hash_of (content);
  patch (office, anna, "nonsense", 10, PDF, 0, content, &reply);
  g_assert_cmpuint (reply.status, ==, 404);
  patch (office, anna, hash, 10000, "text/html", 0, content, &reply);
  g_assert_cmpuint (reply.status, ==, 415);
  patch (office, anna, hash, G_GINT64_CONSTANT (1) << 42, PDF, 0, half, &reply);
  g_assert_cmpuint (reply.status, ==, 413);
  /* Not what its name says: nothing is kept, and it may be sent again. */
  patch (office, anna, other, 10000, PDF, 0, content, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  g_assert_cmpint (reply.offset, ==, 0);
  g_assert_false (reply.complete);
  patch (office, anna, other, 10000, PDF, 0, NULL, &reply);
  g_assert_cmpint (reply.offset, ==, 0);
  /* Not what its type says. */
  g_free (other);
  other = hash_of (program);
  patch (office, anna, other, 13, PDF, 0, program, &reply);
  g_assert_cmpuint (reply.status, ==, 415);
  script = hash_of (page);
  patch (office, anna, script, 16, "text/plain", 0, page, &reply);
  g_assert_cmpuint (reply.status, ==, 415);
  g_assert_cmpuint (office_request (office, "PATCH", "/v1/blobs/x", NULL, "x", NULL), ==, 404);
  patch (office, "no-token", hash, 10000, PDF, 0, content, &reply);
  g_assert_cmpuint (reply.status, ==, 401);
}

static void
test_who (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE), *bert = office_sign_in (office, "bert", DEVICE_2);
  g_autofree char *otto = office_sign_in (office, "otto", DEVICE_2), *dora = office_sign_in (office, "dora", DEVICE_2);
  g_autoptr (GBytes) content = make_content (5000, 3);
  g_autofree char *hash = send_whole (office, anna, content), *path = g_strdup_printf ("/v1/blobs/%s", hash), *files = make_files (hash, 5000);
  g_autofree char *consent = NULL, *again = NULL, *stolen = NULL, *removed = NULL;
  const char *status;
  g_auto (Reply) reply = { 0 };

  ask (office, "GET", path, bert, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 404);
  consent = push_consent (office, anna, DEVICE, 1, files, &status);
  g_assert_cmpstr (status, ==, "applied");
  /* Now a record in his township names it; elsewhere, and where the role may not read the register, it is as if it were not there. */
  ask (office, "GET", path, bert, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  ask (office, "GET", path, otto, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 404);
  ask (office, "HEAD", path, dora, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 404);
  /* Who has overheard its name has not its content: not told that it is here, and the op is held. */
  patch (office, otto, hash, 5000, PDF, 0, NULL, &reply);
  g_assert_cmpint (reply.offset, ==, 0);
  g_assert_false (reply.complete);
  {
    g_autofree char *household = xh_uuid_v7_new (), *members = make_household (OTHER_VILLAGE, 2);
    g_autofree char *set = g_strdup_printf ("\"household\":\"%s\",\"paper\":\"%s\"", household, files), *id = xh_uuid_v7_new ();
    g_autofree char *first = make_op ("household", household, 0, members), *second = make_op ("consent", id, 0, set);
    g_autofree char *ops = g_strdup_printf ("%s,%s", first, second);
    g_autoptr (JsonNode) answers = office_push (office, otto, DEVICE_2, ops);

    g_assert_cmpstr (answer_status (answers, 1), ==, "held");
    stolen = send_whole (office, otto, content);
    {
      g_autoptr (JsonNode) later = office_push (office, otto, DEVICE_2, second);

      g_assert_cmpstr (answer_status (later, 0), ==, "applied");
    }
  }
  g_assert_cmpstr (stolen, ==, hash);
  /* Taken off the record: bert has no reason to read it any more. */
  removed = make_op ("consent", consent, 2, "\"paper\":null");
  {
    g_autoptr (JsonNode) answers = office_push (office, anna, DEVICE, removed);

    g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
  }
  ask (office, "GET", path, bert, NULL, NULL, &reply);
  g_assert_cmpuint (reply.status, ==, 404);
  office_stop (office);
  g_assert_true (office_check (office));
}

/* What a record says of a file must hold, and what is said must be a list of files. */
static void
test_records (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE);
  g_autoptr (GBytes) content = make_content (5000, 4);
  g_autofree char *hash = send_whole (office, anna, content), *wrong = make_files (hash, 5001), *absent = g_strnfill (64, 'b');
  g_autofree char *unknown = make_files (absent, 10), *twice = NULL, *escape = NULL;
  const char *status;

  g_free (push_consent (office, anna, DEVICE, 1, wrong, &status));
  g_assert_cmpstr (status, ==, "rejected");
  g_free (push_consent (office, anna, DEVICE, 2, unknown, &status));
  g_assert_cmpstr (status, ==, "held");
  g_free (push_consent (office, anna, DEVICE, 3, "[7]", &status));
  g_assert_cmpstr (status, ==, "rejected");
  escape = g_strdup_printf ("[{\\\"hash\\\":\\\"%s\\\",\\\"name\\\":\\\"../../x.pdf\\\",\\\"size\\\":5000,\\\"type\\\":\\\"" PDF "\\\"}]", hash);
  g_free (push_consent (office, anna, DEVICE, 4, escape, &status));
  g_assert_cmpstr (status, ==, "rejected");
}

/* Nobody names it: marked by one sweep, gone after its days; what is named stays. */
static void
test_sweep (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *anna = office_sign_in (office, "anna", DEVICE);
  g_autoptr (GBytes) content = make_content (5000, 5), kept = make_content (6000, 6);
  g_autofree char *hash = send_whole (office, anna, content), *named = send_whole (office, anna, kept), *files = make_files (named, 6000);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = NULL;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *status;

  g_free (push_consent (office, anna, DEVICE, 1, files, &status));
  g_assert_cmpstr (status, ==, "applied");
  office_stop (office);
  backend = xh_backend_open (office->data, catalog, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (xh_blobs_sweep (backend, now, gone, &error));
  g_assert_cmpuint (gone->len, ==, 0);
  g_assert_true (xh_blobs_sweep (backend, now + 86400, gone, &error));
  g_assert_cmpuint (gone->len, ==, 0);
  g_assert_true (xh_blobs_sweep (backend, now + (XH_BLOB_ORPHAN_DAYS + 1) * 86400, gone, &error));
  g_assert_cmpuint (gone->len, ==, 1);
  g_assert_cmpstr (gone->pdata[0], ==, hash);
  path = xh_blob_folder_path (office->data, hash);
  xh_blob_folder_remove (office->data, hash, now); /* sent again since */
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  xh_blob_folder_remove (office->data, hash, now + 2 * 86400);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;
  g_test_add_func ("/server/blobs/pieces-resume-after-a-kill", test_pieces);
  g_test_add_func ("/server/blobs/wrong-hash-type-and-size-are-refused", test_refused);
  g_test_add_func ("/server/blobs/who-may-read-the-field-may-read-the-blob", test_who);
  g_test_add_func ("/server/blobs/records-name-what-is-here-only", test_records);
  g_test_add_func ("/server/blobs/what-nobody-names-goes-after-days", test_sweep);
  return g_test_run ();
}
