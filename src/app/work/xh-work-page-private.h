/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/list/xh-bulk.h"
#include "xh-columns.h"
#include "xh-work-card.h"
#include "xh-work-page.h"
#include "xh-work-reading.h"
#include "xh-work-watch.h"

G_BEGIN_DECLS

struct _XhWorkPage
{
  XhPage parent_instance;

  GtkStack *stack;             /* reading | work | nothing */
  XhColumns *columns;
  AdwBin *nothing_month;
  GtkRevealer *revealer;       /* of the bar below */
  GtkStack *bar;               /* selection | progress */
  GtkLabel *selected;
  GtkBox *steps;
  GtkLabel *progress_label;
  GtkProgressBar *progress;

  XhWorkCard *cards[XH_WORK_N_SECTIONS];
  GtkWidget *no_due, *no_review; /* said where a column is empty */
  GtkWidget *month;            /* (owned) the card of the month; it stands in a column, or alone */
  AdwBin *month_place;         /* where it stands beside work */
  GtkLabel *made, *accepted;

  XhSession *session;          /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  GSimpleActionGroup *actions; /* (owned) */
  guint limits[XH_WORK_N_SECTIONS];
  gboolean reading;            /* under way */
  gboolean stale;              /* to be read again when it is over, or when the page is seen */
  XhBulk *bulk;                /* (owned) (nullable) under way */
  XhBulk *last_bulk;           /* (owned) (nullable) that may be taken back */
};

/* xh-work-page-bulk.c: what is done with the ticked rows */
void xh_work_page_add_bulk_actions (XhWorkPage *self);
void xh_work_page_update_bar       (XhWorkPage *self);

G_END_DECLS
