/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What counts and pages of work share: where somebody's work lies, and how a statement asks for a stretch of it. */
#pragma once

#include "xh-store-private.h"
#include "xh-work.h"

G_BEGIN_DECLS

/* Which records of a kind may be somebody's work. */
typedef enum
{
  XH_SHARE_ALL,      /* those that the store holds */
  XH_SHARE_DIVISION, /* those in the account's division */
  XH_SHARE_UNIT,     /* those of its unit; the division, where it has one and they have one, fits too */
  XH_N_SHARES,
} XhWorkShare;

/* Who asks, as statements bind it. */
typedef struct
{
  const char *unit;         /* (nullable) */
  char lower[13], upper[13]; /* the division's codes */
  gboolean has_division;
} XhWorkHome;

/* Where a stretch of work lies. */
typedef struct
{
  const XhKind *kind;
  const XhState *state;
  XhWorkShare share;
} XhWorkPlace;

/* The stretch of due dates of a section. */
typedef struct
{
  const char *sql; /* condition on due with ?3 and ?4 */
  const char *from, *to;
} XhWorkStretch;

/* xh-work-turn.c */
/* Works out, where it is not for the same role as before, which states of each kind are work in which sections (XhStoreKind.work). */
void        xh_work_note       (XhStore *self, const char *role);
XhWorkShare xh_work_share      (XhStore *self, const XhKind *kind, const char *role);
void        xh_work_find_home  (const XhWorkWho *who, XhWorkHome *home); /* borrows from @who */
const char *xh_work_share_sql  (XhWorkShare share); /* a condition over ?7 to ?9, "" or begun with AND */
void        xh_work_bind_share (sqlite3_stmt *statement, XhWorkShare share, const XhWorkHome *home);
/* @today: (nullable): the local day. @first, @last: today and today + 7 as ISO dates */
void        xh_work_find_days  (const char *today, GDate *day, char first[11], char last[11]);
/* Of the sections by day; borrows @today and @week. */
XhWorkStretch xh_work_stretch  (XhWorkSection section, const char *today, const char *week);
/* Hundreds of small statements: one read transaction spares each its locks and makes them agree. FALSE: there is one already. */
gboolean    xh_work_begin      (XhStore *self);
void        xh_work_end        (XhStore *self, gboolean begun);

/* xh-work-count.c */
gboolean    xh_work_count_state (XhStore *self, const XhWorkPlace *place, const XhWorkHome *home, gint64 *n, GError **error);

G_END_DECLS
