/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-commands.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "xh-server.h"

#define DEFAULT_PORT 8420
#define FILES 16384

typedef struct
{
  GMainLoop *loop;  /* (owned) */
  XhServer *server; /* (owned) */
} Serving;

static void
stopped_cb (gpointer server, gpointer data)
{
  g_main_loop_quit (data);
}

static gboolean
signal_cb (gpointer data)
{
  Serving *serving = data;

  xh_server_stop (serving->server, stopped_cb, serving->loop);
  return G_SOURCE_CONTINUE;
}

/* Each client that listens for news holds a connection. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, FILES);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
write_port (const char *path, guint port, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u\n", port);

  return !path || g_file_set_contents (path, text, -1, error);
}

/* A signal that comes before the loop runs quits it at once: the sources are there before the port is known to anybody. */
static gboolean
run (XhServer *server, guint port, const char *port_file, GError **error)
{
  Serving serving = { g_main_loop_new (NULL, FALSE), server };
  guint interrupt = g_unix_signal_add (SIGINT, signal_cb, &serving);
  guint terminate = g_unix_signal_add (SIGTERM, signal_cb, &serving);
  gboolean listening = xh_server_listen (server, port, error) && write_port (port_file, xh_server_get_port (server), error);

  if (listening)
    {
      g_print (_("Listening on http://127.0.0.1:%u/\n"), xh_server_get_port (server));
      g_main_loop_run (serving.loop);
      g_print (_("Stopped\n"));
    }
  g_source_remove (interrupt);
  g_source_remove (terminate);
  g_main_loop_unref (serving.loop);
  return listening;
}

gboolean
xh_command_serve (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autofree char *port_file = NULL;
  int port = DEFAULT_PORT, lock;
  gint64 keep_free = -1;
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &port, N_("Port on loopback; 0: any free one"), N_("NUMBER") },
    { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &port_file, N_("File to write the port to, once it is open"), N_("FILE") },
    { "keep-free", 0, 0, G_OPTION_ARG_INT64, &keep_free, N_("Megabytes of the disk that attachments leave to the database (256)"), N_("NUMBER") },
    { NULL }
  };
  g_autoptr (XhCatalog) catalog = NULL;
  g_autoptr (XhServer) server = NULL;
  gboolean served;

  if (!xh_place_parse (&place, entries, NULL, _("Answers clients on loopback until it is interrupted."), &argc, &argv, error))
    return FALSE;
  if (port < 0 || port > G_MAXUINT16)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("A port is a number from 0 to 65535"));
      return FALSE;
    }
  catalog = xh_place_catalog (&place, error);
  if (!catalog || (lock = xh_backend_lock (place.data, error)) < 0)
    return FALSE;
  raise_file_limit ();
  server = xh_server_new (place.data, catalog, error);
  if (server && keep_free >= 0)
    xh_server_keep_free (server, MIN (keep_free, G_MAXINT64 >> 24) << 20);
  served = server && run (server, port, port_file, error);
  g_clear_pointer (&server, xh_server_free);
  close (lock);
  return served;
}
