/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "model/xh-json-reader.h"
#include "model/xh-json.h"
#include "sync/xh-wire.h"

#define OP1 "01934f5e-9a77-7c10-8a11-5b0e7d2f4c33"
#define REC1 "01934f5e-11aa-7d21-b0c4-6f8e9a0b1c2d"

/* --- the reader */

static char *
read_one (const char *json, gssize length)
{
  g_auto (XhJsonReader) reader = { 0 };
  XhJsonValue value;

  xh_json_reader_init (&reader, json, length < 0 ? strlen (json) : (gsize) length);
  if (!xh_json_reader_value (&reader, &value) || !xh_json_reader_finish (&reader))
    return NULL;
  switch (value.type)
    {
    case XH_JSON_STRING:
      return g_strdup_printf ("s:%.*s", (int) value.length, value.text);
    case XH_JSON_INTEGER:
      return g_strdup_printf ("i:%" G_GINT64_FORMAT, value.integer);
    case XH_JSON_REAL:
      return g_strdup_printf ("r:%.17g", value.real);
    default:
      return g_strdup (value.type == XH_JSON_NULL ? "null" : value.type == XH_JSON_TRUE ? "true" : "false");
    }
}

static void
test_values (void)
{
  static const char *const pairs[][2] = {
    { "null", "null" }, { "true", "true" }, { " false ", "false" }, { "0", "i:0" }, { "-0", "i:0" }, { "-17", "i:-17" },
    { "9223372036854775807", "i:9223372036854775807" }, { "-9223372036854775807", "i:-9223372036854775807" },
    { "9223372036854775808", "r:9.2233720368547758e+18" }, { "1.5", "r:1.5" }, { "1e2", "r:100" }, { "-1.25E-2", "r:-0.012500000000000001" },
    { "\"\"", "s:" }, { "\"张三\"", "s:张三" }, { "\"a\\n\\\"\\\\\\/\\t\"", "s:a\n\"\\/\t" }, { "\"\\u5f20\"", "s:张" },
    { "\"\\ud83d\\ude00x\"", "s:😀x" }, { "\"\\u0001\"", "s:\x01" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *found = read_one (pairs[i][0], -1);

      g_assert_cmpstr (found, ==, pairs[i][1]);
    }
}

static void
test_no_values (void)
{
  static const char *const texts[] = {
    "", " ", "nul", "nulll", "True", "01", "1.", ".5", "-", "+1", "1e", "1e+", "0x10", "NaN", "Infinity", "1e999", "\"", "\"a", "\"\\\"",
    "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u0000\"", "\"a\nb\"",
    "\"\xff\"", "\"\xe5\xbc\"", "1 2", "[", "{}", "'a'", "1111111111111111111111111111111111111111111111111111111111111111111111",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (read_one (texts[i], -1));
  g_assert_null (read_one ("\"a\0b\"", 5));
}

/* Whatever prefix of a text comes, it is refused and nothing behind its end is read. */
static void
test_cut_anywhere (void)
{
  static const char text[] = "\"a\\u5f20\\ud83d\\ude00 \\n b\"";

  for (gsize i = 0; i < sizeof text - 1; i++)
    {
      g_autofree char *copy = g_memdup2 (text, MAX (i, 1));

      g_assert_null (read_one (copy, (gssize) i));
    }
}

static void
test_append_string (void)
{
  static const char *const texts[] = { "", "张三", "a\"b\\c\n\x01\x1f\t", "</script>" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) json = g_string_new (NULL);
      g_autofree char *expected = g_strconcat ("s:", texts[i], NULL);
      g_autofree char *found = NULL;

      xh_json_append_text (json, texts[i], -1);
      found = read_one (json->str, -1);
      g_assert_cmpstr (found, ==, expected);
    }
}

/* --- push */

static void
test_push_round_trip (void)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();
  g_autoptr (GPtrArray) read = NULL;
  g_autofree char *json = NULL, *device = NULL;
  g_autoptr (GError) error = NULL;
  XhOp op = { .op_id = (char *) OP1, .kind = (char *) "plot", .record = (char *) REC1, .base = 7,
              .set = (char *) "{\"name\":\"张\\\"三\",\"labour\":null,\"area\":1.5}", .created_at = (char *) "2026-11-22T08:00:00.000Z", .sum = 0xdeadbeef };
  const XhOp *found;
  gsize length;

  g_ptr_array_add (ops, &op);
  json = xh_wire_write_push (ops, "laptop \"1\"", &length);
  g_assert_cmpuint (length, ==, strlen (json));
  read = xh_wire_read_push (json, length, &device, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (device, ==, "laptop \"1\"");
  g_assert_cmpuint (read->len, ==, 1);
  found = g_ptr_array_index (read, 0);
  g_assert_cmpstr (found->op_id, ==, OP1);
  g_assert_cmpstr (found->kind, ==, "plot");
  g_assert_cmpstr (found->record, ==, REC1);
  g_assert_cmpint (found->base, ==, 7);
  g_assert_cmpstr (found->set, ==, op.set);
  g_assert_cmpstr (found->created_at, ==, op.created_at);
  g_assert_cmpuint (found->sum, ==, op.sum);
}

#define PUSH(op, kind, record, base, set) \
  "{\"device\":\"d\",\"ops\":[{\"op\":" op ",\"kind\":" kind ",\"record\":" record ",\"base\":" base ",\"set\":" set "}]}"
#define Q(x) "\"" x "\""

static void
test_push_hostile (void)
{
  static const char *const bodies[] = {
    "", "[]", "null", "{}", "{\"ops\":[]}", "{\"device\":\"d\"}", "{\"device\":1,\"ops\":[]}", "{\"device\":\"\",\"ops\":[]}",
    "{\"device\":\"d\",\"ops\":{}}", "{\"device\":\"d\",\"ops\":[1]}", "{\"device\":\"d\",\"ops\":[null]}", "{\"device\":\"d\",\"ops\":[{}]}",
    PUSH (Q ("x"), Q ("plot"), Q (REC1), "1", "{\"a\":1}"), PUSH (Q (OP1), Q ("plot"), Q ("../x"), "1", "{\"a\":1}"),
    PUSH (Q (OP1), "1", Q (REC1), "1", "{\"a\":1}"), PUSH (Q (OP1), Q (""), Q (REC1), "1", "{\"a\":1}"),
    PUSH (Q (OP1), Q ("plot"), Q (REC1), "-1", "{\"a\":1}"), PUSH (Q (OP1), Q ("plot"), Q (REC1), "1.5", "{\"a\":1}"),
    PUSH (Q (OP1), Q ("plot"), Q (REC1), "1,\"sum\":1", "{\"a\":1}"), PUSH (Q (OP1), Q ("plot"), Q (REC1), "1,\"sum\":\"ff\"", "{\"a\":1}"),
    PUSH (Q (OP1), Q ("plot"), Q (REC1), "1,\"sum\":null", "{\"a\":1}"), PUSH (Q (OP1), Q ("plot"), Q (REC1), Q ("1"), "{\"a\":1}"), PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "{}"),
    PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "[]"), PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "null"),
    PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "{\"a\":[]}"), PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "{\"a\":{}}"),
    PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "{\"a\":\"\\ud800\"}"), PUSH (Q (OP1), Q ("plot"), Q (REC1), "1", "{\"a\":1}") "x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *device = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_wire_read_push (bodies[i], strlen (bodies[i]), &device, &error));
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
      g_assert_null (device);
    }
}

