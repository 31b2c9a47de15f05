/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/list/xh-record-list.h"
#include "app/list/xh-record-selection.h"
#include "app/list/xh-rid-diff.h"

/* A source that answers when the test says so. */
typedef struct
{
  guint n_rids_asked, n_rows_asked, n_rows;
  guint last_limit, last_generation;
  GArray *last_rows; /* (owned) (nullable) */
} Source;

static XhKind kind;

static void
ask_rids (gpointer data, XhRecordList *list, guint generation, const XhQuery *query, guint limit)
{
  Source *source = data;

  source->n_rids_asked++;
  source->last_limit = limit;
  source->last_generation = generation;
}

static void
ask_rows (gpointer data, XhRecordList *list, guint generation, GArray *rids)
{
  Source *source = data;

  source->n_rows_asked++;
  source->n_rows += rids->len;
  g_clear_pointer (&source->last_rows, g_array_unref);
  source->last_rows = rids;
}

static void
forget (gpointer data, XhRecordList *list, guint generation)
{
}

static const XhRecordSource vtable = { ask_rids, ask_rows, forget };

static GArray *
numbers (gint64 first, guint n)
{
  GArray *rids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);

  for (guint i = 0; i < n; i++)
    {
      const gint64 rid = first + i;

      g_array_append_val (rids, rid);
    }

  return rids;
}

static GArray *
these (const gint64 *values, guint n)
{
  GArray *rids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (rids, values, n);

  return rids;
}

static XhRecordList *
new_list (Source *source, GArray *rids)
{
  XhRecordList *list = xh_record_list_new (&vtable, source, NULL);
  g_autoptr (XhQuery) query = xh_query_new (&kind);

  xh_record_list_set_query (list, query);
  xh_record_list_take_rids (list, source->last_generation, rids, TRUE, NULL);

  return list;
}

static void
run_idles (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* What a view sees: the rids after applying every announced range to a copy. */
typedef struct
{
  GArray *mirror;
  guint n_signals, n_touched;
} Mirror;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Mirror *mirror)
{
  mirror->n_signals++;
  mirror->n_touched += removed + added;
  if (removed > 0)
    g_array_remove_range (mirror->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    {
      const gint64 rid = xh_record_list_get_rid (XH_RECORD_LIST (model), position + i);

      g_array_insert_val (mirror->mirror, position + i, rid);
    }
}

static void
assert_mirrors (XhRecordList *list, Mirror *mirror)
{
  g_assert_cmpuint (mirror->mirror->len, ==, g_list_model_get_n_items (G_LIST_MODEL (list)));
  for (guint i = 0; i < mirror->mirror->len; i++)
    g_assert_cmpint (g_array_index (mirror->mirror, gint64, i), ==, xh_record_list_get_rid (list, i));
}

static void
test_million_costs_only_its_order (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 1000000));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1000000);
  g_assert_cmpuint (source.n_rows_asked, ==, 0);
  for (guint i = 500000; i < 500205; i++)
    g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), i));
  run_idles ();
  g_assert_cmpuint (source.n_rows_asked, <=, 3);
  g_assert_cmpuint (source.n_rows, <=, 3 * XH_RECORD_LIST_PAGE);

  g_assert_finalize_object (list);
  g_clear_pointer (&source.last_rows, g_array_unref);
}

static void
test_item_is_stable_and_fills (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 100));
  g_autoptr (XhRecordItem) item = g_list_model_get_item (G_LIST_MODEL (list), 3);
  g_autoptr (XhRecordItem) again = g_list_model_get_item (G_LIST_MODEL (list), 3);
  GPtrArray *records = g_ptr_array_new ();

  g_assert_true (item == again);
  g_assert_true (xh_record_item_is_loading (item));
  run_idles ();
  g_assert_cmpuint (source.n_rows_asked, ==, 1);

  g_ptr_array_set_size (records, source.last_rows->len);
  xh_record_list_take_rows (list, source.last_generation, g_array_ref (source.last_rows), records, NULL);
  g_assert_false (xh_record_item_is_loading (item));
  g_assert_null (xh_record_item_get_record (item));

  g_assert_finalize_object (list);
  g_clear_pointer (&source.last_rows, g_array_unref);
}

static void
test_late_answer_is_dropped (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 100));
  const guint old = source.last_generation;
  g_autoptr (XhQuery) query = xh_query_new (&kind);

  xh_record_list_set_query (list, query);
  g_assert_cmpuint (source.last_generation, !=, old);
  xh_record_list_take_rids (list, old, numbers (500, 7), TRUE, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 100);
  g_assert_true (xh_record_list_is_loading (list));

  xh_record_list_take_rids (list, source.last_generation, numbers (500, 9), TRUE, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 9);
  g_assert_false (xh_record_list_is_loading (list));

  g_assert_finalize_object (list);
}

