/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/snapshot: the file of what the account may see. SoupServer answers ranges of a whole body by itself; the body is the file mapped. */
#include "xh-server-private.h"

#include <string.h>

#include "xh-snapshot.h"

#define RETRY_SECONDS 1

static void
answer_file (XhCall *call, const char *path)
{
  g_auto (XhSnapshotInfo) info = { 0 };
  g_autoptr (GError) error = NULL;
  GBytes *bytes = xh_snapshot_file_read_info (path, &info, &error) ? xh_map_file (path, &error) : NULL;

  if (!bytes)
    {
      xh_call_fail (call, error);
      return;
    }
  call->type = "application/zstd";
  call->answer_etag = g_strdup_printf ("\"%s\"", info.sha256);
  xh_call_answer (call, SOUP_STATUS_OK, bytes);
}

static void
send_snapshot (XhCall *call, XhBackend *backend)
{
  XhServer *self = call->server;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  switch (self->snapshots ? xh_snapshots_find (self->snapshots, backend, call->access, &path, &error) : XH_SNAPSHOT_NONE)
    {
    case XH_SNAPSHOT_READY:
      answer_file (call, path);
      break;
    case XH_SNAPSHOT_COMING:
      call->retry_after = RETRY_SECONDS;
      xh_call_answer (call, SOUP_STATUS_ACCEPTED, NULL);
      break;
    case XH_SNAPSHOT_NONE:
    default:
      if (error)
        xh_call_fail (call, error);
      else
        xh_call_answer (call, SOUP_STATUS_NO_CONTENT, NULL);
    }
}

/* A rest is a rest only of the same file. */
static void
set_headers (XhCall *call)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (call->message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  const char *file = soup_message_headers_get_one (asked, "If-Range");

  if (call->status != SOUP_STATUS_OK)
    return;
  if (file && strcmp (file, call->answer_etag) != 0)
    soup_message_headers_remove (asked, "Range");
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
}

XhLane *
xh_route_snapshot (XhServer *self, XhCall *call, GHashTable *query)
{
  call->gzip = FALSE; /* it is compressed */
  call->run = send_snapshot;
  call->finished = set_headers;
  return self->readers;
}
