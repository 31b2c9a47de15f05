/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bench-server.h"

#include <signal.h>
#include <stdio.h>

void
bench_run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  if (process == NULL || !g_subprocess_wait_check (process, NULL, &error))
    g_error ("%s: %s", argv[1], error->message);
}

char *
bench_server_data (guint households)
{
  g_autofree char *count = g_strdup_printf ("%u", households), *name = g_strdup_printf ("server-%u", households);
  char *folder = g_build_filename (g_getenv ("BENCH_DATA"), name, NULL);
  g_autofree char *ready = g_build_filename (folder, "ready", NULL);
  const char *argv[] = { g_getenv ("XH_SERVER"), "demo", "--data", folder, "--households", count, NULL };

  if (!g_file_test (ready, G_FILE_TEST_EXISTS))
    {
      bench_run (argv);
      g_file_set_contents (ready, "", 0, NULL);
    }
  return folder;
}

void
bench_server_start (BenchServer *self, const char *data)
{
  g_autofree char *port_file = g_build_filename (g_getenv ("BENCH_DATA"), "port", NULL);
  const char *argv[] = { g_getenv ("XH_SERVER"), "serve", "--data", data, "--port", "0", "--port-file", port_file, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;

  remove (port_file);
  self->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  if (self->process == NULL)
    g_error ("%s", error->message);
  while (!g_file_get_contents (port_file, &port, NULL, NULL) || *port == '\0')
    g_usleep (1000);
  self->url = g_strdup_printf ("http://127.0.0.1:%s", g_strstrip (port));
}

void
bench_server_stop (BenchServer *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_clear_pointer (&self->url, g_free);
}

XhDesk *
bench_sign_in (const BenchServer *self, const char *folder, const char *login)
{
  g_autoptr (GError) error = NULL;
  XhDesk *desk = xh_desk_sign_in (folder, self->url, login, login, NULL, &error);

  if (desk == NULL)
    g_error ("%s", error->message);
  return desk;
}
