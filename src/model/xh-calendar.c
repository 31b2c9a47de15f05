/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-calendar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-tables-private.h"

#define FIRST_YEAR 1949
#define LAST_YEAR 2148
#define N_YEARS (LAST_YEAR - FIRST_YEAR + 1)

enum { DAY_BY_WEEK, DAY_REST, DAY_WORK };

/* before[i] is the number of working days before day i, counted from the first day of FIRST_YEAR: a difference answers how many
 * lie between two dates, a search where the n-th one is. 290 kB a catalog, and no query walks days. */
struct _XhCalendar
{
  guint32 first;              /* GDate's number of the first day */
  guint n_days;
  guint32 *before;            /* (owned) n_days + 1 of them */
  gboolean known[N_YEARS];    /* the notice of the year is in the catalog */
};

/* --- helpers */

static gboolean
in_range (const XhCalendar *self, const GDate *date)
{
  return g_date_valid (date) && g_date_get_year (date) >= FIRST_YEAR && g_date_get_year (date) <= LAST_YEAR;
}

static guint
day_index (const XhCalendar *self, const GDate *date)
{
  return g_date_get_julian (date) - self->first;
}

static void
mark_days (const XhReader *year, const char *key, int number, const XhCalendar *self, guint8 *marks, guint8 mark)
{
  g_auto (GStrv) days = xh_reader_texts (year, key, FALSE);

  for (guint i = 0; days != NULL && days[i] != NULL; i++)
    {
      GDate date;

      if (!xh_date_parse (days[i], &date) || g_date_get_year (&date) != number)
        xh_reader_fault (year, key, _("\"%s\" is no date of the year %d"), days[i], number);
      else if (marks[day_index (self, &date)] != DAY_BY_WEEK)
        xh_reader_fault (year, key, _("\"%s\" is listed twice"), days[i]);
      else if (mark == DAY_WORK && g_date_get_weekday (&date) < G_DATE_SATURDAY)
        xh_reader_fault (year, key, _("\"%s\" is no weekend day"), days[i]);
      else
        marks[day_index (self, &date)] = mark;
    }
}

static void
load_year (const XhReader *years, const char *name, XhCalendar *self, guint8 *marks, gboolean *listed)
{
  static const char *const keys[] = { "estimated", "holidays", "workdays", "source", "note", NULL };
  XhReader year;
  int number = strlen (name) == 4 ? (int) g_ascii_strtoull (name, NULL, 10) : 0;

  if (number < FIRST_YEAR || number > LAST_YEAR)
    {
      xh_reader_fault (years, name, _("must be a year from %d to %d"), FIRST_YEAR, LAST_YEAR);
      return;
    }
  if (!xh_reader_child (years, name, &year))
    return;
  xh_reader_object (&year, keys);
  listed[number - FIRST_YEAR] = TRUE;
  self->known[number - FIRST_YEAR] = !xh_reader_boolean (&year, "estimated", FALSE);
  mark_days (&year, "holidays", number, self, marks, DAY_REST);
  mark_days (&year, "workdays", number, self, marks, DAY_WORK);
}

/* Years without any entry rest on the days that the law names by date: "every_year": ["01-01", …]. */
static void
mark_every_year (const XhReader *file, const XhCalendar *self, guint8 *marks, const gboolean *listed)
{
  g_auto (GStrv) days = xh_reader_texts (file, "every_year", FALSE);

  for (guint i = 0; days != NULL && days[i] != NULL; i++)
    {
      g_autofree char *sample = g_strdup_printf ("2001-%s", days[i]);
      GDate date;

      if (!xh_date_parse (sample, &date))
        {
          xh_reader_fault (file, "every_year", _("\"%s\" is no day of every year: MM-DD"), days[i]);
          continue;
        }
      for (int year = 0; year < N_YEARS; year++)
        {
          g_date_set_year (&date, FIRST_YEAR + year);
          if (!listed[year])
            marks[day_index (self, &date)] = DAY_REST;
        }
    }
}

