/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-spine.h"

#include <string.h>

#define INTEGER XH_SPINE_IS_INTEGER
#define NAMED XH_SPINE_IS_NAMED
#define GIVEN XH_SPINE_IS_GIVEN

/* The first are in the order of XhSpine in xh-form-private.h. */
const XhSpineColumn xh_spine_columns[XH_N_SPINE_COLUMNS] = {
  { "rid", INTEGER },
  { "id", NAMED },
  { "division", NAMED | GIVEN },
  { "unit", NAMED | GIVEN },
  { "state", NAMED | GIVEN },
  { "version", INTEGER | NAMED },
  { "deleted", INTEGER | GIVEN },
  { "created_at", NAMED },
  { "updated_at", NAMED },
  { "due", 0 },
  { "kind", 0 },
  { "kind_version", INTEGER },
  { "updated_by", 0 },
  { "subject", 0 },
};

const XhSpineColumn *
xh_spine_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < XH_N_SPINE_COLUMNS; i++)
    if (strcmp (xh_spine_columns[i].name, name) == 0)
      return &xh_spine_columns[i];
  return NULL;
}

gboolean
xh_spine_is_named (const char *name)
{
  const XhSpineColumn *column = xh_spine_find (name);

  return column != NULL && (column->flags & XH_SPINE_IS_NAMED) != 0;
}
