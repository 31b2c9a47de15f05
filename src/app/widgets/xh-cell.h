/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One value being edited, wherever it stands: a field of a record or a column of a table's row. Field rows know only this,
 * so the same widget edits both. Lives on the main thread. */
#pragma once

#include "model/xh-form.h"

G_BEGIN_DECLS

#define XH_TYPE_CELL (xh_cell_get_type ())
G_DECLARE_DERIVABLE_TYPE (XhCell, xh_cell, XH, CELL, GObject)

/**
 * XhCell::changed:
 *
 * The value, its relevance, whether it is required, or what is wrong with it changed.
 */

/**
 * XhCellClass:
 * @get_part_issue: what is wrong inside a table's value; @part is "2/id_number" as in #XhIssue
 * @set_part_invalid: text typed into a table's column that is no value of its type; @message NULL: it is gone
 */
struct _XhCellClass
{
  GObjectClass parent_class;

  const XhValue *(*get)              (XhCell *self);
  void           (*set)              (XhCell *self, const XhValue *value);
  void           (*set_invalid)      (XhCell *self, const char *typed, const char *message);
  const char    *(*get_issue)        (XhCell *self, XhIssueSeverity *severity);
  gboolean       (*is_relevant)      (XhCell *self);
  gboolean       (*is_required)      (XhCell *self);
  gboolean       (*is_editable)      (XhCell *self);
  const char    *(*get_part_issue)   (XhCell *self, const char *part, XhIssueSeverity *severity);
  void           (*set_part_invalid) (XhCell *self, const char *part, const char *message);
  void           (*break_undo)       (XhCell *self);
};

const XhField *xh_cell_get_field    (XhCell *self);
void           xh_cell_set_field    (XhCell *self, const XhField *field); /* once, by who makes it */
const XhValue *xh_cell_get          (XhCell *self);
void           xh_cell_set          (XhCell *self, const XhValue *value);

/**
 * xh_cell_set_invalid:
 * @typed: text that is no value of the field's type
 * @message: why, in words
 *
 * Says what is wrong with what was typed and keeps the text for the editor to show again.
 */
void           xh_cell_set_invalid  (XhCell *self, const char *typed, const char *message);
const char    *xh_cell_get_typed    (XhCell *self); /* (nullable) the text of the last xh_cell_set_invalid() */
void           xh_cell_forget_typed (XhCell *self); /* the value was set from elsewhere */

/**
 * xh_cell_get_issue:
 * @severity: (out) (optional): of the issue
 *
 * Returns: (nullable): what is wrong, in words
 */
const char    *xh_cell_get_issue    (XhCell *self, XhIssueSeverity *severity);
gboolean       xh_cell_is_relevant  (XhCell *self);
gboolean       xh_cell_is_required  (XhCell *self);
gboolean       xh_cell_is_editable  (XhCell *self);

/* The next change is an undo step of its own: the person went elsewhere or did something whole. */
void           xh_cell_break_undo   (XhCell *self);
void           xh_cell_emit_changed (XhCell *self);

G_END_DECLS
