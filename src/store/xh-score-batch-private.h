/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-score-batch.h"

G_BEGIN_DECLS

#define XH_SCORE_MAX_CODES (G_MAXUINT16 + 1)

/* The inputs of one indicator. Most have few different values: two bytes a record and the values beside. Ratios are numbers. */
typedef struct
{
  GArray *inputs;  /* (owned) (nullable) of XhValue: the different inputs */
  guint16 *codes;  /* (owned) (nullable) place in inputs, by row */
  double *numbers; /* (owned) (nullable) instead of codes; NaN: not known */
  guint8 *bands;   /* (owned) band that hits, by row */
  double *points;  /* (owned) by band */
} XhScoreColumn;

struct _XhScoreBatch
{
  const XhScorecard *card;
  guint n;
  gint64 *rids;        /* (owned) by row */
  guint8 *limits;      /* (owned) index of the best grade the vetoes leave, by row */
  guint8 *grades;      /* (owned) index of the grade, by row */
  XhScoreColumn *columns; /* (owned) by indicator */
  double **dimensions; /* (owned) capped points, by dimension and row */
};

gboolean xh_score_batch_read (XhScoreBatch *self, XhStore *store, GCancellable *cancellable, GError **error);

G_END_DECLS
