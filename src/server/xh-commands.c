/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the commands share, and the short ones: init and check. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>

#include "xh-checksums.h"
#include "xh-ledger.h"

void
xh_place_clear (XhPlace *place)
{
  g_clear_pointer (&place->data, g_free);
  g_clear_pointer (&place->catalog_folder, g_free);
}

gboolean
xh_place_parse (XhPlace *place, const GOptionEntry *entries, const char *parameters, const char *summary, int *argc,
                char ***argv, GError **error)
{
  const GOptionEntry common[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &place->data, N_("Folder that holds the database"), N_("DIR") },
    { "catalog", 'c', 0, G_OPTION_ARG_FILENAME, &place->catalog_folder, N_("Folder of the definitions"), N_("DIR") },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) fault = NULL;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (entries)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &fault))
    {
      g_set_error_literal (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, fault->message);
      return FALSE;
    }
  if (place->data)
    return TRUE;
  g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("Say which folder holds the database: --data DIR"));
  return FALSE;
}

XhCatalog *
xh_place_catalog (XhPlace *place, GError **error)
{
  g_autofree char *folder = xh_backend_folder_catalog (place->data, place->catalog_folder);

  return xh_catalog_load_folder (folder, error);
}

XhBackend *
xh_place_open (XhPlace *place, gboolean read_only, GError **error)
{
  g_autoptr (XhCatalog) catalog = xh_place_catalog (place, error);

  return catalog ? xh_backend_open (place->data, catalog, read_only, error) : NULL;
}

gboolean
xh_command_init (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhCatalog) catalog = NULL;

  if (!xh_place_parse (&place, NULL, NULL, _("Sets up a data folder for the server."), &argc, &argv, error))
    return FALSE;
  catalog = xh_place_catalog (&place, error);
  if (!catalog || !xh_backend_init (place.data, place.catalog_folder, catalog, error))
    return FALSE;
  g_print (_("%s is set up. Next: xinheng-server account add --data %s LOGIN --name NAME --role admin\n"), place.data, place.data);
  return TRUE;
}

static gboolean
check_integrity (XhBackend *backend, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "PRAGMA integrity_check (1)", error);
  g_autofree char *found = NULL;
  gboolean row;

  if (!statement || !xh_backend_step (backend, statement, &row, error))
    return FALSE;
  found = row ? xh_backend_dup_text (statement, 0) : NULL;
  sqlite3_reset (statement);
  if (g_strcmp0 (found, "ok") == 0)
    return TRUE;
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT, _("The database is damaged: %s"), found ? found : "");
  return FALSE;
}

/* A record's version is the number of its last entry, and there is no record without one. */
static gboolean
check_versions (XhBackend *backend, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT r.id FROM record r WHERE r.version IS NOT (SELECT max (l.number) FROM ledger l WHERE l.record = r.id)"
    " UNION ALL SELECT l.record FROM ledger l LEFT JOIN record r ON r.id = l.record WHERE r.id IS NULL LIMIT 1", error);
  gboolean row;

  if (!statement || !xh_backend_step (backend, statement, &row, error))
    return FALSE;
  if (row)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_LEDGER, _("Record %s does not agree with the ledger"),
                 sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);
  return !row;
}

gboolean
xh_command_check (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhBackend) backend = NULL;
  g_autofree char *count = NULL;
  guint64 n_entries;

  if (!xh_place_parse (&place, NULL, NULL, _("Verifies the database and the chain of the ledger."), &argc, &argv, error))
    return FALSE;
  backend = xh_place_open (&place, TRUE, error);
  if (!backend || !check_integrity (backend, error) || !xh_ledger_verify (backend, &n_entries, error)
      || !check_versions (backend, error) || !xh_checksums_verify (backend, error))
    return FALSE;
  count = g_strdup_printf ("%" G_GUINT64_FORMAT, n_entries);
  g_print (_("All is well: %s entries in the ledger\n"), count);
  return TRUE;
}
