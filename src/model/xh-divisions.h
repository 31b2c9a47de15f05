/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The division tree (divisions.csv: code,name,parent_code,level; 12-digit codes of the statistics office).
 * Owned by the catalog, immutable, may be read from any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhDivisions XhDivisions;

/* A code of 12 digits uses 2, 4, 6, 9 or 12 of them by its level; the rest are zeros. */
typedef enum
{
  XH_LEVEL_PROVINCE,
  XH_LEVEL_PREFECTURE,
  XH_LEVEL_COUNTY,
  XH_LEVEL_TOWNSHIP,
  XH_LEVEL_VILLAGE,
} XhLevel;

typedef struct
{
  char *code;       /* (owned) 12 digits */
  char *name;       /* (owned) */
  char *short_name; /* (owned) without 村民委员会, 居民委员会 and the like */
  char *parent;     /* (owned) (nullable) */
  XhLevel level;
} XhDivision;

/**
 * xh_divisions_get_all:
 *
 * Returns: (transfer none) (element-type XhDivision): all of them, by code
 */
GPtrArray        *xh_divisions_get_all      (XhDivisions *divisions);

/**
 * xh_divisions_find:
 * @code: (nullable): 12 digits
 *
 * Returns: (transfer none) (nullable): the division, or %NULL where there is none
 */
const XhDivision *xh_divisions_find         (XhDivisions *divisions, const char *code);

/**
 * xh_divisions_children:
 * @code: (nullable): %NULL: those without parent
 *
 * Returns: (transfer container) (element-type XhDivision): those right below @code, by code; may be empty
 */
GPtrArray        *xh_divisions_children     (XhDivisions *divisions, const char *code);

/**
 * xh_divisions_path:
 * @code: (nullable): a division
 * @from: the highest level that is named
 *
 * What a person reads. Village names occur more than once in a county: show the township with them.
 *
 * Returns: (transfer full): "城关镇 · 东街社区"; empty where @code is unknown or above @from
 */
char             *xh_divisions_path         (XhDivisions *divisions, const char *code, XhLevel from);

/**
 * xh_division_contains:
 * @code: (nullable): a division; %NULL or empty: everything
 * @other: (nullable): the division that is looked for
 *
 * Returns: whether @other is @code or lies in it, by their digits alone
 */
gboolean          xh_division_contains      (const char *code, const char *other);

/**
 * xh_division_range:
 * @code: (nullable): a division; %NULL, empty or no code: everything
 *
 * The half-open range of @code and the codes below it, for SQL: `lower <= division AND division < upper`.
 */
void              xh_division_range         (const char *code, char lower[13], char upper[13]);

G_END_DECLS
