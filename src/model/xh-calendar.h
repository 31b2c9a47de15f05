/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The working-day calendar (calendar.json): rest days and worked weekends by year. Rule of counting: 民法典 201–203. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhCalendar XhCalendar;

gboolean  xh_calendar_is_workday       (XhCalendar *calendar, const GDate *date);
gboolean  xh_calendar_add_workdays     (XhCalendar *calendar, const GDate *start, int n, GDate *result);
int       xh_calendar_workdays_between (XhCalendar *calendar, const GDate *from, const GDate *to);
gboolean  xh_calendar_is_estimated     (XhCalendar *calendar, const GDate *date); /* the year's notice is not imported */

gboolean  xh_date_parse  (const char *iso, GDate *date); /* strictly YYYY-MM-DD */
char     *xh_date_format (const GDate *date);
void      xh_date_today  (GDate *date);                  /* local; XINHENG_TODAY=YYYY-MM-DD overrides, for tests */

G_END_DECLS
