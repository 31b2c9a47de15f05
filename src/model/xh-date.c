/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-calendar.h"

#include <string.h>

gboolean
xh_date_parse (const char *iso, GDate *date)
{
  int n[8], year, month, day;

  g_return_val_if_fail (date != NULL, FALSE);

  if (iso == NULL || strlen (iso) != 10 || iso[4] != '-' || iso[7] != '-')
    return FALSE;
  for (int i = 0, at = 0; at < 10; at++)
    {
      if (at == 4 || at == 7)
        continue;
      if (!g_ascii_isdigit (iso[at]))
        return FALSE;
      n[i++] = iso[at] - '0';
    }
  year = n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3];
  month = n[4] * 10 + n[5];
  day = n[6] * 10 + n[7];
  if (year < 1 || !g_date_valid_dmy (day, month, year))
    return FALSE;
  g_date_clear (date, 1);
  g_date_set_dmy (date, day, month, year);
  return TRUE;
}

char *
xh_date_format (const GDate *date)
{
  g_return_val_if_fail (date != NULL && g_date_valid (date), NULL);

  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (date), g_date_get_month (date), g_date_get_day (date));
}

void
xh_date_today (GDate *date)
{
  g_autoptr (GDateTime) now = NULL;

  g_return_if_fail (date != NULL);

  if (xh_date_parse (g_getenv ("XINHENG_TODAY"), date))
    return;
  now = g_date_time_new_now_local ();
  g_date_clear (date, 1);
  g_date_set_dmy (date, g_date_time_get_day_of_month (now), g_date_time_get_month (now), g_date_time_get_year (now));
}
