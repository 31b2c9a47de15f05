/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One attachment in a list: its picture, name and whether it is on the server; opens it, fetching it first, and lets it be removed. */
#pragma once

#include "xh-attachment-desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XH_TYPE_FILES_LINE (xh_files_line_get_type ())
G_DECLARE_FINAL_TYPE (XhFilesLine, xh_files_line, XH, FILES_LINE, GtkListBoxRow)

/**
 * XhFilesLine::remove:
 *
 * The person wants it off the record.
 */

/* @desk: (nullable) without one it only tells */
GtkWidget          *xh_files_line_new          (XhAttachmentDesk *desk, const XhAttachment *file);
const XhAttachment *xh_files_line_get_file     (XhFilesLine *self);
void                xh_files_line_set_editable (XhFilesLine *self, gboolean editable);
void                xh_files_line_show         (XhFilesLine *self, const XhFileState *state); /* where it is, as somebody has looked */
void                xh_files_line_open         (XhFilesLine *self);

G_END_DECLS
