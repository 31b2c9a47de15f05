/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-subject.h"

#include <string.h>

#include "xh-store-private.h"

#define MOST_RECORDS 10000 /* of one subject that are looked at */
#define MOST_DOUBLES 64    /* records of one subject: what was merged, and what that was merged from */

void
xh_subject_row_free (XhSubjectRow *row)
{
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->kind);
  g_free (row->state);
  g_free (row->title);
  g_free (row->date);
  g_free (row->due);
  g_free (row);
}

void
xh_subject_hit_free (XhSubjectHit *hit)
{
  if (hit == NULL)
    return;
  g_free (hit->key);
  g_free (hit->id);
  g_free (hit->kind);
  g_free (hit->title);
  g_free (hit->subtitle);
  g_free (hit);
}

/* --- keys */

typedef struct
{
  XhStore *store;
  GPtrArray *keys;  /* of (owned) utf8, in order */
  GHashTable *seen; /* of (not owned) utf8 */
  GHashTable *rids; /* of (owned) gint64: own records that were looked at */
} Keys;

static void
keys_add (Keys *self, const char *key)
{
  char *own;

  if (key == NULL || *key == '\0' || g_hash_table_contains (self->seen, key))
    return;
  own = g_strdup (key);
  g_ptr_array_add (self->keys, own);
  g_hash_table_add (self->seen, own);
}

static gboolean
keys_look_at (Keys *self, gint64 rid)
{
  if (g_hash_table_contains (self->rids, &rid) || g_hash_table_size (self->rids) >= MOST_DOUBLES)
    return FALSE;
  g_hash_table_add (self->rids, g_memdup2 (&rid, sizeof rid));
  return TRUE;
}

gboolean
xh_store_collect_rids (XhStore *store, char *sql, const char *text, GArray *rids, GError **error)
{
  g_autofree char *own = sql;
  sqlite3_stmt *statement = xh_store_statement (store, own, error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, text);
  while ((code = xh_store_step (store, statement, error)) == SQLITE_ROW)
    {
      const gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
    }
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

/* Own records whose present key it is; else that had it; else that have it as a further one. Numbers in @rids, as many kinds in @kinds. */
static gboolean
find_own (XhStore *store, const char *key, GPtrArray *kinds, GArray *rids, GError **error)
{
  static const char *const ways[] = {
    "SELECT rid FROM record WHERE subject = ?1 AND kind = '%s' AND deleted = 0",
    "SELECT r.rid FROM subject_alias a JOIN record r ON r.rid = a.rid WHERE a.code = ?1 AND r.kind = '%s' AND r.deleted = 0",
  };

  for (guint way = 0; way < 3 && rids->len == 0; way++)
    for (guint i = 0; i < store->n_kinds; i++)
      {
        const XhKind *kind = store->kinds[i].kind;

        if (!kind->subject_self)
          continue;
        if (way < G_N_ELEMENTS (ways) && !xh_store_collect_rids (store, g_strdup_printf (ways[way], kind->name), key, rids, error))
          return FALSE;
        for (guint j = 0; way == G_N_ELEMENTS (ways) && kind->subject_also != NULL && kind->subject_also[j] != NULL; j++)
          if (!xh_store_collect_rids (store,
                                      g_strdup_printf ("SELECT r.rid FROM \"%s\" k JOIN record r ON r.rid = k.rid WHERE k.\"%s\" = ?1 AND r.deleted = 0 LIMIT 8",
                                                       kind->table, kind->subject_also[j]),
                                      key, rids, error))
            return FALSE;
        while (kinds->len < rids->len)
          g_ptr_array_add (kinds, xh_store_kind_ready (store, &store->kinds[i]));
      }
  return TRUE;
}

static gboolean
add_aliases (Keys *self, gint64 rid, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self->store, "SELECT code FROM subject_alias WHERE rid = ?1", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, rid);
  while ((code = xh_store_step (self->store, statement, error)) == SQLITE_ROW)
    keys_add (self, (const char *) sqlite3_column_text (statement, 0));
  return code == SQLITE_DONE;
}

/* One's own keys, then those of what was merged into it. */
static gboolean
add_own (Keys *self, const XhKind *kind, gint64 rid, GError **error)
{
  g_autoptr (XhRecord) record = NULL;
  g_autoptr (GArray) doubles = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *key = NULL;

  if (!keys_look_at (self, rid))
    return TRUE;
  record = xh_store_load_rid (self->store, rid, error);
  if (record == NULL)
    return FALSE;
  key = xh_record_subject_key (record);
  keys_add (self, key);
  keys_add (self, record->id);
  for (guint i = 0; kind->subject_also != NULL && kind->subject_also[i] != NULL; i++)
    keys_add (self, xh_value_as_text (xh_record_get (record, kind->subject_also[i])));
  if (!add_aliases (self, rid, error))
    return FALSE;
  if (kind->subject_merged == NULL)
    return TRUE;
  if (!xh_store_collect_rids (self->store, g_strdup_printf ("SELECT rid FROM \"%s\" WHERE \"%s\" = ?1", kind->table, kind->subject_merged),
                              record->id, doubles, error))
    return FALSE;
  for (guint i = 0; i < doubles->len; i++)
    if (!add_own (self, kind, g_array_index (doubles, gint64, i), error))
      return FALSE;
  return TRUE;
}

