/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One section of my work: its name, how much there is, and the first rows. */
#pragma once

#include "xh-work-row-widget.h"

G_BEGIN_DECLS

#define XH_TYPE_WORK_CARD (xh_work_card_get_type ())
G_DECLARE_FINAL_TYPE (XhWorkCard, xh_work_card, XH, WORK_CARD, AdwBin)

/* Signals: ::opened (XhWorkRowWidget *), ::toggled (XhWorkRowWidget *), ::more (): a person wants to see more rows. */

/* @may_tick: rows may be selected for an action on many; @by_day: rows show their day, else their state */
GtkWidget *xh_work_card_new         (const char *title, gboolean may_tick, gboolean by_day);
/* Shows rows (of XhWorkRow) out of @total; hidden without any. The ticks of rows that stay, and the focus, stay. */
void       xh_work_card_show        (XhWorkCard *self, GPtrArray *rows, gint64 total);
void       xh_work_card_each_ticked (XhWorkCard *self, GFunc func, gpointer data); /* of XhWorkRowWidget */
void       xh_work_card_tick_all    (XhWorkCard *self); /* the rows that are shown, where rows may be ticked */
void       xh_work_card_untick      (XhWorkCard *self, const char *id); /* (nullable) NULL: all */

G_END_DECLS
