/* SPDX-License-Identifier: GPL-3.0-or-later */

/* lint: are the definitions right? For who writes them; needs no data folder. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>

#include "xh-backend.h"

/* Every fault on a line of its own on the standard output; how many there are goes with the other errors. */
static void
print_faults (const GError *fault, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (fault->message, "\n", -1);
  guint n = g_strv_length (lines);

  g_print ("%s\n", fault->message);
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG, g_dngettext (GETTEXT_PACKAGE, "%u fault", "%u faults", n), n);
}

gboolean
xh_command_lint (int argc, char **argv, GError **error)
{
  g_autofree char *folder = NULL, *given = NULL;
  const GOptionEntry entries[] = {
    { "catalog", 'c', 0, G_OPTION_ARG_FILENAME, &given, N_("Folder of the definitions"), N_("DIR") },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (XhCatalog) catalog = NULL;
  g_autoptr (GError) fault = NULL;
  guint n_fields = 0;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _("Checks the definitions and names every fault with its file and place."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &fault))
    {
      g_set_error_literal (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, fault->message);
      return FALSE;
    }
  folder = g_strdup (given != NULL ? given : XH_CATALOG_FOLDER);
  catalog = xh_catalog_load_folder (folder, &fault);
  if (catalog == NULL)
    {
      print_faults (fault, error);
      return FALSE;
    }
  for (guint i = 0; i < xh_catalog_get_kinds (catalog)->len; i++)
    n_fields += ((XhKind *) g_ptr_array_index (xh_catalog_get_kinds (catalog), i))->fields->len;
  g_print (_("All is well: %u registers with %u fields\n"), xh_catalog_get_kinds (catalog)->len, n_fields);
  return TRUE;
}
