/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Code lists, sections and workflows that several kinds share; who a record is about; what the program keeps itself. */

#include <string.h>

#include "fixture.h"

/* The kind "paper" and its parts beside the catalog of the fixture. */
static const struct { const char *name, *text; } parts[] = {
  { "lists/paper-type.json",
    "{'name': 'paper-type', 'label': {'zh': '证件类型'}, 'source': '标准', 'choices': ["
    " {'code': 'id', 'label': {'zh': '身份证'}, 'aliases': ['居民身份证', '二代证'], 'external': '1'},"
    " {'code': 'pass', 'label': {'zh': '护照'}, 'valid_to': '2020-12-31'}]}" },
  { "sections/holder.json",
    "{'name': 'holder', 'label': {'zh': '持有人'}, 'relevant': 'number is not null', 'fields': ["
    " {'name': 'holder_name', 'type': 'text', 'label': {'zh': '姓名'}, 'required': true, 'aliases': ['名称']},"
    " {'name': 'holder_type', 'type': 'choice', 'label': {'zh': '证件'}, 'choices': 'paper-type'},"
    " {'name': 'holder_phone', 'type': 'phone', 'label': {'zh': '电话'}, 'required_when': 'number = 1'}]}" },
  { "workflows/simple.json",
    "{'name': 'simple', 'states': [{'name': 'open', 'label': {'zh': '在办'}}, {'name': 'done', 'label': {'zh': '办结'}}],"
    " 'transitions': [{'name': 'finish', 'label': {'zh': '办结'}, 'from': ['open'], 'to': 'done', 'roles': ['office'],"
    "  'when': 'number > 0', 'message': {'zh': '没有编号'}, 'automatic': true}]}" },
  { "kinds/paper.json",
    "{'name': 'paper', 'version': 1, 'label': {'zh': '证件'}, 'group': 'rural', 'title': 'coalesce(holder_name, id)',"
    " 'subject': {'type': 'any', 'code': ['code', 'household', 'id'], 'name': 'holder_name', 'self': true, 'also': ['other'],"
    "  'aliases': 'earlier', 'merged_into': 'double'},"
    " 'duplicates': [['holder_name', 'code']],"
    " 'sections': [{'name': 'all', 'label': {'zh': '内容'}, 'fields': ["
    "  {'name': 'number', 'type': 'integer', 'label': {'zh': '编号'}},"
    "  {'name': 'code', 'type': 'uscc', 'label': {'zh': '代码'}},"
    "  {'name': 'other', 'type': 'id-number', 'label': {'zh': '号码'}},"
    "  {'name': 'household', 'type': 'link', 'kind': 'household', 'label': {'zh': '农户'}},"
    "  {'name': 'double', 'type': 'link', 'kind': 'paper', 'label': {'zh': '重复'}},"
    "  {'name': 'earlier', 'type': 'table', 'label': {'zh': '曾用'}, 'columns': [{'name': 'code', 'type': 'text', 'label': {'zh': '代码'}}]}]},"
    "  {'section': 'holder', 'label': {'zh': '申请人'}, 'without': ['holder_phone'],"
    "   'override': {'holder_name': {'required': false, 'aliases': null, 'max_length': 9}}}],"
    " 'workflow': 'simple',"
    " 'due': [{'name': 'd', 'label': {'zh': '期限'}, 'date': 'today()', 'rule_text': 'holder_type'}]}" },
};

/* The fixture's bundle with the parts; in one of them @from is @to. */
static XhCatalog *
load (const char *file, const char *from, const char *to, GError **error)
{
  g_autoptr (GBytes) base = fixture_bundle (NULL, NULL, NULL);
  g_autoptr (JsonNode) root = xh_json_parse (g_bytes_get_data (base, NULL), (gssize) g_bytes_get_size (base), NULL);
  JsonObject *files = json_object_get_object_member (json_node_get_object (root), "files");
  g_autoptr (GBytes) bundle = NULL;
  gboolean replaced = file == NULL;
  char *text;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GString) content = g_string_new (parts[i].text);
      g_autoptr (GError) fault = NULL;
      JsonNode *node;

      if (file != NULL && strcmp (file, parts[i].name) == 0)
        replaced = g_string_replace (content, from, to, 1) == 1;
      g_string_replace (content, "'", "\"", 0);
      node = xh_json_parse_definition (content->str, -1, &fault);
      g_assert_no_error (fault);
      json_object_set_member (files, parts[i].name, node);
    }
  g_assert_true (replaced);
  text = xh_json_canonical (root);
  bundle = g_bytes_new_take (text, strlen (text));
  return xh_catalog_load_bundle (bundle, error);
}

