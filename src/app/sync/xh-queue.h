/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The outbox and the tray as the synchronisation page shows them, read in a worker. */
#pragma once

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_QUEUE_SHOWN 200 /* rows of the outbox that are read */
#define XH_QUEUE_DECIDED 5 /* decisions that are shown */

typedef struct
{
  XhOp *op;               /* (nullable) an unsent change … */
  XhTrayItem *item;       /* (nullable) … or one that waits for a decision */
  char *title;            /* what the record is called */
  gboolean here;          /* the record of an item is in the store */
} XhQueueEntry;

typedef struct
{
  XhDecision *decision;
  char *title;
  gboolean here;
} XhQueueDecision;

typedef struct
{
  GPtrArray *unsent;      /* of XhQueueEntry, oldest first */
  GPtrArray *tray;        /* of XhQueueEntry, oldest first */
  GPtrArray *decided;     /* of XhQueueDecision, newest first */
  guint n_unsent;
} XhQueue;

void     xh_queue_free        (XhQueue *queue);
void     xh_queue_read_async  (XhSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XhQueue *xh_queue_read_finish (XhSession *session, GAsyncResult *result, GError **error);

/* Names of the fields of a JSON object of values, as a person knows them: "Telephone, Labour" */
char    *xh_queue_field_names (const XhKind *kind, const char *set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhQueue, xh_queue_free)

G_END_DECLS
