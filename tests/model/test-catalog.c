/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "fixture.h"

/* --- what loads */

static void
test_shipped_catalog_loads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);

  g_assert_no_error (error);
  g_assert_nonnull (xh_catalog_find_kind (catalog, "household"));
  g_assert_nonnull (xh_catalog_find_scorecard (catalog, "c1"));
  g_assert_cmpuint (xh_divisions_get_all (xh_catalog_get_divisions (catalog))->len, ==, 339);
}

static void
test_bundle_is_the_catalog (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (XhCatalog) again = xh_catalog_load_bundle (xh_catalog_get_bundle (catalog), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xh_catalog_get_hash (catalog), ==, xh_catalog_get_hash (again));
  g_assert_cmpuint (strlen (xh_catalog_get_hash (catalog)), ==, 64);
  g_assert_cmpuint (xh_catalog_get_kinds (catalog)->len, ==, xh_catalog_get_kinds (again)->len);
}

static void
test_kind_is_read (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  const XhField *income = xh_kind_find_field_at (kind, "income");

  g_assert_cmpstr (kind->table, ==, "k_household");
  g_assert_cmpuint (kind->index, ==, 0);
  g_assert_cmpuint (kind->fields->len, ==, 8);
  g_assert_cmpstr (kind->subject_codes[0], ==, "head_id");
  g_assert_cmpstr (income->relevant, ==, "(consents > 0) AND (labour > 0)");
  g_assert_cmpstr (income->irrelevant_reason.zh, ==, "未授权");
  g_assert_cmpfloat (income->minimum, ==, 0);
  g_assert_true (isnan (income->maximum));
  g_assert_cmpint (xh_kind_find_field (kind, "village")->level, ==, XH_LEVEL_VILLAGE);
  g_assert_cmpuint (xh_kind_find_field (kind, "members")->table_fields->len, ==, 2);
  g_assert_true (xh_kind_find_field_at (kind, "members/0/name") == xh_kind_find_field (kind, "members"));
  g_assert_null (xh_kind_find_field_at (kind, "/members"));
  g_assert_true (g_ptr_array_index (kind->list_fields, 1) == kind->state_field);
  g_assert_nonnull (xh_field_find_choice (kind->state_field, "filed"));
  g_assert_true (xh_kind_find_reference (kind, "consents")->aggregate);
  g_assert_cmpstr (xh_kind_find_state (kind, "filed")->edit_roles[0], ==, "office");
  g_assert_null (xh_kind_find_state (kind, "draft")->edit_roles);
  g_assert_nonnull (xh_kind_match_transition (kind, "draft", "filed", "office"));
  g_assert_null (xh_kind_match_transition (kind, "draft", "filed", "manager"));
  g_assert_null (xh_kind_match_transition (kind, "filed", "draft", "office"));
  g_assert_true (xh_kind_may (kind, kind->read_roles, "office"));
  g_assert_false (xh_kind_may (kind, kind->create_roles, "office"));
  g_assert_true (xh_kind_may (kind, kind->delete_roles, "office"));
}

static char *
name_questions (XhCatalog *catalog, const char *kind_name, const char *transition)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, kind_name);
  g_autoptr (GPtrArray) asked = xh_transition_find_questions (kind, xh_kind_find_transition (kind, transition));
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < asked->len; i++)
    g_string_append_printf (names, "%s ", ((const XhField *) g_ptr_array_index (asked, i))->name);

  return g_string_free (names, FALSE);
}

