/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>

#include "model/xh-catalog.h"
#include "model/xh-scorecard-private.h"

/* A card small enough to be judged in the head: two dimensions of 20 and a bonus of 5, grades from 30 and 20, a veto to D, one
 * to B, and one that leaves unrated. */

static void
set_label (XhLabel *label, const char *zh, const char *en)
{
  label->zh = g_strdup (zh);
  label->en = g_strdup (en);
}

static void
add_band (XhIndicator *indicator, const char *is, double min, double points)
{
  XhBand *band = xh_band_new ();
  g_autofree char *label = g_strdup_printf ("%g分", points);

  band->is = g_strdup (is);
  band->min = min;
  band->points = points;
  set_label (&band->label, label, "points");
  g_ptr_array_add (indicator->bands, band);
}

static XhIndicator *
add_indicator (XhScorecard *card, const char *name, double max)
{
  XhIndicator *indicator = xh_indicator_new ();
  XhDimension *dimension = g_ptr_array_index (card->dimensions, card->dimensions->len - 1);

  indicator->index = card->indicators->len;
  indicator->dimension = card->dimensions->len - 1;
  indicator->name = g_strdup (name);
  indicator->input = g_strdup (name);
  indicator->max = max;
  indicator->clause = g_strdup ("第1条");
  set_label (&indicator->label, name, name);
  set_label (&indicator->source, "采集表", "Form");
  g_ptr_array_add (card->indicators, indicator);
  dimension->n++;
  return indicator;
}

static void
add_dimension (XhScorecard *card, const char *name, double max, gboolean bonus)
{
  XhDimension *dimension = g_new0 (XhDimension, 1);

  dimension->name = g_strdup (name);
  set_label (&dimension->label, name, name);
  dimension->max = max;
  dimension->bonus = bonus;
  dimension->first = card->indicators->len;
  g_ptr_array_add (card->dimensions, dimension);
}

static void
add_grade (XhScorecard *card, const char *name, double min, gint64 credit, gboolean rated)
{
  XhGrade *grade = g_new0 (XhGrade, 1);

  grade->name = g_strdup (name);
  set_label (&grade->label, name, name);
  grade->min = min;
  grade->credit = credit;
  grade->rated = rated;
  g_ptr_array_add (card->grades, grade);
}

static void
add_veto (XhScorecard *card, const char *name, const char *grade)
{
  XhVeto *veto = g_new0 (XhVeto, 1);

  veto->name = g_strdup (name);
  veto->when = g_strdup (name);
  veto->grade = g_strdup (grade);
  veto->basis = g_strdup ("第2条");
  set_label (&veto->label, name, name);
  g_ptr_array_add (card->vetoes, veto);
}

static void
add_number_bands (XhIndicator *indicator)
{
  add_band (indicator, NULL, 3, 10);
  add_band (indicator, NULL, 1, 5);
  add_band (indicator, NULL, 0, 1);
}

static XhScorecard *
make_card (void)
{
  XhScorecard *card = xh_scorecard_new ();
  XhIndicator *indicator;

  card->name = g_strdup ("small");
  card->kind = g_strdup ("rating");
  card->version = 3;
  set_label (&card->label, "小卡", "Small card");
  card->credit_add = g_strdup ("extra");
  card->credit_cap = 1000;
  add_dimension (card, "one", 20, FALSE);
  add_number_bands (add_indicator (card, "a", 10));
  add_number_bands (add_indicator (card, "b", 10));
  add_dimension (card, "two", 12, FALSE);
  indicator = add_indicator (card, "c", 10);
  add_band (indicator, "good", NAN, 10);
  add_band (indicator, "fair", NAN, 6);
  add_number_bands (add_indicator (card, "d", 10));
  add_dimension (card, "bonus", 5, TRUE);
  add_number_bands (add_indicator (card, "e", 10));
  add_veto (card, "no_consent", "unrated");
  add_veto (card, "listed", "D");
  add_veto (card, "doubt", "B");
  add_grade (card, "A", 30, 500, TRUE);
  add_grade (card, "B", 20, -1, TRUE);
  add_grade (card, "C", 0, 0, TRUE);
  add_grade (card, "D", NAN, 0, TRUE);
  add_grade (card, "unrated", NAN, 0, FALSE);
  return card;
}

