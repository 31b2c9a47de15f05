/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include "model/xh-calendar.h"

#define RATING_FIELDS(X) \
  X (household) X (year) X (head_name) X (village) X (penalties) X (convictions) X (enforcement) X (serious_crime) \
  X (fraud) X (veto_document) X (veto_paper) X (contracts) X (family_duty) X (family_paper) X (public_service) X (produce) X (civility) \
  X (overdue) X (guarantee_paid) X (disputes) X (policy_loan) X (fund_use) X (bad_loan) X (skills) \
  X (honour_level) X (donations) X (panel_mode) X (panel_size) X (reviewed_on) X (panel_opinion) X (notice_from) \
  X (notice_to) X (notice_place) X (objections) X (objections_open) X (township_opinion) X (township_checked_on) \
  X (village_year) X (return_reason) X (final_grade) X (final_credit) X (rated_on) X (certificate) X (grade) X (credit)

#define R_INDEX(name) R_##name,
#define FIELD_NAME(name) #name,

enum { RATING_FIELDS (R_INDEX) N_RATING_FIELDS };

static const char *const rating_names[] = { RATING_FIELDS (FIELD_NAME) };

typedef enum { STAGE_NONE, STAGE_CREATED, STAGE_COLLECTING, STAGE_REVIEW, STAGE_PUBLICITY, STAGE_TOWNSHIP, STAGE_RATED,
               STAGE_ANNUAL, STAGE_RETURNED } Stage;

static const char *const stage_states[] = { NULL, "created", "collecting", "village_review", "publicity",
                                            "township_review", "rated", "annual_review", "returned" };

/* What a case-by-case line is set to: 2万元. */
#define CASE_CREDIT G_GINT64_CONSTANT (2000000)
#define OVER_SHARE 0.02 /* of the ratings under way, whose next step is overdue */

void
xh_demo_rating_init (XhDemo *self)
{
  xh_demo_kind_init (&self->rating, xh_catalog_find_kind (self->catalog, "rating"), rating_names, N_RATING_FIELDS);
}

/* --- answers */

/* How well one thing went: mostly the household's own way, set so that grades come out as in a county of the plain. */
static double
how_well (double quality, XhDemoRandom *random)
{
  return 0.75 * quality + 0.65 * xh_demo_normal (random) - 0.62;
}

/* The first code whose bound lies above how well it went; @codes run from the worst to the best. */
typedef struct { double below; const char *code; } Step;

static const char *
pick_step (const Step *steps, double how)
{
  while (steps->code != NULL && how >= steps->below)
    steps++;
  return steps->code;
}

static void
answer (XhDemo *self, XhRecord *record, guint field, const Step *steps, double quality, XhDemoRandom *random)
{
  xh_demo_set_text (&self->rating, record, field, pick_step (steps, how_well (quality, random)));
}

static void
answer_law (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, XhDemoRandom *random)
{
  static const Step penalties[] = { { -2.9, "many" }, { -2.4, "two" }, { -1.6, "one" }, { 9, "none" } };
  static const Step convictions[] = { { -2.7, "other" }, { -2.3, "served" }, { 9, "none" } };
  static const Step enforcement[] = { { -2.1, "left" }, { 9, "never" } };
  const XhDemoKind *kind = &self->rating;
  gboolean crime = facts->veto == DEMO_VETO_CRIME, fraud = facts->veto == DEMO_VETO_FRAUD;

  answer (self, record, R_penalties, penalties, facts->quality, random);
  answer (self, record, R_convictions, convictions, facts->quality, random);
  answer (self, record, R_enforcement, enforcement, facts->quality, random);
  if (facts->veto == DEMO_VETO_DEFAULTER)
    xh_demo_set_text (kind, record, R_enforcement, "listed");
  if (crime)
    xh_demo_set_text (kind, record, R_convictions, "other");
  xh_demo_set_integer (kind, record, R_serious_crime, crime);
  xh_demo_set_integer (kind, record, R_fraud, fraud);
  if (crime || fraud)
    {
      xh_demo_take_text (kind, record, R_veto_document,
                         g_strdup_printf ("（演示）豫0421文书%05" G_GUINT64_FORMAT "号", facts->index % 100000));
      xh_demo_set_text (kind, record, R_veto_paper, xh_demo_paper (self));
    }
}

