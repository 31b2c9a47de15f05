/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The record of a form as the single row of a virtual table: an expression reads the form's own values, and an edit writes
 * nothing to any database. SQLite's authorizer tells which names a statement reads while it is prepared. */

#include "xh-form-private.h"

#include <string.h>

#include "xh-evaluator.h"
#include "xh-spine.h"
#include "xh-sql.h"

typedef struct
{
  sqlite3_vtab base;
  XhForm *form;
} Row;

typedef struct
{
  sqlite3_vtab_cursor base;
  gboolean done;
} Cursor;

/* The columns of the form's row are the first of the spine's, see XhSpine. */
static const char *
get_spine_affinity (guint spine)
{
  return (xh_spine_columns[spine].flags & XH_SPINE_IS_INTEGER) != 0 ? "INTEGER" : "TEXT";
}

static char *
make_declaration (const XhKind *kind)
{
  GString *sql = g_string_new ("CREATE TABLE x(");

  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      g_string_append_printf (sql, "\"%s\" %s, ", field->name, xh_sql_column_type (field->type));
    }
  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      g_string_append_printf (sql, "\"%s\" %s, ", reference->name, xh_sql_column_type (reference->type));
    }
  for (guint i = 0; i < XH_N_SPINE; i++)
    g_string_append_printf (sql, "\"%s\" %s%s", xh_spine_columns[i].name, get_spine_affinity (i), i + 1 < XH_N_SPINE ? ", " : ")");
  return g_string_free (sql, FALSE);
}

static int
row_connect_cb (sqlite3 *db, void *data, int argc, const char *const *argv, sqlite3_vtab **table, char **message)
{
  XhForm *form = data;
  g_autofree char *sql = make_declaration (form->kind);
  int result = sqlite3_declare_vtab (db, sql);
  Row *row;

  if (result != SQLITE_OK)
    return result;
  row = g_new0 (Row, 1);
  row->form = form;
  *table = &row->base;
  return SQLITE_OK;
}

static int
row_disconnect_cb (sqlite3_vtab *table)
{
  g_free (table);
  return SQLITE_OK;
}

static int
row_best_index_cb (sqlite3_vtab *table, sqlite3_index_info *info)
{
  info->estimatedCost = 1;
  info->estimatedRows = 1;
  return SQLITE_OK;
}

static int
row_open_cb (sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
  *cursor = (sqlite3_vtab_cursor *) g_new0 (Cursor, 1);
  return SQLITE_OK;
}

static int
row_close_cb (sqlite3_vtab_cursor *cursor)
{
  g_free (cursor);
  return SQLITE_OK;
}

static int
row_filter_cb (sqlite3_vtab_cursor *cursor, int number, const char *text, int argc, sqlite3_value **argv)
{
  ((Cursor *) cursor)->done = FALSE;
  return SQLITE_OK;
}

static int
row_next_cb (sqlite3_vtab_cursor *cursor)
{
  ((Cursor *) cursor)->done = TRUE;
  return SQLITE_OK;
}

static int
row_eof_cb (sqlite3_vtab_cursor *cursor)
{
  return ((Cursor *) cursor)->done;
}

static int
row_column_cb (sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
  g_auto (XhValue) scratch = XH_VALUE_INIT;
  const XhValue *value = xh_form_read_slot (((Row *) cursor->pVtab)->form, (guint) column, &scratch);

  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      sqlite3_result_int64 (context, value->integer);
      break;
    case XH_VALUE_REAL:
      sqlite3_result_double (context, value->real);
      break;
    case XH_VALUE_TEXT:
      /* A statement is reset before anything of the form changes. */
      sqlite3_result_text (context, value->text, -1, value == &scratch ? SQLITE_TRANSIENT : SQLITE_STATIC);
      break;
    case XH_VALUE_NULL:
      break;
    }
  return SQLITE_OK;
}

static int
row_rowid_cb (sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
  *rowid = 1;
  return SQLITE_OK;
}

