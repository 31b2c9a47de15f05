/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_INDICATORS 200
#define UNRATED "unrated"

typedef struct
{
  XhLoading *loading;
  XhScorecard *card;
} CardLoad;

static const char *const formats[] = { "percent", "ratio", "money", "choice", "count", NULL };

/* --- bands and indicators */

static void
load_band (const XhReader *reader, XhIndicator *indicator)
{
  static const char *const keys[] = { "is", "null", "min", "max", "above", "below", "points", "label", "evidence", NULL };
  XhBand *band;
  gboolean bounds;

  if (!xh_reader_object (reader, keys))
    return;
  band = xh_band_new ();
  g_ptr_array_add (indicator->bands, band);
  band->is = xh_reader_text (reader, "is", FALSE);
  band->is_null = xh_reader_boolean (reader, "null", FALSE);
  band->min = xh_reader_number (reader, "min", NAN);
  band->max = xh_reader_number (reader, "max", NAN);
  band->above = xh_reader_number (reader, "above", NAN);
  band->below = xh_reader_number (reader, "below", NAN);
  band->points = xh_reader_number (reader, "points", 0);
  xh_reader_label (reader, "label", TRUE, &band->label);

  bounds = xh_reader_has (reader, "min") || xh_reader_has (reader, "max") || xh_reader_has (reader, "above")
           || xh_reader_has (reader, "below");
  if ((band->is != NULL) + band->is_null + bounds > 1)
    xh_reader_fault (reader, NULL, _("has more than one of \"is\", \"null\" and bounds"));
  if (fmax (band->min, band->above) > fmin (band->max, band->below))
    xh_reader_fault (reader, NULL, _("no number lies within these bounds"));
  if (!xh_reader_has (reader, "points"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "points");
  else if (band->points > indicator->max)
    xh_reader_fault (reader, "points", _("are more than the indicator's max"));
}

static void
load_indicator (const CardLoad *load, const XhReader *reader)
{
  static const char *const keys[] = {
    "name", "label", "max", "input", "field", "source", "clause", "unit_label", "format", "consent", "improvable", "bands", NULL,
  };
  XhScorecard *card = load->card;
  XhIndicator *indicator;
  XhReader array;
  guint length;
  int format;

  if (!xh_reader_object (reader, keys))
    return;
  indicator = xh_indicator_new ();
  indicator->index = card->indicators->len;
  indicator->dimension = card->dimensions->len - 1;
  indicator->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &indicator->label);
  indicator->max = xh_reader_number (reader, "max", 0);
  indicator->input = xh_loading_expression (load->loading, reader, "input", TRUE, card->kind);
  indicator->field = xh_reader_text (reader, "field", FALSE);
  xh_reader_label (reader, "source", FALSE, &indicator->source);
  indicator->clause = xh_reader_text (reader, "clause", FALSE);
  indicator->unit_label = xh_reader_text (reader, "unit_label", FALSE);
  format = xh_reader_one_of (reader, "format", FALSE, formats);
  indicator->format = format >= 0 ? g_strdup (formats[format]) : NULL;
  indicator->consent = xh_reader_boolean (reader, "consent", FALSE);
  indicator->improvable = xh_reader_boolean (reader, "improvable", TRUE);
  if (!xh_reader_has (reader, "max"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "max");
  for (guint i = 0; indicator->name != NULL && i < card->indicators->len; i++)
    if (g_strcmp0 (((XhIndicator *) g_ptr_array_index (card->indicators, i))->name, indicator->name) == 0)
      xh_reader_fault (reader, "name", _("\"%s\" is used twice"), indicator->name);
  g_ptr_array_add (card->indicators, indicator);

  length = xh_reader_array (reader, "bands", TRUE, &array);
  if (xh_reader_has (reader, "bands") && length == 0)
    xh_reader_fault (reader, "bands", _("must not be empty"));
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      load_band (&element, indicator);
    }
}

static void
load_dimension (const CardLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "max", "bonus", "indicators", NULL };
  XhScorecard *card = load->card;
  XhDimension *dimension;
  XhReader array;
  guint length;

  if (!xh_reader_object (reader, keys))
    return;
  dimension = g_new0 (XhDimension, 1);
  g_ptr_array_add (card->dimensions, dimension);
  dimension->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &dimension->label);
  dimension->max = xh_reader_number (reader, "max", 0);
  dimension->bonus = xh_reader_boolean (reader, "bonus", FALSE);
  dimension->first = card->indicators->len;
  if (!xh_reader_has (reader, "max"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "max");
  length = xh_reader_array (reader, "indicators", TRUE, &array);
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      if (card->indicators->len >= MAX_INDICATORS)
        {
          xh_reader_fault (&element, NULL, _("a scorecard has at most %d indicators"), MAX_INDICATORS);
          return;
        }
      load_indicator (load, &element);
    }
  dimension->n = card->indicators->len - dimension->first;
}

