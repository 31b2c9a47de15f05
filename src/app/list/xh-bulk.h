/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One action on many records, of one kind or several: record by record in the writer, each judged by its own form, each saved or left as
 * it was; none holds up the others. The writer gets them in slices, so that what a person saves meanwhile is not kept waiting.
 * Lives on the main thread. */
#pragma once

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_BULK (xh_bulk_get_type ())
G_DECLARE_FINAL_TYPE (XhBulk, xh_bulk, XH, BULK, GObject)

typedef enum
{
  XH_BULK_TRANSITION,
  XH_BULK_DELETE,
  XH_BULK_RESTORE,
  XH_BULK_UNDO, /* each back to the state it had: xh_bulk_new_undo() */
} XhBulkAction;

typedef struct
{
  char *id;           /* (owned) (nullable) NULL: it is not there any more */
  const XhKind *kind; /* (nullable) */
  char *title;        /* (owned) */
  char *reason;       /* (owned) */
} XhBulkRefused;

/* Signals: ::progress () now and then, ::finished () once. */

/* @transition: (nullable) its name, for XH_BULK_TRANSITION. It is looked up in each record's kind. */
XhBulk    *xh_bulk_new           (XhSession *session, XhBulkAction action, const char *transition);
/* @answers: (nullable) (transfer none) name of a field → text, not changed any more: it goes into that field of every record in which it is
 * empty, before the step is taken. */
void       xh_bulk_set_answers   (XhBulk *self, GHashTable *answers);
void       xh_bulk_add_rid       (XhBulk *self, gint64 rid, gint64 epoch); /* @epoch: the store's that the rid is of; in another one it ends */
void       xh_bulk_add_id        (XhBulk *self, const char *id);

void       xh_bulk_run           (XhBulk *self); /* once; keeps itself alive until ::finished */
void       xh_bulk_stop          (XhBulk *self); /* before the next record; what is done stays done */

guint      xh_bulk_get_total     (XhBulk *self);
guint      xh_bulk_get_looked_at (XhBulk *self); /* so far */
guint      xh_bulk_get_done      (XhBulk *self);
guint      xh_bulk_get_n_refused (XhBulk *self);
GPtrArray *xh_bulk_get_refused   (XhBulk *self); /* (transfer none) of XhBulkRefused, the first 500 */
const char *xh_bulk_get_fault    (XhBulk *self); /* (nullable) why it ended early */
gboolean   xh_bulk_is_stopped    (XhBulk *self);

/* What taking back would move: records of which the definition lets this role take the way back. */
guint      xh_bulk_count_undoable (XhBulk *self);
XhBulk    *xh_bulk_new_undo       (XhBulk *self); /* (transfer full) not started yet */

G_END_DECLS
