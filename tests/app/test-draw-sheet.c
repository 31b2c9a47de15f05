/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the page of random draws works out without a display. */
#include <glib.h>

#include "app/tools/xh-draw-sheet.h"

static void
assert_range (const char *range, double minimum, double maximum)
{
  const XhSamplingRatio ratio = { .range = (char *) range };
  double low, high;

  xh_draw_range (&ratio, &low, &high);
  g_assert_cmpfloat (low, ==, minimum);
  g_assert_cmpfloat (high, ==, maximum);
}

static void
test_range_from_words (void)
{
  assert_range ("≤5%", 0, 5);
  assert_range ("5%—20%", 5, 20);
  assert_range ("61%—100%", 61, 100);
  assert_range ("≥30%", 30, 100);
  assert_range (NULL, 0, 100);
  assert_range ("由牵头单位定", 0, 100);
  assert_range ("60%—20%", 0, 100);
}

static void
test_wanted_is_rounded_up (void)
{
  const XhSamplingRatio none = { .minimum = 0 }, one = { .minimum = 1 };

  g_assert_cmpuint (xh_draw_wanted (&none, 5, 6), ==, 1);
  g_assert_cmpuint (xh_draw_wanted (&none, 20, 5), ==, 1);
  g_assert_cmpuint (xh_draw_wanted (&none, 60, 4), ==, 3);
  g_assert_cmpuint (xh_draw_wanted (&none, 100, 6), ==, 6);
  g_assert_cmpuint (xh_draw_wanted (&none, 5, 0), ==, 0);
  g_assert_cmpuint (xh_draw_wanted (&one, 0, 9), ==, 1);
  g_assert_cmpuint (xh_draw_wanted (&one, 0, 0), ==, 0);
}

static void
test_recorded_draw_is_read_back (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (XhRecord) record = NULL;
  XhDrawSheet *sheet;
  const struct { const char *field, *text; } values[] = {
    { "seed", "0731" }, { "scheme", "farm-producer" }, { "pool_hash", "abc" },
    { "ratios", "[{\"_id\":\"a\",\"grade\":\"B\",\"percent\":12.5},{\"_id\":\"b\",\"grade\":7}]" },
    { "drawn", "[{\"_id\":\"c\",\"name\":\"甲\",\"record_id\":\"id-1\",\"grade\":\"B\"},{\"_id\":\"d\",\"name\":5}]" },
  };

  g_assert_no_error (error);
  record = xh_record_new (xh_catalog_find_kind (catalog, xh_catalog_get_register (catalog, "draw")), NULL);
  g_assert_null (xh_draw_sheet_read (catalog, record, &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
  g_clear_error (&error);

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const XhValue value = { .type = XH_VALUE_TEXT, { .text = (char *) values[i].text } };

      g_assert_true (xh_record_set (record, values[i].field, &value));
    }
  sheet = xh_draw_sheet_read (catalog, record, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sheet->objects->len, ==, 2);
  g_assert_cmpstr (((XhDrawObject *) g_ptr_array_index (sheet->objects, 0))->id, ==, "id-1");
  g_assert_cmpfloat (g_array_index (sheet->percents, double, 0), ==, 5);
  g_assert_cmpfloat (g_array_index (sheet->percents, double, 1), ==, 12.5);
  xh_draw_sheet_free (sheet);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/draw-sheet/range-from-words", test_range_from_words);
  g_test_add_func ("/app/draw-sheet/wanted-is-rounded-up", test_wanted_is_rounded_up);
  g_test_add_func ("/app/draw-sheet/recorded-draw-is-read-back", test_recorded_draw_is_read_back);

  return g_test_run ();
}
