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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhScorecard, xh_scorecard_free)

G_END_DECLS
