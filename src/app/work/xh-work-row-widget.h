/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A piece of work: what the record is called, where it belongs, and its day or state. Enter opens it, Space ticks it. */
#pragma once

#include <adwaita.h>

#include "store/xh-work.h"

G_BEGIN_DECLS

#define XH_TYPE_WORK_ROW_WIDGET (xh_work_row_widget_get_type ())
G_DECLARE_FINAL_TYPE (XhWorkRowWidget, xh_work_row_widget, XH, WORK_ROW_WIDGET, GtkListBoxRow)

/* Signal ::toggled: ticked or not any more, by a person. */

GtkWidget   *xh_work_row_widget_new        (const XhWorkRow *row, gboolean may_tick, gboolean by_day); /* by_day: shows the day, else the state */
const char  *xh_work_row_widget_get_id     (XhWorkRowWidget *self);
const XhKind *xh_work_row_widget_get_kind  (XhWorkRowWidget *self);
const char  *xh_work_row_widget_get_state  (XhWorkRowWidget *self); /* (nullable) */
gboolean     xh_work_row_widget_is_ticked  (XhWorkRowWidget *self);
void         xh_work_row_widget_set_ticked (XhWorkRowWidget *self, gboolean ticked); /* emits nothing */

/* "逾期3天", "今天到期", "还有2天"; @tone: (out) the clock's class. (transfer full) */
char        *xh_work_describe_days         (int days, const char **tone, const char **icon);

G_END_DECLS
