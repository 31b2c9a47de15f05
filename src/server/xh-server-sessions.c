/* SPDX-License-Identifier: GPL-3.0-or-later */

/* POST /v1/sessions and DELETE /v1/sessions/current. */
#include "xh-server-live.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"
#include "sync/xh-signer.h"
#include "xh-accounts.h"
#include "xh-signers.h"

#define TEXT_MAX 1024
#define DEVICE_MAX 64

static char *
dup_member (JsonObject *object, const char *name)
{
  const char *text = xh_json_member_text (object, name);

  return text && strlen (text) <= TEXT_MAX ? g_strdup (text) : NULL;
}

/* Behind the reverse proxy every connection comes from loopback; what the proxy itself adds stands last in the header. */
static char *
find_address (XhCall *call)
{
  const char *host = call->message ? soup_server_message_get_remote_host (call->message) : NULL;
  const char *forwarded = xh_call_header (call, "x-forwarded-for");
  const char *comma;

  if (!forwarded)
    return g_strdup (host ? host : "");
  comma = strrchr (forwarded, ',');
  return g_strstrip (g_strndup (comma ? comma + 1 : forwarded, 64));
}

static char *
place_key (XhCall *call)
{
  return g_strdup_printf ("%s\n%s", call->login, call->address);
}

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, "\"%s\":", name);
  if (text)
    xh_json_append_text (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
refuse_sign_in (XhCall *call)
{
  xh_call_problem (call, SOUP_STATUS_UNAUTHORIZED, _("Login or password is wrong, or the account is disabled."));
}

/* In the writer. Passwords are verified before, in a lane of their own: one that was changed meanwhile opens nothing more, and no key comes in with it. */
static gboolean
take_account_of_now (XhCall *call, XhBackend *backend, GError **error)
{
  GError *failure = NULL;
  g_autoptr (XhAccount) now = xh_accounts_find (backend, call->account->login, &failure);

  if (failure)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (!now || now->disabled || strcmp (now->password, call->account->password) != 0)
    {
      refuse_sign_in (call);
      return FALSE;
    }
  xh_account_free (call->account);
  call->account = g_steal_pointer (&now);
  return TRUE;
}

static void
open_session (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *demo = xh_store_meta_get (backend->store, "demo"), *token = NULL;
  GString *json;

  if (!take_account_of_now (call, backend, &error))
    {
      if (error)
        xh_call_fail (call, error);
      return;
    }
  token = xh_sessions_open (backend, call->account->login, call->device, &error);
  if (!token || (call->key && !xh_signers_add (backend, call->account->login, call->device, call->key, &error)))
    {
      xh_call_fail (call, error);
      return;
    }
  json = g_string_new ("{");
  append_member (json, "token", token);
  g_string_append (json, ",\"profile\":{");
  append_member (json, "login", call->account->login);
  g_string_append_c (json, ',');
  append_member (json, "name", call->account->name);
  g_string_append_c (json, ',');
  append_member (json, "role", call->account->role);
  g_string_append_c (json, ',');
  append_member (json, "division", call->account->division);
  g_string_append_c (json, ',');
  append_member (json, "unit", call->account->unit);
  g_string_append (json, demo != NULL ? ",\"demo\":true}}" : "}}");
  xh_call_answer_string (call, SOUP_STATUS_CREATED, json);
}

static void
verify_password (XhCall *call, XhBackend *backend)
{
  XhServer *self = call->server;
  g_autoptr (GError) error = NULL;

  call->account = xh_sessions_verify (backend, call->login, call->password, self->decoy, &error);
  if (error)
    xh_call_fail (call, error);
  else if (!call->account)
    refuse_sign_in (call);
}

static void
count_try (XhCall *call)
{
  XhServer *self = call->server;
  g_autofree char *place = place_key (call);
  gint64 now = g_get_monotonic_time ();

  if (call->status == SOUP_STATUS_CREATED)
    {
      xh_throttle_forget (self->logins, call->login);
      xh_throttle_forget (self->places, place);
    }
  else if (call->status == SOUP_STATUS_UNAUTHORIZED)
    {
      xh_throttle_fail (self->logins, call->login, now);
      xh_throttle_fail (self->places, place, now);
    }
}

XhLane *
xh_route_sign_in (XhServer *self, XhCall *call, GHashTable *query)
{
  g_autoptr (JsonNode) root = xh_call_parse_object (call);
  g_autofree char *place = NULL;
  JsonObject *object;
  gint64 now = g_get_monotonic_time ();

  if (!root)
    return NULL;
  object = json_node_get_object (root);
  call->login = dup_member (object, "login");
  call->password = dup_member (object, "password");
  call->device = dup_member (object, "device");
  call->key = dup_member (object, "key");
  call->address = find_address (call);
  if (!call->login || !call->password || !call->device || strlen (call->device) > DEVICE_MAX)
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("A sign-in needs login, password and device."));
      return NULL;
    }
  if (call->key && !xh_signer_is_public (call->key))
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("The key of this sign-in is none."));
      return NULL;
    }
  place = place_key (call);
  call->retry_after = MAX (xh_throttle_wait (self->logins, call->login, now), xh_throttle_wait (self->places, place, now));
  if (call->retry_after > 0)
    {
      xh_call_problem (call, XH_STATUS_TOO_MANY_REQUESTS, _("Too many wrong passwords. Wait a little and try again."));
      return NULL;
    }
  call->anonymous = TRUE;
  call->run = verify_password;
  call->then = open_session;
  call->finished = count_try;
  return self->sign_ins;
}

static void
close_session (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;

  if (xh_sessions_close (backend, call->token, &error))
    xh_call_answer (call, SOUP_STATUS_NO_CONTENT, NULL);
  else
    xh_call_fail (call, error);
}

static void
close_lines (XhCall *call)
{
  XhServer *self = call->server;

  if (call->status == SOUP_STATUS_NO_CONTENT && self->live != NULL)
    xh_server_live_end (self->live, call->token);
}

XhLane *
xh_route_sign_out (XhServer *self, XhCall *call, GHashTable *query)
{
  /* Whoever no longer knows this ledger may go all the same. */
  g_clear_pointer (&call->mark, g_free);
  call->run = close_session;
  call->finished = close_lines;
  return self->writer;
}
