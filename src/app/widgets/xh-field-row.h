/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One row of a form: label, required mark, help, the editor of one value, and what is wrong with it in words. Derived once
 * per kind of editor; the derived row shows the value and writes what the person enters, all else is here. */
#pragma once

#include <adwaita.h>
#include "xh-cell.h"
#include "xh-field-host.h"

G_BEGIN_DECLS

#define XH_TYPE_FIELD_ROW (xh_field_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (XhFieldRow, xh_field_row, XH, FIELD_ROW, AdwPreferencesRow)

/**
 * XhFieldRowClass:
 * @build: makes the editor and hands it to xh_field_row_set_editor()
 * @load: shows the cell's value in the editor
 * @turn: (nullable): the focus came into the row or left it
 * @masks: the editor shows what is sensitive to who enters it: while a stored value was not asked for, a label and the eye take its place
 * @keeps_editor: the editor itself shows a value that may not be edited; else a label takes its place
 */
struct _XhFieldRowClass
{
  AdwPreferencesRowClass parent_class;

  void (*build) (XhFieldRow *self);
  void (*load)  (XhFieldRow *self);
  void (*turn)  (XhFieldRow *self, gboolean editing);
  gboolean masks;
  gboolean keeps_editor;
};

/**
 * XhFieldRow::next:
 *
 * Enter was pressed: the focus wants to go to the next field.
 */

/* The row for the type of the cell's field. @host: (nullable) */
GtkWidget     *xh_field_row_new           (XhCell *cell, XhFieldHost *host);

XhCell        *xh_field_row_get_cell      (XhFieldRow *self);
const XhField *xh_field_row_get_field     (XhFieldRow *self);
XhFieldHost   *xh_field_row_get_host      (XhFieldRow *self); /* (nullable) */

/* Whether something is wrong in a way that is shown. */
gboolean       xh_field_row_has_message   (XhFieldRow *self);
/* Shows also that the value is missing, which a person who is still on the way need not be told. */
void           xh_field_row_reveal_issues (XhFieldRow *self, gboolean reveal);
/* Whether the value is sensitive, stored, and was neither asked for nor typed here: it can neither be read nor written over unseen. */
gboolean       xh_field_row_is_guarded    (XhFieldRow *self);
/* Shows the value and its state again. */
void           xh_field_row_refresh       (XhFieldRow *self);
/* Puts the focus in the editor, or on the value where it may not be edited. */
gboolean       xh_field_row_grab_editor   (XhFieldRow *self);

/* --- for derived rows */
/* @focus: the widget that takes the focus and is named after the field. @below: under the label, over the whole width. */
void           xh_field_row_set_editor    (XhFieldRow *self, GtkWidget *editor, GtkWidget *focus, gboolean below);
void           xh_field_row_set_value     (XhFieldRow *self, const XhValue *value);
/* Parses what was typed; text that is no value of the type stands as the field's fault. */
void           xh_field_row_set_typed     (XhFieldRow *self, const char *text);
void           xh_field_row_emit_next     (XhFieldRow *self);
gboolean       xh_field_row_is_editing    (XhFieldRow *self); /* the focus is in the editor */

G_END_DECLS
