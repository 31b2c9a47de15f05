/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-blobs.h"

#include <string.h>

#define MADE_FOR "blob-triggers" /* meta: the catalog that the triggers were made for */
#define VERSION 1                /* counts up with another text of the triggers */
#define SWEEP_ROWS 200
#define DAY G_GINT64_CONSTANT (86400)

static const char tables[] =
  "CREATE TABLE IF NOT EXISTS blob ("
  " hash TEXT PRIMARY KEY, size INTEGER NOT NULL, type TEXT NOT NULL, made_at INTEGER NOT NULL, orphan_since INTEGER) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS blob_holder (hash TEXT, login TEXT, PRIMARY KEY (hash, login)) WITHOUT ROWID;"
  "CREATE TABLE IF NOT EXISTS blob_use (hash TEXT, rid INTEGER, field TEXT, PRIMARY KEY (hash, rid, field)) WITHOUT ROWID;";

static gboolean
execute (XhBackend *backend, const char *sql, GError **error)
{
  if (sqlite3_exec (backend->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, "%s (%.60s)", sqlite3_errmsg (backend->db), sql);
  return FALSE;
}

/* The hashes that a value lists, as rows of f(hash). A value that is no JSON, or lists what is no text, lists nothing. */
#define LISTED(value) \
  "SELECT json_extract(value, '$.hash') AS hash FROM json_each(CASE WHEN json_valid(" value ") THEN " value " ELSE '[]' END)" \
  " WHERE type = 'object' AND json_type(value, '$.hash') = 'text'"

/* Whether the field is new to this database, so that its rows are not entered yet. */
static gboolean
is_new (XhBackend *backend, const char *trigger, gboolean *new, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?1", error);
  gboolean row;

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, trigger);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  sqlite3_reset (statement);
  *new = !row;
  return TRUE;
}

static gboolean
watch_field (XhBackend *backend, const XhField *field, GError **error)
{
  const char *table = field->kind->table, *name = field->name;
  g_autofree char *trigger = g_strdup_printf ("blob_%s_%s_new", table, name);
  g_autofree char *sql = NULL, *fill = NULL;
  gboolean new;

  if (!is_new (backend, trigger, &new, error))
    return FALSE;
  if (!new)
    return TRUE;
  sql = g_strdup_printf (
    "CREATE TRIGGER \"blob_%1$s_%2$s_new\" AFTER INSERT ON \"%1$s\" WHEN new.\"%2$s\" IS NOT NULL BEGIN"
    " INSERT OR IGNORE INTO blob_use SELECT hash, new.rid, '%2$s' FROM (" LISTED ("new.\"%2$s\"") "); END;"
    "CREATE TRIGGER \"blob_%1$s_%2$s_gone\" AFTER DELETE ON \"%1$s\" WHEN old.\"%2$s\" IS NOT NULL BEGIN"
    " DELETE FROM blob_use WHERE rid = old.rid AND field = '%2$s' AND hash IN (" LISTED ("old.\"%2$s\"") "); END;"
    "CREATE TRIGGER \"blob_%1$s_%2$s_other\" AFTER UPDATE OF \"%2$s\" ON \"%1$s\" WHEN new.\"%2$s\" IS NOT old.\"%2$s\" BEGIN"
    " DELETE FROM blob_use WHERE rid = old.rid AND field = '%2$s' AND hash IN (" LISTED ("old.\"%2$s\"") ");"
    " INSERT OR IGNORE INTO blob_use SELECT hash, new.rid, '%2$s' FROM (" LISTED ("new.\"%2$s\"") "); END;",
    table, name);
  fill = g_strdup_printf ("INSERT OR IGNORE INTO blob_use SELECT json_extract(e.value, '$.hash'), k.rid, '%2$s' FROM \"%1$s\" k,"
                          " json_each(CASE WHEN json_valid(k.\"%2$s\") THEN k.\"%2$s\" ELSE '[]' END) e"
                          " WHERE k.\"%2$s\" IS NOT NULL AND e.type = 'object' AND json_type(e.value, '$.hash') = 'text'",
                          table, name);
  return execute (backend, sql, error) && execute (backend, fill, error);
}

