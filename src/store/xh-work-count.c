/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How much work there is in each section, in all and by kind. Each pair of kind and state (a few hundred) is one stretch of an index:
 * record_work(kind, state, due) for the days, record_state for the rest, whose numbers are kept in state_count by triggers. */
#include "xh-work-private.h"

#include <string.h>

void
xh_work_free (XhWork *work)
{
  if (work == NULL)
    return;
  g_array_unref (work->kinds);
  g_free (work);
}

/* The statements of a count: found once, since looking up a long text costs as much as a short stretch of the index. */
typedef struct
{
  sqlite3_stmt *days[XH_N_SHARES][XH_WORK_WEEK + 1], *state[XH_N_SHARES]; /* (not owned) */
} Counting;

static sqlite3_stmt *
days_statement (XhStore *self, XhWorkShare share, const XhWorkStretch *stretch, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM record INDEXED BY %s WHERE kind = ?1 AND state = ?2 AND due IS NOT NULL"
                                          " AND deleted = 0 AND %s%s",
                                          share == XH_SHARE_UNIT ? "record_own" : "record_work", stretch->sql, xh_work_share_sql (share));

  return xh_store_statement (self, sql, error);
}

static sqlite3_stmt *
state_statement (XhStore *self, XhWorkShare share, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM record INDEXED BY %s WHERE kind = ?1 AND deleted = 0 AND state = ?2%s",
                                          share == XH_SHARE_UNIT ? "record_own" : "record_state", xh_work_share_sql (share));

  return xh_store_statement (self, share == XH_SHARE_ALL ? "SELECT n FROM state_count WHERE kind = ?1 AND state = ?2" : sql, error);
}

static gboolean
counting_init (XhStore *self, Counting *counting, const XhWorkHome *home, const char *today, const char *week, GError **error)
{
  for (XhWorkShare share = 0; share < XH_N_SHARES; share++)
    {
      for (int section = 0; section <= XH_WORK_WEEK; section++)
        {
          const XhWorkStretch stretch = xh_work_stretch (section, today, week);
          sqlite3_stmt *statement = counting->days[share][section] = days_statement (self, share, &stretch, error);

          if (statement == NULL)
            return FALSE;
          xh_sql_bind_text (statement, 3, stretch.from);
          xh_sql_bind_text (statement, 4, stretch.to);
          xh_work_bind_share (statement, share, home);
        }
      counting->state[share] = state_statement (self, share, error);
      if (counting->state[share] == NULL)
        return FALSE;
      xh_work_bind_share (counting->state[share], share, home);
    }
  return TRUE;
}

/* What was bound does not outlive the count. */
static void
counting_clear (Counting *counting)
{
  for (XhWorkShare share = 0; share < XH_N_SHARES; share++)
    {
      for (int section = 0; section <= XH_WORK_WEEK; section++)
        sqlite3_clear_bindings (counting->days[share][section]);
      sqlite3_clear_bindings (counting->state[share]);
    }
}

static gboolean
count (XhStore *self, sqlite3_stmt *statement, const XhWorkPlace *place, gint64 *n, GError **error)
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

gboolean
xh_work_count_state (XhStore *self, const XhWorkPlace *place, const XhWorkHome *home, gint64 *n, GError **error)
{
  sqlite3_stmt *statement = state_statement (self, place->share, error);

  if (statement == NULL)
    return FALSE;
  xh_work_bind_share (statement, place->share, home);
  return count (self, statement, place, n, error);
}

static gboolean
count_place (XhStore *self, const XhWorkPlace *place, guint8 work, Counting *counting, gint64 *counts, GError **error)
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
      const XhWorkShare share = xh_work_share (self, kind, role);

      for (guint j = 0; j < kind->states->len; j++)
        {
          const XhWorkPlace place = { kind, g_ptr_array_index (kind->states, j), share };

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
  XhWorkHome home;

  xh_work_find_home (who, &home);
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
  xh_work_note (self, who->role);
  xh_work_find_days (today, &day, first, last);
  begun = xh_work_begin (self);
  counted = count_all (self, who, first, last, by_kind, error);
  xh_work_end (self, begun);
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
