/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counts and pages of a person's work. Which states count is worked out from the definitions first (a few hundred pairs of kind and state);
 * each pair is then one stretch of an index: record_work(kind, state, due) for the days, record_state for the rest, whose numbers are kept in
 * state_count by triggers. */
#include "xh-work.h"

#include <string.h>

#include "xh-store-private.h"

#define SORTED_STATES 1000 /* rows by state that are put in order of their last change; more come register by register */

/* Which records of a kind may be somebody's work. */
typedef enum
{
  SHARE_ALL,      /* those that the store holds */
  SHARE_DIVISION, /* those in the account's division */
  SHARE_UNIT,     /* those of its unit; the division, where it has one and they have one, fits too */
  N_SHARES,
} Share;

/* Who asks, as statements bind it. */
typedef struct
{
  const char *unit;         /* (nullable) */
  char lower[13], upper[13]; /* the division's codes */
  gboolean has_division;
} Home;

/* Where a stretch of work lies. */
typedef struct
{
  const XhKind *kind;
  const XhState *state;
  Share share;
} Place;

/* A row of the page before its title is known. */
typedef struct
{
  gint64 rid; /* 0: not stored */
  const XhKind *kind;
  char order[32]; /* due date or last change */
  char *id;   /* (owned) (nullable) where rid is 0 */
} Ref;

void
xh_work_free (XhWork *work)
{
  if (work == NULL)
    return;
  g_array_unref (work->kinds);
  g_free (work);
}

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

/* --- whose turn */

/* Asking the definitions of every state for every section costs a millisecond: the answers are kept while the role stays the same. */
static void
note_work (XhStore *self, const char *role)
{
  if (g_strcmp0 (self->work_role, role) == 0)
    return;
  g_free (self->work_role);
  self->work_role = g_strdup (role);
  for (guint i = 0; i < self->n_kinds; i++)
    {
      XhStoreKind *own = &self->kinds[i];

      g_free (own->work);
      own->work = g_new0 (guint8, own->kind->states->len);
      for (guint j = 0; j < own->kind->states->len; j++)
        for (guint section = 0; section < XH_WORK_UNSENT; section++)
          if (xh_kind_work_in_state (own->kind, g_ptr_array_index (own->kind->states, j), role, section))
            own->work[j] |= (guint8) (1u << section);
    }
}

static Share
share_of (XhStore *self, const XhKind *kind, const char *role)
{
  const XhRole *found = xh_catalog_find_role (self->catalog, role);

  if (kind->own_roles != NULL && xh_kind_may (kind, kind->own_roles, role))
    return SHARE_UNIT;
  if (found == NULL || found->scope == XH_SCOPE_ALL || kind->reach_roles == NULL || !xh_kind_may (kind, kind->reach_roles, role))
    return SHARE_ALL;
  return found->scope == XH_SCOPE_UNIT ? SHARE_UNIT : SHARE_DIVISION;
}

static void
find_home (const XhWorkWho *who, Home *home)
{
  home->unit = who->unit;
  home->has_division = who->division != NULL;
  home->lower[0] = home->upper[0] = '\0';
  if (who->division != NULL)
    xh_division_range (who->division, home->lower, home->upper);
  /* What is no code reaches nothing, as on the server. */
  if (home->lower[0] == '\0')
    home->upper[0] = '\0';
}

/* The condition of a share, over ?7 to ?9. */
static const char *
share_sql (Share share)
{
  switch (share)
    {
    case SHARE_DIVISION:
      return " AND division >= ?8 AND division < ?9";
    case SHARE_UNIT:
      return " AND unit IS NOT NULL AND unit = ?7 AND (?8 IS NULL OR division IS NULL OR (division >= ?8 AND division < ?9))";
    default:
      return "";
    }
}

static void
bind_share (sqlite3_stmt *statement, Share share, const Home *home)
{
  if (share == SHARE_ALL)
    return;
  if (share == SHARE_UNIT)
    xh_sql_bind_text (statement, 7, home->unit);
  xh_sql_bind_text (statement, 8, home->has_division ? home->lower : NULL);
  xh_sql_bind_text (statement, 9, home->has_division ? home->upper : NULL);
}

/* Hundreds of small statements: one read transaction spares each its locks and makes them agree. FALSE: there is one already. */
static gboolean
begin_reading (XhStore *self)
{
  return sqlite3_get_autocommit (self->db) && xh_store_exec (self, "BEGIN", NULL);
}

