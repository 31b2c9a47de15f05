/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of this room share: the facts of a household before they are written as records. */
#pragma once

#include "xh-demo.h"
#include "model/xh-form.h"
#include "xh-demo-random.h"
#include "xh-demo-sample.h"

G_BEGIN_DECLS

#define USUAL_TOWNSHIP "410421105" /* where the demo's township officer and assessors work */

typedef enum { DEMO_TOPIC_FAMILY, DEMO_TOPIC_MONEY, DEMO_TOPIC_NAMES, DEMO_TOPIC_DATES, DEMO_TOPIC_ANSWERS,
               DEMO_TOPIC_ID, DEMO_TOPIC_VILLAGE, DEMO_TOPIC_RESERVED,
               DEMO_TOPIC_FIRM, DEMO_TOPIC_PERSON, DEMO_TOPIC_REGISTER } XhDemoTopic;

typedef enum { DEMO_CONSENT_NONE, DEMO_CONSENT_UNSIGNED, DEMO_CONSENT_EXPIRED, DEMO_CONSENT_WITHDRAWN,
               DEMO_CONSENT_VALID } XhDemoConsent;

typedef enum { DEMO_VETO_NONE, DEMO_VETO_DEFAULTER, DEMO_VETO_BAD_LOAN, DEMO_VETO_CRIME, DEMO_VETO_FRAUD } XhDemoVeto;

typedef struct
{
  const char *relation;
  gboolean male;
  guint32 birth; /* Julian day */
  gboolean labour;
  const char *skill;
} XhDemoMember;

typedef struct { const char *asset; gint64 value; } XhDemoAsset;

typedef struct
{
  const char *bank, *status;
  gint64 amount, balance; /* fen */
  int due_in;             /* days from today */
  int overdue_days;
} XhDemoLoan;

#define DEMO_MAX_MEMBERS 10
#define DEMO_MAX_ASSETS 6
#define DEMO_MAX_LOANS 2

/* Everything about a household but its names and dates; cheap to make again. Money in fen. */
typedef struct
{
  guint64 index;    /* among all households */
  double quality;   /* how well it does and pays; mean 0, deviation 1 */
  XhDemoConsent consent;
  XhDemoVeto veto;
  const char *residence;
  XhDemoMember members[DEMO_MAX_MEMBERS];
  guint n_members, n_labour;
  const char *business, *form;
  int business_years;
  double land, land_in, land_out;
  const char *species;
  int heads;
  const char *machine; /* (nullable) */
  double house_area;
  XhDemoAsset assets[DEMO_MAX_ASSETS];
  guint n_assets;
  XhDemoLoan loans[DEMO_MAX_LOANS];
  guint n_loans;
  gint64 private_debt, guarantees, business_income, wage_income, other_income, business_costs, living_costs;
  gint64 total_assets, total_debt, net_income;
  int overdue_days, bad_loans;
} XhDemoFacts;

/* The fields that are written, by kind; a field that the catalog no longer has is left out. */
typedef struct
{
  const XhKind *kind;
  int *fields; /* (owned) index in the kind; -1: no such field */
} XhDemoKind;

typedef struct _XhDemoScorer XhDemoScorer;

typedef struct
{
  XhCatalog *catalog;
  const XhDemoOptions *options;
  XhDemoFunc func;
  gpointer data;
  GDate today;
  guint64 n_done;
  XhDemoKind household, consent, rating; /* kind NULL where the catalog lacks it */
  XhDemoScorer *scorer; /* (owned) (nullable) */
  XhDemoSamples *samples; /* (owned) (nullable) */
  GHashTable *missing;    /* (owned) set of the ids of records that could not be made */
  GString *json;        /* (owned) for writing tables */
} XhDemo;

typedef struct
{
  const XhDivision *division, *township;
  const char *unit;     /* (nullable) the township's unit */
  double progress;      /* of this year's rating, about 0 to 1 */
  gboolean pilot;       /* was rated last year, too */
  double mean_income, mean_assets; /* fen, over households with money data */
  gboolean has_means;
  char *collector;      /* (owned) */
} XhDemoVillage;

/* --- xh-demo-names.c: (transfer full) texts */
char       *xh_demo_surname       (XhDemoRandom *random);
char       *xh_demo_given_name    (XhDemoRandom *random, gboolean male, int birth_year);
char       *xh_demo_id_number     (guint32 birth, guint sequence); /* county 410421; an odd sequence is a man */
char       *xh_demo_phone         (XhDemoRandom *random);
char       *xh_demo_firm_name     (XhDemoRandom *random, gboolean sole);
char       *xh_demo_uscc          (guint number, gboolean sole);
gboolean    xh_demo_holds_word       (const char *name, JsonArray *words); /* whether one of them stands in the name */
/* The firm at @index or the next whose name holds a word that the kind's sample asks for ("firms"): a farm for a register of farms. */
guint       xh_demo_fitting_firm     (XhDemo *self, const XhKind *kind, guint index);
char       *xh_demo_pool_firm_name   (XhDemo *self, guint index);
char       *xh_demo_pool_firm_code   (XhDemo *self, guint index);
char       *xh_demo_pool_person_name (XhDemo *self, guint index);
char       *xh_demo_pool_person_id   (XhDemo *self, guint index);
char       *xh_demo_pool_unit_code   (XhDemo *self, const XhUnit *unit);

