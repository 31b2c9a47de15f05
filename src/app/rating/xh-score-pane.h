/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The score of a record as it stands while it is edited: vetoes, grade, total, credit line, a bar a dimension, a row an
 * indicator, and the shortest way to the next grade. What the last edit changed is marked. */
#pragma once

#include <adwaita.h>
#include "model/xh-form.h"

G_BEGIN_DECLS

#define XH_TYPE_SCORE_PANE (xh_score_pane_get_type ())
G_DECLARE_FINAL_TYPE (XhScorePane, xh_score_pane, XH, SCORE_PANE, AdwBin)

/* Property: compact (boolean): only the result stands there, the explanation folds out below it. */

/**
 * XhScorePane::field-wanted:
 * @field: the field to edit to change an indicator
 */

GtkWidget *xh_score_pane_new    (XhForm *form);
/* Another record was loaded: what differs from the one before is no edit. */
void       xh_score_pane_forget (XhScorePane *self);
/* The number of the colour a grade goes by, 1 the best .. 5; 6 for a grade that only a veto gives, 0 for none. */
guint      xh_grade_tint        (const XhScorecard *card, const XhGrade *grade);

G_END_DECLS
