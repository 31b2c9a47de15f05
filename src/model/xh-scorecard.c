/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-scorecard.h"
#include "xh-scorecard-private.h"

#include <math.h>
#include <string.h>

#include "xh-catalog.h"

/* --- bands */

static gboolean
has_bound (const XhBand *band)
{
  return !isnan (band->min) || !isnan (band->max) || !isnan (band->above) || !isnan (band->below);
}

static gboolean
is_within (const XhBand *band, double number)
{
  /* Comparisons with NaN are false, so a bound that is not there never excludes. */
  return !(number < band->min) && !(number > band->max) && !(number <= band->above) && !(number >= band->below);
}

static gboolean
number_is (double number, const char *text)
{
  char *end;
  double other = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' && other == number;
}

static gboolean
number_hits (const XhBand *band, gboolean is_null, double number)
{
  if (band->is_null)
    return is_null;
  if (band->is != NULL)
    return !is_null && number_is (number, band->is);
  if (has_bound (band))
    return !is_null && is_within (band, number);
  return TRUE;
}

static gboolean
text_hits (const XhBand *band, const char *text)
{
  if (band->is_null || has_bound (band))
    return FALSE;
  return band->is == NULL || strcmp (band->is, text) == 0;
}

static const XhBand *
find_number_band (const XhIndicator *indicator, gboolean is_null, double number)
{
  for (guint i = 0; i < indicator->bands->len; i++)
    {
      const XhBand *band = g_ptr_array_index (indicator->bands, i);

      if (number_hits (band, is_null, number))
        return band;
    }
  return NULL;
}

static const XhBand *
find_text_band (const XhIndicator *indicator, const char *text)
{
  for (guint i = 0; i < indicator->bands->len; i++)
    {
      const XhBand *band = g_ptr_array_index (indicator->bands, i);

      if (text_hits (band, text))
        return band;
    }
  return NULL;
}

/* --- totals and grades */

static double
round_to_tenth (double number)
{
  /* 0.05 in binary lies a hair under or over: what is meant as a half goes up. */
  return floor (number * 10 + 0.5 + 1e-9) / 10;
}

static double
sum_dimension (const XhDimension *dimension, const double *points)
{
  double sum = 0;

  for (guint i = dimension->first; i < dimension->first + dimension->n; i++)
    sum += points[i];
  return MIN (sum, dimension->max);
}

static double
sum_all (const XhScorecard *card, const double *points, double *dimension_points)
{
  double sum = 0;

  for (guint i = 0; i < card->dimensions->len; i++)
    {
      double part = sum_dimension (g_ptr_array_index (card->dimensions, i), points);

      if (dimension_points != NULL)
        dimension_points[i] = part;
      sum += part;
    }
  return sum;
}

static guint
find_grade_index (const XhScorecard *card, const char *name)
{
  for (guint i = 0; i < card->grades->len; i++)
    if (g_strcmp0 (((XhGrade *) g_ptr_array_index (card->grades, i))->name, name) == 0)
      return i;
  return G_MAXUINT;
}

/* The grade of the points alone; below every minimum, the lowest grade that has one. */
static guint
find_index_by_points (const XhScorecard *card, double total)
{
  guint last = 0;

  for (guint i = 0; i < card->grades->len; i++)
    {
      const XhGrade *grade = g_ptr_array_index (card->grades, i);

      if (isnan (grade->min))
        continue;
      last = i;
      if (total >= grade->min - 1e-9)
        break;
    }
  return last;
}

/* The best grade that the vetoes leave, 0 where none hits. An unrated grade comes before everything. */
static guint
find_limit (const XhScorecard *card, const gboolean *veto_hit)
{
  guint limit = 0;

  for (guint i = 0; i < card->vetoes->len; i++)
    {
      guint index;

      if (!veto_hit[i])
        continue;
      index = find_grade_index (card, ((XhVeto *) g_ptr_array_index (card->vetoes, i))->grade);
      if (index == G_MAXUINT)
        continue;
      if (!((XhGrade *) g_ptr_array_index (card->grades, index))->rated)
        return index;
      limit = MAX (limit, index);
    }
  return limit;
}

