/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The organisations that are answerable (责任单位), with the names they go by in documents (units.json).
 * Owned by the catalog, immutable, may be read from any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhUnits XhUnits;

typedef struct
{
  char *code;     /* (owned) stable short code, e.g. "nyncj" */
  char *name;     /* (owned) */
  char **aliases; /* (owned) may be empty */
  char *uscc;     /* (owned) (nullable) */
  char *division; /* (owned) (nullable) for townships */
} XhUnit;

/**
 * xh_units_get_all:
 *
 * Returns: (transfer none) (element-type XhUnit): all of them, as they stand in the file
 */
GPtrArray    *xh_units_get_all (XhUnits *units);

/**
 * xh_units_find:
 * @code: (nullable): a unit's code
 *
 * Returns: (transfer none) (nullable): the unit
 */
const XhUnit *xh_units_find    (XhUnits *units, const char *code);

/**
 * xh_units_match:
 * @name: (nullable): a name or alias, as a document writes it
 *
 * Returns: (transfer none) (nullable): the one unit that goes by it; the catalog has no name twice
 */
const XhUnit *xh_units_match   (XhUnits *units, const char *name);

G_END_DECLS
