/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the file of one subject shows, read in the reader: its own record, its records of every register that the role may read, what they
 * say of it, its grades. However many there are, only a few hundred rows leave the reader. */
#pragma once

#include "app/xh-session.h"
#include "store/xh-subject.h"

G_BEGIN_DECLS

#define XH_SUBJECT_MOST_ROWS 300 /* shown at once */

typedef struct
{
  XhMarkLevel level;
  char *label; /* (owned) */
  guint count; /* records that say so */
} XhSubjectTag;

typedef struct
{
  const XhKind *kind;
  char *id, *grade;                   /* (owned) */
  char *scheme, *version, *on, *by;   /* (owned) (nullable) as a person reads them */
} XhSubjectGrade;

typedef struct
{
  char *key;          /* (owned) the present one */
  char **keys;        /* (owned) all of them */
  XhRecord *own;      /* (owned) (nullable) its own record, where there is one that the role may read */
  char *title;        /* (owned) */
  char *place;        /* (owned) (nullable) */
  const XhField *code_field; /* (nullable) the field of `own` that holds its number */
  GPtrArray *rows;    /* (owned) of XhSubjectRow: the newest that fit the filter */
  GPtrArray *firsts;  /* (owned) of XhSubjectRow: the newest of each group, whatever the filter */
  guint n_rows;       /* how many fit the filter */
  guint n_all;
  guint *counts;      /* (owned) by XhKind.index */
  GPtrArray *tags;    /* (owned) of XhSubjectTag, the gravest first */
  GPtrArray *grades;  /* (owned) of XhSubjectGrade */
} XhSubjectReading;

/**
 * xh_subject_read:
 * @key: any key of the subject
 * @filter: (nullable): the name of a group, or "kind:" and that of a kind
 * @limit: rows wanted, at most XH_SUBJECT_MOST_ROWS
 *
 * Not for the main thread.
 *
 * Returns: (transfer full): what is known of it; without any record where there is none. %NULL with an error
 */
XhSubjectReading *xh_subject_read           (XhStore *store, const char *key, const char *role, const char *filter, guint limit, GError **error);
void              xh_subject_reading_free   (XhSubjectReading *reading);

/* The same in the session's reader. */
void              xh_subject_reading_async  (XhSession *session, const char *key, const char *filter, guint limit, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
XhSubjectReading *xh_subject_reading_finish (XhSession *session, GAsyncResult *result, GError **error);

/**
 * xh_subject_own_record:
 * @key: a key of the subject
 *
 * Returns: (transfer full) (nullable): its record in a register of subjects that the role may read; not for the main thread
 */
XhRecord         *xh_subject_own_record     (XhStore *store, const char *key, const char *role);

/* (nullable) the field that shows the number of a record of a register of subjects, the first that is filled. */
const XhField    *xh_subject_code_field     (const XhRecord *own);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSubjectReading, xh_subject_reading_free)

G_END_DECLS
