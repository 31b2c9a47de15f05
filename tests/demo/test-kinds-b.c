/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the definitions of files, supervision and government integrity say: when a contract warns, when the watch list lets go,
 * who may look whom up, which clock runs for a complaint, when a report is free. Today is 2026-11-22. */

#include <string.h>

#include "demo/xh-demo.h"
#include "kinds-test.h"

static XhCatalog *catalog;

static XhForm *
make_form (const char *name, const char *role)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, name);
  g_autoptr (XhRecord) record = NULL;
  XhForm *form;

  g_assert_nonnull (kind);
  record = xh_record_new (kind, NULL);
  form = xh_form_new (kind, role);
  xh_form_load (form, record, NULL, TRUE);
  return form;
}

static void
set_reference (XhForm *form, const char *name, gint64 number)
{
  const XhKind *kind = xh_form_get_kind (form);
  const XhReference *reference = xh_kind_find_reference (kind, name);
  XhValue *values = xh_value_array_new (kind->references->len);

  g_assert_nonnull (reference);
  xh_value_set_integer (&values[reference->index], number);
  xh_form_set_references (form, values);
  xh_value_array_free (values, kind->references->len);
}

static void
assert_text (XhForm *form, const char *field, const char *expected)
{
  const XhValue *value = xh_form_get (form, field);

  g_assert_cmpstr (value->type == XH_VALUE_TEXT ? value->text : NULL, ==, expected);
}

