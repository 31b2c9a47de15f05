/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the county's definitions say: card C1 by its worked example, its vetoes, and the law of consent. */

#include <math.h>
#include <string.h>

#include "demo/xh-demo.h"
#include "kinds-test.h"

static XhCatalog *catalog;

static void
set_reference (const XhKind *kind, XhValue *references, const char *name, double number)
{
  const XhReference *reference = xh_kind_find_reference (kind, name);

  g_assert_nonnull (reference);
  if (number == floor (number))
    xh_value_set_integer (&references[reference->index], (gint64) number);
  else
    xh_value_set_real (&references[reference->index], number);
}

/* The household of the worked example: total assets 18万, debts 6万, operating income 6万, no loans. */
static XhValue *
make_example_references (const XhKind *kind)
{
  XhValue *references = xh_value_array_new (kind->references->len);

  set_reference (kind, references, "consent_count", 1);
  set_reference (kind, references, "h_labour", 2);
  set_reference (kind, references, "h_business_years", 8);
  set_reference (kind, references, "h_net_income", 6600000);
  set_reference (kind, references, "village_income", 6000000);
  set_reference (kind, references, "h_total_assets", 18000000);
  set_reference (kind, references, "h_total_debt", 6000000);
  set_reference (kind, references, "h_net_assets", 12000000);
  set_reference (kind, references, "village_assets", 10000000);
  set_reference (kind, references, "h_business_income", 6000000);
  return references;
}

static void
answer_example (XhForm *form)
{
  set_text (form, "penalties", "none");
  set_text (form, "convictions", "none");
  set_text (form, "enforcement", "never");
  set_text (form, "contracts", "on_time");
  set_text (form, "family_duty", "fulfilled");
  set_integer (form, "public_service", 1);
  set_text (form, "produce", "not_concerned");
  set_text (form, "civility", "none");
  set_text (form, "overdue", "no_loan");
  set_text (form, "guarantee_paid", "none");
  set_text (form, "disputes", "none");
  set_text (form, "policy_loan", "none");
  set_text (form, "fund_use", "no_loan");
  set_text (form, "skills", "trained");
  set_integer (form, "donations", 1);
}

static XhForm *
make_example (gboolean consent)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, "rating");
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  XhForm *form = xh_form_new (kind, NULL);
  XhValue *references = make_example_references (kind);

  xh_form_load (form, record, references, TRUE);
  answer_example (form);
  if (!consent)
    {
      set_reference (kind, references, "consent_count", 0);
      xh_form_set_references (form, references);
    }
  xh_value_array_free (references, kind->references->len);
  return form;
}

