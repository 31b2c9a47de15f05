/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-test.h"

#include <locale.h>
#include <string.h>

#include "store/xh-pinyin.h"
#include "store/xh-search-text.h"

static void
assert_finds (const char *text, const char *typed, gboolean finds)
{
  if (xh_search_matches (text, typed) != finds)
    g_error ("%s %s %s", typed, finds ? "does not find" : "finds", text);
}

static void
test_names (void)
{
  static const char *const typed[] = { "张三丰", "张", "三丰", "丰", "zhang", "zhangs", "zhangsanfeng", "san", "sf", "zsf", "zs", "z",
                                       "张s", "张三f", "张sanf", "ZS", "ｚｓ", "张 丰", "sanf 张" };
  static const char *const missed[] = { "张丰", "zf", "anfeng", "hang", "李", "zsq", "张f", "丰张" };

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    assert_finds ("张三丰", typed[i], TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (missed); i++)
    assert_finds ("张三丰", missed[i], FALSE);
}

static void
test_surnames (void)
{
  assert_finds ("单田芳", "shan", TRUE);
  assert_finds ("单田芳", "stf", TRUE);
  assert_finds ("单田芳", "dan", TRUE); /* who does not know it finds it, too */
  assert_finds ("尉迟恭", "yuchi", TRUE);
  assert_finds ("万俟卨", "moqi", TRUE);
  assert_finds ("仇和", "qiu", TRUE);
  assert_finds ("吕布", "lv", TRUE);
  assert_finds ("吕布", "lu", TRUE);
  assert_finds ("买买提·吐尔逊", "买提吐", TRUE);
  assert_finds ("𠀀三", "三", TRUE);
}

static void
test_numbers (void)
{
  g_autoptr (GPtrArray) tail = xh_search_parse ("1234"), start = xh_search_parse ("4104"), whole = xh_search_parse ("41042119900101123x");
  const char *id = "41042119900101123X";

  g_assert_false (xh_search_word_matches (g_ptr_array_index (tail, 0), id, XH_SEARCH_NUMBER));
  g_assert_true (xh_search_word_matches (g_ptr_array_index (tail, 0), "410421199001011234", XH_SEARCH_NUMBER));
  g_assert_false (xh_search_word_matches (g_ptr_array_index (start, 0), id, XH_SEARCH_NUMBER));
  g_assert_true (xh_search_word_matches (g_ptr_array_index (whole, 0), id, XH_SEARCH_NUMBER));
}

static void
test_hostile (void)
{
  static const char *const typed[] = { "\"", "' OR 1", "*", "NEAR(", "张\" OR \"李", "(", "^a", "a:b", "-", "\xff\xfe", "，。", "AND", "张*" };

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (GPtrArray) words = xh_search_parse (typed[i]);

      for (guint j = 0; j < words->len; j++)
        g_assert_nonnull (((XhSearchWord *) g_ptr_array_index (words, j))->match);
    }
}

/* --- the index against the test of each text */

static const char *const characters[] = { "张", "李", "王", "单", "三", "四", "丰", "伟", "吕", "A", "b", "1", "·", " " };

static char *
random_name (GRand *rand, guint most)
{
  GString *name = g_string_new (NULL);

  for (guint n = (guint) g_rand_int_range (rand, 1, (gint32) most + 1); n > 0; n--)
    g_string_append (name, characters[g_rand_int_range (rand, 0, G_N_ELEMENTS (characters))]);
  return g_string_free (name, FALSE);
}

static char *
random_typed (GRand *rand)
{
  static const char *const sounds[] = { "z", "zhang", "s", "san", "l", "li", "w", "wa", "dan", "sh", "lv", "f", "1" };
  GString *typed = g_string_new (NULL);

  for (guint n = (guint) g_rand_int_range (rand, 1, 4); n > 0; n--)
    if (g_rand_boolean (rand))
      g_string_append (typed, characters[g_rand_int_range (rand, 0, G_N_ELEMENTS (characters))]);
    else
      g_string_append (typed, sounds[g_rand_int_range (rand, 0, G_N_ELEMENTS (sounds))]);
  return g_string_free (typed, FALSE);
}

