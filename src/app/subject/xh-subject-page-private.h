/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The subject's page, cut by topic: xh-subject-page.c fills it, xh-subject-page-head.c builds its head, xh-subject-page-actions.c does what
 * its menu offers. */
#pragma once

#include "xh-subject-page.h"

#include "xh-subject-reading.h"

G_BEGIN_DECLS

struct _XhSubjectPage
{
  XhPage parent_instance;

  XhSession *session;        /* (owned) */
  char *key;                 /* (owned) */
  char *filter;              /* (owned) (nullable) */
  guint limit;
  GCancellable *cancellable; /* (owned) */
  XhSubjectReading *reading; /* (owned) (nullable) */
  GSimpleActionGroup *actions; /* (owned) */
  gboolean unmasked;         /* the number is shown until the page is left */
  gboolean may_report;
  char *merged;              /* (owned) (nullable) the record that was merged just now */

  GtkStack *stack;
  AdwStatusPage *nothing;
  GtkBox *head;
  GtkBox *chips;
  GtkListBox *timeline;
  GtkButton *more;
  GtkLabel *too_many;
  GtkBox *beside;
  GtkMenuButton *menu;
};

/* xh-subject-page.c */
void xh_subject_page_read      (XhSubjectPage *self);
void xh_subject_page_open      (XhSubjectPage *self, const char *id);
void xh_subject_page_set_filter (XhSubjectPage *self, const char *filter);

/* xh-subject-page-head.c */
void xh_subject_page_show_head (XhSubjectPage *self);

/* xh-subject-page-beside.c */
GtkWidget *xh_subject_row_widget (XhSubjectPage *self, const XhSubjectRow *row);
void xh_subject_page_show_beside (XhSubjectPage *self);

/* xh-subject-page-actions.c */
void xh_subject_page_add_actions (XhSubjectPage *self);
void xh_subject_page_show_menu   (XhSubjectPage *self);

G_END_DECLS
