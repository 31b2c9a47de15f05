/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong in a register that is stored already: rules change, sheets come in from elsewhere, and two clerks enter the same.
 * Every record is judged by the same form that edits it; what no single record shows (the same twice, too late) is asked in SQL. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef enum
{
  XH_QUALITY_WRONG,     /* a value that does not pass its checks, or a date that cannot be */
  XH_QUALITY_MISSING,   /* required and empty, in a record that has left its first state */
  XH_QUALITY_DUPLICATE, /* shares a unique key or one of the kind's "duplicates" with others */
  XH_QUALITY_LATE,      /* past its due date */
  XH_QUALITY_N_TYPES,
} XhQualityType;

typedef struct
{
  XhQualityType type;
  gint64 rid;
  char *id;            /* (owned) */
  char *title;         /* (owned) what the record is called */
  char *division, *unit; /* (owned) (nullable) */
  char *field;         /* (owned) (nullable) name of the field; NULL: the record as a whole */
  char *message;       /* (owned) in the language of the interface */
} XhFinding;

/* In the scanning thread. Returns %FALSE with @error set to stop. @finding: (transfer full). */
typedef gboolean (*XhFindingFunc) (XhFinding *finding, gpointer data, GError **error);
typedef void (*XhQualityProgress) (gint64 done, gint64 total, gpointer data);

/**
 * xh_quality_scan:
 * @kind: the register
 * @role: who asks: fields this role may not read are passed over
 * @func: takes each finding
 * @progress: (nullable): told every some hundred records
 *
 * Goes through every record that is not deleted, in pages: memory does not grow with the register. Not for the main thread; the
 * store's cancellable ends it.
 *
 * Returns: %FALSE with @func's error, %XH_STORE_ERROR_DATABASE or %G_IO_ERROR_CANCELLED
 */
gboolean xh_quality_scan (XhStore *store, const XhKind *kind, const char *role, XhFindingFunc func, XhQualityProgress progress,
                          gpointer data, GError **error);

/* (transfer none): "wrong", "missing" … in the language of the interface */
const char *xh_quality_type_label (XhQualityType type);

void     xh_finding_free (XhFinding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhFinding, xh_finding_free)

G_END_DECLS
