/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The organisations that are answerable (责任单位), with the names they go by in documents (units.json). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhUnits XhUnits;

typedef struct
{
  char *code;     /* (owned) stable short code, e.g. "nyncj" */
  char *name;     /* (owned) */
  char **aliases; /* (owned) */
  char *uscc;     /* (owned) (nullable) */
  char *division; /* (owned) (nullable) for townships */
} XhUnit;

GPtrArray    *xh_units_get_all (XhUnits *units); /* of XhUnit */
const XhUnit *xh_units_find    (XhUnits *units, const char *code);
const XhUnit *xh_units_match   (XhUnits *units, const char *name); /* by name or alias */

G_END_DECLS
