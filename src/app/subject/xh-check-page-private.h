/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of credit checks, cut by topic: xh-check-page.c asks and runs, xh-check-page-result.c shows what was found. */
#pragma once

#include "xh-check-page.h"

#include "xh-check-item.h"

G_BEGIN_DECLS

struct _XhCheckPage
{
  XhPage parent_instance;

  XhSession *session;        /* (owned) */
  const XhKind *kind;        /* of queries */
  GCancellable *cancellable; /* (owned) (nullable) of the check under way */
  GPtrArray *lines;          /* (owned) (nullable) of XhCheckLine */
  XhRecord *record;          /* (owned) (nullable) the query as it is saved */
  GListStore *items;         /* (owned) of XhCheckItem */
  GSimpleActionGroup *actions; /* (owned) */
  guint done;                /* lines, from the thread of the check */
  guint tick;                /* source */

  GtkStack *stack;
  GtkTextView *text;
  GtkLabel *count, *fault;
  AdwComboRow *purpose;
  GtkEditable *basis, *note, *requester;
  GtkWidget *run;
  GtkProgressBar *progress;
  GtkLabel *summary;
  GtkWidget *header_result;
};

/* xh-check-page.c */
void       xh_check_page_run         (XhCheckPage *self);

/* xh-check-page-result.c */
GtkWidget *xh_check_page_build_result (XhCheckPage *self);
void       xh_check_page_show_result (XhCheckPage *self);
void       xh_check_page_export      (XhCheckPage *self);
void       xh_check_page_print       (XhCheckPage *self);

G_END_DECLS
