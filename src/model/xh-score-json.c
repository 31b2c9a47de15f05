/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The explanation of a score: what is stored with the record, and read back years later. It says everything that is shown, so
 * that reading it needs nothing of the card as it is by then. */

#include "xh-scorecard.h"
#include "xh-scorecard-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "xh-catalog.h"
#include "xh-json.h"

#define MAX_LENGTH (256 * 1024)

/* --- writing */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, const char *name, double number)
{
  json_builder_set_member_name (builder, name);
  /* 5 rather than 5.0: most points are whole. */
  if (number == floor (number) && fabs (number) < 1e15)
    json_builder_add_int_value (builder, (gint64) number);
  else
    json_builder_add_double_value (builder, number);
}

static void
add_integer (JsonBuilder *builder, const char *name, gint64 integer)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, integer);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean flag)
{
  if (!flag)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, TRUE);
}

static void
add_label (JsonBuilder *builder, const char *name, const XhLabel *label)
{
  if ((label->zh == NULL || *label->zh == '\0') && label->en == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  add_text (builder, "zh", label->zh);
  add_text (builder, "en", label->en);
  json_builder_end_object (builder);
}

static void
add_row (JsonBuilder *builder, const XhScoreRow *row)
{
  const XhIndicator *indicator = row->indicator;

  json_builder_begin_object (builder);
  add_text (builder, "indicator", indicator->name);
  add_label (builder, "label", &indicator->label);
  json_builder_set_member_name (builder, "input");
  json_builder_add_value (builder, xh_value_to_json (&row->input));
  if (row->band != NULL)
    add_label (builder, "band", &row->band->label);
  add_number (builder, "points", row->points);
  add_number (builder, "max", indicator->max);
  add_label (builder, "source", &indicator->source);
  add_text (builder, "clause", indicator->clause);
  add_text (builder, "field", indicator->field);
  add_text (builder, "format", indicator->format);
  add_text (builder, "unit", indicator->unit_label);
  json_builder_end_object (builder);
}

static void
add_dimension (JsonBuilder *builder, const XhScore *score, guint index)
{
  const XhDimension *dimension = g_ptr_array_index (score->card->dimensions, index);

  json_builder_begin_object (builder);
  add_text (builder, "name", dimension->name);
  add_label (builder, "label", &dimension->label);
  add_number (builder, "points", score->dimension_points[index]);
  add_number (builder, "max", dimension->max);
  add_flag (builder, "bonus", dimension->bonus);
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = dimension->first; i < dimension->first + dimension->n; i++)
    add_row (builder, &score->rows[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_vetoes (JsonBuilder *builder, const XhScore *score)
{
  json_builder_set_member_name (builder, "vetoes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->card->vetoes->len; i++)
    {
      const XhVeto *veto = g_ptr_array_index (score->card->vetoes, i);

      json_builder_begin_object (builder);
      add_text (builder, "name", veto->name);
      add_label (builder, "label", &veto->label);
      add_text (builder, "grade", veto->grade);
      add_text (builder, "basis", veto->basis);
      add_flag (builder, "hit", score->veto_hit[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_grade (JsonBuilder *builder, const char *name, const XhGrade *grade)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  add_text (builder, "name", grade->name);
  add_label (builder, "label", &grade->label);
  add_label (builder, "use", &grade->use);
  if (!isnan (grade->min))
    add_number (builder, "min", grade->min);
  add_integer (builder, "credit", grade->credit);
  add_flag (builder, "rated", grade->rated);
  json_builder_end_object (builder);
}

static void
add_steps (JsonBuilder *builder, const XhScore *score)
{
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->steps->len; i++)
    {
      const XhScoreStep *step = &g_array_index (score->steps, XhScoreStep, i);

      json_builder_begin_object (builder);
      add_text (builder, "indicator", step->indicator->name);
      add_label (builder, "band", &step->band->label);
      add_number (builder, "points", step->band->points);
      add_number (builder, "gain", step->gain);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * xh_score_to_json:
 * @score: a score
 * @date: ISO date of the judgement
 *
 * The explanation: card, version and date; by dimension each indicator's input, band, points, clause and source; totals,
 * vetoes, grade, credit line and the way to the next grade. Labels in both languages.
 *
 * Returns: (transfer full): JSON text
 */
char *
xh_score_to_json (const XhScore *score, const char *date)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "card", score->card->name);
  add_integer (builder, "version", score->card->version);
  add_label (builder, "label", &score->card->label);
  add_text (builder, "date", date);
  add_number (builder, "total", score->total);
  add_grade (builder, "grade", score->grade);
  add_integer (builder, "credit", score->credit);
  add_integer (builder, "credit_add", score->credit_add);
  json_builder_set_member_name (builder, "dimensions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->card->dimensions->len; i++)
    add_dimension (builder, score, i);
  json_builder_end_array (builder);
  add_vetoes (builder, score);
  if (score->next != NULL)
    {
      add_grade (builder, "next", score->next);
      add_number (builder, "missing", score->missing);
      add_steps (builder, score);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/* --- reading: every member may be missing or of another type */

static char *
dup_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : NULL;
}

static char *
dup_name (JsonObject *object, const char *name)
{
  char *text = dup_text (object, name);

  return text != NULL ? text : g_strdup ("");
}

static double
get_number (JsonObject *object, const char *name, double fallback)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : fallback;
}

static gint64
get_integer (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
}

static gboolean
get_flag (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static guint
count_elements (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 0;
}

static JsonObject *
get_element (JsonObject *object, const char *name, guint index)
{
  JsonNode *node = json_array_get_element (json_object_get_array_member (object, name), index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
read_label (JsonObject *object, const char *name, XhLabel *label)
{
  JsonObject *texts = get_object (object, name);

  label->zh = texts != NULL ? dup_text (texts, "zh") : NULL;
  label->en = texts != NULL ? dup_text (texts, "en") : NULL;
  if (label->zh == NULL)
    label->zh = g_strdup (label->en != NULL ? label->en : "");
}

static XhBand *
read_band (JsonObject *object, XhIndicator *indicator)
{
  XhBand *band = xh_band_new ();

  read_label (object, "band", &band->label);
  band->points = get_number (object, "points", 0);
  g_ptr_array_add (indicator->bands, band);
  return band;
}

static void
read_row (JsonObject *object, XhScorecard *card, guint dimension, GArray *rows)
{
  XhIndicator *indicator = xh_indicator_new ();
  XhScoreRow row = { .indicator = indicator, .input = XH_VALUE_INIT };

  indicator->index = card->indicators->len;
  indicator->dimension = dimension;
  indicator->name = dup_name (object, "indicator");
  read_label (object, "label", &indicator->label);
  read_label (object, "source", &indicator->source);
  indicator->clause = dup_text (object, "clause");
  indicator->field = dup_text (object, "field");
  indicator->format = dup_text (object, "format");
  indicator->unit_label = dup_text (object, "unit");
  indicator->max = get_number (object, "max", 0);
  g_ptr_array_add (card->indicators, indicator);
  xh_value_from_json (json_object_get_member (object, "input"), &row.input);
  row.points = get_number (object, "points", 0);
  if (get_object (object, "band") != NULL)
    row.band = read_band (object, indicator);
  g_array_append_val (rows, row);
}

static void
read_dimension (JsonObject *object, XhScorecard *card, GArray *rows, GArray *points)
{
  XhDimension *dimension = g_new0 (XhDimension, 1);
  double capped = get_number (object, "points", 0);

  dimension->name = dup_name (object, "name");
  read_label (object, "label", &dimension->label);
  dimension->max = get_number (object, "max", 0);
  dimension->bonus = get_flag (object, "bonus");
  dimension->first = card->indicators->len;
  g_ptr_array_add (card->dimensions, dimension);
  g_array_append_val (points, capped);
  for (guint i = 0; i < count_elements (object, "rows"); i++)
    {
      JsonObject *row = get_element (object, "rows", i);

      if (row != NULL)
        read_row (row, card, card->dimensions->len - 1, rows);
    }
  dimension->n = card->indicators->len - dimension->first;
}

static void
read_veto (JsonObject *object, XhScorecard *card, GArray *hits)
{
  XhVeto *veto = g_new0 (XhVeto, 1);
  gboolean hit = get_flag (object, "hit");

  veto->name = dup_name (object, "name");
  read_label (object, "label", &veto->label);
  veto->grade = dup_text (object, "grade");
  veto->basis = dup_text (object, "basis");
  g_ptr_array_add (card->vetoes, veto);
  g_array_append_val (hits, hit);
}

static const XhGrade *
read_grade (JsonObject *root, const char *name, XhScorecard *card)
{
  JsonObject *object = get_object (root, name);
  XhGrade *grade;

  if (object == NULL)
    return NULL;
  grade = g_new0 (XhGrade, 1);
  grade->name = dup_name (object, "name");
  read_label (object, "label", &grade->label);
  read_label (object, "use", &grade->use);
  grade->min = get_number (object, "min", NAN);
  grade->credit = get_integer (object, "credit");
  grade->rated = get_flag (object, "rated");
  g_ptr_array_add (card->grades, grade);
  return grade;
}

static void
read_step (JsonObject *object, XhScore *score)
{
  g_autofree char *name = dup_text (object, "indicator");
  XhScoreStep step = { NULL, NULL, get_number (object, "gain", 0) };

  for (guint i = 0; name != NULL && i < score->card->indicators->len; i++)
    {
      XhIndicator *indicator = g_ptr_array_index (score->card->indicators, i);

      if (g_strcmp0 (indicator->name, name) != 0)
        continue;
      step.indicator = indicator;
      step.band = read_band (object, indicator);
      g_array_append_val (score->steps, step);
      return;
    }
}

static XhScorecard *
read_card (JsonObject *root, const XhScorecard *card)
{
  XhScorecard *told = xh_scorecard_new ();

  told->name = dup_name (root, "card");
  told->kind = g_strdup (card->kind);
  told->version = (guint) CLAMP (get_integer (root, "version"), 0, G_MAXUINT);
  read_label (root, "label", &told->label);
  told->score_field = g_strdup (card->score_field);
  told->grade_field = g_strdup (card->grade_field);
  told->credit_field = g_strdup (card->credit_field);
  told->explanation_field = g_strdup (card->explanation_field);
  return told;
}

static XhScore *
read_score (JsonObject *root, const XhScorecard *card)
{
  XhScore *score = g_new0 (XhScore, 1);
  GArray *rows = g_array_new (TRUE, TRUE, sizeof (XhScoreRow)), *points = g_array_new (TRUE, TRUE, sizeof (double));
  GArray *hits = g_array_new (TRUE, TRUE, sizeof (gboolean));

  score->replayed = read_card (root, card);
  score->card = score->replayed;
  for (guint i = 0; i < count_elements (root, "dimensions"); i++)
    if (get_element (root, "dimensions", i) != NULL)
      read_dimension (get_element (root, "dimensions", i), score->replayed, rows, points);
  for (guint i = 0; i < count_elements (root, "vetoes"); i++)
    if (get_element (root, "vetoes", i) != NULL)
      read_veto (get_element (root, "vetoes", i), score->replayed, hits);
  score->rows = (XhScoreRow *) g_array_free (rows, FALSE);
  score->dimension_points = (double *) g_array_free (points, FALSE);
  score->veto_hit = (gboolean *) g_array_free (hits, FALSE);
  score->next = read_grade (root, "next", score->replayed);
  score->grade = read_grade (root, "grade", score->replayed);
  score->total = get_number (root, "total", 0);
  score->credit = get_integer (root, "credit");
  score->credit_add = get_integer (root, "credit_add");
  score->missing = get_number (root, "missing", 0);
  score->date = dup_text (root, "date");
  score->steps = g_array_new (FALSE, FALSE, sizeof (XhScoreStep));
  for (guint i = 0; i < count_elements (root, "steps"); i++)
    if (get_element (root, "steps", i) != NULL)
      read_step (get_element (root, "steps", i), score);
  return score;
}

/**
 * xh_score_from_json:
 * @card: the card of that name as it is now
 * @json: what xh_score_to_json() wrote, perhaps years ago
 *
 * The score as it was explained then. Its `card` is not @card but the card as the explanation tells it (`replayed`), so that
 * indicators and bands that have changed since do not matter; it has only what is shown, no expressions.
 *
 * Returns: (transfer full): the score, or %NULL with %XH_MODEL_ERROR_VALUE where this is no explanation
 */
XhScore *
xh_score_from_json (const XhScorecard *card, const char *json, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (XhScore) score = NULL;

  g_return_val_if_fail (card != NULL && json != NULL, NULL);

  if (strlen (json) <= MAX_LENGTH)
    node = xh_json_parse (json, -1, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    score = read_score (json_node_get_object (node), card);
  if (score == NULL || score->grade == NULL)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("This is not the explanation of a score."));
      return NULL;
    }
  return g_steal_pointer (&score);
}