gint64
xh_scorecard_credit_of (const XhScorecard *card, const XhGrade *grade, gint64 add)
{
  gint64 credit;

  if (grade->credit <= 0)
    return grade->credit < 0 ? -1 : 0;
  if (__builtin_add_overflow (grade->credit, MAX (add, 0), &credit))
    credit = G_MAXINT64;
  return card->credit_cap > 0 ? MIN (card->credit_cap, credit) : credit;
}

/* --- the way to the next grade */

static const XhBand *
find_best_band (const XhScoreRow *row)
{
  const XhBand *best = NULL;

  for (guint i = 0; i < row->indicator->bands->len; i++)
    {
      const XhBand *band = g_ptr_array_index (row->indicator->bands, i);

      /* "Not known" is no advice. */
      if (!band->is_null && band->points > (best != NULL ? best->points : row->points))
        best = band;
    }
  return best;
}

static gboolean
reaches (const XhScore *score, const double *points)
{
  return round_to_tenth (sum_all (score->card, points, NULL)) >= score->next->min - 1e-9;
}

/* What @points would gain in its dimension, under its cap, by raising indicator @index to @raised. */
static double
compute_gain (const XhScorecard *card, double *points, guint index, double raised)
{
  const XhIndicator *indicator = g_ptr_array_index (card->indicators, index);
  const XhDimension *dimension = g_ptr_array_index (card->dimensions, indicator->dimension);
  double before = sum_dimension (dimension, points), now = points[index], gain;

  points[index] = raised;
  gain = sum_dimension (dimension, points) - before;
  points[index] = now;
  return gain;
}

/* Takes the indicator with the largest gain again and again. Within a dimension gains add up under a cap, so the gain of
 * n indicators is concave in n, and taking the largest first is the least number. */
static GArray *
choose_steps (const XhScore *score, double *points)
{
  const XhScorecard *card = score->card;
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (XhScoreStep));
  g_autofree gboolean *taken = g_new0 (gboolean, card->indicators->len + 1);

  while (!reaches (score, points))
    {
      XhScoreStep best = { NULL, NULL, 0 };

      for (guint i = 0; i < card->indicators->len; i++)
        {
          const XhBand *band = taken[i] || !score->rows[i].indicator->improvable ? NULL : find_best_band (&score->rows[i]);
          double gain = band == NULL ? 0 : compute_gain (card, points, i, band->points);

          if (gain > best.gain + 1e-9)
            best = (XhScoreStep) { score->rows[i].indicator, band, gain };
        }
      if (best.indicator == NULL)
        {
          g_array_set_size (steps, 0);
          return steps;
        }
      taken[best.indicator->index] = TRUE;
      points[best.indicator->index] = best.band->points;
      g_array_append_val (steps, best);
    }
  return steps;
}

/* Asks no more of each step than is needed: the lowest band with which the grade is still reached. */
static void
relax_steps (const XhScore *score, GArray *steps, double *points)
{
  for (guint i = steps->len; i-- > 0;)
    {
      XhScoreStep *step = &g_array_index (steps, XhScoreStep, i);
      const XhScoreRow *row = &score->rows[step->indicator->index];
      double *own = &points[step->indicator->index];

      for (guint b = 0; b < step->indicator->bands->len; b++)
        {
          const XhBand *band = g_ptr_array_index (step->indicator->bands, b);

          if (band->is_null || band->points <= row->points || band->points >= step->band->points)
            continue;
          *own = band->points;
          if (reaches (score, points))
            step->band = band;
        }
      *own = step->band->points;
      step->gain = step->band->points - row->points;
    }
}

