/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages of a person's work: the rows of a section in their order, and what each shows. How many there are is in xh-work-count.c; which
 * states are whose turn in xh-work-turn.c. */
#include "xh-work-private.h"

#include <string.h>

#define SORTED_STATES 1000 /* rows by state that are put in order of their last change; more come register by register */

/* A row of the page before its title is known. */
typedef struct
{
  gint64 rid; /* 0: not stored */
  const XhKind *kind;
  char order[32]; /* due date or last change */
  char *id;   /* (owned) (nullable) where rid is 0 */
} Ref;

void
xh_work_row_free (XhWorkRow *row)
{
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->title);
  g_free (row->subtitle);
  g_free (row->state);
  g_free (row->due);
  g_free (row);
}

static void
ref_clear (gpointer data)
{
  g_free (((Ref *) data)->id);
}

/* --- which rows */

static int
compare_refs (gconstpointer a, gconstpointer b)
{
  const Ref *x = a, *y = b;
  const int order = strcmp (x->order, y->order);

  return order != 0 ? order : (x->rid > y->rid) - (x->rid < y->rid);
}

/* Appends what a statement gives as (rid, order). Binds nothing. */
static gboolean
take_refs (XhStore *self, sqlite3_stmt *statement, const XhKind *kind, GArray *refs, GError **error)
{
  int code;

  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      Ref ref = { .rid = sqlite3_column_int64 (statement, 0), .kind = kind };
      const char *order = (const char *) sqlite3_column_text (statement, 1);

      g_strlcpy (ref.order, order != NULL ? order : "", sizeof ref.order);
      g_array_append_val (refs, ref);
    }
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

static GArray *
find_places (XhStore *self, const char *role, XhWorkSection section, const XhKind *only)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (XhWorkPlace));

  for (guint i = 0; i < self->n_kinds; i++)
    {
      const XhKind *kind = self->kinds[i].kind;
      const XhWorkShare share = xh_work_share (self, kind, role);

      for (guint j = 0; (only == NULL || strcmp (only->name, kind->name) == 0) && j < kind->states->len; j++)
        {
          const XhWorkPlace place = { kind, g_ptr_array_index (kind->states, j), share };

          if ((self->kinds[i].work[j] & (1u << section)) != 0)
            g_array_append_val (places, place);
        }
    }
  return places;
}

static sqlite3_stmt *
by_day_statement (XhStore *self, XhWorkShare share, const XhWorkStretch *stretch, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rid, due FROM record INDEXED BY %s WHERE kind = ?1 AND state = ?2 AND due IS NOT NULL"
                                          " AND deleted = 0 AND %s AND due <= ?5%s ORDER BY due LIMIT ?6",
                                          share == XH_SHARE_UNIT ? "record_own" : "record_work", stretch->sql, xh_work_share_sql (share));

  return xh_store_statement (self, sql, error);
}

/* The first @need of every stretch in the order of days; no stretch is read beyond the last day that still counts. */
static gboolean
collect_by_day (XhStore *self, GArray *places, const XhWorkHome *home, const XhWorkStretch *stretch, guint need, GArray *refs, GError **error)
{
  char bound[32] = "9999-12-31";

  for (guint i = 0; i < places->len; i++)
    {
      const XhWorkPlace *place = &g_array_index (places, XhWorkPlace, i);
      sqlite3_stmt *statement = by_day_statement (self, place->share, stretch, error);

      if (statement == NULL)
        return FALSE;
      xh_sql_bind_text (statement, 1, place->kind->name);
      xh_sql_bind_text (statement, 2, place->state->name);
      xh_sql_bind_text (statement, 3, stretch->from);
      xh_sql_bind_text (statement, 4, stretch->to);
      xh_sql_bind_text (statement, 5, bound);
      sqlite3_bind_int64 (statement, 6, need);
      xh_work_bind_share (statement, place->share, home);
      if (!take_refs (self, statement, place->kind, refs, error))
        return FALSE;
      if (refs->len <= need)
        continue;
      g_array_sort (refs, compare_refs);
      g_array_set_size (refs, need);
      g_strlcpy (bound, g_array_index (refs, Ref, need - 1).order, sizeof bound);
    }
  g_array_sort (refs, compare_refs);
  return TRUE;
}

static gboolean
collect_state (XhStore *self, const XhWorkPlace *place, const XhWorkHome *home, gboolean sorted, gint64 limit, gint64 offset, GArray *refs,
               GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rid, %s FROM record INDEXED BY %s WHERE kind = ?1 AND deleted = 0 AND state = ?2%s%s"
                                          " LIMIT ?3 OFFSET ?4",
                                          sorted ? "updated_at" : "''", place->share == XH_SHARE_UNIT ? "record_own" : "record_state",
                                          xh_work_share_sql (place->share), sorted || place->share == XH_SHARE_UNIT ? "" : " ORDER BY division");
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, place->kind->name);
  xh_sql_bind_text (statement, 2, place->state->name);
  sqlite3_bind_int64 (statement, 3, limit);
  sqlite3_bind_int64 (statement, 4, offset);
  xh_work_bind_share (statement, place->share, home);
  return take_refs (self, statement, place->kind, refs, error);
}

