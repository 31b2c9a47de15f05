/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-snapshot.h"

#include <glib/gstdio.h>

#include "model/xh-identifiers.h"
#include "store/xh-store-extract.h"
#include "xh-mark.h"

#define SCOPE 1

typedef struct
{
  const XhAccess *access;
  XhSnapshotInfo *info;
} Making;

static void
bind_scope (sqlite3_stmt *statement, gpointer data)
{
  xh_access_bind (((Making *) data)->access, statement, SCOPE);
}

/* One row of texts: what the ledger is at the moment of the rows. */
static gboolean
note (XhStore *made, gpointer data, GError **error)
{
  static const char sql[] =
    "SELECT coalesce(max(l.number), 0), coalesce(substr((SELECT hash FROM source.ledger ORDER BY number DESC LIMIT 1), 1, " G_STRINGIFY (XH_MARK_HASH_CHARS) "), ''),"
    " coalesce((SELECT value FROM source.meta WHERE key = '" XH_MARK_IDENTITY "'), '') FROM source.ledger l";
  XhSnapshotInfo *info = ((Making *) data)->info;
  sqlite3 *db = xh_store_get_db (made);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK || sqlite3_step (statement) != SQLITE_ROW)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (db));
      sqlite3_finalize (statement);
      return FALSE;
    }
  info->cursor = sqlite3_column_int64 (statement, 0);
  g_free (info->server);
  info->server = g_strdup ((const char *) sqlite3_column_text (statement, 2));
  g_free (info->mark);
  info->mark = g_strdup_printf ("%" G_GINT64_FORMAT ".%s.%s", info->cursor, sqlite3_column_text (statement, 1), info->server);
  sqlite3_finalize (statement);
  return xh_store_meta_set (made, XH_META_SNAPSHOT_MARK, info->mark, error);
}

static void
describe (const XhAccess *access, XhCatalog *catalog, XhSnapshotInfo *info)
{
  g_free (info->catalog);
  info->catalog = g_strdup (xh_catalog_get_hash (catalog));
  g_free (info->role);
  info->role = g_strdup (access->role->name);
  g_free (info->division);
  info->division = g_strdup (access->division);
  g_free (info->unit);
  info->unit = g_strdup (access->unit);
}

static gboolean
ask_number (XhBackend *backend, const char *sql, const XhAccess *access, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  gboolean row;

  if (!statement)
    return FALSE;
  if (access)
    xh_access_bind (access, statement, SCOPE);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  *number = row ? sqlite3_column_int64 (statement, 0) : 0;
  sqlite3_reset (statement);
  return TRUE;
}

/* The share of the database that its records are, and half as much again for the packed file. */
static gboolean
check_room (XhBackend *backend, const XhAccess *access, const char *scope, const char *path, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM record r WHERE r.version > 0 AND %s", scope), *folder = g_path_get_dirname (path);
  gint64 all, some, size;

  if (!ask_number (backend, "SELECT count(*) FROM record", NULL, &all, error) || !ask_number (backend, sql, access, &some, error)
      || !ask_number (backend, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", NULL, &size, error))
    return FALSE;
  return xh_snapshot_check_room (folder, (guint64) (1.5 * (double) size * (double) some / (double) MAX (all, 1)), error);
}

gboolean
xh_snapshot_make (XhBackend *backend, const XhAccess *access, const char *path, XhSnapshotInfo *info, GCancellable *cancellable,
                  GError **error)
{
  g_autofree char *scope = xh_access_read_sql (access, "r.", SCOPE), *unique = xh_uuid_v7_new (),
                   *store = g_strdup_printf ("%s.%s.db", path, unique);
  Making making = { access, info };
  const XhExtract what = { .source = sqlite3_db_filename (backend->db, "main"), .role = access->role->name, .scope = scope,
                           .bind = bind_scope, .note = note, .data = &making, .cancellable = cancellable };
  gboolean done;

  describe (access, backend->catalog, info);
  if (!check_room (backend, access, scope, path, error) || !xh_store_extract (backend->catalog, &what, store, &info->rows, error))
    return FALSE;
  done = xh_snapshot_file_write (path, store, info, cancellable, error);
  g_unlink (store);
  return done;
}
