/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the law asks of licences, penalties, repairs and objections: the rules across fields, the dates of display and repair, the clocks
 * that stop. Today is 2026-11-22, a Sunday. */

#include "demo/xh-demo.h"
#include "kinds-test.h"

#define FIRM "91320281142232229Q"
#define PERSON "34052419800101001X"

static XhCatalog *catalog;

static XhForm *
make_new (const char *kind, const char *role)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (catalog, kind), NULL);
  XhForm *form = xh_form_new (record->kind, role);

  record->unit = g_strdup ("scjdglj");
  xh_form_load (form, record, NULL, TRUE);
  return form;
}

static XhForm *
make_penalty (void)
{
  XhForm *form = make_new ("penalty", "department");

  set_text (form, "party_name", "演示有限公司");
  set_text (form, "uscc", FIRM);
  set_text (form, "representative", "演示人");
  set_text (form, "doc_no", "宝市监处罚〔2026〕演示1号");
  set_text (form, "violation_type", "未明码标价");
  set_text (form, "facts", "部分商品没有标价");
  set_text (form, "legal_basis", "价格法第四十二条");
  set_text (form, "penalty_kinds", "[\"fine\"]");
  set_text (form, "content", "罚款500元");
  set_integer (form, "fine", 50000);
  set_text (form, "decided_on", "2026-11-20");
  set_text (form, "perform_by", "2099-12-31");
  set_text (form, "authority_uscc", FIRM);
  set_text (form, "source_uscc", FIRM);
  set_text (form, "tier", "general");
  return form;
}

/* --- the standard of licences and penalties */

static void
assert_columns (const char *name, const char *const *columns)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, name);
  guint n = 0;

  for (guint i = 0; i < kind->fields->len; i++)
    n += ((const XhField *) g_ptr_array_index (kind->fields, i))->external_code != NULL;
  g_assert_cmpuint (n, ==, g_strv_length ((char **) columns));
  for (; *columns != NULL; columns++)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < kind->fields->len; i++)
        found = found || g_strcmp0 (((const XhField *) g_ptr_array_index (kind->fields, i))->external_code, *columns) == 0;
      if (!found)
        g_error ("%s has no column %s", name, *columns);
    }
}

static void
test_columns (void)
{
  static const char *const licence[] = {
    "XK_XDR_MC", "XK_XDR_LB", "XK_XDR_SHXYM", "XK_XDR_GSZC", "XK_XDR_ZZJG", "XK_XDR_SWDJ", "XK_XDR_SYDW", "XK_XDR_SHZZ", "XK_FRDB",
    "XK_FR_ZJLX", "XK_FR_ZJHM", "XK_XDR_ZJLX", "XK_XDR_ZJHM", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_XKZS", "XK_XKBH", "XK_NR", "XK_JDRQ",
    "XK_YXQZ", "XK_YXQZI", "XK_XKJG", "XK_XKJGDM", "XK_ZT", "XK_LYDW", "XK_LYDWDM", "BZ", NULL,
  };
  static const char *const penalty[] = {
    "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ", "CF_XDR_SYDW", "CF_XDR_SHZZ", "CF_FRDB",
    "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK",
    "CF_NR_WFFF", "CF_NR_ZKDX", "CF_JDRQ", "CF_YXQ", "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ", NULL,
  };

  g_assert_cmpuint (G_N_ELEMENTS (licence) - 1, ==, 28);
  g_assert_cmpuint (G_N_ELEMENTS (penalty) - 1, ==, 30);
  assert_columns ("licence", licence);
  assert_columns ("penalty", penalty);
}

static void
test_sole_traders (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 0);
  set_text (form, "party_type", "sole");
  g_assert_true (has_error (form, "uscc"));
  set_text (form, "party_type", "legal");
  g_assert_false (has_error (form, "uscc"));
}

static void
test_natural_persons (void)
{
  g_autoptr (XhForm) form = make_penalty ();
  g_autoptr (XhForm) stored = NULL;
  g_autoptr (XhRecord) record = NULL;

  set_text (form, "party_type", "person");
  g_assert_false (xh_form_is_relevant (form, "uscc"));
  g_assert_null (get_text (form, "uscc"));
  g_assert_true (xh_form_is_required (form, "cert_no"));
  set_text (form, "cert_type", "id");
  set_text (form, "cert_no", "340524198001010011");
  g_assert_true (has_error (form, "cert_no"));
  set_text (form, "cert_no", PERSON);
  g_assert_false (has_error (form, "cert_no"));
  g_assert_cmpstr (get_text (form, "display"), ==, "shared");

  /* One that was stored as an organisation keeps its code until somebody empties it. */
  stored = make_penalty ();
  record = xh_record_copy (xh_form_get_record (stored));
  xh_form_load (stored, record, NULL, FALSE);
  set_text (stored, "party_type", "person");
  g_assert_true (has_error (stored, "party_type"));
}