/* Whether there are no more than are put in order. */
static gboolean
are_few (XhStore *self, GArray *places, const XhWorkHome *home, gboolean *few, GError **error)
{
  gint64 sum = 0, n;

  for (guint i = 0; i < places->len; i++)
    {
      if (!xh_work_count_state (self, &g_array_index (places, XhWorkPlace, i), home, &n, error))
        return FALSE;
      sum += n;
    }
  *few = sum <= SORTED_STATES;
  return TRUE;
}

/* Few: by their last change. */
static gboolean
collect_few (XhStore *self, GArray *places, const XhWorkHome *home, guint offset, GArray *refs, GError **error)
{
  for (guint i = 0; i < places->len; i++)
    if (!collect_state (self, &g_array_index (places, XhWorkPlace, i), home, TRUE, -1, 0, refs, error))
      return FALSE;
  g_array_sort (refs, compare_refs);
  g_array_remove_range (refs, 0, MIN (offset, refs->len));
  return TRUE;
}

/* Many: register by register, state by state, village by village, as the index has them. */
static gboolean
collect_many (XhStore *self, GArray *places, const XhWorkHome *home, guint limit, gint64 skip, GArray *refs, GError **error)
{
  for (guint i = 0; i < places->len && refs->len < limit; i++)
    {
      const XhWorkPlace *place = &g_array_index (places, XhWorkPlace, i);
      gint64 n = 0;

      if (skip > 0 && !xh_work_count_state (self, place, home, &n, error))
        return FALSE;
      if ((skip == 0 || skip < n) && !collect_state (self, place, home, FALSE, limit - refs->len, skip, refs, error))
        return FALSE;
      skip = MAX (skip - n, 0);
    }
  return TRUE;
}

static gboolean
collect_by_state (XhStore *self, GArray *places, const XhWorkHome *home, guint limit, guint offset, GArray *refs, GError **error)
{
  gboolean few;

  if (!are_few (self, places, home, &few, error))
    return FALSE;
  return few ? collect_few (self, places, home, offset, refs, error) : collect_many (self, places, home, limit, offset, refs, error);
}

#define UNSENT_SQL \
  "SELECT o.record, o.kind, r.rid FROM (SELECT record, kind, min(sequence) AS n FROM outbox WHERE ?3 IS NULL OR kind = ?3 GROUP BY record) o" \
  " LEFT JOIN record r ON r.id = o.record ORDER BY o.n LIMIT ?1 OFFSET ?2"
#define DRAFTS_SQL \
  "SELECT d.id, d.kind, r.rid FROM draft d LEFT JOIN record r ON r.id = d.id WHERE ?3 IS NULL OR d.kind = ?3" \
  " ORDER BY d.saved_at DESC, d.id DESC LIMIT ?1 OFFSET ?2"

static gboolean
collect_own (XhStore *self, const char *sql, const XhKind *only, guint limit, guint offset, GArray *refs, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, limit);
  sqlite3_bind_int64 (statement, 2, offset);
  xh_sql_bind_text (statement, 3, only != NULL ? only->name : NULL);
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      Ref ref = { .rid = sqlite3_column_int64 (statement, 2),
                  .kind = xh_catalog_find_kind (self->catalog, (const char *) sqlite3_column_text (statement, 1)) };

      if (ref.kind == NULL)
        continue;
      ref.id = xh_sql_column_text (statement, 0);
      g_array_append_val (refs, ref);
    }
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

/* --- what they show */

static char *
subtitle_of (XhStore *self, const XhLine *line)
{
  g_autofree char *path = NULL;

  if (line->subject != NULL && *line->subject != '\0' && strstr (line->title, line->subject) == NULL)
    return g_strdup (line->subject);
  if (line->division == NULL)
    return NULL;
  path = xh_divisions_path (xh_catalog_get_divisions (self->catalog), line->division, XH_LEVEL_TOWNSHIP);
  return *path != '\0' ? g_steal_pointer (&path) : NULL;
}

static XhWorkRow *
row_from_line (XhStore *self, const XhKind *kind, XhLine *line, const GDate *today)
{
  XhWorkRow *row = g_new0 (XhWorkRow, 1);
  GDate due;

  row->kind = kind;
  row->subtitle = subtitle_of (self, line);
  row->id = g_steal_pointer (&line->id);
  row->title = g_steal_pointer (&line->title);
  row->state = g_steal_pointer (&line->state);
  row->due = g_steal_pointer (&line->due);
  row->days = xh_date_parse (row->due, &due) ? g_date_days_between (today, &due) : XH_WORK_NO_DUE;
  return row;
}

