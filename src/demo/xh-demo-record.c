/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include "model/xh-calendar.h"

/* 2026-01-01T00:00:00Z in milliseconds: ids are made from it and the record's number, the same on every run. */
#define FIRST_ID_TIME G_GUINT64_CONSTANT (1767225600000)

gboolean
xh_demo_kind_init (XhDemoKind *self, const XhKind *kind, const char *const *names, guint n_names)
{
  self->kind = kind;
  if (kind == NULL)
    return FALSE;
  self->fields = g_new (int, n_names);
  for (guint i = 0; i < n_names; i++)
    {
      const XhField *field = xh_kind_find_field (kind, names[i]);

      self->fields[i] = field != NULL ? (int) field->index : -1;
    }
  return TRUE;
}

/* An UUIDv7 that is the same on every run. */
char *
xh_demo_id (const XhDemo *self, guint64 number, guint slot)
{
  XhDemoRandom random = xh_demo_random (self->options->seed, number * 8 + slot, DEMO_TOPIC_ID);
  guint64 time = FIRST_ID_TIME + number * 8 + slot, high = xh_demo_next (&random), low = xh_demo_next (&random);

  return g_strdup_printf ("%08x-%04x-7%03x-%04x-%012" G_GINT64_MODIFIER "x", (guint) (time >> 16),
                          (guint) (time & 0xFFFF),
                          (guint) (high & 0xFFF), (guint) (0x8000 | ((high >> 12) & 0x3FFF)),
                            low & G_GUINT64_CONSTANT (0xFFFFFFFFFFFF));
}

static char *
make_timestamp (const GDate *date, guint64 number)
{
  guint second = (guint) (xh_demo_mix (number) % 28800);

  return g_strdup_printf ("%04u-%02u-%02uT%02u:%02u:%02u.000Z", g_date_get_year (date), g_date_get_month (date),
                          g_date_get_day (date), second / 3600, second / 60 % 60, second % 60);
}

/* @slot: which of the records that have this number, 0 to 7. */
XhRecord *
xh_demo_record (XhDemo *self, const XhDemoKind *kind, guint64 number, guint slot, const GDate *created)
{
  g_autofree char *id = xh_demo_id (self, number, slot);
  XhRecord *record = xh_record_new (kind->kind, id);

  record->created_at = make_timestamp (created, number);
  record->updated_at = g_strdup (record->created_at);
  record->updated_by = g_strdup ("demo");
  return record;
}

void
xh_demo_set_text (const XhDemoKind *kind, XhRecord *record, guint field, const char *text)
{
  xh_demo_take_text (kind, record, field, g_strdup (text));
}

void
xh_demo_take_text (const XhDemoKind *kind, XhRecord *record, guint field, char *text)
{
  if (text != NULL && kind->fields[field] >= 0)
    xh_value_take_text (&record->values[kind->fields[field]], text);
  else
    g_free (text);
}

void
xh_demo_set_integer (const XhDemoKind *kind, XhRecord *record, guint field, gint64 integer)
{
  if (kind->fields[field] >= 0)
    xh_value_set_integer (&record->values[kind->fields[field]], integer);
}

void
xh_demo_set_real (const XhDemoKind *kind, XhRecord *record, guint field, double real)
{
  if (kind->fields[field] >= 0)
    xh_value_set_real (&record->values[kind->fields[field]], real);
}

void
xh_demo_set_date (const XhDemoKind *kind, XhRecord *record, guint field, const GDate *date)
{
  if (kind->fields[field] >= 0)
    xh_value_take_text (&record->values[kind->fields[field]], xh_date_format (date));
}

const XhValue *
xh_demo_get (const XhDemoKind *kind, const XhRecord *record, guint field)
{
  return kind->fields[field] >= 0 ? &record->values[kind->fields[field]] : NULL;
}

/* A negative number lies in the future. */
void
xh_demo_day (const XhDemo *self, int days_ago, GDate *date)
{
  *date = self->today;
  if (days_ago >= 0)
    g_date_subtract_days (date, (guint) days_ago);
  else
    g_date_add_days (date, (guint) -days_ago);
}

gboolean
xh_demo_emit (XhDemo *self, XhRecord *record, GError **error)
{
  gboolean ok = self->func (record, self->data, error);

  xh_record_free (record);
  return ok;
}