static void
test_amounts (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  set_integer (form, "fine", 0);
  g_assert_true (has_error (form, "fine"));
  set_integer (form, "fine", 1);
  g_assert_false (has_error (form, "fine"));
  set_text (form, "penalty_kinds", "[\"confiscation\",\"fine\"]");
  g_assert_true (xh_form_is_required (form, "confiscated"));
  g_assert_false (xh_form_is_required (form, "licence_taken"));
  set_text (form, "penalty_kinds", "[\"revoke\"]");
  g_assert_true (xh_form_is_required (form, "licence_taken"));
  g_assert_false (xh_form_is_relevant (form, "fine"));
  g_assert_true (has_error (form, "tier"));
  set_text (form, "tier", "serious");
  g_assert_false (has_error (form, "tier"));
}

static void
test_dates (void)
{
  g_autoptr (XhForm) form = make_penalty ();
  g_autoptr (XhForm) licence = make_new ("licence", "department");

  set_text (form, "perform_by", "2026-11-19");
  g_assert_true (has_error (form, "perform_by"));
  set_text (form, "perform_by", "2100-01-01");
  g_assert_true (has_error (form, "perform_by"));
  set_text (form, "perform_by", "2099-12-31");
  g_assert_false (has_error (form, "perform_by"));
  set_text (form, "decided_on", "2026-11-23");
  g_assert_true (has_error (form, "decided_on"));

  set_text (licence, "valid_from", "2026-11-01");
  set_text (licence, "valid_to", "2026-10-31");
  g_assert_true (has_error (licence, "valid_to"));
  set_text (licence, "valid_to", "2099-12-31");
  g_assert_false (has_error (licence, "valid_to"));
  g_assert_null (get_text (licence, "display_to"));
}

static void
test_clocks (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  g_assert_cmpstr (get_text (form, "authority"), ==, "宝丰县市场监督管理局");
  g_assert_cmpstr (get_text (form, "file_by"), ==, "2026-12-01");
  set_text (form, "decided_on", "2026-09-28");
  g_assert_cmpstr (get_text (form, "file_by"), ==, "2026-10-13");
  g_assert_true (is_true (form, "is_market"));
  g_assert_cmpstr (get_text (form, "market_by"), ==, "2026-10-30");
  g_assert_cmpstr (xh_form_get_record (form)->due, ==, "2026-10-13");
  set_text (form, "filed_on", "2026-10-13");
  g_assert_false (is_true (form, "filed_late"));
  set_text (form, "filed_on", "2026-10-14");
  g_assert_true (is_true (form, "filed_late"));
  set_text (form, "authority", "宝丰县应急管理局");
  g_assert_null (get_text (form, "market_by"));
}

/* Art. 13 of Henan's ordinance. */
static void
test_withheld (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  set_text (form, "party_type", "person");
  set_text (form, "cert_type", "id");
  set_text (form, "cert_no", PERSON);
  set_text (form, "procedure", "simple");
  g_assert_false (is_true (form, "reportable"));
  assert_refused (form, "department", "submit");
  assert_refused (form, "department", "withhold");
  set_text (form, "withheld_reason", "simple_person");
  take_step (form, "department", "withhold", "withheld");
  take_step (form, "department", "file_after_all", "draft");
}

static void
test_finality (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  g_assert_false (is_true (form, "counts_as_default"));
  set_text (form, "finality", "expired");
  g_assert_true (xh_form_is_required (form, "remedy_until"));
  set_text (form, "remedy_until", "2027-05-20");
  g_assert_true (has_error (form, "remedy_until"));
  set_text (form, "decided_on", "2026-03-02");
  set_text (form, "remedy_until", "2026-09-02");
  g_assert_false (has_error (form, "remedy_until"));
  g_assert_true (is_true (form, "counts_as_default"));
}

/* --- dates of display and repair */

static void
assert_display (const char *decided_on, const char *tier, gboolean safety, gboolean special, const char *from, const char *to)
{
  g_autoptr (XhForm) form = make_penalty ();

  set_text (form, "decided_on", decided_on);
  set_text (form, "tier", tier);
  set_integer (form, "safety_field", safety);
  if (special)
    set_integer (form, "special_serious", 1);
  g_assert_cmpstr (get_text (form, "repair_from"), ==, from);
  g_assert_cmpstr (get_text (form, "display_to"), ==, to);
}

