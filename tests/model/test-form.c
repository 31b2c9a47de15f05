/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form, on a kind of its own (form-catalog/kinds/visit.json). Today is 2026-11-22. */

#include <string.h>

#include "model/xh-form.h"

#define ADULT "34052419800101001X"
#define CHILD "410421201501010014"
#define VILLAGE "410421101201"

typedef struct
{
  XhCatalog *catalog;
  const XhKind *kind;
  XhForm *form;
  GPtrArray *heard; /* names that "changed" gave */
} Fixture;

static void
changed_cb (XhForm *form, const char *name, gpointer data)
{
  g_ptr_array_add (((Fixture *) data)->heard, g_strdup (name));
}

static void
open_new (Fixture *fixture, const char *role)
{
  g_autoptr (XhRecord) record = xh_record_new (fixture->kind, NULL);

  g_clear_object (&fixture->form);
  fixture->form = xh_form_new (fixture->kind, role);
  g_signal_connect (fixture->form, "changed", G_CALLBACK (changed_cb), fixture);
  xh_form_load (fixture->form, record, NULL, TRUE);
  g_ptr_array_set_size (fixture->heard, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->catalog = xh_catalog_load_folder (g_getenv ("XH_FORM_CATALOG"), &error);
  g_assert_no_error (error);
  fixture->kind = xh_catalog_find_kind (fixture->catalog, "visit");
  g_assert_nonnull (fixture->kind);
  fixture->heard = g_ptr_array_new_with_free_func (g_free);
  open_new (fixture, "assessor");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->form);
  g_ptr_array_unref (fixture->heard);
  xh_catalog_unref (fixture->catalog);
}

/* What was heard about a name since the last call of forget(). */
static guint
count_heard (Fixture *fixture, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < fixture->heard->len; i++)
    n += strcmp (fixture->heard->pdata[i], name) == 0;
  return n;
}

static void
set_text (Fixture *fixture, const char *field, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  xh_form_set (fixture->form, field, &value, &error);
  g_assert_no_error (error);
}

static void
set_integer (Fixture *fixture, const char *field, gint64 integer)
{
  g_autoptr (GError) error = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_integer (&value, integer);
  xh_form_set (fixture->form, field, &value, &error);
  g_assert_no_error (error);
}

static void
set_references (Fixture *fixture, double average)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_real (&value, average);
  xh_form_set_references (fixture->form, &value);
}

