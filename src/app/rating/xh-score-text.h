/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scores in words, for labels and for screen readers. All (transfer full). */
#pragma once

#include "model/xh-kind.h"
#include "model/xh-scorecard.h"

G_BEGIN_DECLS

char *xh_score_format_points (double points);                            /* 8, 7.5 */
char *xh_score_format_change (double change);                            /* +2, −1.5 */
char *xh_score_format_money  (gint64 fen);                               /* 11.6 万元 */
/* The suggested credit line: an amount, case by case, or none. */
char *xh_score_format_credit (const XhScore *score);
/* An indicator's input as a person reads it, with its unit. */
char *xh_score_format_input  (const XhKind *kind, const XhScoreRow *row);
/* What stands between the score and the next grade; %NULL where it has the best. */
char *xh_score_format_way    (const XhScore *score);
/* An indicator's row read aloud. @change: what the last edit did to its points. */
char *xh_score_describe_row  (const XhKind *kind, const XhScoreRow *row, double change);

G_END_DECLS
