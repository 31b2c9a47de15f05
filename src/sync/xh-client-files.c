/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments on the wire: docs/sync.md, Attachments. */
#include "xh-client.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "xh-wire-private.h"

#define TOO_MANY_REQUESTS 429

/* An answer without a size is no answer: the offset says how far the server is. */
static gboolean
read_state (const GByteArray *body, gint64 size, gint64 *have, gboolean *complete, GError **error)
{
  g_autoptr (JsonNode) root = xh_wire_parse ((const char *) body->data, body->len, error);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  if (root == NULL)
    return FALSE;
  *have = object != NULL ? json_object_get_int_member_with_default (object, "offset", -1) : -1;
  *complete = object != NULL && json_object_get_boolean_member_with_default (object, "complete", FALSE);
  if (*have >= 0 && *have <= size)
    return TRUE;
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
  return FALSE;
}

/* What a person can only wait for, or tell the office, must not look like a fault of the synchronisation. */
static gboolean
check_room (const XhReply *reply, GError **error)
{
  if (reply->status == SOUP_STATUS_INSUFFICIENT_STORAGE)
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER,
                         _("The server has no room for files at the moment. They stay on this computer and are sent later; records go on. Please tell the office."));
  else if (reply->status == TOO_MANY_REQUESTS)
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER,
                         _("Too many files are under way to the server at once. The others follow later; records go on."));
  else
    return TRUE;
  return FALSE;
}

gboolean
xh_client_blob_send (XhClient *self, const char *hash, gint64 size, const char *type, gint64 offset, GBytes *piece, gint64 *have,
                     gboolean *complete, GCancellable *c, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (type, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/blobs/%s?size=%" G_GINT64_FORMAT "&offset=%" G_GINT64_FORMAT "&type=%s", hash, size, offset, escaped);
  g_auto (XhRequest) request = { .method = "PATCH", .path = path, .body = piece != NULL ? g_bytes_ref (piece) : NULL, .type = "application/octet-stream" };
  g_auto (XhReply) reply = { 0 };

  return xh_client_send (self, &request, &reply, c, error) && check_room (&reply, error) && xh_client_expect (&reply, 200, 200, error)
         && read_state (reply.body, size, have, complete, error);
}

gboolean
xh_client_blob_fetch (XhClient *self, const char *hash, gint64 from, gint64 to, XhSinkFunc sink, gpointer data, GCancellable *c, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/blobs/%s", hash);
  g_autofree char *range = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT, from, to);
  g_auto (XhRequest) request = { .method = "GET", .path = path, .limit = (gsize) (to - from + 1), .sink = sink, .sink_data = data };
  g_auto (XhReply) reply = { 0 };

  xh_request_add_header (&request, "Range", range);
  return xh_client_send (self, &request, &reply, c, error) && xh_client_expect (&reply, 206, 206, error);
}
