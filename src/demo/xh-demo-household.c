/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include "model/xh-calendar.h"

#define HOUSEHOLD_FIELDS(X) \
  X (number) X (village) X (group_name) X (head_name) X (head_id) X (head_birth) X (head_sex) X (head_age) \
  X (ethnicity) X (household_type) X (residence) X (phone) X (address) X (members) X (people) X (labour) \
  X (land_contracted) X (land_in) X (land_out) X (house_structure) X (house_area) X (main_business) \
  X (business_years) X (business_form) X (livestock) X (machinery) X (assets) X (total_assets) X (private_debt) \
  X (guarantees) X (total_debt) X (net_assets) X (business_income) X (wage_income) X (other_income) \
  X (business_costs) X (living_costs) X (net_income) X (loans) X (overdue_days) X (bad_loans) X (collector) \
  X (collected_on) X (remark)
#define CONSENT_FIELDS(X) \
  X (household) X (head_name) X (village) X (number) X (signer) X (signer_id) X (purposes) X (warning_read) \
  X (warned_by) X (signed_on) X (valid_to) X (withdrawn_on) X (withdrawal_note)

#define H_INDEX(name) H_##name,
#define C_INDEX(name) C_##name,
#define FIELD_NAME(name) #name,

enum { HOUSEHOLD_FIELDS (H_INDEX) N_HOUSEHOLD_FIELDS };
enum { CONSENT_FIELDS (C_INDEX) N_CONSENT_FIELDS };

static const char *const household_names[] = { HOUSEHOLD_FIELDS (FIELD_NAME) };
static const char *const consent_names[] = { CONSENT_FIELDS (FIELD_NAME) };

#define DEMO_REMARK "演示数据，非真实农户"

void
xh_demo_household_init (XhDemo *self)
{
  xh_demo_kind_init (&self->household, xh_catalog_find_kind (self->catalog, "household"), household_names,
                     N_HOUSEHOLD_FIELDS);
  xh_demo_kind_init (&self->consent, xh_catalog_find_kind (self->catalog, "consent"), consent_names, N_CONSENT_FIELDS);
}

const char *
xh_demo_head_name (XhDemo *self, const XhRecord *household)
{
  return xh_value_as_text (xh_demo_get (&self->household, household, H_head_name));
}

/* --- tables: canonical JSON, members sorted by name */

static void
start_rows (GString *json)
{
  g_string_assign (json, "[");
}

static void
end_rows (XhDemo *self, const XhDemoKind *kind, XhRecord *record, guint field)
{
  g_string_append_c (self->json, ']');
  xh_demo_set_text (kind, record, field, self->json->str);
}

static const char *
comma (guint row)
{
  return row > 0 ? "," : "";
}

static void
write_member (XhDemo *self, const XhDemoMember *member, guint row, const char *name, const char *id_number)
{
  GDate birth;

  g_date_clear (&birth, 1);
  g_date_set_julian (&birth, member->birth);
  g_string_append_printf (self->json,
                          "%s{\"_id\":\"m%u\",\"birth_date\":\"%04u-%02u-%02u\",\"id_number\":\"%s\",\"labour\":%d,"
                          "\"name\":\"%s\",\"relation\":\"%s\",\"sex\":\"%d\"%s%s%s}",
                          comma (row), row + 1, g_date_get_year (&birth), g_date_get_month (&birth),
                          g_date_get_day (&birth), id_number, member->labour, name, member->relation,
                          member->male ? 1 : 2, member->skill != NULL ? ",\"skill\":\"" : "",
                          member->skill != NULL ? member->skill : "", member->skill != NULL ? "\"" : "");
}

static int
birth_year (guint32 birth)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, birth);
  return g_date_get_year (&date);
}

static gboolean
has_family_name (const XhDemoMember *member)
{
  return g_str_equal (member->relation, "son") || g_str_equal (member->relation, "daughter")
    || g_str_equal (member->relation, "grandchild");
}

