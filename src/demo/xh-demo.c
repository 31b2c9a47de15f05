/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo.h"
#include "xh-demo-private.h"

#include "model/xh-calendar.h"

#define PROGRESS_EVERY 1000

/* --- villages */

static const char *
find_unit (XhCatalog *catalog, const char *division)
{
  GPtrArray *all = xh_units_get_all (xh_catalog_get_units (catalog));

  for (guint i = 0; i < all->len; i++)
    {
      const XhUnit *unit = g_ptr_array_index (all, i);

      if (g_strcmp0 (unit->division, division) == 0)
        return unit->code;
    }
  return NULL;
}

static void
clear_village (gpointer data)
{
  XhDemoVillage *village = data;

  g_free (village->collector);
}

static char *
make_collector (XhDemoRandom *random)
{
  g_autofree char *surname = xh_demo_surname (random),
    *given = xh_demo_given_name (random, xh_demo_chance (random, 0.5), 1985);

  return g_strconcat (surname, given, NULL);
}

/* Townships differ widely in how far this year's rating has come, villages of one a little. */
static double
township_progress (const char *code)
{
  return 0.22 + 0.9 * (xh_demo_mix (g_ascii_strtoull (code, NULL, 10)) % 1000) / 1000.0;
}

static GArray *
collect_villages (XhDemo *self)
{
  XhDivisions *divisions = xh_catalog_get_divisions (self->catalog);
  GPtrArray *all = xh_divisions_get_all (divisions);
  GArray *villages = g_array_new (FALSE, TRUE, sizeof (XhDemoVillage));

  g_array_set_clear_func (villages, clear_village);
  for (guint i = 0; i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);
      guint64 code = g_ascii_strtoull (division->code, NULL, 10);
      XhDemoRandom random = xh_demo_random (self->options->seed, code, DEMO_TOPIC_VILLAGE);
      XhDemoVillage village = { .division = division };

      if (division->level != XH_LEVEL_VILLAGE
          || (self->options->under != NULL && !xh_division_contains (self->options->under, division->code)))
        continue;
      village.township = xh_divisions_find (divisions, division->parent);
      if (village.township == NULL)
        village.township = division;
      village.unit = find_unit (self->catalog, village.township->code);
      village.progress = township_progress (village.township->code) + 0.24 * (xh_demo_unit (&random) - 0.5);
      village.pilot = xh_demo_mix (code) % 13 == 0;
      village.collector = make_collector (&random);
      g_array_append_val (villages, village);
    }
  return villages;
}

/* How many households each village has: uneven, and adding up to what was asked for. */
static guint *
share_households (XhDemo *self, GArray *villages)
{
  g_autofree double *upto = g_new0 (double, villages->len + 1);
  guint *counts = g_new0 (guint, villages->len + 1);
  guint64 done = 0;

  for (guint i = 0; i < villages->len; i++)
    {
      const XhDemoVillage *village = &g_array_index (villages, XhDemoVillage, i);
      XhDemoRandom random = xh_demo_random (self->options->seed,
                                            g_ascii_strtoull (village->division->code, NULL, 10) + 1,
                                              DEMO_TOPIC_VILLAGE);

      upto[i + 1] = upto[i] + 0.5 + xh_demo_unit (&random);
    }
  for (guint i = 0; i < villages->len; i++)
    {
      guint64 next = (guint64) (self->options->households * (upto[i + 1] / upto[villages->len]) + 0.5);

      counts[i] = (guint) (next - done);
      done = next;
    }
  return counts;
}

/* The averages that ratings compare with: the village's households are made once for their money, and forgotten. */
static void
measure_village (XhDemo *self, XhDemoVillage *village, guint64 first, guint n)
{
  double income = 0, assets = 0;
  guint with_money = 0;
  XhDemoFacts facts;

  for (guint i = 0; i < n; i++)
    {
      xh_demo_facts (self, first + i, &facts);
      if (facts.consent != DEMO_CONSENT_VALID)
        continue;
      income += (double) facts.net_income;
      assets += (double) (facts.total_assets - facts.total_debt);
      with_money++;
    }
  village->has_means = with_money > 0;
  village->mean_income = with_money > 0 ? income / with_money : 0;
  village->mean_assets = with_money > 0 ? assets / with_money : 0;
}

