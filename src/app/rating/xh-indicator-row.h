/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One indicator of a score: what went in, the band it hit, the points, where it comes from and by which clause. */
#pragma once

#include <adwaita.h>
#include "model/xh-kind.h"
#include "model/xh-scorecard.h"

G_BEGIN_DECLS

#define XH_TYPE_INDICATOR_ROW (xh_indicator_row_get_type ())
G_DECLARE_FINAL_TYPE (XhIndicatorRow, xh_indicator_row, XH, INDICATOR_ROW, GtkListBoxRow)

/* @indicator: must outlive the row */
GtkWidget         *xh_indicator_row_new           (const XhIndicator *indicator);
const XhIndicator *xh_indicator_row_get_indicator (XhIndicatorRow *self);
/* @change: what the last edit did to its points; 0: nothing */
void               xh_indicator_row_show          (XhIndicatorRow *self, const XhKind *kind, const XhScoreRow *row, double change);

G_END_DECLS