void
xh_score_find_way (XhScore *score)
{
  const XhScorecard *card = score->card;
  guint by_points = find_index_by_points (card, score->total), limit = find_limit (card, score->veto_hit);
  g_autofree double *points = NULL;

  if (limit > by_points)
    {
      score->next = g_ptr_array_index (card->grades, by_points);
      return;
    }
  while (by_points > 0 && score->next == NULL)
    {
      const XhGrade *grade = g_ptr_array_index (card->grades, --by_points);

      if (!isnan (grade->min))
        score->next = grade;
    }
  if (score->next == NULL)
    return;
  score->missing = round_to_tenth (score->next->min - score->total);
  if (by_points < limit)
    return;
  points = g_new (double, card->indicators->len + 1);
  for (guint i = 0; i < card->indicators->len; i++)
    points[i] = score->rows[i].points;
  g_array_unref (score->steps);
  score->steps = choose_steps (score, points);
  relax_steps (score, score->steps, points);
}

/* --- public */

/**
 * xh_scorecard_n_inputs:
 * @card: a scorecard
 *
 * Returns: how many inputs it takes: one an indicator, one a veto, and the addition to the credit line
 */
guint
xh_scorecard_n_inputs (const XhScorecard *card)
{
  g_return_val_if_fail (card != NULL, 0);

  return card->indicators->len + card->vetoes->len + 1;
}

/**
 * xh_scorecard_input_sql:
 * @card: a scorecard
 * @index: from 0 to xh_scorecard_n_inputs() - 1
 *
 * Returns: (transfer none): the expression of that input; `0` where the card adds nothing to the credit line
 */
const char *
xh_scorecard_input_sql (const XhScorecard *card, guint index)
{
  guint n = card->indicators->len;

  g_return_val_if_fail (index < xh_scorecard_n_inputs (card), NULL);

  if (index < n)
    return ((XhIndicator *) g_ptr_array_index (card->indicators, index))->input;
  if (index < n + card->vetoes->len)
    return ((XhVeto *) g_ptr_array_index (card->vetoes, index - n))->when;
  return card->credit_add != NULL ? card->credit_add : "0";
}

/**
 * xh_scorecard_score:
 * @card: a scorecard; must outlive the score
 * @inputs: (array): xh_scorecard_n_inputs() values
 *
 * Judges one record: the first band that hits gives the points, dimensions are capped, a bonus dimension comes on top, the
 * total is rounded to a tenth, vetoes limit the grade and one that leaves it unrated comes before all (domain.md 5.6).
 * The credit line is the grade's basic line and the addition, at most the cap; -1 where it is decided case by case.
 *
 * `next` is the grade above. Where a veto holds the grade below what the points give, it is the grade of the points, with
 * nothing missing and no steps: only clearing the veto helps.
 *
 * Returns: (transfer full): the score with its explanation
 */
XhScore *
xh_scorecard_score (const XhScorecard *card, const XhValue *inputs)
{
  guint n = card->indicators->len;
  XhScore *score = g_new0 (XhScore, 1);
  g_autofree double *points = g_new0 (double, n + 1);

  score->card = card;
  score->rows = g_new0 (XhScoreRow, n + 1);
  score->dimension_points = g_new0 (double, card->dimensions->len + 1);
  score->veto_hit = g_new0 (gboolean, card->vetoes->len + 1);
  score->steps = g_array_new (FALSE, FALSE, sizeof (XhScoreStep));
  for (guint i = 0; i < n; i++)
    {
      XhScoreRow *row = &score->rows[i];

      row->indicator = g_ptr_array_index (card->indicators, i);
      xh_value_copy (&inputs[i], &row->input);
      row->band = xh_indicator_find_band (row->indicator, &row->input);
      row->points = points[i] = row->band != NULL ? row->band->points : 0;
    }
  for (guint i = 0; i < card->vetoes->len; i++)
    score->veto_hit[i] = xh_value_as_real (&inputs[n + i]) != 0;
  score->credit_add = MAX (xh_value_as_integer (&inputs[n + card->vetoes->len]), 0);
  score->total = xh_scorecard_total (card, points, score->dimension_points);
  score->grade = xh_scorecard_grade_of (card, score->total, score->veto_hit);
  score->credit = xh_scorecard_credit_of (card, score->grade, score->credit_add);
  xh_score_find_way (score);
  return score;
}

