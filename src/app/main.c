/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "xh-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (XhApplication) application = NULL;

  setlocale (LC_ALL, "");
  /* Without TZ the C library looks at the time zone's file again for every date that is asked for. */
  g_setenv ("TZ", ":/etc/localtime", FALSE);
  bindtextdomain (GETTEXT_PACKAGE, XH_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = xh_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
