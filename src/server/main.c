/* SPDX-License-Identifier: GPL-3.0-or-later */

/* xinheng-server: the central server of a credit office, and the commands that look after its data. */
#include <glib/gi18n-lib.h>
#include <libintl.h>
#include <locale.h>
#include <sodium.h>
#include <string.h>

#include "xh-commands.h"

static const struct
{
  const char *name, *help;
  gboolean (*run) (int argc, char **argv, GError **error);
} commands[] = {
  { "init", N_("set up a data folder"), xh_command_init },
  { "demo", N_("set up a data folder with a generated county and demo accounts"), xh_command_demo },
  { "serve", N_("answer clients on loopback"), xh_command_serve },
  { "account", N_("say who may sign in"), xh_command_account },
  { "check", N_("verify the database and the ledger"), xh_command_check },
  { "document", N_("write a printed paper into a PDF"), xh_command_document },
  { "import", N_("take the records of a sheet"), xh_command_import },
  { "export", N_("write records into a sheet"), xh_command_export },
  { "export-snapshot", N_("write what an account may see into a file to carry"), xh_command_snapshot },
  { "import-work", N_("bring in unsent work that a colleague saved to a file"), xh_command_work },
  { "lint", N_("check the definitions"), xh_command_lint },
};

static void
print_help (void)
{
  g_print (_("Usage: xinheng-server COMMAND --data DIR [OPTION…]\n\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-16s%s\n", commands[i].name, _(commands[i].help));
  g_print (_("\n“xinheng-server COMMAND --help” says more.\n"));
}

static int
run_command (int argc, char **argv)
{
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GError) error = NULL;

      if (strcmp (argv[1], commands[i].name) != 0)
        continue;
      if (commands[i].run (argc - 1, argv + 1, &error))
        return 0;
      g_printerr ("xinheng-server %s: %s\n", argv[1], error->message);
      return g_error_matches (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE) ? 2 : 1;
    }
  if (argc > 1 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("xinheng-server %s\n", XH_VERSION);
      return 0;
    }
  print_help ();
  return argc > 1 && strcmp (argv[1], "--help") == 0 ? 0 : 2;
}

int
main (int argc, char **argv)
{
  const char *locales = g_getenv ("XINHENG_LOCALEDIR");

  setlocale (LC_ALL, "");
  /* Without TZ the C library looks at the time zone's file again for every date that is asked for. */
  g_setenv ("TZ", ":/etc/localtime", FALSE);
  bindtextdomain (GETTEXT_PACKAGE, locales ? locales : XH_LOCALE_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (sodium_init () < 0)
    {
      g_printerr ("xinheng-server: no source of random numbers\n");
      return 1;
    }
  return run_command (argc, argv);
}