static void
test_display (void)
{
  assert_display ("2020-01-10", "serious", FALSE, FALSE, "2020-07-10", "2023-01-10"); /* before the county's law set its five years */
  assert_display ("2022-11-30", "general", FALSE, FALSE, "2023-02-28", "2023-11-30");
  assert_display ("2022-05-10", "serious", FALSE, FALSE, "2022-11-10", "2025-05-10");
  assert_display ("2022-05-10", "serious", FALSE, TRUE, NULL, "2025-05-10");
  assert_display ("2025-11-30", "general", FALSE, FALSE, "2026-02-28", "2028-11-30");
  assert_display ("2025-11-30", "general", TRUE, FALSE, "2026-11-30", "2028-11-30");
  assert_display ("2026-05-20", "minor", FALSE, FALSE, "2026-05-20", "2026-08-20");
  assert_display ("2026-05-20", "general", FALSE, FALSE, "2026-08-20", "2027-05-20");
  assert_display ("2026-05-20", "serious", FALSE, FALSE, "2027-05-20", "2029-05-20");
}

static void
test_way_of_a_penalty (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  set_text (form, "decided_on", "2025-06-03");
  take_step (form, "department", "submit", "submitted");
  g_assert_false (xh_form_is_editable (form, "facts"));
  take_step (form, "department", "recall", "draft");
  take_step (form, "department", "submit", "submitted");
  assert_refused (form, "department", "report");
  assert_refused (form, "approver", "report");
  set_text (form, "filed_on", "2025-06-05");
  take_step (form, "approver", "report", "reported");
  g_assert_cmpstr (xh_form_get_record (form)->due, ==, "2025-06-12");
  xh_form_set_role (form, "office");
  assert_refused (form, "office", "reject");
  set_text (form, "return_reason", "行政相对人代码_1不正确");
  take_step (form, "office", "reject", "returned");
  take_step (form, "department", "submit", "submitted");
  take_step (form, "approver", "report", "reported");
  xh_form_set_role (form, "office");
  set_text (form, "displayed_on", "2025-06-06");
  take_step (form, "office", "publish", "displayed");
  assert_refused (form, "office", "archive");
  assert_refused (form, "office", "repair");
  set_text (form, "fulfilled_on", "2025-07-01");
  set_text (form, "repaired_on", "2025-10-08");
  take_step (form, "office", "repair", "repaired");
  take_step (form, "office", "repair_undone", "displayed");
  set_text (form, "void_on", "2026-11-20");
  /* Two laws: the shorter time until a person chooses. */
  g_assert_cmpstr (get_text (form, "void_by_42"), ==, "2026-11-23");
  g_assert_cmpstr (get_text (form, "void_by_48"), ==, "2026-11-25");
  assert_due (form, "withdraw", "2026-11-23");
  set_text (form, "void_rule", "penalty_48");
  assert_due (form, "withdraw", "2026-11-25");
  set_text (form, "withdrawn_on", "2026-11-21");
  set_text (form, "withdrawn_reason", "复议决定撤销");
  take_step (form, "approver", "withdraw", "withdrawn");
}

static void
test_archive (void)
{
  g_autoptr (XhForm) form = make_penalty ();

  set_text (form, "decided_on", "2022-05-10");
  take_step (form, "department", "submit", "submitted");
  xh_form_set_role (form, "office");
  set_text (form, "filed_on", "2022-05-12");
  take_step (form, "office", "report", "reported");
  set_text (form, "displayed_on", "2022-05-13");
  take_step (form, "office", "publish", "displayed");
  take_step (form, "office", "archive", "archived");
  g_assert_false (xh_form_is_editable (form, "remark"));
  /* Shown again against its time: the server leaves it to people, and their work says so. */
  take_step (form, "office", "display_again", "displayed");
  for (guint i = 0; i < xh_form_get_kind (form)->dues->len; i++)
    {
      const XhDue *due = g_ptr_array_index (xh_form_get_kind (form)->dues, i);
      g_autofree char *date = strcmp (due->name, "expired") == 0 ? xh_form_get_due (form, i) : NULL;

      if (strcmp (due->name, "expired") == 0)
        g_assert_cmpstr (date, ==, get_text (form, "display_to"));
    }
}

/* --- repair: three sets side by side */

