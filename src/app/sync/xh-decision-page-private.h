/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of one item of the tray: xh-decision-page.c is its life (reading, choosing, deciding), xh-decision-parts.c what stands on it. */
#pragma once

#include "xh-decision-page.h"

#include "app/record/xh-record-editor.h"
#include "app/record/xh-record-host.h"
#include "xh-decision-result.h"
#include "xh-tray-job.h"

G_BEGIN_DECLS

struct _XhDecisionPage
{
  XhPage parent_instance;

  GtkLabel *story, *fault, *done;
  GtkBox *cards, *correct_box, *besides_box, *result_box;
  GtkWidget *all_box, *all_both, *foot, *save_button, *done_box, *undo_button;
  GtkButton *give_up_button, *park_button, *export_button, *open_button;

  XhSession *session;            /* (owned) (nullable) */
  GSimpleActionGroup *actions;   /* (owned) */
  GCancellable *cancellable;     /* (owned) (nullable) */
  gint64 number;
  XhTrayReading *reading;        /* (owned) (nullable) */
  XhForm *form;                  /* (owned) (nullable) the record as it would be */
  XhRecordEditor *editor;        /* (owned) (nullable) */
  XhRecordHost *host;            /* (owned) (nullable) */
  AdwPreferencesGroup *correct;  /* (nullable) */
  GHashTable *rows;              /* (owned) field → XhFieldRow (not owned) */
  GHashTable *said;              /* (owned) field → row of what the server said at it (not owned) */
  XhDecisionResult *result;      /* (nullable) */
  gint64 exporting;              /* the item for which the dialog asks where its sheet goes */
  const char *said_done;         /* (nullable) what to say when the decision under way is saved */
  gboolean loading, busy;
  gboolean again;                /* the item is being read once more, since its record moved */
};

/* xh-decision-page.c */
void xh_decision_page_chosen (XhDecisionPage *self);                     /* a side of a field was chosen */
void xh_decision_page_edited (XhDecisionPage *self, const char *field);  /* a field was corrected */

/* xh-decision-parts.c: all of the item in self->reading. */
void xh_decision_page_show_head (XhDecisionPage *self);
/* Cards of what two changed, the record as it would be, rows to correct, what goes along. */
void xh_decision_page_build (XhDecisionPage *self);
/* What is wrong in the record that would be, and can be corrected here, gets its row; a row stays once it is there. */
void xh_decision_page_add_missing_rows (XhDecisionPage *self);
/* What the server said at a field is shown until the field is corrected. Returns: whether any of it stands, other than what is wrong here, too */
gboolean xh_decision_page_show_said (XhDecisionPage *self);

G_END_DECLS