static void
assert_refused (Fixture *fixture, const char *field, const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  g_assert_false (xh_form_set (fixture->form, field, &value, &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

static gint64
get_integer (Fixture *fixture, const char *field)
{
  const XhValue *value = xh_form_get (fixture->form, field);

  g_assert_nonnull (value);
  return xh_value_is_null (value) ? -99 : xh_value_as_integer (value);
}

static const char *
get_text (Fixture *fixture, const char *field)
{
  const XhValue *value = xh_form_get (fixture->form, field);

  g_assert_nonnull (value);
  return xh_value_as_text (value);
}

static const char *
find_issue (Fixture *fixture, const char *field, XhIssueSeverity severity)
{
  GPtrArray *issues = xh_form_get_issues (fixture->form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = issues->pdata[i];

      if (strcmp (issue->field, field) == 0 && issue->severity == severity)
        return issue->message;
    }
  return NULL;
}

static const char *
find_error (Fixture *fixture, const char *field)
{
  return find_issue (fixture, field, XH_ISSUE_ERROR);
}

static void
fill (Fixture *fixture)
{
  set_text (fixture, "name", "李明");
  set_text (fixture, "head_id", ADULT);
  set_text (fixture, "village", VILLAGE);
  set_integer (fixture, "consent", 1);
  set_references (fixture, 50000);
  set_integer (fixture, "income", 100000);
}

/* Loads the record as it stands into a form of another role. */
static void
reopen (Fixture *fixture, const char *role)
{
  g_autoptr (XhRecord) record = xh_record_copy (xh_form_get_record (fixture->form));
  g_auto (XhValue) average = XH_VALUE_INIT;

  record->rid = 1;
  record->version = 5;
  xh_value_set_real (&average, 50000);
  g_clear_object (&fixture->form);
  fixture->form = xh_form_new (fixture->kind, role);
  g_signal_connect (fixture->form, "changed", G_CALLBACK (changed_cb), fixture);
  xh_form_load (fixture->form, record, &average, FALSE);
  g_ptr_array_set_size (fixture->heard, 0);
}

static void
take (Fixture *fixture, const char *transition)
{
  g_autoptr (GError) error = NULL;

  xh_form_transition (fixture->form, transition, &error);
  g_assert_no_error (error);
}

static char *
list_changed (Fixture *fixture)
{
  g_autoptr (GPtrArray) changed = xh_form_get_changed (fixture->form);

  g_ptr_array_add (changed, NULL);
  return g_strjoinv (" ", (char **) changed->pdata);
}

/* --- computing */

static void
test_defaults_and_what_is_computed_from_them (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (get_integer (fixture, "year"), ==, 2026);
  g_assert_cmpint (get_integer (fixture, "years_on"), ==, 2027);
  g_assert_false (xh_form_is_dirty (fixture->form));
}

static void
test_computes_in_order_of_dependency (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "head_id", ADULT);
  g_assert_cmpstr (get_text (fixture, "born"), ==, "1980-01-01");
  g_assert_cmpint (get_integer (fixture, "years"), ==, 46);
  g_assert_cmpint (get_integer (fixture, "adult"), ==, 1);
  set_text (fixture, "head_id", NULL);
  g_assert_null (get_text (fixture, "born"));
  g_assert_cmpint (get_integer (fixture, "adult"), ==, -99);
}

static void
test_says_once_what_changed_and_nothing_else (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "head_id", ADULT);
  g_assert_cmpuint (count_heard (fixture, "head_id"), ==, 1);
  g_assert_cmpuint (count_heard (fixture, "born"), ==, 1);
  g_assert_cmpuint (count_heard (fixture, "years"), ==, 1);
  g_assert_cmpuint (count_heard (fixture, "adult"), ==, 1);
  g_assert_cmpuint (fixture->heard->len, ==, 4);
  g_ptr_array_set_size (fixture->heard, 0);
  set_text (fixture, "head_id", ADULT);
  g_assert_cmpuint (fixture->heard->len, ==, 0);
}

static void
test_relevance_follows (Fixture *fixture, gconstpointer data)
{
  g_assert_false (xh_form_is_relevant (fixture->form, "guardian"));
  assert_refused (fixture, "guardian", "李四", "An adult has no guardian.");
  g_ptr_array_set_size (fixture->heard, 0);
  set_text (fixture, "head_id", CHILD);
  g_assert_true (xh_form_is_relevant (fixture->form, "guardian"));
  g_assert_true (xh_form_is_required (fixture->form, "guardian"));
  g_assert_cmpuint (count_heard (fixture, "guardian"), ==, 1);
  g_assert_nonnull (find_issue (fixture, "guardian", XH_ISSUE_MISSING));
  set_text (fixture, "guardian", "李四");
  g_assert_null (find_issue (fixture, "guardian", XH_ISSUE_MISSING));
}

static void
test_what_is_not_relevant_is_set_aside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = NULL, *back = NULL;

  set_text (fixture, "head_id", CHILD);
  set_text (fixture, "guardian", "李四");
  set_text (fixture, "head_id", ADULT);
  g_assert_null (get_text (fixture, "guardian"));
  aside = list_changed (fixture);
  g_assert_cmpstr (aside, ==, "head_id year");
  set_text (fixture, "head_id", CHILD);
  g_assert_cmpstr (get_text (fixture, "guardian"), ==, "李四");
  back = list_changed (fixture);
  g_assert_cmpstr (back, ==, "head_id year guardian");
}

static void
test_what_is_stored_stays_where_it_is_not_relevant (Fixture *fixture, gconstpointer data)
{
  g_autofree char *changed = NULL;

  fill (fixture);
  reopen (fixture, "assessor");
  set_integer (fixture, "costs", 7);
  set_integer (fixture, "income", 90000);
  set_integer (fixture, "consent", 0);
  g_assert_cmpint (get_integer (fixture, "income"), ==, 100000);
  g_assert_cmpint (get_integer (fixture, "costs"), ==, -99);
  g_assert_cmpint (get_integer (fixture, "net"), ==, 100000);
  changed = list_changed (fixture);
  g_assert_cmpstr (changed, ==, "consent");
}