/**
 * xh_indicator_find_band:
 * @indicator: an indicator
 * @input: its input
 *
 * A number meets the text of a band that spells the same number. Text meets no bounds. A band without any condition takes
 * everything, what is not known too.
 *
 * Returns: (nullable) (transfer none): the first band that hits
 */
const XhBand *
xh_indicator_find_band (const XhIndicator *indicator, const XhValue *input)
{
  if (input->type == XH_VALUE_TEXT)
    return find_text_band (indicator, input->text);
  return find_number_band (indicator, input->type == XH_VALUE_NULL, xh_value_as_real (input));
}

/**
 * xh_indicator_points:
 * @indicator: an indicator
 * @type: what the input is: %XH_VALUE_NULL, %XH_VALUE_INTEGER or %XH_VALUE_REAL
 * @number: the input, where it is a number
 *
 * Returns: the points of a number, as xh_indicator_find_band() finds them; allocates nothing
 */
double
xh_indicator_points (const XhIndicator *indicator, XhValueType type, double number)
{
  const XhBand *band = find_number_band (indicator, type == XH_VALUE_NULL, number);

  return band != NULL ? band->points : 0;
}

/**
 * xh_indicator_text_points:
 * @indicator: an indicator
 * @text: the input
 *
 * Returns: the points of a text, as xh_indicator_find_band() finds them; allocates nothing
 */
double
xh_indicator_text_points (const XhIndicator *indicator, const char *text)
{
  const XhBand *band = find_text_band (indicator, text);

  return band != NULL ? band->points : 0;
}

/**
 * xh_scorecard_total:
 * @card: a scorecard
 * @points: (array): points of each indicator
 * @dimension_points: (out) (optional) (array): capped points of each dimension
 *
 * Returns: the total, rounded to a tenth; allocates nothing
 */
double
xh_scorecard_total (const XhScorecard *card, const double *points, double *dimension_points)
{
  return round_to_tenth (sum_all (card, points, dimension_points));
}

/**
 * xh_scorecard_grade_of:
 * @card: a scorecard with at least one grade
 * @total: points
 * @veto_hit: (array): which vetoes hold
 *
 * Returns: (transfer none): the grade
 */
const XhGrade *
xh_scorecard_grade_of (const XhScorecard *card, double total, const gboolean *veto_hit)
{
  guint by_points = find_index_by_points (card, total), limit = find_limit (card, veto_hit);

  return g_ptr_array_index (card->grades, MAX (by_points, limit));
}

const XhGrade *
xh_scorecard_find_grade (const XhScorecard *card, const char *name)
{
  guint index = find_grade_index (card, name);

  return index == G_MAXUINT ? NULL : g_ptr_array_index (card->grades, index);
}

gboolean
xh_field_holds_explanation (const XhField *field)
{
  const XhScorecard *card;

  g_return_val_if_fail (field != NULL, FALSE);

  if (!field->scored || field->type != XH_FIELD_LONG_TEXT || field->kind->scorecard == NULL)
    return FALSE;
  card = xh_catalog_find_scorecard (field->kind->catalog, field->kind->scorecard);
  return card != NULL && g_strcmp0 (card->explanation_field, field->name) == 0;
}

void
xh_score_free (XhScore *score)
{
  if (score == NULL)
    return;
  for (guint i = 0; i < score->card->indicators->len; i++)
    xh_value_clear (&score->rows[i].input);
  g_free (score->rows);
  g_free (score->dimension_points);
  g_free (score->veto_hit);
  g_array_unref (score->steps);
  g_free (score->date);
  g_clear_pointer (&score->replayed, xh_scorecard_free);
  g_free (score);
}
