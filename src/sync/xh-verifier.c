/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-verifier-private.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "xh-wire-private.h"
#include "model/xh-json.h"

#define FILE_NAME "profile.json"
#define FREE_TRIES 5
#define FIRST_WAIT 30
#define LONGEST_WAIT 900

static gboolean
fail_local (GError **error, GError *cause)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, cause->message);
  g_error_free (cause);
  return FALSE;
}

static gint64
peek_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return json_node_get_int (node);
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static gboolean
write_object (const char *folder, JsonObject *object, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *json = xh_json_canonical (node);

  return xh_file_replace (folder, FILE_NAME, json, strlen (json), error);
}

/* (transfer full) (nullable): NULL also where the file is damaged: then only the server can let anybody in. */
static JsonObject *
read_object (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) root = NULL;
  gsize length;

  if (!g_file_get_contents (path, &json, &length, NULL))
    return NULL;
  root = xh_json_parse (json, (gssize) length, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_object_ref (json_node_get_object (root));
}

static gboolean
verify (JsonObject *object, const char *password)
{
  const char *verifier = xh_json_member_text (object, "verifier");

  return verifier != NULL && sodium_init () >= 0
         && crypto_pwhash_str_verify (verifier, password, strlen (password)) == 0;
}

static XhProfile *
read_profile (JsonObject *object)
{
  XhProfile *profile;

  if (xh_json_member_text (object, "login") == NULL || xh_json_member_text (object, "name") == NULL || xh_json_member_text (object, "role") == NULL)
    return NULL;
  profile = g_new0 (XhProfile, 1);
  profile->login = g_strdup (xh_json_member_text (object, "login"));
  profile->name = g_strdup (xh_json_member_text (object, "name"));
  profile->role = g_strdup (xh_json_member_text (object, "role"));
  profile->division = g_strdup (xh_json_member_text (object, "division"));
  profile->unit = g_strdup (xh_json_member_text (object, "unit"));
  profile->demo = json_object_get_boolean_member_with_default (object, "demo", FALSE);
  return profile;
}

/* A clock that was set back does not make the wait longer than it would be from now. */
static gint64
seconds_to_wait (JsonObject *object, gint64 now)
{
  gint64 failures = peek_number (object, "failures");
  gint64 failed_at = MIN (peek_number (object, "failed_at"), now);
  gint64 wait;

  if (failures < FREE_TRIES)
    return 0;
  wait = FIRST_WAIT << MIN (failures - FREE_TRIES, 5);
  return failed_at + MIN (wait, LONGEST_WAIT) - now;
}

static void
set_failures (JsonObject *object, gint64 failures, gint64 now)
{
  json_object_set_int_member (object, "failures", failures);
  json_object_set_int_member (object, "failed_at", now);
}

gboolean
xh_file_replace (const char *folder, const char *name, const char *data, gsize length, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GError *cause = NULL;

  if (g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &cause))
    return TRUE;
  return fail_local (error, cause);
}

gboolean
xh_verifier_write (const char *folder, const char *server, const XhProfile *profile, const char *password, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  char verifier[crypto_pwhash_STRBYTES];

  if (sodium_init () < 0
      || crypto_pwhash_str_alg (verifier, password, strlen (password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, _("There is not enough memory to keep the password's verifier"));
      return FALSE;
    }
  set_text (object, "server", server);
  set_text (object, "login", profile->login);
  set_text (object, "name", profile->name);
  set_text (object, "role", profile->role);
  set_text (object, "division", profile->division);
  set_text (object, "unit", profile->unit);
  json_object_set_boolean_member (object, "demo", profile->demo);
  set_text (object, "verifier", verifier);
  set_failures (object, 0, 0);
  return write_object (folder, object, error);
}

XhProfile *
xh_verifier_check (const char *folder, const char *password, gint64 now, GError **error)
{
  g_autoptr (JsonObject) object = read_object (folder);
  g_autoptr (XhProfile) profile = object != NULL ? read_profile (object) : NULL;
  gint64 wait;

  if (profile == NULL || xh_json_member_text (object, "verifier") == NULL)
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE,
                           _("No contact with the server, and this account has not signed in on this computer before"));
      return NULL;
    }
  wait = seconds_to_wait (object, now);
  if (wait > 0)
    {
      g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN,
                   _("Too many wrong passwords. Try again in %d seconds"), (int) wait);
      return NULL;
    }
  /* Counted before it is looked at: who ends the program in between has used up a try, too. */
  set_failures (object, MIN (peek_number (object, "failures"), 100) + 1, now);
  if (!write_object (folder, object, error))
    return NULL;
  if (!verify (object, password))
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN, _("The account or the password is wrong"));
      return NULL;
    }
  set_failures (object, 0, 0);
  if (!write_object (folder, object, error))
    return NULL;
  return g_steal_pointer (&profile);
}

void
xh_verifier_forget (const char *folder, const char *password)
{
  g_autoptr (JsonObject) object = read_object (folder);
  g_autoptr (GError) error = NULL;

  if (object == NULL || !verify (object, password))
    return;
  json_object_remove_member (object, "verifier");
  if (!write_object (folder, object, &error))
    g_warning ("%s: %s", folder, error->message);
}