static void
test_no_money_without_consent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_integer (&value, 100);
  g_assert_false (xh_form_set (fixture->form, "income", &value, &error));
  g_assert_cmpstr (error->message, ==, "No consent, no questions about money.");
  g_assert_cmpint (get_integer (fixture, "income"), ==, -99);
  set_integer (fixture, "consent", 1);
  set_integer (fixture, "income", 100);
  g_assert_cmpint (get_integer (fixture, "net"), ==, 100);
}

static void
test_several_fields_in_any_order (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "income", "consent" }, *const wrong[] = { "costs", "consent", "village" };
  XhValue *values = xh_value_array_new (3);
  const XhField *culprit = NULL;
  g_autoptr (GError) error = NULL;

  xh_value_set_integer (&values[0], 500);
  xh_value_set_integer (&values[1], 1);
  xh_form_set_many (fixture->form, names, values, 2, &culprit, &error);
  g_assert_no_error (error);
  g_assert_null (culprit);
  g_assert_cmpint (get_integer (fixture, "net"), ==, 500);

  xh_value_set_integer (&values[1], 0);
  xh_value_set_text (&values[2], VILLAGE);
  g_assert_false (xh_form_set_many (fixture->form, wrong, values, 3, &culprit, &error));
  g_assert_cmpstr (culprit->name, ==, "costs");
  g_assert_cmpint (get_integer (fixture, "consent"), ==, 1);
  g_assert_null (get_text (fixture, "village"));
  g_assert_null (xh_form_get_record (fixture->form)->division);
  xh_value_array_free (values, 3);
}

static void
test_division_of_the_record_follows_its_field (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "village", VILLAGE);
  g_assert_cmpstr (xh_form_get_record (fixture->form)->division, ==, VILLAGE);
  g_assert_cmpstr (get_text (fixture, "division"), ==, VILLAGE);
  set_text (fixture, "village", NULL);
  g_assert_cmpstr (xh_form_get_record (fixture->form)->division, ==, VILLAGE);
}

/* --- checking */

static void
test_identifiers_are_checked (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "head_id", "340524198001010017");
  g_assert_cmpstr (find_error (fixture, "head_id"), ==, "Wrong check digit: the last must be X. Compare with the document.");
  set_text (fixture, "head_id", "34052419800101001x");
  g_assert_cmpstr (get_text (fixture, "head_id"), ==, ADULT);
  g_assert_null (find_error (fixture, "head_id"));
  set_text (fixture, "phone", "12345");
  g_assert_nonnull (find_error (fixture, "phone"));
  set_text (fixture, "phone", "138 0000 1234");
  g_assert_null (find_error (fixture, "phone"));
}

static void
test_checks_bounds_and_lengths (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "name", "李");
  g_assert_cmpstr (find_error (fixture, "name"), ==, "Two characters at least.");
  set_text (fixture, "name", "一二三四五六七八九十多");
  g_assert_cmpstr (find_error (fixture, "name"), ==, "At most 10 characters; these are 11.");
  set_text (fixture, "name", "李明");
  g_assert_null (find_error (fixture, "name"));
  set_integer (fixture, "year", 1999);
  g_assert_cmpstr (find_error (fixture, "year"), ==, "At least 2020.");
  set_integer (fixture, "consent", 1);
  set_integer (fixture, "income", 100);
  set_integer (fixture, "costs", 200);
  g_assert_cmpstr (find_error (fixture, "net"), ==, "More is spent than earned.");
  set_integer (fixture, "consent", 0);
  g_assert_null (find_error (fixture, "net"));
}

static void
test_divisions_units_and_choices (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "village", "410421101000");
  g_assert_cmpstr (find_error (fixture, "village"), ==, "Choose a village.");
  set_text (fixture, "village", "990421101000");
  g_assert_nonnull (find_error (fixture, "village"));
  set_text (fixture, "village", VILLAGE);
  g_assert_null (find_error (fixture, "village"));
  set_text (fixture, "unit_code", "nobody");
  g_assert_nonnull (find_error (fixture, "unit_code"));
  set_text (fixture, "unit_code", "nyncj");
  g_assert_null (find_error (fixture, "unit_code"));
  set_text (fixture, "trade", "mill");
  g_assert_cmpstr (find_error (fixture, "trade"), ==, "“Mill” may not be chosen today.");
  reopen (fixture, "assessor");
  g_assert_null (find_error (fixture, "trade"));
  set_text (fixture, "trade", "grain");
  set_text (fixture, "trade", "mill");
  g_assert_null (find_error (fixture, "trade"));
}

