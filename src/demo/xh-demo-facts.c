/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include <math.h>

#define YUAN G_GINT64_CONSTANT (100)
#define HUNDRED (100 * YUAN)
#define DAYS_A_YEAR 365.25

/* Heads of household are born from 1944 to 1993; 500 men and 80 women a day have numbers of their own. */
#define HEAD_DAYS 18262
#define HEAD_MEN 500
#define HEAD_SLOTS (HEAD_DAYS * (HEAD_MEN + 80))
#define HEAD_STRIDE G_GUINT64_CONSTANT (6180361) /* shares no factor with HEAD_SLOTS = 2^3 * 5 * 23 * 29 * 397 */

/* Ages are counted at this day, so that who a household is does not hang on the day it is made. */
static guint32
age_day (void)
{
  static gsize julian;

  if (g_once_init_enter (&julian))
    {
      GDate date;

      g_date_clear (&date, 1);
      g_date_set_dmy (&date, 1, 7, 2026);
      g_once_init_leave (&julian, g_date_get_julian (&date));
    }
  return (guint32) julian;
}

/* --- family */

static int
age_of (guint32 birth)
{
  return (int) ((age_day () - birth) / DAYS_A_YEAR);
}

static XhDemoMember *
add_member (XhDemoFacts *facts, XhDemoRandom *random, const char *relation, gboolean male, guint32 birth)
{
  XhDemoMember *member;
  int age = age_of (birth);

  if (facts->n_members == DEMO_MAX_MEMBERS)
    return NULL;
  member = &facts->members[facts->n_members++];
  *member = (XhDemoMember) { relation, male, birth, age >= 16 && age < 65 && xh_demo_chance (random, 0.88), NULL };
  if (member->labour)
    {
      facts->n_labour++;
      member->skill = xh_demo_chance (random, 0.1) ? "certified" : xh_demo_chance (random, 0.2) ? "trained" : "none";
    }
  return member;
}

static guint32
born_years_after (XhDemoRandom *random, guint32 birth, int low, int high)
{
  return birth + (guint32) (xh_demo_between (random, low * 365, high * 365 + 364));
}

static guint32
born_years_before (XhDemoRandom *random, guint32 birth, int low, int high)
{
  return birth - (guint32) (xh_demo_between (random, low * 365, high * 365 + 364));
}

static void
add_children (XhDemoFacts *facts, XhDemoRandom *random, guint32 parent, int n, gboolean grand)
{
  for (int i = 0; i < n; i++)
    {
      guint32 birth = born_years_after (random, parent, 22, 30);
      gboolean male = xh_demo_chance (random, 0.52);

      if (birth < age_day () - 30)
        add_member (facts, random, grand ? "grandchild" : male ? "son" : "daughter", male, birth);
    }
}

static void
add_grown_son (XhDemoFacts *facts, XhDemoRandom *random, guint32 parent)
{
  guint32 birth = born_years_after (random, parent, 22, 27);

  add_member (facts, random, "son", TRUE, birth);
  if (age_of (birth) < 24)
    return;
  add_member (facts, random, "in_law", FALSE, born_years_before (random, birth, 0, 1) + 500);
  add_children (facts, random, birth, xh_demo_between (random, 0, 2), TRUE);
}

static void
make_family (XhDemoFacts *facts, XhDemoRandom *random, guint64 seed)
{
  guint sequence;
  guint32 birth = xh_demo_head_birth (seed, facts->index, &sequence);
  gboolean male = sequence % 2 == 1;
  int age = age_of (birth);

  add_member (facts, random, "head", male, birth);
  if (xh_demo_chance (random, age < 70 ? 0.88 : 0.55))
    add_member (facts, random, "spouse", !male,
                born_years_before (random, birth, 0, 2) + (guint32) xh_demo_between (random, 0, 2200));
  if (age < 50)
    add_children (facts, random, birth, xh_demo_between (random, 0, 3), FALSE);
  else if (xh_demo_chance (random, 0.6))
    add_grown_son (facts, random, birth);
  if (age < 58 && xh_demo_chance (random, 0.35))
    add_member (facts, random, "parent", xh_demo_chance (random, 0.45), born_years_before (random, birth, 21, 28));
}

/* --- business and money */

static gint64
hundreds (double yuan)
{
  return yuan <= 0 ? 0 : llround (yuan / 100) * HUNDRED;
}

static double
uniform (XhDemoRandom *random, double low, double high)
{
  return low + (high - low) * xh_demo_unit (random);
}

static const char *
pick_business (XhDemoRandom *random, const XhDemoFacts *facts)
{
  static const struct { const char *name; int share; } businesses[] = {
    { "crops", 35 }, { "livestock", 12 }, { "processing", 4 }, { "trade", 12 }, { "transport", 6 },
    { "construction", 9 }, { "wage", 22 },
  };
  int rest = xh_demo_between (random, 0, 99);

  if (facts->n_labour == 0)
    return xh_demo_chance (random, 0.5) ? "none" : "crops";
  for (guint i = 0; i < G_N_ELEMENTS (businesses); i++)
    {
      rest -= businesses[i].share;
      if (rest < 0)
        return businesses[i].name;
    }
  return "crops";
}

