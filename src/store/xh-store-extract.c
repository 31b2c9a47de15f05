/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The new store gets its tables as any store does. Its indexes and triggers are taken away before the rows come and made again from their own
 * texts afterwards, so that a million rows are appended and each index is sorted once; the schema is the same text as that of a store
 * that was filled row by row. */
#include "xh-store-extract.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "xh-store-private.h"

#define CACHE "PRAGMA cache_size=-32768; PRAGMA temp_store=FILE"

static gboolean
is_hidden (const XhExtract *what, const XhField *field)
{
  return what->role != NULL && !xh_kind_may (field->kind, field->read_roles, what->role);
}

static gboolean
is_readable (const XhExtract *what, const XhKind *kind)
{
  return what->role == NULL || xh_kind_may (kind, kind->read_roles, what->role);
}

/* Subject and due date are made of fields: where one is hidden from the role, what the server made of it must not be told either. Such
 * kinds' rows are put once more, as a pull would put them. */
static gboolean
is_derived_here (const XhExtract *what, const XhKind *kind)
{
  for (guint i = 0; i < kind->fields->len; i++)
    if (is_hidden (what, g_ptr_array_index (kind->fields, i)))
      return TRUE;
  return FALSE;
}

/* --- indexes and triggers */

static GPtrArray *
read_texts (XhStore *self, const char *sql, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (texts, xh_sql_column_text (statement, 0));
  return code == SQLITE_DONE ? g_steal_pointer (&texts) : NULL;
}

static gboolean
run_all (XhStore *self, GPtrArray *texts, GError **error)
{
  for (guint i = 0; i < texts->len; i++)
    if (!xh_store_exec (self, g_ptr_array_index (texts, i), error))
      return FALSE;
  return TRUE;
}

/* (transfer full) the texts that make them again; tables first, so that their row ids are the same each time. */
static GPtrArray *
take_away (XhStore *self, GError **error)
{
  g_autoptr (GPtrArray) texts = read_texts (self, "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
                                                  " ORDER BY type, tbl_name, name", error);
  g_autoptr (GPtrArray) drops = read_texts (self, "SELECT format('DROP %s \"%w\"', type, name) FROM sqlite_master"
                                                  " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL", error);

  return texts != NULL && drops != NULL && run_all (self, drops, error) ? g_steal_pointer (&texts) : NULL;
}

/* --- rows */

static char *
spine_sql (XhStore *self, const XhExtract *what)
{
  g_autoptr (GString) kinds = g_string_new (NULL), derived = g_string_new (NULL);

  for (guint i = 0; i < self->n_kinds; i++)
    {
      const XhKind *kind = self->kinds[i].kind;

      if (!is_readable (what, kind))
        continue;
      g_string_append_printf (kinds, "%s'%s'", kinds->len > 0 ? ", " : "", kind->name);
      if (is_derived_here (what, kind))
        g_string_append_printf (derived, "%s'%s'", derived->len > 0 ? ", " : "", kind->name);
    }
  return g_strdup_printf ("INSERT INTO main.record(rid, id, kind, division, unit, state, version, kind_version, deleted, created_at,"
                          " updated_at, updated_by, due, subject) SELECT r.rid, r.id, r.kind, r.division, r.unit, r.state, r.version,"
                          " r.kind_version, 0, r.created_at, r.updated_at, r.updated_by, iif(r.kind IN (%s), NULL, r.due),"
                          " iif(r.kind IN (%s), NULL, r.subject) FROM source.record r"
                          " WHERE r.deleted = 0 AND r.kind IN (%s) AND %s ORDER BY r.rid",
                          derived->str, derived->str, kinds->str, what->scope);
}

static gboolean
fill_spine (XhStore *self, const XhExtract *what, gint64 *n_rows, GError **error)
{
  g_autofree char *sql = spine_sql (self, what);
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  if (what->bind != NULL)
    what->bind (statement, what->data);
  if (!xh_store_run (self, statement, error))
    return FALSE;
  *n_rows = sqlite3_changes64 (self->db);
  return TRUE;
}

static gboolean
fill_kind (XhStore *self, const XhExtract *what, XhStoreKind *kind, GError **error)
{
  const XhKind *k = kind->kind;
  g_autoptr (GString) names = g_string_new ("rid"), values = g_string_new ("k.rid");

  for (guint i = 0; i < k->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (k->fields, i);

      if (is_hidden (what, field))
        continue;
      g_string_append_printf (names, ", \"%s\"", field->name);
      g_string_append_printf (values, ", k.\"%s\"", field->name);
      if (!xh_store_is_sorted (kind, field))
        continue;
      g_string_append_printf (names, ", \"_sort_%s\"", field->name);
      g_string_append_printf (values, ", k.\"_sort_%s\"", field->name);
    }
  return xh_store_exec_format (self, error,
                               "INSERT INTO main.\"%s\"(%s) SELECT %s FROM source.\"%s\" k CROSS JOIN main.record r ON r.rid = k.rid"
                               " ORDER BY k.rid",
                               k->table, names->str, values->str, k->table)
         && (kind->search_table == NULL
             || xh_store_exec_format (self, error, "INSERT INTO search_queue(kind, rid) SELECT '%s', rid FROM main.\"%s\"", k->name, k->table));
}