static XhCatalog *
load_good (void)
{
  g_autoptr (GError) error = NULL;
  XhCatalog *catalog = load (NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return catalog;
}

/* --- what is read */

static void
test_list_is_shared (void)
{
  g_autoptr (XhCatalog) catalog = load_good ();
  const XhCodeList *list = xh_catalog_find_code_list (catalog, "paper-type");
  const XhField *field = xh_kind_find_field (xh_catalog_find_kind (catalog, "paper"), "holder_type");
  const XhChoice *id = xh_field_find_choice (field, "id"), *pass = xh_field_find_choice (field, "pass");

  g_assert_true (field->choices == list->choices);
  g_assert_cmpstr (field->code_list, ==, "paper-type");
  g_assert_cmpstr (list->source, ==, "标准");
  g_assert_cmpstr (id->aliases[1], ==, "二代证");
  g_assert_cmpstr (xh_choice_get_external (id), ==, "1");
  g_assert_cmpstr (xh_choice_get_external (pass), ==, "护照");
  g_assert_true (xh_choice_is_current (id));
  g_assert_false (xh_choice_is_current (pass));
  g_assert_null (xh_catalog_find_code_list (catalog, "none"));
}

static void
test_section_is_read_as_the_kind_says (void)
{
  g_autoptr (XhCatalog) catalog = load_good ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "paper");
  const XhSection *section = g_ptr_array_index (kind->sections, 1);
  const XhField *name = xh_kind_find_field (kind, "holder_name");

  g_assert_cmpstr (section->name, ==, "holder");
  g_assert_cmpstr (section->label.zh, ==, "申请人");
  g_assert_cmpuint (section->fields->len, ==, 2);
  g_assert_null (xh_kind_find_field (kind, "holder_phone"));
  g_assert_false (name->required);
  g_assert_null (name->aliases);
  g_assert_cmpuint (name->max_length, ==, 9);
  g_assert_cmpstr (name->relevant, ==, "number is not null");
}

static void
test_workflow_by_name (void)
{
  g_autoptr (XhCatalog) catalog = load_good ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "paper");

  g_assert_cmpuint (kind->states->len, ==, 2);
  g_assert_true (xh_kind_find_transition (kind, "finish")->automatic);
  g_assert_cmpstr (((XhDue *) g_ptr_array_index (kind->dues, 0))->rule_text, ==, "holder_type");
}

static void
test_subject (void)
{
  g_autoptr (XhCatalog) catalog = load_good ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "paper");

  g_assert_cmpuint (g_strv_length (kind->subject_codes), ==, 3);
  g_assert_true (kind->subject_self);
  g_assert_cmpstr (kind->subject_also[0], ==, "other");
  g_assert_cmpstr (kind->subject_aliases, ==, "earlier");
  g_assert_cmpstr (kind->subject_merged, ==, "double");
  g_assert_cmpstr (((char **) g_ptr_array_index (kind->duplicates, 0))[1], ==, "code");
}

static void
test_bundle_has_every_file (void)
{
  g_autoptr (XhCatalog) catalog = load_good ();
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) again = xh_catalog_load_bundle (xh_catalog_get_bundle (catalog), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xh_catalog_get_hash (catalog), ==, xh_catalog_get_hash (again));
  g_assert_nonnull (xh_catalog_find_code_list (again, "paper-type"));
}

