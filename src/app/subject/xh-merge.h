/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two files of the same subject become one, and two again. All from the definition: the link `merged_into`, the step that asks for it, the step
 * back from where that leads. Nothing is moved: keys and records of the double are found through the link. */
#pragma once

#include "model/xh-form.h"

G_BEGIN_DECLS

/* (transfer none) (nullable): the step by which a record in @state is merged into another, for @role; NULL: it cannot be */
const XhTransition *xh_merge_find_step (const XhKind *kind, const char *state, const char *role);
/* (transfer none) (nullable): the step that undoes a merge, for @role, from @state */
const XhTransition *xh_merge_find_undo (const XhKind *kind, const char *state, const char *role);

/**
 * xh_merge_forget:
 * @form: has just taken @step
 *
 * Where the step undoes a merge, the link is emptied: it would still lead to the other file.
 */
void      xh_merge_forget (XhForm *form, const XhTransition *step);

/* The record as it stands after the merge, with what changed: @changed (out) (transfer container). NULL with what is in the way, in words. */
XhRecord *xh_merge_apply  (const XhRecord *record, const char *role, const char *winner, const char *note, GPtrArray **changed, GError **error);
XhRecord *xh_merge_undo   (const XhRecord *record, const char *role, GPtrArray **changed, GError **error);

G_END_DECLS