/* --- grades, vetoes, result */

static void
load_grade (const CardLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "use", "min", "credit", "rated", NULL };
  XhScorecard *card = load->card;
  XhGrade *grade;

  if (!xh_reader_object (reader, keys))
    return;
  grade = g_new0 (XhGrade, 1);
  grade->name = xh_reader_text (reader, "name", TRUE);
  xh_reader_label (reader, "label", TRUE, &grade->label);
  xh_reader_label (reader, "use", FALSE, &grade->use);
  grade->min = xh_reader_number (reader, "min", NAN);
  grade->credit = xh_reader_integer (reader, "credit", 0, -1, G_MAXINT64 / 4);
  grade->rated = xh_reader_boolean (reader, "rated", TRUE);
  if (grade->name != NULL && xh_scorecard_find_grade (card, grade->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), grade->name);
  if (card->grades->len > 0)
    {
      const XhGrade *better = g_ptr_array_index (card->grades, card->grades->len - 1);

      if (!isnan (grade->min) && !(grade->min < better->min))
        xh_reader_fault (reader, "min", _("grades must stand best first, those without \"min\" last"));
    }
  if (grade->name == NULL)
    grade->name = g_strdup ("");
  g_ptr_array_add (card->grades, grade);
}

static void
check_grade (const CardLoad *load, const XhReader *reader, const char *name)
{
  if (name != NULL && xh_scorecard_find_grade (load->card, name) == NULL)
    xh_reader_fault (reader, "grade", _("no such grade \"%s\""), name);
}

static void
load_veto (const CardLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "when", "grade", "basis", "evidence", NULL };
  XhVeto *veto;

  if (!xh_reader_object (reader, keys))
    return;
  veto = g_new0 (XhVeto, 1);
  veto->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &veto->label);
  veto->when = xh_loading_expression (load->loading, reader, "when", TRUE, load->card->kind);
  veto->grade = xh_reader_text (reader, "grade", TRUE);
  veto->basis = xh_reader_text (reader, "basis", FALSE);
  check_grade (load, reader, veto->grade);
  for (guint i = 0; veto->name != NULL && i < load->card->vetoes->len; i++)
    if (g_strcmp0 (((XhVeto *) g_ptr_array_index (load->card->vetoes, i))->name, veto->name) == 0)
      xh_reader_fault (reader, "name", _("\"%s\" is used twice"), veto->name);
  g_ptr_array_add (load->card->vetoes, veto);
}

/* {"when", "grade", "label"}: a veto that stands before all others, with a grade that does not count as rated. */
static void
load_unrated (const CardLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "when", "grade", "label", NULL };
  XhReader child;
  XhVeto *veto;

  if (!xh_reader_child (reader, "unrated", &child))
    return;
  xh_reader_object (&child, keys);
  veto = g_new0 (XhVeto, 1);
  veto->name = g_strdup (UNRATED);
  xh_reader_label (&child, "label", TRUE, &veto->label);
  veto->when = xh_loading_expression (load->loading, &child, "when", TRUE, load->card->kind);
  veto->grade = xh_reader_text (&child, "grade", TRUE);
  check_grade (load, &child, veto->grade);
  g_ptr_array_add (load->card->vetoes, veto);
}

typedef void (*LoadElement) (const CardLoad *load, const XhReader *reader);

static void
load_each (const CardLoad *load, const XhReader *reader, const char *key, gboolean required, LoadElement func)
{
  XhReader array;
  guint length = xh_reader_array (reader, key, required, &array);

  if (required && xh_reader_has (reader, key) && length == 0)
    xh_reader_fault (reader, key, _("must not be empty"));
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      func (load, &element);
    }
}