static void
test_table_cells_are_checked (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "members",
            "[{\"_id\":\"b\",\"member\":\"李明\",\"id_number\":\"34052419800101001x\",\"share\":1},{\"id_number\":\"1\"}]");
  g_assert_cmpint (get_integer (fixture, "people"), ==, 2);
  g_assert_nonnull (strstr (get_text (fixture, "members"), ADULT));
  g_assert_null (find_error (fixture, "members/0/id_number"));
  g_assert_nonnull (find_error (fixture, "members/1/id_number"));
  g_assert_cmpstr (find_issue (fixture, "members/1/member", XH_ISSUE_MISSING), ==, "Row 2, Name: still empty.");
  assert_refused (fixture, "members", "[{\"sect\":\"x\"}]", "There is no column “sect”.");
  assert_refused (fixture, "members", "[{\"share\":\"much\"}]", "Share: This must be a number.");
  assert_refused (fixture, "members", "{}", NULL);
  g_assert_cmpint (get_integer (fixture, "people"), ==, 2);
  set_text (fixture, "members", "[]");
  g_assert_null (get_text (fixture, "members"));
}

static void
reopen_trusting (Fixture *fixture, guint kind_version)
{
  g_autoptr (XhRecord) record = xh_record_copy (xh_form_get_record (fixture->form));

  record->kind_version = kind_version;
  xh_form_set_trusting (fixture->form, TRUE);
  xh_form_load (fixture->form, record, NULL, FALSE);
}

/* Where the same table was accepted in this state it is not judged again; a window, which does not trust, shows what is missing. */
static void
test_stored_table_is_trusted_where_asked (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  set_text (fixture, "members", "[{\"_id\":\"a\",\"share\":1}]");
  reopen (fixture, "assessor");
  g_assert_nonnull (find_issue (fixture, "members/0/member", XH_ISSUE_MISSING));
  reopen_trusting (fixture, fixture->kind->version);
  g_assert_null (find_issue (fixture, "members/0/member", XH_ISSUE_MISSING));
  set_text (fixture, "name", "李四");
  g_assert_null (find_issue (fixture, "members/0/member", XH_ISSUE_MISSING));
  /* Another state asks for more. */
  g_assert_false (xh_form_transition (fixture->form, "send", NULL));
  set_text (fixture, "members", "[{\"_id\":\"a\",\"share\":2}]");
  g_assert_nonnull (find_issue (fixture, "members/0/member", XH_ISSUE_MISSING));
  set_text (fixture, "members", "[{\"_id\":\"a\",\"share\":2,\"id_number\":\"1\"}]");
  g_assert_nonnull (find_error (fixture, "members/0/id_number"));
  /* Judged by another definition, it is judged again. */
  reopen_trusting (fixture, fixture->kind->version + 1);
  g_assert_nonnull (find_error (fixture, "members/0/id_number"));
}

static void
test_rows_without_a_name_get_one (Fixture *fixture, gconstpointer data)
{
  set_text (fixture, "members", "[{\"member\":\"李明\"}]");
  g_assert_nonnull (strstr (get_text (fixture, "members"), "\"_id\":\""));
}

static void
test_typed_text_that_is_no_value (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  xh_form_set_invalid (fixture->form, "income", "12a", "Write an amount.");
  g_assert_cmpstr (find_error (fixture, "income"), ==, "Write an amount.");
  g_assert_cmpstr (xh_form_get_typed (fixture->form, "income"), ==, "12a");
  g_assert_cmpint (get_integer (fixture, "net"), ==, -99);
  g_assert_true (xh_form_is_dirty (fixture->form));
  set_text (fixture, "income", NULL);
  g_assert_null (find_error (fixture, "income"));
  g_assert_null (xh_form_get_typed (fixture->form, "income"));
}

static void
test_computed_and_scored_are_never_taken (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, "born", "1990-01-01", "This value is computed.");
  assert_refused (fixture, "grade", "A", "The scorecard writes this value.");
  g_assert_false (xh_form_is_editable (fixture->form, "born"));
  g_assert_false (xh_form_is_editable (fixture->form, "score"));
}