/* What a step must have is asked for once for many; what it may have instead of something else is not. */
static void
test_steps_ask (void)
{
  static const char *const asked[][3] = {
    { "penalty", "report", "filed_on " },
    { "penalty", "reject", "return_reason " },
    { "penalty", "publish", "displayed_on " },
    { "penalty", "withdraw", "withdrawn_on withdrawn_reason " },
    { "penalty", "archive", "" },
    { "penalty", "recall", "" },
    { "campaign", "close", "" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *names = name_questions (catalog, asked[i][0], asked[i][1]);

      g_assert_cmpstr (names, ==, asked[i][2]);
    }
}

static void
test_card_is_read (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhScorecard *card = xh_catalog_find_scorecard (catalog, "card");

  g_assert_cmpuint (card->dimensions->len, ==, 2);
  g_assert_cmpuint (card->indicators->len, ==, 2);
  g_assert_cmpstr (((XhVeto *) g_ptr_array_index (card->vetoes, 0))->name, ==, "unrated");
  g_assert_cmpuint (xh_scorecard_n_inputs (card), ==, 2 + 2 + 1);
  g_assert_true (isnan (xh_scorecard_find_grade (card, "D")->min));
  g_assert_false (xh_scorecard_find_grade (card, "none")->rated);
}

static void
test_kind_without_workflow (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "rating");

  g_assert_cmpuint (kind->states->len, ==, 1);
  g_assert_true (xh_kind_find_state (kind, "kept")->complete);
}

/* --- faults: one mistake in one file, and the line it gives */

typedef struct { const char *file, *from, *to, *fault; } Mistake;

#define HOUSEHOLD "kinds/household.json"
#define RATING "kinds/rating.json"
#define CARD "scorecards/card.json"

