/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The full-text index: one FTS5 table a kind, contentless, words without places (detail=none), with prefix indexes of one to six
 * characters, so that any beginning that is typed is one list read in order: 0.1 ms for fifty of a million names.
 *
 * Entering a name costs more than storing its record (about 15 µs), so a row that changed is only queued, in its own
 * transaction, with the words the index has for it now. A commit enters the few rows of an edit at once; a bulk leaves its
 * rows to xh_store_index(). Searches test queued rows one by one, so that none is ever missed. */
#include "xh-store-private.h"

#include <string.h>

#include "xh-pinyin.h"
#include "xh-sort-key.h"

#define CHUNK 4000 /* rows indexed in one transaction: the write lock is held for about 60 ms */
#define WORDS_VERSION 1 /* counts up when the rules of xh-search-text.c change */

#define QUEUE_SQL "INSERT INTO search_queue(kind, rid, indexed) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"

typedef struct
{
  char *kind;    /* (owned) */
  gint64 rid;
  char *indexed; /* (owned) (nullable) */
} Queued;

/* --- words */

static void
append_words (const XhSearchField *searched, const char *text, GString *words)
{
  if (text != NULL && *text != '\0')
    xh_search_index_text (words, text, searched->mode);
}

void
xh_record_search_words (XhStoreKind *kind, const XhRecord *record, GString *words)
{
  for (guint i = 0; i < kind->searched->len; i++)
    {
      const XhSearchField *searched = &g_array_index (kind->searched, XhSearchField, i);
      const XhValue *value = &record->values[searched->field->index];

      if (value->type == XH_VALUE_INTEGER)
        {
          char number[24];

          append_words (searched, (g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, value->integer), number), words);
        }
      else if (value->type == XH_VALUE_TEXT)
        append_words (searched, value->text, words);
    }
}

gboolean
xh_store_search_words (XhStore *self, XhStoreKind *kind, gint64 rid, GString *words, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &kind->search, xh_store_kind_ready (self, kind)->search_sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, rid);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      for (guint i = 0; i < kind->searched->len; i++)
        if (sqlite3_column_type (statement, (int) i) != SQLITE_FLOAT)
          append_words (&g_array_index (kind->searched, XhSearchField, i), (const char *) sqlite3_column_text (statement, (int) i), words);
      sqlite3_reset (statement);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
is_column (const XhValue *value, sqlite3_stmt *statement, int column)
{
  g_auto (XhValue) stored = XH_VALUE_INIT;

  xh_value_from_column (&stored, statement, column);
  return xh_value_equal (value, &stored);
}

gboolean
xh_store_search_same (XhStore *self, XhStoreKind *kind, const XhRecord *record, gboolean *same, GError **error)
{
  sqlite3_stmt *statement = xh_store_kept (self, &kind->search, xh_store_kind_ready (self, kind)->search_sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, record->rid);
  code = xh_store_step (self, statement, error);
  *same = code == SQLITE_ROW;
  for (guint i = 0; i < kind->searched->len && *same; i++)
    *same = is_column (&record->values[g_array_index (kind->searched, XhSearchField, i).field->index], statement, (int) i);
  sqlite3_reset (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
xh_store_search_changed (XhStore *self, XhStoreKind *kind, gint64 rid, const char *before, GError **error)
{
  /* A row that waits already: what the index holds for it is still what was noted then. */
  sqlite3_stmt *statement = xh_store_kept (self, &self->queue, QUEUE_SQL, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, kind->kind->name);
  sqlite3_bind_int64 (statement, 2, rid);
  xh_sql_bind_text (statement, 3, before);
  self->to_index++;
  return xh_store_run (self, statement, error);
}

gboolean
xh_store_has_unindexed (XhStore *self, XhStoreKind *kind)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT 1 FROM search_queue WHERE kind = ?1 LIMIT 1", NULL);
  gboolean has;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, kind->kind->name);
  has = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_reset (statement);
  return has;
}

/* --- indexing */

static void
clear_queued (gpointer data)
{
  Queued *queued = data;

  g_free (queued->kind);
  g_free (queued->indexed);
}

