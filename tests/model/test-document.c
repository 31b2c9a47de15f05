/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Definitions of printed papers: what is read, and the line that each mistake gives. */

#include <string.h>

#include "fixture.h"

#define SLIP "documents/slip.json"

static const XhBlock *
get_block (const XhDocumentDef *def, guint i)
{
  return g_ptr_array_index (def->blocks, i);
}

static void
test_paper_is_read (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhDocumentDef *def = xh_catalog_find_document (catalog, "slip");
  const XhDocumentQuery *query;

  g_assert_nonnull (def);
  g_assert_cmpuint (xh_catalog_get_documents (catalog)->len, ==, 1);
  g_assert_cmpstr (def->kind->name, ==, "household");
  g_assert_cmpstr (def->when, ==, "state = 'filed'");
  g_assert_false (def->landscape);
  g_assert_cmpuint (def->blocks->len, ==, 9);
  g_assert_cmpint (get_block (def, 0)->type, ==, XH_BLOCK_TITLE);
  g_assert_cmpuint (get_block (def, 2)->cells->len, ==, 3);
  g_assert_true (((XhDocumentCell *) get_block (def, 2)->cells->pdata[1])->wide);
  g_assert_cmpstr (get_block (def, 3)->field->name, ==, "members");
  g_assert_cmpuint (get_block (def, 3)->blank, ==, 3);
  query = get_block (def, 4)->queries->pdata[0];
  g_assert_cmpstr (query->match_theirs, ==, "household");
  g_assert_cmpstr (query->match_ours, ==, "id");
  g_assert_cmpstr (query->sort, ==, "number");
  g_assert_true (query->descending);
}

static void
test_inserts_are_read (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhTemplate *text = get_block (xh_catalog_find_document (catalog, "slip"), 1)->text;
  const XhTemplatePart *name = text->parts->pdata[0], *date = text->parts->pdata[4], *income = text->parts->pdata[6];

  g_assert_cmpuint (text->parts->len, ==, 8);
  g_assert_cmpstr (name->name, ==, "head_name");
  g_assert_null (date->name);
  g_assert_cmpstr (date->expression, ==, "substr(created_at, 1, 10)");
  g_assert_cmpint (date->format, ==, XH_INSERT_DATE);
  g_assert_cmpint (income->format, ==, XH_INSERT_RMB);
  g_assert_cmpstr (((XhTemplatePart *) text->parts->pdata[7])->literal, ==, "。");
}

static void
test_roles_may_print (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhDocumentDef *def = xh_catalog_find_document (catalog, "slip");

  g_assert_true (xh_document_def_may (def, "office"));
  g_assert_false (xh_document_def_may (def, "assessor"));
}

typedef struct { const char *from, *to, *fault; } Mistake;

static const Mistake mistakes[] = {
  { "'kind': 'household', 'roles'", "'kind': 'house', 'roles'", SLIP ": /kind: no such kind \"house\"" },
  { "['office']", "['boss']", SLIP ": /roles: no such role \"boss\"" },
  { "'title': '建档回执'", "'titel': '建档回执'", SLIP ": /blocks/0: is no block" },
  { "'title': '建档回执'", "'title': '{{head_nam}}'", SLIP ": /blocks/0/title: no such name \"head_nam\"" },
  { "'title': '建档回执'", "'title': '{{head_name'", SLIP ": /blocks/0/title: an insert is not closed" },
  { "'title': '建档回执'", "'title': '{{@tody}}'", SLIP ": /blocks/0/title: no such name \"@tody\"" },
  { "'title': '建档回执'", "'title': '{{(select 1)}}'", SLIP ": /blocks/0/title: " },
  { "'title': '建档回执'", "'title': '{{substr(head_id, 1, 14)}}'", SLIP ": /blocks/0/title: \"head_id\" is sensitive" },
  { ":rmb}}", ":rmby}}", SLIP ": /blocks/1/paragraph: no such way of writing \"rmby\"" },
  { "'fields': ['head_name'", "'fields': ['head'", SLIP ": /blocks/2/fields/0: no such field \"head\"" },
  { "'table': 'members'", "'table': 'village'", SLIP ": /blocks/3/table: no such field \"village\"" },
  { "'columns': ['name'", "'columns': ['head_name'", SLIP ": /blocks/3/columns/0: no such field \"head_name\"" },
  { "'match': {'household': 'id'}", "'match': {'house': 'id'}", SLIP ": /blocks/4/table/match: the kind \"consent\" has no field \"house\"" },
  { "'match': {'household': 'id'}, ", "", SLIP ": /blocks/4/table/kind: \"consent\" has no subject" },
  { "'sort': '-number'", "'sort': '-nr'", SLIP ": /blocks/4/table/sort: no such field \"nr\"" },
  { "'space': 5", "'space': 500", SLIP ": /blocks/8/space: must be from 0 to 200" },
};

static void
test_mistakes_are_named (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr (GBytes) bundle = fixture_bundle (SLIP, mistakes[i].from, mistakes[i].to);
      g_autoptr (GError) error = NULL;
      g_autoptr (XhCatalog) catalog = xh_catalog_load_bundle (bundle, &error);

      g_assert_null (catalog);
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG);
      if (strstr (error->message, mistakes[i].fault) == NULL)
        g_error ("\"%s\" is not in \"%s\"", mistakes[i].fault, error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/document/paper-is-read", test_paper_is_read);
  g_test_add_func ("/model/document/inserts-are-read", test_inserts_are_read);
  g_test_add_func ("/model/document/roles-may-print", test_roles_may_print);
  g_test_add_func ("/model/document/mistakes-are-named", test_mistakes_are_named);
  return g_test_run ();
}
