/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Showing a number in full: asks what for, writes it into the register of queries, and only then lets it be shown. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

/* @shown: the query is written, the number may be shown until the page is left. */
typedef void (*XhUnmaskFunc) (gboolean shown, gpointer data);

/**
 * xh_unmask_ask:
 * @over: a widget of the window
 * @record: the record that holds the number
 * @title: what it is called
 * @func: called once, on the main thread, also when the person thinks better of it
 *
 * Where the catalog keeps no register of queries, nothing can be logged and nothing is shown in full.
 */
void xh_unmask_ask (GtkWidget *over, XhSession *session, const XhKind *kind, const char *record, const char *title, const XhField *field,
                    XhUnmaskFunc func, gpointer data, GDestroyNotify destroy);

G_END_DECLS
