/* SPDX-License-Identifier: GPL-3.0-or-later */

/* 双随机抽查: schemes that say how many of which grade are inspected (sampling.json), and the draw itself. A draw follows from the
 * scheme, the pool and a seed alone: with these anybody can repeat it and see that nobody picked.
 *
 * Schemes are owned by the catalog, immutable, may be read from any thread. */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

typedef struct
{
  char *grade;    /* (owned) code; "*": every grade without a ratio of its own */
  double percent; /* of the entries of this grade, rounded up */
  guint minimum;  /* so many at least, as far as there are */
  char *range;    /* (owned) (nullable) what the document says: "≤5%" */
  XhLabel note;   /* may be empty */
} XhSamplingRatio;

/* Which records of the pool's kind count: those whose field (or state) is one of the codes. */
typedef struct
{
  char *field;  /* (owned) */
  char **codes; /* (owned) */
} XhSamplingWhere;

/* A field of the record that is made for what was drawn. */
typedef struct
{
  char *theirs; /* (owned) */
  char *ours;   /* (owned) (nullable) field of the pool's kind, or "id" */
  char *value;  /* (owned) (nullable) a fixed value instead, as text */
} XhSamplingSet;

typedef struct
{
  char *name;             /* (owned) */
  XhLabel label;
  char *source;           /* (owned) (nullable) the document */
  const XhKind *pool;
  char *grade;            /* (owned) (nullable) field of the pool's kind; NULL: all are "*" */
  GPtrArray *where;       /* (owned) of XhSamplingWhere */
  GPtrArray *ratios;      /* (owned) of XhSamplingRatio */
  const XhKind *creates;  /* (nullable) what is made for each that was drawn */
  GPtrArray *sets;        /* (owned) of XhSamplingSet */
  char *draw_field;       /* (owned) (nullable) its link to the record of the draw */
  const XhKind *inspectors;   /* (nullable) who inspects */
  guint per_object;           /* inspectors for each */
  char *inspector_table;      /* (owned) (nullable) its table that names them */
  GPtrArray *inspector_sets;  /* (owned) of XhSamplingSet: column from a field of the inspector */
} XhSamplingScheme;

typedef struct
{
  const char *id;
  const char *grade; /* (nullable) */
} XhPoolEntry;

typedef struct
{
  char *id;    /* (owned) */
  char *grade; /* (owned) (nullable) as in the pool */
  char *hash;  /* (owned) SHA-256 of seed, line feed, id: what it was ordered by */
} XhDrawn;

/* What became of one ratio. */
typedef struct
{
  const XhSamplingRatio *ratio; /* (nullable) NULL: grades that the scheme does not name, of which none is drawn */
  guint n_pool, n_drawn;
} XhDrawQuota;

typedef struct
{
  char *seed;         /* (owned) */
  char *pool_hash;    /* (owned) SHA-256 of the pool: a line "id grade" each, sorted */
  guint n_pool;
  GPtrArray *drawn;   /* (owned) of XhDrawn: by ratio in the scheme's order, within it by hash */
  GPtrArray *quotas;  /* (owned) of XhDrawQuota, in the scheme's order */
} XhDraw;

/* Whether an inspector may be sent to an object: does he have to stay away, is he on leave? */
typedef gboolean (*XhMayInspect) (const char *object, const char *inspector, gpointer data);

/**
 * xh_sampling_find_ratio:
 *
 * Returns: (transfer none) (nullable): the ratio of @grade, else that of "*"
 */
const XhSamplingRatio *xh_sampling_find_ratio (const XhSamplingScheme *scheme, const char *grade);

/**
 * xh_sampling_draw:
 * @pool: (array length=n_pool): in any order; an id that stands in it twice counts once
 * @seed: anything that nobody could choose by its result, for example a number drawn before witnesses
 *
 * Returns: (transfer full): the draw; the same for the same scheme, pool and seed
 */
XhDraw    *xh_sampling_draw   (const XhSamplingScheme *scheme, const XhPoolEntry *pool, guint n_pool, const char *seed);

/**
 * xh_sampling_verify:
 * @pool_hash: (nullable): as it was kept; %NULL: not compared
 * @ids: (array zero-terminated=1): what is said to have been drawn, in any order
 *
 * Returns: whether the draw gives just these; else %XH_MODEL_ERROR_VALUE, which says what differs
 */
gboolean   xh_sampling_verify (const XhSamplingScheme *scheme, const XhPoolEntry *pool, guint n_pool, const char *seed, const char *pool_hash,
                               const char *const *ids, GError **error);

/**
 * xh_sampling_draw_inspectors:
 * @object: id of what was drawn
 * @inspectors: (array zero-terminated=1): ids of all who could be sent
 * @may: (nullable): who may not be sent there
 *
 * Ordered by the SHA-256 of seed, object and inspector, each on a line.
 *
 * Returns: (transfer full): ids of the scheme's `per_object` first, fewer where there are not so many
 */
char     **xh_sampling_draw_inspectors (const XhSamplingScheme *scheme, const char *object, const char *const *inspectors, const char *seed,
                                        XhMayInspect may, gpointer data);

void       xh_draw_free       (XhDraw *draw);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDraw, xh_draw_free)

G_END_DECLS
