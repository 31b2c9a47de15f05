/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/changes: one page of what has changed since a cursor.
 *
 * A record's version is the number of its last ledger entry, so the pages are ranges of the index on it: one pass over
 * all pages together, whatever the scope, and nothing is missed that changes meanwhile: it moves to the end. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>

#include "model/xh-identifiers.h"
#include "sync/xh-page-writer.h"
#include "xh-mark.h"

#define DEFAULT_LIMIT 1000
#define MAX_LIMIT 10000
#define MAX_IDS 2000

/* Parameters of the scope in every statement here: ?5 to ?7. */
#define SCOPE 5

typedef struct
{
  XhBackend *backend;
  const XhAccess *access;
  XhPageWriter *writer; /* (owned) */
  GPtrArray *rids;      /* (owned) of GArray of gint64, one a kind; NULL: none */
  gint64 since, next, head;
  char *mark;           /* (owned) (nullable) of next */
  gboolean own, more;
} Page;

static void
page_clear (Page *page)
{
  g_clear_pointer (&page->writer, xh_page_writer_free);
  g_clear_pointer (&page->rids, g_ptr_array_unref);
  g_clear_pointer (&page->mark, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static void
unref_array (gpointer array)
{
  if (array)
    g_array_unref (array);
}

static void
note_row (Page *page, const XhKind *kind, gint64 rid)
{
  GArray **rids = (GArray **) &g_ptr_array_index (page->rids, kind->index);

  if (!*rids)
    *rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (*rids, rid);
}

/* The session's device has its own changes already, unless it has started from nothing: then all pages up to the end hold them. */
static char *
index_sql (Page *page)
{
  g_autofree char *scope = xh_access_read_sql (page->access, "r.", SCOPE);

  if (page->own)
    return g_strdup_printf ("SELECT r.rid, r.kind, r.version, r.deleted, r.id, 0 FROM record r"
                            " WHERE r.version > ?1 AND %s ORDER BY r.version LIMIT ?2", scope);
  return g_strdup_printf ("SELECT r.rid, r.kind, r.version, r.deleted, r.id, l.account = ?3 AND l.device = ?4"
                          " FROM record r JOIN ledger l ON l.number = r.version"
                          " WHERE r.version > ?1 AND %s ORDER BY r.version LIMIT ?2", scope);
}

/* Who starts from nothing has no row that could leave, but for those that the device made and pushed before its first pull. */
static gboolean
add_leave (Page *page, const char *id, GError **error)
{
  gboolean own = FALSE;

  if (page->since == 0 && !xh_ledger_is_own (page->backend, id, page->access, &own, error))
    return FALSE;
  if (page->since > 0 || own)
    xh_page_writer_add_leave (page->writer, id);
  return TRUE;
}

static gboolean
take_row (Page *page, sqlite3_stmt *statement, GError **error)
{
  const XhKind *kind = xh_catalog_find_kind (page->backend->catalog, (const char *) sqlite3_column_text (statement, 1));

  if (!kind || !xh_access_may_read (page->access, kind) || sqlite3_column_int (statement, 5))
    return TRUE;
  if (sqlite3_column_int (statement, 3))
    return add_leave (page, (const char *) sqlite3_column_text (statement, 4), error);
  note_row (page, kind, sqlite3_column_int64 (statement, 0));
  return TRUE;
}

static gboolean
find_rows (Page *page, guint limit, GError **error)
{
  g_autofree char *sql = index_sql (page);
  sqlite3_stmt *statement = xh_backend_prepare (page->backend, sql, error);
  guint n = 0;
  gboolean row;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, page->since);
  sqlite3_bind_int64 (statement, 2, limit);
  if (!page->own)
    {
      xh_backend_bind_text (statement, 3, page->access->login);
      xh_backend_bind_text (statement, 4, page->access->device);
    }
  xh_access_bind (page->access, statement, SCOPE);
  page->next = page->head;
  for (;;)
    {
      if (!xh_backend_step (page->backend, statement, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (!take_row (page, statement, error))
        return FALSE;
      if (++n < limit)
        continue;
      page->next = sqlite3_column_int64 (statement, 2);
      page->more = page->next < page->head;
      sqlite3_reset (statement);
      return TRUE;
    }
}

static gboolean
is_spine (const XhKind *kind, const char *column)
{
  return xh_kind_find_field (kind, column) == NULL;
}

static char *
row_sql (const XhKind *kind, GPtrArray *columns)
{
  GString *sql = g_string_new ("SELECT ");

  for (guint i = 0; i < columns->len; i++)
    {
      const char *column = g_ptr_array_index (columns, i);

      g_string_append_printf (sql, "%s%s.\"%s\"", i > 0 ? ", " : "", is_spine (kind, column) ? "r" : "k", column);
    }
  g_string_append_printf (sql, " FROM record r JOIN \"%s\" k ON k.rid = r.rid WHERE r.rid = ?1", kind->table);
  return g_string_free (sql, FALSE);
}

static gboolean
write_kind (Page *page, const XhKind *kind, GArray *rids, GError **error)
{
  g_autoptr (GPtrArray) columns = xh_wire_columns (kind, page->access->role->name);
  g_autofree char *sql = row_sql (kind, columns);
  sqlite3_stmt *statement = xh_backend_prepare (page->backend, sql, error);
  gboolean row;

  if (!statement)
    return FALSE;
  xh_page_writer_begin_kind (page->writer, kind, columns);
  for (guint i = 0; i < rids->len; i++)
    {
      sqlite3_bind_int64 (statement, 1, g_array_index (rids, gint64, i));
      if (!xh_backend_step (page->backend, statement, &row, error))
        return FALSE;
      if (row)
        xh_page_writer_add_row (page->writer, statement, 0);
      sqlite3_reset (statement);
    }
  return TRUE;
}

static gboolean
write_rows (Page *page, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (page->backend->catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      GArray *rids = g_ptr_array_index (page->rids, kind->index);

      if (rids && !write_kind (page, kind, rids, error))
        return FALSE;
    }
  return TRUE;
}

/* Records that lay in the reader's scope and were moved out of it within this page's range. */
static gboolean
write_moved (Page *page, GError **error)
{
  g_autofree char *was = xh_access_sql (page->access, "m.", SCOPE);
  g_autofree char *is = xh_access_read_sql (page->access, "r.", SCOPE);
  g_autofree char *sql = g_strdup_printf ("SELECT DISTINCT m.record FROM moved m JOIN record r ON r.id = m.record"
                                          " WHERE m.number > ?1 AND m.number <= ?2 AND %s AND (%s) IS NOT 1", was, is);
  sqlite3_stmt *statement;
  gboolean row;

  if (page->access->role->scope == XH_SCOPE_ALL)
    return TRUE;
  statement = xh_backend_prepare (page->backend, sql, error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, page->since);
  sqlite3_bind_int64 (statement, 2, page->next);
  xh_access_bind (page->access, statement, SCOPE);
  for (;;)
    {
      if (!xh_backend_step (page->backend, statement, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (!add_leave (page, (const char *) sqlite3_column_text (statement, 0), error))
        return FALSE;
    }
}

static gboolean
write_page (Page *page, XhCall *call, GError **error)
{
  return xh_ledger_head (page->backend, &page->head, NULL, error) && find_rows (page, call->limit, error)
         && write_rows (page, error) && write_moved (page, error) && (page->mark = xh_mark_make (page->backend, page->next, error));
}

static void
page_init (Page *page)
{
  page->writer = xh_page_writer_new ();
  page->rids = g_ptr_array_new_with_free_func (unref_array);
  g_ptr_array_set_size (page->rids, xh_catalog_get_kinds (page->backend->catalog)->len);
}

/* One read transaction, so that head, rows and leaves are of the same moment. */
static void
answer_page (XhCall *call, Page *page, gboolean (*write) (Page *page, XhCall *call, GError **error))
{
  g_autoptr (GError) error = NULL;
  gsize length;
  char *json;
  gboolean done;

  page_init (page);
  sqlite3_exec (page->backend->db, "BEGIN", NULL, NULL, NULL);
  done = write (page, call, &error);
  sqlite3_exec (page->backend->db, "ROLLBACK", NULL, NULL, NULL);
  if (!done)
    {
      xh_call_fail (call, error);
      return;
    }
  if (page->since > page->head)
    {
      xh_call_differs (call);
      call->answer_mark = xh_mark_make (page->backend, G_MAXINT64, NULL);
      return;
    }
  call->answer_mark = g_steal_pointer (&page->mark);
  json = xh_page_writer_finish (page->writer, page->next, page->more, page->head, &length);
  xh_call_answer (call, SOUP_STATUS_OK, g_bytes_new_take (json, length));
}

static void
pull (XhCall *call, XhBackend *backend)
{
  g_auto (Page) page = { .backend = backend, .access = call->access, .since = call->since,
                         .own = call->own || call->since == 0 };

  answer_page (call, &page, write_page);
}

/* --- rows by their ids */

static gboolean
find_row (Page *page, const char *id, GError **error)
{
  g_autofree char *scope = xh_access_read_sql (page->access, "r.", SCOPE);
  g_autofree char *sql = g_strdup_printf ("SELECT r.rid, r.kind FROM record r WHERE r.id = ?1 AND r.deleted = 0 AND %s", scope);
  sqlite3_stmt *statement = xh_backend_prepare (page->backend, sql, error);
  const XhKind *kind = NULL;
  gboolean row;

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, id);
  xh_access_bind (page->access, statement, SCOPE);
  if (!xh_backend_step (page->backend, statement, &row, error))
    return FALSE;
  if (row)
    kind = xh_catalog_find_kind (page->backend->catalog, (const char *) sqlite3_column_text (statement, 1));
  if (kind && xh_access_may_read (page->access, kind))
    note_row (page, kind, sqlite3_column_int64 (statement, 0));
  else
    xh_page_writer_add_leave (page->writer, id);
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
write_asked (Page *page, XhCall *call, GError **error)
{
  JsonArray *ids = call->job;

  if (!xh_ledger_head (page->backend, &page->head, NULL, error))
    return FALSE;
  page->next = page->head;
  for (guint i = 0; i < json_array_get_length (ids); i++)
    if (!find_row (page, json_array_get_string_element (ids, i), error))
      return FALSE;
  return write_rows (page, error);
}

static void
rows (XhCall *call, XhBackend *backend)
{
  g_auto (Page) page = { .backend = backend, .access = call->access };

  answer_page (call, &page, write_asked);
}

static JsonArray *
read_ids (XhCall *call)
{
  g_autoptr (JsonNode) node = xh_call_parse_object (call);
  JsonNode *member = node ? json_object_get_member (json_node_get_object (node), "ids") : NULL;
  JsonArray *ids = member && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  gboolean valid = ids != NULL && json_array_get_length (ids) <= MAX_IDS;

  if (!node)
    return NULL;
  for (guint i = 0; valid && i < json_array_get_length (ids); i++)
    {
      JsonNode *id = json_array_get_element (ids, i);

      valid = JSON_NODE_HOLDS_VALUE (id) && json_node_get_value_type (id) == G_TYPE_STRING && xh_uuid_is_valid (json_node_get_string (id));
    }
  if (valid)
    return json_array_ref (ids);
  xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("“ids” is a list of at most 2,000 ids of records."));
  return NULL;
}

static void
unref_ids (gpointer ids)
{
  json_array_unref (ids);
}

XhLane *
xh_route_rows (XhServer *self, XhCall *call, GHashTable *query)
{
  call->job = read_ids (call);
  if (!call->job)
    return NULL;
  call->free_job = unref_ids;
  call->run = rows;
  return self->readers;
}

/* --- the route of a pull */

static gboolean
read_number (GHashTable *query, const char *name, gint64 min, gint64 max, gint64 otherwise, gint64 *number)
{
  const char *text = query ? g_hash_table_lookup (query, name) : NULL;

  *number = otherwise;
  return !text || g_ascii_string_to_signed (text, 10, min, max, number, NULL);
}

XhLane *
xh_route_pull (XhServer *self, XhCall *call, GHashTable *query)
{
  gint64 limit, own;

  if (!read_number (query, "since", 0, G_MAXINT64, 0, &call->since)
      || !read_number (query, "limit", 1, G_MAXINT64, DEFAULT_LIMIT, &limit)
      || !read_number (query, "own", 0, 1, 0, &own))
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("“since” and “limit” are whole numbers, “own” is 0 or 1."));
      return NULL;
    }
  call->own = own != 0;
  call->limit = (guint) MIN (limit, MAX_LIMIT);
  call->run = pull;
  return self->readers;
}
