/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One record in memory: the spine and a value for each field of its kind. Not thread-safe. */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

typedef struct
{
  const XhKind *kind;
  gint64 rid;         /* row number in this store; 0: not stored */
  char *id;           /* (owned) UUIDv7 */
  char *division;     /* (owned) (nullable) */
  char *unit;         /* (owned) (nullable) */
  char *state;        /* (owned) */
  gint64 version;     /* ledger number of the last accepted change; 0: the server has not seen it */
  gint64 era;         /* which ledger the number is of: how many the store it was read from had left by then */
  guint kind_version; /* version of the definition it was made with */
  gboolean deleted;
  char *created_at, *updated_at; /* (owned) (nullable) UTC, 2026-11-22T08:00:00.000Z */
  char *updated_by;   /* (owned) (nullable) login */
  char *due;          /* (owned) (nullable) earliest due date that counts now */
  XhValue *values;    /* (owned) kind->fields->len of them */
} XhRecord;

XhRecord      *xh_record_new   (const XhKind *kind, const char *id); /* id NULL: a new one; state is the initial one */
XhRecord      *xh_record_copy  (const XhRecord *record);
void           xh_record_free  (XhRecord *record);
const XhValue *xh_record_get   (const XhRecord *record, const char *field); /* (nullable) also "state", "division", "unit", "id" as text via record members */
gboolean       xh_record_set   (XhRecord *record, const char *field, const XhValue *value);
gint64         xh_record_version_in  (const XhRecord *record, gint64 era);
gint64         xh_record_stamp (const XhRecord *record); /* version and era as one number, to be compared and nothing else; not negative */
char          *xh_record_subject_key (const XhRecord *record); /* (nullable) (transfer full) whom it is about */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhRecord, xh_record_free)

G_END_DECLS
