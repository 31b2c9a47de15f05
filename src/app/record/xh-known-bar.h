/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A quiet bar over a form: records that may already be what is being entered. It asks in the reader a moment after the last edit,
 * and only of kinds whose definition says what would tell a double. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"
#include "model/xh-form.h"

G_BEGIN_DECLS

#define XH_TYPE_DOUBLES_BAR (xh_doubles_bar_get_type ())
G_DECLARE_FINAL_TYPE (XhDoublesBar, xh_doubles_bar, XH, DOUBLES_BAR, AdwBin)

/**
 * XhDoublesBar::open:
 * @id: of the record, of the bar's kind
 */

GtkWidget *xh_doubles_bar_new    (XhSession *session, const XhKind *kind);
/* Asks with @form as it stands when half a second has passed without another call. What is shown stays until the answer is there. @field: what
 * was edited; nothing is asked where it tells no double; NULL: ask. */
void       xh_doubles_bar_ask    (XhDoublesBar *self, XhForm *form, const char *field);
/* Hides what is shown; what was asked is not answered any more. */
void       xh_doubles_bar_forget (XhDoublesBar *self);

G_END_DECLS
