/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Deadlines by dated rules, with the shipped periods and the shipped calendar. */

#include <string.h>

#include "fixture.h"
#include "model/xh-tables-private.h"

static XhCatalog *catalog;

static GDate
day (const char *iso)
{
  GDate date;

  g_assert_true (xh_date_parse (iso, &date));
  return date;
}

/* "2026-03-02 2026-03-05, 2026-03-07" : from and to of each stop; without to it is open. NULL: none. */
static GArray *
parse_stops (const char *text)
{
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, ", ", -1) : NULL;
  GArray *stops = g_array_new (FALSE, TRUE, sizeof (XhStop));

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      g_auto (GStrv) ends = g_strsplit (parts[i], " ", 2);
      XhStop stop = { .from = day (ends[0]) };

      g_date_clear (&stop.to, 1);
      if (ends[1] != NULL)
        stop.to = day (ends[1]);
      g_array_append_val (stops, stop);
    }
  return stops;
}

static void
assert_rule (int count, XhPeriodUnit unit, gboolean next_workday, const char *base, const char *stops, const char *expected)
{
  XhPeriodRule rule = { .count = count, .unit = unit, .document = (char *) "x", .next_workday = next_workday };
  g_autoptr (GArray) parsed = parse_stops (stops);
  g_autofree char *text = NULL;
  GDate start = day (base), due;

  g_assert_true (xh_period_rule_due (&rule, &start, parsed, xh_catalog_get_calendar (catalog), &due, NULL));
  text = xh_date_format (&due);
  g_assert_cmpstr (text, ==, expected);
}

/* --- the rules of counting */

