/* SPDX-License-Identifier: GPL-3.0-or-later */

/* pull and push against a real server process: rows of a whole scope into an empty client store, then edits out of it. */
#include "bench.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "model/xh-form.h"
#include "sync/xh-engine.h"

#define HOUSEHOLDS 50000 /* with consents and ratings well over 100,000 records */
#define EDITS 2000

typedef struct
{
  GSubprocess *process;
  char *url;
} Server;

static void
run_command (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  if (process == NULL || !g_subprocess_wait_check (process, NULL, &error))
    g_error ("%s: %s", argv[1], error->message);
}

static char *
prepare_data (void)
{
  g_autofree char *households = g_strdup_printf ("%d", HOUSEHOLDS);
  char *folder = g_build_filename (g_getenv ("BENCH_DATA"), "server", NULL);
  g_autofree char *ready = g_build_filename (folder, "ready", NULL);
  const char *argv[] = { g_getenv ("XH_SERVER"), "demo", "--data", folder, "--households", households, NULL };

  if (!g_file_test (ready, G_FILE_TEST_EXISTS))
    {
      run_command (argv);
      g_file_set_contents (ready, "", 0, NULL);
    }
  return folder;
}

static void
start_server (Server *server, const char *folder)
{
  g_autofree char *port_file = g_build_filename (g_getenv ("BENCH_DATA"), "port", NULL);
  const char *argv[] = { g_getenv ("XH_SERVER"), "serve", "--data", folder, "--port", "0", "--port-file", port_file, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;

  remove (port_file);
  server->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  if (server->process == NULL)
    g_error ("%s", error->message);
  while (!g_file_get_contents (port_file, &port, NULL, NULL) || *port == '\0')
    g_usleep (1000);
  server->url = g_strdup_printf ("http://127.0.0.1:%s", g_strstrip (port));
}

static void
stop_server (Server *server)
{
  g_subprocess_send_signal (server->process, SIGTERM);
  g_subprocess_wait (server->process, NULL, NULL);
  g_clear_object (&server->process);
  g_clear_pointer (&server->url, g_free);
}

static XhDesk *
sign_in (const Server *server, const char *folder, const char *login)
{
  g_autoptr (GError) error = NULL;
  XhDesk *desk = xh_desk_sign_in (folder, server->url, login, login, NULL, &error);

  if (desk == NULL)
    g_error ("%s", error->message);
  return desk;
}

/* The floor of a pull: the same store copied by plain SQLite, table by table. */
static double
measure_copy (const char *path, const char *target)
{
  sqlite3 *db;
  g_autofree char *sql = NULL;
  double start;

  remove (target);
  sqlite3_open (target, &db);
  sql = g_strdup_printf ("PRAGMA journal_mode=WAL; ATTACH '%s' AS source; BEGIN;"
                         "CREATE TABLE record AS SELECT * FROM source.record;"
                         "CREATE UNIQUE INDEX record_id ON record(id);"
                         "CREATE TABLE k_household AS SELECT * FROM source.k_household;"
                         "CREATE TABLE k_rating AS SELECT * FROM source.k_rating;"
                         "CREATE TABLE k_consent AS SELECT * FROM source.k_consent; COMMIT;",
                         path);
  start = bench_seconds ();
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  start = bench_seconds () - start;
  sqlite3_close (db);
  return start;
}

static void
run_round (XhDesk *desk, XhStore *store, XhClient *client)
{
  g_autoptr (GError) error = NULL;

  if (!xh_engine_run_once (desk, store, client, NULL, NULL, &error))
    g_error ("%s", error->message);
}

static void
report_pull (XhDesk *desk, XhStore *store, XhClient *client, const char *folder)
{
  g_autofree char *path = xh_desk_store_path (desk), *copy = g_build_filename (folder, "copy.db", NULL), *extra = NULL;
  double start = bench_seconds (), seconds, floor;
  gint64 n;

  run_round (desk, store, client);
  seconds = bench_seconds () - start;
  n = bench_count (xh_store_get_db (store), "SELECT count(*) FROM record");
  floor = n / measure_copy (path, copy);
  extra = g_strdup_printf ("\"seconds\":%.4g,\"memory_mb\":%.4g", seconds, bench_memory_mb ("VmHWM"));
  bench_report ("pull", n / seconds, "rows/s", n, floor, "SQLite copying the same tables", extra);
}

static void
edit_households (XhStore *store, const char *login)
{
  g_autoptr (GError) error = NULL;
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (store), "household");
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, EDITS, &error);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  g_ptr_array_add (changed, (gpointer) "address");
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (XhRecord) record = xh_store_load_rid (store, g_array_index (rids, gint64, i), &error);
      g_auto (XhValue) value = XH_VALUE_INIT;

      xh_value_take_text (&value, g_strdup_printf ("演示数据 %u 号", i));
      xh_record_set (record, "address", &value);
      if (!xh_store_save (store, record, changed, login, &error))
        g_error ("%s", error->message);
    }
}

/* The floor of a push: SQLite writing as many rows durably in one transaction. */
static double
measure_durable_insert (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "insert.db", NULL);
  sqlite3 *db;
  double start;

  remove (path);
  sqlite3_open (path, &db);
  sqlite3_exec (db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(a INTEGER PRIMARY KEY, b)", NULL, NULL,
                NULL);
  start = bench_seconds ();
  sqlite3_exec (db, "BEGIN; WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                    "INSERT INTO t SELECT i, hex(randomblob(400)) FROM n; COMMIT", NULL, NULL, NULL);
  start = bench_seconds () - start;
  sqlite3_close (db);
  return start;
}

static void
report_push (XhDesk *desk, XhStore *store, XhClient *client, const char *folder)
{
  g_autofree char *extra = NULL;
  double start, seconds;
  guint n;

  edit_households (store, desk->profile->login);
  n = xh_store_outbox_count (store);
  start = bench_seconds ();
  run_round (desk, store, client);
  seconds = bench_seconds () - start;
  if (xh_store_outbox_count (store) != 0)
    g_error ("%u edits were not accepted", xh_store_outbox_count (store));
  extra = g_strdup_printf ("\"seconds\":%.4g,\"in_tray\":%u", seconds, xh_store_tray_count (store));
  bench_report ("push", n / seconds, "rows/s", n, n / measure_durable_insert (folder),
                "SQLite writing as many rows in one durable transaction", extra);
}

void
bench_sync (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *source = prepare_data ();
  g_autofree char *folder = g_dir_make_tmp ("xinheng-bench-XXXXXX", NULL);
  g_autofree char *served = g_build_filename (folder, "server", NULL);
  const char *copy[] = { "/bin/cp", "-r", source, served, NULL };
  const char *remove_all[] = { "/bin/rm", "-rf", folder, NULL };
  Server server = { 0 };

  run_command (copy);
  start_server (&server, served);
  {
    g_autoptr (XhDesk) desk = sign_in (&server, folder, "office");
    g_autofree char *path = xh_desk_store_path (desk);
    g_autoptr (XhStore) store = xh_store_open (path, desk->catalog, XH_STORE_CLIENT, &error);
    g_autoptr (XhClient) client = xh_client_new (server.url, "bench");

    xh_client_set_token (client, desk->profile->token);
    report_pull (desk, store, client, folder);
    report_push (desk, store, client, folder);
  }
  stop_server (&server);
  run_command (remove_all);
}
