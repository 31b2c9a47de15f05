/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures that people attach: made small for a row, for the screen, or for the line. Everything here takes time and belongs in a thread. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

/* Pixels beyond which a picture is not decoded: it would take the memory of the whole program. */
#define XH_PICTURE_PIXELS (120 * 1000 * 1000)

/**
 * xh_picture_load:
 * @edge: the longer side at most
 *
 * Decodes a picture, turned as its camera was held. Errors: GDK_PIXBUF_ERROR, G_FILE_ERROR.
 *
 * Returns: (transfer full)
 */
GdkPixbuf *xh_picture_load   (const char *path, int edge, GError **error);

/* Whether a picture is one that is worth making smaller: longer than @edge. */
gboolean   xh_picture_is_big (const char *path, int edge);

/* Writes it as a JPEG of at most @edge to a new file @to. What a camera notes besides (place, time, owner) is left out. */
gboolean   xh_picture_shrink (const char *path, int edge, const char *to, GError **error);

G_END_DECLS
