/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form of a record as its kind describes it: a group a section, a row a field, one column. */
#pragma once

#include "app/widgets/xh-field-host.h"
#include "xh-record-editor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_FORM_VIEW (xh_form_view_get_type ())
G_DECLARE_FINAL_TYPE (XhFormView, xh_form_view, XH, FORM_VIEW, AdwBin)

/* @host: (nullable) */
GtkWidget *xh_form_view_new           (XhRecordEditor *editor, XhFieldHost *host);
/* Puts the focus on a field, or on a part of one ("members/2/id_number"). FALSE: it is not shown. */
gboolean   xh_form_view_focus_field   (XhFormView *self, const char *path);
gboolean   xh_form_view_focus_first   (XhFormView *self);
void       xh_form_view_unselect     (XhFormView *self);
/* Says at each field also that it is missing, and goes to the first thing to correct. */
void       xh_form_view_reveal_issues (XhFormView *self);
/* As before xh_form_view_reveal_issues(). */
void       xh_form_view_hide_issues   (XhFormView *self);

G_END_DECLS
