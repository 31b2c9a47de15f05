/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The explanation of a score: what is stored with the record, and read back years later. A county keeps a million of them, so it
 * holds what was judged and how (about a kilobyte); what is only said about it, in both languages, comes from the card. */

#include "xh-scorecard.h"
#include "xh-scorecard-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "xh-catalog.h"
#include "xh-json.h"
#include "xh-reader-private.h"

#define MAX_LENGTH (64 * 1024)
#define MAX_ELEMENTS 256 /* rows, dimensions, vetoes: each becomes a few widgets */

/* --- writing */

static void
add_number (JsonBuilder *builder, double number)
{
  /* 5 rather than 5.0: most points are whole. */
  if (number == floor (number) && fabs (number) < 1e15)
    json_builder_add_int_value (builder, (gint64) number);
  else
    json_builder_add_double_value (builder, number);
}

static void
add_text_member (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text != NULL ? text : "");
}

static void
add_number_member (JsonBuilder *builder, const char *name, double number)
{
  json_builder_set_member_name (builder, name);
  add_number (builder, number);
}

static void
add_integer_member (JsonBuilder *builder, const char *name, gint64 integer)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, integer);
}

/* [name, number of rows, points, max]: the rows follow in the same order. */
static void
add_dimensions (JsonBuilder *builder, const XhScore *score)
{
  json_builder_set_member_name (builder, "dimensions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->card->dimensions->len; i++)
    {
      const XhDimension *dimension = g_ptr_array_index (score->card->dimensions, i);

      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, dimension->name);
      json_builder_add_int_value (builder, dimension->n);
      add_number (builder, score->dimension_points[i]);
      add_number (builder, dimension->max);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

/* [indicator, input, points, max, label of the band] */
static void
add_rows (JsonBuilder *builder, const XhScore *score)
{
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->card->indicators->len; i++)
    {
      const XhScoreRow *row = &score->rows[i];

      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, row->indicator->name);
      json_builder_add_value (builder, xh_value_to_json (&row->input));
      add_number (builder, row->points);
      add_number (builder, row->indicator->max);
      if (row->band != NULL)
        json_builder_add_string_value (builder, row->band->label.zh);
      else
        json_builder_add_null_value (builder);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

/* [name, label] of those that hold */
static void
add_vetoes (JsonBuilder *builder, const XhScore *score)
{
  json_builder_set_member_name (builder, "vetoes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < score->card->vetoes->len; i++)
    {
      const XhVeto *veto = g_ptr_array_index (score->card->vetoes, i);

      if (!score->veto_hit[i])
        continue;
      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, veto->name);
      json_builder_add_string_value (builder, veto->label.zh);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

/**
 * xh_score_to_json:
 * @score: a score
 * @date: ISO date of the judgement
 *
 * The explanation: card, version and date, total, grade and credit line; of each indicator the input, points, maximum and band;
 * the vetoes that hold. About a kilobyte: labels, sources and clauses stay in the card.
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
  add_text_member (builder, "card", score->card->name);
  add_integer_member (builder, "version", score->card->version);
  add_text_member (builder, "date", date);
  add_number_member (builder, "total", score->total);
  add_text_member (builder, "grade", score->grade->name);
  add_integer_member (builder, "credit", score->credit);
  if (score->credit_add > 0)
    add_integer_member (builder, "credit_add", score->credit_add);
  add_dimensions (builder, score);
  add_rows (builder, score);
  add_vetoes (builder, score);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

/* --- reading: every member and element may be missing or of another type */

static const char *
read_text (JsonNode *node)
{
  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static double
read_number (JsonNode *node)
{
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : 0;
}

static gint64
read_integer (JsonNode *node)
{
  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
}

static JsonArray *
read_array (JsonObject *root, const char *name)
{
  JsonNode *node = json_object_get_member (root, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* Element @place of the list that is element @index of @lists. */
static JsonNode *
read_element (JsonArray *lists, guint index, guint place)
{
  JsonNode *node = json_array_get_element (lists, index);
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  return list != NULL && place < json_array_get_length (list) ? json_array_get_element (list, place) : NULL;
}

static char *
dup_name (JsonNode *node)
{
  const char *text = read_text (node);

  return g_strdup (text != NULL ? text : "");
}

/* --- the card as it is told: what the explanation says, dressed with what the card of today has to say about it */

static XhBand *
tell_band (XhIndicator *indicator, const char *label, double points)
{
  XhBand *band;

  for (guint i = 0; i < indicator->bands->len; i++)
    {
      band = g_ptr_array_index (indicator->bands, i);
      if (band->points == points && g_strcmp0 (band->label.zh, label) == 0)
        return band;
    }
  band = xh_band_new ();
  band->label.zh = g_strdup (label);
  band->points = points;
  g_ptr_array_add (indicator->bands, band);
  return band;
}

static XhIndicator *
tell_indicator (const XhScorecard *card, const char *name)
{
  XhIndicator *indicator;

  for (guint i = 0; card != NULL && i < card->indicators->len; i++)
    if (g_strcmp0 (((XhIndicator *) g_ptr_array_index (card->indicators, i))->name, name) == 0)
      return xh_indicator_copy (g_ptr_array_index (card->indicators, i));
  indicator = xh_indicator_new ();
  indicator->name = g_strdup (name);
  indicator->label.zh = g_strdup (name);
  indicator->improvable = FALSE;
  return indicator;
}

static void
tell_rows (XhScore *score, const XhScorecard *card, JsonArray *rows)
{
  guint n = json_array_get_length (rows);

  score->rows = g_new0 (XhScoreRow, n + 1);
  for (guint i = 0; i < n; i++)
    {
      XhScoreRow *row = &score->rows[i];
      const char *name = read_text (read_element (rows, i, 0)), *band = read_text (read_element (rows, i, 4));
      XhIndicator *indicator = tell_indicator (card, name != NULL ? name : "");

      indicator->index = i;
      indicator->max = read_number (read_element (rows, i, 3));
      g_ptr_array_add (score->replayed->indicators, indicator);
      row->indicator = indicator;
      if (read_element (rows, i, 1) != NULL)
        xh_value_from_json (read_element (rows, i, 1), &row->input);
      row->points = read_number (read_element (rows, i, 2));
      if (band != NULL)
        row->band = tell_band (indicator, band, row->points);
    }
}

static XhDimension *
tell_dimension (const XhScorecard *card, const char *name)
{
  XhDimension *dimension = g_new0 (XhDimension, 1);

  dimension->name = g_strdup (name);
  for (guint i = 0; card != NULL && i < card->dimensions->len; i++)
    {
      const XhDimension *now = g_ptr_array_index (card->dimensions, i);

      if (g_strcmp0 (now->name, name) != 0)
        continue;
      xh_label_copy (&now->label, &dimension->label);
      dimension->bonus = now->bonus;
      return dimension;
    }
  dimension->label.zh = g_strdup (name);
  return dimension;
}

/* Each takes the rows that follow; rows that no dimension asks for are neither shown nor advised. */
static void
tell_dimensions (XhScore *score, const XhScorecard *card, JsonArray *dimensions)
{
  guint n = json_array_get_length (dimensions), first = 0;

  score->dimension_points = g_new0 (double, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = dup_name (read_element (dimensions, i, 0));
      XhDimension *dimension = tell_dimension (card, name);

      dimension->first = first;
      dimension->n = CLAMP (read_integer (read_element (dimensions, i, 1)), 0, score->replayed->indicators->len - first);
      dimension->max = read_number (read_element (dimensions, i, 3));
      score->dimension_points[i] = read_number (read_element (dimensions, i, 2));
      for (; first < dimension->first + dimension->n; first++)
        ((XhIndicator *) g_ptr_array_index (score->replayed->indicators, first))->dimension = i;
      g_ptr_array_add (score->replayed->dimensions, dimension);
    }
  for (; first < score->replayed->indicators->len; first++)
    ((XhIndicator *) g_ptr_array_index (score->replayed->indicators, first))->improvable = FALSE;
}

static guint
find_veto (const XhScorecard *card, const char *name)
{
  for (guint i = 0; i < card->vetoes->len; i++)
    if (g_strcmp0 (((XhVeto *) g_ptr_array_index (card->vetoes, i))->name, name) == 0)
      return i;
  return G_MAXUINT;
}

static void
tell_vetoes (XhScore *score, const XhScorecard *card, JsonArray *vetoes)
{
  GPtrArray *told = score->replayed->vetoes;

  for (guint i = 0; card != NULL && i < card->vetoes->len; i++)
    g_ptr_array_add (told, xh_veto_copy (g_ptr_array_index (card->vetoes, i)));
  score->veto_hit = g_new0 (gboolean, told->len + json_array_get_length (vetoes) + 1);
  for (guint i = 0; i < json_array_get_length (vetoes); i++)
    {
      g_autofree char *name = dup_name (read_element (vetoes, i, 0)), *label = dup_name (read_element (vetoes, i, 1));
      guint index = find_veto (score->replayed, name);
      XhVeto *veto;

      if (index == G_MAXUINT)
        {
          veto = g_new0 (XhVeto, 1);
          veto->name = g_strdup (name);
          index = told->len;
          g_ptr_array_add (told, veto);
        }
      veto = g_ptr_array_index (told, index);
      if (g_strcmp0 (veto->label.zh, label) != 0)
        {
          xh_label_clear (&veto->label);
          veto->label.zh = g_strdup (label);
        }
      score->veto_hit[index] = TRUE;
    }
}

/* One that is no grade of the card any more is known by its name alone. */
static void
tell_grade (XhScore *score, const XhScorecard *card, const char *name)
{
  XhScorecard *told = score->replayed;
  XhGrade *grade;

  for (guint i = 0; card != NULL && i < card->grades->len; i++)
    g_ptr_array_add (told->grades, xh_grade_copy (g_ptr_array_index (card->grades, i)));
  grade = (XhGrade *) xh_scorecard_find_grade (told, name);
  if (grade == NULL)
    {
      grade = g_new0 (XhGrade, 1);
      grade->name = g_strdup (name);
      grade->label.zh = g_strdup (name);
      grade->min = score->total;
      grade->rated = TRUE;
      g_ptr_array_add (told->grades, grade);
    }
  score->grade = grade;
  /* The line stands; where today's card would add it up from other parts, none are told. */
  if (score->credit > 0 && xh_scorecard_credit_of (told, grade, score->credit_add) != score->credit)
    grade->credit = 0;
}

static XhScorecard *
tell_card (JsonObject *root, const XhScorecard *card, const XhScorecard *same)
{
  XhScorecard *told = xh_scorecard_new ();

  told->name = dup_name (json_object_get_member (root, "card"));
  told->kind = g_strdup (card->kind);
  told->version = (guint) CLAMP (read_integer (json_object_get_member (root, "version")), 0, G_MAXUINT);
  told->score_field = g_strdup (card->score_field);
  told->grade_field = g_strdup (card->grade_field);
  told->credit_field = g_strdup (card->credit_field);
  told->explanation_field = g_strdup (card->explanation_field);
  if (same != NULL)
    {
      xh_label_copy (&same->label, &told->label);
      told->credit_cap = same->credit_cap;
    }
  else
    told->label.zh = g_strdup (told->name);
  return told;
}

static gboolean
is_list (JsonArray *array)
{
  return array != NULL && json_array_get_length (array) <= MAX_ELEMENTS;
}

static XhScore *
read_score (JsonObject *root, const XhScorecard *card)
{
  JsonArray *dimensions = read_array (root, "dimensions"), *rows = read_array (root, "rows");
  JsonArray *vetoes = read_array (root, "vetoes");
  const char *grade = read_text (json_object_get_member (root, "grade"));
  const char *name = read_text (json_object_get_member (root, "card"));
  const XhScorecard *same = g_strcmp0 (name, card->name) == 0 ? card : NULL;
  XhScore *score;

  if (grade == NULL || !is_list (dimensions) || !is_list (rows) || !is_list (vetoes))
    return NULL;
  score = g_new0 (XhScore, 1);
  score->card = score->replayed = tell_card (root, card, same);
  score->steps = g_array_new (FALSE, FALSE, sizeof (XhScoreStep));
  score->total = read_number (json_object_get_member (root, "total"));
  score->credit = read_integer (json_object_get_member (root, "credit"));
  score->credit_add = MAX (read_integer (json_object_get_member (root, "credit_add")), 0);
  score->date = dup_name (json_object_get_member (root, "date"));
  tell_rows (score, same, rows);
  tell_dimensions (score, same, dimensions);
  tell_vetoes (score, same, vetoes);
  tell_grade (score, same, grade);
  /* Advice only where the card still sees it like this: under other limits it would lead to the grade it has. */
  if (xh_scorecard_grade_of (score->card, score->total, score->veto_hit) == score->grade)
    xh_score_find_way (score);
  return score;
}

/**
 * xh_score_from_json:
 * @card: the card as it is now; where it has another name than the one the explanation tells of, none of it is used
 * @json: what xh_score_to_json() wrote, perhaps years ago
 *
 * The score as it was explained then. Its `card` is not @card but the card as the explanation tells it (`replayed`): with the
 * inputs, points, maxima and bands of then, and the labels, sources and clauses of now. What has gone from the card since is
 * shown by its name. It has only what is shown, no expressions. The way to the next grade is that of @card as it is now.
 *
 * Returns: (transfer full): the score, or %NULL with %XH_MODEL_ERROR_VALUE where this is no explanation
 */
XhScore *
xh_score_from_json (const XhScorecard *card, const char *json, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  XhScore *score = NULL;

  g_return_val_if_fail (card != NULL && json != NULL, NULL);

  if (strlen (json) <= MAX_LENGTH)
    node = xh_json_parse (json, -1, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    score = read_score (json_node_get_object (node), card);
  if (score == NULL)
    g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("This is not the explanation of a score."));
  return score;
}
