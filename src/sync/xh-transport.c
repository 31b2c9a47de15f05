/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-transport.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "xh-wire.h"

#define TIMEOUT 30
#define MAX_PROBLEM (64 << 10)
#define CHUNK (64 << 10)

typedef struct
{
  XhTransport head;
  char *base_url;       /* (owned) */
  gboolean allowed;     /* the address may be spoken to */
  guint timeout;
  SoupSession *session; /* (owned) (nullable) made by the thread that asks first */
} Http;

void
xh_request_add_header (XhRequest *request, const char *name, const char *value)
{
  if (request->headers == NULL)
    request->headers = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (request->headers, g_strdup (name));
  g_ptr_array_add (request->headers, g_strdup (value));
}

/* Headers hold the token. */
void
xh_request_clear (XhRequest *request)
{
  for (guint i = 1; request->headers != NULL && i < request->headers->len; i += 2)
    explicit_bzero (request->headers->pdata[i], strlen (request->headers->pdata[i]));
  g_clear_pointer (&request->headers, g_ptr_array_unref);
  g_clear_pointer (&request->body, g_bytes_unref);
}

const char *
xh_reply_get_header (const XhReply *reply, const char *name)
{
  return reply->headers != NULL ? g_hash_table_lookup (reply->headers, name) : NULL;
}

void
xh_reply_add_header (XhReply *reply, const char *name, const char *value)
{
  if (reply->headers == NULL)
    reply->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (reply->headers, g_ascii_strdown (name, -1), g_strdup (value));
}

void
xh_reply_clear (XhReply *reply)
{
  reply->status = 0;
  g_clear_pointer (&reply->headers, g_hash_table_unref);
  g_clear_pointer (&reply->body, g_byte_array_unref);
}

void
xh_transport_free (XhTransport *self)
{
  if (self != NULL)
    self->free (self);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
xh_transport_is_allowed (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' || g_uri_get_query (uri) != NULL
      || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  return strcmp (g_uri_get_scheme (uri), "https") == 0
         || (strcmp (g_uri_get_scheme (uri), "http") == 0 && is_loopback (g_uri_get_host (uri)));
}

static SoupSession *
get_session (Http *self)
{
  if (self->session == NULL)
    self->session = soup_session_new_with_options ("timeout", self->timeout, "user-agent", "xinheng/" XH_VERSION, NULL);
  return self->session;
}

static SoupMessage *
make_message (Http *self, const XhRequest *request, GError **error)
{
  g_autofree char *url = g_strconcat (self->base_url, request->path, NULL);
  SoupMessage *message = self->allowed ? soup_message_new (request->method, url) : NULL;

  if (message == NULL)
    {
      g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_FORBIDDEN, _("%s is no address of a server: it must begin with https://"),
                   self->base_url);
      return NULL;
    }
  /* Where the token goes is never for an answer to decide. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);
  for (guint i = 0; request->headers != NULL && i + 1 < request->headers->len; i += 2)
    soup_message_headers_replace (soup_message_get_request_headers (message), request->headers->pdata[i], request->headers->pdata[i + 1]);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->type != NULL ? request->type : "application/json", request->body);
  return message;
}

/* Everything that goes wrong on the way is "no contact", but for what the person stopped and what cannot be decompressed. */
static gboolean
propagate_transport (GError **error, GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, cause->message);
  else
    g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE, _("No contact with the server: %s"), cause->message);
  g_error_free (cause);
  return FALSE;
}

static gboolean
fail_large (GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The server's answer is too large"));
  return FALSE;
}

/* (transfer full) */
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
        return (void) propagate_transport (error, cause), NULL;
      if (body->len > limit)
        return (void) fail_large (error), NULL;
    }
  while (n > 0);
  return g_steal_pointer (&body);
}

static gboolean
pour_body (GInputStream *stream, const XhRequest *request, GCancellable *c, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  GError *cause = NULL;
  gsize taken = 0;
  gssize n;

  while ((n = g_input_stream_read (stream, chunk, CHUNK, c, &cause)) > 0)
    {
      taken += (gsize) n;
      if (taken > request->limit)
        return fail_large (error);
      if (!request->sink (chunk, (gsize) n, request->sink_data, error))
        return FALSE;
    }
  return n == 0 || propagate_transport (error, cause);
}

static void
copy_header (const char *name, const char *value, gpointer data)
{
  xh_reply_add_header (data, name, value);
}

static gboolean
send_http (XhTransport *transport, const XhRequest *request, XhReply *reply, GCancellable *c, GError **error)
{
  Http *self = (Http *) transport;
  g_autoptr (SoupMessage) message = make_message (self, request, error);
  g_autoptr (GInputStream) stream = NULL;
  GError *cause = NULL;

  if (message == NULL)
    return FALSE;
  stream = soup_session_send (get_session (self), message, c, &cause);
  if (stream == NULL)
    return propagate_transport (error, cause);
  reply->status = soup_message_get_status (message);
  soup_message_headers_foreach (soup_message_get_response_headers (message), copy_header, reply);
  if (reply->status < 200 || reply->status >= 300)
    {
      reply->body = read_body (stream, MIN (request->limit, MAX_PROBLEM), c, NULL);
      return TRUE;
    }
  if (request->sink != NULL)
    return pour_body (stream, request, c, error);
  reply->body = read_body (stream, request->limit, c, error);
  return reply->body != NULL;
}

static void
set_timeout_http (XhTransport *transport, guint seconds)
{
  Http *self = (Http *) transport;

  self->timeout = seconds;
  if (self->session != NULL)
    soup_session_set_timeout (self->session, seconds);
}

static void
free_http (XhTransport *transport)
{
  Http *self = (Http *) transport;

  g_clear_object (&self->session);
  g_free (self->base_url);
  g_free (self);
}

XhTransport *
xh_transport_new_http (const char *base_url)
{
  Http *self = g_new0 (Http, 1);

  self->head = (XhTransport) { send_http, set_timeout_http, free_http };
  self->base_url = g_strdup (base_url);
  self->allowed = xh_transport_is_allowed (base_url);
  self->timeout = TIMEOUT;
  return &self->head;
}