static gboolean
has_issue (XhForm *form, const char *field, XhIssueSeverity severity)
{
  GPtrArray *issues = xh_form_get_issues (form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);

      if (issue->severity == severity && g_strcmp0 (issue->field, field) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether the step may be taken now; it is taken where it may. */
static gboolean
take (XhForm *form, const char *transition)
{
  g_autoptr (GError) error = NULL;

  return xh_form_transition (form, transition, &error);
}

static void
assert_taken (XhForm *form, const char *transition)
{
  g_autoptr (GError) error = NULL;

  if (!xh_form_transition (form, transition, &error))
    g_error ("%s: %s", transition, error->message);
}

/* --- contracts: the earliest open milestone less the days of warning */

static XhForm *
make_contract (const char *milestones)
{
  XhForm *form = make_form ("contract", "office");

  set_text (form, "number", "HT-2026-001");
  set_text (form, "contract_name", "道路维修合同");
  set_text (form, "contract_type", "works");
  set_text (form, "subject_name", "县住房和城乡建设局");
  set_text (form, "body_uscc", "11320100MB1886843H");
  set_text (form, "party_unit", "zfhcxjsj");
  set_text (form, "other_party", "某路桥公司");
  set_text (form, "signed_on", "2026-01-10");
  set_text (form, "ends_on", "2027-06-30");
  set_text (form, "milestones", milestones);
  return form;
}

#define MILESTONE(id, due, status) \
  "{\"_id\":\"" id "\",\"item\":\"进度款\",\"side\":\"government\",\"due_on\":\"" due "\",\"status\":\"" status "\"}"

static void
test_contract (void)
{
  g_autoptr (XhForm) form = make_contract ("[" MILESTONE ("a", "2026-03-01", "done") "," MILESTONE ("b", "2027-03-01", "open") ","
                                           MILESTONE ("c", "2026-12-20", "open") "]");

  assert_text (form, "next_due", "2026-12-20");
  assert_text (form, "warn_on", "2026-12-05");
  g_assert_cmpint (xh_form_get (form, "open_count")->integer, ==, 2);
  assert_taken (form, "track");
  assert_due (form, "warn", "2026-12-05");
  assert_due (form, "milestone", NULL);
  g_assert_false (take (form, "warn"));
  set_integer (form, "warn_days", 30);
  assert_text (form, "warn_on", "2026-11-20");
  assert_taken (form, "warn");
  assert_due (form, "milestone", "2026-12-20");
  g_assert_false (take (form, "resolve"));
  set_text (form, "milestones", "[" MILESTONE ("b", "2027-03-01", "open") "," MILESTONE ("c", "2026-12-20", "done") "]");
  assert_text (form, "next_due", "2027-03-01");
  assert_taken (form, "resolve");
  g_assert_false (take (form, "publish"));
}

static void
test_contract_breach (void)
{
  g_autoptr (XhForm) form = make_contract ("[" MILESTONE ("a", "2026-11-01", "open") "]");

  assert_taken (form, "track");
  assert_taken (form, "warn");
  g_assert_false (take (form, "dispose"));
  set_text (form, "cause", "资金未到位");
  set_text (form, "measures", "制定付款计划");
  set_text (form, "dispose_by", "2026-12-31");
  assert_taken (form, "dispose");
  assert_due (form, "dispose", "2026-12-31");
  set_text (form, "milestones", "[" MILESTONE ("a", "2026-11-01", "broken") "]");
  set_text (form, "result", "full");
  g_assert_true (has_issue (form, "result", XH_ISSUE_ERROR));
  set_text (form, "result", "broken");
  set_text (form, "published_on", "2026-11-20");
  g_assert_false (take (form, "publish")); /* nothing is held against anybody without a document */
  set_text (form, "breach_document", "（2026）豫0421民初1号");
  assert_taken (form, "publish");
  assert_taken (form, "unpublish");
}

/* --- the watch list ends by itself */

static XhForm *
make_watch (const char *listed_on)
{
  XhForm *form = make_form ("watch", "office");

  set_text (form, "subject_type", "legal");
  set_text (form, "subject_name", "某运输公司");
  set_text (form, "uscc", "91320281142232229Q");
  set_text (form, "field", "transport");
  set_text (form, "listed_by", "jtysj");
  set_text (form, "reason_type", "repeat");
  set_text (form, "reason", "三个月内两次超载被处罚。");
  set_text (form, "basis", "重点关注对象名单制度第三条");
  set_text (form, "document_no", "交执〔2026〕18号");
  set_text (form, "measures", "[\"more\"]");
  set_text (form, "told_on", "2026-04-01");
  set_text (form, "statement_by", "2026-04-10");
  assert_taken (form, "notify");
  set_text (form, "statement", "无");
  set_text (form, "listed_on", listed_on);
  assert_taken (form, "list");
  return form;
}

static void
test_watch (void)
{
  g_autoptr (XhForm) ended = make_watch ("2026-05-21");
  g_autoptr (XhForm) running = make_watch ("2026-05-22");
  const XhTransition *expire = xh_kind_find_transition (xh_form_get_kind (ended), "remove");

  g_assert_true (expire->automatic);
  assert_text (ended, "ends_on", "2026-11-21");
  assert_due (running, "remove", "2026-11-22");
  g_assert_false (take (running, "remove")); /* the last day counts */
  assert_taken (ended, "remove");
  g_assert_false (take (ended, "restore"));
  g_assert_false (take (running, "remove"));
  set_text (running, "removed_on", "2026-11-20");
  set_text (running, "removal_reason", "已整改到位");
  assert_taken (running, "remove");
  assert_taken (running, "restore");
}

static void
test_watch_notice (void)
{
  g_autoptr (XhForm) form = make_form ("watch", "department");

  set_text (form, "told_on", "2026-11-20");
  g_assert_false (take (form, "notify"));
  set_text (form, "listed_on", "2026-11-19");
  g_assert_true (has_issue (form, "listed_on", XH_ISSUE_ERROR)); /* notice comes before the decision */
  set_integer (form, "months", 13);
  g_assert_true (has_issue (form, "months", XH_ISSUE_ERROR));
}

/* --- queries */

static void
set_query (XhForm *form)
{
  set_text (form, "query_type", "check");
  set_text (form, "asked_on", "2026-11-20"); /* a Friday */
  set_text (form, "asked_by", "李办事");
  set_text (form, "purpose", "tender");
  set_text (form, "legal_basis", "河南省社会信用条例 61");
  set_text (form, "subjects", "[{\"_id\":\"a\",\"name\":\"某公司\",\"found\":\"clean\"},{\"_id\":\"b\",\"name\":\"某店\",\"found\":\"entries\"}]");
}

static void
test_query (void)
{
  g_autoptr (XhForm) form = make_form ("query", "office");

  set_query (form);
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_MISSING), ==, 0);
  g_assert_cmpint (xh_form_get (form, "subject_count")->integer, ==, 2);
  g_assert_cmpint (xh_form_get (form, "entries_found")->integer, ==, 1);
  assert_due (form, "review", "2026-11-27");
  g_assert_false (take (form, "review"));
  set_text (form, "reviewed_on", "2026-11-22");
  set_text (form, "reviewed_by", "李办事");
  g_assert_true (has_issue (form, "reviewed_by", XH_ISSUE_ERROR)); /* nobody reviews their own query */
  set_text (form, "reviewed_by", "王审查");
  assert_taken (form, "review");
  assert_taken (form, "reopen");
  g_assert_false (take (form, "return"));
  set_text (form, "opinion", "请补充依据。");
  assert_taken (form, "return");
  g_assert_false (take (form, "answer"));
  set_text (form, "explanation", "项目编号已补充。");
  assert_taken (form, "answer");
}

static void
test_query_authorised (void)
{
  g_autoptr (XhForm) form = make_form ("query", "bank");

  set_query (form);
  set_text (form, "purpose", "loan");
  g_assert_true (has_issue (form, "authorisation", XH_ISSUE_MISSING));
  set_text (form, "authorisation_no", "授〔2026〕1号");
  g_assert_true (has_issue (form, "authorisation_no", XH_ISSUE_ERROR)); /* a loan is no sharing between public bodies */
  set_text (form, "disclosure", "authorised");
  g_assert_false (has_issue (form, "authorisation_no", XH_ISSUE_ERROR));
}