static void
test_worked_example (void)
{
  static const double expected[] = { 20, 17, 25, 15, 10, 1 };
  g_autoptr (XhForm) form = make_example (TRUE);
  const XhScore *score = xh_form_get_score (form);

  g_assert_nonnull (score);
  g_assert_cmpuint (score->card->dimensions->len, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (score->card->indicators->len, ==, 20);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpfloat (score->dimension_points[i], ==, expected[i]);
  g_assert_cmpfloat (score->total, ==, 88);
  g_assert_cmpstr (score->grade->name, ==, "AA");
  g_assert_cmpint (score->credit, ==, 11600000);
  g_assert_cmpstr (score->next->name, ==, "AAA");
}

static void
test_unrated_without_consent (void)
{
  g_autoptr (XhForm) form = make_example (FALSE);

  g_assert_cmpstr (xh_form_get_score (form)->grade->name, ==, "unrated");
  g_assert_cmpint (xh_form_get_score (form)->credit, ==, 0);
  g_assert_false (xh_form_is_relevant (form, "overdue"));
}

static void
test_vetoes (void)
{
  g_autoptr (XhForm) form = make_example (TRUE);

  set_text (form, "enforcement", "listed");
  g_assert_cmpstr (xh_form_get_score (form)->grade->name, ==, "D");
  set_text (form, "enforcement", "left");
  g_assert_cmpstr (xh_form_get_score (form)->grade->name, ==, "AA");
  set_integer (form, "bad_loan", 1);
  g_assert_cmpstr (xh_form_get_score (form)->grade->name, ==, "D");
  set_integer (form, "bad_loan", 0);
  set_integer (form, "fraud", 1);
  g_assert_cmpstr (xh_form_get_score (form)->grade->name, ==, "D");
  g_assert_true (xh_form_is_required (form, "veto_document"));
}

/* The card says what a finding rests on; the form asks for it at the field, and the step is not taken without. */
static void
test_findings_need_papers (void)
{
  static const struct { const char *field, *code, *paper; } cases[] = {
    { "serious_crime", NULL, "veto_paper" }, { "fraud", NULL, "veto_paper" }, { "family_duty", "refused", "family_paper" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (XhForm) form = make_example (TRUE);

      set_text (form, "household", "018f0000-0000-7000-8000-000000000001");
      set_integer (form, "year", 2026);
      take_step (form, "assessor", "collect", "collecting");
      g_assert_false (xh_form_is_required (form, cases[i].paper));
      if (cases[i].code != NULL)
        set_text (form, cases[i].field, cases[i].code);
      else
        set_integer (form, cases[i].field, 1);
      if (cases[i].code == NULL)
        set_text (form, "veto_document", "（演示）1号");
      g_assert_true (xh_form_is_required (form, cases[i].paper));
      assert_refused (form, "assessor", "submit");
      set_text (form, cases[i].paper, XH_DEMO_PAPER);
      take_step (form, "assessor", "submit", "village_review");
    }
}

static void
test_money_needs_consent (void)
{
  static const char *const closed[] = { "house_structure", "assets", "private_debt", "business_income", "wage_income",
                                        "loans" };
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_autoptr (XhForm) form = xh_form_new (kind, "assessor");
  XhValue *references = xh_value_array_new (kind->references->len);

  set_reference (kind, references, "consent_count", 0);
  xh_form_load (form, record, references, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    {
      g_assert_false (xh_form_is_relevant (form, closed[i]));
      g_assert_nonnull (xh_kind_find_field (kind, closed[i])->irrelevant_reason.zh);
    }
  set_reference (kind, references, "consent_count", 1);
  xh_form_set_references (form, references);
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    g_assert_true (xh_form_is_relevant (form, closed[i]));
  xh_value_array_free (references, kind->references->len);
}

static void
test_sole_traders_have_codes_of_their_own (void)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, "commitment");
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_autoptr (XhForm) form = xh_form_new (kind, "department");

  xh_form_load (form, record, NULL, TRUE);
  set_text (form, "subject_type", "legal");
  set_text (form, "uscc", "91320281142232229Q");
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 0);
  set_text (form, "subject_type", "sole");
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 1);
  set_text (form, "subject_type", "person");
  g_assert_true (xh_form_is_required (form, "id_number"));
  g_assert_false (xh_form_is_relevant (form, "uscc"));
}

static void
test_units_and_divisions (void)
{
  XhUnits *units = xh_catalog_get_units (catalog);
  GPtrArray *all = xh_divisions_get_all (xh_catalog_get_divisions (catalog));

  g_assert_cmpuint (all->len, ==, 339);
  g_assert_cmpstr (xh_units_match (units, "环保局")->code, ==, "sthjj");
  g_assert_cmpstr (xh_units_match (units, "闹店镇")->division, ==, "410421102000");
  for (guint i = 0; i < xh_units_get_all (units)->len; i++)
    g_assert_nonnull (strstr (((XhUnit *) g_ptr_array_index (xh_units_get_all (units), i))->uscc, "DEM")); /* none of a real body is known for certain */
}

/* --- every way of the workflows can be gone by those it names */