static const Mistake structure[] = {
  { HOUSEHOLD, "'order': 1", "'ordr': 1", "kinds/household.json: unknown key \"ordr\"" },
  { HOUSEHOLD, "'version': 1", "'version': '1'", "kinds/household.json: /version: must be a whole number" },
  { HOUSEHOLD, "'version': 1", "'version': 0", "kinds/household.json: /version: must be from 1 to 2147483647" },
  { HOUSEHOLD, "'version': 1, ", "", "kinds/household.json: \"version\" is missing" },
  { HOUSEHOLD, "'name': 'household'", "'name': 'house'", "kinds/household.json: /name: must be the file's name, \"household\"" },
  { HOUSEHOLD, "'name': 'head_name', 'type': 'text'", "'name': 'head_name', 'type': 'string'",
    "kinds/household.json: /sections/0/fields/0/type: \"string\" is none of: text, longtext, integer, decimal, money, date, boolean, choice, choices, "
    "division, unit, id-number, uscc, phone, link, table, files" },
  { HOUSEHOLD, "'name': 'costs'", "'name': 'select'", "kinds/household.json: /sections/1/fields/1/name: \"select\" is a reserved word" },
  { HOUSEHOLD, "'name': 'costs'", "'name': 'state'", "kinds/household.json: /sections/1/fields/1/name: \"state\" is a reserved word" },
  { HOUSEHOLD, "'name': 'costs'", "'name': 'updated_by'", "kinds/household.json: /sections/1/fields/1/name: \"updated_by\" is a reserved word" },
  { HOUSEHOLD, "'name': 'costs'", "'name': 'Costs'",
    "kinds/household.json: /sections/1/fields/1/name: \"Costs\" is no name: small letters, digits and _, a letter first, at most 40 characters" },
  { HOUSEHOLD, "'name': 'costs'", "'name': 'income'", "kinds/household.json: /sections/1/fields/1/name: \"income\" is used twice" },
  { HOUSEHOLD, "'name': 'consents', 'label'", "'name': 'labour', 'label'", "kinds/household.json: /references/0/name: \"labour\" is used twice" },
  { HOUSEHOLD, "'required': true, 'max_length': 40", "'required': 'yes', 'max_length': 40",
    "kinds/household.json: /sections/0/fields/0/required: must be true or false" },
  { HOUSEHOLD, "'max_length': 40", "'digits': 2", "kinds/household.json: /sections/0/fields/0/digits: does not belong to a field of type \"text\"" },
  { HOUSEHOLD, "'minimum': 0", "'minimum': 5, 'maximum': 1", "kinds/household.json: /sections/1/fields/0/maximum: must not be less than minimum" },
  { HOUSEHOLD, "'name': 'works', 'type': 'boolean'", "'name': 'works', 'type': 'files'",
    "kinds/household.json: /sections/0/fields/3/columns/1/type: a column cannot be of type \"files\"" },
  { HOUSEHOLD, "'name': 'works', 'type': 'boolean'", "'name': 'name', 'type': 'boolean'",
    "kinds/household.json: /sections/0/fields/3/columns/1/name: \"name\" is used twice" },
  { HOUSEHOLD, "'name': 'works', 'type': 'boolean'", "'name': 'works', 'computed': '1', 'type': 'boolean'",
    "kinds/household.json: /sections/0/fields/3/columns/1: unknown key \"computed\"" },
  { HOUSEHOLD, "'list': ['head_name'", "'list': ['head_nam'", "kinds/household.json: /list: no such field \"head_nam\"" },
  { HOUSEHOLD, "'list': ['head_name'", "'list': ['members'", "kinds/household.json: /list: \"members\" is a table and cannot stand here" },
  { HOUSEHOLD, "'list': ['head_name', 'state']", "'list': ['head_name', 'head_id', 'village', 'labour', 'income', 'costs', 'net_income']",
    "kinds/household.json: /list: has more than 6 fields" },
  { HOUSEHOLD, "'filters': ['village'", "'filters': ['income', 'income'", "kinds/household.json: /filters: \"income\" is listed twice" },
  { HOUSEHOLD, "'search': ['head_name']", "'search': ['state']", "kinds/household.json: /search: no such field \"state\"" },
  { HOUSEHOLD, "'unique': [['head_id'", "'unique': [['head'", "kinds/household.json: /unique/0: no such field \"head\"" },
  { HOUSEHOLD, "'indexes': [['head_name']]", "'indexes': ['head_name']", "kinds/household.json: /indexes/0: must be a list of field names" },
  { HOUSEHOLD, "'create': ['assessor']", "'create': ['asessor']", "kinds/household.json: /roles/create: no such role \"asessor\"" },
  { HOUSEHOLD, "'division': 'village'", "'division': 'head_name'", "kinds/household.json: /division: \"head_name\" is not of type \"division\"" },
  { HOUSEHOLD, "'group': 'rural'", "'group': 'urban'", "kinds/household.json: /group: no such group \"urban\"" },
  { HOUSEHOLD, "'from': ['draft']", "'from': ['drft']", "kinds/household.json: /workflow/transitions/0/from: no such state \"drft\"" },
  { HOUSEHOLD, "'to': 'filed'", "'to': 'field'", "kinds/household.json: /workflow/transitions/0/to: no such state \"field\"" },
  { HOUSEHOLD, "'to': 'filed'", "'to': 'draft'", "kinds/household.json: /workflow/transitions/0/to: \"draft\" is where it starts from" },
  { HOUSEHOLD, "'edit': ['office']", "'edit': ['boss']", "kinds/household.json: /workflow/states/1/edit: no such role \"boss\"" },
  { HOUSEHOLD, "'states': ['draft'], 'rule'", "'states': ['drft'], 'rule'", "kinds/household.json: /due/0/states: no such state \"drft\"" },
  { HOUSEHOLD, ", 'message': {'zh': '缺身份证号'}", "", "kinds/household.json: /workflow/transitions/0: \"message\" is missing" },
  { HOUSEHOLD, "'type': 'household', 'code'", "'type': 'family', 'code'",
    "kinds/household.json: /subject/type: \"family\" is none of: household, organisation, person, village, body, any" },
  { HOUSEHOLD, "'label': {'zh': '农户', 'en': 'Household'}", "'label': {'en': 'Household'}", "kinds/household.json: /label: \"zh\" is missing" },
  { HOUSEHOLD, "'label': {'zh': '农户', 'en': 'Household'}", "'label': '农户'", "kinds/household.json: /label: must be an object" },
  { HOUSEHOLD, "'computed': 'income - coalesce(costs, 0)'", "'computed': 'income', 'default': '0'",
    "kinds/household.json: /sections/1/fields/2/default: a computed or scored field has no default" },
  { HOUSEHOLD, "'match': {'household': 'id'}", "'match': {'house': 'id'}",
    "kinds/household.json: /references/0/match: the kind \"consent\" has no field \"house\"" },
  { HOUSEHOLD, "'match': {'household': 'id'}", "'match': {}",
    "kinds/household.json: /references/0/match: must have one member: {\"theirs\": \"ours\"}" },
  { HOUSEHOLD, "'from': 'consent'", "'from': 'consents'", "kinds/household.json: /references/0/from: no such kind \"consents\"" },
  { "kinds/consent.json", "'kind': 'household'", "'kind': 'house'",
    "kinds/consent.json: /sections: the field \"household\" links to no kind: \"house\"" },
  { "kinds/consent.json", "'code': 'rate'", "'code': 'file'", "kinds/consent.json: /sections/0/fields/2/choices/1/code: \"file\" is listed twice" },
  { "kinds/consent.json", "'tone': 'good'", "'tone': 'blue'",
    "kinds/consent.json: /workflow/states/1/tone: \"blue\" is none of: neutral, active, waiting, good, bad" },
  { RATING, "'match': {'division': 'h_village'}, 'value': 'avg", "'match': {'division': 'village_size'}, 'value': 'avg",
    "kinds/rating.json: /references/3/match: \"village_size\" must stand before" },
  { RATING, "'scorecard': 'card'", "'scorecard': 'c9'", "kinds/rating.json: /scorecard: no such scorecard \"c9\"" },
  { CARD, "'kind': 'rating'", "'kind': 'ratings'", "scorecards/card.json: /kind: no such kind \"ratings\"" },
  { CARD, "'points': 60", "'points': 61", "scorecards/card.json: /dimensions/0/indicators/0/bands/0/points: are more than the indicator's max" },
  { CARD, "'is': 'good', ", "'is': 'good', 'min': 1, ",
    "scorecards/card.json: /dimensions/0/indicators/0/bands/0: has more than one of \"is\", \"null\" and bounds" },
  { CARD, "'min': 1, 'points'", "'min': 1, 'max': 0, 'points'",
    "scorecards/card.json: /dimensions/1/indicators/0/bands/0: no number lies within these bounds" },
  { CARD, "'grade': 'D'}", "'grade': 'E'}", "scorecards/card.json: /vetoes/0/grade: no such grade \"E\"" },
  { CARD, "'grade': 'D'}", "'grade': 'D', 'evidence': 'papers'}", "scorecards/card.json: /vetoes/0/evidence: no such field of files \"papers\"" },
  { CARD, "'is': 'good', ", "'is': 'good', 'evidence': 'conduct', ",
    "scorecards/card.json: /dimensions/0/indicators/0/bands/0/evidence: no such field of files \"conduct\"" },
  { CARD, "'field': 'conduct'", "'field': 'condact'", "scorecards/card.json: /dimensions/0/indicators/0/field: no such field \"condact\"" },
  { CARD, "'score': 'score'", "'score': 'conduct'", "scorecards/card.json: /result/score: the field \"conduct\" is not marked \"scored\"" },
  { CARD, "'credit': 'credit'", "'credit': 'explanation'",
    "scorecards/card.json: /result/credit: the field \"explanation\" is of a type that cannot hold it" },
  { CARD, "{'name': 'D', 'label'", "{'name': 'E', 'label'", "scorecards/card.json: /grades: \"E\" is no choice of the field \"grade\"" },
  { "catalog.json", "'scope': 'all'", "'scope': 'some'", "catalog.json: /roles/1/scope: \"some\" is none of: division, unit, all" },
  { "catalog.json", "'county': '410421000000'", "'county': '1'", "catalog.json: /county: no such division \"1\"" },
  { "catalog.json", "'name': 'office'", "'name': 'assessor'", "catalog.json: /roles/1/name: \"assessor\" is used twice" },
};