/* --- xh-demo-facts.c */
void        xh_demo_facts         (XhDemo *self, guint64 index, XhDemoFacts *facts);
guint32     xh_demo_head_birth    (guint64 seed, guint64 index, guint *sequence);

/* --- xh-demo-record.c */
gboolean    xh_demo_kind_init     (XhDemoKind *self, const XhKind *kind, const char *const *names, guint n_names);
char       *xh_demo_id            (const XhDemo *self, guint64 number, guint slot);
XhRecord   *xh_demo_record        (XhDemo *self, const XhDemoKind *kind, guint64 number, guint slot,
                                   const GDate *created);
void        xh_demo_set_text      (const XhDemoKind *kind, XhRecord *record, guint field, const char *text);
void        xh_demo_take_text     (const XhDemoKind *kind, XhRecord *record, guint field, char *text);
void        xh_demo_set_integer   (const XhDemoKind *kind, XhRecord *record, guint field, gint64 integer);
void        xh_demo_set_real      (const XhDemoKind *kind, XhRecord *record, guint field, double real);
void        xh_demo_set_date      (const XhDemoKind *kind, XhRecord *record, guint field, const GDate *date);
const XhValue *xh_demo_get        (const XhDemoKind *kind, const XhRecord *record, guint field); /* (nullable) */
const char *xh_demo_paper         (const XhDemo *self); /* what a field of files holds that a rule asks for */
void        xh_demo_day           (const XhDemo *self, int days_ago, GDate *date);
gboolean    xh_demo_emit          (XhDemo *self, XhRecord *record, GError **error); /* (transfer full) record */

/* --- xh-demo-household.c, xh-demo-rating.c */
void        xh_demo_household_init  (XhDemo *self);
void        xh_demo_rating_init     (XhDemo *self);
XhRecord   *xh_demo_make_household  (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts, guint place);
XhRecord   *xh_demo_make_consent    (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts,
                                     const XhRecord *household);
/* @last_year: the rating of the year before. NULL with no error: this household has none. */
XhRecord   *xh_demo_make_rating     (XhDemo *self, const XhDemoVillage *village, const XhDemoFacts *facts,
                                     const XhRecord *household, gboolean last_year, GError **error);
const char *xh_demo_head_name       (XhDemo *self, const XhRecord *household);

/* --- xh-demo-register.c: every kind that has a sample */
gboolean    xh_demo_make_registers  (XhDemo *self, GError **error);
/* The record @number of @n that a link may name: where that one could not be made, the next that could. */
guint       xh_demo_register_present (const XhDemo *self, const char *kind, guint number, guint n);
char       *xh_demo_register_id     (const XhDemo *self, const char *kind, guint number); /* (transfer full): of the n-th record */

/* --- xh-demo-draw.c */

/* One record of a register being filled. */
typedef struct
{
  XhDemo *demo;
  const XhKind *kind;
  JsonObject *sample;
  XhDemoRandom random;
  guint number;   /* of the record, from 0 */
  JsonObject *set; /* (nullable) values that belong together */
  const char *target; /* (nullable) the state it is to stand in */
  guint subject;  /* whom it is about: index into a pool */
  gboolean open;  /* it is to stand where work still waits */
  int age;        /* days that an open one is old at most */
  guint year;     /* of its first date; 0: none yet. What {year} stands for */
  GDate latest;   /* the last date drawn: those without a sample follow it */
  GHashTable *codes; /* (owned) what the record's text fields hold, for {"after": FIELD}: name → text */
} XhDemoDraw;

void        xh_demo_draw_value      (XhDemoDraw *self, const XhField *field, XhValue *value);
guint       xh_demo_pool_size       (XhDemo *self, const char *kind);
guint       xh_demo_register_subject (XhDemo *self, const XhKind *kind, guint number);

/* --- xh-demo-score.c: the card's own inputs, evaluated by SQLite as everywhere */
XhDemoScorer *xh_demo_scorer_new  (XhCatalog *catalog, const XhKind *kind, GError **error);
void          xh_demo_scorer_free (XhDemoScorer *self);
gboolean      xh_demo_scorer_run  (XhDemoScorer *self, XhRecord *record, const XhValue *references, const char *date,
                                   gboolean explain, GError **error);

G_END_DECLS