static void
test_first_screen_then_the_rest (void)
{
  Source source = { 0 };
  XhRecordList *list = xh_record_list_new (&vtable, &source, NULL);
  Mirror mirror = { g_array_new (FALSE, FALSE, sizeof (gint64)), 0, 0 };
  g_autoptr (XhQuery) query = xh_query_new (&kind);

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &mirror);
  xh_record_list_set_query (list, query);
  g_assert_cmpuint (source.last_limit, ==, XH_RECORD_LIST_FIRST);
  xh_record_list_take_rids (list, source.last_generation, numbers (1, XH_RECORD_LIST_FIRST), FALSE, NULL);
  g_assert_false (xh_record_list_is_complete (list));
  g_assert_cmpuint (source.last_limit, ==, 0);
  mirror.n_signals = mirror.n_touched = 0;

  xh_record_list_take_rids (list, source.last_generation, numbers (1, 5000), TRUE, NULL);
  g_assert_true (xh_record_list_is_complete (list));
  g_assert_cmpuint (mirror.n_signals, ==, 1);
  g_assert_cmpuint (mirror.n_touched, ==, 5000 - XH_RECORD_LIST_FIRST);
  assert_mirrors (list, &mirror);

  g_assert_finalize_object (list);
  g_array_unref (mirror.mirror);
}

static void
test_refresh_announces_exact_ranges (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 10000));
  Mirror mirror = { numbers (1, 10000), 0, 0 };
  GArray *changed = numbers (1, 10000);
  const gint64 fresh = 20000;

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &mirror);
  g_array_remove_index (changed, 9000);
  g_array_remove_index (changed, 10);
  g_array_insert_val (changed, 0, fresh);
  xh_record_list_refresh (list);
  xh_record_list_take_rids (list, source.last_generation, changed, TRUE, NULL);
  g_assert_cmpuint (mirror.n_signals, ==, 3);
  g_assert_cmpuint (mirror.n_touched, ==, 3);
  assert_mirrors (list, &mirror);

  g_assert_finalize_object (list);
  g_array_unref (mirror.mirror);
}

static void
test_same_order_announces_nothing (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 300));
  Mirror mirror = { numbers (1, 300), 0, 0 };

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &mirror);
  xh_record_list_refresh (list);
  xh_record_list_take_rids (list, source.last_generation, numbers (1, 300), TRUE, NULL);
  g_assert_cmpuint (mirror.n_signals, ==, 0);

  g_assert_finalize_object (list);
  g_array_unref (mirror.mirror);
}

static void
test_refresh_reads_held_rows_again (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 300));

  g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), 5));
  run_idles ();
  g_assert_cmpuint (source.n_rows_asked, ==, 1);
  xh_record_list_refresh (list);
  g_assert_cmpuint (source.n_rows_asked, ==, 2);

  g_assert_finalize_object (list);
  g_clear_pointer (&source.last_rows, g_array_unref);
}

/* Any old order, any new one: applying the ranges gives the new one. */
static void
test_diff_holds_for_any_change (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint round = 0; round < 400; round++)
    {
      Source source = { 0 };
      const guint n = g_rand_int_range (rand, 0, 60);
      GArray *old = numbers (1, n);
      GArray *fresh = these ((const gint64 *) old->data, old->len);
      Mirror mirror = { these ((const gint64 *) old->data, old->len), 0, 0 };
      XhRecordList *list = new_list (&source, old);

      g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &mirror);
      for (gint edits = g_rand_int_range (rand, 0, 12); edits > 0; edits--)
        {
          const gint64 rid = 1000 + round * 20 + edits;

          if (fresh->len > 0 && g_rand_boolean (rand))
            g_array_remove_index (fresh, g_rand_int_range (rand, 0, fresh->len));
          if (fresh->len > 1 && g_rand_boolean (rand))
            {
              const guint from = g_rand_int_range (rand, 0, fresh->len);
              const gint64 moved = g_array_index (fresh, gint64, from);

              g_array_remove_index (fresh, from);
              g_array_insert_val (fresh, g_rand_int_range (rand, 0, fresh->len + 1), moved);
            }
          if (g_rand_boolean (rand))
            g_array_insert_val (fresh, g_rand_int_range (rand, 0, fresh->len + 1), rid);
        }
      xh_record_list_refresh (list);
      xh_record_list_take_rids (list, source.last_generation, g_array_ref (fresh), TRUE, NULL);
      assert_mirrors (list, &mirror);
      g_assert_cmpuint (mirror.mirror->len, ==, fresh->len);
      for (guint i = 0; i < fresh->len; i++)
        g_assert_cmpint (g_array_index (fresh, gint64, i), ==, g_array_index (mirror.mirror, gint64, i));

      g_assert_finalize_object (list);
      g_array_unref (fresh);
      g_array_unref (mirror.mirror);
    }
}