static void
answer_village_rules (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, XhDemoRandom *random)
{
  static const Step contracts[] = { { -1.9, "refused" }, { -0.75, "late" }, { 9, "on_time" } };
  static const Step family_duty[] = { { -2.4, "refused" }, { -1.2, "corrected" }, { 9, "fulfilled" } };
  static const Step produce[] = { { -2.0, "repeated" }, { -1.3, "corrected" }, { 9, "clean" } };
  static const Step civility[] = { { 0.7, "none" }, { 1.5, "township" }, { 9, "county" } };
  const XhDemoKind *kind = &self->rating;
  double service = how_well (facts->quality, random);

  answer (self, record, R_contracts, contracts, facts->quality, random);
  answer (self, record, R_family_duty, family_duty, facts->quality, random);
  if (g_strcmp0 (xh_value_as_text (xh_demo_get (kind, record, R_family_duty)), "refused") == 0)
    xh_demo_set_text (kind, record, R_family_paper, xh_demo_paper (self));
  xh_demo_set_integer (kind, record, R_public_service, service < -0.8  ? 0
                                                       : service < 0.5 ? xh_demo_between (random, 1, 2)
                                                                       : xh_demo_between (random, 3, 8));
  if (g_str_equal (facts->business, "crops") || g_str_equal (facts->business, "livestock"))
    answer (self, record, R_produce, produce, facts->quality, random);
  else
    xh_demo_set_text (kind, record, R_produce, "not_concerned");
  answer (self, record, R_civility, civility, facts->quality, random);
}

static void
answer_credit_record (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, XhDemoRandom *random)
{
  static const Step overdue[] = { { -2.2, "over90" }, { -1.4, "d90" }, { -0.7, "d30" }, { 9, "none" } };
  static const Step guarantee_paid[] = { { -2.1, "open" }, { -1.4, "settled" }, { 9, "none" } };
  static const Step disputes[] = { { -2.0, "unperformed" }, { -0.9, "performing" }, { 9, "none" } };
  static const Step policy_loan[] = { { -2.1, "unpaid" }, { -1.0, "extended" }, { 9, "on_time" } };
  static const Step fund_use[] = { { -1.6, "improper" }, { 9, "proper" } };
  const XhDemoKind *kind = &self->rating;

  answer (self, record, R_disputes, disputes, facts->quality, random);
  if (facts->consent != DEMO_CONSENT_VALID)
    return;
  answer (self, record, R_guarantee_paid, guarantee_paid, facts->quality, random);
  xh_demo_set_integer (kind, record, R_bad_loan, facts->veto == DEMO_VETO_BAD_LOAN);
  if (facts->n_loans == 0)
    {
      xh_demo_set_text (kind, record, R_overdue, "no_loan");
      xh_demo_set_text (kind, record, R_policy_loan, "none");
      xh_demo_set_text (kind, record, R_fund_use, "no_loan");
      return;
    }
  if (facts->veto == DEMO_VETO_BAD_LOAN)
    xh_demo_set_text (kind, record, R_overdue, "over90");
  else
    answer (self, record, R_overdue, overdue, facts->quality, random);
  if (xh_demo_chance (random, 0.5))
    answer (self, record, R_policy_loan, policy_loan, facts->quality, random);
  else
    xh_demo_set_text (kind, record, R_policy_loan, "none");
  answer (self, record, R_fund_use, fund_use, facts->quality, random);
}

static void
answer_rest (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, XhDemoRandom *random)
{
  static const Step skills[] = { { 0.1, "none" }, { 0.9, "trained" }, { 9, "certified" } };
  static const Step honour_level[] = { { 1.9, "none" }, { 2.4, "county" }, { 2.8, "city" }, { 9, "province" } };

  answer (self, record, R_skills, skills, facts->quality, random);
  answer (self, record, R_honour_level, honour_level, facts->quality, random);
  if (xh_demo_chance (random, 0.12))
    xh_demo_set_integer (&self->rating, record, R_donations, xh_demo_between (random, 1, 3));
}

/* --- workflow */

static Stage
pick_stage (const XhDemoVillage *village, const XhDemoFacts *facts, gboolean last_year, XhDemoRandom *random)
{
  double how_far = village->progress + 0.10 * (xh_demo_unit (random) - 0.5);
  gboolean returned = xh_demo_chance (random, 0.02), late = xh_demo_chance (random, 0.2);

  if (facts->consent != DEMO_CONSENT_VALID)
    return !last_year && facts->consent != DEMO_CONSENT_NONE ? STAGE_CREATED : STAGE_NONE;
  /* Wherever the county is, those who try the demo find some to begin with. */
  if (!last_year && facts->index % 15 == 7 && g_str_has_prefix (village->division->code, USUAL_TOWNSHIP))
    return STAGE_CREATED;
  if (g_str_equal (facts->residence, "empty") || g_str_equal (facts->residence, "moved"))
    return STAGE_NONE;
  if (last_year)
    return late ? STAGE_ANNUAL : STAGE_RATED;
  if (how_far > 0.4 && returned)
    return STAGE_RETURNED;
  return how_far < 0.06 ? STAGE_NONE : how_far < 0.14 ? STAGE_CREATED : how_far < 0.30 ? STAGE_COLLECTING
       : how_far < 0.40 ? STAGE_REVIEW : how_far < 0.52 ? STAGE_PUBLICITY : how_far < 0.64 ? STAGE_TOWNSHIP
       : STAGE_RATED;
}

