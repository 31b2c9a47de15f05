/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The demo county: generated households, consents, ratings and commitments in Baofeng's real villages, the same on every
 * run for one seed. No real person; every name is made from lists, every number has a valid check digit and every record
 * is marked as demo. Fills a store directly; used by `xinheng-server demo`, by tests and by benchmarks. */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

typedef void (*XhDemoProgress) (guint64 done, guint64 total, gpointer data);

typedef struct
{
  guint64 seed;
  guint households;
  gboolean ratings, commitments;
  const char *under; /* (nullable) only this division's subtree */
} XhDemoOptions;

/* Makes one record after another and hands each to @func, which stores it (the server through its ledger, a benchmark by xh_store_put).
 * Records of a household come together: household, consent, rating. */
typedef gboolean (*XhDemoFunc) (XhRecord *record, gpointer data, GError **error);
gboolean xh_demo_generate (XhCatalog *catalog, const XhDemoOptions *options, XhDemoFunc func, gpointer data, GError **error);

G_END_DECLS
