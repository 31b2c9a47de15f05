/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-client.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "model/xh-json.h"
#include "xh-checksum.h"
#include "xh-signer.h"
#include "xh-wire-private.h"

#define LIMIT ((gsize) 256 << 20)
#define MAX_TOKEN 512

struct _XhClient
{
  XhTransport *transport; /* (owned) */
  char *device;         /* (owned) */
  char *token;          /* (owned) (nullable) */
  char *key;            /* (owned) (nullable) */
  char *mark, *answer_mark; /* (owned) (nullable) */
  gint64 clock_difference; /* seconds that the server's clock is ahead of ours */
  gsize limit;
};

static XhSyncError
find_code (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
      return XH_SYNC_ERROR_SIGN_IN;
    case SOUP_STATUS_FORBIDDEN:
      return XH_SYNC_ERROR_FORBIDDEN;
    case SOUP_STATUS_BAD_GATEWAY:
    case SOUP_STATUS_SERVICE_UNAVAILABLE:
    case SOUP_STATUS_GATEWAY_TIMEOUT:
      return XH_SYNC_ERROR_OFFLINE;
    case 429:
      return XH_SYNC_ERROR_SERVER;
    default:
      if (status >= 500)
        return XH_SYNC_ERROR_SERVER;
      return status >= 400 ? XH_SYNC_ERROR_REFUSED : XH_SYNC_ERROR_PROTOCOL;
    }
}

static const char *
describe_code (XhSyncError code)
{
  switch (code)
    {
    case XH_SYNC_ERROR_SIGN_IN:
      return _("The session has ended: sign in again");
    case XH_SYNC_ERROR_FORBIDDEN:
      return _("The server does not allow this");
    case XH_SYNC_ERROR_OFFLINE:
      return _("The server is not reachable at the moment");
    case XH_SYNC_ERROR_SERVER:
      return _("The server failed");
    case XH_SYNC_ERROR_REFUSED:
      return _("The server refused the request");
    case XH_SYNC_ERROR_DIFFERS:
      return _("The server does not know what this computer has received before: it was restored from a backup, or it is another server."
               " Nothing is sent or received, and nothing was changed here. Your work stays on this computer; ask the office.");
    default:
      return _("What came is not an answer of this server");
    }
}

static void
set_damaged (GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE,
                       _("Something on the way to the server damages what is sent. Nothing of it was taken over; it is sent again."));
}

static JsonObject *
peek_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* The server's own words where the answer is a problem of RFC 9457, else ours. Only our server refuses: a proxy or a hotel's gateway
 * that knows no such page must not move a day's edits into the tray. A body that is too large a proxy may refuse, too. */
static void
set_status_error (guint status, GByteArray *body, GError **error)
{
  g_autoptr (JsonNode) root = body != NULL ? xh_wire_parse ((const char *) body->data, body->len, NULL) : NULL;
  const char *detail = xh_json_member_text (peek_object (root), "detail");
  XhSyncError code = find_code (status);

  if (g_strcmp0 (xh_json_member_text (peek_object (root), "type"), XH_PROBLEM_DIFFERS) == 0)
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_DIFFERS, describe_code (XH_SYNC_ERROR_DIFFERS));
      return;
    }
  if (g_strcmp0 (xh_json_member_text (peek_object (root), "type"), XH_PROBLEM_DAMAGED) == 0)
    {
      set_damaged (error);
      return;
    }
  if (detail == NULL || *detail == '\0')
    detail = xh_json_member_text (peek_object (root), "title");
  if (detail != NULL && *detail != '\0')
    g_set_error_literal (error, XH_SYNC_ERROR, code, detail);
  else
    {
      if (code == XH_SYNC_ERROR_REFUSED && status != SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE)
        code = XH_SYNC_ERROR_PROTOCOL;
      g_set_error (error, XH_SYNC_ERROR, code, "%s (%u)", describe_code (code), status);
    }
}

/* Tokens and marks go into headers: they must be printable ASCII without spaces. */
static gboolean
is_token (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= MAX_TOKEN;
}

