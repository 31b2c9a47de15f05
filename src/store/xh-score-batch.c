/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-score-batch.h"

#include <math.h>
#include <string.h>

#include "xh-score-batch-private.h"

#define NO_BAND G_MAXUINT8

/* --- bands */

/* Points of every band, and after them none. */
static double *
band_points (const XhIndicator *indicator)
{
  double *points = g_new0 (double, NO_BAND + 1);

  for (guint i = 0; i < indicator->bands->len && i < NO_BAND; i++)
    points[i] = ((XhBand *) g_ptr_array_index (indicator->bands, i))->points;
  return points;
}

static guint8
band_index (const XhIndicator *indicator, const XhValue *input)
{
  const XhBand *band = xh_indicator_find_band (indicator, input);
  guint index;

  if (band == NULL || !g_ptr_array_find (indicator->bands, band, &index))
    return NO_BAND;
  return (guint8) MIN (index, NO_BAND);
}

/* Columns of few different inputs: the bands are found once an input, not once a row. */
static void
find_code_bands (XhScoreColumn *column, const XhIndicator *indicator, guint n)
{
  g_autofree guint8 *by_code = g_new0 (guint8, XH_SCORE_MAX_CODES);

  for (guint i = 0; i < column->inputs->len; i++)
    by_code[i] = band_index (indicator, &g_array_index (column->inputs, XhValue, i));
  for (guint i = 0; i < n; i++)
    column->bands[i] = by_code[column->codes[i]];
}

typedef struct
{
  double min, above, below, max;
  gboolean takes_null, takes_numbers;
} NumberBand;

static guint
compile_bands (const XhIndicator *indicator, NumberBand *compiled)
{
  guint n = MIN (indicator->bands->len, NO_BAND);

  for (guint i = 0; i < n; i++)
    {
      const XhBand *band = g_ptr_array_index (indicator->bands, i);
      const gboolean bound = !isnan (band->min) || !isnan (band->above) || !isnan (band->below) || !isnan (band->max);

      compiled[i] = (NumberBand) { band->min, band->above, band->below, band->max, FALSE, TRUE };
      if (band->is_null)
        compiled[i].takes_null = TRUE, compiled[i].takes_numbers = FALSE;
      else if (band->is != NULL)
        {
          char *end;
          double number = g_ascii_strtod (band->is, &end);

          compiled[i].takes_numbers = end != band->is && *end == '\0';
          compiled[i].min = compiled[i].max = number;
        }
      else
        compiled[i].takes_null = !bound;
    }
  return n;
}

static void
find_number_bands (XhScoreColumn *column, const XhIndicator *indicator, guint n)
{
  NumberBand bands[NO_BAND];
  const guint n_bands = compile_bands (indicator, bands);

  for (guint i = 0; i < n; i++)
    {
      const double number = column->numbers[i];
      guint b = 0;

      if (isnan (number))
        while (b < n_bands && !bands[b].takes_null)
          b++;
      else /* comparisons with a bound that is not there (NaN) are false */
        while (b < n_bands && (!bands[b].takes_numbers || number < bands[b].min || number > bands[b].max || number <= bands[b].above
                               || number >= bands[b].below))
          b++;
      column->bands[i] = (guint8) (b < n_bands ? b : NO_BAND);
    }
}

static void
find_bands (XhScoreColumn *column, const XhIndicator *indicator, guint n)
{
  if (column->numbers != NULL)
    find_number_bands (column, indicator, n);
  else
    find_code_bands (column, indicator, n);
  g_free (column->points);
  column->points = band_points (indicator);
}

/* --- sums and grades */

static void
sum_dimension (XhScoreBatch *self, guint d)
{
  const XhDimension *dimension = g_ptr_array_index (self->card->dimensions, d);
  double *sums = self->dimensions[d];

  memset (sums, 0, self->n * sizeof (double));
  for (guint c = dimension->first; c < dimension->first + dimension->n; c++)
    {
      const guint8 *bands = self->columns[c].bands;
      const double *points = self->columns[c].points;

      for (guint i = 0; i < self->n; i++)
        sums[i] += points[bands[i]];
    }
  for (guint i = 0; i < self->n; i++)
    sums[i] = MIN (sums[i], dimension->max);
}

/* As xh_scorecard_total() rounds. */
static double
total_of (XhScoreBatch *self, guint row)
{
  double sum = 0;

  for (guint d = 0; d < self->card->dimensions->len; d++)
    sum += self->dimensions[d][row];
  return floor (sum * 10 + 0.5 + 1e-9) / 10;
}

