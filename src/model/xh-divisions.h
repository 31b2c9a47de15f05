/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The division tree (divisions.csv: code,name,parent_code,level; 12-digit codes of the statistics office). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhDivisions XhDivisions;

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

GPtrArray        *xh_divisions_get_all      (XhDivisions *divisions); /* of XhDivision, by code */
const XhDivision *xh_divisions_find         (XhDivisions *divisions, const char *code);
GPtrArray        *xh_divisions_children     (XhDivisions *divisions, const char *code); /* (transfer container) */
char             *xh_divisions_path         (XhDivisions *divisions, const char *code, XhLevel from); /* "城关镇 · 东大街" */
gboolean          xh_division_contains      (const char *code, const char *other);
/* The half-open range of codes below @code, for SQL: lower <= division AND division < upper. */
void              xh_division_range         (const char *code, char lower[13], char upper[13]);

G_END_DECLS
