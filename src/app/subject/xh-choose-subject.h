/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chooses a subject of one register by name, code or pinyin, and asks for a few words. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_CHOOSE_SUBJECT (xh_choose_subject_get_type ())
G_DECLARE_FINAL_TYPE (XhChooseSubject, xh_choose_subject, XH, CHOOSE_SUBJECT, AdwWindow)

/* Signal chosen (id, text): a subject was chosen and the words were given. @without: the record that is no choice. */
GtkWidget *xh_choose_subject_new (GtkWindow *parent, XhSession *session, const XhKind *kind, const char *without, const char *title,
                                  const char *explanation, const char *words);

G_END_DECLS