static void
test_repair (void)
{
  g_autoptr (XhForm) form = make_new ("repair", "department");

  set_text (form, "target", "other");
  set_text (form, "target_note", "演示1号");
  set_text (form, "party_name", "演示有限公司");
  set_text (form, "uscc", FIRM);
  set_text (form, "based_typed", "2026-01-20");
  set_text (form, "tier_typed", "general");
  g_assert_cmpstr (get_text (form, "gen1_from"), ==, "2026-04-20");
  g_assert_cmpstr (get_text (form, "gen1_to"), ==, "2027-01-20");
  g_assert_cmpstr (get_text (form, "gen2_from"), ==, "2026-04-20");
  g_assert_cmpstr (get_text (form, "gen2_to"), ==, "2029-01-20");
  g_assert_cmpstr (get_text (form, "gen3_from"), ==, "2026-04-20");
  g_assert_cmpstr (get_text (form, "gen3_to"), ==, "2027-01-20");
  set_text (form, "tier_typed", "serious");
  g_assert_cmpstr (get_text (form, "gen3_from"), ==, "2027-01-20");
  set_text (form, "tier_typed", "general");
  set_text (form, "applied_on", "2026-04-30");
  g_assert_cmpstr (get_text (form, "rule_by_date"), ==, "gen3");
  take_step (form, "department", "apply", "applied");
  assert_refused (form, "department", "accept");
  set_integer (form, "has_proof", 1);
  set_integer (form, "has_promise", 1);
  set_text (form, "fulfilled_on", "2026-03-01");
  set_text (form, "rule_set", "gen3");
  set_text (form, "accepted_on", "2026-04-30");
  g_assert_true (is_true (form, "complete"));
  g_assert_cmpstr (get_text (form, "answer_by"), ==, "2026-05-18");
  /* The ticks say that the papers came; the papers themselves are asked for, the one as the other. */
  assert_refused (form, "department", "accept");
  g_assert_false (xh_form_is_required (form, "proof"));
  set_text (form, "proof", XH_DEMO_PAPER);
  assert_refused (form, "department", "accept");
  set_text (form, "promise", XH_DEMO_PAPER);
  take_step (form, "department", "accept", "deciding");
  assert_refused (form, "approver", "grant");
  set_text (form, "outcome", "granted");
  set_text (form, "decided_on", "2026-05-06");
  take_step (form, "approver", "grant", "granted");
  g_assert_cmpstr (xh_form_get_record (form)->due, ==, "2026-05-07");
  assert_refused (form, "department", "finish");
  set_text (form, "platforms", "[{\"_id\":\"a1\",\"platform\":\"national\",\"down\":1,\"removed_on\":\"2026-05-07\"}]");
  set_text (form, "told_on", "2026-05-07");
  take_step (form, "department", "finish", "done");
}

static void
test_repair_too_early (void)
{
  g_autoptr (XhForm) form = make_new ("repair", "department");

  set_text (form, "target", "other");
  set_text (form, "based_typed", "2026-10-20");
  set_text (form, "tier_typed", "general");
  set_text (form, "applied_on", "2026-11-20");
  set_text (form, "rule_set", "gen3");
  set_integer (form, "has_proof", 1);
  set_integer (form, "has_promise", 1);
  set_text (form, "outcome", "granted");
  g_assert_true (has_error (form, "outcome"));
  set_text (form, "tier_typed", "minor");
  g_assert_false (has_error (form, "outcome"));
  set_integer (form, "has_promise", 0);
  g_assert_true (has_error (form, "outcome"));
}

/* --- objections: the clock that stops */

static void
test_objection_clocks (void)
{
  g_autoptr (XhForm) form = make_new ("objection", "office");

  set_text (form, "received_on", "2026-09-28");
  set_text (form, "source", "own");
  g_assert_cmpstr (get_text (form, "answer_by"), ==, "2026-10-08");
  set_text (form, "source", "with_source");
  g_assert_cmpstr (get_text (form, "answer_by"), ==, "2026-10-13");
  set_text (form, "sent_on", "2026-09-29");
  g_assert_cmpstr (get_text (form, "source_by"), ==, "2026-10-09");
  /* Two working days with the experts, one of them named twice. */
  set_text (form, "stops", "[{\"_id\":\"a1\",\"from_on\":\"2026-10-08\",\"to_on\":\"2026-10-09\",\"reason\":\"test\"},"
                           "{\"_id\":\"a2\",\"from_on\":\"2026-10-09\",\"to_on\":\"2026-10-09\",\"reason\":\"expert\"}]");
  g_assert_cmpstr (get_text (form, "answer_by"), ==, "2026-10-15");
  set_text (form, "outcome", "corrected");
  set_text (form, "decided_on", "2026-10-15");
  g_assert_cmpstr (get_text (form, "correct_by"), ==, "2026-10-16");
  set_text (form, "outcome", "deleted");
  g_assert_cmpstr (get_text (form, "correct_by"), ==, "2026-10-16");
  g_assert_false (is_true (form, "late"));
  set_text (form, "decided_on", "2026-10-16");
  g_assert_true (is_true (form, "late"));
}

