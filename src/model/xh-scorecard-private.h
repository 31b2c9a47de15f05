/* SPDX-License-Identifier: GPL-3.0-or-later */

/* For the two who make scorecards: the catalog's loader and the reader of stored explanations. */
#pragma once

#include "xh-scorecard.h"

G_BEGIN_DECLS

/* An empty card: its arrays own what is put into them, and xh_scorecard_free() frees it all. */
XhScorecard *xh_scorecard_new  (void);
void         xh_scorecard_free (XhScorecard *card);

/* Bounds are NaN. It belongs to the indicator's bands, an array made with xh_indicator_new(). */
XhIndicator *xh_indicator_new  (void);
XhBand      *xh_band_new       (void);

/* Copies of what is shown, without expressions. */
void         xh_label_copy     (const XhLabel *label, XhLabel *copy);
XhIndicator *xh_indicator_copy (const XhIndicator *indicator);
XhVeto      *xh_veto_copy      (const XhVeto *veto);
XhGrade     *xh_grade_copy     (const XhGrade *grade);

/* The credit line of a grade with @add fen; as XhScore.credit. */
gint64       xh_scorecard_credit_of (const XhScorecard *card, const XhGrade *grade, gint64 add);
/* Fills `next`, `missing` and `steps` from the rest of the score. */
void         xh_score_find_way (XhScore *score);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhScorecard, xh_scorecard_free)

G_END_DECLS