static const Mistake expressions[] = {
  { HOUSEHOLD, "income - coalesce(costs, 0)", "incme - costs", "kinds/household.json: /sections/1/fields/2/computed: no such name \"incme\"" },
  { HOUSEHOLD, "age(id_birthdate(head_id)) >= 16", "age(head_id, 1, 2) >= 16",
    "kinds/household.json: /sections/0/fields/1/checks/0/expression: wrong number of arguments to function age()" },
  { HOUSEHOLD, "coalesce(head_name, id)", "load_extension(head_name)", "kinds/household.json: /title: no such function \"load_extension\"" },
  { HOUSEHOLD, "coalesce(head_name, id)", "h_name", "kinds/household.json: /title: no such name \"h_name\"" },
  { HOUSEHOLD, "'consents > 0'", "'labor > 0'", "kinds/household.json: /sections/1/relevant: no such name \"labor\"" },
  { HOUSEHOLD, "'value': 'count(*)'", "'value': 'number'",
    "kinds/household.json: /references/0/value: must be count, sum, avg, min or max, since it may match many records" },
  { HOUSEHOLD, "'value': 'count(*)'", "'value': 'count(*) || number'",
    "kinds/household.json: /references/0/value: beside a function over many records no name of a single record may stand" },
  { HOUSEHOLD, "'value': 'count(*)'", "'value': 'count(consents)'", "kinds/household.json: /references/0/value: no such name \"consents\"" },
  { HOUSEHOLD, "state = \\'valid\\'", "state = valid", "kinds/household.json: /references/0/where: no such name \"valid\"" },
  { HOUSEHOLD, "'head_id is not null'", "'max(labour) > 0'",
    "kinds/household.json: /workflow/transitions/0/when: count, sum, avg, and min or max of one value run over many records and cannot stand here" },
  { RATING, "'value': 'coalesce(net_income, 0)'", "'value': 'sum(net_income)'",
    "kinds/rating.json: /references/2/value: count, sum, avg, and min or max of one value run over many records and cannot stand here" },
  { CARD, "'input': 'conduct'", "'input': 'conduckt'", "scorecards/card.json: /dimensions/0/indicators/0/input: no such name \"conduckt\"" },
  { CARD, "'add': 'h_income * 0.1'", "'add': 'h_incom * 0.1'", "scorecards/card.json: /credit/add: no such name \"h_incom\"" },
  { HOUSEHOLD, "income - coalesce(costs, 0)", "net_income + 1",
    "kinds/household.json: /sections: values hang on each other in a circle: net_income → net_income" },
  { HOUSEHOLD, "'default': '0'", "'computed': 'net_income * 2'",
    "kinds/household.json: /sections: values hang on each other in a circle: costs → net_income → costs" },
  { HOUSEHOLD, "'default': '0'", "'default': 'net_income'",
    "kinds/household.json: /sections: values hang on each other in a circle: costs → net_income → costs" },
  { HOUSEHOLD, "'relevant': 'labour > 0'", "'relevant': 'costs > 0 and income > 0'",
    "kinds/household.json: /sections: values hang on each other in a circle: income → income" },
  { HOUSEHOLD, "'relevant': 'consents > 0'", "'relevant': 'net_income > 0'",
    "kinds/household.json: /sections: values hang on each other in a circle: net_income → net_income" },
};

