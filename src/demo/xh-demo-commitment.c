/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include "model/xh-calendar.h"

#define COMMITMENT_FIELDS(X) \
  X (subject_type) X (subject_name) X (uscc) X (id_number) X (contact) X (phone) X (address) X (code) \
  X (promise_type) X (accepting_unit) X (matter) X (content) X (signed_on) X (valid_to) X (perform_by) \
  X (published_on) X (published_at) X (performance) X (performed_on) X (on_time) X (supervised_by) X (breach) \
  X (breach_basis)

#define P_INDEX(name) P_##name,
#define FIELD_NAME(name) #name,

enum { COMMITMENT_FIELDS (P_INDEX) N_COMMITMENT_FIELDS };

static const char *const commitment_names[] = { COMMITMENT_FIELDS (FIELD_NAME) };

/* One for every fifty households, and at least sixty. */
#define HOUSEHOLDS_A_COMMITMENT 50
#define LEAST_COMMITMENTS 60
#define MOST_COMMITMENTS 5000

static const struct { const char *unit, *type, *matter, *content; } promises[] = {
  { "scjdglj", "licence", "食品经营许可告知承诺", "符合食品经营许可条件，所交材料真实有效。" },
  { "scjdglj", "public", "守法诚信经营承诺", "明码标价、不售假、不虚假宣传。" },
  { "xzfwzx", "missing_paper", "营业执照变更容缺受理", "在期限内补交租赁合同复印件。" },
  { "xzfwzx", "certificate", "住所证明告知承诺", "所填住所真实，可以联系到。" },
  { "jtysj", "approval", "道路货物运输经营许可", "车辆和驾驶员符合许可条件。" },
  { "wsjkw", "approval", "公共场所卫生许可告知承诺", "卫生设施符合标准，接受事后核查。" },
  { "nyncj", "public", "农产品质量安全承诺", "不用禁用农药，按期停药，开具合格证。" },
  { "nyncj", "industry", "农资经营诚信自律", "建立进销台账，不销售假劣农资。" },
  { "sthjj", "repair", "环保处罚信用修复承诺", "已整改到位，一年内不再违法排污。" },
  { "zfhcxjsj", "industry", "建筑企业按时支付工资承诺", "按月足额支付农民工工资。" },
  { "shangwj", "public", "预付卡诚信经营承诺", "预收资金专户管理，可随时退卡。" },
  { "rlzyhshbzj", "certificate", "劳务派遣年度报告承诺", "所报数据真实完整。" },
};

typedef enum { STEP_PROMISED, STEP_PUBLISHED, STEP_PERFORMED, STEP_SUPERVISED } Step;

static const char *const step_states[] = { "promised", "published", "performed", "supervised" };

void
xh_demo_commitment_init (XhDemo *self)
{
  xh_demo_kind_init (&self->commitment, xh_catalog_find_kind (self->catalog, "commitment"), commitment_names,
                     N_COMMITMENT_FIELDS);
}

static void
set_date_ago (XhDemo *self, XhRecord *record, guint field, int days_ago)
{
  GDate day;

  xh_demo_day (self, days_ago, &day);
  xh_demo_set_date (&self->commitment, record, field, &day);
}

static void
set_subject (XhDemo *self, XhRecord *record, guint number, XhDemoRandom *random)
{
  const XhDemoKind *kind = &self->commitment;
  double u = xh_demo_unit (random);
  gboolean male = xh_demo_chance (random, 0.7);
  g_autofree char *surname = xh_demo_surname (random), *given = xh_demo_given_name (random, male, 1978);
  g_autofree char *person = g_strconcat (surname, given, NULL);

  if (u < 0.08)
    {
      guint sequence = (guint) xh_demo_between (random, 1, 498) * 2 + male;
      GDate birth;

      g_date_clear (&birth, 1);
      g_date_set_dmy (&birth, 1, 1, 1960);
      g_date_add_days (&birth, (guint) xh_demo_between (random, 0, 14000));
      xh_demo_set_text (kind, record, P_subject_type, "person");
      xh_demo_set_text (kind, record, P_subject_name, person);
      xh_demo_take_text (kind, record, P_id_number, xh_demo_id_number (g_date_get_julian (&birth), sequence));
    }
  else
    {
      gboolean sole = u < 0.4;

      xh_demo_set_text (kind, record, P_subject_type, sole ? "sole" : "legal");
      xh_demo_take_text (kind, record, P_subject_name, xh_demo_firm_name (random, sole));
      xh_demo_take_text (kind, record, P_uscc, xh_demo_uscc (number, sole));
    }
  xh_demo_set_text (kind, record, P_contact, person);
  xh_demo_take_text (kind, record, P_phone, xh_demo_phone (random));
  xh_demo_set_text (kind, record, P_address, "宝丰县（演示数据）");
}