static guint
grade_by_points (const XhScorecard *card, double total)
{
  guint last = 0;

  for (guint i = 0; i < card->grades->len; i++)
    {
      const double min = ((XhGrade *) g_ptr_array_index (card->grades, i))->min;

      if (isnan (min))
        continue;
      last = i;
      if (total >= min - 1e-9)
        break;
    }
  return last;
}

static void
find_grades (XhScoreBatch *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      const guint by_points = grade_by_points (self->card, total_of (self, i));

      self->grades[i] = (guint8) MAX (by_points, self->limits[i]);
    }
}

/* --- public functions */

/**
 * xh_score_batch_new:
 * @store: a store; a second connection to its file reads half of the records
 * @card: a scorecard of its catalog; must outlive the batch
 * @cancellable: (nullable): ends it with %G_IO_ERROR_CANCELLED
 *
 * Scores every record of the card's kind that is not deleted. Takes about 150 bytes a record. Call it in a worker.
 *
 * Returns: (transfer full): the scores, or %NULL with an error
 */
XhScoreBatch *
xh_score_batch_new (XhStore *store, const XhScorecard *card, GCancellable *cancellable, GError **error)
{
  g_autoptr (XhScoreBatch) self = g_new0 (XhScoreBatch, 1);

  g_return_val_if_fail (store != NULL && card != NULL, NULL);

  self->card = card;
  self->columns = g_new0 (XhScoreColumn, card->indicators->len);
  self->dimensions = g_new0 (double *, card->dimensions->len);
  if (!xh_score_batch_read (self, store, cancellable, error))
    return NULL;
  self->grades = g_new0 (guint8, self->n);
  for (guint c = 0; c < card->indicators->len; c++)
    {
      self->columns[c].bands = g_new (guint8, self->n);
      find_bands (&self->columns[c], g_ptr_array_index (card->indicators, c), self->n);
    }
  for (guint d = 0; d < card->dimensions->len; d++)
    {
      self->dimensions[d] = g_new (double, self->n);
      sum_dimension (self, d);
    }
  find_grades (self);
  return g_steal_pointer (&self);
}

void
xh_score_batch_free (XhScoreBatch *self)
{
  if (self == NULL)
    return;
  for (guint c = 0; c < self->card->indicators->len; c++)
    {
      g_clear_pointer (&self->columns[c].inputs, g_array_unref);
      g_free (self->columns[c].codes);
      g_free (self->columns[c].numbers);
      g_free (self->columns[c].bands);
      g_free (self->columns[c].points);
    }
  for (guint d = 0; d < self->card->dimensions->len; d++)
    g_free (self->dimensions[d]);
  g_free (self->columns);
  g_free (self->dimensions);
  g_free (self->rids);
  g_free (self->limits);
  g_free (self->grades);
  g_free (self);
}

guint
xh_score_batch_get_n (XhScoreBatch *self)
{
  return self->n;
}

/**
 * xh_score_batch_get_total:
 * @row: from 0 to xh_score_batch_get_n() - 1, in the order of row ids
 * @grade: (out) (optional) (transfer none): its grade
 * @rid: (out) (optional): the record
 *
 * Returns: the total as xh_scorecard_score() gives it
 */
double
xh_score_batch_get_total (XhScoreBatch *self, guint row, const XhGrade **grade, gint64 *rid)
{
  g_return_val_if_fail (row < self->n, 0);

  if (grade != NULL)
    *grade = g_ptr_array_index (self->card->grades, self->grades[row]);
  if (rid != NULL)
    *rid = self->rids[row];
  return total_of (self, row);
}

/**
 * xh_score_batch_rescore:
 * @indicator: which indicator of the card
 * @changed: it with other bands; its input is the same. Need not outlive the call
 *
 * Judges one column of inputs anew, and the sums and grades that hang on it.
 */
void
xh_score_batch_rescore (XhScoreBatch *self, guint indicator, const XhIndicator *changed)
{
  const XhIndicator *present;

  g_return_if_fail (indicator < self->card->indicators->len);

  present = g_ptr_array_index (self->card->indicators, indicator);
  find_bands (&self->columns[indicator], changed, self->n);
  sum_dimension (self, present->dimension);
  find_grades (self);
}

/**
 * xh_score_batch_grade_counts:
 * @counts: (out caller-allocates): how many records have each grade of the card, best first
 */
void
xh_score_batch_grade_counts (XhScoreBatch *self, guint64 *counts)
{
  memset (counts, 0, self->card->grades->len * sizeof *counts);
  for (guint i = 0; i < self->n; i++)
    counts[self->grades[i]]++;
}
