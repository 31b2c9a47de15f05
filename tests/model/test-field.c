/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <string.h>

#include "model/xh-catalog.h"
#include "model/xh-form-private.h"

static XhField *
make_field (XhFieldType type, const char *unit)
{
  XhField *field = g_new0 (XhField, 1);

  field->name = (char *) "x";
  field->type = type;
  field->unit_label = (char *) unit;
  field->digits = -1;
  field->level = -1;
  field->minimum = field->maximum = NAN;
  return field;
}

static void
add_choice (XhField *field, const char *code, const char *zh, const char *en, const char *valid_to)
{
  XhChoice *choice = g_new0 (XhChoice, 1);

  if (field->choices == NULL)
    field->choices = g_ptr_array_new_with_free_func (g_free);
  choice->code = (char *) code;
  choice->label = (XhLabel) { (char *) zh, (char *) en };
  choice->valid_to = (char *) valid_to;
  g_ptr_array_add (field->choices, choice);
}

static XhField *
make_choices (XhFieldType type)
{
  XhField *field = make_field (type, NULL);

  add_choice (field, "grain", "粮食", "Grain", NULL);
  add_choice (field, "pigs", "养猪", "Pigs", NULL);
  add_choice (field, "old", "旧码", "Retired", "2020-01-01");
  return field;
}

static void
free_field (XhField *field)
{
  g_clear_pointer (&field->choices, g_ptr_array_unref);
  g_free (field);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhField, free_field)

/* Parses @text, and shows what came out: "!" and the message for an error. */
static char *
read_text (const XhField *field, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (!xh_field_parse (field, text, &value, &error))
    {
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
      return g_strconcat ("!", error->message, NULL);
    }
  switch (value.type)
    {
    case XH_VALUE_INTEGER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, value.integer);
    case XH_VALUE_REAL:
      return g_strdup_printf ("%g", value.real);
    case XH_VALUE_TEXT:
      return g_strdup (value.text);
    default:
      return g_strdup ("-");
    }
}

static void
assert_reads (const XhField *field, const char *text, const char *expected)
{
  g_autofree char *result = read_text (field, text);

  if (strcmp (expected, "!") == 0)
    g_assert_true (g_str_has_prefix (result, "!"));
  else
    g_assert_cmpstr (result, ==, expected);
}

static void
test_reads_money_to_the_fen (void)
{
  g_autoptr (XhField) yuan = make_field (XH_FIELD_MONEY, "元"), wan = make_field (XH_FIELD_MONEY, "万元");

  assert_reads (yuan, "1,234.5", "123450");
  assert_reads (yuan, "１２，３４０．００", "1234000");
  assert_reads (yuan, " ¥ 0.29 元", "29");
  assert_reads (yuan, "1.2万", "1200000");
  assert_reads (yuan, "2亿元", "20000000000");
  assert_reads (yuan, "-3.5", "-350");
  assert_reads (yuan, "7", "700");
  assert_reads (yuan, "0.290", "29");
  assert_reads (yuan, "0.295", "!");
  assert_reads (yuan, "99999999999999999999", "!");
  assert_reads (yuan, "12a", "!");
  assert_reads (yuan, ".", "!");
  assert_reads (yuan, "0x10", "!");
  assert_reads (yuan, "", "-");
  assert_reads (wan, "1.234", "1234000");
  assert_reads (wan, "7万元", "7000000");
}

static void
test_reads_numbers (void)
{
  g_autoptr (XhField) integer = make_field (XH_FIELD_INTEGER, "人"), decimal = make_field (XH_FIELD_DECIMAL, "亩");

  assert_reads (integer, "１２", "12");
  assert_reads (integer, "4 人", "4");
  assert_reads (integer, "+5", "5");
  assert_reads (integer, "4.0", "!");
  assert_reads (integer, "9223372036854775808", "!");
  assert_reads (decimal, "3.5亩", "3.5");
  assert_reads (decimal, "1 234.567", "1234.57");
  assert_reads (decimal, "nan", "!");
  assert_reads (decimal, "1e5", "!");
}