static void
load_result (const CardLoad *load, const XhReader *reader)
{
  static const char *const result_keys[] = { "score", "grade", "credit", "explanation", NULL };
  static const char *const credit_keys[] = { "add", "cap", NULL };
  XhScorecard *card = load->card;
  XhReader child;

  if (xh_reader_child (reader, "credit", &child))
    {
      xh_reader_object (&child, credit_keys);
      card->credit_add = xh_loading_expression (load->loading, &child, "add", FALSE, card->kind);
      card->credit_cap = xh_reader_integer (&child, "cap", 0, 0, G_MAXINT64 / 4);
    }
  if (!xh_reader_has (reader, "result"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "result");
  if (!xh_reader_child (reader, "result", &child))
    return;
  xh_reader_object (&child, result_keys);
  card->score_field = xh_reader_text (&child, "score", TRUE);
  card->grade_field = xh_reader_text (&child, "grade", TRUE);
  card->credit_field = xh_reader_text (&child, "credit", TRUE);
  card->explanation_field = xh_reader_text (&child, "explanation", TRUE);
}

/* --- what the card says of its kind */

static void
check_result_field (const XhReader *reader, const XhKind *kind, const char *key, const char *name, guint types)
{
  const XhField *field = name != NULL ? xh_kind_find_field (kind, name) : NULL;
  XhReader result;

  if (name == NULL || !xh_reader_child (reader, "result", &result))
    return;
  if (field == NULL)
    xh_reader_fault (&result, key, _("no such field \"%s\""), name);
  else if (!field->scored)
    xh_reader_fault (&result, key, _("the field \"%s\" is not marked \"scored\""), name);
  else if ((types & (1u << field->type)) == 0)
    xh_reader_fault (&result, key, _("the field \"%s\" is of a type that cannot hold it"), name);
}

static void
check_grade_choices (const XhReader *reader, const XhKind *kind, const XhScorecard *card)
{
  const XhField *field = card->grade_field != NULL ? xh_kind_find_field (kind, card->grade_field) : NULL;

  for (guint i = 0; field != NULL && field->type == XH_FIELD_CHOICE && i < card->grades->len; i++)
    {
      const XhGrade *grade = g_ptr_array_index (card->grades, i);

      if (xh_field_find_choice (field, grade->name) == NULL)
        xh_reader_fault (reader, "grades", _("\"%s\" is no choice of the field \"%s\""), grade->name, field->name);
    }
}

static void
check_indicator_field (const XhReader *element, const XhKind *kind)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (element->node) ? json_node_get_object (element->node) : NULL;
  JsonNode *node = object != NULL ? json_object_get_member (object, "field") : NULL;
  const char *name = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  if (name != NULL && xh_kind_find_field (kind, name) == NULL && xh_kind_find_reference (kind, name) == NULL)
    xh_reader_fault (element, "field", _("no such field \"%s\""), name);
}

/* --- evidence: what a finding rests on must be in the record */

/* While @condition holds, the field that "evidence" names is required. */
static void
require_evidence (const XhReader *element, const XhKind *kind, const char *condition)
{
  g_autofree char *name = xh_reader_text (element, "evidence", FALSE);
  XhField *field = name != NULL ? (XhField *) xh_kind_find_field (kind, name) : NULL;
  g_autofree char *before = NULL;

  if (name == NULL)
    return;
  if (field == NULL || field->type != XH_FIELD_FILES)
    {
      xh_reader_fault (element, "evidence", _("no such field of files \"%s\""), name);
      return;
    }
  if (condition == NULL)
    {
      xh_reader_fault (element, "evidence", _("is only asked for by a band with \"is\" and by a veto"));
      return;
    }
  before = g_steal_pointer (&field->required_when);
  field->required_when = before != NULL ? g_strdup_printf ("(%s) or coalesce((%s), 0)", before, condition) : g_strdup (condition);
}

static char *
band_condition (const XhReader *band, const char *input)
{
  g_autofree char *is = xh_reader_text (band, "is", FALSE), *quoted = NULL;
  g_auto (GStrv) parts = NULL;

  if (is == NULL || input == NULL)
    return NULL;
  parts = g_strsplit (is, "'", -1);
  quoted = g_strjoinv ("''", parts);
  return g_strdup_printf ("(%s) = '%s'", input, quoted);
}

static void
require_of_indicator (const XhReader *indicator, const XhKind *kind)
{
  g_autofree char *input = JSON_NODE_HOLDS_OBJECT (indicator->node) ? xh_reader_text (indicator, "input", FALSE) : NULL;
  XhReader bands, band;
  guint n = input != NULL ? xh_reader_array (indicator, "bands", FALSE, &bands) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *condition = NULL;

      xh_reader_element (&bands, i, &band);
      if (!JSON_NODE_HOLDS_OBJECT (band.node))
        continue;
      condition = band_condition (&band, input);
      require_evidence (&band, kind, condition);
    }
}

