/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "model/xh-json.h"
#include "model/xh-tables-private.h"

/* Notices of the State Council for 2025 and 2026, the statutory days of 2027 (domain facts 6.1). */
static const char table[] =
  "{\"every_year\": [\"01-01\", \"05-01\", \"05-02\", \"10-01\", \"10-02\", \"10-03\"], \"years\": {"
  "\"2025\": {\"holidays\": [\"2025-01-01\", \"2025-01-28\", \"2025-01-29\", \"2025-01-30\", \"2025-01-31\", \"2025-02-01\", \"2025-02-02\","
  "\"2025-02-03\", \"2025-02-04\", \"2025-04-04\", \"2025-04-05\", \"2025-04-06\", \"2025-05-01\", \"2025-05-02\", \"2025-05-03\", \"2025-05-04\","
  "\"2025-05-05\", \"2025-05-31\", \"2025-06-01\", \"2025-06-02\", \"2025-10-01\", \"2025-10-02\", \"2025-10-03\", \"2025-10-04\", \"2025-10-05\","
  "\"2025-10-06\", \"2025-10-07\", \"2025-10-08\"], \"workdays\": [\"2025-01-26\", \"2025-02-08\", \"2025-04-27\", \"2025-09-28\", \"2025-10-11\"]},"
  "\"2026\": {\"holidays\": [\"2026-01-01\", \"2026-01-02\", \"2026-01-03\", \"2026-02-15\", \"2026-02-16\", \"2026-02-17\", \"2026-02-18\","
  "\"2026-02-19\", \"2026-02-20\", \"2026-02-21\", \"2026-02-22\", \"2026-02-23\", \"2026-04-04\", \"2026-04-05\", \"2026-04-06\", \"2026-05-01\","
  "\"2026-05-02\", \"2026-05-03\", \"2026-05-04\", \"2026-05-05\", \"2026-06-19\", \"2026-06-20\", \"2026-06-21\", \"2026-09-25\", \"2026-09-26\","
  "\"2026-09-27\", \"2026-10-01\", \"2026-10-02\", \"2026-10-03\", \"2026-10-04\", \"2026-10-05\", \"2026-10-06\", \"2026-10-07\"],"
  "\"workdays\": [\"2026-01-04\", \"2026-02-14\", \"2026-02-28\", \"2026-05-09\", \"2026-09-20\", \"2026-10-10\"]},"
  "\"2027\": {\"estimated\": true, \"holidays\": [\"2027-01-01\", \"2027-02-05\", \"2027-02-06\", \"2027-02-07\", \"2027-02-08\", \"2027-04-05\","
  "\"2027-05-01\", \"2027-05-02\", \"2027-06-09\", \"2027-09-15\", \"2027-10-01\", \"2027-10-02\", \"2027-10-03\"]}}}";

static GPtrArray *faults;

static XhCalendar *
load (const char *text)
{
  g_autoptr (JsonNode) node = xh_json_parse (text, -1, NULL);
  XhReader reader;

  g_assert_nonnull (node);
  g_clear_pointer (&faults, g_ptr_array_unref);
  faults = g_ptr_array_new_with_free_func (g_free);
  xh_reader_init (&reader, faults, "calendar.json", node);
  return xh_calendar_new (&reader);
}

static void
assert_added (XhCalendar *calendar, const char *from, int n, const char *to)
{
  g_autofree char *text = NULL;
  GDate start, result;

  g_assert_true (xh_date_parse (from, &start));
  g_assert_true (xh_calendar_add_workdays (calendar, &start, n, &result));
  text = xh_date_format (&result);
  g_assert_cmpstr (text, ==, to);
  g_assert_cmpint (xh_calendar_workdays_between (calendar, &start, &result), ==, n);
}

static int
count_year (XhCalendar *calendar, int year)
{
  int n = 0;
  GDate date;

  g_date_clear (&date, 1);
  for (g_date_set_dmy (&date, 1, 1, year); g_date_get_year (&date) == year; g_date_add_days (&date, 1))
    n += xh_calendar_is_workday (calendar, &date) ? 1 : 0;
  return n;
}

/* The test vectors of domain facts 6.3. */
static void
test_vectors (void)
{
  XhCalendar *calendar = load (table);

  g_assert_cmpuint (faults->len, ==, 0);
  assert_added (calendar, "2026-11-20", 1, "2026-11-23");
  assert_added (calendar, "2026-11-20", 3, "2026-11-25");
  assert_added (calendar, "2026-11-20", 7, "2026-12-01");
  assert_added (calendar, "2026-02-13", 7, "2026-03-02");
  assert_added (calendar, "2026-02-13", 20, "2026-03-19");
  assert_added (calendar, "2026-09-28", 7, "2026-10-13");
  assert_added (calendar, "2026-09-28", 20, "2026-10-30");
  assert_added (calendar, "2026-04-30", 10, "2026-05-18");
  assert_added (calendar, "2025-09-30", 7, "2025-10-16");
  assert_added (calendar, "2026-12-28", 7, "2027-01-07");
  xh_calendar_free (calendar);
}

static void
test_year_counts (void)
{
  XhCalendar *calendar = load (table);

  g_assert_cmpint (count_year (calendar, 2025), ==, 248);
  g_assert_cmpint (count_year (calendar, 2026), ==, 248);
  xh_calendar_free (calendar);
}

