/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks who wants a credit report and what for, writes it into the register of reports, and opens its preview. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

/* Whether the catalog keeps a register of reports that the role may write */
gboolean xh_report_dialog_may (XhSession *session);
/* @key, @name (nullable), @type (nullable): the subject's present key, name and type as in a kind's definition; @over: a widget of the window */
void     xh_report_dialog_show (GtkWidget *over, XhSession *session, const char *key, const char *name, const char *type);

G_END_DECLS
