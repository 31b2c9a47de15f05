/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store knows of each kind before it has seen the database: the columns it keeps beside the fields, and its statements. */
#include "xh-store-private.h"

#include <string.h>

#include "model/xh-evaluator.h"
#include "model/xh-spine.h"
#include "model/xh-sql.h"

static gboolean
is_indexed_alone (const XhKind *kind, const XhField *field)
{
  for (guint i = 0; i < kind->indexes->len; i++)
    {
      char **names = g_ptr_array_index (kind->indexes, i);

      if (names[0] != NULL && strcmp (names[0], field->name) == 0)
        return TRUE;
    }
  for (guint i = 0; i < kind->unique_keys->len; i++)
    {
      char **names = g_ptr_array_index (kind->unique_keys, i);

      if (names[0] != NULL && strcmp (names[0], field->name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Names are found by their sound, too; that is the subject's name, or else the first searched text. A long address would cost
 * three times the index for what nobody types. */
static XhSearchMode
search_mode (const XhKind *kind, const XhField *field, gboolean *named)
{
  if (field->sensitive || field->type == XH_FIELD_ID_NUMBER || field->type == XH_FIELD_PHONE)
    return XH_SEARCH_NUMBER;
  if (field->type == XH_FIELD_TEXT && !*named
      && (kind->subject_name == NULL || xh_kind_find_field (kind, kind->subject_name) == NULL
          || strcmp (kind->subject_name, field->name) == 0))
    {
      *named = TRUE;
      return XH_SEARCH_NAME;
    }
  if (field->type == XH_FIELD_USCC || field->type == XH_FIELD_TEXT)
    return is_indexed_alone (kind, field) ? XH_SEARCH_CODE : XH_SEARCH_TEXT;
  return XH_SEARCH_TEXT;
}

static void
init_lists (XhStoreKind *self)
{
  const XhKind *kind = self->kind;
  gboolean named = FALSE;

  self->sorted = g_ptr_array_new ();
  self->searched = g_array_new (FALSE, FALSE, sizeof (XhSearchField));
  for (guint i = 0; i < kind->list_fields->len; i++)
    {
      XhField *field = g_ptr_array_index (kind->list_fields, i);

      if (field->type == XH_FIELD_TEXT)
        g_ptr_array_add (self->sorted, field);
    }
  for (guint i = 0; i < kind->search_fields->len; i++)
    {
      XhField *field = g_ptr_array_index (kind->search_fields, i);
      XhSearchField searched = { field, search_mode (kind, field, &named) };

      g_array_append_val (self->searched, searched);
    }
  if (self->searched->len > 0)
    self->search_table = g_strconcat ("s_", kind->table + strlen ("k_"), NULL);
}

static void
init_writes (XhStoreKind *self)
{
  const XhKind *kind = self->kind;
  GString *insert = g_string_new (NULL), *update = g_string_new (NULL);
  guint n = kind->fields->len + self->sorted->len;

  g_string_printf (insert, "INSERT INTO \"%s\"(rid", kind->table);
  g_string_printf (update, "UPDATE \"%s\" SET ", kind->table);
  for (guint i = 0; i < n; i++)
    {
      const gboolean is_key = i >= kind->fields->len;
      const XhField *field = is_key ? g_ptr_array_index (self->sorted, i - kind->fields->len) : g_ptr_array_index (kind->fields, i);

      g_string_append_printf (insert, ", \"%s%s\"", is_key ? "_sort_" : "", field->name);
      g_string_append_printf (update, "%s\"%s%s\" = ?%u", i > 0 ? ", " : "", is_key ? "_sort_" : "", field->name, i + 2);
    }
  g_string_append (insert, ") VALUES (?1");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (insert, ", ?%u", i + 2);
  g_string_append_c (insert, ')');
  g_string_append (update, n > 0 ? " WHERE rid = ?1" : "rid = rid WHERE rid = ?1");
  self->insert_sql = g_string_free (insert, FALSE);
  self->update_sql = g_string_free (update, FALSE);
}

/* Whether an index may have the field, or the sort key made of it. */
static gboolean
is_indexed (XhStoreKind *self, const XhField *field)
{
  const XhKind *kind = self->kind;
  GPtrArray *const keys[] = { kind->unique_keys, kind->indexes };

  if (kind->subject_self && kind->subject_also != NULL && g_strv_contains ((const char *const *) kind->subject_also, field->name))
    return TRUE;
  if (field->type == XH_FIELD_LINK || g_ptr_array_find (kind->list_fields, field, NULL))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint j = 0; j < keys[i]->len; j++)
      if (g_strv_contains (g_ptr_array_index (keys[i], j), field->name))
        return TRUE;
  return FALSE;
}

/* Other kinds fetch from this one by this field. */
static gboolean
is_fetched_by (XhStore *store, const XhKind *kind, const XhField *field)
{
  for (guint i = 0; i < store->n_kinds; i++)
    for (guint j = 0; j < store->kinds[i].kind->references->len; j++)
      {
        const XhReference *reference = g_ptr_array_index (store->kinds[i].kind->references, j);

        if (strcmp (reference->from, kind->name) == 0 && strcmp (reference->match_theirs, field->name) == 0)
          return TRUE;
      }
  return FALSE;
}

gboolean
xh_store_leads_index (XhStore *self, const XhKind *kind, const XhField *field)
{
  return field->type == XH_FIELD_LINK || is_indexed_alone (kind, field) || is_fetched_by (self, kind, field);
}

static void
init_renew (XhStore *store, XhStoreKind *self)
{
  g_autoptr (GString) set = g_string_new (NULL), where = g_string_new ("rid = ?1");

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (is_indexed (self, field) || is_fetched_by (store, self->kind, field))
        g_string_append_printf (where, " AND \"%s\" IS ?%u", field->name, i + 2);
      else
        g_string_append_printf (set, "%s\"%s\" = ?%u", set->len > 0 ? ", " : "", field->name, i + 2);
    }
  self->renew_sql = g_strdup_printf ("UPDATE \"%s\" SET %s WHERE %s", self->kind->table, set->len > 0 ? set->str : "rid = rid",
                                     where->str);
}

static void
init_reads (XhStoreKind *self)
{
  const XhKind *kind = self->kind;
  GString *select = g_string_new ("SELECT " XH_SPINE_COLUMNS);
  GString *search = g_string_new ("SELECT ");

  for (guint i = 0; i < kind->fields->len; i++)
    g_string_append_printf (select, ", k.\"%s\"", ((XhField *) g_ptr_array_index (kind->fields, i))->name);
  g_string_append_printf (select, " FROM record r JOIN \"%s\" k ON k.rid = r.rid WHERE r.rid = ?1", kind->table);
  self->select_sql = g_string_free (select, FALSE);
  for (guint i = 0; i < self->searched->len; i++)
    g_string_append_printf (search, "%s\"%s\"", i > 0 ? ", " : "", g_array_index (self->searched, XhSearchField, i).field->name);
  g_string_append_printf (search, " FROM \"%s\" WHERE rid = ?1", kind->table);
  self->search_sql = g_string_free (search, FALSE);
}

/* Joining a reference that nothing asks for could mean grouping a whole table. */
char *
xh_store_source_for (const XhKind *kind, const char *expressions)
{
  g_autoptr (GPtrArray) needed = g_ptr_array_new ();

  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      if (xh_sql_mentions (expressions, reference->name))
        g_ptr_array_add (needed, reference->name);
    }
  return xh_kind_source_sql (kind, needed);
}

static char *
select_of_row (const XhKind *kind, const char *expressions)
{
  g_autofree char *source = xh_store_source_for (kind, expressions);

  return g_strdup_printf ("SELECT %s FROM (%s) WHERE rid = ?1", expressions, source);
}

/* --- due dates */

/* Appends what a record's own values are called in the expression. FALSE: it asks for what only the stored row knows. */
static gboolean
add_names (const XhKind *kind, const char *expression, GPtrArray *names)
{
  for (guint i = 0; i < XH_N_SPINE_COLUMNS; i++)
    if ((xh_spine_columns[i].flags & XH_SPINE_IS_GIVEN) == 0 && xh_sql_mentions (expression, xh_spine_columns[i].name))
      return FALSE;
  for (guint i = 0; i < kind->references->len; i++)
    if (xh_sql_mentions (expression, ((XhReference *) g_ptr_array_index (kind->references, i))->name))
      return FALSE;
  for (guint i = 0; i < XH_N_SPINE_COLUMNS; i++)
    if ((xh_spine_columns[i].flags & XH_SPINE_IS_GIVEN) != 0 && xh_sql_mentions (expression, xh_spine_columns[i].name))
      g_ptr_array_add (names, (gpointer) xh_spine_columns[i].name);
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (xh_sql_mentions (expression, field->name))
        g_ptr_array_add (names, field->name);
    }
  return TRUE;
}