static void
test_estimated (void)
{
  XhCalendar *calendar = load (table);
  GDate date;

  g_assert_true (xh_date_parse ("2026-12-31", &date));
  g_assert_false (xh_calendar_is_estimated (calendar, &date));
  g_assert_true (xh_date_parse ("2027-01-07", &date));
  g_assert_true (xh_calendar_is_estimated (calendar, &date));
  g_assert_true (xh_date_parse ("2031-10-01", &date)); /* no entry at all: a Wednesday that the law names */
  g_assert_true (xh_calendar_is_estimated (calendar, &date));
  g_assert_false (xh_calendar_is_workday (calendar, &date));
  xh_calendar_free (calendar);
}

static void
test_backwards_and_zero (void)
{
  XhCalendar *calendar = load (table);

  assert_added (calendar, "2026-11-23", -1, "2026-11-20");
  assert_added (calendar, "2026-11-22", -1, "2026-11-20");
  assert_added (calendar, "2026-12-01", -7, "2026-11-20");
  assert_added (calendar, "2026-11-22", 0, "2026-11-22");
  xh_calendar_free (calendar);
}

/* Every start, every distance: counting day by day gives the same. */
static void
test_agrees_with_counting (void)
{
  XhCalendar *calendar = load (table);
  GDate start;

  g_assert_true (xh_date_parse ("2025-12-20", &start));
  for (int i = 0; i < 450; i++, g_date_add_days (&start, 1))
    {
      GDate day = start, result;

      for (int n = 1; n <= 30; n++)
        {
          do
            g_date_add_days (&day, 1);
          while (!xh_calendar_is_workday (calendar, &day));
          g_assert_true (xh_calendar_add_workdays (calendar, &start, n, &result));
          g_assert_cmpint (g_date_compare (&day, &result), ==, 0);
        }
    }
  xh_calendar_free (calendar);
}

static void
test_out_of_range (void)
{
  XhCalendar *calendar = load (table);
  GDate date, result;

  g_assert_true (xh_date_parse ("9999-12-31", &date));
  g_assert_false (xh_calendar_add_workdays (calendar, &date, 1, &result));
  g_assert_false (xh_calendar_is_workday (calendar, &date));
  g_assert_true (xh_date_parse ("2026-11-22", &date));
  g_assert_false (xh_calendar_add_workdays (calendar, &date, G_MAXINT, &result));
  g_assert_false (xh_calendar_add_workdays (calendar, &date, G_MININT, &result));
  xh_calendar_free (calendar);
}

static void
test_faults (void)
{
  static const struct { const char *text, *fault; } cases[] = {
    { "{}", "calendar.json: \"years\" is missing" },
    { "[]", "calendar.json: must be an object" },
    { "{\"years\": {\"26\": {}}}", "calendar.json: /years/26: must be a year from 1949 to 2148" },
    { "{\"years\": {\"2026\": []}}", "calendar.json: /years/2026: must be an object" },
    { "{\"years\": {\"2026\": {\"holidays\": [\"2027-01-01\"]}}}", "calendar.json: /years/2026/holidays: \"2027-01-01\" is no date of the year 2026" },
    { "{\"years\": {\"2026\": {\"holidays\": [\"2026-01-01\", \"2026-01-01\"]}}}", "calendar.json: /years/2026/holidays: \"2026-01-01\" is listed twice" },
    { "{\"years\": {\"2026\": {\"workdays\": [\"2026-11-20\"]}}}", "calendar.json: /years/2026/workdays: \"2026-11-20\" is no weekend day" },
    { "{\"years\": {\"2026\": {\"holydays\": []}}}", "calendar.json: /years/2026: unknown key \"holydays\"" },
    { "{\"years\": {}, \"every_year\": [\"02-30\"]}", "calendar.json: /every_year: \"02-30\" is no day of every year: MM-DD" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      XhCalendar *calendar = load (cases[i].text);

      g_assert_cmpuint (faults->len, >=, 1);
      g_assert_cmpstr (g_ptr_array_index (faults, 0), ==, cases[i].fault);
      xh_calendar_free (calendar);
    }
}

static void
test_dates (void)
{
  static const char *const bad[] = { "", "2026-2-3", "2026-02-30", "2026-13-01", "2026/02/03", "2026-02-03 ", "+026-02-03", "0000-01-01" };
  GDate date;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (xh_date_parse (bad[i], &date));
  g_assert_false (xh_date_parse (NULL, &date));
  xh_date_today (&date);
  text = xh_date_format (&date);
  g_assert_cmpstr (text, ==, "2026-11-22");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/calendar/test-vectors", test_vectors);
  g_test_add_func ("/model/calendar/working-days-of-a-year", test_year_counts);
  g_test_add_func ("/model/calendar/years-without-notice-are-estimated", test_estimated);
  g_test_add_func ("/model/calendar/counts-backwards", test_backwards_and_zero);
  g_test_add_func ("/model/calendar/agrees-with-counting-days", test_agrees_with_counting);
  g_test_add_func ("/model/calendar/refuses-what-it-cannot-count", test_out_of_range);
  g_test_add_func ("/model/calendar/names-faults", test_faults);
  g_test_add_func ("/model/calendar/dates-are-strict", test_dates);
  status = g_test_run ();
  g_clear_pointer (&faults, g_ptr_array_unref);
  return status;
}