static gboolean
watch_fields (XhBackend *backend, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (backend->catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      for (guint j = 0; j < kind->fields->len; j++)
        {
          const XhField *field = g_ptr_array_index (kind->fields, j);

          if (field->type == XH_FIELD_FILES && !watch_field (backend, field, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
xh_blobs_migrate (XhBackend *backend, GError **error)
{
  g_autofree char *present = g_strdup_printf ("%s/%d", xh_catalog_get_hash (backend->catalog), VERSION);
  g_autofree char *made_for = xh_store_meta_get (backend->store, MADE_FOR);

  if (!execute (backend, tables, error))
    return FALSE;
  if (g_strcmp0 (made_for, present) == 0)
    return TRUE;
  if (!xh_store_begin (backend->store, error))
    return FALSE;
  if (watch_fields (backend, error) && xh_store_meta_set (backend->store, MADE_FOR, present, error)
      && xh_store_commit (backend->store, error))
    return TRUE;
  xh_store_rollback (backend->store);
  return FALSE;
}

gboolean
xh_blobs_find (XhBackend *backend, const char *hash, XhBlob *blob, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT size, type FROM blob WHERE hash = ?1", error);

  *blob = (XhBlob) { 0 };
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, hash);
  if (!xh_backend_step (backend, statement, &blob->known, error))
    return FALSE;
  if (blob->known)
    {
      blob->size = sqlite3_column_int64 (statement, 0);
      blob->type = xh_attachment_intern_type ((const char *) sqlite3_column_text (statement, 1));
      blob->known = blob->type != NULL;
    }
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
holds (XhBackend *backend, const XhAccess *access, const char *hash, gboolean *holds, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT 1 FROM blob_holder WHERE hash = ?1 AND login = ?2", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, hash);
  xh_backend_bind_text (statement, 2, access->login);
  if (!xh_backend_step (backend, statement, holds, error))
    return FALSE;
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
may_read_row (XhBackend *backend, const XhAccess *access, sqlite3_stmt *statement)
{
  const XhKind *kind = xh_catalog_find_kind (backend->catalog, (const char *) sqlite3_column_text (statement, 0));
  const XhField *field = kind ? xh_kind_find_field (kind, (const char *) sqlite3_column_text (statement, 1)) : NULL;

  return field && xh_access_may_read (access, kind) && xh_access_may_read_field (access, field);
}

gboolean
xh_blobs_may_have (XhBackend *backend, const XhAccess *access, const char *hash, gboolean *may, GError **error)
{
  g_autofree char *scope = NULL, *sql = NULL;
  sqlite3_stmt *statement;
  gboolean row = TRUE;

  if (!holds (backend, access, hash, may, error))
    return FALSE;
  if (*may)
    return TRUE;
  scope = xh_access_read_sql (access, "r.", 2);
  sql = g_strdup_printf ("SELECT r.kind, u.field FROM blob_use u JOIN record r ON r.rid = u.rid"
                         " WHERE u.hash = ?1 AND r.deleted = 0 AND %s", scope);
  statement = xh_backend_prepare (backend, sql, error);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, hash);
  xh_access_bind (access, statement, 2);
  while (row && !*may)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      *may = row && may_read_row (backend, access, statement);
    }
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
xh_blobs_note (XhBackend *backend, const char *login, const char *hash, gint64 size, const char *type, GError **error)
{
  sqlite3_stmt *blob = xh_backend_prepare (backend, "INSERT INTO blob (hash, size, type, made_at) VALUES (?1, ?2, ?3, ?4)"
                                           " ON CONFLICT (hash) DO UPDATE SET orphan_since = NULL", error);
  sqlite3_stmt *holder;

  if (!blob)
    return FALSE;
  xh_backend_bind_text (blob, 1, hash);
  sqlite3_bind_int64 (blob, 2, size);
  xh_backend_bind_text (blob, 3, type);
  sqlite3_bind_int64 (blob, 4, g_get_real_time () / G_USEC_PER_SEC);
  if (!xh_backend_run (backend, blob, error))
    return FALSE;
  holder = xh_backend_prepare (backend, "INSERT INTO blob_holder (hash, login) VALUES (?1, ?2) ON CONFLICT DO NOTHING", error);
  if (!holder)
    return FALSE;
  xh_backend_bind_text (holder, 1, hash);
  xh_backend_bind_text (holder, 2, login);
  return xh_backend_run (backend, holder, error);
}

static gboolean
forget (XhBackend *backend, const char *hash, GError **error)
{
  static const char *const texts[] = { "DELETE FROM blob WHERE hash = ?1", "DELETE FROM blob_holder WHERE hash = ?1" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      sqlite3_stmt *statement = xh_backend_prepare (backend, texts[i], error);

      if (!statement)
        return FALSE;
      xh_backend_bind_text (statement, 1, hash);
      if (!xh_backend_run (backend, statement, error))
        return FALSE;
    }
  return TRUE;
}

/* A deleted record may be restored: it counts. */
gboolean
xh_blobs_sweep (XhBackend *backend, gint64 now, GPtrArray *gone, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (
    backend, "UPDATE blob SET orphan_since = CASE WHEN EXISTS (SELECT 1 FROM blob_use u WHERE u.hash = blob.hash) THEN NULL ELSE ?1 END"
    " WHERE (orphan_since IS NULL) = NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.hash = blob.hash)", error);
  gboolean row = TRUE;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now);
  if (!xh_backend_run (backend, statement, error))
    return FALSE;
  statement = xh_backend_prepare (backend, "SELECT hash FROM blob WHERE orphan_since < ?1 LIMIT ?2", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now - XH_BLOB_ORPHAN_DAYS * DAY);
  sqlite3_bind_int64 (statement, 2, SWEEP_ROWS);
  while (row)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      if (row)
        g_ptr_array_add (gone, xh_backend_dup_text (statement, 0));
    }
  for (guint i = 0; i < gone->len; i++)
    if (!forget (backend, g_ptr_array_index (gone, i), error))
      return FALSE;
  return TRUE;
}
