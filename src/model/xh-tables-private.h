/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-calendar.h"
#include "xh-divisions.h"
#include "xh-periods.h"
#include "xh-reader-private.h"
#include "xh-units.h"

G_BEGIN_DECLS

/* The tables of the catalog from their files. Never NULL: what is wrong goes to the faults, the rest is read. */
XhCalendar  *xh_calendar_new   (const XhReader *file);
void         xh_calendar_free  (XhCalendar *calendar);
XhDivisions *xh_divisions_new  (const char *csv, const char *file, GPtrArray *faults);
void         xh_divisions_free (XhDivisions *divisions);
XhPeriods   *xh_periods_new    (const XhReader *file); /* NULL: a catalog without periods */
void         xh_periods_free   (XhPeriods *periods);
XhUnits     *xh_units_new      (const XhReader *file, XhDivisions *divisions);
void         xh_units_free     (XhUnits *units);

G_END_DECLS
