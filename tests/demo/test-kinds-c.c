/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the definitions of finance, rural credit and culture say: card C2 band by band, the conditions of a credit village,
 * growth on the year before, and when materials are due around the new year. */

#include "model/xh-form.h"

static XhCatalog *catalog;

typedef struct { const char *field, *text; } Answer;

typedef struct
{
  const XhKind *kind;
  XhForm *form;
  XhValue *references; /* as many as the kind has */
} Desk;

static void
desk_open (Desk *desk, const char *kind)
{
  g_autoptr (XhRecord) record = NULL;

  desk->kind = xh_catalog_find_kind (catalog, kind);
  g_assert_nonnull (desk->kind);
  desk->form = xh_form_new (desk->kind, "office");
  desk->references = xh_value_array_new (desk->kind->references->len);
  record = xh_record_new (desk->kind, NULL);
  xh_form_load (desk->form, record, desk->references, TRUE);
}

static void
desk_close (Desk *desk)
{
  xh_value_array_free (desk->references, desk->kind->references->len);
  g_object_unref (desk->form);
}

static void
set (Desk *desk, const char *field, const char *text)
{
  const XhField *found = xh_kind_find_field (desk->kind, field);
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (found);
  switch (found->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_MONEY:
    case XH_FIELD_BOOLEAN:
      xh_value_set_integer (&value, g_ascii_strtoll (text, NULL, 10));
      break;
    case XH_FIELD_DECIMAL:
      xh_value_set_real (&value, g_ascii_strtod (text, NULL));
      break;
    default:
      xh_value_set_text (&value, text);
    }
  xh_form_set (desk->form, field, &value, &error);
  g_assert_no_error (error);
}

static void
refer (Desk *desk, const char *name, gint64 number)
{
  const XhReference *reference = xh_kind_find_reference (desk->kind, name);

  g_assert_nonnull (reference);
  xh_value_set_integer (&desk->references[reference->index], number);
  xh_form_set_references (desk->form, desk->references);
}

static const XhValue *
get (Desk *desk, const char *field)
{
  return xh_record_get (xh_form_get_record (desk->form), field);
}

static void
assert_number (Desk *desk, const char *field, double expected)
{
  const XhValue *value = get (desk, field);

  g_assert_false (xh_value_is_null (value));
  g_assert_cmpfloat_with_epsilon (xh_value_as_real (value), expected, 0.006);
}

static void
assert_text (Desk *desk, const char *field, const char *expected)
{
  g_assert_cmpstr (xh_value_as_text (get (desk, field)), ==, expected);
}

/* --- card C2 */

static const Answer best[] = {
  { "form", "cooperative" }, { "uscc", "91320281142232229Q" }, { "loan_consent", "1" }, { "annual_report", "on_time" },
  { "abnormal", "none" }, { "penalties", "none" }, { "environment_land", "compliant" }, { "certificate_use", "issued" },
  { "farm_records", "complete" }, { "overdue", "none" }, { "payments", "on_time" }, { "led_households", "20" },
  { "promise", "kept" }, { "honour", "yes" },
};

static void
open_best (Desk *desk)
{
  desk_open (desk, "farm-business");
  for (guint i = 0; i < G_N_ELEMENTS (best); i++)
    set (desk, best[i].field, best[i].text);
  refer (desk, "i_samples", 40);
  refer (desk, "i_passed", 40);
}

