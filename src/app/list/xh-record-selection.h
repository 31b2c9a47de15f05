/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which rows are ticked, kept by row id: the selection stays with its records when rows come, go or are sorted. Only an
 * explicit tick selects (check box, Space, Ctrl or Shift); moving about does not, so that nothing ticked is lost by a click. */
#pragma once

#include <gtk/gtk.h>

#include "xh-record-list.h"

G_BEGIN_DECLS

#define XH_TYPE_RECORD_SELECTION (xh_record_selection_get_type ())
G_DECLARE_FINAL_TYPE (XhRecordSelection, xh_record_selection, XH, RECORD_SELECTION, GObject)

/* Signal ::changed: the set of ticked rows changed. */

XhRecordSelection *xh_record_selection_new    (XhRecordList *list); /* (transfer none) */
guint              xh_record_selection_count  (XhRecordSelection *self);
gboolean           xh_record_selection_has    (XhRecordSelection *self, gint64 rid);
void               xh_record_selection_set    (XhRecordSelection *self, guint position, gboolean selected);
void               xh_record_selection_clear  (XhRecordSelection *self);
GArray            *xh_record_selection_rids   (XhRecordSelection *self); /* (transfer full) of gint64, in the order of the list */

G_END_DECLS