static void
test_unknown_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_assert_false (xh_form_set (fixture->form, "religion", &value, &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN);
  g_assert_null (xh_form_get (fixture->form, "religion"));
  g_assert_false (xh_form_is_relevant (fixture->form, "religion"));
}

/* --- rights and workflow */

static void
test_rights_by_role_and_state (Fixture *fixture, gconstpointer data)
{
  g_assert_true (xh_form_is_editable (fixture->form, "name"));
  g_assert_false (xh_form_is_editable (fixture->form, "checked_on"));
  assert_refused (fixture, "checked_on", "2026-11-20", "Your role may not change this field.");
  fill (fixture);
  take (fixture, "send");
  g_assert_cmpuint (count_heard (fixture, "state"), ==, 1);
  g_assert_false (xh_form_is_editable (fixture->form, "name"));
  assert_refused (fixture, "name", "王五", "Your role may not change a record that is “Review”.");
  reopen (fixture, "office");
  g_assert_true (xh_form_is_editable (fixture->form, "checked_on"));
  reopen (fixture, "manager");
  g_assert_false (xh_form_is_editable (fixture->form, "name"));
}

static void
test_who_may_create_fills_in_a_new_record (Fixture *fixture, gconstpointer data)
{
  open_new (fixture, "manager");
  assert_refused (fixture, "name", "王五", "Your role may not change these records.");
  open_new (fixture, NULL);
  g_assert_true (xh_form_is_editable (fixture->form, "checked_on"));
  g_assert_false (xh_form_is_editable (fixture->form, "born"));
}

static char *
ask_why (Fixture *fixture, const char *transition)
{
  g_autoptr (GPtrArray) why = NULL, transitions = xh_form_get_transitions (fixture->form, &why);

  g_assert_cmpuint (transitions->len, ==, why->len);
  for (guint i = 0; i < transitions->len; i++)
    if (strcmp (((XhTransition *) transitions->pdata[i])->name, transition) == 0)
      return why->pdata[i] != NULL ? g_strdup (why->pdata[i]) : g_strdup ("");
  return NULL;
}

