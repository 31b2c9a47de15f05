/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/checksums and GET /v1/versions: what a client proves by that it holds what it may see, and finds what it does not.
 * Groups and rows are of the reader's scope; what is stored answers at once, the content has to be read. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>

#include "model/xh-json.h"
#include "sync/xh-checksum.h"
#include "xh-mark.h"

#define MAX_VERSIONS 10000

/* Parameters of the scope in every statement here: ?5 to ?7. */
#define SCOPE 5

typedef struct
{
  char *kind, *division, *unit, *after; /* (owned) (nullable) */
  gboolean content;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->kind);
  g_free (question->division);
  g_free (question->unit);
  g_free (question->after);
  g_free (question);
}

static void
append_text (GString *json, const char *text)
{
  if (text)
    xh_json_append_text (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
append_group (GString *json, gboolean *first, const char *division, const char *unit, gint64 n, guint64 sum)
{
  g_string_append (json, *first ? "[" : ",[");
  *first = FALSE;
  append_text (json, division);
  g_string_append_c (json, ',');
  append_text (json, unit);
  g_string_append_printf (json, ",%" G_GINT64_FORMAT ",\"%016" G_GINT64_MODIFIER "x\"]", n, sum);
}

/* --- checksums */

static gboolean
write_stored (XhCall *call, XhBackend *backend, const XhKind *kind, GString *json, GError **error)
{
  g_autofree char *scope = xh_access_read_sql (call->access, "c.", SCOPE);
  g_autofree char *sql = g_strdup_printf ("SELECT division, unit, n, sum FROM (SELECT kind, nullif (division, '') AS division,"
                                          " nullif (unit, '') AS unit, n, sum FROM checksum WHERE kind = ?1 AND n <> 0) c WHERE %s", scope);
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  gboolean row, first = TRUE;

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, kind->name);
  xh_access_bind (call->access, statement, SCOPE);
  for (;;)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      append_group (json, &first, (const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1),
                    sqlite3_column_int64 (statement, 2), (guint64) sqlite3_column_int64 (statement, 3));
    }
}

static gboolean
write_content (XhCall *call, XhBackend *backend, const XhKind *kind, GString *json, GError **error)
{
  g_autofree char *select = xh_checksum_select (kind, call->access->role->name, TRUE);
  g_autofree char *scope = xh_access_read_sql (call->access, "r.", SCOPE);
  g_autofree char *sql = g_strconcat (select, " AND ", scope, NULL);
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  g_autoptr (GHashTable) groups = NULL;
  GHashTableIter iter;
  gpointer key;
  gboolean first = TRUE;
  int code;

  if (!statement)
    return FALSE;
  xh_access_bind (call->access, statement, SCOPE);
  groups = xh_checksum_groups (statement, &code);
  sqlite3_reset (statement);
  if (code != SQLITE_DONE)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (backend->db));
      return FALSE;
    }
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const XhChecksum *group = key;

      append_group (json, &first, group->division, group->unit, group->n, group->sum);
    }
  return TRUE;
}

static gboolean
write_head (XhCall *call, XhBackend *backend, GString *json, GError **error)
{
  gint64 head;

  if (!xh_ledger_head (backend, &head, NULL, error))
    return FALSE;
  g_string_append_printf (json, "{\"head\":%" G_GINT64_FORMAT, head);
  call->answer_mark = xh_mark_make (backend, head, error);
  return call->answer_mark != NULL;
}

static gboolean
write_checksums (XhCall *call, XhBackend *backend, GString *json, GError **error)
{
  const Question *question = call->job;
  GPtrArray *kinds = xh_catalog_get_kinds (backend->catalog);
  gboolean first = TRUE;

  if (!write_head (call, backend, json, error))
    return FALSE;
  g_string_append (json, ",\"kinds\":[");
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (!xh_access_may_read (call->access, kind))
        continue;
      g_string_append (json, first ? "{\"kind\":" : ",\n{\"kind\":");
      first = FALSE;
      xh_json_append_text (json, kind->name, -1);
      g_string_append (json, ",\"groups\":[");
      if (!(question->content ? write_content : write_stored) (call, backend, kind, json, error))
        return FALSE;
      g_string_append (json, "]}");
    }
  g_string_append (json, "]}\n");
  return TRUE;
}