static void
test_ticks_stay_with_their_records (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 50));
  XhRecordSelection *selection = xh_record_selection_new (list);
  GArray *fresh = numbers (1, 50);
  const gint64 rid = 99;

  xh_record_selection_set (selection, 9, TRUE);  /* 10 */
  xh_record_selection_set (selection, 19, TRUE); /* 20 */
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 3, TRUE);
  g_assert_cmpuint (xh_record_selection_count (selection), ==, 2);

  g_array_remove_index (fresh, 19);
  g_array_insert_val (fresh, 0, rid);
  g_array_remove_index (fresh, 49);
  xh_record_list_refresh (list);
  xh_record_list_take_rids (list, source.last_generation, fresh, TRUE, NULL);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 10));
  g_assert_false (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 9));
  g_assert_cmpuint (xh_record_selection_count (selection), ==, 1);

  g_assert_finalize_object (selection);
  g_assert_finalize_object (list);
}

static void
test_another_question_unticks (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 50));
  XhRecordSelection *selection = xh_record_selection_new (list);
  g_autoptr (XhQuery) query = xh_query_new (&kind);

  xh_record_selection_set (selection, 9, TRUE);
  xh_record_list_set_query (list, query);
  xh_record_list_take_rids (list, source.last_generation, numbers (1, 50), TRUE, NULL);
  g_assert_cmpuint (xh_record_selection_count (selection), ==, 0);

  g_assert_finalize_object (selection);
  g_assert_finalize_object (list);
}

/* The store was replaced as a whole: the same numbers are other records. */
static void
test_another_epoch_unticks (void)
{
  Source source = { 0 };
  XhRecordList *list = new_list (&source, numbers (1, 50));
  XhRecordSelection *selection = xh_record_selection_new (list);
  XhRecordItem *before = g_list_model_get_item (G_LIST_MODEL (list), 9), *after;

  xh_record_selection_set (selection, 9, TRUE);
  xh_record_list_refresh (list);
  xh_record_list_take_epoch (list, source.last_generation - 1, 7); /* late: of another question */
  g_assert_cmpint (xh_record_list_get_epoch (list), ==, 0);
  xh_record_list_take_epoch (list, source.last_generation, 1);
  xh_record_list_take_rids (list, source.last_generation, numbers (1, 50), TRUE, NULL);
  g_assert_cmpint (xh_record_list_get_epoch (list), ==, 1);
  g_assert_cmpuint (xh_record_selection_count (selection), ==, 0);
  after = g_list_model_get_item (G_LIST_MODEL (list), 9);
  g_assert_true (before != after);

  xh_record_selection_set (selection, 9, TRUE);
  xh_record_list_refresh (list);
  xh_record_list_take_epoch (list, source.last_generation, 1);
  xh_record_list_take_rids (list, source.last_generation, numbers (1, 50), TRUE, NULL);
  g_assert_cmpuint (xh_record_selection_count (selection), ==, 1);

  g_object_unref (before);
  g_object_unref (after);
  g_assert_finalize_object (selection);
  g_assert_finalize_object (list);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  kind.name = (char *) "household";
  kind.fields = g_ptr_array_new ();

  g_test_add_func ("/app/record-list/a-million-rows-cost-only-their-order", test_million_costs_only_its_order);
  g_test_add_func ("/app/record-list/an-item-is-stable-and-fills", test_item_is_stable_and_fills);
  g_test_add_func ("/app/record-list/a-late-answer-is-dropped", test_late_answer_is_dropped);
  g_test_add_func ("/app/record-list/first-screen-then-the-rest", test_first_screen_then_the_rest);
  g_test_add_func ("/app/record-list/a-refresh-announces-exact-ranges", test_refresh_announces_exact_ranges);
  g_test_add_func ("/app/record-list/the-same-order-announces-nothing", test_same_order_announces_nothing);
  g_test_add_func ("/app/record-list/a-refresh-reads-held-rows-again", test_refresh_reads_held_rows_again);
  g_test_add_func ("/app/record-list/ranges-hold-for-any-change", test_diff_holds_for_any_change);
  g_test_add_func ("/app/record-selection/ticks-stay-with-their-records", test_ticks_stay_with_their_records);
  g_test_add_func ("/app/record-selection/another-question-unticks", test_another_question_unticks);
  g_test_add_func ("/app/record-selection/another-epoch-unticks", test_another_epoch_unticks);

  return g_test_run ();
}
