/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-client.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "model/xh-json.h"
#include "xh-wire-private.h"

#define TIMEOUT 30
#define LIMIT ((gsize) 256 << 20)
#define MAX_PROBLEM (64 << 10)
#define MAX_TOKEN 512
#define CHUNK (64 << 10)

struct _XhClient
{
  char *base_url;       /* (owned) without a slash at its end */
  char *device;         /* (owned) */
  char *token;          /* (owned) (nullable) */
  gboolean allowed;     /* the address may be spoken to */
  guint timeout;
  gsize limit;
  SoupSession *session; /* (owned) (nullable) made by the thread that asks first */
};

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
is_allowed (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' || g_uri_get_query (uri) != NULL
      || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  return strcmp (g_uri_get_scheme (uri), "https") == 0
         || (strcmp (g_uri_get_scheme (uri), "http") == 0 && is_loopback (g_uri_get_host (uri)));
}

static SoupSession *
get_session (XhClient *self)
{
  if (self->session == NULL)
    self->session = soup_session_new_with_options ("timeout", self->timeout, "user-agent", "xinheng/" XH_VERSION, NULL);
  return self->session;
}

static SoupMessage *
make_message (XhClient *self, const char *method, const char *path, GError **error)
{
  g_autofree char *url = g_strconcat (self->base_url, path, NULL);
  SoupMessage *message = self->allowed ? soup_message_new (method, url) : NULL;

  if (message == NULL)
    {
      g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_FORBIDDEN, _("%s is no address of a server: it must begin with https://"),
                   self->base_url);
      return NULL;
    }
  /* Where the token goes is never for an answer to decide. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "application/json");
  if (self->token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", bearer);
    }
  return message;
}

/* Everything that goes wrong on the way is "no contact", but for what the person stopped and what cannot be decompressed. */
static void
propagate_transport (GError **error, GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return;
    }
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, cause->message);
  else
    g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE, _("No contact with the server: %s"), cause->message);
  g_error_free (cause);
}

static GByteArray *
read_body (GInputStream *stream, gsize limit, GCancellable *c, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  GError *cause = NULL;
  gssize n;

  do
    {
      guint length = body->len;

      g_byte_array_set_size (body, length + CHUNK);
      n = g_input_stream_read (stream, body->data + length, CHUNK, c, &cause);
      g_byte_array_set_size (body, length + (guint) MAX (n, 0));
      if (n < 0)
        {
          propagate_transport (error, cause);
          return NULL;
        }
      if (body->len > limit)
        {
          g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The server's answer is too large"));
          return NULL;
        }
    }
  while (n > 0);
  return g_steal_pointer (&body);
}

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
    default:
      return _("What came is not an answer of this server");
    }
}

static const char *
peek_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
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
  const char *detail = peek_text (peek_object (root), "detail");
  XhSyncError code = find_code (status);

  if (detail == NULL || *detail == '\0')
    detail = peek_text (peek_object (root), "title");
  if (detail != NULL && *detail != '\0')
    g_set_error_literal (error, XH_SYNC_ERROR, code, detail);
  else
    {
      if (code == XH_SYNC_ERROR_REFUSED && status != SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE)
        code = XH_SYNC_ERROR_PROTOCOL;
      g_set_error (error, XH_SYNC_ERROR, code, "%s (%u)", describe_code (code), status);
    }
}

/* @status: (out): one of the two that the caller takes; any other is an error. */
static GByteArray *
send_message (XhClient *self, SoupMessage *message, guint expected, guint also, guint *status, GCancellable *c, GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GByteArray) body = NULL;
  GError *cause = NULL;

  stream = soup_session_send (get_session (self), message, c, &cause);
  if (stream == NULL)
    {
      propagate_transport (error, cause);
      return NULL;
    }
  *status = soup_message_get_status (message);
  if (*status != expected && *status != also)
    {
      body = read_body (stream, MAX_PROBLEM, c, NULL);
      set_status_error (*status, body, error);
      return NULL;
    }
  return read_body (stream, self->limit, c, error);
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
send_for_text (XhClient *self, SoupMessage *message, gsize *length, GCancellable *c, GError **error)
{
  guint status;
  GByteArray *body = send_message (self, message, SOUP_STATUS_OK, SOUP_STATUS_OK, &status, c, error);

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
  GString *json = g_string_sized_new (64 + 6 * (strlen (login) + strlen (password) + strlen (self->device)));

  g_string_append (json, "{\"login\":");
  xh_json_append_text (json, login, -1);
  g_string_append (json, ",\"password\":");
  xh_json_append_text (json, password, -1);
  g_string_append (json, ",\"device\":");
  xh_json_append_text (json, self->device, -1);
  g_string_append_c (json, '}');
  return g_bytes_new_with_free_func (json->str, json->len, wipe_string, json);
}

