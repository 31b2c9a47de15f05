/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sync/xh-wire.h"

static char *
format_local (const char *utc, const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = utc != NULL ? g_date_time_new_from_iso8601 (utc, zone) : NULL;
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, format) : NULL;
}

char *
xh_text_day (const char *utc)
{
  return format_local (utc, "%Y-%m-%d");
}

char *
xh_text_exact (const char *utc)
{
  return format_local (utc, "%Y-%m-%d %H:%M:%S");
}

char *
xh_text_ago_time (GDateTime *time)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  const GTimeSpan span = g_date_time_difference (now, time);
  const guint minutes = span / G_TIME_SPAN_MINUTE, hours = span / G_TIME_SPAN_HOUR;

  if (span < G_TIME_SPAN_MINUTE)
    return g_strdup (_("just now"));
  if (span < G_TIME_SPAN_HOUR)
    return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", minutes), minutes);
  if (span < G_TIME_SPAN_DAY)
    return g_strdup_printf (ngettext ("%u hour ago", "%u hours ago", hours), hours);

  g_autoptr (GDateTime) local = g_date_time_to_local (time);

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

char *
xh_text_ago (const char *utc)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = utc != NULL ? g_date_time_new_from_iso8601 (utc, zone) : NULL;

  return time != NULL ? xh_text_ago_time (time) : NULL;
}

char *
xh_text_span (gint64 seconds)
{
  const guint minutes = (guint) (seconds / 60), hours = minutes / 60, days = hours / 24;

  if (hours < 2)
    return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
  if (days < 2)
    return g_strdup_printf (ngettext ("%u hour", "%u hours", hours), hours);

  return g_strdup_printf (ngettext ("%u day", "%u days", days), days);
}

char *
xh_text_number (guint64 number)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  const gsize length = strlen (digits);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append_c (text, ',');
      g_string_append_c (text, digits[i]);
    }

  return g_string_free (text, FALSE);
}

const char *
xh_text_account (const char *login, const char *name)
{
  if (g_strcmp0 (login, XH_SYSTEM_LOGIN) == 0)
    return _("The system");
  return name != NULL ? name : login;
}
