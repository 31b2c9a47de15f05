/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sign-out.h"

#include <glib/gstdio.h>
#include <string.h>

#include "xh-verifier-private.h"

#define FILE_NAME "sign-outs"
#define MAX_WAITING 100

static GMutex mutex; /* one at a time in the file */

/* (transfer full), empty where there is none */
static GStrv
read_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_new0 (char *, 1);
  return g_strsplit (g_strchomp (text), "\n", MAX_WAITING);
}

static gboolean
write_file (const char *folder, GPtrArray *tokens, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  if (tokens->len == 0)
    return g_unlink (path), TRUE;
  for (guint i = 0; i < tokens->len; i++)
    g_string_append_printf (text, "%s\n", (char *) g_ptr_array_index (tokens, i));
  return xh_file_replace (folder, FILE_NAME, text->str, text->len, error);
}

static gboolean
change (const char *folder, const char *token, gboolean keep, GError **error)
{
  g_auto (GStrv) lines = NULL;
  g_autoptr (GPtrArray) tokens = g_ptr_array_new ();
  gboolean done;

  g_mutex_lock (&mutex);
  lines = read_file (folder);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strcmp (lines[i], token) != 0 && *lines[i] != '\0')
      g_ptr_array_add (tokens, lines[i]);
  if (keep)
    g_ptr_array_add (tokens, (gpointer) token);
  done = (!keep && tokens->len == g_strv_length (lines)) || write_file (folder, tokens, error);
  g_mutex_unlock (&mutex);
  return done;
}

gboolean
xh_sign_out_keep (const char *folder, const char *token, GError **error)
{
  return change (folder, token, TRUE, error);
}

void
xh_sign_out_drop (const char *folder, const char *token)
{
  change (folder, token, FALSE, NULL);
}

/* A session that the server no longer knows is as ended as one that it ends now. */
static gboolean
end_session (XhClient *client, const char *token, GCancellable *c)
{
  g_autoptr (GError) error = NULL;

  xh_client_set_token (client, token);
  return xh_client_sign_out (client, c, &error) || g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN);
}

void
xh_sign_out_send (const char *folder, XhClient *client, GCancellable *c)
{
  g_auto (GStrv) tokens = NULL;
  g_autofree char *own = NULL;

  g_mutex_lock (&mutex);
  tokens = read_file (folder);
  g_mutex_unlock (&mutex);
  if (tokens[0] == NULL)
    return;
  own = g_strdup (xh_client_get_token (client));
  for (guint i = 0; tokens[i] != NULL; i++)
    if (g_strcmp0 (tokens[i], own) == 0 || end_session (client, tokens[i], c))
      xh_sign_out_drop (folder, tokens[i]);
  xh_client_set_token (client, own);
}
