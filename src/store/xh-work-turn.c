/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where somebody's work lies: which states of a kind are whose turn, which records of it are theirs (all, those of their division, those of
 * their unit), which days a section holds. xh-work-states.c says whose turn a state is; here are the answers as statements need them. */
#include "xh-work-private.h"

#include <string.h>

/* Asking the definitions of every state for every section costs a millisecond: the answers are kept while the role stays the same. */
void
xh_work_note (XhStore *self, const char *role)
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

XhWorkShare
xh_work_share (XhStore *self, const XhKind *kind, const char *role)
{
  const XhRole *found = xh_catalog_find_role (self->catalog, role);

  if (kind->own_roles != NULL && xh_kind_may (kind, kind->own_roles, role))
    return XH_SHARE_UNIT;
  if (found == NULL || found->scope == XH_SCOPE_ALL || kind->reach_roles == NULL || !xh_kind_may (kind, kind->reach_roles, role))
    return XH_SHARE_ALL;
  return found->scope == XH_SCOPE_UNIT ? XH_SHARE_UNIT : XH_SHARE_DIVISION;
}

void
xh_work_find_home (const XhWorkWho *who, XhWorkHome *home)
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
const char *
xh_work_share_sql (XhWorkShare share)
{
  switch (share)
    {
    case XH_SHARE_DIVISION:
      return " AND division >= ?8 AND division < ?9";
    case XH_SHARE_UNIT:
      return " AND unit IS NOT NULL AND unit = ?7 AND (?8 IS NULL OR division IS NULL OR (division >= ?8 AND division < ?9))";
    default:
      return "";
    }
}

void
xh_work_bind_share (sqlite3_stmt *statement, XhWorkShare share, const XhWorkHome *home)
{
  if (share == XH_SHARE_ALL)
    return;
  if (share == XH_SHARE_UNIT)
    xh_sql_bind_text (statement, 7, home->unit);
  xh_sql_bind_text (statement, 8, home->has_division ? home->lower : NULL);
  xh_sql_bind_text (statement, 9, home->has_division ? home->upper : NULL);
}

/* Hundreds of small statements: one read transaction spares each its locks and makes them agree. FALSE: there is one already. */
gboolean
xh_work_begin (XhStore *self)
{
  return sqlite3_get_autocommit (self->db) && xh_store_exec (self, "BEGIN", NULL);
}

void
xh_work_end (XhStore *self, gboolean begun)
{
  if (begun && !sqlite3_get_autocommit (self->db))
    xh_store_exec (self, "COMMIT", NULL);
}

void
xh_work_find_days (const char *today, GDate *day, char first[11], char last[11])
{
  GDate end;

  if (today == NULL || !xh_date_parse (today, day))
    xh_date_today (day);
  end = *day;
  g_date_add_days (&end, 7);
  g_date_strftime (first, 11, "%Y-%m-%d", day);
  g_date_strftime (last, 11, "%Y-%m-%d", &end);
}

XhWorkStretch
xh_work_stretch (XhWorkSection section, const char *today, const char *week)
{
  switch (section)
    {
    case XH_WORK_OVERDUE:
      return (XhWorkStretch) { "due >= ?3 AND due < ?4", "", today };
    case XH_WORK_TODAY:
      return (XhWorkStretch) { "due >= ?3 AND due <= ?4", today, today };
    default:
      return (XhWorkStretch) { "due > ?3 AND due <= ?4", today, week };
    }
}
