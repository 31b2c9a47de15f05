/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which records a person may be about to make a second time, asked while they still type. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

#define XH_DOUBLES_MOST 6 /* records that are named at most */

/* A record that may already be what is being entered. */
typedef struct
{
  char *id;       /* (owned) */
  char *title;    /* (owned) "" where the role may not read what it is made of */
  char *subtitle; /* (owned) kind and township */
  char *reason;   /* (owned) what is the same, in the person's language */
} XhDouble;

/**
 * xh_doubles_concern:
 * @field: (nullable): a field's name; %NULL: any
 *
 * Returns: whether doubles of the kind are found by @field: part of `unique` or `duplicates`, or of `subject` where the records are
 *   subjects themselves. Any thread
 */
gboolean   xh_doubles_concern (const XhKind *kind, const char *field);

/**
 * xh_doubles_find:
 * @record: as it stands in the form, stored or not
 * @role: (nullable): fields that it may not read are no reason; %NULL: all
 *
 * Other records of the same kind that have all fields of a key the same (`unique`, then `duplicates`; a key with an empty part is none);
 * where the records are subjects themselves, also those known by the same code, present or former, and those with the same or a very
 * similar name of four characters or more. Neither deleted records nor those that were merged into another. Some milliseconds; a key
 * without an index reads its table: not for the main thread.
 *
 * Returns: (transfer full) (element-type XhDouble): each record once, the surest first, XH_DOUBLES_MOST at most; none where @role may not
 *   read the kind or @record was merged itself. %NULL with an error
 */
GPtrArray *xh_doubles_find    (XhStore *store, const XhRecord *record, const char *role, GError **error);

void       xh_double_free     (XhDouble *self);

G_END_DECLS
