/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The figures of the dashboard, counted by the reader. */
#pragma once

#include "store/xh-query.h"

G_BEGIN_DECLS

typedef struct
{
  char *code;      /* (owned) of the division */
  gint64 subjects; /* that may be rated */
  gint64 decided;  /* whose rating is decided */
  gint64 *grades;  /* (owned) ratings by computed grade, card->grades->len of them */
} XhFiguresPlace;

typedef struct
{
  GPtrArray *kinds;  /* (owned) of XhKind (not owned) that the role reads */
  GArray *counts;    /* (owned) of gint64 */

  const XhKind *rated;      /* (nullable) the kind that a scorecard judges */
  const XhKind *subject;    /* the kind it rates */
  const XhScorecard *card;
  gint64 year;              /* of the ratings counted; 0: all */
  GPtrArray *places;        /* (owned) of XhFiguresPlace */
} XhFigures;

/* What the reader is asked; passed as the data of xh_figures_count(). */
typedef struct
{
  XhCatalog *catalog; /* (owned) */
  char *role;         /* (owned) */
  guint prefix;       /* digits of a division code to count by: 9 townships, 12 villages */
} XhFiguresWish;

XhFiguresWish *xh_figures_wish_new  (XhCatalog *catalog, const char *role, const char *scope);
void           xh_figures_wish_free (gpointer wish);
gpointer       xh_figures_count     (XhStore *store, gpointer wish, GCancellable *cancellable, GError **error); /* XhWorkerFunc */
void           xh_figures_free      (gpointer figures);

/* A rating in this state is decided: the state is good, or lies between good ones (an annual review). */
gboolean       xh_state_is_decided  (const XhKind *kind, const XhState *state);

G_END_DECLS
