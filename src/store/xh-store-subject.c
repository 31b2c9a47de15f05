/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The column record.subject and the table of former codes: both follow from the rows and the definitions. What they were made by is kept in
 * meta, so that a new definition of the subject makes them again. */
#include "xh-store-private.h"

#include <string.h>

/* SQL of what xh_record_subject_key() says, over the kind's table k and the spine. (nullable) (transfer full) */
static char *
key_sql (const XhKind *kind)
{
  GString *sql;

  if (kind->subject_codes == NULL)
    return NULL;
  sql = g_string_new ("coalesce(");
  for (guint i = 0; kind->subject_codes[i] != NULL; i++)
    if (strcmp (kind->subject_codes[i], "id") == 0)
      g_string_append (sql, "record.id, ");
    else
      g_string_append_printf (sql, "nullif(CAST(k.\"%s\" AS TEXT), ''), ", kind->subject_codes[i]);
  g_string_append (sql, "NULL)");
  return g_string_free (sql, FALSE);
}

static gboolean
derive_keys (XhStore *self, const XhKind *kind, const char *key, GError **error)
{
  if (key == NULL)
    return xh_store_exec_format (self, error, "UPDATE record SET subject = NULL WHERE kind = '%s' AND subject IS NOT NULL", kind->name);
  return xh_store_exec_format (self, error, "UPDATE record SET subject = (SELECT %s FROM \"%s\" k WHERE k.rid = record.rid) WHERE kind = '%s'",
                               key, kind->table, kind->name);
}

#define ALIASES_SQL \
  "INSERT OR IGNORE INTO subject_alias SELECT json_extract(e.value, '$.code'), k.rid FROM \"%s\" k, json_each(k.\"%s\") e" \
  " WHERE json_valid(k.\"%s\") AND json_extract(e.value, '$.code') <> ''%s"

static gboolean
derive_aliases (XhStore *self, const XhKind *kind, GError **error)
{
  const char *field = kind->subject_aliases;

  if (!xh_store_exec_format (self, error, "DELETE FROM subject_alias WHERE rid IN (SELECT rid FROM \"%s\")", kind->table))
    return FALSE;
  return field == NULL || xh_store_exec_format (self, error, ALIASES_SQL, kind->table, field, field, "");
}

gboolean
xh_store_subject_migrate (XhStore *self, XhStoreKind *kind, GError **error)
{
  g_autofree char *key = key_sql (kind->kind), *name = g_strconcat ("subject/", kind->kind->name, NULL);
  g_autofree char *wanted = g_strdup_printf ("%s/%s", key != NULL ? key : "", kind->kind->subject_aliases != NULL ? kind->kind->subject_aliases : "");
  g_autofree char *made = xh_store_meta_get (self, name);

  if (g_strcmp0 (made, wanted) == 0)
    return TRUE;
  return derive_keys (self, kind->kind, key, error) && derive_aliases (self, kind->kind, error)
         && xh_store_meta_set (self, name, wanted, error);
}

static gboolean
run_on_row (XhStore *self, const char *sql, gint64 rid, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, rid);
  return xh_store_run (self, statement, error);
}

gboolean
xh_store_subject_write_aliases (XhStore *self, XhStoreKind *kind, const XhRecord *record, gboolean is_new, GError **error)
{
  const char *field = kind->kind->subject_aliases;
  g_autofree char *sql = NULL;

  if (field == NULL)
    return TRUE;
  if (!is_new && !run_on_row (self, "DELETE FROM subject_alias WHERE rid = ?1", record->rid, error))
    return FALSE;
  if (xh_value_is_null (xh_record_get (record, field)))
    return TRUE;
  sql = g_strdup_printf (ALIASES_SQL, kind->kind->table, field, field, " AND k.rid = ?1");
  return run_on_row (self, sql, record->rid, error);
}
