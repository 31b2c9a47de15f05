/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-scorecard-private.h"

#include <math.h>

static void
clear_label (XhLabel *label)
{
  g_free (label->zh);
  g_free (label->en);
}

static void
free_band (gpointer data)
{
  XhBand *band = data;

  g_free (band->is);
  clear_label (&band->label);
  g_free (band);
}

static void
free_indicator (gpointer data)
{
  XhIndicator *indicator = data;

  g_free (indicator->name);
  clear_label (&indicator->label);
  g_free (indicator->input);
  g_free (indicator->field);
  clear_label (&indicator->source);
  g_free (indicator->clause);
  g_free (indicator->unit_label);
  g_free (indicator->format);
  g_clear_pointer (&indicator->bands, g_ptr_array_unref);
  g_free (indicator);
}

static void
free_dimension (gpointer data)
{
  XhDimension *dimension = data;

  g_free (dimension->name);
  clear_label (&dimension->label);
  g_free (dimension);
}

static void
free_veto (gpointer data)
{
  XhVeto *veto = data;

  g_free (veto->name);
  clear_label (&veto->label);
  g_free (veto->when);
  g_free (veto->grade);
  g_free (veto->basis);
  g_free (veto);
}

static void
free_grade (gpointer data)
{
  XhGrade *grade = data;

  g_free (grade->name);
  clear_label (&grade->label);
  clear_label (&grade->use);
  g_free (grade);
}

XhScorecard *
xh_scorecard_new (void)
{
  XhScorecard *card = g_new0 (XhScorecard, 1);

  card->dimensions = g_ptr_array_new_with_free_func (free_dimension);
  card->indicators = g_ptr_array_new_with_free_func (free_indicator);
  card->vetoes = g_ptr_array_new_with_free_func (free_veto);
  card->grades = g_ptr_array_new_with_free_func (free_grade);
  return card;
}

void
xh_scorecard_free (XhScorecard *card)
{
  if (card == NULL)
    return;
  g_free (card->name);
  g_free (card->kind);
  g_free (card->valid_from);
  g_free (card->valid_to);
  clear_label (&card->label);
  g_ptr_array_unref (card->dimensions);
  g_ptr_array_unref (card->indicators);
  g_ptr_array_unref (card->vetoes);
  g_ptr_array_unref (card->grades);
  g_free (card->credit_add);
  g_free (card->score_field);
  g_free (card->grade_field);
  g_free (card->credit_field);
  g_free (card->explanation_field);
  g_free (card);
}

XhIndicator *
xh_indicator_new (void)
{
  XhIndicator *indicator = g_new0 (XhIndicator, 1);

  indicator->bands = g_ptr_array_new_with_free_func (free_band);
  indicator->improvable = TRUE;
  return indicator;
}

XhBand *
xh_band_new (void)
{
  XhBand *band = g_new0 (XhBand, 1);

  band->min = band->above = band->below = band->max = NAN;
  return band;
}
