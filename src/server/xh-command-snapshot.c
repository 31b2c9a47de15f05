/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A snapshot into a file, for a village without a network: what one account may see, to be carried on a stick. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "xh-snapshot.h"

/* A mistyped name must not cost a file: nothing that is there is written over. */
static gboolean
check_target (const char *path, GError **error)
{
  GStatBuf status;

  if (!g_str_has_suffix (path, XH_SNAPSHOT_SUFFIX))
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("%s: the name of the file must end in %s. Nothing was written."), path,
                 XH_SNAPSHOT_SUFFIX);
  else if (g_lstat (path, &status) == 0)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("%s is there already. Nothing was written: give another name."), path);
  else
    return TRUE;
  return FALSE;
}

gboolean
xh_command_snapshot (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autofree char *login = NULL, *rows = NULL;
  const GOptionEntry entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_STRING, &login, N_("Whose records"), N_("LOGIN") },
    { NULL }
  };
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhAccess) access = NULL;
  g_auto (XhSnapshotInfo) info = { 0 };

  if (!xh_place_parse (&place, entries, "FILE" XH_SNAPSHOT_SUFFIX, _("Writes what an account may see into a file that its client takes."), &argc, &argv, error))
    return FALSE;
  if (login == NULL || argc != 2)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE,
                   _("Usage: xinheng-server export-snapshot --data DIR --user LOGIN FILE%s"), XH_SNAPSHOT_SUFFIX);
      return FALSE;
    }
  if (!check_target (argv[1], error))
    return FALSE;
  backend = xh_place_open (&place, TRUE, error);
  access = backend != NULL ? xh_access_find (backend, login, NULL, error) : NULL;
  if (access == NULL || !xh_snapshot_make (backend, access, argv[1], &info, NULL, error))
    return FALSE;
  rows = g_strdup_printf ("%" G_GINT64_FORMAT, info.rows);
  g_print (_("%s: %s records for %s\n"), argv[1], rows, login);
  return TRUE;
}