/* a, b, d, e as numbers, c as text, three vetoes, the addition. */
static XhScore *
score (const XhScorecard *card, int a, int b, const char *c, int d, int e, int vetoes, gint64 extra)
{
  XhValue *inputs = xh_value_array_new (9);
  XhScore *result;

  xh_value_set_integer (&inputs[0], a);
  xh_value_set_integer (&inputs[1], b);
  xh_value_set_text (&inputs[2], c);
  xh_value_set_integer (&inputs[3], d);
  xh_value_set_integer (&inputs[4], e);
  for (guint i = 0; i < 3; i++)
    xh_value_set_integer (&inputs[5 + i], vetoes >> i & 1);
  xh_value_set_integer (&inputs[8], extra);
  g_assert_cmpuint (xh_scorecard_n_inputs (card), ==, 9);
  result = xh_scorecard_score (card, inputs);
  xh_value_array_free (inputs, 9);
  return result;
}

static void
test_first_band_that_hits_counts (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  const XhIndicator *a = g_ptr_array_index (card->indicators, 0), *c = g_ptr_array_index (card->indicators, 2);
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_assert_null (xh_indicator_find_band (a, &value));
  g_assert_cmpfloat (xh_indicator_points (a, XH_VALUE_NULL, 0), ==, 0);
  g_assert_cmpfloat (xh_indicator_points (a, XH_VALUE_INTEGER, 3), ==, 10);
  g_assert_cmpfloat (xh_indicator_points (a, XH_VALUE_REAL, 2.999), ==, 5);
  g_assert_cmpfloat (xh_indicator_points (a, XH_VALUE_REAL, -1), ==, 0);
  g_assert_cmpfloat (xh_indicator_text_points (a, "3"), ==, 0);
  g_assert_cmpfloat (xh_indicator_text_points (c, "fair"), ==, 6);
  g_assert_cmpfloat (xh_indicator_text_points (c, "none"), ==, 0);
  xh_value_set_text (&value, "good");
  g_assert_cmpfloat (xh_indicator_find_band (c, &value)->points, ==, 10);
}

static void
test_bounds_null_and_catch_all (void)
{
  g_autoptr (XhScorecard) card = xh_scorecard_new ();
  XhIndicator *indicator;
  XhBand *band;

  add_dimension (card, "one", 10, FALSE);
  indicator = add_indicator (card, "x", 10);
  band = xh_band_new ();
  band->is_null = TRUE;
  band->points = 9;
  g_ptr_array_add (indicator->bands, band);
  band = xh_band_new ();
  band->above = 0;
  band->below = 1;
  band->points = 7;
  g_ptr_array_add (indicator->bands, band);
  band = xh_band_new ();
  band->min = 1;
  band->max = 2;
  band->points = 5;
  g_ptr_array_add (indicator->bands, band);
  add_band (indicator, "7", NAN, 4);
  band = xh_band_new ();
  band->points = 2;
  g_ptr_array_add (indicator->bands, band);

  g_assert_cmpfloat (xh_indicator_points (indicator, XH_VALUE_NULL, 0), ==, 9);
  g_assert_cmpfloat (xh_indicator_points (indicator, XH_VALUE_REAL, 0), ==, 2);
  g_assert_cmpfloat (xh_indicator_points (indicator, XH_VALUE_REAL, 0.5), ==, 7);
  g_assert_cmpfloat (xh_indicator_points (indicator, XH_VALUE_INTEGER, 1), ==, 5);
  g_assert_cmpfloat (xh_indicator_points (indicator, XH_VALUE_INTEGER, 2), ==, 5);
  g_assert_cmpfloat (xh_indicator_points (indicator, XH_VALUE_INTEGER, 7), ==, 4);
  g_assert_cmpfloat (xh_indicator_text_points (indicator, "7"), ==, 4);
  g_assert_cmpfloat (xh_indicator_text_points (indicator, "other"), ==, 2);
}