/* The casts change no value: they make comparisons go by the column's type, as they do over the stored row. */
static char *
select_of_values (const XhKind *kind, const char *expression, GPtrArray *names)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT %s FROM (SELECT NULL", expression);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      const XhField *field = xh_kind_find_field (kind, name);
      const char *type = field != NULL ? xh_sql_column_type (field->type) : strcmp (name, "deleted") == 0 ? "INTEGER" : "TEXT";

      g_string_append_printf (sql, ", CAST(?%u AS %s) AS \"%s\"", i + 1, type, name);
    }
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

static void
clear_due (gpointer data)
{
  XhStoreDue *due = data;

  sqlite3_finalize (due->statement);
  g_clear_pointer (&due->names, g_ptr_array_unref);
  g_free (due->sql);
}

static void
init_dues (XhStoreKind *self)
{
  const XhKind *kind = self->kind;

  self->dues = g_array_new (FALSE, TRUE, sizeof (XhStoreDue));
  g_array_set_clear_func (self->dues, clear_due);
  for (guint i = 0; i < kind->dues->len; i++)
    {
      const XhDue *due = g_ptr_array_index (kind->dues, i);
      XhStoreDue own = { .due = due, .field = xh_kind_find_field (kind, due->date) };
      g_autoptr (GPtrArray) names = g_ptr_array_new ();

      if (own.field == NULL && add_names (kind, due->date, names))
        {
          own.sql = select_of_values (kind, due->date, names);
          own.names = g_steal_pointer (&names);
        }
      else if (own.field == NULL)
        {
          own.sql = select_of_row (kind, due->date);
          self->has_stored_due = TRUE;
        }
      g_array_append_val (self->dues, own);
    }
}