/* Every answer says when it was made: between the question and now, if the two clocks agree. */
static void
note_clock (XhClient *self, const XhReply *reply, gint64 asked)
{
  const char *date = xh_reply_get_header (reply, "date");
  g_autoptr (GDateTime) time = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (time == NULL)
    return;
  self->clock_difference = MAX (g_date_time_to_unix (time) - now, 0) + MIN (g_date_time_to_unix (time) - asked, 0);
}

/* TLS notices when a byte changes, but not what ends it on the way: a proxy, a virus scanner. A body without a digest is believed. */
static gboolean
is_whole (const XhReply *reply)
{
  const char *said = xh_reply_get_header (reply, XH_DIGEST_HEADER);
  g_autofree char *digest = said != NULL && reply->body != NULL ? xh_checksum_body (reply->body->data, reply->body->len) : NULL;

  return digest == NULL || strcmp (digest, said) == 0;
}

static gboolean
send_without_token (XhClient *self, XhRequest *request, XhReply *reply, GCancellable *c, GError **error)
{
  const gint64 asked = g_get_real_time () / G_USEC_PER_SEC;
  gboolean answered;

  if (request->sink == NULL || request->limit == 0)
    request->limit = request->limit > 0 ? MIN (request->limit, LIMIT) : self->limit;
  answered = self->transport->send (self->transport, request, reply, c, error);
  note_clock (self, reply, asked);
  if (!answered || is_whole (reply))
    return answered;
  set_damaged (error);
  return FALSE;
}

static void
seal (XhRequest *request)
{
  gsize length;
  gconstpointer body = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;
  g_autofree char *digest = body != NULL ? xh_checksum_body (body, length) : NULL;

  if (digest != NULL)
    xh_request_add_header (request, XH_DIGEST_HEADER, digest);
}

gboolean
xh_client_send (XhClient *self, XhRequest *request, XhReply *reply, GCancellable *c, GError **error)
{
  if (self->token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

      xh_request_add_header (request, "Authorization", bearer);
      explicit_bzero (bearer, strlen (bearer));
    }
  seal (request);
  if (self->mark != NULL)
    xh_request_add_header (request, XH_MARK_HEADER, self->mark);
  g_clear_pointer (&self->answer_mark, g_free);
  if (!send_without_token (self, request, reply, c, error))
    return FALSE;
  if (is_token (xh_reply_get_header (reply, XH_MARK_HEADER)))
    self->answer_mark = g_strdup (xh_reply_get_header (reply, XH_MARK_HEADER));
  return TRUE;
}

gboolean
xh_client_expect (const XhReply *reply, guint expected, guint also, GError **error)
{
  if (reply->status == expected || reply->status == also)
    return TRUE;
  set_status_error (reply->status, reply->body, error);
  return FALSE;
}

/* (transfer full) @status: (out): one of the two that the caller takes; any other is an error. */
static GByteArray *
ask (XhClient *self, XhRequest *request, guint expected, guint also, guint *status, GCancellable *c, GError **error)
{
  g_auto (XhReply) reply = { 0 };

  xh_request_add_header (request, "Accept", "application/json");
  if (!xh_client_send (self, request, &reply, c, error) || !xh_client_expect (&reply, expected, also, error))
    return NULL;
  if (status != NULL)
    *status = reply.status;
  return reply.body != NULL ? g_steal_pointer (&reply.body) : g_byte_array_new ();
}

/* Both take the bytes over, so that a page of many megabytes is not copied. */
static char *
take_text (GByteArray *body, gsize *length)
{
  g_byte_array_append (body, (const guint8 *) "", 1);
  if (length != NULL)
    *length = body->len - 1;
  return (char *) g_byte_array_free (body, FALSE);
}

static char *
ask_for_text (XhClient *self, XhRequest *request, gsize *length, GCancellable *c, GError **error)
{
  GByteArray *body = ask (self, request, SOUP_STATUS_OK, SOUP_STATUS_OK, NULL, c, error);

  return body != NULL ? take_text (body, length) : NULL;
}