static void
test_push_too_many (void)
{
  g_autoptr (GString) json = g_string_new ("{\"device\":\"d\",\"ops\":[");
  g_autofree char *device = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i <= XH_WIRE_MAX_OPS; i++)
    g_string_append_printf (json, "%s{\"op\":\"" OP1 "\",\"kind\":\"plot\",\"record\":\"" REC1 "\",\"base\":0,\"set\":{\"a\":1}}", i > 0 ? "," : "");
  g_string_append (json, "]}");
  g_assert_null (xh_wire_read_push (json->str, json->len, &device, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
}

static void
test_push_deep (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *device = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_wire_read_push (deep, 1000000, &device, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
}

/* --- answers */

static void
test_answers_round_trip (void)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_answer_free);
  g_autoptr (GPtrArray) read = NULL;
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;
  XhAnswer *answer = xh_answer_new (OP1, XH_ANSWER_CONFLICT, 12);
  gsize length;

  json_object_set_string_member (answer->body, "who", "zhang");
  g_ptr_array_add (answers, answer);
  g_ptr_array_add (answers, xh_answer_new (REC1, XH_ANSWER_HELD, 0));
  json = xh_wire_write_answers (answers, &length);
  read = xh_wire_read_answers (json, length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 2);
  answer = g_ptr_array_index (read, 0);
  g_assert_cmpstr (answer->op_id, ==, OP1);
  g_assert_cmpint (answer->status, ==, XH_ANSWER_CONFLICT);
  g_assert_cmpint (answer->version, ==, 12);
  g_assert_cmpstr (json_object_get_string_member (answer->body, "who"), ==, "zhang");
  answer = g_ptr_array_index (read, 1);
  g_assert_cmpint (answer->status, ==, XH_ANSWER_HELD);
  g_assert_cmpint (answer->version, ==, 0);
}

