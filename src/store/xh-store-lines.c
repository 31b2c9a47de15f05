/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows of lists that mix kinds: title, subject and date of many records of a kind by one statement.
 *
 * A title is an expression, and so are references and computed values: they may be made of fields that a role may not read. On a client
 * such fields are empty, as the server sends none of them, and a title is made of what is there. A server's store holds them: there a title
 * that names what the role may not read, itself or through a reference, is left out whole. What a computed field is made of is its
 * definition's own affair: it has read_roles of its own. */
#include "xh-store-private.h"

#include <string.h>

#include "model/xh-sql.h"

/* --- what a role may read */

static gboolean
mentions_hidden (const XhKind *kind, const char *expression, const char *role)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->read_roles != NULL && xh_sql_mentions (expression, field->name) && !xh_kind_may (kind, field->read_roles, role))
        return TRUE;
    }
  return FALSE;
}

static gboolean
may_read_expression (const XhKind *kind, const char *expression, const char *role)
{
  if (role == NULL)
    return TRUE;
  if (mentions_hidden (kind, expression, role))
    return FALSE;
  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);
      const XhKind *from = xh_catalog_find_kind (kind->catalog, reference->from);

      if (xh_sql_mentions (expression, reference->name)
          && (from == NULL || !xh_kind_may (from, from->read_roles, role) || mentions_hidden (from, reference->value, role)))
        return FALSE;
    }
  return TRUE;
}

/* The kind's own date: the first of the list's columns that is one, unless it is still to come: a term is no event. (transfer full) */
static char *
date_sql (const XhKind *kind, const char *role)
{
  for (guint i = 0; i < kind->list_fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->list_fields, i);

      if (field->type == XH_FIELD_DATE && may_read_expression (kind, field->name, role))
        return g_strdup_printf ("coalesce(iif(%s <= date('now', 'localtime'), %s, NULL), date(created_at, 'localtime'))", field->name, field->name);
    }
  return g_strdup ("date(created_at, 'localtime')");
}

static char *
lines_sql (const XhKind *kind, const char *role)
{
  const gboolean titled = may_read_expression (kind, kind->title, role);
  const gboolean named = kind->subject_name != NULL && may_read_expression (kind, kind->subject_name, role);
  g_autofree char *date = date_sql (kind, role);
  g_autofree char *columns = g_strdup_printf ("rid, id, state, due, division, %s%s%s, %s, %s", titled ? "(" : "", titled ? kind->title : "NULL",
                                              titled ? ")" : "", named ? kind->subject_name : "NULL", date);
  g_autofree char *source = xh_store_source_for (kind, columns);

  return g_strdup_printf ("SELECT %s FROM (%s) WHERE rid IN (SELECT value FROM json_each(?1))", columns, source);
}

/* --- reading */

static void
line_free (gpointer data)
{
  XhLine *line = data;

  g_free (line->id);
  g_free (line->state);
  g_free (line->due);
  g_free (line->division);
  g_free (line->title);
  g_free (line->subject);
  g_free (line->date);
  g_free (line);
}

static XhLine *
line_from_row (sqlite3_stmt *statement)
{
  XhLine *line = g_new0 (XhLine, 1);

  line->rid = sqlite3_column_int64 (statement, 0);
  line->id = xh_sql_column_text (statement, 1);
  line->state = xh_sql_column_text (statement, 2);
  line->due = xh_sql_column_text (statement, 3);
  line->division = xh_sql_column_text (statement, 4);
  line->title = xh_sql_column_text (statement, 5);
  line->title = line->title != NULL ? g_strstrip (line->title) : g_strdup ("");
  line->subject = xh_sql_column_text (statement, 6);
  line->date = xh_sql_column_text (statement, 7);
  return line;
}

/* A client asks for the same lines again and again: their statement is kept with the kind. */
static sqlite3_stmt *
lines_statement (XhStore *self, XhStoreKind *kind, const char *role, GError **error)
{
  g_autofree char *sql = NULL;

  if (role != NULL && (self->flags & XH_STORE_SERVER) != 0)
    {
      sql = lines_sql (kind->kind, role);
      return xh_store_statement (self, sql, error);
    }
  if (kind->lines_sql == NULL)
    kind->lines_sql = lines_sql (kind->kind, NULL);
  return xh_store_kept (self, &kind->lines, kind->lines_sql, error);
}

GPtrArray *
xh_store_lines (XhStore *self, const XhKind *kind, const gint64 *rids, guint n, const char *role, GError **error)
{
  sqlite3_stmt *statement = lines_statement (self, xh_store_kind (self, kind), role, error);
  g_autoptr (GString) list = g_string_new ("[");
  g_autoptr (GPtrArray) lines = g_ptr_array_new_full (n, line_free);
  int code;

  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", rids[i]);
  g_string_append_c (list, ']');
  xh_sql_bind_text (statement, 1, list->str);
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (lines, line_from_row (statement));
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE ? g_steal_pointer (&lines) : NULL;
}
