/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-scorecard-private.h"

#include <math.h>

#include "xh-reader-private.h"

static void
free_band (gpointer data)
{
  XhBand *band = data;

  g_free (band->is);
  xh_label_clear (&band->label);
  g_free (band);
}

static void
free_indicator (gpointer data)
{
  XhIndicator *indicator = data;

  g_free (indicator->name);
  xh_label_clear (&indicator->label);
  g_free (indicator->input);
  g_free (indicator->field);
  xh_label_clear (&indicator->source);
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
  xh_label_clear (&dimension->label);
  g_free (dimension);
}

static void
free_veto (gpointer data)
{
  XhVeto *veto = data;

  g_free (veto->name);
  xh_label_clear (&veto->label);
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
  xh_label_clear (&grade->label);
  xh_label_clear (&grade->use);
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
  xh_label_clear (&card->label);
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

/* --- copies, of what is shown: expressions stay behind */

void
xh_label_copy (const XhLabel *label, XhLabel *copy)
{
  copy->zh = g_strdup (label->zh);
  copy->en = g_strdup (label->en);
}

static XhBand *
copy_band (const XhBand *band)
{
  XhBand *copy = g_new (XhBand, 1);

  *copy = *band;
  copy->is = g_strdup (band->is);
  xh_label_copy (&band->label, &copy->label);
  return copy;
}

XhIndicator *
xh_indicator_copy (const XhIndicator *indicator)
{
  XhIndicator *copy = g_new (XhIndicator, 1);

  *copy = *indicator;
  copy->name = g_strdup (indicator->name);
  xh_label_copy (&indicator->label, &copy->label);
  copy->input = NULL;
  copy->field = g_strdup (indicator->field);
  xh_label_copy (&indicator->source, &copy->source);
  copy->clause = g_strdup (indicator->clause);
  copy->unit_label = g_strdup (indicator->unit_label);
  copy->format = g_strdup (indicator->format);
  copy->bands = g_ptr_array_new_with_free_func (free_band);
  for (guint i = 0; i < indicator->bands->len; i++)
    g_ptr_array_add (copy->bands, copy_band (g_ptr_array_index (indicator->bands, i)));
  return copy;
}

XhVeto *
xh_veto_copy (const XhVeto *veto)
{
  XhVeto *copy = g_new0 (XhVeto, 1);

  copy->name = g_strdup (veto->name);
  xh_label_copy (&veto->label, &copy->label);
  copy->grade = g_strdup (veto->grade);
  copy->basis = g_strdup (veto->basis);
  return copy;
}

XhGrade *
xh_grade_copy (const XhGrade *grade)
{
  XhGrade *copy = g_new (XhGrade, 1);

  *copy = *grade;
  copy->name = g_strdup (grade->name);
  xh_label_copy (&grade->label, &copy->label);
  xh_label_copy (&grade->use, &copy->use);
  return copy;
}
