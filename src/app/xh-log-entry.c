/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-log-entry-private.h"

struct _XhLogEntry
{
  GObject parent_instance;

  GDateTime *time; /* (owned) */
  char *text;      /* (owned) */
  gboolean fault;
};

G_DEFINE_FINAL_TYPE (XhLogEntry, xh_log_entry, G_TYPE_OBJECT)

static void
xh_log_entry_finalize (GObject *object)
{
  XhLogEntry *self = XH_LOG_ENTRY (object);

  g_date_time_unref (self->time);
  g_free (self->text);

  G_OBJECT_CLASS (xh_log_entry_parent_class)->finalize (object);
}

static void
xh_log_entry_class_init (XhLogEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_log_entry_finalize;
}

static void
xh_log_entry_init (XhLogEntry *self)
{
  self->time = g_date_time_new_now_local ();
}

XhLogEntry *
xh_log_entry_new (const char *text, gboolean fault)
{
  XhLogEntry *self = g_object_new (XH_TYPE_LOG_ENTRY, NULL);

  self->text = g_strdup (text);
  self->fault = fault;

  return self;
}

const char *
xh_log_entry_get_text (XhLogEntry *self)
{
  g_return_val_if_fail (XH_IS_LOG_ENTRY (self), NULL);

  return self->text;
}

GDateTime *
xh_log_entry_get_time (XhLogEntry *self)
{
  g_return_val_if_fail (XH_IS_LOG_ENTRY (self), NULL);

  return self->time;
}

gboolean
xh_log_entry_is_fault (XhLogEntry *self)
{
  g_return_val_if_fail (XH_IS_LOG_ENTRY (self), FALSE);

  return self->fault;
}
