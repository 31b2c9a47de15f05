/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of a date: typed in any of the usual ways, or picked from a calendar. */
#pragma once

#include "xh-entry-row.h"

G_BEGIN_DECLS

#define XH_TYPE_DATE_ROW (xh_date_row_get_type ())
G_DECLARE_FINAL_TYPE (XhDateRow, xh_date_row, XH, DATE_ROW, XhEntryRow)

/**
 * xh_date_guess:
 * @text: 2026-11-22, 2026.11.2, 2026/11/22, 20261122, 2026年11月22日, 11-22 or 1122 (this year), full-width digits too
 *
 * Returns: (nullable) (transfer full): the ISO date that is meant, %NULL if none is
 */
char *xh_date_guess (const char *text);

G_END_DECLS
