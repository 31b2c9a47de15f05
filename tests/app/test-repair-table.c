/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The repair calculator's table, by the shipped catalog: every row of the decision table of the three generations of rules. */
#include <glib.h>
#include <string.h>

#include "app/tools/xh-repair-table.h"

static XhCatalog *catalog;

static GDate
day (const char *iso)
{
  GDate date;

  g_assert_true (xh_date_parse (iso, &date));
  return date;
}

static const XhRepairRow *
find_row (GPtrArray *groups, const char *set, const char *tier, const XhRepairGroup **group)
{
  for (guint i = 0; i < groups->len; i++)
    {
      *group = g_ptr_array_index (groups, i);
      for (guint j = 0; j < (*group)->rows->len; j++)
        {
          const XhRepairRow *row = g_ptr_array_index ((*group)->rows, j);

          if (g_strcmp0 ((*group)->set != NULL ? (*group)->set->name : NULL, set) == 0 && g_str_equal (row->tier->name, tier))
            return row;
        }
    }
  g_error ("no row %s %s", set, tier);
}

static void
assert_row (const char *base, const char *set, const char *tier, const char *earliest, const char *end)
{
  GDate date = day (base);
  g_autoptr (GPtrArray) groups = xh_repair_table_new (catalog, &date, NULL, &date);
  const XhRepairGroup *group;
  const XhRepairRow *row = find_row (groups, set, tier, &group);
  g_autofree char *from = xh_repair_date_text (&row->earliest), *to = xh_repair_date_text (&row->end);

  g_assert_cmpstr (from, ==, earliest);
  g_assert_cmpstr (to, ==, end);
}

static void
test_every_tier (void)
{
  static const struct { const char *set, *tier, *earliest, *end; } rows[] = {
    { "gen1", "gen1_general", "2026-02-28", "2026-11-30" }, { "gen1", "gen1_serious", "2026-05-30", "2028-11-30" },
    { "gen1", "gen1_special", "2028-11-30", "2028-11-30" }, { "gen2", "gen2_general", "2026-02-28", "2028-11-30" },
    { "gen2", "gen2_safety", "2026-11-30", "2028-11-30" },  { "gen3", "gen3_minor", "2025-11-30", "2026-02-28" },
    { "gen3", "gen3_general", "2026-02-28", "2026-11-30" }, { "gen3", "gen3_serious", "2026-11-30", "2028-11-30" },
    { NULL, "lower", "—", "2026-02-28" },                   { NULL, "other", "—", "2028-11-30" },
  };
  guint n = 0;
  g_autoptr (GPtrArray) groups = xh_repair_table_new (catalog, NULL, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_row ("2025-11-30", rows[i].set, rows[i].tier, rows[i].earliest, rows[i].end);
  for (guint i = 0; i < groups->len; i++)
    n += ((XhRepairGroup *) g_ptr_array_index (groups, i))->rows->len;
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (rows));
}

static void
test_month_ends_and_leap_days (void)
{
  assert_row ("2023-11-30", "gen3", "gen3_general", "2024-02-29", "2024-11-30");
  assert_row ("2024-02-29", "gen3", "gen3_serious", "2025-02-28", "2027-02-28");
  assert_row ("2024-02-29", "gen3", "gen3_general", "2024-05-29", "2025-02-28");
  assert_row ("2025-08-31", "gen1", "gen1_serious", "2026-02-28", "2028-08-31");
  assert_row ("2025-12-31", "gen2", "gen2_general", "2026-03-31", "2028-12-31");
}

static void
test_no_early_repair (void)
{
  GDate date = day ("2025-11-30");
  g_autoptr (GPtrArray) groups = xh_repair_table_new (catalog, &date, NULL, NULL);
  const XhRepairGroup *group;

  g_assert_true (find_row (groups, "gen1", "gen1_special", &group)->no_early);
  g_assert_false (find_row (groups, "gen1", "gen1_serious", &group)->no_early);
  g_assert_false (find_row (groups, NULL, "other", &group)->no_early);
}

static void
test_application_only_suggests (void)
{
  static const struct { const char *applied, *set; } cases[] = {
    { "2023-04-30", "gen1" }, { "2023-05-01", "gen2" }, { "2026-03-31", "gen2" }, { "2026-04-01", "gen3" },
  };
  GDate decided = day ("2022-06-01");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GDate applied = day (cases[i].applied);
      g_autoptr (GPtrArray) groups = xh_repair_table_new (catalog, &decided, &applied, NULL);

      for (guint j = 0; j < groups->len; j++)
        {
          const XhRepairGroup *group = g_ptr_array_index (groups, j);

          g_assert_cmpint (group->by_application, ==, group->set != NULL && g_str_equal (group->set->name, cases[i].set));
        }
    }
}

static void
test_answer_is_marked_where_estimated (void)
{
  GDate decided = day ("2026-05-06"), known = day ("2026-11-20"), unknown = day ("2026-12-28");
  g_autoptr (GPtrArray) sure = xh_repair_table_new (catalog, &decided, &known, NULL);
  g_autoptr (GPtrArray) estimated = xh_repair_table_new (catalog, &decided, &unknown, NULL);
  const XhRepairGroup *group;
  const XhRepairRow *row = find_row (estimated, "gen2", "gen2_general", &group);
  g_autofree char *answer = xh_repair_date_text (&group->answer);
  g_autofree char *text = xh_repair_row_text (group, row, &decided, &unknown, NULL);

  g_assert_cmpstr (answer, ==, "2027-01-07 ※");
  g_assert_nonnull (strstr (text, "2027-01-07 ※"));
  g_assert_nonnull (strstr (text, "2026-08-06"));
  g_assert_cmpint (xh_repair_table_estimated (estimated), ==, 2027);
  g_assert_cmpint (xh_repair_table_estimated (sure), ==, 0);
}

static void
test_dates_of_a_record_by_its_definition (void)
{
  const XhKind *penalty = xh_catalog_find_kind (catalog, "penalty"), *repair = xh_catalog_find_kind (catalog, "repair");

  g_assert_cmpstr (xh_repair_base_field (penalty, "repair_min")->name, ==, "decided_on");
  g_assert_cmpstr (xh_repair_base_field (penalty, "market_display")->name, ==, "market_published_on");
  g_assert_cmpstr (xh_repair_base_field (repair, "repair_min")->name, ==, "based_on");
  g_assert_false (xh_repair_concerns (xh_catalog_find_kind (catalog, "household")));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);

  g_test_add_func ("/app/repair-table/every-tier", test_every_tier);
  g_test_add_func ("/app/repair-table/month-ends-and-leap-days", test_month_ends_and_leap_days);
  g_test_add_func ("/app/repair-table/no-early-repair", test_no_early_repair);
  g_test_add_func ("/app/repair-table/application-only-suggests", test_application_only_suggests);
  g_test_add_func ("/app/repair-table/answer-is-marked-where-estimated", test_answer_is_marked_where_estimated);
  g_test_add_func ("/app/repair-table/dates-of-a-record-by-its-definition", test_dates_of_a_record_by_its_definition);
  status = g_test_run ();
  xh_catalog_unref (catalog);

  return status;
}
