/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that a record's page shows of the store, read by one job in the reader; and the writing of drafts. */
#pragma once

#include "app/xh-session.h"

G_BEGIN_DECLS

/* Records of one kind that link to the record. */
typedef struct
{
  const XhKind *kind;
  const XhField *field; /* the link */
  gint64 count;
  GPtrArray *ids, *titles, *states; /* (owned) of char*: the newest of them */
} XhLinkedKind;

/* An edit of the record that the server has not accepted yet. */
typedef struct
{
  char *time;        /* (owned) */
  char *set, *before;/* (owned) JSON objects */
} XhPendingOp;

typedef struct
{
  XhRecord *stored;    /* (owned) (nullable) NULL: a new record */
  XhRecord *draft;     /* (owned) (nullable) */
  XhValue *references; /* (owned) kind->references->len of them, of the draft where there is one */
  guint n_references;
  char *title;         /* (owned) (nullable) */
  GPtrArray *linked;   /* (owned) of XhLinkedKind */
  GPtrArray *pending;  /* (owned) of XhPendingOp, newest first */
} XhRecordBundle;

/**
 * xh_record_bundle_load_async:
 * @id: (nullable): %NULL: a new record; the draft of one that was never saved is looked for
 * @with_draft: look for a draft at all
 */
void            xh_record_bundle_load_async  (XhSession *session, const XhKind *kind, const char *id, gboolean with_draft,
                                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XhRecordBundle *xh_record_bundle_load_finish (XhSession *session, GAsyncResult *result, GError **error);
void            xh_record_bundle_free        (XhRecordBundle *bundle);

/* The references of a record that is being edited; XhValue array as long as the kind has references. */
void            xh_references_load_async     (XhSession *session, const XhRecord *record, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
XhValue        *xh_references_load_finish    (XhSession *session, GAsyncResult *result, GError **error); /* free with xh_value_array_free() */

/* Writes or, with @remove, takes away a draft. Nothing is lost when this fails but the draft: a warning is logged. */
void            xh_draft_write               (XhSession *session, const XhRecord *record, gboolean remove);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhRecordBundle, xh_record_bundle_free)

G_END_DECLS
