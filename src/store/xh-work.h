/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What waits for the person who signed in: found from the definitions alone, over all kinds at once.
 *
 * The answer is about what the store holds, which is mostly the account's scope (a village assessor's villages, a unit's own records). Of the
 * registers that the role reads beyond its scope (a kind's `reach`) only what lies in its scope is its work, by the rule of xh_access_sql();
 * of those where the kind names it in `own`, only its own unit's.
 *
 * - Overdue, today, this week (tomorrow to today + 7): the record's due date (the earliest that counts in its state), where the role may edit
 *   the record in that state or may take a step from it. Whose turn it is not is not reminded.
 * - Returned: the state has the tone `bad`, is neither `complete` nor closed (a decision that stands, such as an entry on a list, is
 *   complete), the role may edit in it and may take a step from it.
 * - Review: the role can decide. It may take a step from the state that is not merely its own step taken back (handing in and taking
 *   back are one role's two steps between two states), and the state is not the first, not good and not bad, and either
 *   - the work was handed over: some role that creates such records may not edit in the state, while this role may, or
 *   - the state has the tone `waiting`, is not one in which only other roles may edit, no due date counts in it and no step leaves it by
 *     itself: what waits for a day is in the sections by day instead.
 *   Steps that the server takes by itself (`automatic`) are nobody's turn.
 * - Unsent: records with edits in the outbox. Drafts: what was begun and not saved. Both are the device's own, whatever the role; what the
 *   server refused is in the tray (xh_store_tray()).
 *
 * A record may stand in two sections (overdue and review); the counts are of records in each. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef enum
{
  XH_WORK_OVERDUE,
  XH_WORK_TODAY,
  XH_WORK_WEEK,
  XH_WORK_RETURNED,
  XH_WORK_REVIEW,
  XH_WORK_UNSENT,
  XH_WORK_DRAFTS,
  XH_WORK_N_SECTIONS,
} XhWorkSection;

#define XH_WORK_NO_DUE G_MAXINT

/* Who asks. */
typedef struct
{
  const char *role;
  const char *division, *unit; /* (nullable) where the account works */
} XhWorkWho;

typedef struct
{
  char *id;          /* (owned) */
  const XhKind *kind; /* of the store's catalog */
  char *title;       /* (owned) "" where it has none */
  char *subtitle;    /* (owned) (nullable) the subject's name where the title does not hold it, else township and village */
  char *state;       /* (owned) (nullable) */
  char *due;         /* (owned) (nullable) ISO */
  int days;          /* from today to the due date, negative where it is over; XH_WORK_NO_DUE without one */
} XhWorkRow;

typedef struct
{
  const XhKind *kind;
  gint64 counts[XH_WORK_N_SECTIONS];
} XhWorkKind;

typedef struct
{
  gint64 counts[XH_WORK_N_SECTIONS];
  GArray *kinds; /* of XhWorkKind, in sidebar order, only those with work */
} XhWork;

/**
 * xh_store_work_counts:
 * @who: who asks
 * @today: ISO date; %NULL: the local day
 *
 * A worker's job: a few milliseconds in a store of a million records.
 *
 * Returns: (transfer full): how much work there is in each section, in all and by kind; %NULL with an error
 */
XhWork    *xh_store_work_counts (XhStore *self, const XhWorkWho *who, const char *today, GError **error);

/**
 * xh_store_work:
 * @who: who asks
 * @today: ISO date; %NULL: the local day
 * @section: which
 * @kind: (nullable): only of this kind
 * @limit: at most so many; 0: all (not for a list on the screen)
 * @offset: leaves out so many
 *
 * A worker's job. Days first what is due first; returned and review what was changed longest ago first; unsent in the order of saving; drafts
 * newest first. One statement a kind for the titles, not one a row.
 *
 * Returns: (transfer full) (element-type XhWorkRow): rows; %NULL with an error
 */
GPtrArray *xh_store_work        (XhStore *self, const XhWorkWho *who, const char *today, XhWorkSection section, const XhKind *kind,
                                 guint limit, guint offset, GError **error);

/**
 * xh_kind_work_in_state:
 * @section: %XH_WORK_OVERDUE (for all three by day), %XH_WORK_RETURNED or %XH_WORK_REVIEW
 *
 * Returns: whether records of the kind in this state are work of the section for the role (the rules above)
 */
gboolean   xh_kind_work_in_state (const XhKind *kind, const XhState *state, const char *role, XhWorkSection section);

void       xh_work_free         (XhWork *work);
void       xh_work_row_free     (XhWorkRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhWork, xh_work_free)

G_END_DECLS