/* Without xCreate the table is there by its module's name, and nowhere else. */
static const sqlite3_module row_module = {
  .xConnect = row_connect_cb,
  .xDisconnect = row_disconnect_cb,
  .xBestIndex = row_best_index_cb,
  .xOpen = row_open_cb,
  .xClose = row_close_cb,
  .xFilter = row_filter_cb,
  .xNext = row_next_cb,
  .xEof = row_eof_cb,
  .xColumn = row_column_cb,
  .xRowid = row_rowid_cb,
};

guint
xh_form_row_find (const XhKind *kind, const char *name)
{
  const XhField *field = xh_kind_find_field (kind, name);
  const XhReference *reference;

  if (field != NULL)
    return field->index;
  reference = xh_kind_find_reference (kind, name);
  if (reference != NULL)
    return kind->fields->len + reference->index;
  for (guint i = 0; i < XH_N_SPINE; i++)
    if (strcmp (xh_spine_columns[i].name, name) == 0)
      return kind->fields->len + kind->references->len + i;
  return G_MAXUINT;
}

static void
note_read (XhForm *self, const char *name)
{
  guint slot = xh_form_row_find (self->kind, name);

  if (self->reading == NULL || slot == G_MAXUINT)
    return;
  for (guint i = 0; i < self->reading->len; i++)
    if (g_array_index (self->reading, guint, i) == slot)
      return;
  g_array_append_val (self->reading, slot);
}

/* The catalog's loader has linted every expression; this is the second lock, and tells what is read. */
static int
authorise_cb (void *data, int action, const char *a, const char *b, const char *database, const char *trigger)
{
  XhForm *self = data;

  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_FUNCTION:
      return SQLITE_OK;
    case SQLITE_READ:
      if (g_strcmp0 (a, "row") != 0)
        return SQLITE_DENY;
      note_read (self, b);
      return SQLITE_OK;
    default:
      return SQLITE_DENY;
    }
}

gboolean
xh_form_row_open (XhForm *self, GError **error)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;

  if (sqlite3_open_v2 (":memory:", &self->db, flags, NULL) != SQLITE_OK
      || sqlite3_create_module (self->db, "row", &row_module, self) != SQLITE_OK
      /* The first statement makes the table, which the authorizer below would not allow. */
      || sqlite3_exec (self->db, "EXPLAIN SELECT 1 FROM row", NULL, NULL, NULL) != SQLITE_OK)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, sqlite3_errmsg (self->db));
      return FALSE;
    }
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  if (!xh_functions_register (self->db, self->catalog, error))
    return FALSE;
  xh_sandbox_limit (self->db);
  sqlite3_set_authorizer (self->db, authorise_cb, self);
  return TRUE;
}

/* @reads: (nullable): slots read are added. NULL is returned for an expression that cannot be prepared, which the loader of
 * the catalog lets none be. */
sqlite3_stmt *
xh_form_row_prepare (XhForm *self, const char *expression, GArray *reads)
{
  g_autofree char *sql = g_strdup_printf ("SELECT (%s) FROM row", expression);
  sqlite3_stmt *statement = NULL;
  int result;

  self->reading = reads;
  result = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  self->reading = NULL;
  if (result != SQLITE_OK)
    g_warning ("%s: %s: %s", self->kind->name, expression, sqlite3_errmsg (self->db));
  return statement;
}

gboolean
xh_form_row_read (sqlite3_stmt *statement, XhValue *value)
{
  gboolean done = FALSE;

  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      xh_value_from_column (value, statement, 0);
      done = TRUE;
    }
  else
    xh_value_set_null (value);
  if (statement != NULL)
    sqlite3_reset (statement);
  return done;
}

/* NULL and what fails do not hold. */
gboolean
xh_form_row_holds (sqlite3_stmt *statement)
{
  gboolean holds = FALSE;

  if (statement == NULL)
    return FALSE;
  if (sqlite3_step (statement) == SQLITE_ROW)
    holds = sqlite3_column_double (statement, 0) != 0;
  sqlite3_reset (statement);
  return holds;
}