static void
assert_mistakes (const Mistake *mistakes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GBytes) bundle = fixture_bundle (mistakes[i].file, mistakes[i].from, mistakes[i].to);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) lines = NULL;

      g_assert_null (xh_catalog_load_bundle (bundle, &error));
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG);
      lines = g_strsplit (error->message, "\n", -1);
      if (!g_strv_contains ((const char *const *) lines, mistakes[i].fault))
        g_error ("expected: %s\ngot: %s", mistakes[i].fault, error->message);
    }
}

static void
test_structure_faults (void)
{
  assert_mistakes (structure, G_N_ELEMENTS (structure));
}

static void
test_expression_faults (void)
{
  assert_mistakes (expressions, G_N_ELEMENTS (expressions));
}

static void
test_all_faults_are_told (void)
{
  g_autoptr (GBytes) bundle = fixture_bundle (HOUSEHOLD, "'order': 1,", "'order': 'x', 'colour': 1, 'icon': 7,");
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_catalog_load_bundle (bundle, &error));
  g_assert_cmpstr (error->message, ==,
                   "kinds/household.json: unknown key \"colour\"\n"
                   "kinds/household.json: /order: must be a whole number\n"
                   "kinds/household.json: /icon: must be a text");
}

static void
test_missing_file (void)
{
  g_autoptr (GBytes) bundle = g_bytes_new_static ("{\"files\": {\"kinds/a b.json\": {}, \"x\": 1}}", 41);
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_catalog_load_bundle (bundle, &error));
  g_assert_cmpstr (error->message, ==,
                   "divisions.csv: the file is missing\n"
                   "units.json: the file is missing\n"
                   "calendar.json: the file is missing\n"
                   "catalog.json: the file is missing\n"
                   "kinds/a b.json: the file's name is no name of a kind: small letters, digits and -, a letter first\n"
                   "x: is no file of a catalog\n"
                   "kinds/: there is no kind");
}

