/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scores every record of a scorecard's kind: inputs by one statement (read on two connections), bands in C.
 * Keeps the inputs by column, so that a changed band re-scores only its own column. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef struct _XhScoreBatch XhScoreBatch;

XhScoreBatch *xh_score_batch_new      (XhStore *store, const XhScorecard *card, GCancellable *cancellable, GError **error);
void          xh_score_batch_free     (XhScoreBatch *self);
guint         xh_score_batch_get_n    (XhScoreBatch *self);
double        xh_score_batch_get_total (XhScoreBatch *self, guint row, const XhGrade **grade, gint64 *rid);
void          xh_score_batch_rescore  (XhScoreBatch *self, guint indicator, const XhIndicator *changed);
void          xh_score_batch_grade_counts (XhScoreBatch *self, guint64 *counts); /* card->grades->len of them */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhScoreBatch, xh_score_batch_free)

G_END_DECLS
