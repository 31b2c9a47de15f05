/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include "model/xh-evaluator.h"

/* One statement that yields the card's inputs from a row of parameters, so that a generated score follows the card of
 * the catalog whatever it says, without a form per record. */
struct _XhDemoScorer
{
  const XhKind *kind;
  const XhScorecard *card;
  sqlite3 *db;
  sqlite3_stmt *statement;
  XhValue *inputs;
};

static const char *const spine_names[] = { "id", "division", "unit", "state", "created_at", "updated_at", "version" };

static void
append_parameter (GString *sql, const char *name, int *n)
{
  g_string_append_printf (sql, "%s?%d AS \"%s\"", *n > 0 ? ", " : "", *n + 1, name);
  (*n)++;
}

static char *
write_sql (const XhKind *kind, const XhScorecard *card)
{
  GString *sql = g_string_new ("SELECT ");
  int n = 0;

  for (guint i = 0; i < xh_scorecard_n_inputs (card); i++)
    g_string_append_printf (sql, "%s(%s)", i > 0 ? ", " : "", xh_scorecard_input_sql (card, i));
  g_string_append (sql, " FROM (SELECT ");
  for (guint i = 0; i < G_N_ELEMENTS (spine_names); i++)
    append_parameter (sql, spine_names[i], &n);
  for (guint i = 0; i < kind->fields->len; i++)
    append_parameter (sql, ((XhField *) g_ptr_array_index (kind->fields, i))->name, &n);
  for (guint i = 0; i < kind->references->len; i++)
    append_parameter (sql, ((XhReference *) g_ptr_array_index (kind->references, i))->name, &n);
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

XhDemoScorer *
xh_demo_scorer_new (XhCatalog *catalog, const XhKind *kind, GError **error)
{
  XhDemoScorer *self = g_new0 (XhDemoScorer, 1);
  g_autofree char *sql = NULL;

  self->kind = kind;
  self->card = xh_catalog_find_scorecard (catalog, kind->scorecard);
  self->inputs = xh_value_array_new (xh_scorecard_n_inputs (self->card));
  sql = write_sql (kind, self->card);
  if (sqlite3_open (":memory:", &self->db) == SQLITE_OK && xh_functions_register (self->db, catalog, error)
      && sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &self->statement, NULL) == SQLITE_OK)
    return self;
  if (error != NULL && *error == NULL)
    g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, "%s", sqlite3_errmsg (self->db));
  xh_demo_scorer_free (self);
  return NULL;
}

void
xh_demo_scorer_free (XhDemoScorer *self)
{
  xh_value_array_free (self->inputs, xh_scorecard_n_inputs (self->card));
  sqlite3_finalize (self->statement);
  sqlite3_close (self->db);
  g_free (self);
}

static void
bind_row (XhDemoScorer *self, const XhRecord *record, const XhValue *references)
{
  const char *spine[] = { record->id, record->division, record->unit, record->state, record->created_at,
                          record->updated_at };
  int n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (spine); i++)
    sqlite3_bind_text (self->statement, ++n, spine[i], -1, SQLITE_STATIC);
  sqlite3_bind_int64 (self->statement, ++n, record->version);
  for (guint i = 0; i < self->kind->fields->len; i++)
    xh_value_bind (&record->values[i], self->statement, ++n);
  for (guint i = 0; i < self->kind->references->len; i++)
    xh_value_bind (&references[i], self->statement, ++n);
}

static void
set_result (XhRecord *record, const char *field, double number, gboolean integer)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (integer)
    xh_value_set_integer (&value, (gint64) number);
  else
    xh_value_set_real (&value, number);
  if (field != NULL)
    xh_record_set (record, field, &value);
}

static void
set_result_text (XhRecord *record, const char *field, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  if (field != NULL)
    xh_record_set (record, field, &value);
}

/* Writes score, grade, credit and, if @explain, the explanation into @record. */
gboolean
xh_demo_scorer_run (XhDemoScorer *self, XhRecord *record, const XhValue *references, const char *date, gboolean explain,
                    GError **error)
{
  g_autoptr (XhScore) score = NULL;

  bind_row (self, record, references);
  if (sqlite3_step (self->statement) != SQLITE_ROW)
    {
      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, "%s", sqlite3_errmsg (self->db));
      sqlite3_reset (self->statement);
      return FALSE;
    }
  for (guint i = 0; i < xh_scorecard_n_inputs (self->card); i++)
    xh_value_from_column (&self->inputs[i], self->statement, (int) i);
  sqlite3_reset (self->statement);
  score = xh_scorecard_score (self->card, self->inputs);
  if (score->grade->rated)
    set_result (record, self->card->score_field, score->total, FALSE);
  set_result_text (record, self->card->grade_field, score->grade->name);
  set_result (record, self->card->credit_field, (double) score->credit, TRUE);
  if (explain)
    {
      g_autofree char *explanation = xh_score_to_json (score, date);

      set_result_text (record, self->card->explanation_field, explanation);
    }
  return TRUE;
}