static void
test_transitions_say_what_is_in_the_way (Fixture *fixture, gconstpointer data)
{
  g_autofree char *empty = ask_why (fixture, "send"), *consent = NULL, *ready = NULL, *others = ask_why (fixture, "drop");
  g_autofree char *wrong = NULL, *office = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (empty, ==, "Still empty: Name, ID number, Village");
  g_assert_null (others);
  set_text (fixture, "name", "李明");
  set_text (fixture, "head_id", ADULT);
  set_text (fixture, "village", VILLAGE);
  consent = ask_why (fixture, "send");
  g_assert_cmpstr (consent, ==, "Consent comes first.");
  g_assert_false (xh_form_transition (fixture->form, "send", &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
  set_text (fixture, "phone", "1");
  wrong = ask_why (fixture, "send");
  g_assert_cmpstr (wrong, ==, "Not right yet: Phone");
  set_text (fixture, "phone", NULL);
  set_integer (fixture, "consent", 1);
  ready = ask_why (fixture, "send");
  g_assert_cmpstr (ready, ==, "");
  take (fixture, "send");
  reopen (fixture, "office");
  office = ask_why (fixture, "decide");
  g_assert_cmpstr (office, ==, "Still empty: Checked on");
  g_assert_cmpstr (get_text (fixture, "state"), ==, "review");
  g_assert_cmpuint (fixture->heard->len, ==, 0);
}

static void
test_due_date_counts_in_its_states (Fixture *fixture, gconstpointer data)
{
  open_new (fixture, NULL);
  fill (fixture);
  set_text (fixture, "checked_on", "2026-11-20");
  g_assert_null (xh_form_get_record (fixture->form)->due);
  take (fixture, "send");
  g_assert_cmpstr (xh_form_get_record (fixture->form)->due, ==, "2026-11-25");
}

/* --- score */

static void
test_score_follows_the_edit (Fixture *fixture, gconstpointer data)
{
  const XhScore *score = xh_form_get_score (fixture->form);

  g_assert_cmpstr (score->grade->name, ==, "none");
  g_assert_true (xh_value_is_null (xh_form_get (fixture->form, "score")));
  fill (fixture);
  g_assert_cmpuint (count_heard (fixture, ""), >, 0);
  score = xh_form_get_score (fixture->form);
  g_assert_cmpfloat (score->total, ==, 10);
  g_assert_cmpstr (get_text (fixture, "grade"), ==, "A");
  g_assert_cmpstr (get_text (fixture, "verdict"), ==, "A");
  g_assert_cmpint (get_integer (fixture, "credit"), ==, 150000);
  set_integer (fixture, "income", 40000);
  g_assert_cmpstr (get_text (fixture, "grade"), ==, "B");
  g_assert_cmpfloat (xh_value_as_real (xh_form_get (fixture->form, "score")), ==, 4);
  g_assert_cmpuint (xh_form_get_score (fixture->form)->steps->len, ==, 1);
  g_assert_nonnull (strstr (get_text (fixture, "explanation"), "\"version\":2"));
  set_references (fixture, 10000);
  g_assert_cmpstr (get_text (fixture, "grade"), ==, "A");
}

static void
test_a_closed_record_keeps_the_score_of_its_day (Fixture *fixture, gconstpointer data)
{
  open_new (fixture, NULL);
  fill (fixture);
  set_text (fixture, "checked_on", "2026-11-20");
  take (fixture, "send");
  take (fixture, "decide");
  g_assert_cmpstr (get_text (fixture, "verdict"), ==, "final A");
  reopen (fixture, "office");
  set_references (fixture, 1000000);
  g_assert_cmpstr (get_text (fixture, "grade"), ==, "A");
  g_assert_cmpfloat (xh_form_get_score (fixture->form)->total, ==, 10);
  g_assert_nonnull (xh_form_get_score (fixture->form)->replayed);
  take (fixture, "reopen");
  g_assert_cmpstr (get_text (fixture, "grade"), ==, "B");
  g_assert_cmpstr (get_text (fixture, "verdict"), ==, "B");
  g_assert_null (xh_form_get_score (fixture->form)->replayed);
}

/* --- what changed */

static void
test_what_an_op_carries (Fixture *fixture, gconstpointer data)
{
  g_autofree char *created = NULL, *nothing = NULL, *edited = NULL;

  fill (fixture);
  created = list_changed (fixture);
  g_assert_cmpstr (created, ==, "name head_id village year consent income");
  reopen (fixture, "assessor");
  nothing = list_changed (fixture);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_false (xh_form_is_dirty (fixture->form));
  set_text (fixture, "phone", "13800001234");
  set_text (fixture, "name", "王五");
  set_text (fixture, "name", "李明");
  take (fixture, "send");
  edited = list_changed (fixture);
  g_assert_cmpstr (edited, ==, "phone state");
  g_assert_true (xh_form_is_dirty (fixture->form));
}

static void
test_draft_over_the_stored_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhRecord) draft = NULL;
  g_autofree char *changed = NULL;

  fill (fixture);
  reopen (fixture, "assessor");
  set_text (fixture, "name", "王五");
  draft = xh_record_copy (xh_form_get_record (fixture->form));
  set_text (fixture, "name", "李明");
  xh_form_restore (fixture->form, draft);
  g_assert_cmpstr (get_text (fixture, "name"), ==, "王五");
  changed = list_changed (fixture);
  g_assert_cmpstr (changed, ==, "name");
}

static void
test_a_form_is_used_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhRecord) other = xh_record_new (fixture->kind, NULL);

  fill (fixture);
  xh_form_set_invalid (fixture->form, "phone", "x", "No number.");
  xh_form_load (fixture->form, other, NULL, FALSE);
  g_assert_null (get_text (fixture, "name"));
  g_assert_null (find_error (fixture, "phone"));
  g_assert_cmpint (get_integer (fixture, "year"), ==, -99);
  g_assert_true (xh_value_is_null (xh_form_get (fixture->form, "average")));
  g_assert_cmpstr (get_text (fixture, "id"), ==, other->id);
}

static void
test_record_values_copy_and_set (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhRecord) record = xh_record_new (fixture->kind, NULL), copy = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_assert_cmpstr (record->state, ==, "open");
  xh_value_set_text (&value, "李明");
  g_assert_true (xh_record_set (record, "name", &value));
  g_assert_false (xh_record_set (record, "nobody", &value));
  copy = xh_record_copy (record);
  g_assert_true (xh_record_set (record, "name", NULL));
  g_assert_cmpstr (xh_value_as_text (xh_record_get (copy, "name")), ==, "李明");
  g_assert_true (xh_value_is_null (xh_record_get (record, "name")));
  g_assert_null (xh_record_get (record, "nobody"));
}

