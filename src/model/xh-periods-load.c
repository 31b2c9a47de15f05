/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading periods.json. */

#include "xh-periods.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-tables-private.h"

#define MAX_COUNT 3660

struct _XhPeriods
{
  GPtrArray *sets;    /* (owned) of XhPeriodSet */
  GPtrArray *periods; /* (owned) of XhPeriod */
};

static const char *const unit_names[] = { "workdays", "days", "months", "years", NULL };

/* --- freeing */

static void
rule_free (XhPeriodRule *rule)
{
  g_free (rule->from);
  g_free (rule->to);
  g_free (rule->document);
  g_free (rule);
}

static void
case_free (XhPeriodCase *period_case)
{
  g_free (period_case->name);
  xh_label_clear (&period_case->label);
  g_free (period_case->set);
  xh_label_clear (&period_case->note);
  g_ptr_array_unref (period_case->rules);
  g_free (period_case);
}

static void
period_free (XhPeriod *period)
{
  g_free (period->name);
  xh_label_clear (&period->label);
  g_ptr_array_unref (period->cases);
  g_free (period);
}

static void
set_free (XhPeriodSet *set)
{
  g_free (set->name);
  xh_label_clear (&set->label);
  g_free (set->document);
  g_free (set->from);
  g_free (set->to);
  xh_label_clear (&set->by);
  g_free (set);
}

/* --- reading */

static void
read_dates (const XhReader *reader, char **from, char **to)
{
  *from = xh_reader_date (reader, "from");
  *to = xh_reader_date (reader, "to");
  if (*from != NULL && *to != NULL && strcmp (*from, *to) > 0)
    xh_reader_fault (reader, "to", _("must not be before \"from\""));
}

static void
load_rule (XhPeriods *self, const XhReader *reader, gpointer parent)
{
  static const char *const keys[] = { "count", "unit", "from", "to", "document", "alternative", "next_workday", NULL };
  XhPeriodCase *period_case = parent;
  XhPeriodRule *rule;
  int unit;

  if (!xh_reader_object (reader, keys))
    return;
  rule = g_new0 (XhPeriodRule, 1);
  g_ptr_array_add (period_case->rules, rule);
  if (!xh_reader_has (reader, "count"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "count");
  rule->count = (int) xh_reader_integer (reader, "count", 0, 0, MAX_COUNT);
  unit = xh_reader_one_of (reader, "unit", TRUE, unit_names);
  rule->unit = unit >= 0 ? (XhPeriodUnit) unit : XH_PERIOD_DAYS;
  if (rule->unit == XH_PERIOD_YEARS && rule->count > 100)
    xh_reader_fault (reader, "count", _("must be from %s to %s"), "0", "100");
  read_dates (reader, &rule->from, &rule->to);
  rule->document = xh_reader_text (reader, "document", TRUE);
  if (rule->document == NULL)
    rule->document = g_strdup ("");
  rule->alternative = xh_reader_boolean (reader, "alternative", FALSE);
  rule->next_workday = xh_reader_boolean (reader, "next_workday", FALSE);
  if (rule->next_workday && rule->unit == XH_PERIOD_WORKDAYS)
    xh_reader_fault (reader, "next_workday", _("working days end on one"));
}

static void
load_each (XhPeriods *self, const XhReader *reader, const char *key, gboolean required, gpointer parent,
           void (*func) (XhPeriods *, const XhReader *, gpointer))
{
  XhReader array;
  guint length = xh_reader_array (reader, key, required, &array);

  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      func (self, &element, parent);
    }
}

static void
load_case (XhPeriods *self, const XhReader *reader, gpointer parent)
{
  static const char *const keys[] = { "name", "label", "set", "note", "rules", NULL };
  XhPeriod *period = parent;
  XhPeriodCase *period_case;

  if (!xh_reader_object (reader, keys))
    return;
  period_case = g_new0 (XhPeriodCase, 1);
  period_case->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);
  period_case->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &period_case->label);
  xh_reader_label (reader, "note", FALSE, &period_case->note);
  period_case->set = xh_reader_text (reader, "set", FALSE);
  if (period_case->set != NULL && xh_periods_find_set (self, period_case->set) == NULL)
    xh_reader_fault (reader, "set", _("no such set \"%s\""), period_case->set);
  load_each (self, reader, "rules", TRUE, period_case, load_rule);
  if (period_case->name == NULL)
    {
      case_free (period_case);
      return;
    }
  if (xh_period_find_case (period, period_case->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), period_case->name);
  g_ptr_array_add (period->cases, period_case);
}

static void
load_period (XhPeriods *self, const XhReader *reader, gpointer parent)
{
  static const char *const keys[] = { "name", "label", "cases", NULL };
  XhPeriod *period;

  if (!xh_reader_object (reader, keys))
    return;
  period = g_new0 (XhPeriod, 1);
  period->cases = g_ptr_array_new_with_free_func ((GDestroyNotify) case_free);
  period->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &period->label);
  load_each (self, reader, "cases", TRUE, period, load_case);
  if (period->name == NULL)
    {
      period_free (period);
      return;
    }
  if (xh_periods_find (self, period->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), period->name);
  g_ptr_array_add (self->periods, period);
}

static void
load_set (XhPeriods *self, const XhReader *reader, gpointer parent)
{
  static const char *const keys[] = { "name", "label", "document", "from", "to", "by", NULL };
  XhPeriodSet *set;

  if (!xh_reader_object (reader, keys))
    return;
  set = g_new0 (XhPeriodSet, 1);
  set->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &set->label);
  set->document = xh_reader_text (reader, "document", TRUE);
  read_dates (reader, &set->from, &set->to);
  xh_reader_label (reader, "by", FALSE, &set->by);
  if (set->name == NULL)
    {
      set_free (set);
      return;
    }
  if (xh_periods_find_set (self, set->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), set->name);
  g_ptr_array_add (self->sets, set);
}

/* --- private functions */

XhPeriods *
xh_periods_new (const XhReader *file)
{
  static const char *const keys[] = { "source", "note", "sets", "periods", NULL };
  XhPeriods *self = g_new0 (XhPeriods, 1);

  self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_free);
  self->periods = g_ptr_array_new_with_free_func ((GDestroyNotify) period_free);
  if (file == NULL || !xh_reader_object (file, keys))
    return self;
  load_each (self, file, "sets", FALSE, NULL, load_set);
  load_each (self, file, "periods", TRUE, NULL, load_period);
  return self;
}

void
xh_periods_free (XhPeriods *periods)
{
  if (periods == NULL)
    return;
  g_ptr_array_unref (periods->sets);
  g_ptr_array_unref (periods->periods);
  g_free (periods);
}

/* --- public functions */

GPtrArray *
xh_periods_get_sets (XhPeriods *periods)
{
  g_return_val_if_fail (periods != NULL, NULL);

  return periods->sets;
}

GPtrArray *
xh_periods_get_periods (XhPeriods *periods)
{
  g_return_val_if_fail (periods != NULL, NULL);

  return periods->periods;
}
