/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "model/xh-json.h"
#include "model/xh-tables-private.h"

static const char table[] =
  "\xEF\xBB\xBF" "code,name,parent_code,level\r\n"
  "410000000000,河南省,,province\r\n"
  "410400000000,平顶山市,410000000000,prefecture\r\n"
  "410421000000,宝丰县,410400000000,county\r\n"
  "410421101000,周庄镇,410421000000,township\r\n"
  "410421100000,城关镇,410421000000,township\r\n"
  "410421100001,东街社区居委会,410421100000,village\r\n"
  "410421101200,周庄村村民委员会,410421101000,village\r\n"
  "410421101215,东崔庄村民委员会委会,410421101000,village\r\n";

static GPtrArray *faults;

static XhDivisions *
load (const char *csv)
{
  g_clear_pointer (&faults, g_ptr_array_unref);
  faults = g_ptr_array_new_with_free_func (g_free);
  return xh_divisions_new (csv, "divisions.csv", faults);
}

static void
test_tree (void)
{
  XhDivisions *divisions = load (table);
  g_autoptr (GPtrArray) children = xh_divisions_children (divisions, "410421000000");
  g_autoptr (GPtrArray) none = xh_divisions_children (divisions, "410421101200");
  g_autoptr (GPtrArray) roots = xh_divisions_children (divisions, NULL);

  g_assert_cmpuint (faults->len, ==, 0);
  g_assert_cmpuint (xh_divisions_get_all (divisions)->len, ==, 8);
  g_assert_cmpuint (children->len, ==, 2);
  g_assert_cmpstr (((XhDivision *) g_ptr_array_index (children, 0))->name, ==, "城关镇");
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (roots->len, ==, 1);
  g_assert_cmpstr (xh_divisions_find (divisions, "410421101200")->short_name, ==, "周庄村");
  g_assert_cmpstr (xh_divisions_find (divisions, "410421100001")->short_name, ==, "东街社区");
  g_assert_cmpstr (xh_divisions_find (divisions, "410421101215")->short_name, ==, "东崔庄");
  g_assert_null (xh_divisions_find (divisions, "999"));
  g_assert_null (xh_divisions_find (divisions, NULL));
  xh_divisions_free (divisions);
}

static void
test_path (void)
{
  XhDivisions *divisions = load (table);
  g_autofree char *village = xh_divisions_path (divisions, "410421101200", XH_LEVEL_TOWNSHIP);
  g_autofree char *county = xh_divisions_path (divisions, "410421101200", XH_LEVEL_COUNTY);
  g_autofree char *above = xh_divisions_path (divisions, "410400000000", XH_LEVEL_TOWNSHIP);
  g_autofree char *unknown = xh_divisions_path (divisions, "x", XH_LEVEL_TOWNSHIP);

  g_assert_cmpstr (village, ==, "周庄镇 · 周庄村");
  g_assert_cmpstr (county, ==, "宝丰县 · 周庄镇 · 周庄村");
  g_assert_cmpstr (above, ==, "");
  g_assert_cmpstr (unknown, ==, "");
  xh_divisions_free (divisions);
}

