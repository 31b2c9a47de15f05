/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "model/xh-identifiers.h"

/* Public records, docs of GB 32100-2015; both checks of each were recomputed by hand. */
static const char *const true_usccs[] = {
  "91320281142232229Q", "91440300618819640R", "91130105107743680U", "91510185MA64ND8627",
  "11320100MB1886843H", "91320100748204660Q", "91230500MA1B3N1N2M", "11500226753092798P",
};

static void
test_uscc_true_samples (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (true_usccs); i++)
    {
      char expected;

      g_assert_cmpint (xh_uscc_check (true_usccs[i], &expected), ==, XH_IDENTIFIER_OK);
      g_assert_cmpint (expected, ==, true_usccs[i][17]);
      g_assert_true (xh_uscc_inner_check (true_usccs[i]));
    }
}

static void
test_uscc_worked_example (void)
{
  char expected;

  g_assert_cmpint (xh_uscc_check_character ("91350100M000100Y4"), ==, '3');
  g_assert_cmpint (xh_uscc_check ("91350100M000100Y43", NULL), ==, XH_IDENTIFIER_OK);
  g_assert_cmpint (xh_uscc_check ("91350100M000100Y44", &expected), ==, XH_IDENTIFIER_CHECK);
  g_assert_cmpint (expected, ==, '3');
}

/* Every single wrong character must be found: that is what the check character is for. */
static void
test_uscc_single_errors_are_found (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (true_usccs); i++)
    for (int at = 0; at < 18; at++)
      for (const char *c = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *c != '\0'; c++)
        {
          char text[19];

          strcpy (text, true_usccs[i]);
          if (text[at] == *c)
            continue;
          text[at] = *c;
          g_assert_cmpint (xh_uscc_check (text, NULL), !=, XH_IDENTIFIER_OK);
        }
}

static void
test_uscc_faults (void)
{
  g_assert_cmpint (xh_uscc_check (NULL, NULL), ==, XH_IDENTIFIER_LENGTH);
  g_assert_cmpint (xh_uscc_check ("", NULL), ==, XH_IDENTIFIER_LENGTH);
  g_assert_cmpint (xh_uscc_check ("91320281142232229", NULL), ==, XH_IDENTIFIER_LENGTH);
  g_assert_cmpint (xh_uscc_check ("9132028114223222IQ", NULL), ==, XH_IDENTIFIER_CHARACTER);
  g_assert_cmpint (xh_uscc_check ("91320281142232229q", NULL), ==, XH_IDENTIFIER_CHARACTER);
  g_assert_cmpint (xh_uscc_check ("9.1320281142232E+17", NULL), ==, XH_IDENTIFIER_DAMAGED);
  g_assert_false (xh_uscc_inner_check ("91320281142232228Q"));
}

static void
test_id_number_worked_example (void)
{
  g_autofree char *birth = xh_id_number_birthdate ("34052419800101001X");

  g_assert_cmpint (xh_id_number_check_character ("34052419800101001"), ==, 'X');
  g_assert_cmpint (xh_id_number_check ("34052419800101001X", NULL), ==, XH_IDENTIFIER_OK);
  g_assert_cmpstr (birth, ==, "1980-01-01");
  g_assert_cmpint (xh_id_number_sex ("34052419800101001X"), ==, 1);
  g_assert_cmpint (xh_id_number_sex ("340524198001010028"), ==, 2);
}

static void
test_id_number_faults (void)
{
  char expected;

  g_assert_cmpint (xh_id_number_check ("340524198001010011", &expected), ==, XH_IDENTIFIER_CHECK);
  g_assert_cmpint (expected, ==, 'X');
  g_assert_cmpint (xh_id_number_check ("34052419800101001x", NULL), ==, XH_IDENTIFIER_CHARACTER);
  g_assert_cmpint (xh_id_number_check ("34052419800230001X", NULL), ==, XH_IDENTIFIER_DATE);
  g_assert_cmpint (xh_id_number_check ("34052419801301001X", NULL), ==, XH_IDENTIFIER_DATE);
  g_assert_cmpint (xh_id_number_check ("340524198001010", NULL), ==, XH_IDENTIFIER_LENGTH);
  g_assert_cmpint (xh_id_number_check ("3405241980O101001X", NULL), ==, XH_IDENTIFIER_CHARACTER);
  g_assert_cmpint (xh_id_number_check ("3.40524E+17", NULL), ==, XH_IDENTIFIER_DAMAGED);
  g_assert_cmpint (xh_id_number_check ("340524198001010000", NULL), ==, XH_IDENTIFIER_DAMAGED);
  g_assert_null (xh_id_number_birthdate ("not a number"));
  g_assert_cmpint (xh_id_number_sex ("not a number"), ==, 0);
}