static gboolean
fill_kinds (XhStore *self, const XhExtract *what, GError **error)
{
  for (guint i = 0; i < self->n_kinds; i++)
    if (is_readable (what, self->kinds[i].kind) && !fill_kind (self, what, &self->kinds[i], error))
      return FALSE;
  return xh_store_exec (self, "INSERT INTO state_count SELECT kind, state, count(*) FROM main.record WHERE state IS NOT NULL GROUP BY kind, state", error)
         && xh_store_exec (self, "INSERT INTO main.subject_alias SELECT a.code, a.rid FROM source.subject_alias a CROSS JOIN main.record r ON r.rid = a.rid"
                                 " WHERE r.subject IS NOT NULL", error);
}

/* --- what is derived anew */

#define CHUNK 1000

static gboolean
read_rids (XhStore *self, const XhKind *kind, gint64 after, GArray *rids, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rid FROM main.\"%s\" WHERE rid > ?1 ORDER BY rid LIMIT ?2", kind->table);
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  g_array_set_size (rids, 0);
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int (statement, 2, CHUNK);
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      const gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
    }
  return code == SQLITE_DONE;
}

static gboolean
put_again (XhStore *self, gint64 rid, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load_rid (self, rid, error);

  return record != NULL && xh_store_put (self, record, error);
}

static gboolean
derive_kind (XhStore *self, const XhKind *kind, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 last = G_MININT64;

  do
    {
      if (!read_rids (self, kind, last, rids, error))
        return FALSE;
      for (guint i = 0; i < rids->len; i++)
        {
          last = g_array_index (rids, gint64, i);
          if (!put_again (self, last, error))
            return FALSE;
        }
    }
  while (rids->len > 0);
  return TRUE;
}

static gboolean
derive_kinds (XhStore *self, const XhExtract *what, GError **error)
{
  for (guint i = 0; i < self->n_kinds; i++)
    {
      const XhKind *kind = self->kinds[i].kind;

      if (is_readable (what, kind) && is_derived_here (what, kind) && !derive_kind (self, kind, error))
        return FALSE;
    }
  return TRUE;
}

/* --- all together */

static gboolean
fill (XhStore *self, const XhExtract *what, gint64 *n_rows, GError **error)
{
  g_autoptr (GPtrArray) texts = take_away (self, error);

  return texts != NULL && what->note (self, what->data, error) && fill_spine (self, what, n_rows, error)
         && fill_kinds (self, what, error) && run_all (self, texts, error) && derive_kinds (self, what, error);
}

static gboolean
attach (XhStore *self, const char *source, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "ATTACH ?1 AS source", error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, source);
  return xh_store_run (self, statement, error);
}

static gboolean
extract (XhCatalog *catalog, const XhExtract *what, const char *path, gint64 *n_rows, GError **error)
{
  g_autoptr (XhStore) self = xh_store_open (path, catalog, XH_STORE_SCRATCH, error);
  gboolean done;

  if (self == NULL || !xh_store_exec (self, CACHE, error) || !attach (self, what->source, error))
    return FALSE;
  xh_store_set_cancellable (self, what->cancellable);
  if (!xh_store_begin (self, error))
    return FALSE;
  done = fill (self, what, n_rows, error);
  /* What the rows left for the search index is for who adopts them: nothing is indexed here. */
  self->to_index = 0;
  if (done && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

static gboolean
create_file (const char *path, GError **error)
{
  const int file = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (file < 0)
    g_set_error (error, XH_STORE_ERROR, errno == ENOSPC || errno == EDQUOT ? XH_STORE_ERROR_FULL : XH_STORE_ERROR_DATABASE, "%s: %s", path,
                 g_strerror (errno));
  else
    close (file);
  return file >= 0;
}

/**
 * xh_store_extract:
 * @catalog: the definitions of both stores
 * @what: whose rows, out of which database
 * @path: file to make, of a name that is not there yet: XH_STORE_ERROR_DATABASE where it is. Removed where it fails
 * @n_rows: (out): records in it
 *
 * Everything is of one moment of the source. Rows that were deleted are not there, nor is anything of the role's hidden fields. Takes its time
 * and belongs on a thread of its own; memory does not grow with the rows. The search index is left to the reader, as after any bulk.
 */
gboolean
xh_store_extract (XhCatalog *catalog, const XhExtract *what, const char *path, gint64 *n_rows, GError **error)
{
  g_return_val_if_fail (what->source != NULL && what->scope != NULL && what->note != NULL, FALSE);

  /* Never one that is there: it may be somebody's database. */
  if (!create_file (path, error))
    return FALSE;
  if (extract (catalog, what, path, n_rows, error))
    return TRUE;
  g_unlink (path);
  return FALSE;
}
