/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-accounts.h"

#include "model/xh-json.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#define ANSWER_MAX (64 * 1024)
#define ACCOUNTS_MAX 12
#define TIMEOUT_SECONDS 5

void
xh_demo_account_free (XhDemoAccount *account)
{
  g_free (account->login);
  g_free (account->name);
  g_free (account->role);
  g_free (account->password);
  g_free (account);
}

static char *
read_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_dup_string (node);
}

static void
add_account (GPtrArray *accounts, JsonNode *node)
{
  XhDemoAccount *account;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node) || accounts->len >= ACCOUNTS_MAX)
    return;

  object = json_node_get_object (node);
  account = g_new0 (XhDemoAccount, 1);
  account->login = read_text (object, "login");
  account->name = read_text (object, "name");
  account->role = read_text (object, "role");
  account->password = read_text (object, "password");
  if (account->login != NULL && account->password != NULL)
    g_ptr_array_add (accounts, account);
  else
    xh_demo_account_free (account);
}

static GPtrArray *
read_accounts (const char *json, gssize length)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_demo_account_free);
  g_autoptr (JsonNode) root = NULL;
  JsonNode *list;

  root = length <= ANSWER_MAX ? xh_json_parse (json, length, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return accounts;

  list = json_object_get_member (json_node_get_object (root), "accounts");
  if (list != NULL && JSON_NODE_HOLDS_ARRAY (list))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
      add_account (accounts, json_array_get_element (json_node_get_array (list), i));

  return accounts;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GBytes) body = NULL;
  GError *error = NULL;

  body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  if (body == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, read_accounts (g_bytes_get_data (body, NULL), g_bytes_get_size (body)),
                           (GDestroyNotify) g_ptr_array_unref);
}

void
xh_demo_accounts_ask_async (const char *server, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *trimmed = g_strdup (server);
  g_autofree char *address = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (SoupSession) session = NULL;

  while (g_str_has_suffix (trimmed, "/"))
    trimmed[strlen (trimmed) - 1] = '\0';
  address = g_strconcat (trimmed, "/v1/status", NULL);
  message = soup_message_new (SOUP_METHOD_GET, address);
  if (message == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no address: %s", server);
      return;
    }

  session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, NULL);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, cancellable, answered_cb,
                                    g_steal_pointer (&task));
}

GPtrArray *
xh_demo_accounts_ask_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