/* The token goes into a header: it must be printable ASCII without spaces. */
static gboolean
is_token (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= MAX_TOKEN;
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
  if (body == NULL || !is_token (peek_text (object, "token")) || peek_text (body, "login") == NULL
      || peek_text (body, "role") == NULL)
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
      return NULL;
    }
  profile = g_new0 (XhProfile, 1);
  profile->token = g_strdup (peek_text (object, "token"));
  profile->login = g_strdup (peek_text (body, "login"));
  profile->name = g_strdup (peek_text (body, "name") != NULL ? peek_text (body, "name") : profile->login);
  profile->role = g_strdup (peek_text (body, "role"));
  profile->division = g_strdup (peek_text (body, "division"));
  profile->unit = g_strdup (peek_text (body, "unit"));
  profile->demo = json_object_get_boolean_member_with_default (body, "demo", FALSE);
  return profile;
}

XhClient *
xh_client_new (const char *base_url, const char *device)
{
  XhClient *self = g_new0 (XhClient, 1);

  self->base_url = g_strdup (base_url);
  while (g_str_has_suffix (self->base_url, "/"))
    self->base_url[strlen (self->base_url) - 1] = '\0';
  self->device = g_strdup (device);
  self->allowed = is_allowed (self->base_url);
  self->timeout = TIMEOUT;
  self->limit = LIMIT;
  return self;
}

void
xh_client_free (XhClient *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->session);
  xh_client_set_token (self, NULL);
  g_free (self->base_url);
  g_free (self->device);
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
xh_client_set_timeout (XhClient *self, guint seconds)
{
  self->timeout = seconds;
  if (self->session != NULL)
    soup_session_set_timeout (self->session, seconds);
}

void
xh_client_set_limit (XhClient *self, gsize bytes)
{
  self->limit = MIN (bytes, LIMIT);
}

XhProfile *
xh_client_sign_in (XhClient *self, const char *login, const char *password, GCancellable *c, GError **error)
{
  g_autoptr (SoupMessage) message = make_message (self, "POST", "/v1/sessions", error);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GByteArray) answer = NULL;
  XhProfile *profile;
  guint status;

  if (message == NULL)
    return NULL;
  soup_message_headers_remove (soup_message_get_request_headers (message), "Authorization");
  body = write_sign_in (self, login, password);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  answer = send_message (self, message, SOUP_STATUS_CREATED, SOUP_STATUS_CREATED, &status, c, error);
  if (answer == NULL)
    return NULL;
  profile = read_profile ((const char *) answer->data, answer->len, error);
  explicit_bzero (answer->data, answer->len);
  return profile;
}

gboolean
xh_client_sign_out (XhClient *self, GCancellable *c, GError **error)
{
  g_autoptr (SoupMessage) message = make_message (self, "DELETE", "/v1/sessions/current", error);
  g_autoptr (GByteArray) answer = NULL;
  guint status;

  if (message == NULL)
    return FALSE;
  answer = send_message (self, message, SOUP_STATUS_NO_CONTENT, SOUP_STATUS_OK, &status, c, error);
  return answer != NULL;
}

GBytes *
xh_client_catalog (XhClient *self, const char *etag, GCancellable *c, GError **error)
{
  g_autoptr (SoupMessage) message = make_message (self, "GET", "/v1/catalog", error);
  GByteArray *body;
  guint status, also = etag != NULL ? SOUP_STATUS_NOT_MODIFIED : SOUP_STATUS_OK;

  if (message == NULL)
    return NULL;
  if (etag != NULL)
    {
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", etag);

      soup_message_headers_replace (soup_message_get_request_headers (message), "If-None-Match", quoted);
    }
  body = send_message (self, message, SOUP_STATUS_OK, also, &status, c, error);
  if (body == NULL)
    return NULL;
  if (status == SOUP_STATUS_OK)
    return g_byte_array_free_to_bytes (body);
  g_byte_array_unref (body);
  return NULL;
}

char *
xh_client_push (XhClient *self, const char *json, gsize length, gsize *answer_length, GCancellable *c, GError **error)
{
  g_autoptr (SoupMessage) message = make_message (self, "POST", "/v1/changes", error);
  g_autoptr (GBytes) body = NULL;

  if (message == NULL)
    return NULL;
  body = g_bytes_new (json, length);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  return send_for_text (self, message, answer_length, c, error);
}

char *
xh_client_pull (XhClient *self, gint64 since, guint limit, gboolean own, gsize *length, GCancellable *c, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/changes?since=%" G_GINT64_FORMAT "&limit=%u%s", since, limit, own ? "&own=1" : "");
  g_autoptr (SoupMessage) message = make_message (self, "GET", path, error);

  return message != NULL ? send_for_text (self, message, length, c, error) : NULL;
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
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;
  gsize length;

  g_return_val_if_fail (xh_uuid_is_valid (record), NULL);

  message = make_message (self, "GET", path, error);
  json = message != NULL ? send_for_text (self, message, &length, c, error) : NULL;
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