static void
test_places_are_shown_by_township_and_village (Fixture *fixture, gconstpointer data)
{
  const XhField *village = xh_kind_find_field (fixture->kind, "village"), *unit = xh_kind_find_field (fixture->kind, "unit_code");
  const XhField *members = xh_kind_find_field (fixture->kind, "members");
  g_auto (XhValue) value = XH_VALUE_INIT, back = XH_VALUE_INIT;
  g_autofree char *shown = NULL, *named = NULL, *rows = NULL;
  g_autoptr (GError) error = NULL;

  xh_value_set_text (&value, VILLAGE);
  shown = xh_field_format (village, &value, FALSE);
  g_assert_cmpstr (shown, ==, "周庄镇 · 东大街");
  g_assert_true (xh_field_parse (village, shown, &back, NULL));
  g_assert_true (xh_value_equal (&value, &back));
  g_assert_true (xh_field_parse (village, "余官营", &back, NULL));
  g_assert_cmpstr (xh_value_as_text (&back), ==, "410421101202");
  g_assert_false (xh_field_parse (village, "东大街", &back, &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
  g_assert_true (xh_field_parse (unit, "农业局", &back, NULL));
  g_assert_cmpstr (xh_value_as_text (&back), ==, "nyncj");
  named = xh_field_format (unit, &back, FALSE);
  g_assert_cmpstr (named, ==, "县农业农村局");
  xh_value_set_text (&value, "[{\"_id\":\"a\"},{\"_id\":\"b\"}]");
  rows = xh_field_format (members, &value, FALSE);
  g_assert_cmpstr (rows, ==, "2 entries");
}

#define ADD(path, func) g_test_add ("/model/form/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("defaults-and-what-is-computed-from-them", test_defaults_and_what_is_computed_from_them);
  ADD ("computes-in-order-of-dependency", test_computes_in_order_of_dependency);
  ADD ("says-once-what-changed-and-nothing-else", test_says_once_what_changed_and_nothing_else);
  ADD ("relevance-follows", test_relevance_follows);
  ADD ("what-is-not-relevant-is-set-aside", test_what_is_not_relevant_is_set_aside);
  ADD ("what-is-stored-stays-where-it-is-not-relevant", test_what_is_stored_stays_where_it_is_not_relevant);
  ADD ("no-money-without-consent", test_no_money_without_consent);
  ADD ("several-fields-in-any-order", test_several_fields_in_any_order);
  ADD ("division-of-the-record-follows-its-field", test_division_of_the_record_follows_its_field);
  ADD ("identifiers-are-checked", test_identifiers_are_checked);
  ADD ("checks-bounds-and-lengths", test_checks_bounds_and_lengths);
  ADD ("divisions-units-and-choices", test_divisions_units_and_choices);
  ADD ("table-cells-are-checked", test_table_cells_are_checked);
  ADD ("stored-table-is-trusted-where-asked", test_stored_table_is_trusted_where_asked);
  ADD ("rows-without-a-name-get-one", test_rows_without_a_name_get_one);
  ADD ("typed-text-that-is-no-value", test_typed_text_that_is_no_value);
  ADD ("computed-and-scored-are-never-taken", test_computed_and_scored_are_never_taken);
  ADD ("unknown-names", test_unknown_names);
  ADD ("rights-by-role-and-state", test_rights_by_role_and_state);
  ADD ("who-may-create-fills-in-a-new-record", test_who_may_create_fills_in_a_new_record);
  ADD ("transitions-say-what-is-in-the-way", test_transitions_say_what_is_in_the_way);
  ADD ("due-date-counts-in-its-states", test_due_date_counts_in_its_states);
  ADD ("score-follows-the-edit", test_score_follows_the_edit);
  ADD ("a-closed-record-keeps-the-score-of-its-day", test_a_closed_record_keeps_the_score_of_its_day);
  ADD ("what-an-op-carries", test_what_an_op_carries);
  ADD ("draft-over-the-stored-record", test_draft_over_the_stored_record);
  ADD ("a-form-is-used-again", test_a_form_is_used_again);
  ADD ("record-values-copy-and-set", test_record_values_copy_and_set);
  ADD ("places-are-shown-by-township-and-village", test_places_are_shown_by_township_and_village);
  return g_test_run ();
}
