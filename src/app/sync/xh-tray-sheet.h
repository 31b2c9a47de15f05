/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Items of the tray as a sheet: what was changed, by whom, and why it is not on the server. */
#pragma once

#include "app/xh-session.h"

G_BEGIN_DECLS

/**
 * xh_tray_sheet_save_async:
 * @number: of the item; 0: all of the tray
 * @path: .xlsx or .csv by its name
 *
 * Writes the sheet in the reader and remembers in the store which items are in it. What identifies a person is masked. Main thread.
 */
void xh_tray_sheet_save_async (XhSession *session, gint64 number, const char *path, GAsyncReadyCallback callback, gpointer user_data);
/* Returns the rows that were written, -1 with XH_SHEET_ERROR or XH_STORE_ERROR. */
int  xh_tray_sheet_save_finish (GAsyncResult *result, GError **error);

/* Writes it. @written: (nullable): numbers (gint64) of the items that are in it are added. Returns the rows, -1 with XH_SHEET_ERROR or
 * XH_STORE_ERROR; any thread that owns @store. */
int  xh_tray_sheet_write (XhStore *store, gint64 number, const char *path, GArray *written, GError **error);

G_END_DECLS