static void
wipe_string (gpointer data)
{
  GString *string = data;

  explicit_bzero (string->str, string->allocated_len);
  g_string_free (string, TRUE);
}

static GBytes *
write_sign_in (XhClient *self, const char *login, const char *password)
{
  /* Sized beforehand: a string that grows leaves copies of the password behind. */
  GString *json = g_string_sized_new (256 + 6 * (strlen (login) + strlen (password) + strlen (self->device)));

  g_string_append (json, "{\"login\":");
  xh_json_append_text (json, login, -1);
  g_string_append (json, ",\"password\":");
  xh_json_append_text (json, password, -1);
  g_string_append (json, ",\"device\":");
  xh_json_append_text (json, self->device, -1);
  if (self->key != NULL)
    g_string_append_printf (json, ",\"key\":\"%s\"", self->key);
  g_string_append_c (json, '}');
  return g_bytes_new_with_free_func (json->str, json->len, wipe_string, json);
}

static XhProfile *
read_profile (const char *json, gsize length, GError **error)
{
  g_autoptr (JsonNode) root = xh_wire_parse (json, length, error);
  JsonObject *object = peek_object (root), *body;
  XhProfile *profile;

  if (root == NULL)
    return NULL;
  body = object != NULL ? peek_object (json_object_get_member (object, "profile")) : NULL;
  if (body == NULL || !is_token (xh_json_member_text (object, "token")) || xh_json_member_text (body, "login") == NULL
      || xh_json_member_text (body, "role") == NULL)
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
      return NULL;
    }
  profile = g_new0 (XhProfile, 1);
  profile->token = g_strdup (xh_json_member_text (object, "token"));
  profile->login = g_strdup (xh_json_member_text (body, "login"));
  profile->name = g_strdup (xh_json_member_text (body, "name") != NULL ? xh_json_member_text (body, "name") : profile->login);
  profile->role = g_strdup (xh_json_member_text (body, "role"));
  profile->division = g_strdup (xh_json_member_text (body, "division"));
  profile->unit = g_strdup (xh_json_member_text (body, "unit"));
  profile->demo = json_object_get_boolean_member_with_default (body, "demo", FALSE);
  return profile;
}

XhClient *
xh_client_new (const char *base_url, const char *device)
{
  g_autofree char *url = g_strdup (base_url);

  while (g_str_has_suffix (url, "/"))
    url[strlen (url) - 1] = '\0';
  return xh_client_new_over (xh_transport_new_http (url), device);
}

XhClient *
xh_client_new_over (XhTransport *transport, const char *device)
{
  XhClient *self = g_new0 (XhClient, 1);

  self->transport = transport;
  self->device = g_strdup (device);
  self->limit = LIMIT;
  return self;
}

void
xh_client_free (XhClient *self)
{
  if (self == NULL)
    return;
  xh_transport_free (self->transport);
  xh_client_set_token (self, NULL);
  g_free (self->mark);
  g_free (self->answer_mark);
  g_free (self->device);
  g_free (self->key);
  g_free (self);
}

void
xh_client_set_token (XhClient *self, const char *token)
{
  char *old = self->token;

  self->token = is_token (token) ? g_strdup (token) : NULL;
  if (old != NULL)
    explicit_bzero (old, strlen (old));
  g_free (old);
}

void
xh_client_set_mark (XhClient *self, const char *mark)
{
  g_free (self->mark);
  self->mark = is_token (mark) ? g_strdup (mark) : NULL;
}

const char *
xh_client_get_mark (XhClient *self)
{
  return self->answer_mark;
}

void
xh_client_set_key (XhClient *self, const char *key)
{
  g_free (self->key);
  self->key = xh_signer_is_public (key) ? g_strdup (key) : NULL;
}

void
xh_client_set_timeout (XhClient *self, guint seconds)
{
  if (self->transport->set_timeout != NULL)
    self->transport->set_timeout (self->transport, seconds);
}