static double
business_takings (const XhDemoFacts *facts, XhDemoRandom *random)
{
  double fields = (facts->land + facts->land_in - facts->land_out) * uniform (random, 1100, 1900);

  if (g_str_equal (facts->business, "livestock"))
    return fields + uniform (random, 30000, 200000);
  if (g_str_equal (facts->business, "processing"))
    return fields + uniform (random, 50000, 260000);
  if (g_str_equal (facts->business, "trade"))
    return fields + uniform (random, 40000, 200000);
  if (g_str_equal (facts->business, "transport") || g_str_equal (facts->business, "construction"))
    return fields + uniform (random, 50000, 160000);
  return fields;
}

static void
make_land (XhDemoFacts *facts, XhDemoRandom *random)
{
  facts->land = floor (facts->n_members * uniform (random, 0.8, 1.6) * 10) / 10;
  if (g_str_equal (facts->business, "crops") && xh_demo_chance (random, 0.15))
    {
      facts->land_in = xh_demo_between (random, 10, 120);
      facts->form = facts->land_in > 60 ? "farm" : "specialised";
    }
  else if (g_str_equal (facts->business, "wage") && xh_demo_chance (random, 0.4))
    facts->land_out = floor (facts->land * 5) / 10;
  if (facts->form == NULL)
    facts->form = xh_demo_chance (random, 0.08) ? "cooperative" : "family";
  if (g_str_equal (facts->business, "livestock"))
    {
      static const char *const species[] = { "pig", "cattle", "sheep", "poultry" };

      facts->species = species[xh_demo_between (random, 0, 3)];
      facts->heads = g_str_equal (facts->species, "poultry") ? xh_demo_between (random, 200, 3000)
                                                             : xh_demo_between (random, 5, 120);
    }
  if (xh_demo_chance (random, 0.45))
    {
      static const char *const machines[] = { "tricycle", "car", "tractor", "truck", "harvester" };

      facts->machine = machines[MIN (xh_demo_between (random, 0, 4), xh_demo_between (random, 0, 4))];
    }
}

static void
add_asset (XhDemoFacts *facts, const char *asset, double yuan)
{
  gint64 value = hundreds (yuan);

  if (value == 0 || facts->n_assets == DEMO_MAX_ASSETS)
    return;
  facts->assets[facts->n_assets++] = (XhDemoAsset) { asset, value };
  facts->total_assets += value;
}

static void
make_assets (XhDemoFacts *facts, XhDemoRandom *random)
{
  double luck = exp (0.28 * facts->quality);

  facts->house_area = xh_demo_between (random, 60, 260);
  add_asset (facts, "house", facts->house_area * uniform (random, 550, 1000) * luck);
  if (facts->machine != NULL)
    {
      gboolean road = g_str_equal (facts->machine, "car") || g_str_equal (facts->machine, "truck");

      add_asset (facts, road ? "vehicle" : "machinery", uniform (random, 4000, 90000));
    }
  if (facts->species != NULL)
    add_asset (facts, "livestock", facts->heads * (g_str_equal (facts->species, "poultry") ? 18 : 1300));
  if (xh_demo_chance (random, 0.7))
    add_asset (facts, "deposit", uniform (random, 3000, 90000) * luck);
  if (g_str_equal (facts->business, "trade") || g_str_equal (facts->business, "crops"))
    add_asset (facts, "stock", uniform (random, 1000, 20000));
}

static void
add_loan (XhDemoFacts *facts, XhDemoRandom *random)
{
  static const char *const banks[] = { "宝丰农商银行", "邮储银行宝丰县支行", "农业银行宝丰县支行", "豫丰村镇银行（演示）" };
  XhDemoLoan *loan = &facts->loans[facts->n_loans++];

  loan->bank = banks[xh_demo_between (random, 0, 3)];
  loan->amount = hundreds (xh_demo_between (random, 2, 20) * 10000.0);
  loan->balance = hundreds (loan->amount / YUAN * uniform (random, 0.2, 1));
  loan->due_in = xh_demo_between (random, 20, 700);
  loan->status = "normal";
  if (xh_demo_chance (random, 0.1))
    {
      loan->status = "settled";
      loan->balance = 0;
      loan->due_in = -xh_demo_between (random, 30, 600);
    }
  else if (xh_demo_chance (random, 0.04))
    loan->status = "extended";
}

static void
spoil_loan (XhDemoFacts *facts, XhDemoRandom *random)
{
  XhDemoLoan *loan = &facts->loans[0];

  if (facts->n_loans == 0)
    add_loan (facts, random);
  loan->status = "bad";
  loan->balance = loan->amount;
  loan->overdue_days = xh_demo_between (random, 95, 700);
  loan->due_in = -loan->overdue_days;
  facts->overdue_days = loan->overdue_days;
  facts->bad_loans = 1;
}