static void
set_panel (XhDemo *self, XhRecord *record, int days_ago, XhDemoRandom *random)
{
  static const char *const modes[] = { "meeting", "meeting", "sheets", "electronic", "phone" };
  GDate day;

  xh_demo_day (self, days_ago, &day);
  xh_demo_set_text (&self->rating, record, R_panel_mode, modes[xh_demo_between (random, 0, 4)]);
  xh_demo_set_integer (&self->rating, record, R_panel_size, 5 + 2 * xh_demo_between (random, 0, 2));
  xh_demo_set_date (&self->rating, record, R_reviewed_on, &day);
  xh_demo_set_text (&self->rating, record, R_panel_opinion, "评议小组无异议（演示）");
}

/* Posted @days_ago for seven days. */
static void
set_notice (XhDemo *self, const XhDemoVillage *village, XhRecord *record, int days_ago, XhDemoRandom *random)
{
  GDate day;

  xh_demo_day (self, days_ago, &day);
  xh_demo_set_date (&self->rating, record, R_notice_from, &day);
  xh_demo_day (self, days_ago - 7, &day);
  xh_demo_set_date (&self->rating, record, R_notice_to, &day);
  xh_demo_take_text (&self->rating, record, R_notice_place, g_strdup_printf ("%s公示栏", village->division->short_name));
  xh_demo_set_integer (&self->rating, record, R_objections, xh_demo_chance (random, 0.04));
  xh_demo_set_integer (&self->rating, record, R_objections_open, 0);
}

static void
set_township (XhDemo *self, XhRecord *record, int days_ago)
{
  GDate day;

  xh_demo_day (self, days_ago, &day);
  xh_demo_set_text (&self->rating, record, R_township_opinion, "agree");
  xh_demo_set_date (&self->rating, record, R_township_checked_on, &day);
}

/* After scoring: what was decided is what was computed. */
static void
set_decision (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, int days_ago, int year)
{
  const XhDemoKind *kind = &self->rating;
  const XhValue *grade = xh_demo_get (kind, record, R_grade), *credit = xh_demo_get (kind, record, R_credit);
  gint64 line;
  GDate day;

  xh_demo_day (self, days_ago, &day);
  xh_demo_set_date (kind, record, R_rated_on, &day);
  if (grade == NULL || credit == NULL || xh_value_as_text (grade) == NULL)
    return;
  xh_demo_set_text (kind, record, R_final_grade, xh_value_as_text (grade));
  line = xh_value_as_integer (credit);
  xh_demo_set_integer (kind, record, R_final_credit, line < 0 ? CASE_CREDIT : line);
  if (xh_value_as_text (grade)[0] == 'A')
    xh_demo_take_text (kind, record, R_certificate,
                       g_strdup_printf ("演示证%d%07" G_GUINT64_FORMAT, year, facts->index + 1));
}

/* --- what the references of the kind yield for this household */

static void
set_reference (XhDemo *self, XhValue *references, const char *name, gint64 integer)
{
  const XhReference *reference = xh_kind_find_reference (self->rating.kind, name);

  if (reference != NULL)
    xh_value_set_integer (&references[reference->index], integer);
}

static void
set_text_reference (XhDemo *self, XhValue *references, const char *name, const char *text)
{
  const XhReference *reference = xh_kind_find_reference (self->rating.kind, name);

  if (reference != NULL)
    xh_value_set_text (&references[reference->index], text);
}

static void
set_mean (XhDemo *self, XhValue *references, const char *name, double mean)
{
  const XhReference *reference = xh_kind_find_reference (self->rating.kind, name);

  if (reference != NULL)
    xh_value_set_real (&references[reference->index], mean);
}

static void
fill_references (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, XhValue *references)
{
  set_text_reference (self, references, "h_residence", facts->residence);
  set_text_reference (self, references, "h_village", village->division->code);
  set_reference (self, references, "h_labour", facts->n_labour);
  set_reference (self, references, "h_business_years", facts->business_years);
  set_reference (self, references, "consent_count", facts->consent == DEMO_CONSENT_VALID);
  if (village->has_means)
    {
      set_mean (self, references, "village_income", village->mean_income);
      set_mean (self, references, "village_assets", village->mean_assets);
    }
  if (facts->consent != DEMO_CONSENT_VALID)
    return;
  set_reference (self, references, "h_net_income", facts->net_income);
  set_reference (self, references, "h_net_assets", facts->total_assets - facts->total_debt);
  set_reference (self, references, "h_total_assets", facts->total_assets);
  set_reference (self, references, "h_total_debt", facts->total_debt);
  set_reference (self, references, "h_business_income", facts->business_income);
  if (facts->n_loans == 0)
    return;
  set_reference (self, references, "h_overdue_days", facts->overdue_days);
  set_reference (self, references, "h_bad_loans", facts->bad_loans);
}

