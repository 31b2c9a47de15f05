/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A table for each kind. What a field was is kept in the table "field", because SQLite's types are too coarse to tell a date that
 * became a text: stored values never change their meaning in place. */
#include "xh-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-evaluator.h"
#include "model/xh-sql.h"
#include "xh-sort-key.h"

#define SORT_VERSION_KEY "sort-key-version"
#define TABLES_VERSION   2 /* counts up when this file makes other columns or indexes of the same definitions */

/* Names in the table "field": part of the file's format. */
static const char *
type_name (const XhField *field)
{
  static const char *const names[] = {
    [XH_FIELD_TEXT] = "text", [XH_FIELD_LONG_TEXT] = "longtext", [XH_FIELD_INTEGER] = "integer",
    [XH_FIELD_DECIMAL] = "decimal", [XH_FIELD_MONEY] = "money", [XH_FIELD_DATE] = "date",
    [XH_FIELD_BOOLEAN] = "boolean", [XH_FIELD_CHOICE] = "choice", [XH_FIELD_CHOICES] = "choices",
    [XH_FIELD_DIVISION] = "division", [XH_FIELD_UNIT] = "unit", [XH_FIELD_ID_NUMBER] = "id-number",
    [XH_FIELD_USCC] = "uscc", [XH_FIELD_PHONE] = "phone", [XH_FIELD_LINK] = "link",
    [XH_FIELD_TABLE] = "table", [XH_FIELD_FILES] = "files",
  };

  return names[field->type];
}

/* --- columns */

static GHashTable *
read_columns (XhStore *self, const char *table, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT name FROM pragma_table_info(?1)", error);
  GHashTable *columns;

  if (statement == NULL)
    return NULL;
  columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  xh_sql_bind_text (statement, 1, table);
  while (xh_store_step (self, statement, error) == SQLITE_ROW)
    g_hash_table_add (columns, xh_sql_column_text (statement, 0));
  return columns;
}

/* Short text may become long text: every value stays what it was. */
static gboolean
may_become (const char *was, const char *now)
{
  return strcmp (was, now) == 0 || (strcmp (was, "text") == 0 && strcmp (now, "longtext") == 0);
}

static gboolean
check_type (const XhField *field, const char *was, GError **error)
{
  if (was == NULL || may_become (was, type_name (field)))
    return TRUE;
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID,
               _("Register %s: field %s was of type %s and cannot become %s. Give the new field another name."), field->kind->name,
               field->name, was, type_name (field));
  return FALSE;
}

static gboolean
note_field (XhStore *self, const XhField *field, GError **error)
{
  sqlite3_stmt *read = xh_store_statement (self, "SELECT type FROM field WHERE kind = ?1 AND name = ?2", error);
  sqlite3_stmt *write;
  g_autofree char *was = NULL;

  if (read == NULL)
    return FALSE;
  xh_sql_bind_text (read, 1, field->kind->name);
  xh_sql_bind_text (read, 2, field->name);
  if (sqlite3_step (read) == SQLITE_ROW)
    was = xh_sql_column_text (read, 0);
  sqlite3_reset (read);
  if (!check_type (field, was, error))
    return FALSE;
  write = xh_store_statement (self,
                              "INSERT INTO field(kind, name, type, since) VALUES (?1, ?2, ?3, ?4)"
                              " ON CONFLICT DO UPDATE SET type = ?3, retired = NULL",
                              error);
  if (write == NULL)
    return FALSE;
  xh_sql_bind_text (write, 1, field->kind->name);
  xh_sql_bind_text (write, 2, field->name);
  xh_sql_bind_text (write, 3, type_name (field));
  sqlite3_bind_int (write, 4, (int) field->kind->version);
  return xh_store_run (self, write, error);
}

