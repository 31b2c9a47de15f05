/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/status: for whoever watches over the server. What it holds is told to signed-in accounts only. */
#include "xh-server-private.h"

#include "xh-ledger.h"
#include "sync/xh-json-reader.h"

static void
send_status (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *now = xh_now_utc ();
  GString *json;
  gint64 head;

  if (!xh_ledger_head (backend, &head, NULL, &error))
    {
      xh_call_fail (call, error);
      return;
    }
  json = g_string_new ("{\"program\":\"xinheng-server\",\"version\":\"" XH_VERSION "\",\"time\":");
  xh_wire_append_string (json, now, -1);
  if (call->access)
    {
      g_string_append (json, ",\"catalog\":");
      xh_wire_append_string (json, xh_catalog_get_hash (backend->catalog), -1);
      g_string_append_printf (json, ",\"head\":%" G_GINT64_FORMAT, head);
    }
  g_string_append_c (json, '}');
  xh_call_answer_string (call, SOUP_STATUS_OK, json);
}

XhLane *
xh_route_status (XhServer *self, XhCall *call, GHashTable *query)
{
  call->anonymous = call->token == NULL;
  call->run = send_status;
  return self->readers;
}