static void
test_way_of_a_rating (void)
{
  g_autoptr (XhForm) form = make_example (TRUE);

  set_text (form, "household", "018f0000-0000-7000-8000-000000000001");
  set_integer (form, "year", 2026);
  take_step (form, "assessor", "collect", "collecting");
  take_step (form, "assessor", "submit", "village_review");
  assert_refused (form, "assessor", "post");
  set_integer (form, "panel_size", 7);
  set_text (form, "reviewed_on", "2026-11-09");
  set_text (form, "notice_from", "2026-11-10");
  set_text (form, "notice_to", "2026-11-16");
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 1);
  set_text (form, "notice_to", "2026-11-17");
  take_step (form, "assessor", "post", "publicity");
  g_assert_cmpstr (xh_form_get_record (form)->due, ==, "2026-11-18");
  set_integer (form, "objections", 1);
  set_integer (form, "objections_open", 1);
  assert_refused (form, "assessor", "close_notice");
  set_integer (form, "objections_open", 0);
  take_step (form, "assessor", "close_notice", "township_review");
  xh_form_set_role (form, "township");
  set_text (form, "township_opinion", "agree");
  assert_refused (form, "township", "rate");
  xh_form_set_role (form, "office");
  set_text (form, "final_grade", "AAA");
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 1);
  set_text (form, "final_grade", "A");
  set_text (form, "rated_on", "2026-11-20");
  take_step (form, "office", "rate", "rated");
  g_assert_cmpstr (xh_form_get_record (form)->due, ==, "2027-11-20");
  take_step (form, "office", "review", "annual_review");
  take_step (form, "township", "rerate", "collecting");
}

static void
test_way_of_a_returned_rating (void)
{
  g_autoptr (XhForm) form = make_example (TRUE);

  set_text (form, "household", "018f0000-0000-7000-8000-000000000001");
  set_integer (form, "year", 2026);
  take_step (form, "assessor", "collect", "collecting");
  take_step (form, "assessor", "submit", "village_review");
  assert_refused (form, "township", "return");
  set_text (form, "return_reason", "证书不清");
  take_step (form, "township", "return", "returned");
  take_step (form, "assessor", "correct", "collecting");
}

static XhForm *
make_new (const char *kind_name, const char *role)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, kind_name);
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  XhForm *form = xh_form_new (kind, role);

  xh_form_load (form, record, NULL, TRUE);
  return form;
}

static void
test_way_of_a_consent (void)
{
  g_autoptr (XhForm) form = make_new ("consent", "assessor");

  set_text (form, "household", "018f0000-0000-7000-8000-000000000001");
  set_text (form, "number", "T-1");
  set_text (form, "signer", "演示人");
  set_text (form, "signer_id", "34052419800101001X");
  set_text (form, "purposes", "[\"rating\"]");
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 1);
  set_text (form, "purposes", "[\"rating\",\"file\"]");
  set_text (form, "warned_by", "演示员");
  set_text (form, "signed_on", "2026-11-20");
  assert_refused (form, "assessor", "sign");
  set_integer (form, "warning_read", 1);
  take_step (form, "assessor", "sign", "valid");
  g_assert_cmpstr (xh_form_get_record (form)->due, ==, "2028-11-22");
  assert_refused (form, "assessor", "withdraw");
  set_text (form, "withdrawn_on", "2026-11-21");
  take_step (form, "assessor", "withdraw", "withdrawn");
  g_assert_false (xh_form_is_editable (form, "valid_to"));
}

static void
test_way_of_a_commitment (void)
{
  g_autoptr (XhForm) form = make_new ("commitment", "department");

  set_text (form, "subject_type", "legal");
  set_text (form, "subject_name", "演示有限公司");
  set_text (form, "uscc", "91320281142232229Q");
  set_text (form, "code", "T-1");
  set_text (form, "promise_type", "public");
  set_text (form, "accepting_unit", "scjdglj");
  set_text (form, "matter", "守法经营");
  set_text (form, "content", "不售假");
  set_text (form, "signed_on", "2026-10-01");
  set_text (form, "perform_by", "2026-11-01");
  g_assert_cmpstr (xh_form_get_record (form)->unit, ==, "scjdglj");
  assert_refused (form, "department", "publish");
  set_text (form, "published_on", "2026-10-02");
  take_step (form, "department", "publish", "published");
  set_text (form, "performance", "none");
  set_text (form, "performed_on", "2026-11-05");
  g_assert_cmpint (xh_value_as_integer (xh_form_get (form, "on_time")), ==, 0);
  take_step (form, "department", "check", "performed");
  assert_refused (form, "department", "supervise");
  set_text (form, "breach", "售假");
  set_text (form, "breach_basis", "（演示）处罚决定书");
  take_step (form, "department", "supervise", "supervised");
}