static void
test_reads_dates_however_written (void)
{
  const char *const texts[] = { "2026-11-22", "2026/11/22", "2026.11.22", "20261122", "2026年11月22日", "２０２６－１１－２２",
                                " 2026 11 22 " };
  g_autoptr (XhField) date = make_field (XH_FIELD_DATE, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_reads (date, texts[i], "2026-11-22");
  assert_reads (date, "2026-2-3", "2026-02-03");
  assert_reads (date, "2026-02-30", "!There is no such day.");
  assert_reads (date, "22.11.2026", "!");
  assert_reads (date, "2026-11", "!");
  assert_reads (date, "2026-11-22-1", "!");
  assert_reads (date, "99999999999999999999", "!");
  assert_reads (date, "昨天", "!");
}

static void
test_reads_choices_by_code_and_label (void)
{
  g_autoptr (XhField) one = make_choices (XH_FIELD_CHOICE), many = make_choices (XH_FIELD_CHOICES);
  g_autoptr (XhField) boolean = make_field (XH_FIELD_BOOLEAN, NULL);

  assert_reads (one, "pigs", "pigs");
  assert_reads (one, "养猪", "pigs");
  assert_reads (one, "GRAIN", "grain");
  assert_reads (one, "养牛", "!“养牛” is not on the list.");
  assert_reads (many, "养猪、粮食", "[\"grain\",\"pigs\"]");
  assert_reads (many, "Pigs; pigs", "[\"pigs\"]");
  assert_reads (many, "[\"pigs\",\"grain\"]", "[\"grain\",\"pigs\"]");
  assert_reads (many, "[]", "-");
  assert_reads (many, "[3]", "!");
  assert_reads (boolean, "是", "1");
  assert_reads (boolean, "无", "0");
  assert_reads (boolean, "maybe", "!");
}

static void
test_reads_identifiers_and_text (void)
{
  g_autoptr (XhField) id = make_field (XH_FIELD_ID_NUMBER, NULL), text = make_field (XH_FIELD_TEXT, NULL);

  assert_reads (id, " 340524 1980０101 001x ", "34052419800101001X");
  assert_reads (text, "\xE3\x80\x80 张 三\t", "张 三");
  assert_reads (text, "\xE3\x80\x80", "-");
}

static void
assert_shows (const XhField *field, const char *text, const char *expected)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autofree char *shown = NULL;

  g_assert_true (xh_field_parse (field, text, &value, NULL));
  shown = xh_field_format (field, &value, FALSE);
  g_assert_cmpstr (shown, ==, expected);
}

static void
test_shows_values (void)
{
  g_autoptr (XhField) yuan = make_field (XH_FIELD_MONEY, "元"), wan = make_field (XH_FIELD_MONEY, "万元");
  g_autoptr (XhField) decimal = make_field (XH_FIELD_DECIMAL, NULL), integer = make_field (XH_FIELD_INTEGER, NULL);
  g_autoptr (XhField) many = make_choices (XH_FIELD_CHOICES), boolean = make_field (XH_FIELD_BOOLEAN, NULL);

  assert_shows (yuan, "12340", "12,340.00");
  assert_shows (yuan, "-1234567.05", "-1,234,567.05");
  assert_shows (yuan, "0", "0.00");
  assert_shows (wan, "1.234", "1.234");
  assert_shows (wan, "12345", "12,345");
  assert_shows (decimal, "3.50", "3.5");
  assert_shows (decimal, "-0.001", "0");
  assert_shows (integer, "2026", "2026");
  assert_shows (many, "pigs,grain", "Grain, Pigs");
  assert_shows (boolean, "1", "Yes");
  assert_shows (yuan, "", "");
}

static void
test_shows_what_it_reads (void)
{
  g_autoptr (XhField) yuan = make_field (XH_FIELD_MONEY, "元"), wan = make_field (XH_FIELD_MONEY, "万元");

  for (guint i = 0; i < 2000; i++)
    {
      const XhField *field = i & 1 ? yuan : wan;
      gint64 fen = (gint64) g_test_rand_int () * 1000000 + g_test_rand_int ();
      g_auto (XhValue) value = XH_VALUE_INIT, back = XH_VALUE_INIT;
      g_autofree char *shown = NULL;

      xh_value_set_integer (&value, fen);
      shown = xh_field_format (field, &value, FALSE);
      g_assert_true (xh_field_parse (field, shown, &back, NULL));
      g_assert_cmpint (back.integer, ==, fen);
    }
}

static void
test_masks_what_identifies (void)
{
  g_autoptr (XhField) id = make_field (XH_FIELD_ID_NUMBER, NULL), phone = make_field (XH_FIELD_PHONE, NULL);
  g_autoptr (XhField) yuan = make_field (XH_FIELD_MONEY, "元");
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  xh_value_set_text (&value, "34052419800101001X");
  a = xh_field_format (id, &value, TRUE);
  g_assert_cmpstr (a, ==, "340524********001X");
  xh_value_set_text (&value, "13800001234");
  b = xh_field_format (phone, &value, TRUE);
  g_assert_cmpstr (b, ==, "138****1234");
  xh_value_set_integer (&value, 100);
  c = xh_field_format (yuan, &value, TRUE);
  g_assert_cmpstr (c, ==, "****");
}

static char *
find_fault (const XhField *field, const char *text, gboolean unchanged)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  return xh_field_find_fault (field, &value, unchanged);
}

static void
test_says_which_check_digit_is_right (void)
{
  g_autoptr (XhField) id = make_field (XH_FIELD_ID_NUMBER, NULL), uscc = make_field (XH_FIELD_USCC, NULL);
  g_autofree char *right = find_fault (id, "34052419800101001X", FALSE);
  g_autofree char *wrong = find_fault (id, "340524198001010017", FALSE);
  g_autofree char *day = find_fault (id, "34052419801301001X", FALSE);
  g_autofree char *shorter = find_fault (id, "3405241980", FALSE);
  g_autofree char *code = find_fault (uscc, "91350100M000100Y44", FALSE);
  g_autofree char *good = find_fault (uscc, "91350100M000100Y43", FALSE);

  g_assert_null (right);
  g_assert_cmpstr (wrong, ==, "Wrong check digit: the last must be X. Compare with the document.");
  g_assert_nonnull (strstr (day, "19801301"));
  g_assert_nonnull (strstr (shorter, "10"));
  g_assert_nonnull (strstr (code, "must be 3"));
  g_assert_null (good);
}