static void
end_reading (XhStore *self, gboolean begun)
{
  if (begun && !sqlite3_get_autocommit (self->db))
    xh_store_exec (self, "COMMIT", NULL);
}

/* --- days */

static void
find_days (const char *today, GDate *day, char first[11], char last[11])
{
  GDate end;

  if (today == NULL || !xh_date_parse (today, day))
    xh_date_today (day);
  end = *day;
  g_date_add_days (&end, 7);
  g_date_strftime (first, 11, "%Y-%m-%d", day);
  g_date_strftime (last, 11, "%Y-%m-%d", &end);
}

/* The stretch of due dates of a section. */
typedef struct
{
  const char *sql; /* condition on due with ?3 and ?4 */
  const char *from, *to;
} Stretch;

static Stretch
stretch_of (XhWorkSection section, const char *today, const char *week)
{
  switch (section)
    {
    case XH_WORK_OVERDUE:
      return (Stretch) { "due >= ?3 AND due < ?4", "", today };
    case XH_WORK_TODAY:
      return (Stretch) { "due >= ?3 AND due <= ?4", today, today };
    default:
      return (Stretch) { "due > ?3 AND due <= ?4", today, week };
    }
}

/* --- counts */

/* The statements of a count: found once, since looking up a long text costs as much as a short stretch of the index. */
typedef struct
{
  sqlite3_stmt *days[N_SHARES][XH_WORK_WEEK + 1], *state[N_SHARES]; /* (not owned) */
} Counting;

static sqlite3_stmt *
days_statement (XhStore *self, Share share, const Stretch *stretch, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM record INDEXED BY %s WHERE kind = ?1 AND state = ?2 AND due IS NOT NULL"
                                          " AND deleted = 0 AND %s%s",
                                          share == SHARE_UNIT ? "record_own" : "record_work", stretch->sql, share_sql (share));

  return xh_store_statement (self, sql, error);
}

static sqlite3_stmt *
state_statement (XhStore *self, Share share, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM record INDEXED BY %s WHERE kind = ?1 AND deleted = 0 AND state = ?2%s",
                                          share == SHARE_UNIT ? "record_own" : "record_state", share_sql (share));

  return xh_store_statement (self, share == SHARE_ALL ? "SELECT n FROM state_count WHERE kind = ?1 AND state = ?2" : sql, error);
}

static gboolean
counting_init (XhStore *self, Counting *counting, const Home *home, const char *today, const char *week, GError **error)
{
  for (Share share = 0; share < N_SHARES; share++)
    {
      for (int section = 0; section <= XH_WORK_WEEK; section++)
        {
          const Stretch stretch = stretch_of (section, today, week);
          sqlite3_stmt *statement = counting->days[share][section] = days_statement (self, share, &stretch, error);

          if (statement == NULL)
            return FALSE;
          xh_sql_bind_text (statement, 3, stretch.from);
          xh_sql_bind_text (statement, 4, stretch.to);
          bind_share (statement, share, home);
        }
      counting->state[share] = state_statement (self, share, error);
      if (counting->state[share] == NULL)
        return FALSE;
      bind_share (counting->state[share], share, home);
    }
  return TRUE;
}

/* What was bound does not outlive the count. */
static void
counting_clear (Counting *counting)
{
  for (Share share = 0; share < N_SHARES; share++)
    {
      for (int section = 0; section <= XH_WORK_WEEK; section++)
        sqlite3_clear_bindings (counting->days[share][section]);
      sqlite3_clear_bindings (counting->state[share]);
    }
}