/* The record that this one was merged into in the end; itself where it was not, or where the links go round. */
static gboolean
find_survivor (XhStore *store, const XhKind *kind, gint64 *rid, GError **error)
{
  for (guint depth = 0; kind->subject_merged != NULL && depth < MOST_DOUBLES; depth++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT r.rid FROM \"%s\" k JOIN record r ON r.id = k.\"%s\" AND r.kind = '%s' WHERE k.rid = ?1 AND r.deleted = 0",
                                              kind->table, kind->subject_merged, kind->name);
      sqlite3_stmt *statement = xh_store_statement (store, sql, error);
      int code;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, *rid);
      code = xh_store_step (store, statement, error);
      if (code != SQLITE_ROW)
        return code == SQLITE_DONE;
      *rid = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }
  return TRUE;
}

static gboolean
collect_keys (Keys *self, const char *key, GError **error)
{
  g_autoptr (GPtrArray) kinds = g_ptr_array_new ();
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!find_own (self->store, key, kinds, rids, error))
    return FALSE;
  for (guint i = 0; i < rids->len; i++)
    {
      const XhKind *kind = ((XhStoreKind *) g_ptr_array_index (kinds, i))->kind;
      gint64 rid = g_array_index (rids, gint64, i);

      if (!find_survivor (self->store, kind, &rid, error) || !add_own (self, kind, rid, error))
        return FALSE;
    }
  keys_add (self, key);
  return TRUE;
}

char **
xh_store_subject_keys (XhStore *self, const char *key, GError **error)
{
  Keys keys = { self, g_ptr_array_new_with_free_func (g_free), g_hash_table_new (g_str_hash, g_str_equal),
                g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL) };
  const gboolean collected = collect_keys (&keys, key, error);
  char **list = NULL;

  if (collected)
    {
      g_ptr_array_set_free_func (keys.keys, NULL);
      g_ptr_array_add (keys.keys, NULL);
      list = (char **) g_ptr_array_free (keys.keys, FALSE);
    }
  else
    g_ptr_array_unref (keys.keys);
  g_hash_table_unref (keys.seen);
  g_hash_table_unref (keys.rids);
  return list;
}

XhRecord *
xh_store_subject_own (XhStore *self, const char *const *keys, const char *role, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT rid FROM record WHERE subject = ?1 AND kind = ?2 AND deleted = 0 LIMIT 1", error);
  gint64 rid = 0;

  if (statement == NULL)
    return NULL;
  for (guint i = 0; rid == 0 && keys[i] != NULL; i++)
    for (guint j = 0; rid == 0 && j < self->n_kinds; j++)
      {
        const XhKind *kind = self->kinds[j].kind;
        int code;

        if (!kind->subject_self || (role != NULL && !xh_kind_may (kind, kind->read_roles, role)))
          continue;
        xh_sql_bind_text (statement, 1, keys[i]);
        xh_sql_bind_text (statement, 2, kind->name);
        code = xh_store_step (self, statement, error);
        if (code == SQLITE_ROW)
          rid = sqlite3_column_int64 (statement, 0);
        else if (code != SQLITE_DONE)
          return NULL;
        sqlite3_reset (statement);
      }
  sqlite3_clear_bindings (statement);
  return rid != 0 ? xh_store_load_rid (self, rid, error) : NULL;
}

/* --- records */

/* Numbers by kind: an array of GArray, by XhKind.index; NULL where there are none. */
static gboolean
collect_records (XhStore *self, const char *key, GPtrArray *by_kind, guint *n, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT rid, kind FROM record WHERE subject = ?1 AND deleted = 0 ORDER BY rid DESC LIMIT ?2", error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, key);
  sqlite3_bind_int (statement, 2, (int) (MOST_RECORDS - MIN (*n, MOST_RECORDS)));
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      const gint64 rid = sqlite3_column_int64 (statement, 0);
      const XhKind *kind = xh_catalog_find_kind (self->catalog, (const char *) sqlite3_column_text (statement, 1));
      GArray *rids;

      if (kind == NULL)
        continue;
      rids = g_ptr_array_index (by_kind, kind->index);
      if (rids == NULL)
        by_kind->pdata[kind->index] = rids = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (rids, rid);
      ++*n;
    }
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

static XhSubjectRow *
row_from_line (const XhKind *kind, XhLine *line)
{
  XhSubjectRow *row = g_new0 (XhSubjectRow, 1);

  row->kind = g_strdup (kind->name);
  row->id = g_steal_pointer (&line->id);
  row->state = g_steal_pointer (&line->state);
  row->title = g_steal_pointer (&line->title);
  row->date = g_steal_pointer (&line->date);
  row->due = g_steal_pointer (&line->due);
  return row;
}

