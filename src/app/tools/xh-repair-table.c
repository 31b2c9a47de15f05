/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-repair-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Names of periods that periods.json may hold (docs/catalog.md). */
#define SHORTEST "repair_min"
#define LONGEST  "repair_max"
#define ANSWER   "repair_answer"
#define MARKET   "market_display"

static void
group_free (gpointer data)
{
  XhRepairGroup *group = data;

  g_ptr_array_unref (group->rows);
  g_free (group);
}

static XhRepairDate
count (XhCatalog *catalog, const XhPeriodCase *period_case, const GDate *base)
{
  XhRepairDate result = { 0 };

  g_date_clear (&result.date, 1);
  if (period_case == NULL)
    return result;
  if (base == NULL)
    {
      /* What would be counted is said before there is a date to count from. */
      for (guint i = 0; i < period_case->rules->len && result.rule == NULL; i++)
        {
          const XhPeriodRule *rule = g_ptr_array_index (period_case->rules, i);

          if (!rule->alternative && rule->to == NULL)
            result.rule = rule;
        }
      return result;
    }

  result.rule = xh_period_case_match (period_case, base);
  if (result.rule != NULL
      && !xh_period_rule_due (result.rule, base, NULL, xh_catalog_get_calendar (catalog), &result.date, &result.estimated))
    g_date_clear (&result.date, 1);

  return result;
}

static const XhPeriodCase *
find_case_of_set (const XhPeriod *period, const XhPeriodSet *set)
{
  for (guint i = 0; period != NULL && i < period->cases->len; i++)
    {
      const XhPeriodCase *found = g_ptr_array_index (period->cases, i);

      if (g_strcmp0 (found->set, set->name) == 0)
        return found;
    }

  return NULL;
}

static gboolean
is_same_length (const XhPeriodRule *a, const XhPeriodRule *b)
{
  return a != NULL && b != NULL && a->unit == b->unit && a->count == b->count;
}

static void
add_row (XhRepairGroup *group, XhCatalog *catalog, const XhPeriodCase *tier, const XhPeriodCase *shortest, const GDate *base)
{
  XhRepairRow *row = g_new0 (XhRepairRow, 1);

  row->set = group->set;
  row->tier = tier;
  row->earliest = count (catalog, shortest, base);
  row->end = count (catalog, tier, base);
  row->no_early = is_same_length (row->earliest.rule, row->end.rule);
  g_ptr_array_add (group->rows, row);
}

static XhRepairGroup *
add_group (GPtrArray *groups, const XhPeriodSet *set)
{
  XhRepairGroup *group = g_new0 (XhRepairGroup, 1);

  group->set = set;
  g_date_clear (&group->answer.date, 1);
  group->rows = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (groups, group);

  return group;
}

static void
add_set (GPtrArray *groups, XhCatalog *catalog, const XhPeriodSet *set, const GDate *decided, const GDate *applied)
{
  XhPeriods *periods = xh_catalog_get_periods (catalog);
  const XhPeriod *shortest = xh_periods_find (periods, SHORTEST), *longest = xh_periods_find (periods, LONGEST);
  XhRepairGroup *group = add_group (groups, set);

  group->by_application = applied != NULL && xh_periods_match_set (periods, applied) == set;
  group->answer = count (catalog, find_case_of_set (xh_periods_find (periods, ANSWER), set), applied);
  for (guint i = 0; longest != NULL && i < longest->cases->len; i++)
    {
      const XhPeriodCase *tier = g_ptr_array_index (longest->cases, i);

      if (g_strcmp0 (tier->set, set->name) == 0)
        add_row (group, catalog, tier, shortest != NULL ? xh_period_find_case (shortest, tier->name) : NULL, decided);
    }
}

GPtrArray *
xh_repair_table_new (XhCatalog *catalog, const GDate *decided, const GDate *applied, const GDate *published)
{
  XhPeriods *periods = xh_catalog_get_periods (catalog);
  GPtrArray *sets = xh_periods_get_sets (periods), *groups = g_ptr_array_new_with_free_func (group_free);
  const XhPeriod *market = xh_periods_find (periods, MARKET);

  for (guint i = 0; i < sets->len; i++)
    add_set (groups, catalog, g_ptr_array_index (sets, i), decided, applied);
  if (market != NULL)
    {
      XhRepairGroup *group = add_group (groups, NULL);

      for (guint i = 0; i < market->cases->len; i++)
        add_row (group, catalog, g_ptr_array_index (market->cases, i), NULL, published);
    }

  return groups;
}

char *
xh_repair_date_text (const XhRepairDate *date)
{
  g_autofree char *iso = NULL;

  if (!g_date_valid (&date->date))
    return g_strdup ("—");
  iso = xh_date_format (&date->date);

  return date->estimated ? g_strconcat (iso, " ※", NULL) : g_steal_pointer (&iso);
}