static gboolean
count (XhStore *self, sqlite3_stmt *statement, const Place *place, gint64 *n, GError **error)
{
  int code;

  *n = 0;
  xh_sql_bind_text (statement, 1, place->kind->name);
  xh_sql_bind_text (statement, 2, place->state->name);
  code = xh_store_step (self, statement, error);
  if (code == SQLITE_ROW)
    {
      *n = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
count_state (XhStore *self, const Place *place, const Home *home, gint64 *n, GError **error)
{
  sqlite3_stmt *statement = state_statement (self, place->share, error);

  if (statement == NULL)
    return FALSE;
  bind_share (statement, place->share, home);
  return count (self, statement, place, n, error);
}

static gboolean
count_place (XhStore *self, const Place *place, guint8 work, Counting *counting, gint64 *counts, GError **error)
{
  gint64 n;

  for (int section = 0; section < XH_WORK_UNSENT; section++)
    {
      if ((work & (1u << section)) == 0)
        continue;
      if (!count (self, section <= XH_WORK_WEEK ? counting->days[place->share][section] : counting->state[place->share], place, &n, error))
        return FALSE;
      counts[section] += n;
    }
  return TRUE;
}

/* Of the device's own: @sql gives kinds and numbers. @by_kind: counts by XhKind.index */
static gboolean
count_own (XhStore *self, const char *sql, XhWorkSection section, XhWorkKind *by_kind, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      const XhKind *kind = xh_catalog_find_kind (self->catalog, (const char *) sqlite3_column_text (statement, 0));

      if (kind != NULL)
        by_kind[kind->index].counts[section] += sqlite3_column_int64 (statement, 1);
    }
  return code == SQLITE_DONE;
}

static gboolean
count_places (XhStore *self, const char *role, Counting *counting, XhWorkKind *by_kind, GError **error)
{
  for (guint i = 0; i < self->n_kinds; i++)
    {
      const XhKind *kind = by_kind[i].kind = self->kinds[i].kind;
      const Share share = share_of (self, kind, role);

      for (guint j = 0; j < kind->states->len; j++)
        {
          const Place place = { kind, g_ptr_array_index (kind->states, j), share };

          if (!count_place (self, &place, self->kinds[i].work[j], counting, by_kind[i].counts, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
count_all (XhStore *self, const XhWorkWho *who, const char *today, const char *week, XhWorkKind *by_kind, GError **error)
{
  Counting counting;
  gboolean counted;
  Home home;

  find_home (who, &home);
  if (!counting_init (self, &counting, &home, today, week, error))
    return FALSE;
  counted = count_places (self, who->role, &counting, by_kind, error);
  counting_clear (&counting);
  return counted && count_own (self, "SELECT kind, count(DISTINCT record) FROM outbox GROUP BY kind", XH_WORK_UNSENT, by_kind, error)
         && count_own (self, "SELECT kind, count(*) FROM draft GROUP BY kind", XH_WORK_DRAFTS, by_kind, error);
}

XhWork *
xh_store_work_counts (XhStore *self, const XhWorkWho *who, const char *today, GError **error)
{
  g_autoptr (XhWork) work = g_new0 (XhWork, 1);
  g_autofree XhWorkKind *by_kind = g_new0 (XhWorkKind, self->n_kinds + 1);
  char first[11], last[11];
  gboolean begun, counted;
  GDate day;

  g_return_val_if_fail (who != NULL && who->role != NULL, NULL);

  work->kinds = g_array_new (FALSE, FALSE, sizeof (XhWorkKind));
  note_work (self, who->role);
  find_days (today, &day, first, last);
  begun = begin_reading (self);
  counted = count_all (self, who, first, last, by_kind, error);
  end_reading (self, begun);
  if (!counted)
    return NULL;
  for (guint i = 0; i < self->n_kinds; i++)
    {
      gint64 sum = 0;

      for (guint section = 0; section < XH_WORK_N_SECTIONS; section++)
        {
          work->counts[section] += by_kind[i].counts[section];
          sum += by_kind[i].counts[section];
        }
      if (sum > 0)
        g_array_append_val (work->kinds, by_kind[i]);
    }
  return g_steal_pointer (&work);
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
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));

  for (guint i = 0; i < self->n_kinds; i++)
    {
      const XhKind *kind = self->kinds[i].kind;
      const Share share = share_of (self, kind, role);

      for (guint j = 0; (only == NULL || strcmp (only->name, kind->name) == 0) && j < kind->states->len; j++)
        {
          const Place place = { kind, g_ptr_array_index (kind->states, j), share };

          if ((self->kinds[i].work[j] & (1u << section)) != 0)
            g_array_append_val (places, place);
        }
    }
  return places;
}

static sqlite3_stmt *
by_day_statement (XhStore *self, Share share, const Stretch *stretch, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rid, due FROM record INDEXED BY %s WHERE kind = ?1 AND state = ?2 AND due IS NOT NULL"
                                          " AND deleted = 0 AND %s AND due <= ?5%s ORDER BY due LIMIT ?6",
                                          share == SHARE_UNIT ? "record_own" : "record_work", stretch->sql, share_sql (share));

  return xh_store_statement (self, sql, error);
}

/* The first @need of every stretch in the order of days; no stretch is read beyond the last day that still counts. */
static gboolean
collect_by_day (XhStore *self, GArray *places, const Home *home, const Stretch *stretch, guint need, GArray *refs, GError **error)
{
  char bound[32] = "9999-12-31";

  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      sqlite3_stmt *statement = by_day_statement (self, place->share, stretch, error);

      if (statement == NULL)
        return FALSE;
      xh_sql_bind_text (statement, 1, place->kind->name);
      xh_sql_bind_text (statement, 2, place->state->name);
      xh_sql_bind_text (statement, 3, stretch->from);
      xh_sql_bind_text (statement, 4, stretch->to);
      xh_sql_bind_text (statement, 5, bound);
      sqlite3_bind_int64 (statement, 6, need);
      bind_share (statement, place->share, home);
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
collect_state (XhStore *self, const Place *place, const Home *home, gboolean sorted, gint64 limit, gint64 offset, GArray *refs, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT rid, %s FROM record INDEXED BY %s WHERE kind = ?1 AND deleted = 0 AND state = ?2%s%s"
                                          " LIMIT ?3 OFFSET ?4",
                                          sorted ? "updated_at" : "''", place->share == SHARE_UNIT ? "record_own" : "record_state",
                                          share_sql (place->share), sorted || place->share == SHARE_UNIT ? "" : " ORDER BY division");
  sqlite3_stmt *statement = xh_store_statement (self, sql, error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, place->kind->name);
  xh_sql_bind_text (statement, 2, place->state->name);
  sqlite3_bind_int64 (statement, 3, limit);
  sqlite3_bind_int64 (statement, 4, offset);
  bind_share (statement, place->share, home);
  return take_refs (self, statement, place->kind, refs, error);
}

/* Whether there are no more than are put in order. */
static gboolean
are_few (XhStore *self, GArray *places, const Home *home, gboolean *few, GError **error)
{
  gint64 sum = 0, n;

  for (guint i = 0; i < places->len; i++)
    {
      if (!count_state (self, &g_array_index (places, Place, i), home, &n, error))
        return FALSE;
      sum += n;
    }
  *few = sum <= SORTED_STATES;
  return TRUE;
}

/* Few: by their last change. */
static gboolean
collect_few (XhStore *self, GArray *places, const Home *home, guint offset, GArray *refs, GError **error)
{
  for (guint i = 0; i < places->len; i++)
    if (!collect_state (self, &g_array_index (places, Place, i), home, TRUE, -1, 0, refs, error))
      return FALSE;
  g_array_sort (refs, compare_refs);
  g_array_remove_range (refs, 0, MIN (offset, refs->len));
  return TRUE;
}

/* Many: register by register, state by state, village by village, as the index has them. */
static gboolean
collect_many (XhStore *self, GArray *places, const Home *home, guint limit, gint64 skip, GArray *refs, GError **error)
{
  for (guint i = 0; i < places->len && refs->len < limit; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      gint64 n = 0;

      if (skip > 0 && !count_state (self, place, home, &n, error))
        return FALSE;
      if ((skip == 0 || skip < n) && !collect_state (self, place, home, FALSE, limit - refs->len, skip, refs, error))
        return FALSE;
      skip = MAX (skip - n, 0);
    }
  return TRUE;
}

static gboolean
collect_by_state (XhStore *self, GArray *places, const Home *home, guint limit, guint offset, GArray *refs, GError **error)
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
collect (XhStore *self, const XhWorkWho *who, XhWorkSection section, const Stretch *stretch, const XhKind *kind, guint limit, guint offset,
         GArray *refs, GError **error)
{
  g_autoptr (GArray) places = NULL;
  Home home;

  if (section == XH_WORK_UNSENT || section == XH_WORK_DRAFTS)
    return collect_own (self, section == XH_WORK_UNSENT ? UNSENT_SQL : DRAFTS_SQL, kind, limit, offset, refs, error);
  find_home (who, &home);
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
  Stretch stretch;
  gboolean begun;
  GDate day;

  g_return_val_if_fail (who != NULL && who->role != NULL && section < XH_WORK_N_SECTIONS, NULL);

  note_work (self, who->role);
  g_array_set_clear_func (refs, ref_clear);
  find_days (today, &day, first, last);
  stretch = stretch_of (section, first, last);
  limit = limit > 0 ? MIN (limit, G_MAXINT / 2) : G_MAXINT / 2;
  begun = begin_reading (self);
  if (collect (self, who, section, &stretch, kind, limit, MIN (offset, G_MAXINT / 2), refs, error))
    {
      if (refs->len > limit)
        g_array_set_size (refs, limit);
      rows = make_rows (self, who->role, &day, refs, error);
    }
  end_reading (self, begun);
  return rows;
}
