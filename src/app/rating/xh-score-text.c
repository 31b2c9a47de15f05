/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-score-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

char *
xh_score_format_points (double points)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (fabs (points - round (points)) < 0.005)
    return g_strdup_printf ("%.0f", points);
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.1f", points));
}

char *
xh_score_format_change (double change)
{
  g_autofree char *size = xh_score_format_points (fabs (change));

  return g_strconcat (change < 0 ? "−" : "+", size, NULL);
}

char *
xh_score_format_money (gint64 fen)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 64];
  gsize length;

  g_ascii_formatd (buffer, sizeof buffer, "%.2f", fen / 1e6);
  for (length = strlen (buffer); buffer[length - 1] == '0'; length--)
    buffer[length - 1] = '\0';
  if (buffer[length - 1] == '.')
    buffer[length - 1] = '\0';
  /* Translators: an amount in units of 10,000 yuan */
  return g_strdup_printf (_ ("%s0,000 yuan"), buffer);
}

char *
xh_score_format_credit (const XhScore *score)
{
  if (score->credit < 0)
    return g_strdup (_ ("Credit case by case"));
  if (score->credit == 0)
    return g_strdup (_ ("No credit line"));
  return xh_score_format_money (score->credit);
}

static const char *
find_choice_label (const XhKind *kind, const XhScoreRow *row)
{
  const XhField *field = row->indicator->field != NULL ? xh_kind_find_field (kind, row->indicator->field) : NULL;
  const XhChoice *choice = NULL;

  if (field != NULL && row->input.type == XH_VALUE_TEXT)
    choice = xh_field_find_choice (field, row->input.text);
  if (choice != NULL)
    return xh_label_get (&choice->label);
  return row->band != NULL ? xh_label_get (&row->band->label) : xh_value_as_text (&row->input);
}

char *
xh_score_format_input (const XhKind *kind, const XhScoreRow *row)
{
  const char *format = row->indicator->format != NULL ? row->indicator->format : "";
  double number = xh_value_as_real (&row->input);

  if (xh_value_is_null (&row->input))
    return g_strdup (_ ("not known"));
  if (row->input.type == XH_VALUE_TEXT || g_str_equal (format, "choice"))
    {
      const char *label = find_choice_label (kind, row);

      return g_strdup (label != NULL ? label : "");
    }
  if (g_str_equal (format, "percent"))
    return g_strdup_printf ("%.1f%%", number * 100);
  if (g_str_equal (format, "ratio"))
    return g_strdup_printf (_ ("%.2f times"), number);
  if (g_str_equal (format, "money"))
    return xh_score_format_money (number);
  {
    g_autofree char *plain = xh_score_format_points (number);

    return row->indicator->unit_label != NULL ? g_strdup_printf ("%s %s", plain, row->indicator->unit_label)
                                              : g_steal_pointer (&plain);
  }
}

char *
xh_score_format_way (const XhScore *score)
{
  g_autofree char *missing = xh_score_format_points (score->missing);

  if (score->next == NULL)
    return NULL;
  if (score->missing <= 0)
    return g_strdup_printf (_ ("Only what stands above keeps it from %s"), score->next->name);
  if (score->steps->len == 0)
    return g_strdup_printf (_ ("%s points to %s; what can still be improved does not reach it"), missing, score->next->name);
  return g_strdup_printf (_ ("%s points to %s, the shortest way:"), missing, score->next->name);
}

char *
xh_score_describe_row (const XhKind *kind, const XhScoreRow *row, double change)
{
  const XhIndicator *indicator = row->indicator;
  g_autofree char *input = xh_score_format_input (kind, row);
  g_autofree char *points = xh_score_format_points (row->points);
  g_autofree char *max = xh_score_format_points (indicator->max);
  const char *band = row->band != NULL ? xh_label_get (&row->band->label) : _ ("no band");
  const char *source = xh_label_get (&indicator->source);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, _ ("%s: %s of %s points. Input: %s. Band: %s."), xh_label_get (&indicator->label), points, max,
                          input, band);
  if (source != NULL)
    g_string_append_printf (text, _ (" From: %s."), source);
  if (indicator->clause != NULL)
    g_string_append_printf (text, _ (" Rule: %s."), indicator->clause);
  if (change != 0)
    {
      g_autofree char *moved = xh_score_format_change (change);

      g_string_append_printf (text, _ (" Changed just now by %s."), moved);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