/* The household's family name is the man's: where a woman is the head, her husband's. */
static void
set_members (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, XhDemoRandom *names)
{
  const XhDemoMember *head = &facts->members[0];
  g_autofree char *head_surname = xh_demo_surname (names), *other = xh_demo_surname (names);
  const char *family = head->male || facts->n_members == 1 || !g_str_equal (facts->members[1].relation, "spouse")
    ? head_surname : other;
  guint head_sequence;

  xh_demo_head_birth (self->options->seed, facts->index, &head_sequence);
  start_rows (self->json);
  for (guint i = 0; i < facts->n_members; i++)
    {
      const XhDemoMember *member = &facts->members[i];
      gboolean is_spouse = g_str_equal (member->relation, "spouse");
      g_autofree char *foreign = xh_demo_surname (names);
      g_autofree char *given = xh_demo_given_name (names, member->male, birth_year (member->birth));
      const char *surname = i == 0 ? head_surname : is_spouse ? other : has_family_name (member) ? family
                            : g_str_equal (member->relation, "parent") && member->male ? head_surname : foreign;
      g_autofree char *name = g_strconcat (surname, given, NULL);
      guint sequence = i == 0 ? head_sequence : (guint) xh_demo_between (names, 1, 498) * 2 + (member->male ? 1 : 0);
      g_autofree char *id_number = xh_demo_id_number (member->birth, sequence);

      write_member (self, member, i, name, id_number);
      if (i == 0)
        {
          xh_demo_take_text (&self->household, record, H_head_name, g_steal_pointer (&name));
          xh_demo_take_text (&self->household, record, H_head_id, g_steal_pointer (&id_number));
        }
    }
  end_rows (self, &self->household, record, H_members);
  xh_demo_set_integer (&self->household, record, H_people, facts->n_members);
  xh_demo_set_integer (&self->household, record, H_labour, facts->n_labour);
}

/* What the definition computes: the form must find the same. */
static void
set_head (XhDemo *self, const XhDemoFacts *facts, XhRecord *record)
{
  const XhDemoKind *kind = &self->household;
  GDate birth;
  int age;

  g_date_clear (&birth, 1);
  g_date_set_julian (&birth, facts->members[0].birth);
  age = (int) g_date_get_year (&self->today) - g_date_get_year (&birth);
  if (g_date_get_month (&self->today) < g_date_get_month (&birth)
      || (g_date_get_month (&self->today) == g_date_get_month (&birth)
          && g_date_get_day (&self->today) < g_date_get_day (&birth)))
    age--;
  xh_demo_set_date (kind, record, H_head_birth, &birth);
  xh_demo_set_text (kind, record, H_head_sex, facts->members[0].male ? "1" : "2");
  xh_demo_set_integer (kind, record, H_head_age, age);
}

static void
set_basics (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, XhRecord *record, guint place,
            XhDemoRandom *names)
{
  static const char *const groups[] = { "一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组" };
  const XhDemoKind *kind = &self->household;
  guint group = (guint) xh_demo_between (names, 0, 7);

  xh_demo_take_text (kind, record, H_number, g_strdup_printf ("演示%.6s%05u", village->division->code + 6, place + 1));
  xh_demo_set_text (kind, record, H_village, village->division->code);
  xh_demo_set_text (kind, record, H_group_name, groups[group]);
  xh_demo_set_text (kind, record, H_ethnicity, xh_demo_chance (names, 0.97) ? "01" : "03");
  xh_demo_set_text (kind, record, H_household_type, "rural");
  xh_demo_set_text (kind, record, H_residence, facts->residence);
  xh_demo_take_text (kind, record, H_phone, xh_demo_phone (names));
  xh_demo_take_text (kind, record, H_address,
                     g_strdup_printf ("%s%s%s%u号（演示数据）", village->township->name, village->division->short_name,
                                                              groups[group], place + 1));
  xh_demo_set_text (kind, record, H_remark, DEMO_REMARK);
}

