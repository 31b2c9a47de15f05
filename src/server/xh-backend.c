/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-backend.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "xh-blobs.h"
#include "xh-checksums.h"
#include "xh-mark.h"
#include "xh-signers.h"
#include "xh-work.h"

#define DATABASE "xinheng.db"
#define SETTINGS "server.conf"
#define LOCK_FILE "server.lock"

/* The index on record serves the pull: one pass in ledger order with scope and kind decided inside the index. */
static const char tables[] =
  "CREATE TABLE IF NOT EXISTS account ("
  " login TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, division TEXT, unit TEXT,"
  " password TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL);"
  "CREATE TABLE IF NOT EXISTS session ("
  " token TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES account (login), device TEXT NOT NULL,"
  " created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL);"
  "CREATE INDEX IF NOT EXISTS session_login ON session (login);"
  "CREATE TABLE IF NOT EXISTS ledger ("
  " number INTEGER PRIMARY KEY, op TEXT NOT NULL UNIQUE, time TEXT NOT NULL, account TEXT NOT NULL,"
  " device TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, status TEXT NOT NULL,"
  " changes TEXT NOT NULL, before TEXT NOT NULL, hash TEXT NOT NULL);"
  "CREATE INDEX IF NOT EXISTS ledger_record ON ledger (record, number);"
  "CREATE TRIGGER IF NOT EXISTS ledger_keep_update BEFORE UPDATE ON ledger"
  " BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;"
  "CREATE TRIGGER IF NOT EXISTS ledger_keep_delete BEFORE DELETE ON ledger"
  " BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;"
  "CREATE TABLE IF NOT EXISTS refusal ("
  " op TEXT PRIMARY KEY, account TEXT NOT NULL, time INTEGER NOT NULL, answer TEXT NOT NULL);"
  "CREATE INDEX IF NOT EXISTS refusal_time ON refusal (time);"
  "CREATE TABLE IF NOT EXISTS moved ("
  " number INTEGER PRIMARY KEY, record TEXT NOT NULL, division TEXT, unit TEXT);"
  "CREATE INDEX IF NOT EXISTS record_pull ON record (version, kind, division, unit);";

GQuark
xh_server_error_quark (void)
{
  return g_quark_from_static_string ("xh-server-error");
}

static void
set_database_error (XhBackend *self, const char *sql, GError **error)
{
  int code = sqlite3_errcode (self->db);

  g_set_error (error, XH_STORE_ERROR, code == SQLITE_FULL ? XH_STORE_ERROR_FULL : XH_STORE_ERROR_DATABASE,
               "%s (%.60s)", sqlite3_errmsg (self->db), sql);
}

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

static gboolean
create_tables (XhBackend *self, GError **error)
{
  if (sqlite3_exec (self->db, tables, NULL, NULL, NULL) == SQLITE_OK)
    return xh_mark_prepare (self, error) && xh_signers_prepare (self, error) && xh_works_prepare (self, error);
  set_database_error (self, "server tables", error);
  return FALSE;
}

