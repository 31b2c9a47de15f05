/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The working-day calendar (calendar.json): rest days and worked weekends by year. Rule of counting: 民法典 201–203: the day of
 * the decision is day 0, the next working day is day 1; weekend days that are worked count.
 * Owned by the catalog, immutable, may be read from any thread. Dates from 1949 to 2148 are counted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhCalendar XhCalendar;

/**
 * xh_calendar_is_workday:
 *
 * Returns: whether people work on @date; %FALSE outside of the years that are counted
 */
gboolean  xh_calendar_is_workday       (XhCalendar *calendar, const GDate *date);

/**
 * xh_calendar_add_workdays:
 * @start: day 0, working day or not
 * @n: working days to go on, or back where negative; 0 is @start itself
 * @result: (out caller-allocates): the n-th working day after @start
 *
 * Constant in @n: a search in a running count.
 *
 * Returns: %FALSE when @start or the result is outside of the years that are counted
 */
gboolean  xh_calendar_add_workdays     (XhCalendar *calendar, const GDate *start, int n, GDate *result);

/**
 * xh_calendar_workdays_between:
 *
 * Working days after @from up to and with @to; negative where @to is before @from, so that it undoes
 * xh_calendar_add_workdays(). 0 where a date is not counted.
 */
int       xh_calendar_workdays_between (XhCalendar *calendar, const GDate *from, const GDate *to);

/**
 * xh_calendar_is_estimated:
 *
 * Whether the notice of @date's year is not in the catalog, so that a deadline in it rests on the statutory days alone and
 * must be shown as an estimate.
 */
gboolean  xh_calendar_is_estimated     (XhCalendar *calendar, const GDate *date);

/**
 * xh_date_parse:
 * @iso: (nullable): strictly `YYYY-MM-DD`
 * @date: (out caller-allocates): untouched on failure
 */
gboolean  xh_date_parse  (const char *iso, GDate *date);

/**
 * xh_date_format:
 *
 * Returns: (transfer full): `YYYY-MM-DD`
 */
char     *xh_date_format (const GDate *date);

/**
 * xh_date_today:
 * @date: (out caller-allocates): the local date; the environment's `XINHENG_TODAY=YYYY-MM-DD` stands in for it, for tests
 */
void      xh_date_today  (GDate *date);

G_END_DECLS