static void
set_business (XhDemo *self, const XhDemoFacts *facts, XhRecord *record)
{
  const XhDemoKind *kind = &self->household;

  xh_demo_set_real (kind, record, H_land_contracted, facts->land);
  xh_demo_set_real (kind, record, H_land_in, facts->land_in);
  xh_demo_set_real (kind, record, H_land_out, facts->land_out);
  xh_demo_set_text (kind, record, H_main_business, facts->business);
  xh_demo_set_integer (kind, record, H_business_years, facts->business_years);
  xh_demo_set_text (kind, record, H_business_form, facts->form);
  if (facts->species != NULL)
    xh_demo_take_text (kind, record, H_livestock,
                       g_strdup_printf ("[{\"_id\":\"l1\",\"heads\":%d,\"species\":\"%s\"}]", facts->heads,
                                        facts->species));
  if (facts->machine != NULL)
    xh_demo_take_text (kind, record, H_machinery,
                       g_strdup_printf ("[{\"_id\":\"v1\",\"machine\":\"%s\",\"quantity\":1}]", facts->machine));
}

/* No rows are stored as no value, and then nothing is known of overdue days. */
static void
set_loans (XhDemo *self, const XhDemoFacts *facts, XhRecord *record)
{
  if (facts->n_loans == 0)
    return;
  start_rows (self->json);
  for (guint i = 0; i < facts->n_loans; i++)
    {
      const XhDemoLoan *loan = &facts->loans[i];
      GDate due;

      xh_demo_day (self, -loan->due_in, &due);
      g_string_append_printf (self->json,
                              "%s{\"_id\":\"k%u\",\"amount\":%" G_GINT64_FORMAT ",\"balance\":%" G_GINT64_FORMAT
                              ",\"bank\":\"%s\",\"due_on\":\"%04u-%02u-%02u\",\"overdue_days\":%d,\"status\":\"%s\"}",
                              comma (i), i + 1, loan->amount, loan->balance, loan->bank, g_date_get_year (&due),
                              g_date_get_month (&due), g_date_get_day (&due), loan->overdue_days, loan->status);
    }
  end_rows (self, &self->household, record, H_loans);
  xh_demo_set_integer (&self->household, record, H_overdue_days, facts->overdue_days);
  xh_demo_set_integer (&self->household, record, H_bad_loans, facts->bad_loans);
}

static void
set_money (XhDemo *self, const XhDemoFacts *facts, XhRecord *record)
{
  const XhDemoKind *kind = &self->household;

  xh_demo_set_text (kind, record, H_house_structure, facts->house_area > 120 ? "brick" : "brick_wood");
  xh_demo_set_real (kind, record, H_house_area, facts->house_area);
  start_rows (self->json);
  for (guint i = 0; i < facts->n_assets; i++)
    g_string_append_printf (self->json, "%s{\"_id\":\"a%u\",\"asset\":\"%s\",\"value\":%" G_GINT64_FORMAT "}",
                            comma (i), i + 1,
                            facts->assets[i].asset, facts->assets[i].value);
  end_rows (self, kind, record, H_assets);
  set_loans (self, facts, record);
  xh_demo_set_integer (kind, record, H_private_debt, facts->private_debt);
  xh_demo_set_integer (kind, record, H_guarantees, facts->guarantees);
  xh_demo_set_integer (kind, record, H_business_income, facts->business_income);
  xh_demo_set_integer (kind, record, H_wage_income, facts->wage_income);
  xh_demo_set_integer (kind, record, H_other_income, facts->other_income);
  xh_demo_set_integer (kind, record, H_business_costs, facts->business_costs);
  xh_demo_set_integer (kind, record, H_living_costs, facts->living_costs);
  xh_demo_set_integer (kind, record, H_total_assets, facts->total_assets);
  xh_demo_set_integer (kind, record, H_total_debt, facts->total_debt);
  xh_demo_set_integer (kind, record, H_net_assets, facts->total_assets - facts->total_debt);
  xh_demo_set_integer (kind, record, H_net_income, facts->net_income);
}