/* The name of what was never saved: its subject's, else the first text of its list. */
static XhWorkRow *
row_from_draft (XhStore *self, const Ref *ref)
{
  g_autoptr (XhRecord) draft = xh_store_draft_get (self, ref->id, NULL);
  XhWorkRow *row = g_new0 (XhWorkRow, 1);
  const char *name = NULL;

  row->kind = ref->kind;
  row->id = g_strdup (ref->id);
  row->days = XH_WORK_NO_DUE;
  if (draft != NULL && ref->kind->subject_name != NULL)
    name = xh_value_as_text (xh_record_get (draft, ref->kind->subject_name));
  for (guint i = 0; draft != NULL && name == NULL && i < ref->kind->list_fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (ref->kind->list_fields, i);

      if (field->type == XH_FIELD_TEXT)
        name = xh_value_as_text (&draft->values[field->index]);
    }
  row->title = g_strdup (name != NULL ? name : "");
  row->state = draft != NULL ? g_strdup (draft->state) : NULL;
  return row;
}

/* Puts the rows of one kind into their places. */
static gboolean
fill_kind (XhStore *self, const XhKind *kind, const char *role, const GDate *today, GArray *refs, GPtrArray *rows, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) lines = NULL;

  for (guint i = 0; i < refs->len; i++)
    {
      Ref *ref = &g_array_index (refs, Ref, i);

      if (ref->kind != kind || ref->rid == 0)
        continue;
      g_array_append_val (rids, ref->rid);
      g_hash_table_insert (places, &ref->rid, GUINT_TO_POINTER (i));
    }
  if (rids->len == 0)
    return TRUE;
  lines = xh_store_lines (self, kind, (const gint64 *) rids->data, rids->len, role, error);
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      XhLine *line = g_ptr_array_index (lines, i);
      gpointer place;

      if (g_hash_table_lookup_extended (places, &line->rid, NULL, &place))
        rows->pdata[GPOINTER_TO_UINT (place)] = row_from_line (self, kind, line, today);
    }
  return lines != NULL;
}

static void
free_row (gpointer row)
{
  xh_work_row_free (row);
}

static GPtrArray *
make_rows (XhStore *self, const char *role, const GDate *today, GArray *refs, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  g_autoptr (GHashTable) kinds = g_hash_table_new (NULL, NULL);

  g_ptr_array_set_size (rows, (int) refs->len);
  for (guint i = 0; i < refs->len; i++)
    {
      const Ref *ref = &g_array_index (refs, Ref, i);

      if (ref->rid == 0)
        rows->pdata[i] = row_from_draft (self, ref);
      else if (g_hash_table_add (kinds, (gpointer) ref->kind) && !fill_kind (self, ref->kind, role, today, refs, rows, error))
        return NULL;
    }
  for (guint i = rows->len; i-- > 0;)
    if (rows->pdata[i] == NULL)
      g_ptr_array_remove_index (rows, i);
  return g_steal_pointer (&rows);
}

static gboolean
collect (XhStore *self, const XhWorkWho *who, XhWorkSection section, const XhWorkStretch *stretch, const XhKind *kind, guint limit, guint offset,
         GArray *refs, GError **error)
{
  g_autoptr (GArray) places = NULL;
  XhWorkHome home;

  if (section == XH_WORK_UNSENT || section == XH_WORK_DRAFTS)
    return collect_own (self, section == XH_WORK_UNSENT ? UNSENT_SQL : DRAFTS_SQL, kind, limit, offset, refs, error);
  xh_work_find_home (who, &home);
  places = find_places (self, who->role, section, kind);
  if (section > XH_WORK_WEEK)
    return collect_by_state (self, places, &home, limit, offset, refs, error);
  if (!collect_by_day (self, places, &home, stretch, limit + offset, refs, error))
    return FALSE;
  g_array_remove_range (refs, 0, MIN (offset, refs->len));
  return TRUE;
}

GPtrArray *
xh_store_work (XhStore *self, const XhWorkWho *who, const char *today, XhWorkSection section, const XhKind *kind, guint limit, guint offset,
               GError **error)
{
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (Ref));
  GPtrArray *rows = NULL;
  char first[11], last[11];
  XhWorkStretch stretch;
  gboolean begun;
  GDate day;

  g_return_val_if_fail (who != NULL && who->role != NULL && section < XH_WORK_N_SECTIONS, NULL);

  xh_work_note (self, who->role);
  g_array_set_clear_func (refs, ref_clear);
  xh_work_find_days (today, &day, first, last);
  stretch = xh_work_stretch (section, first, last);
  limit = limit > 0 ? MIN (limit, G_MAXINT / 2) : G_MAXINT / 2;
  begun = xh_work_begin (self);
  if (collect (self, who, section, &stretch, kind, limit, MIN (offset, G_MAXINT / 2), refs, error))
    {
      if (refs->len > limit)
        g_array_set_size (refs, limit);
      rows = make_rows (self, who->role, &day, refs, error);
    }
  xh_work_end (self, begun);
  return rows;
}
