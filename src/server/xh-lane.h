/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Threads with a database connection each and one queue. Readers take a call at a time; the writing lane has one thread and
 * takes all that waits at once: several calls share one durable commit, and none is answered before it. */
#pragma once

#include "xh-call.h"

G_BEGIN_DECLS

typedef struct _XhLane XhLane;

/* With no threads the lane has one connection and works only in xh_lane_run_here().
 * @done is called on a lane's thread when a call has been worked on (and, in the writing lane, committed). */
XhLane  *xh_lane_new   (const char *name, guint n_threads, gboolean writes, guint max_waiting, const char *data, XhCatalog *catalog,
                        void (*done) (XhCall *call), GError **error);
void     xh_lane_run_here (XhLane *self, XhCall *call); /* in the caller's thread, at once, as a lane's thread would; done is not called */
/* @func is told the ledger's last number each time a commit has moved it, on the lane's thread, before who waits for the commit is
 * answered. Set before the first call. */
void     xh_lane_set_news (XhLane *self, void (*func) (gint64 head, gpointer data), gpointer data);
gboolean xh_lane_push  (XhLane *self, XhCall *call); /* FALSE: too many wait; (transfer full) call otherwise */
guint    xh_lane_count (XhLane *self);               /* waiting now */
/* Microseconds since it has worked on what somebody asked for; 0 while it does. The server's own jobs do not count. Any thread. */
gint64   xh_lane_get_quiet (XhLane *self);
void     xh_lane_free  (XhLane *self);               /* runs what is queued and joins */

G_END_DECLS
