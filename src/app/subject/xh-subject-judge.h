/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What records say of their subject, by the marks of their kinds: tags of a file, entries of a check. Holds a form a kind, so make one for a
 * whole job. One thread at a time. */
#pragma once

#include "store/xh-subject.h"

G_BEGIN_DECLS

typedef struct _XhSubjectJudge XhSubjectJudge;

XhSubjectJudge *xh_subject_judge_new    (const char *role); /* @role: (nullable) */
void            xh_subject_judge_free   (XhSubjectJudge *self);

/**
 * xh_subject_judge_record:
 * @record: of any kind
 *
 * Returns: (transfer container) (element-type XhMark): the marks of its kind that hold for it; none of a deleted one
 */
GPtrArray      *xh_subject_judge_record (XhSubjectJudge *self, const XhRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSubjectJudge, xh_subject_judge_free)

G_END_DECLS