/* --- the example of docs/catalog.md */

static char *
read_example (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *start, *end;

  g_file_get_contents (g_getenv ("XH_CATALOG_DOC"), &text, NULL, &error);
  g_assert_no_error (error);
  start = strstr (text, "```json\n");
  g_assert_nonnull (start);
  start += strlen ("```json\n");
  end = strstr (start, "```");
  g_assert_nonnull (end);
  return g_strndup (start, end - start);
}

/* Copies the county's catalog to @folder; the copy is small. */
static void
copy_catalog (const char *folder)
{
  const char *argv[] = { "cp", "-r", g_getenv ("XH_CATALOG"), folder, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static void
remove_folder (const char *folder)
{
  const char *argv[] = { "rm", "-r", folder, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void
test_register_of_the_guide (void)
{
  g_autofree char *parent = g_dir_make_tmp ("xh-catalog-XXXXXX", NULL),
    *folder = g_build_filename (parent, "catalog", NULL);
  g_autofree char *path = g_build_filename (folder, "kinds", "open-day.json", NULL), *example = read_example ();
  g_autoptr (XhCatalog) extended = NULL;
  g_autoptr (GError) error = NULL;
  const XhKind *kind;

  copy_catalog (folder);
  g_file_set_contents (path, example, -1, &error);
  g_assert_no_error (error);
  extended = xh_catalog_load_folder (folder, &error);
  remove_folder (parent);
  g_assert_no_error (error);
  kind = xh_catalog_find_kind (extended, "open-day");
  g_assert_nonnull (kind);
  g_assert_cmpuint (kind->fields->len, ==, 6);
  g_assert_cmpuint (xh_catalog_get_kinds (extended)->len, ==, xh_catalog_get_kinds (catalog)->len + 1);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/catalog/unit/card-c1-gives-the-worked-example-88-points-aa-and-11.6", test_worked_example);
  g_test_add_func ("/catalog/unit/without-consent-a-household-is-not-rated", test_unrated_without_consent);
  g_test_add_func ("/catalog/unit/a-veto-leaves-no-grade-above-d", test_vetoes);
  g_test_add_func ("/catalog/unit/money-pages-open-with-consent-only", test_money_needs_consent);
  g_test_add_func ("/catalog/unit/findings-need-their-papers", test_findings_need_papers);
  g_test_add_func ("/catalog/unit/codes-that-begin-with-92-belong-to-sole-traders",
                   test_sole_traders_have_codes_of_their_own);
  g_test_add_func ("/catalog/unit/units-are-found-by-alias-and-have-no-invented-codes", test_units_and_divisions);
  g_test_add_func ("/catalog/unit/a-rating-goes-from-collection-to-annual-review", test_way_of_a_rating);
  g_test_add_func ("/catalog/unit/a-rating-is-returned-with-a-reason-only", test_way_of_a_returned_rating);
  g_test_add_func ("/catalog/unit/a-consent-is-signed-after-the-warning-and-can-be-withdrawn", test_way_of_a_consent);
  g_test_add_func ("/catalog/unit/a-broken-commitment-is-closed-with-its-basis-only", test_way_of_a_commitment);
  g_test_add_func ("/catalog/unit/the-register-of-the-guide-is-one-file", test_register_of_the_guide);
  result = g_test_run ();
  xh_catalog_unref (catalog);
  return result;
}
