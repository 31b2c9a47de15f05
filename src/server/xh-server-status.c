/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/status: for whoever watches over the server. What it holds is told to signed-in accounts only; a demo county,
 * in which everything is generated, tells everybody its accounts. */
#include "xh-server-private.h"

#include "model/xh-json.h"
#include "xh-accounts.h"
#include "xh-ledger.h"

static void
append_member (GString *json, const char *name, const char *text, char end)
{
  xh_json_append_text (json, name, -1);
  g_string_append_c (json, ':');
  xh_json_append_text (json, text, -1);
  g_string_append_c (json, end);
}

/* Login and password of a demo account are the same (xh_command_demo()). */
static void
append_demo (GString *json, XhBackend *backend)
{
  g_autofree char *demo = xh_store_meta_get (backend->store, "demo");
  g_autoptr (GPtrArray) accounts = demo != NULL ? xh_accounts_list (backend, NULL) : NULL;

  if (accounts == NULL)
    return;

  g_string_append (json, ",\"demo\":true,\"accounts\":[");
  for (guint i = 0; i < accounts->len; i++)
    {
      const XhAccount *account = g_ptr_array_index (accounts, i);
      const XhRole *role = xh_catalog_find_role (backend->catalog, account->role);

      g_string_append (json, i > 0 ? ",{" : "{");
      append_member (json, "login", account->login, ',');
      append_member (json, "name", account->name, ',');
      append_member (json, "role", role != NULL ? role->label.zh : account->role, ',');
      append_member (json, "password", account->login, '}');
    }
  g_string_append_c (json, ']');
}

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
  xh_json_append_text (json, now, -1);
  if (call->access)
    {
      g_string_append (json, ",\"catalog\":");
      xh_json_append_text (json, xh_catalog_get_hash (backend->catalog), -1);
      g_string_append_printf (json, ",\"head\":%" G_GINT64_FORMAT, head);
    }
  else
    append_demo (json, backend);
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
