/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row into which a day is typed, in any of the usual ways (2026-11-22, 11-22, 20261122), outside of records and forms. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_DAY_ROW (xh_day_row_get_type ())
G_DECLARE_FINAL_TYPE (XhDayRow, xh_day_row, XH, DAY_ROW, AdwEntryRow)

/**
 * XhDayRow::day-changed:
 *
 * Another day stands in it, or none any more.
 */

/* @day: (out caller-allocates). FALSE: nothing stands there, or nothing that is a day. */
gboolean xh_day_row_get (XhDayRow *self, GDate *day);
/* @iso: (nullable) */
void     xh_day_row_set (XhDayRow *self, const char *iso);

G_END_DECLS
