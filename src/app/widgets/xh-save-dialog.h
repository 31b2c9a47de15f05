/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks under which name a file of a page is to be saved. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @path: (transfer none) */
typedef void (*XhSavePath) (GtkWidget *page, const char *path);

/**
 * xh_ask_save_path:
 * @page: in a window; where it goes meanwhile, nothing is called
 * @title: of the dialog
 * @name: what is proposed; characters that no file name has are replaced
 * @chosen: called with the path, not where the person turns back
 */
void xh_ask_save_path (GtkWidget *page, const char *title, const char *name, XhSavePath chosen);

G_END_DECLS