static void
test_answers_hostile (void)
{
  static const char *const bodies[] = {
    "", "[]", "{}", "{\"answers\":{}}", "{\"answers\":[1]}", "{\"answers\":[{}]}", "{\"answers\":[{\"op\":\"x\"}]}",
    "{\"answers\":[{\"op\":\"x\",\"status\":\"done\",\"version\":1}]}", "{\"answers\":[{\"op\":\"x\",\"status\":\"applied\"}]}",
    "{\"answers\":[{\"op\":\"x\",\"status\":\"merged\",\"version\":0}]}", "{\"answers\":[{\"op\":\"x\",\"status\":\"applied\",\"version\":\"1\"}]}",
    "{\"answers\":[{\"op\":\"x\",\"status\":\"applied\",\"version\":-1}]}", "{\"answers\":[{\"op\":1,\"status\":\"held\"}]}",
    "{\"answers\":[{\"op\":\"x\",\"status\":\"held\",\"row\":[]}]}", "{\"answers\":[{\"op\":\"x\",\"status\":\"conflict\",\"fields\":{}}]}",
    "{\"answers\":[{\"op\":\"x\",\"status\":\"conflict\",\"who\":1}]}", "{\"answers\":[{\"op\":\"x\",\"status\":\"rejected\",\"issues\":\"no\"}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (xh_wire_read_answers (bodies[i], strlen (bodies[i]), &error));
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/wire/reader-reads-every-value", test_values);
  g_test_add_func ("/sync/wire/reader-refuses-what-is-no-value", test_no_values);
  g_test_add_func ("/sync/wire/reader-refuses-a-cut-text", test_cut_anywhere);
  g_test_add_func ("/sync/wire/string-written-reads-the-same", test_append_string);
  g_test_add_func ("/sync/wire/push-written-reads-the-same", test_push_round_trip);
  g_test_add_func ("/sync/wire/push-of-another-form-is-refused", test_push_hostile);
  g_test_add_func ("/sync/wire/push-with-too-many-ops-is-refused", test_push_too_many);
  g_test_add_func ("/sync/wire/push-too-deep-is-refused", test_push_deep);
  g_test_add_func ("/sync/wire/answers-written-read-the-same", test_answers_round_trip);
  g_test_add_func ("/sync/wire/answers-of-another-form-are-refused", test_answers_hostile);
  return g_test_run ();
}
