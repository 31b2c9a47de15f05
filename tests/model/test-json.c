/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "model/xh-catalog.h"
#include "model/xh-json.h"

static void
test_accepts (void)
{
  static const char *const good[] = {
    "{}", "[]", "null", " true ", "0", "-0", "-12.5e3", "999999999999999999", "1e308", "\"\"", "\"\\u4fe1\\ud83d\\ude00\\n\"",
    "{\"a\":[1,2,{\"b\":null}],\"c\":\"\\\"\"}", "\"信衡\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = xh_json_parse (good[i], -1, &error);

      g_assert_no_error (error);
      g_assert_nonnull (node);
    }
}

static void
test_refuses (void)
{
  static const struct { const char *text, *message; } bad[] = {
    { "", "line 1, column 1: the text ends too early" },
    { "{\n \"a\" 1}", "line 2, column 6: a colon must follow the name" },
    { "[1,]", "line 1, column 4: not a number" },
    { "[1 2]", "line 1, column 4: a comma or ] must follow" },
    { "{a:1}", "line 1, column 2: a text in quotes must stand here" },
    { "{} {}", "line 1, column 4: something follows the value" },
    { "// comment\n{}", "line 1, column 1: not a number" },
    { "01", "line 1, column 1: a number must not start with 0" },
    { "1.", "line 1, column 3: a digit must follow the point" },
    { "1e999", "line 1, column 6: the number is too big" },
    { "9999999999999999999", "line 1, column 20: the number is too long" },
    { "\"\\ud800\"", "line 1, column 8: half of a surrogate pair" },
    { "\"\\udc00\\ud800\"", "line 1, column 8: half of a surrogate pair" },
    { "\"\\u0000\"", "line 1, column 8: a text must not hold NUL" },
    { "\"\\x\"", "line 1, column 3: no such escape" },
    { "\"a\nb\"", "line 1, column 3: a control character in a text" },
    { "\"abc", "line 1, column 5: the text does not end" },
    { "\"abc\\", "line 1, column 6: the text does not end" },
    { "\"\xFF\"", "line 1, column 2: not UTF-8" },
    { "nul", "line 1, column 1: not a JSON value" },
    { "NaN", "line 1, column 1: not a number" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_json_parse (bad[i].text, -1, &error));
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_JSON);
      g_assert_cmpstr (error->message, ==, bad[i].message);
    }
}

static void
test_deep (void)
{
  for (guint depth = XH_JSON_MAX_DEPTH - 1; depth <= 1000000; depth = depth < XH_JSON_MAX_DEPTH + 2 ? depth + 1 : depth * 10)
    {
      g_autoptr (GError) error = NULL;
      GString *text = g_string_new (NULL);

      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, '[');
      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, ']');
      g_assert_true (xh_json_check (text->str, text->len, &error) == (depth <= XH_JSON_MAX_DEPTH));
      g_string_free (text, TRUE);
    }
}

static void
test_length_is_respected (void)
{
  g_assert_true (xh_json_check ("[1]garbage", 3, NULL));
  g_assert_false (xh_json_check ("[1]", 2, NULL));
  g_assert_false (xh_json_check ("[1\0]", 4, NULL));
  g_assert_false (xh_json_check ("\"\xE4\xBF", 3, NULL));
}

static void
test_definitions_have_names_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) good = xh_json_parse_definition ("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 2}, {\"a\": 3}]}", -1, NULL);
  g_autoptr (JsonNode) plain = xh_json_parse ("{\"a\": 1, \"a\": 2}", -1, NULL);

  g_assert_nonnull (good);
  g_assert_nonnull (plain);
  g_assert_null (xh_json_parse_definition ("{\"a\": 1,\n \"\\u0061\": 2}", -1, &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_JSON);
  g_assert_cmpstr (error->message, ==, "line 2, column 10: the name stands twice in its object");
}

static void
test_canonical (void)
{
  g_autoptr (JsonNode) node = xh_json_parse (" { \"b\" : [ 1 , 2.50, 1e20, 0.1, null, true ], \"a\" : \"\\u4fe1\\\"\\t/\" , \"ab\": {} } ", -1, NULL);
  g_autofree char *text = xh_json_canonical (node);
  g_autoptr (JsonNode) again = xh_json_parse (text, -1, NULL);
  g_autofree char *twice = xh_json_canonical (again);

  g_assert_cmpstr (text, ==, "{\"a\":\"信\\\"\\u0009/\",\"ab\":{},\"b\":[1,2.5,1e+20,0.1,null,true]}");
  g_assert_cmpstr (text, ==, twice);
}

static void
test_member_text (void)
{
  g_autoptr (JsonNode) node = xh_json_parse ("{\"a\":\"x\",\"b\":1,\"c\":null,\"d\":[\"x\"],\"e\":{\"a\":\"x\"}}", -1, NULL);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpstr (xh_json_member_text (object, "a"), ==, "x");
  for (const char *name = "bcdef"; *name != '\0'; name++)
    {
      const char member[] = { *name, '\0' };

      g_assert_null (xh_json_member_text (object, member));
    }
  g_assert_null (xh_json_member_text (NULL, "a"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/json/accepts-json", test_accepts);
  g_test_add_func ("/model/json/member-text", test_member_text);
  g_test_add_func ("/model/json/refuses-what-is-not-and-says-where", test_refuses);
  g_test_add_func ("/model/json/refuses-deep-nesting", test_deep);
  g_test_add_func ("/model/json/respects-the-length", test_length_is_respected);
  g_test_add_func ("/model/json/definitions-have-names-once", test_definitions_have_names_once);
  g_test_add_func ("/model/json/canonical-text-is-stable", test_canonical);
  return g_test_run ();
}