static void
test_query_unmask (void)
{
  g_autoptr (XhForm) form = make_form ("query", "assessor");

  set_query (form);
  clear (form, "subjects");
  set_text (form, "query_type", "unmask");
  g_assert_true (has_issue (form, "target", XH_ISSUE_MISSING));
  g_assert_true (has_issue (form, "reason", XH_ISSUE_MISSING));
  g_assert_false (xh_form_is_relevant (form, "subjects"));
  set_text (form, "target", "农户档案 户主身份证号");
  set_text (form, "reason", "看");
  g_assert_true (has_issue (form, "reason", XH_ISSUE_ERROR));
  set_text (form, "reason", "核对身份，补录档案");
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_ERROR), ==, 0);
  g_assert_cmpuint (xh_form_count_issues (form, XH_ISSUE_MISSING), ==, 0);
  g_assert_false (xh_form_is_editable (form, "reviewed_by"));
}

/* --- reports: two a year are free */

static void
test_report (void)
{
  static const char *const texts[] = { "number", "verification_code", "subject_name", "subject_key", "issued_by", "requested_by" };
  g_autoptr (XhForm) form = make_form ("credit-report", "office");
  g_autoptr (GError) error = NULL;

  set_reference (form, "free_this_year", 1);
  set_integer (form, "free_of_charge", 0);
  g_assert_true (has_issue (form, "free_of_charge", XH_ISSUE_ERROR));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    set_text (form, texts[i], "1");
  /* Not by taking the step at once, either. */
  g_assert_false (xh_form_transition (form, "issue", &error));
  g_assert_nonnull (strstr (error->message, "40"));
  set_reference (form, "free_this_year", 2);
  g_assert_false (has_issue (form, "free_of_charge", XH_ISSUE_ERROR));
  set_integer (form, "own", 0);
  set_text (form, "edition", "full");
  g_assert_true (has_issue (form, "authorisation_no", XH_ISSUE_MISSING));
}

/* --- complaints about public bodies: accepted, assigned, closed */

static void
test_complaint (void)
{
  g_autoptr (XhForm) form = make_form ("government-complaint", "office");

  set_text (form, "number", "TS2026001");
  set_text (form, "received_on", "2026-09-30"); /* before the seven days of the National Day */
  set_text (form, "channel", "column");
  set_text (form, "matter_short", "工程尾款未付");
  set_text (form, "matter_type", "arrears");
  set_text (form, "content", "验收后三年未付。");
  set_text (form, "subject_name", "某镇人民政府");
  set_text (form, "body_uscc", "11320100MB1886843H");
  set_integer (form, "anonymous", 1);
  assert_due (form, "accept", "2026-10-13");
  g_assert_false (take (form, "accept"));
  set_text (form, "accepted_on", "2026-10-09");
  assert_taken (form, "accept");
  assert_due (form, "assign", "2026-10-12");
  set_text (form, "handle_unit", "czj");
  set_text (form, "assigned_on", "2026-10-12");
  assert_taken (form, "assign");
  assert_due (form, "handle", "2026-11-02");
  set_integer (form, "handle_days", 20);
  assert_due (form, "handle", "2026-11-09");
  g_assert_true (xh_form_is_required (form, "extend_reason"));
  set_text (form, "extend_reason", "要对账");
  set_text (form, "finding", "true");
  set_text (form, "outcome", "已付清");
  set_text (form, "handled_on", "2026-11-10");
  g_assert_cmpint (xh_form_get (form, "in_time")->integer, ==, 0);
  assert_taken (form, "handle");
  assert_due (form, "reply", "2026-11-13");
  g_assert_false (take (form, "close"));
  assert_taken (form, "return");
  assert_taken (form, "handle");
  set_text (form, "replied_on", "2026-11-12");
  assert_taken (form, "close");
  assert_taken (form, "reopen");
}

/* --- inspections and arrears */

