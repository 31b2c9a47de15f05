/* SPDX-License-Identifier: GPL-3.0-or-later */

/* pull and push against a real server process: rows of a whole scope into an empty client store, then edits out of it. */
#include "bench-server.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "model/xh-form.h"
#include "sync/xh-engine.h"

#define HOUSEHOLDS 50000 /* with consents and ratings well over 100,000 records */
#define EDITS 2000
#define CHANGED 20000 /* rows that somebody else has changed */

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
edit_households (XhStore *store, const char *login, guint n, const char *text)
{
  g_autoptr (GError) error = NULL;
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (store), "household");
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, n, &error);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  g_ptr_array_add (changed, (gpointer) "address");
  xh_store_begin (store, &error);
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (XhRecord) record = xh_store_load_rid (store, g_array_index (rids, gint64, i), &error);
      g_auto (XhValue) value = XH_VALUE_INIT;

      xh_value_take_text (&value, g_strdup_printf ("%s %u 号", text, i));
      xh_record_set (record, "address", &value);
      if (!xh_store_save (store, record, changed, login, &error))
        g_error ("%s", error->message);
    }
  if (!xh_store_commit (store, &error))
    g_error ("%s", error->message);
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
  double start, seconds, floor;
  guint n;

  edit_households (store, desk->profile->login, EDITS, "演示数据");
  n = xh_store_outbox_count (store);
  start = bench_seconds ();
  run_round (desk, store, client);
  seconds = bench_seconds () - start;
  if (xh_store_outbox_count (store) != 0)
    g_error ("%u edits were not accepted", xh_store_outbox_count (store));
  floor = measure_durable_insert (folder);
  extra = g_strdup_printf ("\"seconds\":%.4g,\"in_tray\":%u", seconds, xh_store_tray_count (store));
  bench_report ("push", n / seconds, "rows/s", n, n / floor, "SQLite writing as many rows in one durable transaction", extra);
  bench_report ("push-2000", seconds, "s", n, floor, "SQLite writing as many rows in one durable transaction", NULL);
}

/* The floor of a delta: plain SQLite putting as many rows in the place of those that are there, durably and by their keys. */
static double
measure_replace (const char *path, const char *target, guint n)
{
  sqlite3 *db;
  g_autofree char *attach = NULL, *sql = NULL;
  double start;

  remove (target);
  sqlite3_open (target, &db);
  attach = g_strdup_printf ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; ATTACH '%s' AS source;"
                            "CREATE TABLE record AS SELECT * FROM source.record; CREATE UNIQUE INDEX record_id ON record(id);"
                            "CREATE TABLE k AS SELECT * FROM source.k_household; CREATE UNIQUE INDEX k_rid ON k(rid);", path);
  sql = g_strdup_printf ("BEGIN; INSERT OR REPLACE INTO k SELECT * FROM source.k_household LIMIT %u;"
                         "INSERT OR REPLACE INTO record SELECT * FROM source.record WHERE kind = 'household' LIMIT %u; COMMIT", n, n);
  if (sqlite3_exec (db, attach, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  start = bench_seconds ();
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  start = bench_seconds () - start;
  sqlite3_close (db);
  return start;
}

/* Another computer changes rows that this one has. */
static guint
change_elsewhere (const BenchServer *server, const char *folder)
{
  g_autofree char *elsewhere = g_build_filename (folder, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhDesk) desk = bench_sign_in (server, elsewhere, "office");
  g_autofree char *path = xh_desk_store_path (desk);
  g_autoptr (XhStore) store = xh_store_open (path, desk->catalog, XH_STORE_CLIENT, &error);
  g_autoptr (XhClient) client = xh_client_new (server->url, "elsewhere");
  guint n;

  xh_client_set_token (client, desk->profile->token);
  run_round (desk, store, client);
  edit_households (store, desk->profile->login, CHANGED, "别处改的");
  n = xh_store_outbox_count (store);
  run_round (desk, store, client);
  return n - xh_store_outbox_count (store) - xh_store_tray_count (store);
}

static void
report_delta (const BenchServer *server, XhDesk *desk, XhStore *store, XhClient *client, const char *folder)
{
  g_autofree char *path = xh_desk_store_path (desk), *target = g_build_filename (folder, "replace.db", NULL), *extra = NULL;
  const guint n = change_elsewhere (server, folder);
  double start = bench_seconds (), seconds;

  run_round (desk, store, client);
  seconds = bench_seconds () - start;
  extra = g_strdup_printf ("\"seconds\":%.4g", seconds);
  bench_report ("delta-pull", n / seconds, "rows/s", n, n / measure_replace (path, target, n),
                "SQLite replacing as many rows in one durable transaction", extra);
}

void
bench_sync (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *source = bench_server_data (HOUSEHOLDS);
  g_autofree char *folder = g_dir_make_tmp ("xinheng-bench-XXXXXX", NULL);
  g_autofree char *served = g_build_filename (folder, "server", NULL);
  const char *copy[] = { "/bin/cp", "-r", source, served, NULL };
  const char *remove_all[] = { "/bin/rm", "-rf", folder, NULL };
  BenchServer server = { 0 };

  bench_run (copy);
  bench_server_start (&server, served);
  {
    g_autoptr (XhDesk) desk = bench_sign_in (&server, folder, "office");
    g_autofree char *path = xh_desk_store_path (desk);
    g_autoptr (XhStore) store = xh_store_open (path, desk->catalog, XH_STORE_CLIENT, &error);
    g_autoptr (XhClient) client = xh_client_new (server.url, "bench");

    xh_client_set_token (client, desk->profile->token);
    report_pull (desk, store, client, folder);
    report_push (desk, store, client, folder);
    report_delta (&server, desk, store, client, folder);
  }
  bench_server_stop (&server);
  bench_run (remove_all);
}
