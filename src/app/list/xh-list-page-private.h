/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/widgets/xh-wrap-box.h"
#include "xh-bulk.h"
#include "xh-list-page.h"
#include "xh-record-selection.h"

G_BEGIN_DECLS

struct _XhListPage
{
  XhPage parent_instance;

  GtkSearchEntry *search;
  XhWrapBox *chip_box;
  GtkWidget *clear_button;
  GtkStack *stack;              /* rows | empty | coming | nothing | none-deleted | fault */
  guint fit_source;             /* decides which columns are shown when it fires */
  int fitted;                   /* the width that the columns have been given by their words */
  GtkColumnView *view;
  AdwStatusPage *empty;
  GtkWidget *empty_button;
  AdwStatusPage *fault;
  GtkStack *foot;               /* count | selection | progress */
  GtkLabel *count;
  GtkLabel *selected;
  GtkMenuButton *transition_button, *print_button;
  GtkWidget *delete_button, *restore_button;
  GtkLabel *progress_label;
  GtkProgressBar *progress;
  GtkWidget *new_button;
  GMenu *transition_menu, *print_menu;

  XhSession *session;           /* (owned) */
  const XhKind *kind;
  XhQuery *query;               /* (owned) */
  XhRecordList *list;           /* (owned) */
  XhRecordSelection *selection; /* (owned) */
  GPtrArray *chips;             /* (owned) (not owned elements) of XhFilterChip */
  GSimpleActionGroup *actions;  /* (owned) */
  gboolean deleted;             /* shows the recently deleted */
  gboolean stale;               /* rows changed while the page was not seen */
  guint refresh_source;
  XhBulk *bulk;                 /* (owned) (nullable) under way */
  XhBulk *last_bulk;            /* (owned) (nullable) that may be taken back */
  GCancellable *exporting;      /* (owned) (nullable) of the export under way */
};

/* xh-list-page-bulk.c: what is done with the ticked rows */
void xh_list_page_add_bulk_actions (XhListPage *self);
void xh_list_page_update_selection (XhListPage *self);

/* xh-list-page-export.c: sheets */
void xh_list_page_add_export_actions (XhListPage *self);

G_END_DECLS