static int
collected_days_ago (XhDemo *self, const XhDemoFacts *facts)
{
  XhDemoRandom dates = xh_demo_random (self->options->seed, facts->index, DEMO_TOPIC_DATES);

  return xh_demo_between (&dates, 30, 320);
}

/* @place: number of the household in its village. */
XhRecord *
xh_demo_make_household (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, guint place)
{
  XhDemoRandom names = xh_demo_random (self->options->seed, facts->index, DEMO_TOPIC_NAMES);
  int days_ago = collected_days_ago (self, facts);
  XhRecord *record;
  GDate day;

  xh_demo_day (self, days_ago, &day);
  record = xh_demo_record (self, &self->household, facts->index, 0, &day);
  record->division = g_strdup (village->division->code);
  record->unit = g_strdup (village->unit);
  if (!xh_demo_chance (&names, 0.05) && xh_kind_find_state (record->kind, "filed") != NULL)
    {
      g_free (record->state);
      record->state = g_strdup ("filed");
    }
  set_members (self, facts, record, &names);
  set_head (self, facts, record);
  set_basics (self, village, facts, record, place, &names);
  set_business (self, facts, record);
  if (facts->consent == DEMO_CONSENT_VALID)
    set_money (self, facts, record);
  xh_demo_set_text (&self->household, record, H_collector, village->collector);
  xh_demo_set_date (&self->household, record, H_collected_on, &day);
  return record;
}

static void
set_consent_dates (XhDemo *self, const XhDemoFacts *facts, XhRecord *record, const GDate *signed_on)
{
  const XhDemoKind *kind = &self->consent;
  GDate day = *signed_on;

  xh_demo_set_date (kind, record, C_signed_on, signed_on);
  g_date_add_months (&day, 24);
  xh_demo_set_date (kind, record, C_valid_to, &day);
  if (facts->consent != DEMO_CONSENT_WITHDRAWN)
    return;
  xh_demo_day (self, 10 + (int) (facts->index % 15), &day);
  xh_demo_set_date (kind, record, C_withdrawn_on, &day);
  xh_demo_set_text (kind, record, C_withdrawal_note, "演示：农户撤回同意");
}

/* NULL: the household has not been asked yet. */
XhRecord *
xh_demo_make_consent (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, const XhRecord *household)
{
  static const char *const states[] = { NULL, "unsigned", "expired", "withdrawn", "valid" };
  const XhDemoKind *kind = &self->consent;
  XhRecord *record;
  GDate day;

  if (facts->consent == DEMO_CONSENT_NONE || kind->kind == NULL)
    return NULL;
  xh_demo_day (self, collected_days_ago (self, facts) + (facts->consent == DEMO_CONSENT_EXPIRED ? 760 : 0), &day);
  record = xh_demo_record (self, kind, facts->index, 1, &day);
  record->division = g_strdup (village->division->code);
  record->unit = g_strdup (village->unit);
  g_free (record->state);
  record->state = g_strdup (states[facts->consent]);
  xh_demo_set_text (kind, record, C_household, household->id);
  xh_demo_set_text (kind, record, C_head_name, xh_demo_head_name (self, household));
  xh_demo_set_text (kind, record, C_village, village->division->code);
  xh_demo_take_text (kind, record, C_number, g_strdup_printf ("演示授%07" G_GUINT64_FORMAT, facts->index + 1));
  xh_demo_set_text (kind, record, C_signer, xh_demo_head_name (self, household));
  xh_demo_set_text (kind, record, C_signer_id, xh_value_as_text (xh_demo_get (&self->household, household, H_head_id)));
  xh_demo_set_text (kind, record, C_purposes, "[\"bank\",\"file\",\"rating\"]");
  if (facts->consent == DEMO_CONSENT_UNSIGNED)
    return record;
  xh_demo_set_integer (kind, record, C_warning_read, 1);
  xh_demo_set_text (kind, record, C_warned_by, village->collector);
  set_consent_dates (self, facts, record, &day);
  return record;
}
