/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-call.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "model/xh-json.h"
#include "sync/xh-checksum.h"
#include "sync/xh-client.h"
#include "xh-mark.h"

#define GZIP_LEVEL 1
#define GZIP_WORTH 1024

const char *
xh_call_header (XhCall *call, const char *name)
{
  if (call->message)
    return soup_message_headers_get_list (soup_server_message_get_request_headers (call->message), name);
  return call->headers ? g_hash_table_lookup (call->headers, name) : NULL;
}

static char *
read_token (XhCall *call)
{
  const char *header = xh_call_header (call, "authorization");

  if (!header || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return NULL;
  return g_strstrip (g_strdup (header + 7));
}

XhCall *
xh_call_new (gpointer server, SoupServerMessage *message)
{
  XhCall *call = g_new0 (XhCall, 1);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  call->server = server;
  call->message = g_object_ref (message);
  call->token = read_token (call);
  call->mark = g_strdup (xh_call_header (call, XH_MARK_HEADER));
  call->digest = g_strdup (xh_call_header (call, XH_DIGEST_HEADER));
  call->gzip = soup_message_headers_header_contains (headers, "Accept-Encoding", "gzip");
  call->local = soup_message_headers_get_one (headers, "X-Forwarded-For") == NULL;
  call->type = "application/json";
  return call;
}

XhCall *
xh_call_new_here (gpointer server, GHashTable *headers, GBytes *body)
{
  XhCall *call = g_new0 (XhCall, 1);

  call->server = server;
  call->headers = headers;
  call->body = body ? g_bytes_ref (body) : g_bytes_new (NULL, 0);
  call->token = read_token (call);
  call->mark = g_strdup (xh_call_header (call, XH_MARK_HEADER));
  call->digest = g_strdup (xh_call_header (call, XH_DIGEST_HEADER));
  call->local = TRUE;
  call->type = "application/json";
  return call;
}

XhCall *
xh_call_new_job (gpointer server, XhCallFunc run, void (*finished) (XhCall *call), gpointer job)
{
  XhCall *call = g_new0 (XhCall, 1);

  call->server = server;
  call->anonymous = TRUE;
  call->run = run;
  call->finished = finished;
  call->job = job;
  return call;
}

void
xh_call_free (XhCall *call)
{
  g_clear_object (&call->message);
  g_clear_pointer (&call->access, xh_access_free);
  g_clear_pointer (&call->account, xh_account_free);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_clear_pointer (&call->answer, g_bytes_unref);
  if (call->password)
    sodium_memzero (call->password, strlen (call->password));
  g_free (call->password);
  g_free (call->token);
  g_free (call->record);
  g_free (call->etag);
  g_free (call->mark);
  g_free (call->digest);
  g_free (call->login);
  g_free (call->address);
  g_free (call->device);
  g_free (call->key);
  g_free (call->answer_etag);
  g_free (call->answer_range);
  if (call->free_job)
    call->free_job (call->job);
  g_free (call->answer_digest);
  g_free (call->answer_mark);
  g_free (call);
}

void
xh_call_answer (XhCall *call, guint status, GBytes *json)
{
  call->status = status;
  g_clear_pointer (&call->answer, g_bytes_unref);
  call->answer = json;
}

void
xh_call_answer_string (XhCall *call, guint status, GString *json)
{
  xh_call_answer (call, status, g_string_free_to_bytes (json));
}

void
xh_call_forget_answer (XhCall *call)
{
  call->status = 0;
  call->type = "application/json";
  call->answer_gzipped = FALSE;
  g_clear_pointer (&call->answer, g_bytes_unref);
  g_clear_pointer (&call->answer_mark, g_free);
  g_clear_pointer (&call->answer_digest, g_free);
}

static void
answer_problem (XhCall *call, const char *type, guint status, const char *detail)
{
  GString *json = g_string_new ("{\"type\":\"");

  g_string_append_printf (json, "%s\",\"title\":", type);
  xh_json_append_text (json, status == XH_STATUS_TOO_MANY_REQUESTS ? "Too Many Requests" : soup_status_get_phrase (status), -1);
  g_string_append_printf (json, ",\"status\":%u,\"detail\":", status);
  xh_json_append_text (json, detail, -1);
  g_string_append_c (json, '}');
  call->type = "application/problem+json";
  call->answer_gzipped = FALSE;
  xh_call_answer_string (call, status, json);
}

void
xh_call_problem (XhCall *call, guint status, const char *detail)
{
  answer_problem (call, "about:blank", status, detail);
}

void
xh_call_differs (XhCall *call)
{
  answer_problem (call, XH_PROBLEM_DIFFERS, SOUP_STATUS_CONFLICT,
                  _("The server's ledger is not the one that this computer knows: it was restored from a backup, or it is another server."));
}

gboolean
xh_call_is_whole (XhCall *call)
{
  g_autofree char *digest = NULL;
  gconstpointer body;
  gsize length;

  if (!call->digest || !call->body)
    return TRUE;
  body = g_bytes_get_data (call->body, &length);
  digest = xh_checksum_body (body, length);
  if (strcmp (digest, call->digest) == 0)
    return TRUE;
  answer_problem (call, XH_PROBLEM_DAMAGED, SOUP_STATUS_BAD_REQUEST, _("The request was damaged on the way. Nothing was changed; send it again."));
  return FALSE;
}

/* Files have hashes of their own, of the whole. */
void
xh_call_seal (XhCall *call)
{
  gconstpointer body;
  gsize length;

  if (!call->answer || call->answer_gzipped || !strstr (call->type, "json"))
    return;
  body = g_bytes_get_data (call->answer, &length);
  g_free (call->answer_digest);
  call->answer_digest = xh_checksum_body (body, length);
}

void
xh_call_fail (XhCall *call, const GError *error)
{
  if (g_error_matches (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SESSION))
    {
      xh_call_problem (call, SOUP_STATUS_UNAUTHORIZED, error->message);
      return;
    }
  g_warning ("A request failed: %s", error->message);
  if (g_error_matches (error, XH_STORE_ERROR, XH_STORE_ERROR_FULL))
    xh_call_problem (call, SOUP_STATUS_INSUFFICIENT_STORAGE, _("The server's disk is full. Nothing was changed."));
  else
    xh_call_problem (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, _("The server failed. Nothing was changed; try again later."));
}

GBytes *
xh_map_file (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  return file ? g_mapped_file_get_bytes (file) : NULL;
}

GBytes *
xh_gzip (GBytes *bytes)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, GZIP_LEVEL);
  gsize size, done = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GByteArray *out = g_byte_array_sized_new (size / 6 + 64);
  g_autofree guint8 *chunk = g_malloc (64 * 1024);
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result != G_CONVERTER_FINISHED)
    {
      gsize in_read = 0, written = 0;

      result = g_converter_convert (G_CONVERTER (compressor), data + done, size - done, chunk, 64 * 1024,
                                    G_CONVERTER_INPUT_AT_END, &in_read, &written, NULL);
      if (result == G_CONVERTER_ERROR)
        {
          g_byte_array_unref (out);
          return NULL;
        }
      done += in_read;
      g_byte_array_append (out, chunk, written);
    }
  return g_byte_array_free_to_bytes (out);
}

void
xh_call_compress (XhCall *call)
{
  GBytes *small;

  if (!call->gzip || call->local || !call->answer || call->answer_gzipped || g_bytes_get_size (call->answer) < GZIP_WORTH)
    return;
  small = xh_gzip (call->answer);
  if (!small)
    return;
  g_bytes_unref (call->answer);
  call->answer = small;
  call->answer_gzipped = TRUE;
}