static void
test_range (void)
{
  static const struct { const char *code, *lower, *upper; } cases[] = {
    { "410421100000", "410421100000", "410421101000" }, { "410421000000", "410421000000", "410422000000" },
    { "410421101200", "410421101200", "410421101201" }, { "410400000000", "410400000000", "410500000000" },
    { "410000000000", "410000000000", "420000000000" }, { "410421199000", "410421199000", "410421200000" },
    { "990000000000", "990000000000", ":" }, { "", "", ":" }, { NULL, "", ":" }, { "garbage that is long", "", ":" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char lower[13], upper[13];

      xh_division_range (cases[i].code, lower, upper);
      g_assert_cmpstr (lower, ==, cases[i].lower);
      g_assert_cmpstr (upper, ==, cases[i].upper);
    }
}

static void
test_contains (void)
{
  g_assert_true (xh_division_contains ("410421100000", "410421100001"));
  g_assert_true (xh_division_contains ("410421100000", "410421100000"));
  g_assert_true (xh_division_contains (NULL, "410421100000"));
  g_assert_false (xh_division_contains ("410421100000", "410421101200"));
  g_assert_false (xh_division_contains ("410421100001", "410421100000"));
  g_assert_false (xh_division_contains ("410421100000", NULL));
}

static void
test_faults (void)
{
  static const struct { const char *csv, *fault; } cases[] = {
    { "code;name\n", "divisions.csv: line 1: the header must be code,name,parent_code,level" },
    { "code,name,parent_code,level\n41,河南省,,province\n", "divisions.csv: line 2: \"41\" is no code of a province" },
    { "code,name,parent_code,level\n410421100000,城关镇,,county\n", "divisions.csv: line 2: \"410421100000\" is no code of a county" },
    { "code,name,parent_code,level\n410000000000,河南省,,state\n", "divisions.csv: line 2: \"state\" is no level" },
    { "code,name,parent_code,level\n410000000000,,,province\n", "divisions.csv: line 2: the name is empty" },
    { "code,name,parent_code,level\n410000000000,河南省,province\n", "divisions.csv: line 2: must have four columns without quotes" },
    { "code,name,parent_code,level\n410400000000,平顶山市,410000000000,prefecture\n",
      "divisions.csv: line 2: \"410000000000\" is no parent of \"410400000000\" that stands above it" },
    { "code,name,parent_code,level\n410000000000,a,,province\n410000000000,b,,province\n", "divisions.csv: line 3: \"410000000000\" is listed twice" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      XhDivisions *divisions = load (cases[i].csv);

      g_assert_cmpuint (faults->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (faults, 0), ==, cases[i].fault);
      xh_divisions_free (divisions);
    }
}

static XhUnits *
load_units (const char *text, XhDivisions *divisions)
{
  g_autoptr (JsonNode) node = xh_json_parse (text, -1, NULL);
  XhReader reader;

  g_assert_nonnull (node);
  xh_reader_init (&reader, faults, "units.json", node);
  return xh_units_new (&reader, divisions);
}

static void
test_units (void)
{
  XhDivisions *divisions = load (table);
  XhUnits *units = load_units ("{\"units\": [{\"code\": \"nyncj\", \"name\": \"农业农村局\", \"aliases\": [\"农业局\"]},"
                               "{\"code\": \"zhouzhuang\", \"name\": \"周庄镇人民政府\", \"division\": \"410421101000\"}]}", divisions);

  g_assert_cmpuint (faults->len, ==, 0);
  g_assert_cmpuint (xh_units_get_all (units)->len, ==, 2);
  g_assert_cmpstr (xh_units_find (units, "nyncj")->name, ==, "农业农村局");
  g_assert_true (xh_units_match (units, "农业局") == xh_units_find (units, "nyncj"));
  g_assert_true (xh_units_match (units, "农业农村局") == xh_units_find (units, "nyncj"));
  g_assert_null (xh_units_match (units, "海洋局"));
  g_assert_null (xh_units_find (units, NULL));
  xh_units_free (units);
  xh_divisions_free (divisions);
}

static void
test_unit_faults (void)
{
  static const struct { const char *text, *fault; } cases[] = {
    { "{}", "units.json: \"units\" is missing" },
    { "{\"units\": [{\"name\": \"甲\"}]}", "units.json: /units/0: \"code\" is missing" },
    { "{\"units\": [{\"code\": \"A B\", \"name\": \"甲\"}]}", "units.json: /units/0/code: \"A B\" is no code: small letters, digits and -, a letter first" },
    { "{\"units\": [{\"code\": \"a\", \"name\": \"甲\"}, {\"code\": \"a\", \"name\": \"乙\"}]}", "units.json: /units/1/code: \"a\" is listed twice" },
    { "{\"units\": [{\"code\": \"a\", \"name\": \"甲\"}, {\"code\": \"b\", \"name\": \"乙\", \"aliases\": [\"甲\"]}]}",
      "units.json: /units/1/aliases: \"甲\" is already a name of \"a\"" },
    { "{\"units\": [{\"code\": \"a\", \"name\": \"甲\", \"uscc\": \"123\"}]}", "units.json: /units/0/uscc: \"123\" is no unified social credit code" },
    { "{\"units\": [{\"code\": \"a\", \"name\": \"甲\", \"division\": \"123\"}]}", "units.json: /units/0/division: no such division \"123\"" },
    { "{\"units\": [7]}", "units.json: /units/0: must be an object" },
    { "{\"units\": [{\"code\": \"a\", \"name\": \"甲\", \"aliases\": [\"\"]}]}", "units.json: /units/0/aliases/0: must be a text" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      XhDivisions *divisions = load (table);
      XhUnits *units = load_units (cases[i].text, divisions);

      g_assert_cmpuint (faults->len, ==, 1);
      g_assert_cmpstr (g_ptr_array_index (faults, 0), ==, cases[i].fault);
      xh_units_free (units);
      xh_divisions_free (divisions);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/divisions/tree-and-short-names", test_tree);
  g_test_add_func ("/model/divisions/path-in-words", test_path);
  g_test_add_func ("/model/divisions/range-of-codes-below", test_range);
  g_test_add_func ("/model/divisions/contains", test_contains);
  g_test_add_func ("/model/divisions/names-faults", test_faults);
  g_test_add_func ("/model/units/found-by-code-name-and-alias", test_units);
  g_test_add_func ("/model/units/names-faults", test_unit_faults);
  status = g_test_run ();
  g_clear_pointer (&faults, g_ptr_array_unref);
  return status;
}
