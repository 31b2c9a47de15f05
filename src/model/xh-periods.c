/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-periods.h"

#include <string.h>

#include "xh-tables-private.h"

/* A date is compared as ISO text: what is NULL is open. */
static gboolean
holds (const char *from, const char *to, const GDate *date)
{
  g_autofree char *iso = xh_date_format (date);

  return (from == NULL || strcmp (from, iso) <= 0) && (to == NULL || strcmp (iso, to) <= 0);
}

static gboolean
in_range (const GDate *date)
{
  return g_date_valid (date) && g_date_get_year (date) >= 1900 && g_date_get_year (date) <= 2148;
}

/* --- time that does not count */

static int
compare_stops (gconstpointer a, gconstpointer b)
{
  return g_date_compare (&((const XhStop *) a)->from, &((const XhStop *) b)->from);
}

/* Closed, sorted and without overlaps; only what lies after the base. */
static GArray *
merge_stops (GArray *stops, const GDate *base)
{
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (XhStop));
  GArray *merged = g_array_new (FALSE, FALSE, sizeof (XhStop));
  GDate first = *base, today;

  xh_date_today (&today);
  g_date_add_days (&first, 1);
  for (guint i = 0; i < stops->len; i++)
    {
      XhStop stop = g_array_index (stops, XhStop, i);

      if (!in_range (&stop.from))
        continue;
      if (!g_date_valid (&stop.to))
        stop.to = today;
      if (g_date_compare (&stop.from, &first) < 0)
        stop.from = first;
      if (in_range (&stop.to) && g_date_compare (&stop.from, &stop.to) <= 0)
        g_array_append_val (sorted, stop);
    }
  g_array_sort (sorted, compare_stops);
  for (guint i = 0; i < sorted->len; i++)
    {
      XhStop stop = g_array_index (sorted, XhStop, i);
      XhStop *last = merged->len > 0 ? &g_array_index (merged, XhStop, merged->len - 1) : NULL;

      if (last == NULL || g_date_compare (&stop.from, &last->to) > 0)
        g_array_append_val (merged, stop);
      else if (g_date_compare (&stop.to, &last->to) > 0)
        last->to = stop.to;
    }
  return merged;
}

/* How many of the days that the rule counts lie in the stop. */
static int
count_stopped (const XhPeriodRule *rule, const XhStop *stop, XhCalendar *calendar)
{
  GDate before = stop->from;

  if (rule->unit != XH_PERIOD_WORKDAYS)
    return g_date_days_between (&stop->from, &stop->to) + 1;
  g_date_subtract_days (&before, 1);
  return xh_calendar_workdays_between (calendar, &before, &stop->to);
}

static gboolean
add_days (const XhPeriodRule *rule, XhCalendar *calendar, int days, GDate *date)
{
  GDate result;

  if (rule->unit == XH_PERIOD_WORKDAYS)
    {
      if (!xh_calendar_add_workdays (calendar, date, days, &result))
        return FALSE;
      *date = result;
      return TRUE;
    }
  g_date_add_days (date, (guint) days);
  return in_range (date);
}

/* Each stop that begins no later than the end moves the end by what it holds: so far it goes on, a later one may begin before it. */
static gboolean
move_by_stops (const XhPeriodRule *rule, const GDate *base, GArray *stops, XhCalendar *calendar, GDate *due)
{
  g_autoptr (GArray) merged = merge_stops (stops, base);

  for (guint i = 0; i < merged->len; i++)
    {
      const XhStop *stop = &g_array_index (merged, XhStop, i);

      if (g_date_compare (&stop->from, due) > 0)
        break;
      if (!add_days (rule, calendar, count_stopped (rule, stop, calendar), due))
        return FALSE;
    }
  return TRUE;
}

/* --- public functions */

