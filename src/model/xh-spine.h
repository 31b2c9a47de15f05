/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every record has beside the fields of its kind: the one list of these columns. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  XH_SPINE_IS_INTEGER = 1 << 0,
  XH_SPINE_IS_NAMED = 1 << 1, /* expressions may read it */
  XH_SPINE_IS_GIVEN = 1 << 2, /* known of a record in memory, before it is stored */
} XhSpineFlags;

typedef struct
{
  const char *name;
  XhSpineFlags flags;
} XhSpineColumn;

#define XH_N_SPINE_COLUMNS 14

extern const XhSpineColumn xh_spine_columns[XH_N_SPINE_COLUMNS];

/**
 * xh_spine_find:
 *
 * Returns: (transfer none) (nullable): the column of this name
 */
const XhSpineColumn *xh_spine_find     (const char *name);

/**
 * xh_spine_is_named:
 *
 * Returns: whether expressions may read a column of this name
 */
gboolean             xh_spine_is_named (const char *name);

G_END_DECLS