/* --- versions */

static gboolean
write_versions (XhCall *call, XhBackend *backend, GString *json, GError **error)
{
  const Question *question = call->job;
  const XhKind *kind = xh_catalog_find_kind (backend->catalog, question->kind);
  g_autofree char *select = xh_checksum_select (kind, call->access->role->name, question->content);
  g_autofree char *scope = xh_access_read_sql (call->access, "r.", SCOPE);
  g_autofree char *sql = g_strconcat (select, " AND r.division IS ?1 AND r.unit IS ?2 AND r.id > ?3 AND ", scope,
                                      " ORDER BY r.id LIMIT ?4", NULL);
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  gboolean row;
  guint n = 0;

  if (!statement || !write_head (call, backend, json, error))
    return FALSE;
  xh_backend_bind_text (statement, 1, question->division);
  xh_backend_bind_text (statement, 2, question->unit);
  xh_backend_bind_text (statement, 3, question->after ? question->after : "");
  sqlite3_bind_int64 (statement, 4, call->limit);
  xh_access_bind (call->access, statement, SCOPE);
  g_string_append (json, ",\"rows\":[");
  for (;; n++)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      if (!row)
        break;
      g_string_append_printf (json, "%s[\"%s\",%" G_GINT64_FORMAT ",\"%016" G_GINT64_MODIFIER "x\"]", n > 0 ? ",\n" : "",
                              sqlite3_column_text (statement, 2), (gint64) sqlite3_column_int64 (statement, 3), xh_checksum_row (statement));
    }
  g_string_append_printf (json, "],\"more\":%s}\n", n == call->limit ? "true" : "false");
  return TRUE;
}

/* One read transaction: the groups are of the same moment as the head. */
static void
answer (XhCall *call, XhBackend *backend, gboolean (*write) (XhCall *call, XhBackend *backend, GString *json, GError **error))
{
  g_autoptr (GError) error = NULL;
  GString *json = g_string_new (NULL);
  gboolean done;

  sqlite3_exec (backend->db, "BEGIN", NULL, NULL, NULL);
  done = write (call, backend, json, &error);
  sqlite3_exec (backend->db, "ROLLBACK", NULL, NULL, NULL);
  if (done)
    {
      xh_call_answer_string (call, SOUP_STATUS_OK, json);
      return;
    }
  g_string_free (json, TRUE);
  xh_call_fail (call, error);
}

static void
checksums (XhCall *call, XhBackend *backend)
{
  answer (call, backend, write_checksums);
}

static void
versions (XhCall *call, XhBackend *backend)
{
  const Question *question = call->job;
  const XhKind *kind = xh_catalog_find_kind (backend->catalog, question->kind);

  if (!kind || !xh_access_may_read (call->access, kind))
    xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("There is no such register, or it is not open to your role."));
  else
    answer (call, backend, write_versions);
}

static Question *
read_question (XhCall *call, GHashTable *query)
{
  Question *question = g_new0 (Question, 1);
  const char *content = query ? g_hash_table_lookup (query, "content") : NULL;

  question->content = g_strcmp0 (content, "1") == 0;
  call->job = question;
  call->free_job = question_free;
  return question;
}

XhLane *
xh_route_checksums (XhServer *self, XhCall *call, GHashTable *query)
{
  read_question (call, query);
  call->run = checksums;
  return self->readers;
}

XhLane *
xh_route_versions (XhServer *self, XhCall *call, GHashTable *query)
{
  Question *question = read_question (call, query);
  const char *limit = query ? g_hash_table_lookup (query, "limit") : NULL;
  gint64 number = MAX_VERSIONS;

  if (!query || !g_hash_table_lookup (query, "kind") || (limit && !g_ascii_string_to_signed (limit, 10, 1, G_MAXINT, &number, NULL)))
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("“kind” is missing, or “limit” is no whole number."));
      return NULL;
    }
  question->kind = g_strdup (g_hash_table_lookup (query, "kind"));
  question->division = g_strdup (g_hash_table_lookup (query, "division"));
  question->unit = g_strdup (g_hash_table_lookup (query, "unit"));
  question->after = g_strdup (g_hash_table_lookup (query, "after"));
  call->limit = (guint) MIN (number, MAX_VERSIONS);
  call->run = versions;
  return self->readers;
}
