/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the page of one's work shows, read in the reader: the first rows of every section, how many there are, and the month so far. */
#pragma once

#include "app/xh-session.h"
#include "store/xh-work.h"

G_BEGIN_DECLS

typedef struct
{
  XhWork *work;                         /* (owned) counts */
  GPtrArray *rows[XH_WORK_N_SECTIONS];  /* (owned) of XhWorkRow */
} XhWorkReading;

typedef struct
{
  gint64 made;     /* records made since the first of the month */
  gint64 accepted; /* records that came into a good state since then */
} XhWorkMonth;

/* (transfer full) the signed-in account; free with xh_work_who_free(). Main thread */
XhWorkWho     *xh_work_who_of_session (XhSession *session);
void           xh_work_who_free       (gpointer who);

void           xh_work_reading_free   (XhWorkReading *reading);
/* @limits: (array fixed-size=XH_WORK_N_SECTIONS) rows wanted of each section */
void           xh_work_reading_async  (XhSession *session, const guint *limits, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
XhWorkReading *xh_work_reading_finish (XhSession *session, GAsyncResult *result, GError **error);

void           xh_work_month_async    (XhSession *session, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean       xh_work_month_finish   (XhSession *session, GAsyncResult *result, XhWorkMonth *month, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhWorkReading, xh_work_reading_free)

G_END_DECLS