char *
xh_repair_rule_text (const XhPeriodRule *rule)
{
  if (rule == NULL)
    return g_strdup ("—");
  if (rule->count == 0)
    return g_strdup (_("at once"));

  switch (rule->unit)
    {
    case XH_PERIOD_WORKDAYS:
      return g_strdup_printf (ngettext ("%d working day", "%d working days", (gulong) rule->count), rule->count);
    case XH_PERIOD_DAYS:
      return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) rule->count), rule->count);
    case XH_PERIOD_MONTHS:
      return g_strdup_printf (ngettext ("%d month", "%d months", (gulong) rule->count), rule->count);
    case XH_PERIOD_YEARS:
    default:
      return g_strdup_printf (ngettext ("%d year", "%d years", (gulong) rule->count), rule->count);
    }
}

static int
first_year (int year, const XhRepairDate *date)
{
  const int mine = date->estimated && g_date_valid (&date->date) ? g_date_get_year (&date->date) : 0;

  return year == 0 || (mine != 0 && mine < year) ? mine : year;
}

int
xh_repair_table_estimated (GPtrArray *groups)
{
  int year = 0;

  for (guint i = 0; i < groups->len; i++)
    {
      const XhRepairGroup *group = g_ptr_array_index (groups, i);

      year = first_year (year, &group->answer);
      for (guint j = 0; j < group->rows->len; j++)
        {
          const XhRepairRow *row = g_ptr_array_index (group->rows, j);

          year = first_year (first_year (year, &row->earliest), &row->end);
        }
    }

  return year;
}

static void
add_base (GString *text, const char *label, const GDate *date)
{
  g_autofree char *iso = date != NULL ? xh_date_format (date) : NULL;

  if (iso != NULL)
    g_string_append_printf (text, _("%s: %s\n"), label, iso);
}

static void
add_date (GString *text, const char *label, const XhRepairDate *date)
{
  g_autofree char *iso = xh_repair_date_text (date), *length = xh_repair_rule_text (date->rule);

  if (date->rule != NULL && g_date_valid (&date->date))
    g_string_append_printf (text, _("%s: %s (%s, %s)\n"), label, iso, length, date->rule->document);
}

char *
xh_repair_row_text (const XhRepairGroup *group, const XhRepairRow *row, const GDate *decided, const GDate *applied, const GDate *published)
{
  GString *text = g_string_new (NULL);
  const int year = first_year (first_year (first_year (0, &row->earliest), &row->end), &group->answer);

  g_string_append_printf (text, _("%s: %s\n"), group->set != NULL ? xh_label_get (&group->set->label) : _("Market regulator’s system"),
                          xh_label_get (&row->tier->label));
  if (group->set != NULL)
    {
      add_base (text, _("Decided on"), decided);
      add_base (text, _("Applied on"), applied);
    }
  else
    add_base (text, _("Published on"), published);
  if (row->no_early)
    g_string_append_printf (text, "%s\n", _("No early repair"));
  else
    add_date (text, _("May be repaired from"), &row->earliest);
  add_date (text, _("Display ends on"), &row->end);
  add_date (text, _("Answer by"), &group->answer);
  if (year != 0)
    g_string_append_printf (text, _("※ The holidays of %d are not published yet; estimated by the statutory ones\n"), year);

  return g_string_free (text, FALSE);
}

/* The last argument of the call that begins at @call; (transfer full) (nullable). */
static char *
last_argument (const char *call)
{
  const char *open = strchr (call, '('), *start = open;
  int depth = 0;

  for (const char *p = open; p != NULL && *p != '\0'; p++)
    {
      if (*p == '(')
        depth++;
      else if (*p == ',' && depth == 1)
        start = p;
      else if (*p == ')' && --depth == 0)
        return g_strstrip (g_strndup (start + 1, (gsize) (p - start - 1)));
    }

  return NULL;
}

const XhField *
xh_repair_base_field (const XhKind *kind, const char *period)
{
  g_autofree char *call = g_strdup_printf ("deadline('%s'", period);

  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);
      const char *found = field->computed != NULL ? strstr (field->computed, call) : NULL;
      g_autofree char *name = found != NULL ? last_argument (found) : NULL;
      const XhField *base = name != NULL ? xh_kind_find_field (kind, name) : NULL;

      if (base != NULL && base->type == XH_FIELD_DATE)
        return base;
    }

  return NULL;
}

gboolean
xh_repair_concerns (const XhKind *kind)
{
  return xh_repair_base_field (kind, SHORTEST) != NULL;
}