/* The office concludes without the source once the source's three working days are over, and says why. */
static void
test_silent_source (void)
{
  g_autoptr (XhForm) form = make_new ("objection", "office");

  set_text (form, "disputed", "licence");
  set_text (form, "disputed_note", "宝市监许〔2026〕1号");
  set_text (form, "party_name", "宝丰县演示粮油店");
  set_text (form, "uscc", FIRM);
  set_text (form, "claim", "地址写错了。");
  set_text (form, "received_on", "2026-11-10");
  set_text (form, "source", "with_source");
  set_text (form, "marked_on", "2026-11-10");
  take_step (form, "office", "mark", "marked");
  set_text (form, "sent_on", "2026-11-19");
  take_step (form, "office", "ask", "with_source");
  set_text (form, "outcome", "corrected");
  set_text (form, "decided_on", "2026-11-22");
  set_text (form, "decision_reason", "来源单位没有答复，按主体提供的营业执照更正。");
  g_assert_cmpstr (get_text (form, "source_by"), ==, "2026-11-24");
  assert_refused (form, "office", "conclude");
  set_text (form, "sent_on", "2026-11-11");
  g_assert_cmpstr (get_text (form, "source_by"), ==, "2026-11-16");
  set_text (form, "decision_reason", NULL);
  assert_refused (form, "office", "conclude");
  set_text (form, "decision_reason", "来源单位没有答复，按主体提供的营业执照更正。");
  take_step (form, "office", "conclude", "decided");
}

/* What speaks against a subject is shown five years at most, whether an end is written or not. */
static void
test_act_is_shown_five_years (void)
{
  g_autoptr (XhForm) form = make_new ("act", "office");

  set_text (form, "act_type", "enforcement");
  set_text (form, "decided_on", "2024-02-29");
  g_assert_cmpstr (get_text (form, "display_to"), ==, "2029-02-28");
  set_text (form, "shown_to", "2030-01-01");
  g_assert_true (has_error (form, "shown_to"));
  g_assert_cmpstr (get_text (form, "display_to"), ==, "2029-02-28");
  set_text (form, "shown_to", "2027-01-01");
  g_assert_false (has_error (form, "shown_to"));
  g_assert_cmpstr (get_text (form, "display_to"), ==, "2027-01-01");
  set_text (form, "act_type", "reward");
  set_text (form, "shown_to", NULL);
  g_assert_cmpstr (get_text (form, "display_to"), ==, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/kinds/publicity/every-column-of-the-standard", test_columns);
  g_test_add_func ("/kinds/publicity/codes-with-92-are-sole-traders", test_sole_traders);
  g_test_add_func ("/kinds/publicity/persons-have-no-codes-of-organisations", test_natural_persons);
  g_test_add_func ("/kinds/publicity/amounts-by-kind-of-penalty", test_amounts);
  g_test_add_func ("/kinds/publicity/dates-in-order", test_dates);
  g_test_add_func ("/kinds/publicity/two-clocks", test_clocks);
  g_test_add_func ("/kinds/publicity/article-13-is-not-filed", test_withheld);
  g_test_add_func ("/kinds/publicity/final-before-it-counts", test_finality);
  g_test_add_func ("/kinds/publicity/display-by-rules", test_display);
  g_test_add_func ("/kinds/publicity/way-of-a-penalty", test_way_of_a_penalty);
  g_test_add_func ("/kinds/publicity/archived-at-the-end", test_archive);
  g_test_add_func ("/kinds/publicity/five-years-at-most-against-a-subject", test_act_is_shown_five_years);
  g_test_add_func ("/kinds/objection/concluded-when-the-source-is-silent", test_silent_source);
  g_test_add_func ("/kinds/repair/three-sets-and-the-way", test_repair);
  g_test_add_func ("/kinds/repair/not-too-early", test_repair_too_early);
  g_test_add_func ("/kinds/objection/clocks-that-stop", test_objection_clocks);
  status = g_test_run ();
  xh_catalog_unref (catalog);
  return status;
}
