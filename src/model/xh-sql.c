/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-sql.h"

#include <string.h>

static gboolean
is_of_name (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

gboolean
xh_sql_mentions (const char *expression, const char *name)
{
  const gsize n = strlen (name);

  for (const char *p = expression != NULL ? strstr (expression, name) : NULL; p != NULL; p = strstr (p + 1, name))
    if ((p == expression || !is_of_name (p[-1])) && !is_of_name (p[n]))
      return TRUE;
  return FALSE;
}

const char *
xh_sql_column_type (XhFieldType type)
{
  switch (type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_MONEY:
    case XH_FIELD_BOOLEAN:
      return "INTEGER";
    case XH_FIELD_DECIMAL:
      return "REAL";
    default:
      return "TEXT";
    }
}