/* Ids are UUIDv7: where the dates are the same, the record that was made later comes first. */
static int
compare_newest (gconstpointer a, gconstpointer b)
{
  const XhSubjectRow *x = *(const XhSubjectRow *const *) a, *y = *(const XhSubjectRow *const *) b;
  const int order = g_strcmp0 (y->date, x->date);

  return order != 0 ? order : g_strcmp0 (y->id, x->id);
}

static gboolean
add_rows (XhStore *self, GPtrArray *by_kind, const char *role, GPtrArray *rows, GError **error)
{
  for (guint i = 0; i < by_kind->len; i++)
    {
      const XhKind *kind = self->kinds[i].kind;
      GArray *rids = g_ptr_array_index (by_kind, i);
      g_autoptr (GPtrArray) lines = NULL;

      if (rids == NULL || (role != NULL && !xh_kind_may (kind, kind->read_roles, role)))
        continue;
      lines = xh_store_lines (self, kind, (const gint64 *) rids->data, rids->len, role, error);
      if (lines == NULL)
        return FALSE;
      for (guint j = 0; j < lines->len; j++)
        g_ptr_array_add (rows, row_from_line (kind, g_ptr_array_index (lines, j)));
    }
  return TRUE;
}

static void
free_rids (gpointer data)
{
  if (data != NULL)
    g_array_unref (data);
}

GPtrArray *
xh_store_subject_records (XhStore *self, const char *const *keys, const char *role, guint limit, GError **error)
{
  g_autoptr (GPtrArray) by_kind = g_ptr_array_new_with_free_func (free_rids);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_subject_row_free);
  guint n = 0;

  g_ptr_array_set_size (by_kind, (int) self->n_kinds);
  for (guint i = 0; keys[i] != NULL; i++)
    if (!collect_records (self, keys[i], by_kind, &n, error))
      return NULL;
  if (!add_rows (self, by_kind, role, rows, error))
    return NULL;
  g_ptr_array_sort (rows, compare_newest);
  if (limit > 0 && rows->len > limit)
    g_ptr_array_set_size (rows, (int) limit);
  return g_steal_pointer (&rows);
}

/* --- finding */

/* An organisation is told from its namesakes by its code; a person's number stays out of lists. */
static char *
describe_subject (XhStore *store, const XhRecord *record, const char *key)
{
  char **codes = record->kind->subject_codes;
  const XhField *code = codes != NULL ? xh_kind_find_field (record->kind, codes[0]) : NULL;
  const gboolean is_public = code != NULL && code->type == XH_FIELD_USCC && !code->sensitive && key != NULL;
  g_autofree char *path = xh_record_subtitle (store, record);

  return is_public ? g_strdup_printf ("%s · %s", path, key) : g_steal_pointer (&path);
}

static gboolean
add_hits (XhStore *self, const XhKind *kind, const char *text, const char *role, guint limit, GPtrArray *hits, GError **error)
{
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GArray) rids = NULL;
  g_autoptr (GPtrArray) lines = NULL;

  xh_query_search (query, text);
  rids = xh_store_query_rids (self, query, limit, error);
  if (rids == NULL || (lines = xh_store_lines (self, kind, (const gint64 *) rids->data, rids->len, role, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    {
      XhLine *line = g_ptr_array_index (lines, i);
      g_autoptr (XhRecord) record = xh_store_load_rid (self, line->rid, NULL);
      XhSubjectHit *hit;

      if (record == NULL || (kind->subject_merged != NULL && !xh_value_is_null (xh_record_get (record, kind->subject_merged))))
        continue;
      hit = g_new0 (XhSubjectHit, 1);
      hit->key = xh_record_subject_key (record);
      hit->id = g_steal_pointer (&line->id);
      hit->kind = g_strdup (kind->name);
      hit->title = g_steal_pointer (&line->title);
      hit->subtitle = describe_subject (self, record, hit->key);
      if (hit->key == NULL)
        hit->key = g_strdup (hit->id);
      g_ptr_array_add (hits, hit);
    }
  return TRUE;
}

GPtrArray *
xh_store_find_subjects (XhStore *self, const char *text, const char *role, guint limit, GError **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_subject_hit_free);
  g_autoptr (GPtrArray) words = xh_search_parse (text);

  for (guint i = 0; i < self->n_kinds && words->len > 0; i++)
    {
      const XhKind *kind = self->kinds[i].kind;

      if (!kind->subject_self || self->kinds[i].search_table == NULL || (role != NULL && !xh_kind_may (kind, kind->read_roles, role)))
        continue;
      if (!add_hits (self, kind, text, role, limit, hits, error))
        return NULL;
    }
  return g_steal_pointer (&hits);
}
