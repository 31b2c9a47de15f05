/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A scorecard: how records of a kind are rated. Inputs are SQL over the kind's fields and references; bands, caps, vetoes
 * and grades are data looked up here. docs/catalog.md describes the file; the first is card C1 (domain.md 5.6). */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

typedef struct
{
  char *is;           /* (owned) (nullable) text the input must equal; NULL with has_bound FALSE and is_null FALSE: anything */
  gboolean is_null;   /* the input must be unknown */
  double min, above, below, max; /* NaN: no such bound; min and max inclusive, above and below exclusive */
  double points;
  XhLabel label;
} XhBand;

typedef struct
{
  guint index;          /* place among all indicators of the card */
  guint dimension;
  char *name;           /* (owned) */
  XhLabel label;
  char *input;          /* (owned) SQL */
  char *field;          /* (owned) (nullable) field to edit to change it */
  XhLabel source;       /* where the input comes from */
  char *clause;         /* (owned) (nullable) rule it follows */
  char *unit_label;     /* (owned) (nullable) */
  char *format;         /* (owned) (nullable) "percent", "ratio", "money", "choice" */
  double max;
  gboolean consent;     /* needs written consent */
  gboolean improvable;  /* counts in the way to the next grade */
  GPtrArray *bands;     /* (owned) of XhBand, first hit counts */
} XhIndicator;

typedef struct
{
  char *name; /* (owned) */
  XhLabel label;
  double max;        /* cap of the dimension */
  gboolean bonus;    /* not in the hundred */
  guint first, n;    /* range of indicators */
} XhDimension;

typedef struct { char *name; XhLabel label; char *when; char *grade; char *basis; } XhVeto; /* all (owned); grade: the best still possible */
typedef struct { char *name; XhLabel label; XhLabel use; double min; gint64 credit; gboolean rated; } XhGrade; /* min NaN: by veto or unrated only; credit fen, -1: case by case */

typedef struct
{
  char *name, *kind; /* (owned) */
  guint version;
  char *valid_from, *valid_to; /* (owned) (nullable) */
  XhLabel label;
  GPtrArray *dimensions; /* of XhDimension */
  GPtrArray *indicators; /* of XhIndicator, 20 for C1 and the bonus */
  GPtrArray *vetoes;     /* of XhVeto */
  GPtrArray *grades;     /* of XhGrade, best first */
  char *credit_add;      /* (owned) (nullable) SQL, fen added to the grade's basic credit line */
  gint64 credit_cap;     /* fen */
  char *score_field, *grade_field, *credit_field, *explanation_field; /* (owned) where the result is stored */
} XhScorecard;

typedef struct
{
  const XhIndicator *indicator;
  XhValue input;
  const XhBand *band; /* (nullable) no band hit: 0 points */
  double points;
} XhScoreRow;

typedef struct
{
  const XhIndicator *indicator;
  const XhBand *band; /* the band to reach */
  double gain;
} XhScoreStep;

typedef struct
{
  const XhScorecard *card;
  XhScoreRow *rows;          /* (owned) one per indicator */
  double *dimension_points;  /* (owned) capped */
  gboolean *veto_hit;        /* (owned) */
  double total;
  const XhGrade *grade;
  gint64 credit;             /* fen; -1: case by case; 0: none */
  const XhGrade *next;       /* (nullable) */
  double missing;            /* points to the next grade; 0 where only a veto stands in the way */
  GArray *steps;             /* (owned) of XhScoreStep: fewest indicators that reach it; empty: cannot */
  gint64 credit_add;         /* fen added to the grade's basic line */
  char *date;                /* (owned) (nullable) day of the explanation a score was read back from */
  XhScorecard *replayed;     /* (owned) (nullable) the card as the explanation tells it; @card is this one then */
} XhScore;

/* The inputs of a card are indicators->len values, then one 0/1 per veto, then credit_add. */
guint          xh_scorecard_n_inputs   (const XhScorecard *card);
const char    *xh_scorecard_input_sql  (const XhScorecard *card, guint index);
XhScore       *xh_scorecard_score      (const XhScorecard *card, const XhValue *inputs);
const XhBand  *xh_indicator_find_band  (const XhIndicator *indicator, const XhValue *input);

/* Pure pieces of the same computation, without allocation, for the batch scorer. */
double         xh_indicator_points      (const XhIndicator *indicator, XhValueType type, double number); /* not for text */
double         xh_indicator_text_points (const XhIndicator *indicator, const char *text);
double         xh_scorecard_total       (const XhScorecard *card, const double *points, double *dimension_points);
const XhGrade *xh_scorecard_grade_of    (const XhScorecard *card, double total, const gboolean *veto_hit);
const XhGrade *xh_scorecard_find_grade (const XhScorecard *card, const char *name);
void           xh_score_free           (XhScore *score);

/* The explanation that is stored, and the score it tells, whatever became of the card since. */
char          *xh_score_to_json        (const XhScore *score, const char *date);
XhScore       *xh_score_from_json      (const XhScorecard *card, const char *json, GError **error);
/* Whether it is the field in which its kind's card stores the explanation: made from the rest of the record, and no change
 * that anybody made. */
gboolean       xh_field_holds_explanation (const XhField *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhScore, xh_score_free)

G_END_DECLS