/* Only what is decided keeps its explanation: a rating in work is scored anew whenever it is opened. */
static gboolean
score (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, XhRecord *record, int days_ago,
       gboolean decided, GError **error)
{
  guint n = self->rating.kind->references->len;
  XhValue *references = xh_value_array_new (n);
  g_autofree char *date = NULL;
  gboolean ok;
  GDate day;

  xh_demo_day (self, days_ago, &day);
  date = xh_date_format (&day);
  fill_references (self, village, facts, references);
  ok = self->scorer == NULL
    || xh_demo_scorer_run (self->scorer, record, references, date, decided && !self->options->no_explanations, error);
  xh_value_array_free (references, n);
  return ok;
}

/* --- the record */

static void
set_whom (XhDemo *self, const XhDemoVillage *village, XhRecord *record, const XhRecord *household, int year)
{
  const XhDemoKind *kind = &self->rating;

  record->division = g_strdup (village->division->code);
  record->unit = g_strdup (village->unit);
  xh_demo_set_text (kind, record, R_household, household->id);
  xh_demo_set_integer (kind, record, R_year, year);
  xh_demo_set_text (kind, record, R_head_name, xh_demo_head_name (self, household));
  xh_demo_set_text (kind, record, R_village, village->division->code);
  xh_demo_take_text (kind, record, R_village_year, g_strdup_printf ("%s/%d", village->division->code, year));
}

/* How long ago the notice was put up, by stage. */
static int
pick_posted (Stage stage, gboolean last_year, XhDemoRandom *random)
{
  const int over = xh_demo_chance (random, OVER_SHARE) ? xh_demo_between (random, 1, 12) : 0; /* days */

  if (last_year)
    return xh_demo_between (random, 345, 380) + over;
  if (stage == STAGE_PUBLICITY)
    return xh_demo_between (random, 0, 7) + over;
  if (stage == STAGE_TOWNSHIP || stage == STAGE_RETURNED)
    return xh_demo_between (random, 9, 20) + over;
  return xh_demo_between (random, 26, 200);
}

XhRecord *
xh_demo_make_rating (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, const XhRecord *household,
                     gboolean last_year, GError **error)
{
  XhDemoRandom random = xh_demo_random (self->options->seed, facts->index * 2 + last_year, DEMO_TOPIC_ANSWERS);
  int year = (int) g_date_get_year (&self->today) - last_year, posted, created;
  Stage stage = pick_stage (village, facts, last_year, &random);
  gboolean decided;
  XhRecord *record;
  GDate day;

  if (stage == STAGE_NONE)
    return NULL;
  posted = pick_posted (stage, last_year, &random);
  created = stage <= STAGE_REVIEW ? xh_demo_between (&random, 3, 25) : posted + xh_demo_between (&random, 5, 20);
  xh_demo_day (self, created, &day);
  record = xh_demo_record (self, &self->rating, facts->index, last_year ? 2 : 3, &day);
  g_free (record->state);
  record->state = g_strdup (stage_states[stage]);
  set_whom (self, village, record, household, year);
  if (stage > STAGE_CREATED)
    {
      answer_law (self, facts, record, &random);
      answer_village_rules (self, facts, record, &random);
      answer_credit_record (self, facts, record, &random);
      if (stage > STAGE_COLLECTING || xh_demo_chance (&random, 0.5))
        answer_rest (self, facts, record, &random);
    }
  if (stage == STAGE_REVIEW && xh_demo_chance (&random, 0.5))
    set_panel (self, record, xh_demo_between (&random, 0, 2), &random);
  if (stage > STAGE_REVIEW)
    {
      set_panel (self, record, posted + 1, &random);
      set_notice (self, village, record, posted, &random);
    }
  if ((stage == STAGE_TOWNSHIP && xh_demo_chance (&random, 0.5)) || stage == STAGE_RATED || stage == STAGE_ANNUAL)
    set_township (self, record, stage == STAGE_TOWNSHIP ? posted - 8 : posted - 11);
  if (stage == STAGE_RETURNED)
    xh_demo_set_text (&self->rating, record, R_return_reason, "证书复印件不清，请补（演示）");
  decided = stage == STAGE_RATED || stage == STAGE_ANNUAL;
  if (!score (self, village, facts, record, MAX (posted, 0), decided, error))
    {
      xh_record_free (record);
      return NULL;
    }
  if (decided)
    set_decision (self, facts, record, posted - 18, year);
  return record;
}
