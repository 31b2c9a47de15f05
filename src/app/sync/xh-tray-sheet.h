/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items of the tray as a sheet: what was changed, by whom, and why it is not on the server. */
#pragma once

#include <gtk/gtk.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

/* @n: rows that were written. */
typedef void (*XhTraySheetFunc) (guint n, const GError *error, gpointer data);

/**
 * xh_tray_sheet_ask:
 * @over: a widget of the window
 * @number: of the item; 0: all of the tray
 * @func: called once when the sheet is written or is not; not where the person thinks better of it. @data must outlive it: see @owner
 * @owner: kept until then
 *
 * Asks where it goes and writes it, .xlsx or .csv by its name. What identifies a person is masked.
 */
void xh_tray_sheet_ask (GtkWidget *over, XhSession *session, gint64 number, const char *name, XhTraySheetFunc func, GObject *owner);

/* Writes it. Returns the rows, -1 with XH_SHEET_ERROR or XH_STORE_ERROR; any thread that owns @store. */
int  xh_tray_sheet_write (XhStore *store, gint64 number, const char *path, GError **error);

G_END_DECLS