/* Their columns and values stay where they are. */
static gboolean
note_retired (XhStore *self, const XhKind *kind, GError **error)
{
  sqlite3_stmt *read = xh_store_statement (self, "SELECT name FROM field WHERE kind = ?1 AND retired IS NULL", error);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);

  if (read == NULL)
    return FALSE;
  xh_sql_bind_text (read, 1, kind->name);
  while (xh_store_step (self, read, error) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (read, 0);

      if (xh_kind_find_field (kind, name) == NULL)
        g_ptr_array_add (gone, g_strdup (name));
    }
  for (guint i = 0; i < gone->len; i++)
    {
      sqlite3_stmt *write = xh_store_statement (self, "UPDATE field SET retired = ?3 WHERE kind = ?1 AND name = ?2", error);

      if (write == NULL)
        return FALSE;
      xh_sql_bind_text (write, 1, kind->name);
      xh_sql_bind_text (write, 2, g_ptr_array_index (gone, i));
      sqlite3_bind_int (write, 3, (int) kind->version);
      if (!xh_store_run (self, write, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill_sort_keys (XhStore *self, XhStoreKind *kind, const XhField *field, GError **error)
{
  return xh_store_exec_format (self, error, "UPDATE \"%s\" SET \"_sort_%s\" = xh_sort_key(\"%s\")", kind->kind->table, field->name,
                               field->name);
}

static gboolean
add_columns (XhStore *self, XhStoreKind *kind, GError **error)
{
  g_autoptr (GHashTable) columns = read_columns (self, kind->kind->table, error);

  if (columns == NULL)
    return FALSE;
  for (guint i = 0; i < kind->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->kind->fields, i);

      if (!note_field (self, field, error))
        return FALSE;
      if (!g_hash_table_contains (columns, field->name)
          && !xh_store_exec_format (self, error, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", kind->kind->table, field->name, xh_sql_column_type (field->type)))
        return FALSE;
    }
  for (guint i = 0; i < kind->sorted->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->sorted, i);
      g_autofree char *name = g_strconcat ("_sort_", field->name, NULL);

      if (!g_hash_table_contains (columns, name)
          && (!xh_store_exec_format (self, error, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" BLOB", kind->kind->table, name)
              || !fill_sort_keys (self, kind, field, error)))
        return FALSE;
    }
  return note_retired (self, kind->kind, error);
}

/* --- indexes */

static void
want_index (XhStoreKind *kind, GHashTable *wanted, const char *const *names, gboolean keys)
{
  const XhKind *k = kind->kind;
  g_autoptr (GString) columns = g_string_new (NULL), name = g_string_new ("i_");
  g_autofree char *prefix = NULL;

  g_string_append (name, k->table + strlen ("k_"));
  for (guint i = 0; names[i] != NULL; i++)
    {
      const XhField *field = xh_kind_find_field (k, names[i]);

      if (field == NULL)
        return; /* a spine name: the spine has its own indexes */
      g_string_append_printf (name, "__%s%s", names[i], keys ? "_key" : "");
      g_string_append_printf (columns, "%s\"%s%s\"", i > 0 ? ", " : "", keys ? "_sort_" : "", names[i]);
    }
  g_hash_table_insert (wanted, g_strdup (name->str),
                       g_strdup_printf ("CREATE INDEX \"%s\" ON \"%s\"(%s)", name->str, k->table, columns->str));
}

static void
want_field_index (XhStoreKind *kind, GHashTable *wanted, const char *field)
{
  const char *const names[] = { field, NULL };

  want_index (kind, wanted, names, FALSE);
}

/* Other kinds fetch from this one by these fields. */
static void
want_reference_indexes (XhStore *self, XhStoreKind *kind, GHashTable *wanted)
{
  for (guint i = 0; i < self->n_kinds; i++)
    {
      GPtrArray *references = self->kinds[i].kind->references;

      for (guint j = 0; j < references->len; j++)
        {
          const XhReference *reference = g_ptr_array_index (references, j);

          if (strcmp (reference->from, kind->kind->name) == 0 && strcmp (reference->match_theirs, "id") != 0)
            want_field_index (kind, wanted, reference->match_theirs);
        }
    }
}

static gboolean
begins_another (GHashTable *wanted, const char *name)
{
  g_autofree char *start = g_strconcat (name, "__", NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, start))
      return TRUE;
  return FALSE;
}

/* Every index costs each put about 2 µs, so there is one for what is looked up and for the first list column, by which a list is
 * usually sorted. Another column is sorted by reading the table once; xh-query-order.c makes its index where a person did that. */
static GHashTable *
wanted_indexes (XhStore *self, XhStoreKind *kind)
{
  const XhKind *k = kind->kind;
  GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name;

  for (guint i = 0; i < k->unique_keys->len; i++)
    want_index (kind, wanted, g_ptr_array_index (k->unique_keys, i), FALSE);
  for (guint i = 0; i < k->indexes->len; i++)
    want_index (kind, wanted, g_ptr_array_index (k->indexes, i), FALSE);
  for (guint i = 0; i < k->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (k->fields, i);

      if (field->type == XH_FIELD_LINK)
        want_field_index (kind, wanted, field->name);
    }
  for (guint i = 0; k->subject_self && k->subject_also != NULL && k->subject_also[i] != NULL; i++)
    want_field_index (kind, wanted, k->subject_also[i]);
  want_reference_indexes (self, kind, wanted);
  if (k->list_fields->len > 0)
    {
      const XhField *first = g_ptr_array_index (k->list_fields, 0);
      const char *const names[] = { first->name, NULL };

      want_index (kind, wanted, names, xh_store_is_sorted (kind, first));
    }
  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (begins_another (wanted, name))
      g_hash_table_iter_remove (&iter);
  return wanted;
}

static gboolean
migrate_indexes (XhStore *self, XhStoreKind *kind, GError **error)
{
  g_autoptr (GHashTable) wanted = wanted_indexes (self, kind);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *read = xh_store_statement (self, "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1 AND name LIKE 'i\\_%' ESCAPE '\\'", error);
  GHashTableIter iter;
  gpointer sql;

  if (read == NULL)
    return FALSE;
  xh_sql_bind_text (read, 1, kind->kind->table);
  while (xh_store_step (self, read, error) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (read, 0);

      if (!g_hash_table_remove (wanted, name))
        g_ptr_array_add (gone, g_strdup (name));
    }
  for (guint i = 0; i < gone->len; i++)
    if (!xh_store_exec_format (self, error, "DROP INDEX \"%s\"", (char *) g_ptr_array_index (gone, i)))
      return FALSE;
  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, NULL, &sql))
    if (!xh_store_exec (self, sql, error))
      return FALSE;
  return TRUE;
}