static void
test_registers_and_limits (void)
{
  g_autoptr (GBytes) bundle = fixture_bundle ("catalog.json", "'version': 1,",
                                              "'version': 1, 'registers': {'query': 'consent'}, 'limits': {'free_reports_a_year': 2},");
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_bundle (bundle, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (xh_catalog_get_register (catalog, "query"), ==, "consent");
  g_assert_null (xh_catalog_get_register (catalog, "draw"));
  g_assert_cmpint (xh_catalog_get_limit (catalog, "free_reports_a_year", 0), ==, 2);
  g_assert_cmpint (xh_catalog_get_limit (catalog, "none", 7), ==, 7);
}

/* --- faults */

static const struct { const char *file, *from, *to, *fault; } mistakes[] = {
  { "kinds/paper.json", "'section': 'holder'", "'section': 'holders'",
    "kinds/paper.json: /sections/1/section: there is no file \"sections/holders.json\"" },
  { "kinds/paper.json", "'holder_phone'", "'phone'", "kinds/paper.json: /sections/1/without: no such field \"phone\"" },
  { "kinds/paper.json", "{'holder_name': {", "{'name': {", "kinds/paper.json: /sections/1/override: no such field \"name\"" },
  { "kinds/paper.json", "'workflow': 'simple'", "'workflow': 'none'", "kinds/paper.json: /workflow: there is no file \"workflows/none.json\"" },
  { "kinds/paper.json", "['code', 'household', 'id']", "'cod'", "kinds/paper.json: /subject/code: no such field \"cod\"" },
  { "kinds/paper.json", "'aliases': 'earlier'", "'aliases': 'code'",
    "kinds/paper.json: /subject/aliases: \"code\" is no table with a column \"code\"" },
  { "kinds/paper.json", "'merged_into': 'double'", "'merged_into': 'household'",
    "kinds/paper.json: /subject/merged_into: \"household\" is no link to this kind" },
  { "kinds/paper.json", "'duplicates': [['holder_name'", "'duplicates': [['name'", "kinds/paper.json: /duplicates/0: no such field \"name\"" },
  { "kinds/paper.json", "'rule_text': 'holder_type'", "'rule_text': 'holder'", "kinds/paper.json: /due/0/rule_text: no such name \"holder\"" },
  { "sections/holder.json", "'name': 'holder'", "'name': 'other'", "sections/holder.json (kinds/paper.json): /name: must be the file's name, \"holder\"" },
  { "sections/holder.json", "number is not null", "numbr is not null",
    "sections/holder.json (kinds/paper.json): /relevant: no such name \"numbr\"" },
  { "sections/holder.json", "'choices': 'paper-type'", "'choices': 'paper'",
    "sections/holder.json (kinds/paper.json): /fields/1/choices: no such list \"paper\"" },
  { "workflows/simple.json", "'number > 0'", "'numbr > 0'", "workflows/simple.json (kinds/paper.json): /transitions/0/when: no such name \"numbr\"" },
  { "workflows/simple.json", "'when': 'number > 0', ", "", "workflows/simple.json (kinds/paper.json): /transitions/0/automatic: needs \"when\"" },
  { "workflows/simple.json", "'automatic': true}]",
    "'automatic': true}, {'name': 'again', 'label': {'zh': '再办'}, 'from': ['open'], 'to': 'done', 'roles': ['office']}]",
    "kinds/paper.json: /workflow: \"finish\" and \"again\" lead from one state to another for the same role: nobody could tell which was taken" },
  { "kinds/paper.json", "'name': 'code', 'type': 'uscc',", "'name': 'code', 'type': 'uscc', 'required': true, 'read_roles': ['office'],",
    "kinds/paper.json: /sections: \"code\" is required, and \"assessor\", who may write here, may not read it" },
  { "lists/paper-type.json", "'code': 'pass'", "'code': 'id'", "lists/paper-type.json: /choices/1/code: \"id\" is listed twice" },
  { "lists/paper-type.json", "'name': 'paper-type'", "'name': 'paper'", "lists/paper-type.json: /name: must be the file's name, \"paper-type\"" },
  { "lists/paper-type.json", "'source'", "'sauce'", "lists/paper-type.json: unknown key \"sauce\"" },
};

static void
test_mistakes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) lines = NULL;

      g_assert_null (load (mistakes[i].file, mistakes[i].from, mistakes[i].to, &error));
      lines = g_strsplit (error->message, "\n", -1);
      if (!g_strv_contains ((const char *const *) lines, mistakes[i].fault))
        g_error ("\"%s\" is not among:\n%s", mistakes[i].fault, error->message);
    }
}

static void
test_missing_register (void)
{
  g_autoptr (GBytes) bundle = fixture_bundle ("catalog.json", "'version': 1,", "'version': 1, 'registers': {'draw': 'nothing'},");
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_catalog_load_bundle (bundle, &error));
  g_assert_cmpstr (error->message, ==, "catalog.json: /registers/draw: no such kind \"nothing\"");
}

static void
test_strangers (void)
{
  static const char *const names[] = { "lists/A.json", "lists/a/b.json", "section/a.json", "documents/../x.json", "periods.csv", "sections/a.txt" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"files\": {\"%s\": {}}}", names[i]);
      g_autofree char *fault = g_strdup_printf ("%s: is no file of a catalog", names[i]);
      g_autoptr (GBytes) bundle = g_bytes_new (text, strlen (text));
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_catalog_load_bundle (bundle, &error));
      g_assert_nonnull (strstr (error->message, fault));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/parts/list-is-shared-by-its-fields", test_list_is_shared);
  g_test_add_func ("/model/parts/section-is-read-as-the-kind-says", test_section_is_read_as_the_kind_says);
  g_test_add_func ("/model/parts/workflow-by-name", test_workflow_by_name);
  g_test_add_func ("/model/parts/subject", test_subject);
  g_test_add_func ("/model/parts/bundle-has-every-file", test_bundle_has_every_file);
  g_test_add_func ("/model/parts/registers-and-limits", test_registers_and_limits);
  g_test_add_func ("/model/parts/fault-names-part-and-kind", test_mistakes);
  g_test_add_func ("/model/parts/register-of-no-kind", test_missing_register);
  g_test_add_func ("/model/parts/stranger-is-refused", test_strangers);
  return g_test_run ();
}