/* Domain facts 6.3. */
static void
test_vectors (void)
{
  static const struct { const char *base; int count; const char *due; } vectors[] = {
    { "2026-11-20", 1, "2026-11-23" }, { "2026-11-20", 3, "2026-11-25" }, { "2026-11-20", 7, "2026-12-01" },
    { "2026-02-13", 7, "2026-03-02" }, { "2026-02-13", 20, "2026-03-19" }, { "2026-09-28", 7, "2026-10-13" },
    { "2026-09-28", 20, "2026-10-30" }, { "2026-04-30", 10, "2026-05-18" }, { "2025-09-30", 7, "2025-10-16" },
    { "2026-12-28", 7, "2027-01-07" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    assert_rule (vectors[i].count, XH_PERIOD_WORKDAYS, FALSE, vectors[i].base, NULL, vectors[i].due);
}

static void
test_months_and_years (void)
{
  assert_rule (3, XH_PERIOD_MONTHS, FALSE, "2025-11-30", NULL, "2026-02-28");
  assert_rule (3, XH_PERIOD_MONTHS, FALSE, "2023-11-30", NULL, "2024-02-29");
  assert_rule (1, XH_PERIOD_MONTHS, FALSE, "2026-01-31", NULL, "2026-02-28");
  assert_rule (3, XH_PERIOD_MONTHS, FALSE, "2026-11-22", NULL, "2027-02-22");
  assert_rule (1, XH_PERIOD_YEARS, FALSE, "2024-02-29", NULL, "2025-02-28");
  assert_rule (3, XH_PERIOD_YEARS, FALSE, "2026-12-31", NULL, "2029-12-31");
  assert_rule (0, XH_PERIOD_MONTHS, FALSE, "2026-12-31", NULL, "2026-12-31");
  assert_rule (20, XH_PERIOD_DAYS, FALSE, "2026-12-20", NULL, "2027-01-09");
}

static void
test_last_day_is_no_workday (void)
{
  /* 2026-10-01 to 10-07 is a holiday; 2026-10-10 a Saturday that is worked. */
  assert_rule (20, XH_PERIOD_DAYS, TRUE, "2026-09-11", NULL, "2026-10-08");
  assert_rule (20, XH_PERIOD_DAYS, TRUE, "2026-09-20", NULL, "2026-10-10");
  assert_rule (1, XH_PERIOD_MONTHS, TRUE, "2025-12-01", NULL, "2026-01-04");
}

static void
test_stops_of_workdays (void)
{
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-24 2026-11-25", "2026-12-03");
  /* Overlapping, and one within another: each day once. */
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-25 2026-11-27, 2026-11-24 2026-11-26, 2026-11-25 2026-11-25", "2026-12-07");
  /* Begins before the base; lies before it; lies after the end; a weekend holds no working day. */
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-01 2026-11-23", "2026-12-02");
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-01 2026-11-20", "2026-12-01");
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-12-02 2026-12-09", "2026-12-01");
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-28 2026-11-29", "2026-12-01");
  /* A stop that is reached only because of another. */
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-24 2026-11-25, 2026-12-03 2026-12-04", "2026-12-07");
  /* The last day itself; make-up Saturday 2026-10-10 within a stop counts as the working day it is. */
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-12-01 2026-12-05", "2026-12-07");
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-09-28", "2026-10-09 2026-10-11", "2026-10-15");
  /* No time at all: nothing to move. */
  assert_rule (0, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-20 2026-11-30", "2026-11-20");
}

static void
test_stops_of_days (void)
{
  assert_rule (20, XH_PERIOD_DAYS, FALSE, "2026-11-01", "2026-11-05 2026-11-06", "2026-11-23");
  assert_rule (3, XH_PERIOD_MONTHS, FALSE, "2025-11-30", "2026-01-01 2026-01-10", "2026-03-10");
  assert_rule (3, XH_PERIOD_MONTHS, FALSE, "2025-11-30", "2026-02-28 2026-03-01, 2026-03-02 2026-03-02", "2026-03-03");
  assert_rule (1, XH_PERIOD_YEARS, FALSE, "2025-03-01", "2025-01-01 2025-03-01", "2026-03-01");
}

/* Today is 2026-11-22. */
static void
test_open_stop_runs_until_today (void)
{
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-16", "2026-11-18", "2026-11-30");
  assert_rule (20, XH_PERIOD_DAYS, FALSE, "2026-11-01", "2026-11-20", "2026-11-24");
  /* One that is to begin has stopped nothing yet. */
  assert_rule (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20", "2026-11-24", "2026-12-01");
}

static gboolean
is_estimated (int count, XhPeriodUnit unit, gboolean next_workday, const char *base)
{
  XhPeriodRule rule = { .count = count, .unit = unit, .document = (char *) "x", .next_workday = next_workday };
  GDate start = day (base), due;
  gboolean estimated;

  g_assert_true (xh_period_rule_due (&rule, &start, NULL, xh_catalog_get_calendar (catalog), &due, &estimated));
  return estimated;
}

static void
test_estimated (void)
{
  g_assert_false (is_estimated (7, XH_PERIOD_WORKDAYS, FALSE, "2026-11-20"));
  g_assert_true (is_estimated (7, XH_PERIOD_WORKDAYS, FALSE, "2026-12-28"));
  g_assert_false (is_estimated (3, XH_PERIOD_MONTHS, FALSE, "2026-12-28"));
  g_assert_true (is_estimated (20, XH_PERIOD_DAYS, TRUE, "2026-12-28"));
}

static void
test_beyond_the_calendar (void)
{
  XhPeriodRule rule = { .count = 7, .unit = XH_PERIOD_WORKDAYS, .document = (char *) "x" };
  GDate base = day ("9999-12-31"), due;

  g_assert_false (xh_period_rule_due (&rule, &base, NULL, xh_catalog_get_calendar (catalog), &due, NULL));
  rule.unit = XH_PERIOD_YEARS;
  base = day ("2147-01-01");
  g_assert_false (xh_period_rule_due (&rule, &base, NULL, xh_catalog_get_calendar (catalog), &due, NULL));
}

/* --- the shipped periods */

static void
assert_due (const char *name, const char *case_name, const char *base, const char *expected)
{
  g_autofree char *text = NULL;
  GDate start = day (base), due;
  gboolean found = xh_periods_due (xh_catalog_get_periods (catalog), name, case_name, &start, NULL, xh_catalog_get_calendar (catalog), &due, NULL);

  text = found ? xh_date_format (&due) : NULL;
  g_assert_cmpstr (text, ==, expected);
}

static void
test_agreed_periods (void)
{
  static const struct { const char *period, *cases[12]; } agreed[] = {
    { "publicity", { "licence", "penalty", "act_enforcement", "act_confirmation", "act_levy", "act_payment", "act_ruling", "act_compensation",
                     "act_reward", "act_inspection", "market", NULL } },
    { "withdraw", { "penalty_48", "market", NULL } },
    { "verify", { "platform", NULL } },
    { "objection", { "own", "with_source", "source_answer", "correct", "credit_bureau", NULL } },
    { "repair_answer", { "gen2", "gen3", NULL } },
    { "repair_done", { "henan_43", NULL } },
    { "display", { "negative", NULL } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (agreed); i++)
    for (gsize j = 0; agreed[i].cases[j] != NULL; j++)
      {
        const XhPeriod *period = xh_periods_find (xh_catalog_get_periods (catalog), agreed[i].period);
        GDate today = day ("2026-11-22");

        g_assert_nonnull (xh_period_case_match (xh_period_find_case (period, agreed[i].cases[j]), &today));
      }
  assert_due ("publicity", "licence", "2026-11-20", "2026-12-01");
  assert_due ("publicity", "licence", "2018-07-24", NULL);
  assert_due ("publicity", "none", "2026-11-20", NULL);
  assert_due ("none", "none", "2026-11-20", NULL);
  assert_due (NULL, NULL, "2026-11-20", NULL);
  assert_due ("objection", "credit_bureau", "2026-09-20", "2026-10-10");
  assert_due ("display", "negative", "2024-02-29", "2029-02-28");
}

/* Seven days apply to the eight kinds, twenty are another document's. */
static void
test_alternative_is_kept (void)
{
  const XhPeriod *publicity = xh_periods_find (xh_catalog_get_periods (catalog), "publicity");
  const XhPeriodCase *reward = xh_period_find_case (publicity, "act_reward");
  const XhPeriodRule *other = g_ptr_array_index (reward->rules, 1);
  g_autofree char *text = NULL;
  GDate base = day ("2026-02-13"), due;

  assert_due ("publicity", "act_reward", "2026-02-13", "2026-03-02");
  g_assert_true (other->alternative);
  g_assert_true (xh_period_rule_due (other, &base, NULL, xh_catalog_get_calendar (catalog), &due, NULL));
  text = xh_date_format (&due);
  g_assert_cmpstr (text, ==, "2026-03-19");
}

/* Domain facts 4.1: each tier of the three generations for a decision of 2025-11-30. */
static void
test_repair_tiers (void)
{
  static const struct { const char *tier, *least, *most, *set; } tiers[] = {
    { "gen1_general", "2026-02-28", "2026-11-30", "gen1" }, { "gen1_serious", "2026-05-30", "2028-11-30", "gen1" },
    { "gen1_special", "2028-11-30", "2028-11-30", "gen1" }, { "gen2_general", "2026-02-28", "2028-11-30", "gen2" },
    { "gen2_safety", "2026-11-30", "2028-11-30", "gen2" },  { "gen3_minor", "2025-11-30", "2026-02-28", "gen3" },
    { "gen3_general", "2026-02-28", "2026-11-30", "gen3" }, { "gen3_serious", "2026-11-30", "2028-11-30", "gen3" },
  };
  XhPeriods *periods = xh_catalog_get_periods (catalog);

  for (gsize i = 0; i < G_N_ELEMENTS (tiers); i++)
    {
      assert_due ("repair_min", tiers[i].tier, "2025-11-30", tiers[i].least);
      assert_due ("repair_max", tiers[i].tier, "2025-11-30", tiers[i].most);
      g_assert_cmpstr (xh_period_find_case (xh_periods_find (periods, "repair_min"), tiers[i].tier)->set, ==, tiers[i].set);
    }
}

static void
test_sets_by_application (void)
{
  static const struct { const char *date, *set; } dates[] = {
    { "2023-04-30", "gen1" }, { "2023-05-01", "gen2" }, { "2026-03-31", "gen2" }, { "2026-04-01", "gen3" }, { "2030-01-01", "gen3" },
  };

  g_assert_cmpuint (xh_periods_get_sets (xh_catalog_get_periods (catalog))->len, ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      GDate date = day (dates[i].date);

      g_assert_cmpstr (xh_periods_match_set (xh_catalog_get_periods (catalog), &date)->name, ==, dates[i].set);
    }
}

/* --- in expressions */

static void
assert_sql (const char *expression, const char *expected)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s", expression);
  sqlite3_stmt *statement = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_true (xh_functions_register (db, catalog, NULL));
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, expected);
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

static void
test_functions (void)
{
  assert_sql ("deadline('publicity', 'licence', '2026-11-20')", "2026-12-01");
  assert_sql ("deadline('publicity', 'licence', NULL)", NULL);
  assert_sql ("deadline('publicity', 'licence', 'soon')", NULL);
  assert_sql ("deadline('publicity', NULL, '2026-11-20')", NULL);
  assert_sql ("deadline('publicity', 'act_' || 'levy', '2026-11-20')", "2026-12-01");
  assert_sql ("deadline('objection', 'with_source', '2026-11-20', '[{\"_id\":\"1\",\"from_on\":\"2026-11-24\",\"to_on\":\"2026-11-25\"}]')", "2026-12-03");
  assert_sql ("deadline('objection', 'with_source', '2026-11-16', '[{\"from_on\":\"2026-11-18\",\"to_on\":null}]')", "2026-11-30");
  assert_sql ("deadline('objection', 'with_source', '2026-11-20', '[{}, {\"to_on\":\"2026-11-25\"}, {\"from_on\":7}]')", "2026-12-01");
  assert_sql ("deadline('objection', 'with_source', '2026-11-20', '[]')", "2026-12-01");
  assert_sql ("deadline('objection', 'with_source', '2026-11-20', NULL)", "2026-12-01");
  assert_sql ("deadline('objection', 'with_source', '2026-11-20', '[{')", NULL);
  assert_sql ("deadline('objection', 'with_source', '2026-11-20', 7)", NULL);
  assert_sql ("period_text('publicity', 'licence', '2026-11-20')", "7个工作日（发改办财金〔2018〕424号）");
  assert_sql ("period_text('repair_min', 'gen3_minor', '2026-11-20')", "即时（国家发展改革委令第36号）");
  assert_sql ("period_text('publicity', 'licence', '2001-01-01')", NULL);
  assert_sql ("calendar_estimated(deadline('publicity', 'licence', '2026-12-28'))", "1");
}

static void
test_names_are_checked (void)
{
  static const struct { const char *expression, *fault; } wrong[] = {
    { "deadline('publicty', 'licence', created_at)", "periods.json has no \"publicty\"" },
    { "deadline('publicity', 'license', created_at)", "periods.json has no \"license\"" },
    { "case when state = 'x' then period_text('publicity', 'license', created_at) end", "periods.json has no \"license\"" },
  };
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (xh_expression_lint (catalog, kind, wrong[i].expression, FALSE, NULL, &error));
      g_assert_cmpstr (error->message, ==, wrong[i].fault);
    }
  g_assert_true (xh_expression_lint (catalog, kind, "deadline ( 'publicity' , 'act_' || state, created_at)", FALSE, NULL, NULL));
}

/* --- faults */

static void
test_faults (void)
{
  static const struct { const char *text, *fault; } wrong[] = {
    { "{}", "periods.json: \"periods\" is missing" },
    { "{\"periods\": [{\"name\": \"p\", \"label\": {\"zh\": \"x\"}, \"cases\": [{\"name\": \"c\", \"label\": {\"zh\": \"x\"}, \"set\": \"s\", \"rules\": []}]}]}",
      "periods.json: /periods/0/cases/0/set: no such set \"s\"" },
    { "{\"periods\": [{\"name\": \"p\", \"label\": {\"zh\": \"x\"}, \"cases\": [{\"name\": \"c\", \"label\": {\"zh\": \"x\"}, \"rules\": [{\"count\": -1, \"unit\": \"days\","
      " \"document\": \"d\"}]}]}]}", "periods.json: /periods/0/cases/0/rules/0/count: must be from 0 to 3660" },
    { "{\"periods\": [{\"name\": \"p\", \"label\": {\"zh\": \"x\"}, \"cases\": [{\"name\": \"c\", \"label\": {\"zh\": \"x\"}, \"rules\": [{\"count\": 1, \"unit\": \"weeks\","
      " \"document\": \"d\"}]}]}]}", "periods.json: /periods/0/cases/0/rules/0/unit: \"weeks\" is none of: workdays, days, months, years" },
    { "{\"periods\": [{\"name\": \"p\", \"label\": {\"zh\": \"x\"}, \"cases\": []}, {\"name\": \"p\", \"label\": {\"zh\": \"x\"}, \"cases\": []}]}",
      "periods.json: /periods/1/name: \"p\" is used twice" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (JsonNode) node = xh_json_parse (wrong[i].text, -1, NULL);
      g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
      XhReader reader;

      xh_reader_init (&reader, faults, "periods.json", node);
      xh_periods_free (xh_periods_new (&reader));
      g_assert_cmpuint (faults->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (faults, 0), ==, wrong[i].fault);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/model/periods/test-vectors", test_vectors);
  g_test_add_func ("/model/periods/months-and-years-end-on-the-same-day", test_months_and_years);
  g_test_add_func ("/model/periods/last-day-that-is-no-workday", test_last_day_is_no_workday);
  g_test_add_func ("/model/periods/stopped-workdays-do-not-count", test_stops_of_workdays);
  g_test_add_func ("/model/periods/stopped-days-move-the-end", test_stops_of_days);
  g_test_add_func ("/model/periods/open-stop-runs-until-today", test_open_stop_runs_until_today);
  g_test_add_func ("/model/periods/unknown-calendar-is-an-estimate", test_estimated);
  g_test_add_func ("/model/periods/beyond-the-calendar-is-no-date", test_beyond_the_calendar);
  g_test_add_func ("/model/periods/every-agreed-name-is-there", test_agreed_periods);
  g_test_add_func ("/model/periods/alternative-is-kept-and-not-applied", test_alternative_is_kept);
  g_test_add_func ("/model/periods/repair-tiers", test_repair_tiers);
  g_test_add_func ("/model/periods/set-by-date-of-application", test_sets_by_application);
  g_test_add_func ("/model/periods/functions-of-expressions", test_functions);
  g_test_add_func ("/model/periods/written-names-are-checked", test_names_are_checked);
  g_test_add_func ("/model/periods/faults-of-the-file", test_faults);
  status = g_test_run ();
  xh_catalog_unref (catalog);
  return status;
}