static void
test_caps_dimensions_and_bonus (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  g_autoptr (XhScore) full = score (card, 3, 3, "good", 3, 3, 0, 0);

  g_assert_cmpfloat (full->dimension_points[0], ==, 20);
  g_assert_cmpfloat (full->dimension_points[1], ==, 12);
  g_assert_cmpfloat (full->dimension_points[2], ==, 5);
  g_assert_cmpfloat (full->total, ==, 37);
  g_assert_cmpstr (full->grade->name, ==, "A");
  g_assert_null (full->next);
  g_assert_cmpuint (full->steps->len, ==, 0);
}

static void
test_credit_line (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  g_autoptr (XhScore) basic = score (card, 3, 3, "good", 0, 0, 0, 0);
  g_autoptr (XhScore) added = score (card, 3, 3, "good", 0, 0, 0, 300);
  g_autoptr (XhScore) capped = score (card, 3, 3, "good", 0, 0, 0, G_MAXINT64);
  g_autoptr (XhScore) debt = score (card, 3, 3, "good", 0, 0, 0, -400);
  g_autoptr (XhScore) single = score (card, 3, 3, "none", 0, 0, 0, 300);
  g_autoptr (XhScore) none = score (card, 1, 1, "none", 0, 0, 0, 300);

  g_assert_cmpint (basic->credit, ==, 500);
  g_assert_cmpint (added->credit, ==, 800);
  g_assert_cmpint (capped->credit, ==, 1000);
  g_assert_cmpint (debt->credit, ==, 500);
  g_assert_cmpstr (single->grade->name, ==, "B");
  g_assert_cmpint (single->credit, ==, -1);
  g_assert_cmpstr (none->grade->name, ==, "C");
  g_assert_cmpint (none->credit, ==, 0);
}

static void
test_vetoes_limit_the_grade (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  g_autoptr (XhScore) listed = score (card, 3, 3, "good", 0, 0, 2, 0);
  g_autoptr (XhScore) doubt = score (card, 3, 3, "good", 0, 0, 4, 0);
  g_autoptr (XhScore) low = score (card, 0, 0, "none", 0, 0, 4, 0);
  g_autoptr (XhScore) unrated = score (card, 3, 3, "good", 0, 0, 7, 0);

  g_assert_cmpstr (listed->grade->name, ==, "D");
  g_assert_cmpfloat (listed->total, ==, 32);
  g_assert_cmpstr (listed->next->name, ==, "A");
  g_assert_cmpfloat (listed->missing, ==, 0);
  g_assert_cmpuint (listed->steps->len, ==, 0);
  g_assert_cmpstr (doubt->grade->name, ==, "B");
  g_assert_cmpstr (low->grade->name, ==, "C");
  g_assert_cmpstr (low->next->name, ==, "B");
  g_assert_cmpstr (unrated->grade->name, ==, "unrated");
}

static void
test_no_way_past_a_veto (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  g_autoptr (XhScore) held = score (card, 3, 1, "fair", 0, 0, 4, 0);

  g_assert_cmpstr (held->grade->name, ==, "B");
  g_assert_cmpstr (held->next->name, ==, "A");
  g_assert_cmpfloat (held->missing, >, 0);
  g_assert_cmpuint (held->steps->len, ==, 0);
}

static void
test_asks_no_more_than_needed (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  /* 10 + 5 + 6 + 1 + 1 = 23: seven are missing to A. One indicator gives at most five, so two are needed. */
  g_autoptr (XhScore) two = score (card, 3, 1, "fair", 0, 0, 0, 0);
  /* 10 + 1 + 6 + 1 + 1 = 19: one is missing, and the middle band of b is enough. */
  g_autoptr (XhScore) one = score (card, 3, 0, "fair", 0, 0, 0, 0);
  const XhScoreStep *step;

  g_assert_cmpfloat (two->missing, ==, 7);
  g_assert_cmpuint (two->steps->len, ==, 2);
  g_assert_cmpuint (one->steps->len, ==, 1);
  step = &g_array_index (one->steps, XhScoreStep, 0);
  g_assert_cmpstr (step->indicator->name, ==, "b");
  g_assert_cmpfloat (step->band->points, ==, 5);
  g_assert_cmpfloat (step->gain, ==, 4);
}

