/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024

typedef struct
{
  XhPlace place;
  XhAccount account;
} Wish;

static void
wish_clear (Wish *wish)
{
  xh_place_clear (&wish->place);
  g_free (wish->account.login);
  g_free (wish->account.name);
  g_free (wish->account.role);
  g_free (wish->account.division);
  g_free (wish->account.unit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static void
usage (GError **error)
{
  g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE,
               _("Usage: xinheng-server account add|list|password|disable|enable|role --data DIR [LOGIN] [OPTION…]"));
}

static gboolean
parse (Wish *wish, gboolean wants_login, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "name", 'n', 0, G_OPTION_ARG_STRING, &wish->account.name, N_("The person's name"), N_("NAME") },
    { "role", 'r', 0, G_OPTION_ARG_STRING, &wish->account.role, N_("A role of the catalog"), N_("ROLE") },
    { "division", 0, 0, G_OPTION_ARG_STRING, &wish->account.division, N_("12-digit code of the division the account works in"), N_("CODE") },
    { "unit", 'u', 0, G_OPTION_ARG_STRING, &wish->account.unit, N_("Code of the unit the account works for"), N_("CODE") },
    { NULL }
  };

  if (!xh_place_parse (&wish->place, entries, "add|list|password|disable|enable|role [LOGIN]",
                       _("Says who may sign in. Passwords are read from the terminal or from standard input."),
                       &argc, &argv, error))
    return FALSE;
  if (argc != (wants_login ? 2 : 1))
    {
      usage (error);
      return FALSE;
    }
  wish->account.login = wants_login ? g_strdup (argv[1]) : NULL;
  return TRUE;
}

/* A terminal does not show what is typed. */
static char *
read_password (GError **error)
{
  struct termios shown, hidden;
  gboolean terminal = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &shown) == 0;
  char line[PASSWORD_MAX];
  char *read;

  if (terminal)
    {
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t) ECHO;
      g_print (_("Password: "));
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }
  read = fgets (line, sizeof line, stdin);
  if (terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
      g_print ("\n");
    }
  if (read)
    line[strcspn (line, "\r\n")] = '\0';
  if (!xh_accounts_check_password (read, error))
    return NULL;
  read = g_strdup (line);
  sodium_memzero (line, sizeof line);
  return read;
}

static gboolean
add (XhBackend *backend, const XhAccount *account, GError **error)
{
  g_autofree char *password = read_password (error);

  return password && xh_accounts_add (backend, account, password, error);
}

static gboolean
set_password (XhBackend *backend, const XhAccount *account, GError **error)
{
  g_autofree char *password = read_password (error);

  return password && xh_accounts_set_password (backend, account->login, password, error);
}

static gboolean
disable (XhBackend *backend, const XhAccount *account, GError **error)
{
  return xh_accounts_set_disabled (backend, account->login, TRUE, error);
}

static gboolean
enable (XhBackend *backend, const XhAccount *account, GError **error)
{
  return xh_accounts_set_disabled (backend, account->login, FALSE, error);
}

static gboolean
list (XhBackend *backend, const XhAccount *account, GError **error)
{
  g_autoptr (GPtrArray) accounts = xh_accounts_list (backend, error);

  for (guint i = 0; accounts && i < accounts->len; i++)
    {
      const XhAccount *a = g_ptr_array_index (accounts, i);

      g_print ("%s\t%s\t%s\t%s\t%s%s%s\n", a->login, a->name, a->role, a->division ? a->division : "-",
               a->unit ? a->unit : "-", a->disabled ? "\t" : "", a->disabled ? _("disabled") : "");
    }
  return accounts != NULL;
}

static const struct
{
  const char *name;
  gboolean wants_login;
  gboolean (*run) (XhBackend *backend, const XhAccount *account, GError **error);
} commands[] = {
  { "add", TRUE, add },
  { "list", FALSE, list },
  { "password", TRUE, set_password },
  { "disable", TRUE, disable },
  { "enable", TRUE, enable },
  { "role", TRUE, xh_accounts_set_role },
};

gboolean
xh_command_account (int argc, char **argv, GError **error)
{
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (Wish) wish = { { 0 } };
      g_autoptr (XhBackend) backend = NULL;

      if (strcmp (argv[1], commands[i].name) != 0)
        continue;
      if (!parse (&wish, commands[i].wants_login, argc - 1, argv + 1, error))
        return FALSE;
      backend = xh_place_open (&wish.place, FALSE, error);
      return backend && commands[i].run (backend, &wish.account, error);
    }
  usage (error);
  return FALSE;
}