/* XINHENG_TODAY is 2026-11-22 here. */
static void
test_id_number_in_the_future (void)
{
  char born_today[] = "41042120261122001?", born_tomorrow[] = "41042120261123001?";

  born_today[17] = xh_id_number_check_character (born_today);
  born_tomorrow[17] = xh_id_number_check_character (born_tomorrow);
  g_assert_cmpint (xh_id_number_check (born_today, NULL), ==, XH_IDENTIFIER_OK);
  g_assert_cmpint (xh_id_number_check (born_tomorrow, NULL), ==, XH_IDENTIFIER_DATE);
}

static void
test_normalise (void)
{
  static const struct { const char *typed, *stored; } cases[] = {
    { " 34052419800101001x ", "34052419800101001X" },
    { "340524 19800101 001x", "34052419800101001X" },
    { "340524-19800101-001X", "34052419800101001X" },
    { "３４０５２４１９８００１０１００１ｘ", "34052419800101001X" },
    { "\xE3\x80\x80" "34052419800101001X\xE2\x80\x8B\r\n", "34052419800101001X" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *result = xh_identifier_normalise (cases[i].typed);

      g_assert_cmpstr (result, ==, cases[i].stored);
    }
}

static void
test_invalid_utf8_is_survived (void)
{
  g_autofree char *normal = xh_identifier_normalise ("3405\xFF\xFE");
  g_autofree char *masked = xh_identifier_mask ("3405\xFF\xFE");

  g_assert_true (g_utf8_validate (normal, -1, NULL));
  g_assert_true (g_utf8_validate (masked, -1, NULL));
}

static void
test_mask (void)
{
  static const struct { const char *text, *masked; } cases[] = {
    { "410421198001011234", "410421********1234" },
    { "13812345678", "138****5678" },
    { "张三丰", "张**" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *result = xh_identifier_mask (cases[i].text);

      g_assert_cmpstr (result, ==, cases[i].masked);
    }
}

static void
test_phone (void)
{
  static const char *const good[] = { "13812345678", "19912345678", "0375-6511234", "03756511234", "010-12345678" };
  static const char *const bad[] = { "", "12812345678", "1381234567", "138123456789", "1381234567a", "6511234", "0375-651-123",
                                     "00000" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (xh_phone_check (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (xh_phone_check (bad[i]));
  g_assert_false (xh_phone_check (NULL));
}

static void
test_uuids_are_ordered_and_valid (void)
{
  g_autofree char *before = xh_uuid_v7_new ();

  for (int i = 0; i < 20000; i++)
    {
      char *next = xh_uuid_v7_new ();

      g_assert_true (xh_uuid_is_valid (next));
      g_assert_cmpint (next[14], ==, '7');
      g_assert_nonnull (strchr ("89ab", next[19]));
      g_assert_cmpstr (before, <, next);
      g_free (before);
      before = next;
    }
  g_assert_false (xh_uuid_is_valid (NULL));
  g_assert_false (xh_uuid_is_valid ("0199F1C0-0000-7000-8000-000000000000"));
  g_assert_false (xh_uuid_is_valid ("0199f1c0-0000-7000-8000-00000000000"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/identifiers/uscc-accepts-true-samples", test_uscc_true_samples);
  g_test_add_func ("/model/identifiers/uscc-worked-example", test_uscc_worked_example);
  g_test_add_func ("/model/identifiers/uscc-single-errors-are-found", test_uscc_single_errors_are_found);
  g_test_add_func ("/model/identifiers/uscc-names-the-fault", test_uscc_faults);
  g_test_add_func ("/model/identifiers/id-number-worked-example", test_id_number_worked_example);
  g_test_add_func ("/model/identifiers/id-number-names-the-fault", test_id_number_faults);
  g_test_add_func ("/model/identifiers/id-number-not-in-the-future", test_id_number_in_the_future);
  g_test_add_func ("/model/identifiers/normalises-what-is-typed", test_normalise);
  g_test_add_func ("/model/identifiers/survives-invalid-utf8", test_invalid_utf8_is_survived);
  g_test_add_func ("/model/identifiers/masks-the-middle", test_mask);
  g_test_add_func ("/model/identifiers/phone-numbers", test_phone);
  g_test_add_func ("/model/identifiers/uuids-are-ordered-and-valid", test_uuids_are_ordered_and_valid);
  return g_test_run ();
}
