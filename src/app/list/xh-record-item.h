/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of a list: a placeholder until its record is read. Signal ::changed when what it shows changed. */
#pragma once

#include <glib-object.h>

#include "model/xh-record.h"

G_BEGIN_DECLS

#define XH_TYPE_RECORD_ITEM (xh_record_item_get_type ())
G_DECLARE_FINAL_TYPE (XhRecordItem, xh_record_item, XH, RECORD_ITEM, GObject)

XhRecordItem   *xh_record_item_new         (gint64 rid);
gint64          xh_record_item_get_rid     (XhRecordItem *self);
const XhRecord *xh_record_item_get_record  (XhRecordItem *self); /* (nullable) NULL while it is read, or when it is gone */
gboolean        xh_record_item_is_loading  (XhRecordItem *self);
void            xh_record_item_take_record (XhRecordItem *self, XhRecord *record); /* (nullable) (transfer full) NULL: gone */

G_END_DECLS