/* --- all together */

/* A new table with all its columns at once: SQLite reads the whole schema again for each column that is added later, and a county has
 * two thousand of them. */
static gboolean
create_table (XhStore *self, XhStoreKind *kind, GError **error)
{
  GString *sql = g_string_new (NULL);
  gboolean created;

  g_string_append_printf (sql, "CREATE TABLE IF NOT EXISTS \"%s\"(rid INTEGER PRIMARY KEY", kind->kind->table);
  for (guint i = 0; i < kind->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->kind->fields, i);

      g_string_append_printf (sql, ", \"%s\" %s", field->name, xh_sql_column_type (field->type));
    }
  for (guint i = 0; i < kind->sorted->len; i++)
    g_string_append_printf (sql, ", \"_sort_%s\" BLOB", ((const XhField *) g_ptr_array_index (kind->sorted, i))->name);
  g_string_append_c (sql, ')');
  created = xh_store_exec (self, sql->str, error);
  g_string_free (sql, TRUE);
  return created;
}

static gboolean
migrate_kind (XhStore *self, XhStoreKind *kind, GError **error)
{
  return create_table (self, kind, error) && add_columns (self, kind, error) && migrate_indexes (self, kind, error)
         && xh_store_order_migrate (self, kind->kind, error) && xh_store_subject_migrate (self, kind, error);
}

static gboolean
renew_sort_keys (XhStore *self, GError **error)
{
  g_autofree char *stored = xh_store_meta_get (self, SORT_VERSION_KEY), *present = xh_sort_key_version ();

  if (g_strcmp0 (stored, present) == 0)
    return TRUE;
  for (guint i = 0; i < self->n_kinds; i++)
    for (guint j = 0; j < self->kinds[i].sorted->len; j++)
      if (!fill_sort_keys (self, &self->kinds[i], g_ptr_array_index (self->kinds[i].sorted, j), error))
        return FALSE;
  return xh_store_meta_set (self, SORT_VERSION_KEY, present, error);
}

/* Nothing to do is the usual case and must cost nothing: the catalog that the tables were made for is remembered. */
gboolean
xh_store_tables_migrate (XhStore *self, GError **error)
{
  g_autofree char *hash = g_strdup_printf ("%s/%d", xh_catalog_get_hash (self->catalog), TABLES_VERSION);
  g_autofree char *made_for = xh_store_meta_get (self, "catalog-hash");

  if (g_strcmp0 (made_for, hash) != 0)
    {
      for (guint i = 0; i < self->n_kinds; i++)
        if (!migrate_kind (self, &self->kinds[i], error))
          return FALSE;
      if (!xh_store_meta_set (self, "catalog-hash", hash, error))
        return FALSE;
    }
  return renew_sort_keys (self, error) && xh_store_search_renew (self, error);
}
