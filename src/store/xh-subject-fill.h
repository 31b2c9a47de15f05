/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the registers of subjects know of whom a record is about, for the fields of that record that are still empty. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef struct
{
  const XhField *field; /* of the record that is being filled in */
  XhValue value;        /* as it is stored */
} XhFillValue;

typedef struct
{
  XhRecord *own;     /* (owned) the subject's own record */
  GPtrArray *values; /* (owned) of XhFillValue, in the order of the form; never empty */
} XhSubjectFill;

/**
 * xh_subject_fill_concern:
 * @field: (nullable): a field's name; %NULL: any
 *
 * Returns: whether records of @kind are about subjects that have registers of their own, and @field tells which: a code or the name.
 *   Any thread
 */
gboolean       xh_subject_fill_concern (const XhKind *kind, const char *field);

/**
 * xh_subject_fill_find:
 * @record: as it stands in the form, stored or not
 * @touched: (nullable) (element-type utf8): fields that a person has changed. Those are filled only where they are empty; others also where they
 *   hold what the form proposed. %NULL: only what is empty
 * @role: (nullable): registers that it may not read are not asked, fields that it may not write are left out
 *
 * The subject is found by the code in @record, else by the whole name where exactly one organisation, body or village has it (persons share
 * names). From its own record come the name, the codes of the same type, and what the kind's `subject.gives` says. Numbers that are shown
 * only after a reason (`sensitive`) are never given. Some milliseconds; not for the main thread.
 *
 * Returns: (transfer full) (nullable): %NULL where nothing can be filled, or with an error
 */
XhSubjectFill *xh_subject_fill_find    (XhStore *store, const XhRecord *record, GPtrArray *touched, const char *role, GError **error);

void           xh_subject_fill_free    (XhSubjectFill *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSubjectFill, xh_subject_fill_free)

G_END_DECLS