static void
count_days (XhCalendar *self, const guint8 *marks)
{
  for (guint i = 0; i < self->n_days; i++)
    {
      /* Day 1 of GDate is a Monday. */
      gboolean weekend = (self->first + i - 1) % 7 >= 5;
      gboolean works = marks[i] == DAY_WORK || (marks[i] == DAY_BY_WEEK && !weekend);

      self->before[i + 1] = self->before[i] + (works ? 1 : 0);
    }
}

/* --- private functions */

XhCalendar *
xh_calendar_new (const XhReader *file)
{
  static const char *const keys[] = { "source", "note", "every_year", "years", NULL };
  XhCalendar *self = g_new0 (XhCalendar, 1);
  g_autofree guint8 *marks = NULL;
  gboolean listed[N_YEARS] = { FALSE };
  XhReader years;
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, 1, 1, FIRST_YEAR);
  self->first = g_date_get_julian (&date);
  g_date_set_dmy (&date, 1, 1, LAST_YEAR + 1);
  self->n_days = g_date_get_julian (&date) - self->first;
  self->before = g_new0 (guint32, self->n_days + 1);
  marks = g_new0 (guint8, self->n_days);

  if (xh_reader_object (file, keys) && xh_reader_child (file, "years", &years))
    {
      g_autoptr (GList) names = json_object_get_members (json_node_get_object (years.node));

      for (GList *name = names; name != NULL; name = name->next)
        load_year (&years, name->data, self, marks, listed);
    }
  else if (!xh_reader_has (file, "years"))
    xh_reader_fault (file, NULL, _("\"%s\" is missing"), "years");
  mark_every_year (file, self, marks, listed);
  count_days (self, marks);
  return self;
}

void
xh_calendar_free (XhCalendar *calendar)
{
  if (calendar == NULL)
    return;
  g_free (calendar->before);
  g_free (calendar);
}

/* --- public functions */

gboolean
xh_calendar_is_workday (XhCalendar *calendar, const GDate *date)
{
  guint day;

  g_return_val_if_fail (calendar != NULL && date != NULL, FALSE);

  if (!in_range (calendar, date))
    return FALSE;
  day = day_index (calendar, date);
  return calendar->before[day + 1] > calendar->before[day];
}

gboolean
xh_calendar_add_workdays (XhCalendar *calendar, const GDate *start, int n, GDate *result)
{
  gint64 wanted;
  guint low, high;

  g_return_val_if_fail (calendar != NULL && start != NULL && result != NULL, FALSE);

  if (!in_range (calendar, start))
    return FALSE;
  low = day_index (calendar, start);
  /* The number of the working day that is looked for, from 1. Backwards the start itself does not count either. */
  wanted = n > 0 ? (gint64) calendar->before[low + 1] + n : (gint64) calendar->before[low] + 1 + n;
  if (n == 0)
    {
      *result = *start;
      return TRUE;
    }
  if (wanted < 1 || wanted > calendar->before[calendar->n_days])
    return FALSE;

  low = 0;
  high = calendar->n_days - 1;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (calendar->before[middle + 1] >= wanted)
        high = middle;
      else
        low = middle + 1;
    }
  g_date_clear (result, 1);
  g_date_set_julian (result, calendar->first + low);
  return TRUE;
}

int
xh_calendar_workdays_between (XhCalendar *calendar, const GDate *from, const GDate *to)
{
  g_return_val_if_fail (calendar != NULL && from != NULL && to != NULL, 0);

  if (!in_range (calendar, from) || !in_range (calendar, to))
    return 0;
  if (g_date_compare (from, to) > 0)
    return -(int) (calendar->before[day_index (calendar, from)] - calendar->before[day_index (calendar, to)]);
  return (int) (calendar->before[day_index (calendar, to) + 1] - calendar->before[day_index (calendar, from) + 1]);
}

gboolean
xh_calendar_is_estimated (XhCalendar *calendar, const GDate *date)
{
  g_return_val_if_fail (calendar != NULL && date != NULL, TRUE);

  return !in_range (calendar, date) || !calendar->known[g_date_get_year (date) - FIRST_YEAR];
}
