/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/catalog: the bundle, once per change. */
#include "xh-server-private.h"

#include <string.h>

static gboolean
knows_etag (const char *header, const char *etag)
{
  return header && (strcmp (header, "*") == 0 || strstr (header, etag));
}

static void
send_catalog (XhCall *call, XhBackend *backend)
{
  XhServer *self = call->server;

  call->answer_etag = g_strdup_printf ("\"%s\"", xh_catalog_get_hash (self->catalog));
  if (knows_etag (call->etag, call->answer_etag))
    {
      xh_call_answer (call, SOUP_STATUS_NOT_MODIFIED, NULL);
      return;
    }
  call->answer_gzipped = call->gzip;
  xh_call_answer (call, SOUP_STATUS_OK,
                  g_bytes_ref (call->gzip ? self->catalog_gzipped : xh_catalog_get_bundle (self->catalog)));
}

XhLane *
xh_route_catalog (XhServer *self, XhCall *call, GHashTable *query)
{
  call->etag = g_strdup (xh_call_header (call, "if-none-match"));
  call->run = send_catalog;
  return self->readers;
}
