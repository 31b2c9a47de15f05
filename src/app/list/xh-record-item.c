/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-item.h"

struct _XhRecordItem
{
  GObject parent_instance;

  gint64 rid;
  XhRecord *record; /* (owned) (nullable) */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (XhRecordItem, xh_record_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
xh_record_item_finalize (GObject *object)
{
  g_clear_pointer (&XH_RECORD_ITEM (object)->record, xh_record_free);

  G_OBJECT_CLASS (xh_record_item_parent_class)->finalize (object);
}

static void
xh_record_item_class_init (XhRecordItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_record_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", XH_TYPE_RECORD_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_record_item_init (XhRecordItem *self)
{
  self->loading = TRUE;
}

XhRecordItem *
xh_record_item_new (gint64 rid)
{
  XhRecordItem *self = g_object_new (XH_TYPE_RECORD_ITEM, NULL);

  self->rid = rid;

  return self;
}

gint64
xh_record_item_get_rid (XhRecordItem *self)
{
  g_return_val_if_fail (XH_IS_RECORD_ITEM (self), 0);

  return self->rid;
}

const XhRecord *
xh_record_item_get_record (XhRecordItem *self)
{
  g_return_val_if_fail (XH_IS_RECORD_ITEM (self), NULL);

  return self->record;
}

gboolean
xh_record_item_is_loading (XhRecordItem *self)
{
  g_return_val_if_fail (XH_IS_RECORD_ITEM (self), FALSE);

  return self->loading;
}

void
xh_record_item_take_record (XhRecordItem *self, XhRecord *record)
{
  g_return_if_fail (XH_IS_RECORD_ITEM (self));

  g_clear_pointer (&self->record, xh_record_free);
  self->record = record;
  self->loading = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}