void
xh_client_set_limit (XhClient *self, gsize bytes)
{
  self->limit = MIN (bytes, LIMIT);
}

const char *
xh_client_get_token (XhClient *self)
{
  return self->token;
}

gint64
xh_client_get_clock_difference (XhClient *self)
{
  return self->clock_difference;
}

XhProfile *
xh_client_sign_in (XhClient *self, const char *login, const char *password, GCancellable *c, GError **error)
{
  g_auto (XhRequest) request = { .method = "POST", .path = "/v1/sessions" };
  g_auto (XhReply) reply = { 0 };
  XhProfile *profile = NULL;

  xh_request_add_header (&request, "Accept", "application/json");
  request.body = write_sign_in (self, login, password);
  if (!send_without_token (self, &request, &reply, c, error))
    return NULL;
  if (xh_client_expect (&reply, SOUP_STATUS_CREATED, SOUP_STATUS_CREATED, error))
    profile = read_profile ((const char *) reply.body->data, reply.body->len, error);
  if (reply.body != NULL)
    explicit_bzero (reply.body->data, reply.body->len);
  return profile;
}

gboolean
xh_client_sign_out (XhClient *self, GCancellable *c, GError **error)
{
  g_auto (XhRequest) request = { .method = "DELETE", .path = "/v1/sessions/current" };
  g_autoptr (GByteArray) answer = ask (self, &request, SOUP_STATUS_NO_CONTENT, SOUP_STATUS_OK, NULL, c, error);

  return answer != NULL;
}

GBytes *
xh_client_catalog (XhClient *self, const char *etag, GCancellable *c, GError **error)
{
  g_auto (XhRequest) request = { .method = "GET", .path = "/v1/catalog" };
  g_autoptr (GByteArray) body = NULL;
  guint status, also = etag != NULL ? SOUP_STATUS_NOT_MODIFIED : SOUP_STATUS_OK;

  if (etag != NULL)
    {
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", etag);

      xh_request_add_header (&request, "If-None-Match", quoted);
    }
  body = ask (self, &request, SOUP_STATUS_OK, also, &status, c, error);
  return body != NULL && status == SOUP_STATUS_OK ? g_byte_array_free_to_bytes (g_steal_pointer (&body)) : NULL;
}

char *
xh_client_push (XhClient *self, const char *json, gsize length, gsize *answer_length, GCancellable *c, GError **error)
{
  g_auto (XhRequest) request = { .method = "POST", .path = "/v1/changes", .body = g_bytes_new (json, length) };

  return ask_for_text (self, &request, answer_length, c, error);
}

char *
xh_client_pull (XhClient *self, gint64 since, guint limit, gboolean own, gsize *length, GCancellable *c, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/changes?since=%" G_GINT64_FORMAT "&limit=%u%s", since, limit, own ? "&own=1" : "");
  g_auto (XhRequest) request = { .method = "GET", .path = path };

  return ask_for_text (self, &request, length, c, error);
}

/**
 * xh_client_history:
 * @record: id of a record
 *
 * Returns: (transfer full): a JSON array of ledger entries (objects), newest first
 */
char *
xh_client_history (XhClient *self, const char *record, GCancellable *c, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", record);
  g_auto (XhRequest) request = { .method = "GET", .path = path };
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;
  gsize length;

  g_return_val_if_fail (xh_uuid_is_valid (record), NULL);

  json = ask_for_text (self, &request, &length, c, error);
  root = json != NULL ? xh_wire_parse (json, length, error) : NULL;
  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
      return NULL;
    }
  return g_steal_pointer (&json);
}

void
xh_profile_free (XhProfile *profile)
{
  if (profile == NULL)
    return;
  g_free (profile->login);
  g_free (profile->name);
  g_free (profile->role);
  g_free (profile->division);
  g_free (profile->unit);
  if (profile->token != NULL)
    explicit_bzero (profile->token, strlen (profile->token));
  g_free (profile->token);
  g_free (profile);
}