static void
test_retired_codes_stay_readable (void)
{
  g_autoptr (XhField) one = make_choices (XH_FIELD_CHOICE), many = make_choices (XH_FIELD_CHOICES);
  g_autofree char *chosen = find_fault (one, "old", FALSE), *kept = find_fault (one, "old", TRUE);
  g_autofree char *among = find_fault (many, "[\"grain\",\"old\"]", FALSE), *unknown = find_fault (one, "cows", FALSE);

  g_assert_cmpstr (chosen, ==, "“Retired” may not be chosen today.");
  g_assert_null (kept);
  g_assert_nonnull (among);
  g_assert_nonnull (unknown);
}

static void
test_bounds_are_said_as_they_are_typed (void)
{
  g_autoptr (XhField) yuan = make_field (XH_FIELD_MONEY, "元");
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autofree char *low = NULL, *high = NULL, *inside = NULL;

  yuan->minimum = 0;
  yuan->maximum = 1000000;
  xh_value_set_integer (&value, -1);
  low = xh_field_find_fault (yuan, &value, FALSE);
  xh_value_set_integer (&value, 1000001);
  high = xh_field_find_fault (yuan, &value, FALSE);
  xh_value_set_integer (&value, 1000000);
  inside = xh_field_find_fault (yuan, &value, FALSE);
  g_assert_cmpstr (low, ==, "At least 0.00.");
  g_assert_cmpstr (high, ==, "At most 10,000.00.");
  g_assert_null (inside);
}

static void
test_refuses_what_is_not_of_the_type (void)
{
  const XhFieldType types[] = { XH_FIELD_INTEGER, XH_FIELD_MONEY, XH_FIELD_DECIMAL, XH_FIELD_BOOLEAN, XH_FIELD_DATE,
                                XH_FIELD_CHOICES, XH_FIELD_FILES };
  XhKind kind = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (XhField) field = make_field (types[i], NULL);
      g_autoptr (GError) error = NULL;
      g_auto (XhValue) value = XH_VALUE_INIT, normal = XH_VALUE_INIT;

      field->kind = &kind;
      xh_value_set_text (&value, "{\"a\":[[[[1]]]]}");
      g_assert_false (xh_field_normalise (field, &value, &normal, &error));
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
    }
}

static void
test_results_take_the_type_of_their_field (void)
{
  g_autoptr (XhField) money = make_field (XH_FIELD_MONEY, NULL), text = make_field (XH_FIELD_TEXT, NULL);
  g_autoptr (XhField) decimal = make_field (XH_FIELD_DECIMAL, NULL), date = make_field (XH_FIELD_DATE, NULL);
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_real (&value, 10.6);
  xh_field_coerce (money, &value);
  g_assert_cmpint (value.type, ==, XH_VALUE_INTEGER);
  g_assert_cmpint (value.integer, ==, 11);
  xh_field_coerce (decimal, &value);
  g_assert_cmpint (value.type, ==, XH_VALUE_REAL);
  xh_value_set_integer (&value, 2026);
  xh_field_coerce (text, &value);
  g_assert_cmpstr (xh_value_as_text (&value), ==, "2026");
  xh_field_coerce (date, &value);
  g_assert_true (xh_value_is_null (&value));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/field/reads-money-to-the-fen", test_reads_money_to_the_fen);
  g_test_add_func ("/model/field/reads-numbers", test_reads_numbers);
  g_test_add_func ("/model/field/reads-dates-however-written", test_reads_dates_however_written);
  g_test_add_func ("/model/field/reads-choices-by-code-and-label", test_reads_choices_by_code_and_label);
  g_test_add_func ("/model/field/reads-identifiers-and-text", test_reads_identifiers_and_text);
  g_test_add_func ("/model/field/shows-values", test_shows_values);
  g_test_add_func ("/model/field/shows-what-it-reads", test_shows_what_it_reads);
  g_test_add_func ("/model/field/masks-what-identifies", test_masks_what_identifies);
  g_test_add_func ("/model/field/says-which-check-digit-is-right", test_says_which_check_digit_is_right);
  g_test_add_func ("/model/field/retired-codes-stay-readable", test_retired_codes_stay_readable);
  g_test_add_func ("/model/field/bounds-are-said-as-they-are-typed", test_bounds_are_said_as_they_are_typed);
  g_test_add_func ("/model/field/refuses-what-is-not-of-the-type", test_refuses_what_is_not_of_the_type);
  g_test_add_func ("/model/field/results-take-the-type-of-their-field", test_results_take_the_type_of_their_field);
  return g_test_run ();
}
