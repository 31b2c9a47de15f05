/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-checksums.h"

#include <glib/gi18n-lib.h>

#include "sync/xh-checksum.h"

/* No division and no unit are '' here: a primary key holds no NULL. */
static const char tables[] =
  "CREATE TABLE checksum (kind TEXT, division TEXT, unit TEXT, n INTEGER NOT NULL, sum INTEGER NOT NULL,"
  " PRIMARY KEY (kind, division, unit)) WITHOUT ROWID;"
  "CREATE TRIGGER checksum_new AFTER INSERT ON record WHEN new.deleted = 0 BEGIN"
  " INSERT INTO checksum VALUES (new.kind, ifnull (new.division, ''), ifnull (new.unit, ''), 1, xh_checksum_add (0, 1, new.id, new.version))"
  " ON CONFLICT (kind, division, unit) DO UPDATE SET n = n + 1, sum = xh_checksum_add (sum, 1, new.id, new.version); END;"
  "CREATE TRIGGER checksum_gone AFTER DELETE ON record WHEN old.deleted = 0 BEGIN"
  " UPDATE checksum SET n = n - 1, sum = xh_checksum_add (sum, -1, old.id, old.version)"
  " WHERE kind = old.kind AND division = ifnull (old.division, '') AND unit = ifnull (old.unit, ''); END;"
  "CREATE TRIGGER checksum_version AFTER UPDATE OF version ON record WHEN old.deleted = 0 AND new.deleted = 0"
  " AND new.version <> old.version AND new.division IS old.division AND new.unit IS old.unit BEGIN"
  " UPDATE checksum SET sum = xh_checksum_add (xh_checksum_add (sum, -1, old.id, old.version), 1, new.id, new.version)"
  " WHERE kind = old.kind AND division = ifnull (old.division, '') AND unit = ifnull (old.unit, ''); END;"
  "CREATE TRIGGER checksum_moved AFTER UPDATE OF division, unit, deleted ON record"
  " WHEN new.deleted <> old.deleted OR new.division IS NOT old.division OR new.unit IS NOT old.unit BEGIN"
  " UPDATE checksum SET n = n - 1, sum = xh_checksum_add (sum, -1, old.id, old.version)"
  " WHERE old.deleted = 0 AND kind = old.kind AND division = ifnull (old.division, '') AND unit = ifnull (old.unit, '');"
  " INSERT INTO checksum SELECT new.kind, ifnull (new.division, ''), ifnull (new.unit, ''), 1, xh_checksum_add (0, 1, new.id, new.version)"
  " WHERE new.deleted = 0"
  " ON CONFLICT (kind, division, unit) DO UPDATE SET n = n + 1, sum = xh_checksum_add (sum, 1, new.id, new.version); END;";

static gboolean
has_table (XhBackend *backend, gboolean *found, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT 1 FROM sqlite_master WHERE name = 'checksum'", error);

  if (!statement || !xh_backend_step (backend, statement, found, error))
    return FALSE;
  sqlite3_reset (statement);
  return TRUE;
}

/* (transfer full) what the records of a kind add up to now */
static GHashTable *
count_kind (XhBackend *backend, const XhKind *kind, GError **error)
{
  g_autofree char *sql = xh_checksum_select (kind, NULL, FALSE);
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  g_autoptr (GHashTable) groups = NULL;
  int code;

  if (!statement)
    return NULL;
  groups = xh_checksum_groups (statement, &code);
  sqlite3_reset (statement);
  if (code == SQLITE_DONE)
    return g_steal_pointer (&groups);
  g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (backend->db));
  return NULL;
}

static gboolean
store_group (XhBackend *backend, const XhKind *kind, const XhChecksum *group, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "INSERT INTO checksum VALUES (?1, ?2, ?3, ?4, ?5)", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, kind->name);
  xh_backend_bind_text (statement, 2, group->division ? group->division : "");
  xh_backend_bind_text (statement, 3, group->unit ? group->unit : "");
  sqlite3_bind_int64 (statement, 4, group->n);
  sqlite3_bind_int64 (statement, 5, (gint64) group->sum);
  return xh_backend_run (backend, statement, error);
}

static gboolean
fill (XhBackend *backend, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (backend->catalog);

  if (sqlite3_exec (backend->db, tables, NULL, NULL, NULL) != SQLITE_OK)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (backend->db));
      return FALSE;
    }
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      g_autoptr (GHashTable) groups = count_kind (backend, kind, error);
      GHashTableIter iter;
      gpointer group;

      if (!groups)
        return FALSE;
      g_hash_table_iter_init (&iter, groups);
      while (g_hash_table_iter_next (&iter, &group, NULL))
        if (!store_group (backend, kind, group, error))
          return FALSE;
    }
  return TRUE;
}

gboolean
xh_checksums_prepare (XhBackend *backend, gboolean read_only, GError **error)
{
  gboolean found;

  if (!xh_checksum_register (backend->db, error))
    return FALSE;
  if (read_only)
    return TRUE;
  if (!has_table (backend, &found, error))
    return FALSE;
  if (found)
    return TRUE;
  if (!xh_store_begin (backend->store, error))
    return FALSE;
  /* Another process may have been first. */
  if (has_table (backend, &found, error) && (found || fill (backend, error)) && xh_store_commit (backend->store, error))
    return TRUE;
  xh_store_rollback (backend->store);
  return FALSE;
}

static gboolean
verify_kind (XhBackend *backend, const XhKind *kind, gboolean *agrees, GError **error)
{
  g_autoptr (GHashTable) groups = count_kind (backend, kind, error);
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT nullif (division, ''), nullif (unit, ''), n, sum FROM checksum WHERE kind = ?1 AND (n <> 0 OR sum <> 0)", error);
  gboolean row;

  *agrees = TRUE;
  if (!groups || !statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, kind->name);
  while (*agrees)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      if (!row)
        break;
      const XhChecksum place = { (char *) sqlite3_column_text (statement, 0), (char *) sqlite3_column_text (statement, 1), 0, 0 };
      const XhChecksum *group = g_hash_table_lookup (groups, &place);

      *agrees = group && group->n == sqlite3_column_int64 (statement, 2) && group->sum == (guint64) sqlite3_column_int64 (statement, 3)
                && g_hash_table_remove (groups, &place);
    }
  sqlite3_reset (statement);
  *agrees = *agrees && g_hash_table_size (groups) == 0;
  return TRUE;
}

gboolean
xh_checksums_verify (XhBackend *backend, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (backend->catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      gboolean agrees;

      if (!verify_kind (backend, kind, &agrees, error))
        return FALSE;
      if (agrees)
        continue;
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_LEDGER, _("The stored checksums of register %s do not agree with its records"),
                   kind->name);
      return FALSE;
    }
  return TRUE;
}
