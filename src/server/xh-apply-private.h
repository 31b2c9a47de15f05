/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xh-apply.h"
#include "xh-ledger.h"

G_BEGIN_DECLS

/* An op on its way; what it found and what became of it. */
typedef struct
{
  XhBackend *backend;
  const XhAccess *access;
  const XhOp *op;
  const XhKind *kind;
  JsonObject *set;     /* (owned) */
  XhRecord *theirs;    /* (owned) as it stands now; blank where the op creates it */
  XhRecord *expected;  /* (owned) merged, before anything is computed: what the client has if nobody else wrote */
  XhRecord *result;    /* (owned) (nullable) as it is stored */
  XhTouched *touched;  /* (owned) (nullable) */
  gboolean is_new;
  XhAnswerStatus status;
  JsonArray *fields;   /* (owned) (nullable) of a conflict */
  JsonArray *issues;   /* (owned) (nullable) of a refusal */
} XhApply;

/* Whether the op sets nothing: the server asks only for what is computed, whatever may be wrong with the rest. */
gboolean  xh_apply_settles (const XhApply *self);
/* Adds an issue and makes the op refused. @field: (nullable) the whole record. Always FALSE. */
gboolean  xh_apply_refuse (XhApply *self, const char *field, const char *message);
/* Judges expected as the role, computes, and leaves result. FALSE: refused (issues), or @error is set. */
gboolean  xh_apply_judge  (XhApply *self, GError **error);
/* Refuses, or holds, an op that names attachments which the server has not or the account may not have. FALSE: @error is set. */
gboolean  xh_apply_check_files (XhApply *self, GError **error);

void      xh_apply_add_row (XhApply *self, XhAnswer *answer, const XhRecord *record); /* with the columns that the role may read */

/* xh-apply-repeat.c: (transfer full) the answer that this op got before. NULL without error: the op is new. */
XhAnswer *xh_apply_find_answer (XhApply *self, GError **error);
gboolean  xh_apply_keep_refusal (XhApply *self, XhAnswer *answer, GError **error);

/* xh-apply-grade.c */
gboolean  xh_apply_has_foreign_changes (XhApply *self); /* others have written since the op's base */
/* (transfer full) an answer's "fields". A field that the role cannot read shows only that there is a conflict. @conflicts: of XhMergeConflict */
JsonArray *xh_apply_show_conflicts (XhApply *self, GPtrArray *conflicts);
/* After a refusal by xh_apply_judge(): makes it a conflict of the second grade where it is one. FALSE with @error set: the database failed. */
gboolean  xh_apply_grade_refusal (XhApply *self, GError **error);

void      xh_apply_clear (XhApply *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhApply, xh_apply_clear)

G_END_DECLS