static double
total_with (const XhScorecard *card, const XhScore *now, guint mask)
{
  double points[16];

  for (guint i = 0; i < card->indicators->len; i++)
    {
      points[i] = now->rows[i].points;
      if (mask >> i & 1)
        for (guint b = 0; b < now->rows[i].indicator->bands->len; b++)
          points[i] = MAX (points[i], ((XhBand *) now->rows[i].indicator->bands->pdata[b])->points);
    }
  return xh_scorecard_total (card, points, NULL);
}

/* The way found against every set of indicators there is. */
static void
test_the_way_is_the_shortest (void)
{
  g_autoptr (XhScorecard) card = make_card ();

  for (guint round = 0; round < 300; round++)
    {
      const char *const texts[] = { "good", "fair", "none" };
      g_autoptr (XhScore) now = NULL;
      guint least = G_MAXUINT;

      ((XhDimension *) card->dimensions->pdata[1])->max = g_test_rand_int_range (4, 20);
      ((XhDimension *) card->dimensions->pdata[0])->max = g_test_rand_int_range (8, 20);
      now = score (card, g_test_rand_int_range (0, 5), g_test_rand_int_range (0, 5), texts[g_test_rand_int_range (0, 3)],
                   g_test_rand_int_range (0, 5), g_test_rand_int_range (0, 5), 0, 0);
      if (now->next == NULL)
        continue;
      for (guint mask = 1; mask < 32; mask++)
        if (total_with (card, now, mask) >= now->next->min)
          least = MIN (least, (guint) __builtin_popcount (mask));
      g_assert_cmpuint (now->steps->len, ==, least == G_MAXUINT ? 0 : least);
    }
}

static void
test_what_cannot_be_improved_is_no_advice (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  g_autoptr (XhScore) stuck = NULL;

  for (guint i = 0; i < card->indicators->len; i++)
    ((XhIndicator *) card->indicators->pdata[i])->improvable = FALSE;
  stuck = score (card, 1, 1, "fair", 0, 0, 0, 0);
  g_assert_nonnull (stuck->next);
  g_assert_cmpuint (stuck->steps->len, ==, 0);
}

