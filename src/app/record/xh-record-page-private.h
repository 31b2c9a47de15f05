/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The record page, cut by topic: xh-record-page.c builds it, xh-record-page-header.c its title, buttons and actions, xh-record-page-load.c
 * fills it from the store, xh-record-page-save.c keeps drafts, saves, takes steps and deletes. */
#pragma once

#include "xh-record-page.h"

#include "app/rating/xh-score-pane.h"
#include "xh-known-bar.h"
#include "xh-form-view.h"
#include "xh-history-pane.h"
#include "xh-linked-pane.h"
#include "xh-record-bundle.h"
#include "xh-record-host.h"
#include "xh-state-pane.h"

G_BEGIN_DECLS

typedef enum
{
  XH_BAR_NONE,
  XH_BAR_DRAFT,   /* a draft was restored: it may be thrown away */
  XH_BAR_DELETED, /* the record is deleted: it may be brought back */
  XH_BAR_FAULT,   /* something failed, in words */
} XhRecordBar;

struct _XhRecordPage
{
  XhPage parent_instance;

  XhSession *session;        /* (owned) */
  const XhKind *kind;
  char *id;                  /* (owned) of the record, also of one that is not saved yet */
  char *fill_field, *fill_target; /* (owned) (nullable) link that a new record starts with */
  char *fill_name_field, *fill_name; /* (owned) (nullable) likewise the name of its subject */
  XhForm *form;              /* (owned) */
  XhRecordEditor *editor;    /* (owned) */
  XhRecordHost *host;        /* (owned) */
  GSimpleActionGroup *actions; /* (owned) */
  GCancellable *cancellable; /* (owned) of what is being read */

  gboolean loaded, saved;    /* saved: the store has the record */
  gboolean saving, leaving;
  gboolean draft_kept;       /* the store has a draft of it */
  gint64 edited_on;          /* version that what is edited here was begun on: others may have written since */
  guint draft_source;        /* the draft is written when it fires */
  XhRecordBar bar_says;
  char *transition;          /* (owned) (nullable) label of the step being saved */
  XhRecord *before;          /* (owned) (nullable) the record before that step */

  GtkStack *stack;
  AdwStatusPage *failed;
  GtkRevealer *bar;
  GtkImage *bar_icon;
  GtkLabel *bar_label;
  GtkButton *bar_button;
  XhKnownBar *known;         /* (nullable) where the kind says what tells a double, or is about subjects */
  AdwFlap *flap;
  AdwBin *content;
  GtkBox *side;
  XhFormView *view;
  XhScorePane *score;        /* (nullable) */
  XhStatePane *state;
  XhLinkedPane *linked;
  XhHistoryPane *history;
  GtkButton *delete_button;

  GtkButton *issues_button, *save_button;
  GtkWidget *subject_button; /* (nullable) where the kind is about subjects */
  GtkMenuButton *print_button; /* (nullable) where the kind has papers that the role may print */
  GtkToggleButton *side_button;
  AdwButtonContent *side_content;
  guint fold_source;         /* names the button when it fires */
};

/* xh-record-page.c */
void xh_record_page_show_bar    (XhRecordPage *self, XhRecordBar says, const char *text);

/* xh-record-page-header.c */
void xh_record_page_build_header (XhRecordPage *self);
void xh_record_page_show_header (XhRecordPage *self);

/* xh-record-page-load.c */
void xh_record_page_load         (XhRecordPage *self, gboolean with_draft);
void xh_record_page_load_references (XhRecordPage *self);
/* Reads the record again and keeps what was edited and not saved. */
void xh_record_page_rebase       (XhRecordPage *self);
void xh_record_page_watch        (XhRecordPage *self);
/* Asks for doubles of what is being entered; forgets them where nothing is. */
void xh_record_page_ask_known  (XhRecordPage *self);

/* xh-record-page-save.c */
void xh_record_page_edited       (XhRecordPage *self, const char *field);
void xh_record_page_keep_draft   (XhRecordPage *self);
XhRecord *xh_record_page_copy_edited (XhRecordPage *self); /* (transfer full) on the version that the edit was begun on */
void xh_record_page_drop_draft   (XhRecordPage *self);
void xh_record_page_save         (XhRecordPage *self);
void xh_record_page_transition   (XhRecordPage *self, const char *name);
void xh_record_page_set_deleted  (XhRecordPage *self, gboolean deleted);

G_END_DECLS