static XhBackend *
open_database (const char *path, XhCatalog *catalog, gboolean read_only, GError **error)
{
  g_autoptr (XhBackend) self = g_new0 (XhBackend, 1);
  XhStoreFlags flags = XH_STORE_SERVER | XH_STORE_NO_SEARCH | (read_only ? XH_STORE_READ_ONLY : 0);

  self->catalog = xh_catalog_ref (catalog);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  self->forms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->store = xh_store_open (path, catalog, flags, error);
  if (!self->store)
    return NULL;
  self->db = xh_store_get_db (self->store);
  if ((!read_only && !create_tables (self, error)) || !xh_checksums_prepare (self, read_only, error)
      || (!read_only && !xh_blobs_migrate (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

char *
xh_backend_folder_catalog (const char *data, const char *override)
{
  g_autoptr (GKeyFile) settings = g_key_file_new ();
  g_autofree char *path = g_build_filename (data, SETTINGS, NULL);
  char *folder = NULL;

  if (override)
    return g_canonicalize_filename (override, NULL);
  if (g_key_file_load_from_file (settings, path, G_KEY_FILE_NONE, NULL))
    folder = g_key_file_get_string (settings, "server", "catalog", NULL);
  if (!folder)
    folder = g_strdup (g_getenv ("XINHENG_CATALOG"));
  return folder ? folder : g_strdup (XH_CATALOG_FOLDER);
}

static gboolean
write_settings (const char *data, const char *catalog_folder, GError **error)
{
  g_autoptr (GKeyFile) settings = g_key_file_new ();
  g_autofree char *path = g_build_filename (data, SETTINGS, NULL);
  g_autofree char *folder = catalog_folder ? g_canonicalize_filename (catalog_folder, NULL) : NULL;

  if (!folder)
    return TRUE;
  g_key_file_set_string (settings, "server", "catalog", folder);
  return g_key_file_save_to_file (settings, path, error);
}

gboolean
xh_backend_init (const char *data, const char *catalog_folder, XhCatalog *catalog, GError **error)
{
  g_autofree char *path = g_build_filename (data, DATABASE, NULL);
  g_autoptr (XhBackend) self = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SETUP, _("%s is already set up"), data);
      return FALSE;
    }
  /* Only the server's own user may read what people entrusted to the office. */
  if (g_mkdir_with_parents (data, 0700) != 0)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SETUP, _("Cannot make the folder %s: %s"), data,
                   g_strerror (errno));
      return FALSE;
    }
  if (!write_settings (data, catalog_folder, error))
    return FALSE;
  self = open_database (path, catalog, FALSE, error);
  return self != NULL;
}

XhBackend *
xh_backend_open (const char *data, XhCatalog *catalog, gboolean read_only, GError **error)
{
  g_autofree char *path = g_build_filename (data, DATABASE, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SETUP,
                   _("%s is not set up: run “xinheng-server init --data %s” first"), data, data);
      return NULL;
    }
  return open_database (path, catalog, read_only, error);
}

void
xh_backend_close (XhBackend *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->forms, g_hash_table_unref);
  g_clear_pointer (&self->statements, g_hash_table_unref);
  g_clear_pointer (&self->store, xh_store_close);
  g_clear_pointer (&self->catalog, xh_catalog_unref);
  g_free (self);
}

int
xh_backend_lock (const char *data, GError **error)
{
  g_autofree char *path = g_build_filename (data, LOCK_FILE, NULL);
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SETUP, _("Cannot open %s: %s"), path, g_strerror (errno));
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SETUP, _("Another server is using %s"), data);
  return -1;
}

sqlite3_stmt *
xh_backend_prepare (XhBackend *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement)
    {
      sqlite3_reset (statement);
      sqlite3_clear_bindings (statement);
      return statement;
    }
  if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      set_database_error (self, sql, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

gboolean
xh_backend_step (XhBackend *self, sqlite3_stmt *statement, gboolean *row, GError **error)
{
  int code = sqlite3_step (statement);

  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    set_database_error (self, sqlite3_sql (statement), error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE;
}

gboolean
xh_backend_run (XhBackend *self, sqlite3_stmt *statement, GError **error)
{
  gboolean row = TRUE;

  while (row)
    if (!xh_backend_step (self, statement, &row, error))
      return FALSE;
  return TRUE;
}

XhForm *
xh_backend_form (XhBackend *self, const XhKind *kind, const char *role)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", kind->name, role ? role : "");
  XhForm *form = g_hash_table_lookup (self->forms, key);

  if (!form)
    {
      form = xh_form_new (kind, role);
      xh_form_set_trusting (form, TRUE);
      g_hash_table_insert (self->forms, g_steal_pointer (&key), form);
    }
  return form;
}

void
xh_backend_bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

char *
xh_backend_dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

char *
xh_now_utc (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *seconds = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, g_date_time_get_microsecond (now) / 1000);
}
