/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A quiet bar over the foot of a form, that moves nothing: records that may already be what is being entered, and what the register of a subject
 * knows for fields that are still empty. It asks in the reader a moment after the last edit, and only where the kind's definition says what
 * would tell. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"
#include "model/xh-form.h"
#include "store/xh-subject-fill.h"

G_BEGIN_DECLS

#define XH_TYPE_KNOWN_BAR (xh_known_bar_get_type ())
G_DECLARE_FINAL_TYPE (XhKnownBar, xh_known_bar, XH, KNOWN_BAR, AdwBin)

/**
 * XhKnownBar::open:
 * @id: of the record, of the bar's kind
 */

/**
 * XhKnownBar::fill:
 *
 * The person takes what is known: xh_known_bar_get_fill().
 */

GtkWidget *xh_known_bar_new    (XhSession *session, const XhKind *kind);
/* (nullable) (transfer none): what can be filled in, until the next answer */
const XhSubjectFill *xh_known_bar_get_fill (XhKnownBar *self);
/* Whether there is anything to be told of records of this kind. */
gboolean   xh_known_bar_concerns (const XhKind *kind);
/* Asks with @form as it stands when half a second has passed without another call. What is shown stays until the answer is there. @field: what
 * was edited; nothing is asked where it tells nothing; NULL: ask. @is_new:
 * the record is not stored yet: what the form proposed may be filled over. */
void       xh_known_bar_ask    (XhKnownBar *self, XhForm *form, gboolean is_new, const char *field);
/* Hides what is shown; what was asked is not answered any more. */
void       xh_known_bar_forget (XhKnownBar *self);

G_END_DECLS