void
xh_store_kinds_init (XhStore *self)
{
  GPtrArray *kinds = xh_catalog_get_kinds (self->catalog);

  self->n_kinds = kinds->len;
  self->kinds = g_new0 (XhStoreKind, kinds->len);
  for (guint i = 0; i < kinds->len; i++)
    self->kinds[i].kind = g_ptr_array_index (kinds, i);
  for (guint i = 0; i < kinds->len; i++)
    init_lists (&self->kinds[i]);
}

/* The texts of statements, when the kind is first asked for: a connection that shows a list needs one kind of a hundred, and making the texts
 * of all took half of its opening. */
XhStoreKind *
xh_store_kind_ready (XhStore *self, XhStoreKind *kind)
{
  if (kind->title_sql != NULL)
    return kind;
  init_writes (kind);
  init_renew (self, kind);
  init_reads (kind);
  init_dues (kind);
  kind->title_sql = select_of_row (kind->kind, kind->kind->title);
  return kind;
}

void
xh_store_kinds_clear (XhStore *self)
{
  for (guint i = 0; i < self->n_kinds; i++)
    {
      XhStoreKind *kind = &self->kinds[i];

      sqlite3_finalize (kind->select);
      sqlite3_finalize (kind->insert);
      sqlite3_finalize (kind->update);
      sqlite3_finalize (kind->renew);
      sqlite3_finalize (kind->search);
      sqlite3_finalize (kind->lines);
      g_free (kind->lines_sql);
      g_free (kind->work);
      g_strfreev (kind->reference_sql);
      g_ptr_array_unref (kind->sorted);
      g_array_unref (kind->searched);
      g_free (kind->search_table);
      g_free (kind->select_sql);
      g_free (kind->insert_sql);
      g_free (kind->update_sql);
      g_free (kind->search_sql);
      g_free (kind->renew_sql);
      g_clear_pointer (&kind->dues, g_array_unref);
      g_free (kind->title_sql);
    }
  g_clear_pointer (&self->kinds, g_free);
  g_clear_pointer (&self->work_role, g_free);
  self->n_kinds = 0;
}

/* A kind of the store's catalog, or the one of the same name in another load of it. */
XhStoreKind *
xh_store_kind (XhStore *self, const XhKind *kind)
{
  if (kind->index < self->n_kinds && self->kinds[kind->index].kind == kind)
    return xh_store_kind_ready (self, &self->kinds[kind->index]);
  for (guint i = 0; i < self->n_kinds; i++)
    if (strcmp (self->kinds[i].kind->name, kind->name) == 0)
      return xh_store_kind_ready (self, &self->kinds[i]);
  g_critical ("The store has no kind %s", kind->name);
  return NULL;
}

gboolean
xh_store_is_sorted (XhStoreKind *self, const XhField *field)
{
  return g_ptr_array_find (self->sorted, field, NULL);
}
