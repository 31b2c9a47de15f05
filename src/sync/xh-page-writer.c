/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-page-writer.h"

#include "model/xh-json.h"


struct _XhPageWriter
{
  GString *json;     /* (owned) */
  GString *leaves;   /* (owned) */
  guint n_columns;   /* of the kind that is being written; 0: none yet */
  gboolean has_rows; /* that kind has rows */
};

static void
append_column (GString *json, sqlite3_stmt *statement, int column)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (sqlite3_column_type (statement, column))
    {
    case SQLITE_INTEGER:
      g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, (gint64) sqlite3_column_int64 (statement, column));
      g_string_append (json, number);
      break;
    case SQLITE_FLOAT:
      g_ascii_formatd (number, sizeof number, "%.15g", sqlite3_column_double (statement, column));
      if (g_ascii_strtod (number, NULL) != sqlite3_column_double (statement, column))
        g_ascii_dtostr (number, sizeof number, sqlite3_column_double (statement, column));
      g_string_append (json, number);
      break;
    case SQLITE_TEXT:
      xh_json_append_text (json, (const char *) sqlite3_column_text (statement, column),
                             sqlite3_column_bytes (statement, column));
      break;
    default:
      g_string_append (json, "null");
      break;
    }
}

static void
end_kind (XhPageWriter *self)
{
  if (self->n_columns > 0)
    g_string_append (self->json, "]}");
}

XhPageWriter *
xh_page_writer_new (void)
{
  XhPageWriter *self = g_new0 (XhPageWriter, 1);

  self->json = g_string_new ("{\"kinds\":[");
  self->leaves = g_string_new (NULL);
  return self;
}

void
xh_page_writer_free (XhPageWriter *self)
{
  if (self == NULL)
    return;
  if (self->json != NULL)
    g_string_free (self->json, TRUE);
  g_string_free (self->leaves, TRUE);
  g_free (self);
}

/**
 * xh_page_writer_begin_kind:
 * @kind: whose rows follow
 * @columns: (element-type utf8): from xh_wire_columns(): those that the reader's role may see
 */
void
xh_page_writer_begin_kind (XhPageWriter *self, const XhKind *kind, GPtrArray *columns)
{
  g_return_if_fail (columns->len > 0);

  end_kind (self);
  g_string_append (self->json, self->n_columns > 0 ? ",{\"kind\":" : "{\"kind\":");
  xh_json_append_text (self->json, kind->name, -1);
  g_string_append (self->json, ",\"columns\":[");
  for (guint i = 0; i < columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (self->json, ',');
      xh_json_append_text (self->json, g_ptr_array_index (columns, i), -1);
    }
  g_string_append (self->json, "],\"rows\":[");
  self->n_columns = columns->len;
  self->has_rows = FALSE;
}

/**
 * xh_page_writer_add_row:
 * @statement: stands on a row that has the kind's columns side by side, in their order
 * @first_column: where the first of them is, from 0
 */
void
xh_page_writer_add_row (XhPageWriter *self, sqlite3_stmt *statement, int first_column)
{
  g_return_if_fail (self->n_columns > 0);

  g_string_append (self->json, self->has_rows ? ",\n[" : "\n[");
  self->has_rows = TRUE;
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (self->json, ',');
      append_column (self->json, statement, first_column + (int) i);
    }
  g_string_append_c (self->json, ']');
}

/**
 * xh_page_writer_add_leave:
 * @id: a record that has left what the reader may see
 */
void
xh_page_writer_add_leave (XhPageWriter *self, const char *id)
{
  if (self->leaves->len > 0)
    g_string_append_c (self->leaves, ',');
  xh_json_append_text (self->leaves, id, -1);
}

/**
 * xh_page_writer_finish:
 * @next: where the next page begins
 * @more: whether there is one now
 * @head: the ledger's last number
 * @length: (out)
 *
 * Returns: (transfer full): the page, zero-terminated. The writer is spent
 */
char *
xh_page_writer_finish (XhPageWriter *self, gint64 next, gboolean more, gint64 head, gsize *length)
{
  end_kind (self);
  g_string_append_printf (self->json, "],\"leaves\":[%s],\"next\":%" G_GINT64_FORMAT ",\"more\":%s,\"head\":%" G_GINT64_FORMAT "}\n",
                          self->leaves->str, next, more ? "true" : "false", head);
  *length = self->json->len;
  return g_string_free (g_steal_pointer (&self->json), FALSE);
}