static void
test_broken_folder (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xinheng-catalog-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "catalog.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "{\"name\": }", -1, NULL));
  g_assert_null (xh_catalog_load_folder (folder, &error));
  g_assert_nonnull (strstr (error->message, "catalog.json: line 1, column 10: not a number"));
  g_assert_null (strstr (error->message, "catalog.json: the file is missing"));
  g_assert_nonnull (strstr (error->message, "calendar.json: "));
  g_remove (file);
  g_rmdir (folder);
}

/* --- hostile bytes */

static void
test_hostile_bundles (void)
{
  static const char *const texts[] = {
    "", "null", "[]", "7", "{}", "{\"files\": []}", "{\"files\": {}}", "{\"files\": {\"divisions.csv\": 7}}",
    "{\"files\": {\"catalog.json\": [], \"calendar.json\": [], \"units.json\": [], \"divisions.csv\": \"\"}}",
    "{\"files\": {\"calendar.json\": {\"years\": {\"2026\": {\"holidays\": [[]]}}}}}",
    "{\"files\": {\"kinds/a.json\": []}}", "{\"files\": {\"kinds/a.json\": {\"sections\": [[], 7, {\"fields\": [null]}]}}}",
    "{\"files\": {\"kinds/.json\": {}}}", "{\"files\": {\"kinds/../a.json\": {}}}", "{\"files\": {\"scorecards/a.json\": {\"grades\": [{}]}}}",
    "{\"files\": {\"kinds/a.json\": {\"unique\": [[[]]], \"references\": [{\"match\": {\"a\": 7}}]}}}", "\xFF\xFE",
    "{\"files\": {\"kinds/a.json\": {\"version\": 1e300, \"label\": {\"zh\": 7}}}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bundle = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_catalog_load_bundle (bundle, &error));
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* Faults do not grow with the file. */
static void
test_faults_are_limited (void)
{
  g_autoptr (GString) text = g_string_new ("{\"files\": {\"kinds/a.json\": {\"sections\": [");
  g_autoptr (GBytes) bundle = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  for (int i = 0; i < 5000; i++)
    g_string_append_printf (text, "%s{\"x\": 1}", i > 0 ? "," : "");
  g_string_append (text, "]}}}");
  bundle = g_bytes_new (text->str, text->len);
  g_assert_null (xh_catalog_load_bundle (bundle, &error));
  lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 201);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/catalog/shipped-one-loads", test_shipped_catalog_loads);
  g_test_add_func ("/model/catalog/bundle-is-the-same-catalog", test_bundle_is_the_catalog);
  g_test_add_func ("/model/catalog/kind-is-read", test_kind_is_read);
  g_test_add_func ("/model/catalog/steps-ask-for-what-they-must-have", test_steps_ask);
  g_test_add_func ("/model/catalog/scorecard-is-read", test_card_is_read);
  g_test_add_func ("/model/catalog/kind-without-workflow-has-one-state", test_kind_without_workflow);
  g_test_add_func ("/model/catalog/names-faults-of-structure", test_structure_faults);
  g_test_add_func ("/model/catalog/names-faults-of-expressions", test_expression_faults);
  g_test_add_func ("/model/catalog/tells-all-faults", test_all_faults_are_told);
  g_test_add_func ("/model/catalog/tells-missing-files", test_missing_file);
  g_test_add_func ("/model/catalog/tells-a-broken-file-once", test_broken_folder);
  g_test_add_func ("/model/catalog/survives-hostile-bundles", test_hostile_bundles);
  g_test_add_func ("/model/catalog/limits-faults", test_faults_are_limited);
  return g_test_run ();
}
