/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Periods that documents set (periods.json): how long for publication, objection, repair, display, by date, with the document that
 * says so. Owned by the catalog, immutable, may be read from any thread.
 *
 * Rule of counting: 民法典 201–203. The day of the base is day 0. Months and years end on the same day number, or on the month's last
 * day where it lacks it. A rule that says so ends on the next working day where its last day is none (203). */
#pragma once

#include "xh-calendar.h"
#include "xh-kind.h"

G_BEGIN_DECLS

typedef struct _XhPeriods XhPeriods;

typedef enum { XH_PERIOD_WORKDAYS, XH_PERIOD_DAYS, XH_PERIOD_MONTHS, XH_PERIOD_YEARS } XhPeriodUnit;

typedef struct
{
  int count;             /* 0: at once */
  XhPeriodUnit unit;
  char *from, *to;       /* (owned) (nullable) ISO dates: bases that the rule holds for */
  char *document;        /* (owned) who says so */
  gboolean alternative;  /* another document says otherwise: shown, never computed with */
  gboolean next_workday; /* ends on the next working day where the last day is none */
} XhPeriodRule;

typedef struct
{
  char *name;       /* (owned) */
  XhLabel label;
  char *set;        /* (owned) (nullable) the generation of rules it belongs to */
  XhLabel note;     /* may be empty */
  GPtrArray *rules; /* (owned) of XhPeriodRule, the first that holds applies */
} XhPeriodCase;

typedef struct
{
  char *name;       /* (owned) */
  XhLabel label;
  GPtrArray *cases; /* (owned) of XhPeriodCase */
} XhPeriod;

/* A generation of rules: those of one document, for what is applied for between two dates. */
typedef struct
{
  char *name;     /* (owned) */
  XhLabel label;
  char *document; /* (owned) */
  char *from, *to;/* (owned) (nullable) ISO dates */
  XhLabel by;     /* which date decides; may be empty */
} XhPeriodSet;

/* Time that does not count, both days included. A @to that is not valid: it still runs, until today. */
typedef struct
{
  GDate from, to;
} XhStop;

/* All (transfer none); finders (nullable). */
GPtrArray          *xh_periods_get_sets    (XhPeriods *periods); /* of XhPeriodSet, as they stand in the file */
GPtrArray          *xh_periods_get_periods (XhPeriods *periods); /* of XhPeriod */
const XhPeriodSet  *xh_periods_find_set    (XhPeriods *periods, const char *name);
const XhPeriod     *xh_periods_find        (XhPeriods *periods, const char *name);
const XhPeriodCase *xh_period_find_case    (const XhPeriod *period, const char *name);

/**
 * xh_periods_match_set:
 * @date: the date that decides
 *
 * Returns: (transfer none) (nullable): the first set whose dates hold @date. Which set applies to an old decision that is applied for
 *   today is a question of law: show them all
 */
const XhPeriodSet  *xh_periods_match_set   (XhPeriods *periods, const GDate *date);

/**
 * xh_period_case_match:
 *
 * Returns: (transfer none) (nullable): the rule that applies on @base: the first that is no alternative and whose dates hold it
 */
const XhPeriodRule *xh_period_case_match   (const XhPeriodCase *period_case, const GDate *base);

/**
 * xh_period_rule_due:
 * @base: day 0
 * @stops: (nullable) (element-type XhStop): time that does not count; may overlap, lie before the base or after the end
 * @due: (out caller-allocates): the last day
 * @estimated: (out) (optional): whether the calendar of a year it was counted in is not known yet
 *
 * Also for alternatives, which are shown beside the rule that applies.
 *
 * Returns: %FALSE where the end is outside of the years that are counted
 */
gboolean            xh_period_rule_due     (const XhPeriodRule *rule, const GDate *base, GArray *stops, XhCalendar *calendar, GDate *due,
                                            gboolean *estimated);

/**
 * xh_period_rule_text:
 *
 * Returns: (transfer full): `7个工作日（发改办财金〔2018〕424号）`, in Chinese always: it may be stored as a computed value and must be the
 *   same on every machine
 */
char               *xh_period_rule_text    (const XhPeriodRule *rule);

/**
 * xh_periods_due:
 * @name, @case_name: (nullable): a period and a case of it
 *
 * As xh_period_rule_due() by the rule that applies on @base.
 *
 * Returns: %FALSE also where there is no such case or no rule for the base
 */
gboolean            xh_periods_due         (XhPeriods *periods, const char *name, const char *case_name, const GDate *base, GArray *stops,
                                            XhCalendar *calendar, GDate *due, gboolean *estimated);

G_END_DECLS