static void
test_inspection (void)
{
  g_autoptr (XhForm) form = make_form ("inspection", "office");

  set_text (form, "subject_type", "legal");
  set_text (form, "subject_name", "某食品厂");
  set_text (form, "uscc", "91320281142232229Q");
  set_text (form, "matter", "食品经营检查");
  set_text (form, "inspect_unit", "scjdglj");
  set_text (form, "inspected_on", "2026-11-16");
  set_text (form, "result", "corrected");
  set_text (form, "findings", "台账不全");
  set_text (form, "inspectors", "[{\"_id\":\"a\",\"name\":\"甲\"}]");
  g_assert_false (take (form, "inspect")); /* two inspectors at least */
  set_text (form, "inspectors", "[{\"_id\":\"a\",\"name\":\"甲\"},{\"_id\":\"b\",\"name\":\"乙\"}]");
  g_assert_false (take (form, "inspect")); /* on the spot: the record of it */
  set_text (form, "record_paper", XH_DEMO_PAPER);
  assert_taken (form, "inspect");
  assert_due (form, "publish", "2026-11-25"); /* seven working days, by periods.json */
  set_text (form, "order_no", "责改1号");
  set_text (form, "rectify_by", "2026-12-10");
  assert_taken (form, "order");
  assert_due (form, "rectify", "2026-12-10");
  set_text (form, "public_on", "2026-11-20");
  assert_due (form, "publish", NULL);
  g_assert_false (take (form, "close")); /* what was found is not put right */
  set_text (form, "rectified_on", "2026-11-21");
  assert_taken (form, "close");
  assert_taken (form, "reopen");
}

static void
test_arrears (void)
{
  g_autoptr (XhForm) form = make_form ("arrears", "office");

  set_integer (form, "amount", 10000000);
  set_text (form, "repayments", "[{\"_id\":\"a\",\"paid_on\":\"2026-05-01\",\"amount\":4000000}]");
  g_assert_cmpint (xh_form_get (form, "balance")->integer, ==, 6000000);
  g_assert_cmpfloat (xh_form_get (form, "clear_rate")->real, ==, 40.0);
  g_assert_cmpfloat (xh_form_get (form, "resolve_rate")->real, ==, 40.0);
  set_text (form, "resolved_way", "agreement");
  g_assert_cmpfloat (xh_form_get (form, "clear_rate")->real, ==, 40.0);
  g_assert_cmpfloat (xh_form_get (form, "resolve_rate")->real, ==, 100.0);
  g_assert_true (xh_form_is_required (form, "resolved_paper"));
  set_text (form, "repayments", "[{\"_id\":\"a\",\"paid_on\":\"2026-05-01\",\"amount\":14000000}]");
  g_assert_true (has_issue (form, "repaid", XH_ISSUE_ERROR));
}

/* --- who may see what */

static void
test_rights (void)
{
  static const char *const closed[] = { "civil-servant", "servant-loan" };
  static const char *const others[] = { "assessor", "township", "department", "approver", "bank", "office", "manager" };

  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    {
      const XhKind *kind = xh_catalog_find_kind (catalog, closed[i]);

      g_assert_true (xh_kind_may (kind, kind->read_roles, "personnel"));
      for (guint j = 0; j < G_N_ELEMENTS (others); j++)
        g_assert_false (xh_kind_may (kind, kind->read_roles, others[j]));
    }
}

static void
test_merge (void)
{
  g_autoptr (XhForm) form = make_form ("organisation", "office");

  set_text (form, "subject_name", "宝丰某某商店");
  set_text (form, "uscc", "91320281142232229Q");
  g_assert_true (xh_form_is_required (form, "uscc"));
  set_text (form, "former_codes", "[{\"_id\":\"a\",\"code\":\"410421000012345\",\"code_type\":\"licence_no\"}]");
  g_assert_false (xh_form_is_required (form, "uscc"));
  set_text (form, "organisation_type", "enterprise");
  g_assert_false (take (form, "merge"));
  set_text (form, "merged_into", "00000000-0000-4000-8000-000000000001");
  set_text (form, "merge_note", "名称、地址、经营者相同");
  assert_taken (form, "merge");
  assert_taken (form, "unmerge");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/registers/unit/a-contract-warns-before-its-earliest-open-milestone", test_contract);
  g_test_add_func ("/registers/unit/a-breach-is-published-with-its-document-only", test_contract_breach);
  g_test_add_func ("/registers/unit/the-watch-list-lets-go-after-its-last-day", test_watch);
  g_test_add_func ("/registers/unit/nobody-is-watched-without-notice", test_watch_notice);
  g_test_add_func ("/registers/unit/a-query-is-reviewed-by-somebody-else", test_query);
  g_test_add_func ("/registers/unit/a-query-for-a-loan-needs-the-subjects-paper", test_query_authorised);
  g_test_add_func ("/registers/unit/a-number-in-full-needs-a-reason", test_query_unmask);
  g_test_add_func ("/registers/unit/two-reports-a-year-are-free", test_report);
  g_test_add_func ("/registers/unit/a-complaint-has-a-clock-for-each-step", test_complaint);
  g_test_add_func ("/registers/unit/an-inspection-is-published-and-put-right", test_inspection);
  g_test_add_func ("/registers/unit/arrears-have-two-rates", test_arrears);
  g_test_add_func ("/registers/unit/civil-servants-are-seen-by-personnel-alone", test_rights);
  g_test_add_func ("/registers/unit/a-double-is-merged-and-taken-apart-again", test_merge);
  result = g_test_run ();
  xh_catalog_unref (catalog);
  return result;
}