gboolean
xh_period_rule_due (const XhPeriodRule *rule, const GDate *base, GArray *stops, XhCalendar *calendar, GDate *due, gboolean *estimated)
{
  GDate end, result;
  gboolean counts_workdays;

  g_return_val_if_fail (rule != NULL && base != NULL && calendar != NULL && due != NULL, FALSE);

  if (!in_range (base))
    return FALSE;
  end = *base;
  if (rule->unit == XH_PERIOD_MONTHS)
    g_date_add_months (&end, (guint) rule->count);
  else if (rule->unit == XH_PERIOD_YEARS)
    g_date_add_years (&end, (guint) rule->count);
  else if (!add_days (rule, calendar, rule->count, &end))
    return FALSE;
  if (!in_range (&end) || (stops != NULL && !move_by_stops (rule, base, stops, calendar, &end)))
    return FALSE;
  if (rule->next_workday && !xh_calendar_is_workday (calendar, &end) && xh_calendar_add_workdays (calendar, &end, 1, &result))
    end = result;
  counts_workdays = rule->unit == XH_PERIOD_WORKDAYS || rule->next_workday;
  if (estimated != NULL)
    {
      GDate year = *base;

      *estimated = FALSE;
      for (g_date_set_day (&year, 1); counts_workdays && g_date_get_year (&year) <= g_date_get_year (&end); g_date_add_years (&year, 1))
        *estimated = *estimated || xh_calendar_is_estimated (calendar, &year);
    }
  *due = end;
  return TRUE;
}

char *
xh_period_rule_text (const XhPeriodRule *rule)
{
  static const char *const units[] = { "个工作日", "日", "个月", "年" };
  g_autofree char *length = NULL;

  g_return_val_if_fail (rule != NULL, NULL);

  length = rule->count > 0 ? g_strdup_printf ("%d%s", rule->count, units[rule->unit]) : g_strdup ("即时");
  return g_strdup_printf ("%s（%s）", length, rule->document);
}

const XhPeriodRule *
xh_period_case_match (const XhPeriodCase *period_case, const GDate *base)
{
  g_return_val_if_fail (period_case != NULL && base != NULL, NULL);

  for (guint i = 0; g_date_valid (base) && i < period_case->rules->len; i++)
    {
      const XhPeriodRule *rule = g_ptr_array_index (period_case->rules, i);

      if (!rule->alternative && holds (rule->from, rule->to, base))
        return rule;
    }
  return NULL;
}

const XhPeriodCase *
xh_period_find_case (const XhPeriod *period, const char *name)
{
  g_return_val_if_fail (period != NULL, NULL);

  for (guint i = 0; name != NULL && i < period->cases->len; i++)
    {
      const XhPeriodCase *found = g_ptr_array_index (period->cases, i);

      if (strcmp (found->name, name) == 0)
        return found;
    }
  return NULL;
}

const XhPeriod *
xh_periods_find (XhPeriods *periods, const char *name)
{
  GPtrArray *all = xh_periods_get_periods (periods);

  for (guint i = 0; name != NULL && i < all->len; i++)
    {
      const XhPeriod *period = g_ptr_array_index (all, i);

      if (strcmp (period->name, name) == 0)
        return period;
    }
  return NULL;
}

const XhPeriodSet *
xh_periods_find_set (XhPeriods *periods, const char *name)
{
  GPtrArray *all = xh_periods_get_sets (periods);

  for (guint i = 0; name != NULL && i < all->len; i++)
    {
      const XhPeriodSet *set = g_ptr_array_index (all, i);

      if (strcmp (set->name, name) == 0)
        return set;
    }
  return NULL;
}

const XhPeriodSet *
xh_periods_match_set (XhPeriods *periods, const GDate *date)
{
  GPtrArray *all = xh_periods_get_sets (periods);

  g_return_val_if_fail (date != NULL, NULL);

  for (guint i = 0; g_date_valid (date) && i < all->len; i++)
    {
      const XhPeriodSet *set = g_ptr_array_index (all, i);

      if (holds (set->from, set->to, date))
        return set;
    }
  return NULL;
}

gboolean
xh_periods_due (XhPeriods *periods, const char *name, const char *case_name, const GDate *base, GArray *stops, XhCalendar *calendar,
                GDate *due, gboolean *estimated)
{
  const XhPeriod *period = xh_periods_find (periods, name);
  const XhPeriodCase *found = period != NULL ? xh_period_find_case (period, case_name) : NULL;
  const XhPeriodRule *rule = found != NULL ? xh_period_case_match (found, base) : NULL;

  return rule != NULL && xh_period_rule_due (rule, base, stops, calendar, due, estimated);
}
