/* SPDX-License-Identifier: GPL-3.0-or-later */

/* 双随机抽取, without a display: the pool as it stands in a store, the draw from it, its record and the tasks that follow, and the check
 * of a draw that was recorded. Everything that takes a store runs in a worker. */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

/* What is drawn from. */
typedef struct
{
  GArray *entries;       /* (owned) of XhPoolEntry, of strings below */
  GStringChunk *strings; /* (owned) */
  GPtrArray *inspectors; /* (owned) of XhRecord: those who can be sent at all */
  GArray *by_ratio;      /* (owned) of guint: entries of each ratio of the scheme, last those of no ratio */
} XhDrawPool;

/* One that was drawn. */
typedef struct
{
  char *id, *title;          /* (owned) */
  char *code, *grade;        /* (owned) (nullable) */
  GPtrArray *inspectors;     /* (not owned elements) of XhRecord of the pool; empty for a draw read back */
  char *inspector_names;     /* (owned) "王某、李某"; may be empty */
} XhDrawObject;

/* A draw as it is shown, and recorded. */
typedef struct
{
  const XhSamplingScheme *scheme; /* (nullable) of the catalog; NULL: it has no such scheme any more */
  GArray *percents;    /* (owned) of double: as chosen, a ratio of the scheme each */
  char *seed, *pool_hash; /* (owned) */
  guint n_pool;
  GPtrArray *objects;  /* (owned) of XhDrawObject */
  GPtrArray *quotas;   /* (owned) of guint pairs: XhDrawCount */
  XhDrawPool *pool;    /* (owned) (nullable) */
} XhDrawSheet;

typedef struct
{
  guint n_pool, n_drawn;
} XhDrawCount;

/* Who draws, and for what; all (not owned), seed apart. */
typedef struct
{
  const char *role, *login, *name, *division, *unit; /* of the account */
  const char *title, *lead_unit, *witness;           /* as typed; witness nullable */
} XhDrawOrder;

XhDrawPool  *xh_draw_pool_read  (XhStore *store, const XhSamplingScheme *scheme, GError **error);
void         xh_draw_pool_free  (XhDrawPool *pool);

/* How many of @n_pool entries a ratio at @percent asks for. */
guint        xh_draw_wanted     (const XhSamplingRatio *ratio, double percent, guint n_pool);

/* The bounds of what may be chosen for a ratio, by its range in words ("5%—20%", "≤5%"); without one 0 to 100. */
void         xh_draw_range      (const XhSamplingRatio *ratio, double *minimum, double *maximum);

/**
 * xh_draw_sheet_make:
 * @percents: of double, a ratio of the scheme each
 * @pool: (transfer full)
 *
 * Returns: (transfer full): the draw, with titles and inspectors
 */
XhDrawSheet *xh_draw_sheet_make (XhStore *store, const XhSamplingScheme *scheme, GArray *percents, const char *seed, XhDrawPool *pool,
                                 GError **error);
/* A draw that was recorded. Without a pool. */
XhDrawSheet *xh_draw_sheet_read (XhCatalog *catalog, const XhRecord *record, GError **error);
void         xh_draw_sheet_free (XhDrawSheet *sheet);

/**
 * xh_draw_sheet_save:
 *
 * The record of the draw and a task for each object, all or nothing.
 *
 * Returns: (transfer full): id of the record, or %NULL with XH_STORE_ERROR: what stands in the way, and nothing is stored
 */
char        *xh_draw_sheet_save (XhStore *store, XhDrawSheet *sheet, const XhDrawOrder *order, GError **error);

/**
 * xh_draw_sheet_verify:
 * @sheet: as recorded
 *
 * Draws again from the pool as it is now.
 *
 * Returns: whether the same comes out; else %XH_MODEL_ERROR_VALUE, which says what differs, or an error of the store
 */
gboolean     xh_draw_sheet_verify (XhStore *store, const XhDrawSheet *sheet, GError **error);

/* Writes .xlsx or .csv. Number of rows, or -1. Any thread. */
gssize       xh_draw_sheet_export (const XhDrawSheet *sheet, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDrawPool, xh_draw_pool_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDrawSheet, xh_draw_sheet_free)

G_END_DECLS