static void
test_total_is_rounded_to_a_tenth (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  const double points[] = { 0.05, 0.1, 0, 0, 0 }, thirds[] = { 10.0 / 3, 10.0 / 3, 0, 0, 0 };

  g_assert_cmpfloat_with_epsilon (xh_scorecard_total (card, points, NULL), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (xh_scorecard_total (card, thirds, NULL), 6.7, 1e-12);
}

static void
assert_as_stored (const XhScore *replayed, const XhScore *then, const char *json)
{
  g_autofree char *again = xh_score_to_json (replayed, replayed->date);

  g_assert_cmpstr (again, ==, json);
  g_assert_cmpstr (replayed->date, ==, "2026-11-22");
  g_assert_cmpuint (replayed->card->version, ==, 3);
  g_assert_cmpfloat (replayed->total, ==, then->total);
  g_assert_cmpstr (replayed->grade->name, ==, then->grade->name);
  g_assert_cmpint (replayed->credit, ==, then->credit);
  g_assert_cmpuint (replayed->card->indicators->len, ==, then->card->indicators->len);
  g_assert_cmpuint (replayed->card->dimensions->len, ==, then->card->dimensions->len);
  for (guint i = 0; i < then->card->dimensions->len; i++)
    g_assert_cmpfloat (replayed->dimension_points[i], ==, then->dimension_points[i]);
  for (guint i = 0; i < then->card->indicators->len; i++)
    {
      const XhScoreRow *row = &replayed->rows[i], *was = &then->rows[i];

      g_assert_cmpstr (row->indicator->name, ==, was->indicator->name);
      g_assert_cmpuint (row->indicator->dimension, ==, was->indicator->dimension);
      g_assert_cmpfloat (row->indicator->max, ==, was->indicator->max);
      g_assert_true (xh_value_equal (&row->input, &was->input));
      g_assert_cmpfloat (row->points, ==, was->points);
      g_assert_cmpstr (row->band != NULL ? row->band->label.zh : NULL, ==, was->band != NULL ? was->band->label.zh : NULL);
    }
}

static void
test_explanation_is_replayed (void)
{
  g_autoptr (XhScorecard) card = make_card ();
  g_autoptr (XhScore) then = score (card, 1, 0, "fair", 0, 0, 0, 300), replayed = NULL;
  g_autofree char *json = xh_score_to_json (then, "2026-11-22");

  replayed = xh_score_from_json (card, json, NULL);
  assert_as_stored (replayed, then, json);
  g_assert_cmpstr (replayed->rows[2].indicator->clause, ==, "第1条");
  g_assert_cmpstr (replayed->rows[2].band->label.en, ==, "points");
  g_assert_cmpstr (replayed->card->label.en, ==, "Small card");
  g_assert_cmpuint (then->steps->len, >, 0);
  g_assert_cmpuint (replayed->steps->len, ==, then->steps->len);
  g_assert_cmpstr (replayed->next->name, ==, then->next->name);
  g_assert_cmpfloat (replayed->missing, ==, then->missing);
}

/* What was judged stands; what is said about it comes from the card as it is now, or is the bare name. */
static void
test_explanation_is_replayed_under_a_changed_card (void)
{
  g_autoptr (XhScorecard) card = make_card (), later = make_card ();
  g_autoptr (XhScore) then = score (card, 3, 0, "fair", 0, 0, 4, 300), replayed = NULL;
  g_autofree char *json = xh_score_to_json (then, "2026-11-22");
  XhIndicator *gone = later->indicators->pdata[0], *changed = later->indicators->pdata[2];
  XhVeto *veto = later->vetoes->pdata[2];

  later->version = 9;
  g_free (gone->name);
  gone->name = g_strdup ("new");
  g_free (changed->label.zh);
  changed->label.zh = g_strdup ("新说法");
  changed->max = 99;
  for (guint i = 0; i < changed->bands->len; i++)
    ((XhBand *) changed->bands->pdata[i])->points *= 2;
  g_free (veto->name);
  veto->name = g_strdup ("other");
  ((XhDimension *) later->dimensions->pdata[0])->max = 1;
  replayed = xh_score_from_json (later, json, NULL);
  assert_as_stored (replayed, then, json);
  g_assert_cmpstr (replayed->rows[0].indicator->label.zh, ==, "a");
  g_assert_null (replayed->rows[0].indicator->clause);
  g_assert_cmpstr (replayed->rows[2].indicator->label.zh, ==, "新说法");
  g_assert_cmpstr (replayed->rows[2].indicator->clause, ==, "第1条");
  g_assert_cmpfloat (replayed->rows[2].band->points, ==, then->rows[2].points);
  g_assert_null (replayed->rows[2].band->label.en);
  g_assert_false (replayed->veto_hit[2]);
  g_assert_true (replayed->veto_hit[3]);
  g_assert_cmpstr (((XhVeto *) replayed->card->vetoes->pdata[3])->label.zh, ==, ((XhVeto *) card->vetoes->pdata[2])->label.zh);
}

static void
test_explanation_by_another_card_goes_by_its_names (void)
{
  g_autoptr (XhScorecard) card = make_card (), other = make_card ();
  g_autoptr (XhScore) then = score (card, 3, 0, "fair", 0, 0, 0, 300), replayed = NULL;
  g_autofree char *json = xh_score_to_json (then, "2026-11-22");

  g_free (other->name);
  other->name = g_strdup ("large");
  replayed = xh_score_from_json (other, json, NULL);
  assert_as_stored (replayed, then, json);
  g_assert_cmpstr (replayed->card->name, ==, "small");
  g_assert_null (replayed->rows[2].indicator->clause);
  g_assert_null (replayed->next);
  g_assert_cmpuint (replayed->steps->len, ==, 0);
}

/* Limits that moved since would advise the way to the grade that the record has. */
static void
test_no_advice_where_the_grade_would_be_another_now (void)
{
  g_autoptr (XhScorecard) card = make_card (), later = make_card ();
  g_autoptr (XhScore) then = score (card, 3, 3, "good", 3, 0, 0, 300), replayed = NULL;
  g_autofree char *json = xh_score_to_json (then, "2026-11-22");

  for (guint i = 0; i < later->grades->len; i++)
    {
      XhGrade *grade = later->grades->pdata[i];

      if (g_str_equal (grade->name, then->grade->name))
        grade->min = then->total + 1;
      grade->credit = 7;
    }
  replayed = xh_score_from_json (later, json, NULL);
  assert_as_stored (replayed, then, json);
  g_assert_null (replayed->next);
  g_assert_cmpint (then->credit, >, 0);
  /* Nor is the credit line said to be made of parts that do not give it. */
  g_assert_cmpint (replayed->grade->credit, ==, 0);
}

static void
test_what_is_no_explanation_is_refused (void)
{
  const char *const texts[] = { "", "{}", "[]", "null", "{\"grade\":3}", "{", "{\"grade\":\"A\"}",
    "{\"grade\":\"A\",\"dimensions\":{},\"rows\":[],\"vetoes\":[]}" };
  g_autoptr (XhScorecard) card = make_card ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XhScore) read = xh_score_from_json (card, texts[i], &error);

      g_assert_null (read);
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
    }
}

