/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A register is looked through in a thread of its own, with a connection of its own: lists and records stay quick meanwhile. */
#pragma once

#include "app/xh-session.h"
#include "store/xh-quality.h"

G_BEGIN_DECLS

#define XH_QUALITY_KEPT 5000 /* findings of each type that are kept to be shown; all are counted, and all are in the sheet */

typedef struct
{
  gint64 n_records;
  gint64 counts[XH_QUALITY_N_TYPES];
  GHashTable *units;   /* (owned) code of the unit ("" for none) → gint64 * */
  GPtrArray *findings; /* (owned) of XhFinding, at most XH_QUALITY_KEPT of each type */
  gboolean all_kept;
} XhQualityResult;

/* How far it is, to be looked at now and then. */
typedef struct
{
  gatomicrefcount refs;
  gint done, total; /* atomic */
} XhQualityTally;

XhQualityTally  *xh_quality_tally_new   (void);
XhQualityTally  *xh_quality_tally_ref   (XhQualityTally *tally);
void             xh_quality_tally_unref (XhQualityTally *tally);

/**
 * xh_quality_job_async:
 * @tally: (transfer none): told how far it is
 *
 * Goes through a register. Main thread.
 */
void             xh_quality_job_async   (XhSession *session, const XhKind *kind, XhQualityTally *tally, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) or %NULL with the errors of xh_quality_scan() */
XhQualityResult *xh_quality_job_finish  (GAsyncResult *result, GError **error);

/**
 * xh_quality_export_async:
 * @unit: (nullable): only records of this unit, "" for those of none; %NULL: all
 * @types: bits of the types wanted: 1 << XH_QUALITY_WRONG …
 * @path: .xlsx or .csv
 *
 * Goes through the register again and writes a row a finding as it comes: memory stays as it is, however many there are.
 */
void             xh_quality_export_async  (XhSession *session, const XhKind *kind, const char *unit, guint types, const char *path,
                                           XhQualityTally *tally, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Number of rows, or -1 with the errors of the scan and of the sheet */
gssize           xh_quality_export_finish (GAsyncResult *result, GError **error);

void             xh_quality_result_free (XhQualityResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhQualityResult, xh_quality_result_free)

G_END_DECLS
