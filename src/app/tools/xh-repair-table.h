/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the repair calculator shows: for one decision, the dates of every generation of rules side by side. All lengths and documents are
 * of periods.json; which set applies is a person's choice, the program only says what the date of application suggests. No display. */
#pragma once

#include "model/xh-catalog.h"

G_BEGIN_DECLS

/* A date by a rule. Without a rule or a base @date is not valid. */
typedef struct
{
  const XhPeriodRule *rule; /* (nullable) */
  GDate date;
  gboolean estimated;       /* counted in a year whose holidays are not published yet */
} XhRepairDate;

/* One severity of one set. */
typedef struct
{
  const XhPeriodSet *set;   /* (nullable) NULL: the market regulator's own display, counted from the day of publication */
  const XhPeriodCase *tier;
  XhRepairDate earliest;    /* the shortest time is over: may be repaired from then on */
  XhRepairDate end;         /* the longest time is over: the display ends by itself */
  gboolean no_early;        /* shown for the longest period, no repair before */
} XhRepairRow;

/* One generation of rules. */
typedef struct
{
  const XhPeriodSet *set;   /* (nullable) as above */
  gboolean by_application;  /* the date of application lies in it */
  XhRepairDate answer;      /* an application of that day is answered by then */
  GPtrArray *rows;          /* (owned) of XhRepairRow */
} XhRepairGroup;

/**
 * xh_repair_table_new:
 * @decided: (nullable): day of the decision or of the document that establishes the default
 * @applied: (nullable): day of the application for repair
 * @published: (nullable): day of publication in the market regulator's system
 *
 * Returns: (transfer full) (element-type XhRepairGroup): every set of the catalog in its order, last the market regulator's; dates are
 *   not valid where what they are counted from is not known
 */
GPtrArray *xh_repair_table_new  (XhCatalog *catalog, const GDate *decided, const GDate *applied, const GDate *published);

/**
 * xh_repair_date_text:
 *
 * Returns: (transfer full): `2026-02-28`, `2027-01-07 ※` where estimated, `—` where there is none
 */
char      *xh_repair_date_text  (const XhRepairDate *date);

/* (transfer full): "3 months", "7 working days", "at once": in the language of the interface. @rule: (nullable) "—" */
char      *xh_repair_rule_text  (const XhPeriodRule *rule);

/**
 * xh_repair_table_estimated:
 *
 * Returns: the first year that a date of @groups was counted in without its holidays being known, 0: none
 */
int        xh_repair_table_estimated (GPtrArray *groups);

/**
 * xh_repair_row_text:
 * @group: the one @row is of
 *
 * What a person takes into a letter or a chat: dates, rules and what they were counted from, a line each.
 *
 * Returns: (transfer full)
 */
char      *xh_repair_row_text   (const XhRepairGroup *group, const XhRepairRow *row, const GDate *decided, const GDate *applied,
                                 const GDate *published);

/**
 * xh_repair_base_field:
 * @period: name of a period
 *
 * Returns: (transfer none) (nullable): the date field of @kind from which its computed values count this period, by what the definition
 *   says in `deadline('PERIOD', …, FIELD)`
 */
const XhField *xh_repair_base_field (const XhKind *kind, const char *period);

/* Whether the shortest time until a repair is counted in records of @kind, so that the calculator has something to take from them. */
gboolean       xh_repair_concerns   (const XhKind *kind);

G_END_DECLS
