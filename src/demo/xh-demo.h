/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The demo county: generated households, consents, ratings and every other register in Baofeng's real villages, the same on
 * every run for one seed. No real person; every name is made from lists, every number has a valid check digit and every
 * record is marked as demo. Fills a store directly; used by `xinheng-server demo`, by tests and by benchmarks. */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

/* A value for a field of files whose content is nowhere: for stores without a server. */
#define XH_DEMO_PAPER \
  "[{\"hash\":\"00000000000000000000000000000000000000000000000000000000000000de\",\"name\":\"（演示）文书.pdf\",\"size\":1024,\"type\":\"application/pdf\"}]"

/**
 * XhDemoProgress:
 * @done: households made so far
 * @total: households asked for
 *
 * Called every thousand households, in the thread that generates.
 */
typedef void (*XhDemoProgress) (guint64 done, guint64 total, gpointer data);

/**
 * XhDemoReferences:
 * @record: about to be judged, not stored yet
 * @values: (out caller-allocates): as many as its kind has references
 *
 * Fetches what a record refers to among those made before; values that stay NULL are not known.
 */
typedef void (*XhDemoReferences) (const XhRecord *record, XhValue *values, gpointer data);

/**
 * XhDemoOptions:
 * @seed: the same seed makes the same county
 * @households: how many, spread over the villages
 * @ratings: this year's ratings, and last year's in the pilot villages
 * @under: (nullable): only the villages of this division's subtree
 * @no_explanations: leave out the explanation of each score (about 1 KB): for stores of a million that only measure
 * @progress: (nullable): told how far it is
 * @samples: (nullable): folder of data/demo: makes every register that has a sample there
 * @paper: (nullable): what a field of files holds that a rule asks for; else XH_DEMO_PAPER
 * @references: (nullable): without it what comes from other records is not known to the registers
 */
typedef struct
{
  guint64 seed;
  guint households;
  gboolean ratings;
  const char *under; /* (nullable) only this division's subtree */
  gboolean no_explanations;
  XhDemoProgress progress; /* (nullable) */
  gpointer progress_data;
  const char *samples; /* (nullable) */
  const char *paper; /* (nullable) */
  XhDemoReferences references; /* (nullable) */
  gpointer references_data;
} XhDemoOptions;

/**
 * XhDemoFunc:
 * @record: a record that passes the checks of its kind; belongs to the generator, may be changed (a store sets its rid)
 *
 * Stores one record: the server through its ledger, a benchmark by xh_store_put(). Records of a household come together,
 * the household first, then its consent and its ratings.
 *
 * Returns: %FALSE with @error set to stop
 */
typedef gboolean (*XhDemoFunc) (XhRecord *record, gpointer data, GError **error);

/**
 * xh_demo_generate:
 * @catalog: a catalog with the kinds household, consent, rating; one that it lacks is left out
 * @options: what to make
 * @func: takes each record
 *
 * Makes the county. Who lives where, money, answers and ids depend on the seed alone; the days of consents, ratings and
 * registers are counted back from today (xh_date_today()), so that some are always due. About 6 % of the households
 * have no valid consent and no money data, about 3 % a veto. Scores come from the catalog's card. Memory does not grow
 * with the number of households. Any thread.
 *
 * Returns: %FALSE with @func's error, or %XH_MODEL_ERROR_EXPRESSION where an input of the card fails
 */
gboolean xh_demo_generate (XhCatalog *catalog, const XhDemoOptions *options, XhDemoFunc func, gpointer data,
                           GError **error);

G_END_DECLS