/* --- records */

static gboolean
emit_rating (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, const XhRecord *household,
             gboolean last_year, GError **error)
{
  g_autoptr (GError) inner = NULL;
  XhRecord *rating = xh_demo_make_rating (self, village, facts, household, last_year, &inner);

  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  return rating == NULL || xh_demo_emit (self, rating, error);
}

static gboolean
emit_household (XhDemo *self, const XhDemoVillage *village, guint64 index, guint place, GError **error)
{
  g_autoptr (XhRecord) household = NULL;
  XhRecord *consent;
  XhDemoFacts facts;

  xh_demo_facts (self, index, &facts);
  household = xh_demo_make_household (self, village, &facts, place);
  if (!self->func (household, self->data, error))
    return FALSE;
  consent = xh_demo_make_consent (self, village, &facts, household);
  if (consent != NULL && !xh_demo_emit (self, consent, error))
    return FALSE;
  if (self->options->ratings && self->rating.kind != NULL
      && ((village->pilot && !emit_rating (self, village, &facts, household, TRUE, error))
          || !emit_rating (self, village, &facts, household, FALSE, error)))
    return FALSE;
  self->n_done++;
  if (self->options->progress != NULL && self->n_done % PROGRESS_EVERY == 0)
    self->options->progress (self->n_done, self->options->households, self->options->progress_data);
  return TRUE;
}

static gboolean
emit_villages (XhDemo *self, GError **error)
{
  g_autoptr (GArray) villages = collect_villages (self);
  g_autofree guint *counts = share_households (self, villages);
  guint64 index = 0;

  for (guint i = 0; i < villages->len; i++)
    {
      XhDemoVillage *village = &g_array_index (villages, XhDemoVillage, i);

      if (self->options->ratings)
        measure_village (self, village, index, counts[i]);
      for (guint place = 0; place < counts[i]; place++)
        if (!emit_household (self, village, index++, place, error))
          return FALSE;
    }
  return TRUE;
}

static void
clear_demo (XhDemo *self)
{
  g_clear_pointer (&self->scorer, xh_demo_scorer_free);
  g_clear_pointer (&self->samples, xh_demo_samples_free);
  g_hash_table_unref (self->missing);
  g_string_free (self->json, TRUE);
  g_free (self->household.fields);
  g_free (self->consent.fields);
  g_free (self->rating.fields);
}

static gboolean
generate (XhDemo *self, GError **error)
{
  const XhKind *rating = self->rating.kind;

  if (self->options->ratings && rating != NULL && rating->scorecard != NULL
      && (self->scorer = xh_demo_scorer_new (self->catalog, rating, error)) == NULL)
    return FALSE;
  if (self->household.kind != NULL && self->options->households > 0 && !emit_villages (self, error))
    return FALSE;
  return self->options->samples == NULL || xh_demo_make_registers (self, error);
}

const char *
xh_demo_paper (const XhDemo *self)
{
  return self->options->paper != NULL ? self->options->paper : XH_DEMO_PAPER;
}

gboolean
xh_demo_generate (XhCatalog *catalog, const XhDemoOptions *options, XhDemoFunc func, gpointer data, GError **error)
{
  XhDemo self = { .catalog = catalog, .options = options, .func = func, .data = data };
  gboolean ok = TRUE;

  g_return_val_if_fail (catalog != NULL && options != NULL && func != NULL, FALSE);

  xh_date_today (&self.today);
  self.json = g_string_new (NULL);
  self.missing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  xh_demo_household_init (&self);
  xh_demo_rating_init (&self);
  if (options->samples != NULL)
    ok = (self.samples = xh_demo_samples_load (options->samples, error)) != NULL;
  ok = ok && generate (&self, error);
  clear_demo (&self);
  return ok;
}