static void
test_odd_explanations_are_read_as_far_as_they_go (void)
{
  const char *const texts[] = {
    "{\"grade\":\"A\",\"dimensions\":[],\"rows\":[],\"vetoes\":[]}",
    "{\"card\":\"small\",\"grade\":\"\",\"dimensions\":[3,[],[\"one\"],[null,99]],\"rows\":[1,[],[2],[\"a\",{}]],\"vetoes\":[7,[]]}",
    "{\"card\":\"small\",\"grade\":\"none\",\"dimensions\":[],\"rows\":[[\"e\"],[\"a\"],[\"a\"]],\"vetoes\":[]}",
    "{\"card\":\"small\",\"grade\":\"C\",\"total\":1e300,\"credit\":-5,\"dimensions\":[[\"one\",-3],[\"one\",2]],"
    "\"rows\":[[\"a\",1,-1e300,1e300,\"x\"],[\"a\",1,0,0,\"1分\"]],\"vetoes\":[[\"x\",\"y\"],[\"x\",\"z\"]]}",
  };
  g_autoptr (XhScorecard) card = make_card ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (XhScore) read = xh_score_from_json (card, texts[i], NULL);
      g_autofree char *again = NULL;

      g_assert_nonnull (read);
      again = xh_score_to_json (read, "2026-11-22");
      g_assert_nonnull (again);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/scorecard/first-band-that-hits-counts", test_first_band_that_hits_counts);
  g_test_add_func ("/model/scorecard/bounds-null-and-catch-all", test_bounds_null_and_catch_all);
  g_test_add_func ("/model/scorecard/caps-dimensions-and-bonus", test_caps_dimensions_and_bonus);
  g_test_add_func ("/model/scorecard/credit-line", test_credit_line);
  g_test_add_func ("/model/scorecard/vetoes-limit-the-grade", test_vetoes_limit_the_grade);
  g_test_add_func ("/model/scorecard/no-way-past-a-veto", test_no_way_past_a_veto);
  g_test_add_func ("/model/scorecard/asks-no-more-than-needed", test_asks_no_more_than_needed);
  g_test_add_func ("/model/scorecard/the-way-is-the-shortest", test_the_way_is_the_shortest);
  g_test_add_func ("/model/scorecard/what-cannot-be-improved-is-no-advice", test_what_cannot_be_improved_is_no_advice);
  g_test_add_func ("/model/scorecard/total-is-rounded-to-a-tenth", test_total_is_rounded_to_a_tenth);
  g_test_add_func ("/model/scorecard/explanation-is-replayed", test_explanation_is_replayed);
  g_test_add_func ("/model/scorecard/explanation-is-replayed-under-a-changed-card",
                   test_explanation_is_replayed_under_a_changed_card);
  g_test_add_func ("/model/scorecard/explanation-by-another-card-goes-by-its-names",
                   test_explanation_by_another_card_goes_by_its_names);
  g_test_add_func ("/model/scorecard/no-advice-where-the-grade-would-be-another-now",
                   test_no_advice_where_the_grade_would_be_another_now);
  g_test_add_func ("/model/scorecard/odd-explanations-are-read-as-far-as-they-go",
                   test_odd_explanations_are_read_as_far_as_they_go);
  g_test_add_func ("/model/scorecard/what-is-no-explanation-is-refused", test_what_is_no_explanation_is_refused);
  return g_test_run ();
}
