/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of pages that are opened by name. */
#include <adwaita.h>

#include "app/window/xh-targets.h"

static void
test_a_target_is_a_name_and_an_argument (void)
{
  const char *argument;

  g_assert_cmpstr (xh_targets_find ("list:household", &argument)->name, ==, "list");
  g_assert_cmpstr (argument, ==, "household");
  g_assert_cmpstr (xh_targets_find ("dashboard", &argument)->name, ==, "dashboard");
  g_assert_null (argument);
  g_assert_cmpstr (xh_targets_find ("record:a:b", &argument)->name, ==, "record");
  g_assert_cmpstr (argument, ==, "a:b");
  g_assert_nonnull (xh_targets_find ("list:", &argument));
  g_assert_null (argument);
}

static void
test_what_is_unknown_opens_nothing (void)
{
  static const char *const names[] = { "", ":", "lis", "lists", "list/household", " list", "win.quit" };
  const char *argument;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (xh_targets_find (names[i], &argument));
  g_assert_null (xh_targets_find (NULL, &argument));
}

static void
test_each_name_is_given_once_and_shown_pages_have_a_title (void)
{
  guint n;
  const XhTarget *targets = xh_targets_get (&n);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < n; i++)
    {
      g_assert_true (g_hash_table_add (seen, (gpointer) targets[i].name));
      g_assert_nonnull (targets[i].make);
      if (targets[i].place != XH_PLACE_NONE)
        {
          g_assert_nonnull (targets[i].title);
          g_assert_nonnull (targets[i].icon);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/targets/a-target-is-a-name-and-an-argument", test_a_target_is_a_name_and_an_argument);
  g_test_add_func ("/app/targets/what-is-unknown-opens-nothing", test_what_is_unknown_opens_nothing);
  g_test_add_func ("/app/targets/each-name-is-given-once", test_each_name_is_given_once_and_shown_pages_have_a_title);

  return g_test_run ();
}