static GArray *
read_queue (XhStore *self, guint limit, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT kind, rid, indexed FROM search_queue LIMIT ?1", error);
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (Queued));
  int code;

  g_array_set_clear_func (queue, clear_queued);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int (statement, 1, (int) limit);
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      Queued queued = { xh_sql_column_text (statement, 0), sqlite3_column_int64 (statement, 1), xh_sql_column_text (statement, 2) };

      g_array_append_val (queue, queued);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&queue) : NULL;
}

/* @sql: (transfer full) with the row as ?1 and the words as ?2 */
static gboolean
run_on_row (XhStore *self, char *sql, gint64 rid, const char *words, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  g_free (sql);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, rid);
  xh_sql_bind_text (statement, 2, words);
  return xh_store_run (self, statement, error);
}

static gboolean
remove_words (XhStore *self, XhStoreKind *kind, gint64 rid, const char *words, GError **error)
{
  const char *table = kind->search_table;

  return *words == '\0'
         || run_on_row (self, g_strdup_printf ("INSERT INTO \"%s\"(\"%s\", rowid, text) VALUES ('delete', ?1, ?2)", table, table), rid,
                        words, error);
}

static gboolean
enter_words (XhStore *self, XhStoreKind *kind, gint64 rid, const char *words, GError **error)
{
  return *words == '\0'
         || run_on_row (self, g_strdup_printf ("INSERT INTO \"%s\"(rowid, text) VALUES (?1, ?2)", kind->search_table), rid, words, error);
}

static gboolean
index_row (XhStore *self, const Queued *queued, GString *words, GError **error)
{
  const XhKind *found = xh_catalog_find_kind (self->catalog, queued->kind);
  XhStoreKind *kind = found != NULL ? xh_store_kind (self, found) : NULL;

  if (kind == NULL || kind->search_table == NULL)
    return TRUE;
  g_string_truncate (words, 0);
  if (!xh_store_search_words (self, kind, queued->rid, words, error))
    return FALSE;
  if (queued->indexed != NULL && strcmp (queued->indexed, words->str) == 0)
    return TRUE;
  return (queued->indexed == NULL || remove_words (self, kind, queued->rid, queued->indexed, error))
         && enter_words (self, kind, queued->rid, words->str, error);
}

static gboolean
unqueue (XhStore *self, const Queued *queued, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "DELETE FROM search_queue WHERE kind = ?1 AND rid = ?2", error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, queued->kind);
  sqlite3_bind_int64 (statement, 2, queued->rid);
  return xh_store_run (self, statement, error);
}

static gboolean
index_chunk (XhStore *self, guint limit, guint *n, GError **error)
{
  g_autoptr (GArray) queue = read_queue (self, limit, error);
  g_autoptr (GString) words = g_string_new (NULL);

  if (queue == NULL)
    return FALSE;
  for (guint i = 0; i < queue->len; i++)
    {
      const Queued *queued = &g_array_index (queue, Queued, i);

      if (!index_row (self, queued, words, error) || !unqueue (self, queued, error))
        return FALSE;
    }
  *n = queue->len;
  return TRUE;
}