static guint
count_by_test (GPtrArray *names, const char *typed)
{
  guint n = 0;

  for (guint i = 0; i < names->len; i++)
    n += xh_search_matches (g_ptr_array_index (names, i), typed);
  return n;
}

static guint
count_by_index (StoreTest *test, const char *typed, guint limit)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = NULL;

  xh_query_search (query, typed);
  rids = xh_store_query_rids (test->store, query, limit, &error);
  g_assert_no_error (error);
  return rids->len;
}

static void
compare_all (StoreTest *test, GPtrArray *names, GRand *rand)
{
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *typed = random_typed (rand);
      g_autoptr (GPtrArray) words = xh_search_parse (typed);
      guint expected = count_by_test (names, typed);

      if (words->len == 0)
        continue;
      if (count_by_index (test, typed, 0) != expected || count_by_index (test, typed, 1000) != expected)
        g_error ("%s: %u by the index, %u of a screen, %u by test", typed, count_by_index (test, typed, 0),
                 count_by_index (test, typed, 1000), expected);
    }
}

static void
test_index_agrees (StoreTest *test, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free), records = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_record_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_store_begin (test->store, &error));
  for (guint i = 0; i < 700; i++)
    {
      g_ptr_array_add (names, random_name (rand, 5));
      g_ptr_array_add (records, store_test_plot (test, g_ptr_array_index (names, i), 1));
      store_test_put (test, g_ptr_array_index (records, i));
    }
  g_assert_true (xh_store_commit (test->store, &error));
  compare_all (test, names, rand); /* most of them wait for the index */
  g_assert_true (xh_store_index (test->store, 0, NULL, &error));
  compare_all (test, names, rand);
  for (guint i = 0; i < 100; i++)
    {
      guint which = (guint) g_rand_int_range (rand, 0, 700);

      g_free (g_ptr_array_index (names, which));
      g_ptr_array_index (names, which) = random_name (rand, 5);
      store_test_set_text (g_ptr_array_index (records, which), "name", g_ptr_array_index (names, which));
      store_test_put (test, g_ptr_array_index (records, which));
    }
  compare_all (test, names, rand);
}

static void
test_edit_is_found (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "张三", 1);
  g_autofree char *before = NULL, *after = NULL, *old = NULL;

  store_test_save (test, record, "name", NULL);
  before = store_test_find (test, "zs");
  g_assert_cmpstr (before, ==, "张三");
  store_test_set_text (record, "name", "李四");
  store_test_save (test, record, "name", NULL);
  after = store_test_find (test, "lis");
  old = store_test_find (test, "zs");
  g_assert_cmpstr (after, ==, "李四");
  g_assert_cmpstr (old, ==, "");
}

static void
test_without_index (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "张三", 1);
  g_autofree char *found = NULL;

  store_test_reopen (test, XH_STORE_SERVER | XH_STORE_NO_SEARCH);
  store_test_put (test, record);
  store_test_reopen (test, XH_STORE_CLIENT);
  found = store_test_find (test, "张");
  g_assert_cmpstr (found, ==, "张三");
}

static void
test_palette (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "张三", 1);
  g_autoptr (GPtrArray) hits = NULL, none = NULL;
  g_autoptr (GError) error = NULL;

  store_test_put (test, record);
  hits = xh_store_search (test->store, "zs", "office", 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_cmpstr (((XhHit *) g_ptr_array_index (hits, 0))->title, ==, "张三");
  none = xh_store_search (test->store, "zs", "manager", 10, &error);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/search/characters-pinyin-initials-and-mixed", test_names);
  g_test_add_func ("/store/search/surnames-are-read-as-surnames", test_surnames);
  g_test_add_func ("/store/search/numbers-of-persons-by-their-tail", test_numbers);
  g_test_add_func ("/store/search/nothing-typed-is-an-expression", test_hostile);
  STORE_TEST ("/store/search/index-agrees-with-each-text", test_index_agrees);
  STORE_TEST ("/store/search/edit-is-found-at-once", test_edit_is_found);
  STORE_TEST ("/store/search/store-without-index-is-indexed-later", test_without_index);
  STORE_TEST ("/store/search/palette-shows-what-the-role-may-read", test_palette);
  return g_test_run ();
}