static void
test_c2_best (void)
{
  static const double expected[] = { 15, 20, 25, 20, 12, 8 };
  const XhScore *score;
  Desk desk;

  open_best (&desk);
  score = xh_form_get_score (desk.form);
  g_assert_cmpuint (score->card->dimensions->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpfloat (score->dimension_points[i], ==, expected[i]);
  g_assert_cmpfloat (score->total, ==, 100);
  g_assert_cmpstr (score->grade->name, ==, "A");
  desk_close (&desk);
}

static void
test_c2_bands (void)
{
  /* what is lost of a hundred by each answer */
  static const struct { const char *field, *text; double lost; } answers[] = {
    { "annual_report", "not_due", 0 }, { "annual_report", "late", 5 }, { "abnormal", "listed", 5 },
    { "penalties", "light", 4 }, { "penalties", "general", 8 }, { "penalties", "serious", 12 },
    { "environment_land", "breach", 8 }, { "certificate_use", "not_concerned", 0 }, { "certificate_use", "missing", 8 },
    { "farm_records", "missing", 7 }, { "overdue", "no_loan", 5 }, { "overdue", "d30", 8 }, { "overdue", "d90", 15 },
    { "overdue", "over90", 20 }, { "payments", "not_concerned", 0 }, { "payments", "late", 8 },
    { "led_households", "19", 1 }, { "led_households", "9", 2 }, { "led_households", "0", 4 }, { "promise", "none", 5 },
    { "honour", "none", 3 },
  };
  static const struct { gint64 samples, passed; double points; } rates[] = {
    { 50, 50, 10 }, { 50, 49, 6 }, { 100, 97, 0 }, { 0, 0, 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      Desk desk;

      open_best (&desk);
      set (&desk, answers[i].field, answers[i].text);
      g_assert_cmpfloat (xh_form_get_score (desk.form)->total, ==, 100 - answers[i].lost);
      desk_close (&desk);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      Desk desk;

      open_best (&desk);
      refer (&desk, "i_samples", rates[i].samples);
      refer (&desk, "i_passed", rates[i].passed);
      g_assert_cmpfloat (xh_form_get_score (desk.form)->total, ==, 90 + rates[i].points);
      desk_close (&desk);
    }
}

static void
test_c2_grades (void)
{
  Desk desk;

  open_best (&desk);
  set (&desk, "penalties", "general");
  g_assert_cmpstr (xh_form_get_score (desk.form)->grade->name, ==, "A");
  set (&desk, "payments", "late");
  g_assert_cmpstr (xh_form_get_score (desk.form)->grade->name, ==, "B");
  set (&desk, "overdue", "d90");
  g_assert_cmpstr (xh_form_get_score (desk.form)->grade->name, ==, "C");
  set (&desk, "environment_land", "breach");
  set (&desk, "farm_records", "missing");
  g_assert_cmpstr (xh_form_get_score (desk.form)->grade->name, ==, "D");
  g_assert_true (xh_form_is_required (desk.form, "penalty_document"));
  set (&desk, "loan_consent", "0");
  g_assert_cmpstr (xh_form_get_score (desk.form)->grade->name, ==, "unrated");
  g_assert_false (xh_form_is_relevant (desk.form, "overdue"));
  desk_close (&desk);
}

/* --- credit villages */

static void
fill_village (Desk *desk)
{
  static const Answer answers[] = {
    { "level", "village" }, { "village", "410421101002" }, { "total_households", "200" }, { "arrears", "30" },
    { "loan_balance", "100000000" }, { "bad_balance", "4900000" }, { "bad_rate_before", "4.5" }, { "leader_defaulters", "0" },
    { "notice_from", "2026-11-01" }, { "notice_to", "2026-11-08" }, { "objections_open", "0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    set (desk, answers[i].field, answers[i].text);
  refer (desk, "h_filed", 180);
  refer (desk, "r_rated", 100);
  refer (desk, "r_credit", 70);
}

static void
test_village_conditions (void)
{
  Desk desk;

  desk_open (&desk, "village-award");
  fill_village (&desk);
  assert_number (&desk, "filed_share", 90);
  assert_number (&desk, "credit_share", 70);
  assert_number (&desk, "clear_share", 85);
  assert_number (&desk, "bad_rate", 4.9);
  assert_number (&desk, "bad_rise", 0.4);
  assert_text (&desk, "unmet", NULL);
  g_assert_cmpint (xh_value_as_integer (get (&desk, "conditions_met")), ==, TRUE);

  refer (&desk, "r_credit", 69);
  set (&desk, "bad_balance", "5000000");
  set (&desk, "arrears", "31");
  assert_text (&desk, "unmet", "信用户比例、无拖欠农户比例、不良率");
  g_assert_cmpint (xh_value_as_integer (get (&desk, "conditions_met")), ==, FALSE);
  set (&desk, "t_credit", "69");
  assert_text (&desk, "unmet", "无拖欠农户比例、不良率");
  desk_close (&desk);
}

static void
test_village_unknown_is_unmet (void)
{
  Desk desk;

  desk_open (&desk, "village-award");
  set (&desk, "level", "village");
  g_assert_cmpint (xh_value_as_integer (get (&desk, "conditions_met")), ==, FALSE);
  assert_text (&desk, "unmet", "建档率、信用户比例、无拖欠农户比例、不良率、不良率上升、村两委成员失信、公示、未办结异议");
  desk_close (&desk);
}

static void
test_township_conditions (void)
{
  static const Answer answers[] = {
    { "level", "township" }, { "township_applied", "410421101000" }, { "villages", "20" }, { "loan_balance", "100000000" },
    { "bad_balance", "1000000" }, { "notice_from", "2026-11-01" }, { "notice_to", "2026-11-08" }, { "objections_open", "0" },
  };
  Desk desk;

  desk_open (&desk, "village-award");
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    set (&desk, answers[i].field, answers[i].text);
  refer (&desk, "v_awarded", 10);
  refer (&desk, "v_households", 4000);
  refer (&desk, "v_arrears", 400);
  assert_number (&desk, "village_share", 50);
  assert_number (&desk, "clear_share", 90);
  assert_text (&desk, "unmet", NULL);
  g_assert_cmpint (xh_value_as_integer (get (&desk, "conditions_met")), ==, TRUE);
  refer (&desk, "v_awarded", 9);
  assert_text (&desk, "unmet", "信用村比例");
  desk_close (&desk);
}

/* --- growth */

static void
test_growth (void)
{
  Desk desk;

  desk_open (&desk, "loan-statistic");
  set (&desk, "by_bank", "[{\"bank\":\"甲银行\",\"balance\":120000000},{\"bank\":\"乙银行\",\"balance\":30000000}]");
  set (&desk, "before_entered", "120000000");
  assert_number (&desk, "balance", 150000000);
  assert_number (&desk, "growth", 25);
  set (&desk, "before_entered", "160000000");
  assert_number (&desk, "growth", -6.25);
  set (&desk, "before_entered", "0");
  g_assert_true (xh_value_is_null (get (&desk, "growth")));
  desk_close (&desk);
}

/* --- when materials are due */

static void
test_due_around_the_new_year (void)
{
  static const struct { const char *indicator, *year, *period, *end, *by; } rows[] = {
    { "03", "2026", "Q4", "2026-12-31", "2027-01-10" }, { "03", "2027", "Q1", "2027-03-31", "2027-04-10" },
    { "08", "2026", "M12", "2026-12-31", "2027-01-05" }, { "08", "2028", "M02", "2028-02-29", "2028-03-05" },
    { "19", "2026", "Y", "2026-12-31", "2027-01-15" },
  };
  Desk desk;

  desk_open (&desk, "quarterly-report");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      set (&desk, "indicator", rows[i].indicator);
      set (&desk, "year", rows[i].year);
      set (&desk, "period", rows[i].period);
      assert_text (&desk, "period_end", rows[i].end);
      assert_text (&desk, "report_by", rows[i].by);
      g_assert_cmpuint (xh_form_count_issues (desk.form, XH_ISSUE_ERROR), ==, 0);
    }
  set (&desk, "period", "Q1");
  g_assert_cmpuint (xh_form_count_issues (desk.form, XH_ISSUE_ERROR), ==, 1);
  desk_close (&desk);

  desk_open (&desk, "activity");
  set (&desk, "held_on", "2026-12-31");
  assert_text (&desk, "report_by", "2027-01-05");
  set (&desk, "reporter", "mzj");
  assert_text (&desk, "period_key", "mzj 2026Q4");
  set (&desk, "held_on", "2027-01-01");
  assert_text (&desk, "report_by", "2027-02-05");
  assert_text (&desk, "period_key", "mzj 2027Q1");
  assert_text (&desk, "missing", "方案、照片、链接");
  set (&desk, "links", "[{\"url\":\"https://example.org/1\"}]");
  assert_number (&desk, "completeness", 33);
  assert_text (&desk, "missing", "方案、照片");
  desk_close (&desk);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/catalog/kinds-c/card-c2-gives-the-best-a-hundred", test_c2_best);
  g_test_add_func ("/catalog/kinds-c/card-c2-takes-points-band-by-band", test_c2_bands);
  g_test_add_func ("/catalog/kinds-c/card-c2-grades-at-90-75-60", test_c2_grades);
  g_test_add_func ("/catalog/kinds-c/a-credit-village-meets-every-condition", test_village_conditions);
  g_test_add_func ("/catalog/kinds-c/what-is-not-known-of-a-village-is-not-met", test_village_unknown_is_unmet);
  g_test_add_func ("/catalog/kinds-c/a-credit-township-counts-its-villages", test_township_conditions);
  g_test_add_func ("/catalog/kinds-c/growth-is-counted-from-the-year-before", test_growth);
  g_test_add_func ("/catalog/kinds-c/materials-are-due-after-the-end-of-their-period", test_due_around_the_new_year);
  result = g_test_run ();
  xh_catalog_unref (catalog);
  return result;
}