static gboolean
index_in_transaction (XhStore *self, guint limit, guint *n, GError **error)
{
  if (!xh_store_begin (self, error))
    return FALSE;
  if (index_chunk (self, limit, n, error) && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}

/**
 * xh_store_index:
 * @max: rows to enter at most; 0: all
 * @left: (out) (optional): rows that still wait
 *
 * Enters rows that a bulk left behind into the search index, a few thousand in a transaction of their own, so that other writers
 * get their turn. About 20 µs a row. Searches find waiting rows before, too, but test them one by one.
 */
gboolean
xh_store_index (XhStore *self, guint max, guint *left, GError **error)
{
  guint done = 0, n;
  gint64 waiting;

  do
    {
      const guint limit = max == 0 ? CHUNK : MIN (CHUNK, max - done);

      if (!index_in_transaction (self, limit, &n, error))
        return FALSE;
      done += n;
      if (n < limit)
        break;
    }
  while (max == 0 || done < max);
  if (left == NULL)
    return TRUE;
  if (!xh_store_number (self, "SELECT count(*) FROM search_queue", &waiting, error))
    return FALSE;
  *left = (guint) waiting;
  return TRUE;
}

/* --- making the index */

static char *
signature (XhStoreKind *kind)
{
  g_autofree char *readings = xh_pinyin_version ();
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%d/%s", WORDS_VERSION, readings);
  for (guint i = 0; i < kind->searched->len; i++)
    {
      const XhSearchField *searched = &g_array_index (kind->searched, XhSearchField, i);

      g_string_append_printf (text, "/%s:%d", searched->field->name, searched->mode);
    }
  return g_string_free (text, FALSE);
}

static gboolean
make_index (XhStore *self, XhStoreKind *kind, GError **error)
{
  const char *table = kind->search_table, *name = kind->kind->name;

  return xh_store_exec_format (self, error, "DROP TABLE IF EXISTS \"%s\"", table)
         && xh_store_exec_format (self, error,
                                  "CREATE VIRTUAL TABLE \"%s\" USING fts5(text, content='', columnsize=0, detail=none, tokenize='ascii',"
                                  " prefix='1 2 3 4 5 6')",
                                  table)
         && xh_store_exec_format (self, error, "INSERT INTO \"%s\"(\"%s\", rank) VALUES ('hashsize', 16777216)", table, table)
         && xh_store_exec_format (self, error, "DELETE FROM search_queue WHERE kind = '%s'", name)
         && xh_store_exec_format (self, error, "INSERT INTO search_queue(kind, rid) SELECT kind, rid FROM record WHERE kind = '%s'", name);
}

/* A connection that keeps no index makes the one there stale: whoever keeps it next must make it again. */
gboolean
xh_store_search_renew (XhStore *self, GError **error)
{
  for (guint i = 0; i < self->n_kinds; i++)
    {
      XhStoreKind *kind = &self->kinds[i];
      g_autofree char *key = g_strconcat ("search/", kind->kind->name, NULL), *made = xh_store_meta_get (self, key), *wanted = NULL;

      if ((self->flags & XH_STORE_NO_SEARCH) != 0)
        {
          if (made != NULL && *made != '\0' && !xh_store_meta_set (self, key, "", error))
            return FALSE;
          continue;
        }
      if (kind->search_table == NULL)
        continue;
      wanted = signature (kind);
      if (g_strcmp0 (made, wanted) != 0 && (!make_index (self, kind, error) || !xh_store_meta_set (self, key, wanted, error)))
        return FALSE;
    }
  return TRUE;
}

/* --- SQL functions */

static void
sort_key_cb (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *text = (const char *) sqlite3_value_text (arguments[0]);
  guint8 key[XH_SORT_KEY_SIZE];

  if (text != NULL)
    sqlite3_result_blob (context, key, (int) xh_sort_key (text, key), SQLITE_TRANSIENT);
}

static gboolean
row_matches (const XhMatch *match, const XhSearchWord *word, sqlite3_value **values)
{
  for (guint i = 0; i < match->kind->searched->len; i++)
    {
      const char *text = sqlite3_value_type (values[i]) != SQLITE_FLOAT ? (const char *) sqlite3_value_text (values[i]) : NULL;

      if (text != NULL && xh_search_word_matches (word, text, g_array_index (match->kind->searched, XhSearchField, i).mode))
        return TRUE;
    }
  return FALSE;
}

static void
match_cb (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const XhMatch *match = sqlite3_value_pointer (arguments[0], XH_MATCH_POINTER);

  if (match == NULL || (guint) n != match->kind->searched->len + 1)
    return;
  for (guint i = 0; i < match->words->len; i++)
    if (!row_matches (match, g_ptr_array_index (match->words, i), arguments + 1))
      {
        sqlite3_result_int (context, 0);
        return;
      }
  sqlite3_result_int (context, 1);
}

gboolean
xh_store_search_functions (XhStore *self, GError **error)
{
  int code = sqlite3_create_function_v2 (self->db, "xh_sort_key", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                         sort_key_cb, NULL, NULL, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_create_function_v2 (self->db, "xh_match", -1, SQLITE_UTF8, NULL, match_cb, NULL, NULL, NULL);
  if (code != SQLITE_OK)
    xh_store_take_error (self, code, "xh_match", error);
  return code == SQLITE_OK;
}
