/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How much waits for the signed-in person, over all and by register: counted in the reader when records changed and when a new
 * day begins. Lives on the main thread as long as its session. */
#pragma once

#include "app/xh-session.h"
#include "store/xh-work.h"

G_BEGIN_DECLS

#define XH_TYPE_WORK_WATCH (xh_work_watch_get_type ())
G_DECLARE_FINAL_TYPE (XhWorkWatch, xh_work_watch, XH, WORK_WATCH, GObject)

typedef struct
{
  guint overdue;
  guint soon;     /* today and in the next seven days */
  guint review;   /* to decide */
  guint returned; /* to put right */
} XhWorkTally;

/* Signal ::changed: the counts may be others, or rows behind them. */

XhWorkWatch       *xh_work_watch_of        (XhSession *session); /* (transfer none) the one of this session */
const XhWorkTally *xh_work_watch_get_total (XhWorkWatch *self);
const XhWorkTally *xh_work_watch_get_kind  (XhWorkWatch *self, const char *kind); /* of zeros where nothing waits */
const XhWork      *xh_work_watch_get       (XhWorkWatch *self); /* (nullable) NULL before the first count */
const char        *xh_work_watch_get_fault (XhWorkWatch *self); /* (nullable) why the last count failed */
void               xh_work_watch_refresh   (XhWorkWatch *self); /* now rather than soon */

G_END_DECLS
