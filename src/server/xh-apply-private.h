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

G_END_DECLS
