/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A change that was not taken over, to be decided by a person: what the field was, what I made it, what the others made it, who
 * and when; or why the server refused it. Nothing is decided before a person says so for each field. */
#pragma once

#include "app/window/xh-window.h"

G_BEGIN_DECLS

#define XH_TYPE_CONFLICT_DIALOG (xh_conflict_dialog_get_type ())
G_DECLARE_FINAL_TYPE (XhConflictDialog, xh_conflict_dialog, XH, CONFLICT_DIALOG, AdwWindow)

/* @item: read only while this is called. @title: what the record is called */
XhConflictDialog *xh_conflict_dialog_new (XhWindow *window, const XhTrayItem *item, const char *title);

G_END_DECLS