static void
make_debts (XhDemoFacts *facts, XhDemoRandom *random)
{
  int n = xh_demo_chance (random, 0.38) ? xh_demo_chance (random, 0.15) ? 2 : 1 : 0;

  while (n-- > 0)
    add_loan (facts, random);
  if (facts->veto == DEMO_VETO_BAD_LOAN)
    spoil_loan (facts, random);
  if (xh_demo_chance (random, 0.18))
    facts->private_debt = hundreds (uniform (random, 3000, 50000) * exp (-0.3 * facts->quality));
  if (xh_demo_chance (random, 0.08))
    facts->guarantees = hundreds (xh_demo_between (random, 2, 20) * 10000.0);
  facts->total_debt = facts->private_debt;
  for (guint i = 0; i < facts->n_loans; i++)
    facts->total_debt += facts->loans[i].balance;
}

static void
make_income (XhDemoFacts *facts, XhDemoRandom *random)
{
  double luck = exp (0.22 * facts->quality);
  int workers = g_str_equal (facts->business, "wage") ? (int) facts->n_labour : MAX ((int) facts->n_labour - 1, 0);

  facts->business_income = hundreds (business_takings (facts, random) * luck);
  facts->business_costs = hundreds (facts->business_income / YUAN * uniform (random, 0.4, 0.62));
  facts->wage_income = hundreds (workers * uniform (random, 18000, 38000) * luck);
  facts->other_income = hundreds (uniform (random, 800, 9000));
  facts->living_costs = hundreds (facts->n_members * uniform (random, 4000, 9000));
  facts->net_income = facts->business_income + facts->wage_income + facts->other_income - facts->business_costs;
}

/* --- who is in which case */

static XhDemoConsent
pick_consent (XhDemoRandom *random)
{
  double u = xh_demo_unit (random);

  return u < 0.030 ? DEMO_CONSENT_NONE : u < 0.045 ? DEMO_CONSENT_UNSIGNED : u < 0.055 ? DEMO_CONSENT_EXPIRED
       : u < 0.060 ? DEMO_CONSENT_WITHDRAWN : DEMO_CONSENT_VALID;
}

static XhDemoVeto
pick_veto (XhDemoRandom *random)
{
  double u = xh_demo_unit (random);

  return u < 0.010 ? DEMO_VETO_DEFAULTER : u < 0.024 ? DEMO_VETO_BAD_LOAN : u < 0.028 ? DEMO_VETO_CRIME
       : u < 0.030 ? DEMO_VETO_FRAUD : DEMO_VETO_NONE;
}

static const char *
pick_residence (XhDemoRandom *random)
{
  double u = xh_demo_unit (random);

  return u < 0.06 ? "away" : u < 0.07 ? "empty" : u < 0.08 ? "moved" : "resident";
}

/* The birth day and number of a head: a walk through all slots that meets none twice, so no two heads share an ID
 * number among the first ten million. */
guint32
xh_demo_head_birth (guint64 seed, guint64 index, guint *sequence)
{
  guint64 slot = (index * HEAD_STRIDE + xh_demo_mix (seed) % HEAD_SLOTS) % HEAD_SLOTS;
  guint number = slot % (HEAD_MEN + 80);
  GDate first;

  g_date_clear (&first, 1);
  g_date_set_dmy (&first, 1, 1, 1944);
  *sequence = number < HEAD_MEN ? 2 * number + 1 : 12 * (number - HEAD_MEN) + 2;
  return g_date_get_julian (&first) + (guint32) (slot / (HEAD_MEN + 80));
}

/* All of a household but names and dates. Without a valid consent it has no money data at all. */
void
xh_demo_facts (XhDemo *self, guint64 index, XhDemoFacts *facts)
{
  guint64 seed = self->options->seed;
  XhDemoRandom family = xh_demo_random (seed, index, DEMO_TOPIC_FAMILY);
  XhDemoRandom money = xh_demo_random (seed, index, DEMO_TOPIC_MONEY);

  *facts = (XhDemoFacts) { .index = index };
  facts->consent = pick_consent (&family);
  facts->veto = facts->consent == DEMO_CONSENT_VALID ? pick_veto (&family) : DEMO_VETO_NONE;
  facts->residence = pick_residence (&family);
  facts->quality = xh_demo_normal (&family);
  make_family (facts, &family, seed);
  facts->business = pick_business (&family, facts);
  facts->business_years = (int) (facts->quality * 3 + xh_demo_between (&family, 2, 16));
  facts->business_years = CLAMP (facts->business_years, 0, 40);
  make_land (facts, &family);
  if (facts->consent != DEMO_CONSENT_VALID)
    return;
  make_assets (facts, &money);
  make_debts (facts, &money);
  make_income (facts, &money);
}