static void
require_of_vetoes (const XhReader *reader, const XhKind *kind)
{
  XhReader vetoes, veto;
  guint n = xh_reader_array (reader, "vetoes", FALSE, &vetoes);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *when = NULL;

      xh_reader_element (&vetoes, i, &veto);
      if (!JSON_NODE_HOLDS_OBJECT (veto.node))
        continue;
      when = xh_reader_text (&veto, "when", FALSE);
      require_evidence (&veto, kind, when);
    }
}

/* --- private functions */

XhScorecard *
xh_scorecard_load (XhLoading *loading, const XhReader *reader, const char *name)
{
  static const char *const keys[] = {
    "name", "kind", "version", "label", "valid_from", "valid_to", "dimensions", "unrated", "vetoes", "grades", "credit", "result", NULL,
  };
  g_autofree char *said = NULL;
  XhScorecard *card;
  CardLoad load;

  if (!xh_name_is_valid (name, TRUE))
    {
      xh_reader_fault (reader, NULL, _("the file's name is no name of a scorecard: small letters, digits and -, a letter first"));
      return NULL;
    }
  if (!xh_reader_object (reader, keys))
    return NULL;
  card = xh_scorecard_new ();
  load = (CardLoad) { loading, card };
  said = xh_reader_name (reader, TRUE);
  if (said != NULL && strcmp (said, name) != 0)
    xh_reader_fault (reader, "name", _("must be the file's name, \"%s\""), name);
  if (!xh_reader_has (reader, "version"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "version");
  card->name = g_strdup (name);
  card->kind = xh_reader_text (reader, "kind", TRUE);
  card->version = (guint) xh_reader_integer (reader, "version", 1, 1, G_MAXINT32);
  xh_reader_label (reader, "label", TRUE, &card->label);
  card->valid_from = xh_reader_date (reader, "valid_from");
  card->valid_to = xh_reader_date (reader, "valid_to");
  load_each (&load, reader, "dimensions", TRUE, load_dimension);
  load_each (&load, reader, "grades", TRUE, load_grade);
  load_unrated (&load, reader);
  load_each (&load, reader, "vetoes", FALSE, load_veto);
  load_result (&load, reader);
  return card;
}

void
xh_scorecard_check_links (XhLoading *loading, const XhReader *reader, const XhScorecard *card)
{
  const guint integer = 1u << XH_FIELD_INTEGER, decimal = 1u << XH_FIELD_DECIMAL, money = 1u << XH_FIELD_MONEY;
  const guint text = 1u << XH_FIELD_TEXT | 1u << XH_FIELD_LONG_TEXT, choice = 1u << XH_FIELD_CHOICE;
  const XhKind *kind = card->kind != NULL ? xh_catalog_find_kind (loading->catalog, card->kind) : NULL;
  XhReader dimensions;
  guint length = xh_reader_array (reader, "dimensions", FALSE, &dimensions);

  if (kind == NULL)
    {
      if (card->kind != NULL)
        xh_reader_fault (reader, "kind", _("no such kind \"%s\""), card->kind);
      return;
    }
  if (g_strcmp0 (kind->scorecard, card->name) != 0)
    xh_reader_fault (reader, "kind", _("the kind \"%s\" does not name this card as its \"scorecard\""), kind->name);
  check_result_field (reader, kind, "score", card->score_field, decimal | integer);
  check_result_field (reader, kind, "grade", card->grade_field, choice | text);
  check_result_field (reader, kind, "credit", card->credit_field, money);
  check_result_field (reader, kind, "explanation", card->explanation_field, text);
  check_grade_choices (reader, kind, card);
  for (guint i = 0; i < length; i++)
    {
      XhReader dimension, indicators, indicator;
      guint n;

      xh_reader_element (&dimensions, i, &dimension);
      n = JSON_NODE_HOLDS_OBJECT (dimension.node) ? xh_reader_array (&dimension, "indicators", FALSE, &indicators) : 0;
      for (guint j = 0; j < n; j++)
        {
          xh_reader_element (&indicators, j, &indicator);
          check_indicator_field (&indicator, kind);
          require_of_indicator (&indicator, kind);
        }
    }
  require_of_vetoes (reader, kind);
}
