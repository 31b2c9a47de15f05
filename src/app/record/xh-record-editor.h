/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The editing of one record: hands out a cell per field, keeps what can be undone, knows what is left to correct. No widget.
 * What the person typed that is no value of its type is kept here too, so that nothing is saved over it unseen. */
#pragma once

#include "app/widgets/xh-cell.h"

G_BEGIN_DECLS

#define XH_TYPE_RECORD_EDITOR (xh_record_editor_get_type ())
G_DECLARE_FINAL_TYPE (XhRecordEditor, xh_record_editor, XH, RECORD_EDITOR, GObject)

/* Properties: can-undo, can-redo (boolean, notified). */

/**
 * XhRecordEditor::edited:
 * @field: what the person changed
 */

/**
 * XhRecordEditor::undone:
 * @field: what was undone or done again: the view shows it
 */

/* @role: (nullable): who edits; fields it may not read are not shown */
XhRecordEditor *xh_record_editor_new          (XhForm *form, const char *role);
XhForm         *xh_record_editor_get_form     (XhRecordEditor *self);
gboolean        xh_record_editor_shows        (XhRecordEditor *self, const XhField *field);
XhCell         *xh_record_editor_get_cell     (XhRecordEditor *self, const XhField *field); /* (transfer none) */
/* The form was loaded: forgets what could be undone and what was typed. */
void            xh_record_editor_reset        (XhRecordEditor *self);
gboolean        xh_record_editor_undo         (XhRecordEditor *self);
/* Sets several fields as one step of undo: whoever asked for it takes it back at once. What the form refuses is left out.
 * Returns: how many fields took their value */
guint           xh_record_editor_fill         (XhRecordEditor *self, const XhField *const *fields, const XhValue *const *values, guint n);
gboolean        xh_record_editor_redo         (XhRecordEditor *self);
/* What must be corrected before it can be saved. @missing: required values that are not there count too. */
guint           xh_record_editor_count_issues (XhRecordEditor *self, gboolean missing);
/* Returns: (nullable) (transfer full): path of the first thing to correct, "members/2/id_number" inside a table */
char           *xh_record_editor_first_issue  (XhRecordEditor *self);

G_END_DECLS
