/* SPDX-License-Identifier: GPL-3.0-or-later */

/* deadline() and period_text(): the catalog's periods in expressions. */

#include "xh-functions-private.h"

#include "xh-catalog.h"
#include "xh-json-scan.h"

/* --- time that does not count: a table with the columns from_on and to_on */

static gboolean
read_date (const XhScanToken *token, GDate *date)
{
  g_autofree char *text = token->type == XH_SCAN_TEXT ? xh_scan_dup (token) : NULL;

  return xh_date_parse (text, date);
}

/* A row without a beginning stops nothing; one whose end is no date is left out rather than taken as open. */
static gboolean
read_stop (XhScan *scan, GArray *stops)
{
  gboolean begun = FALSE, wrong = FALSE;
  XhScanToken name, value;
  XhStop stop;

  g_date_clear (&stop.from, 1);
  g_date_clear (&stop.to, 1);
  if (!xh_scan_char (scan, '{'))
    return FALSE;
  if (xh_scan_char (scan, '}'))
    return TRUE;
  do
    {
      if (!xh_scan_text (scan, &name) || !xh_scan_char (scan, ':') || !xh_scan_value (scan, 3, &value))
        return FALSE;
      if (xh_scan_equal (&name, "from_on"))
        begun = read_date (&value, &stop.from);
      else if (xh_scan_equal (&name, "to_on") && value.type != XH_SCAN_NULL)
        wrong = !read_date (&value, &stop.to);
    }
  while (xh_scan_char (scan, ','));
  if (begun && !wrong)
    g_array_append_val (stops, stop);
  return xh_scan_char (scan, '}');
}

/* NULL: the argument is no table. */
static GArray *
read_stops (sqlite3_value *table)
{
  g_autoptr (GArray) stops = g_array_new (FALSE, FALSE, sizeof (XhStop));
  XhScan scan;

  if (sqlite3_value_type (table) == SQLITE_NULL)
    return g_steal_pointer (&stops);
  if (sqlite3_value_type (table) != SQLITE_TEXT)
    return NULL;
  xh_scan_init (&scan, (const char *) sqlite3_value_text (table), sqlite3_value_bytes (table));
  if (!xh_scan_char (&scan, '['))
    return NULL;
  if (xh_scan_char (&scan, ']'))
    return g_steal_pointer (&stops);
  do
    if (!read_stop (&scan, stops))
      return NULL;
  while (xh_scan_char (&scan, ','));
  return xh_scan_char (&scan, ']') ? g_steal_pointer (&stops) : NULL;
}

/* --- private functions */

/* deadline (period, case, base [, stops]) → ISO date; NULL without a base, a rule, or where the stops are no table. */
void
xh_deadline_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  XhCatalog *catalog = sqlite3_user_data (context);
  g_autoptr (GArray) stops = n == 4 ? read_stops (arguments[3]) : NULL;
  GDate base, due;

  if ((n == 4 && stops == NULL) || !xh_date_parse ((const char *) sqlite3_value_text (arguments[2]), &base))
    return;
  if (xh_periods_due (xh_catalog_get_periods (catalog), (const char *) sqlite3_value_text (arguments[0]),
                      (const char *) sqlite3_value_text (arguments[1]), &base, stops, xh_catalog_get_calendar (catalog), &due, NULL))
    sqlite3_result_text (context, xh_date_format (&due), -1, g_free);
}

/* period_text (period, case, base) → the rule that applies, in words. */
void
xh_period_text_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  XhPeriods *periods = xh_catalog_get_periods (sqlite3_user_data (context));
  const XhPeriod *period = xh_periods_find (periods, (const char *) sqlite3_value_text (arguments[0]));
  const XhPeriodCase *found = period != NULL ? xh_period_find_case (period, (const char *) sqlite3_value_text (arguments[1])) : NULL;
  const XhPeriodRule *rule;
  GDate base;

  if (found == NULL || !xh_date_parse ((const char *) sqlite3_value_text (arguments[2]), &base))
    return;
  rule = xh_period_case_match (found, &base);
  if (rule != NULL)
    sqlite3_result_text (context, xh_period_rule_text (rule), -1, g_free);
}