static void
set_promise (XhDemo *self, XhRecord *record, guint number, guint which, int signed_ago, int perform_ago)
{
  const XhDemoKind *kind = &self->commitment;
  GDate day;

  xh_demo_day (self, signed_ago, &day);
  xh_demo_take_text (kind, record, P_code, g_strdup_printf ("演示承诺%04u%05u", g_date_get_year (&day), number + 1));
  xh_demo_set_text (kind, record, P_promise_type, promises[which].type);
  xh_demo_set_text (kind, record, P_accepting_unit, promises[which].unit);
  xh_demo_set_text (kind, record, P_matter, promises[which].matter);
  xh_demo_set_text (kind, record, P_content, promises[which].content);
  xh_demo_set_date (kind, record, P_signed_on, &day);
  xh_demo_set_text (kind, record, P_valid_to, "2099-12-31");
  set_date_ago (self, record, P_perform_by, perform_ago);
}

static void
set_outcome (XhDemo *self, XhRecord *record, Step step, int perform_ago, XhDemoRandom *random)
{
  const XhDemoKind *kind = &self->commitment;
  double u = xh_demo_unit (random);
  const char *performance = u < 0.84 ? "full" : u < 0.93 ? "partial" : "none";
  int late = xh_demo_chance (random, 0.2) ? xh_demo_between (random, 1, 20) : -xh_demo_between (random, 0, 10);
  int checked_ago = MAX (perform_ago - late, 0);

  xh_demo_set_text (kind, record, P_performance, performance);
  set_date_ago (self, record, P_performed_on, checked_ago);
  xh_demo_set_integer (kind, record, P_on_time, checked_ago >= perform_ago);
  if (step != STEP_SUPERVISED)
    return;
  xh_demo_set_text (kind, record, P_supervised_by, xh_demo_chance (random, 0.7) ? "inspection" : "document");
  if (u < 0.84)
    return;
  xh_demo_set_text (kind, record, P_breach, "现场检查与承诺不符（演示）");
  xh_demo_set_text (kind, record, P_breach_basis, "（演示）责令改正通知书");
}

/* What lies ahead is promised or published; what lies behind was checked, or is late. */
static Step
pick_step (int perform_ago, XhDemoRandom *random)
{
  double u = xh_demo_unit (random);

  if (perform_ago < 0)
    return u < 0.25 ? STEP_PROMISED : STEP_PUBLISHED;
  return u < 0.12 ? STEP_PUBLISHED : u < 0.45 ? STEP_PERFORMED : STEP_SUPERVISED;
}

static const char *
find_county (XhDemo *self)
{
  GPtrArray *all = xh_divisions_get_all (xh_catalog_get_divisions (self->catalog));

  for (guint i = 0; i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);

      if (division->level == XH_LEVEL_COUNTY)
        return division->code;
    }
  return NULL;
}

static XhRecord *
make_commitment (XhDemo *self, guint number, const char *county)
{
  XhDemoRandom random = xh_demo_random (self->options->seed, number, DEMO_TOPIC_COMMITMENT);
  guint which = (guint) xh_demo_between (&random, 0, (int) G_N_ELEMENTS (promises) - 1);
  int signed_ago = xh_demo_between (&random, 3, 400), perform_ago = signed_ago - xh_demo_between (&random, 30, 180);
  Step step = pick_step (perform_ago, &random);
  XhRecord *record;
  GDate day;

  xh_demo_day (self, signed_ago, &day);
  record = xh_demo_record (self, &self->commitment, number, 4, &day);
  record->division = g_strdup (county);
  record->unit = g_strdup (promises[which].unit);
  g_free (record->state);
  record->state = g_strdup (step_states[step]);
  set_subject (self, record, number, &random);
  set_promise (self, record, number, which, signed_ago, perform_ago);
  if (step > STEP_PROMISED)
    {
      set_date_ago (self, record, P_published_on, MAX (signed_ago - xh_demo_between (&random, 0, 7), 0));
      xh_demo_set_text (&self->commitment, record, P_published_at, "政务公开栏（演示）");
    }
  if (step > STEP_PUBLISHED)
    set_outcome (self, record, step, perform_ago, &random);
  return record;
}

gboolean
xh_demo_make_commitments (XhDemo *self, GError **error)
{
  guint n = CLAMP (self->options->households / HOUSEHOLDS_A_COMMITMENT, LEAST_COMMITMENTS, MOST_COMMITMENTS);
  const char *county = find_county (self);

  if (self->commitment.kind == NULL)
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (!xh_demo_emit (self, make_commitment (self, i, county), error))
      return FALSE;
  return TRUE;
}
