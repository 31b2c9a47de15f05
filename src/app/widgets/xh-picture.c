/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-picture.h"

#include <glib/gi18n-lib.h>

#define QUALITY "85"

static gboolean
get_size (const char *path, int *width, int *height)
{
  return gdk_pixbuf_get_file_info (path, width, height) != NULL && *width > 0 && *height > 0;
}

GdkPixbuf *
xh_picture_load (const char *path, int edge, GError **error)
{
  g_autoptr (GdkPixbuf) plain = NULL;
  int width, height;

  if (!get_size (path, &width, &height) || (gint64) width * height > XH_PICTURE_PIXELS)
    {
      g_set_error_literal (error, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_CORRUPT_IMAGE, _("The picture is damaged or too large to be shown."));
      return NULL;
    }
  plain = width <= edge && height <= edge ? gdk_pixbuf_new_from_file (path, error) : gdk_pixbuf_new_from_file_at_scale (path, edge, edge, TRUE, error);
  return plain != NULL ? gdk_pixbuf_apply_embedded_orientation (plain) : NULL;
}

gboolean
xh_picture_is_big (const char *path, int edge)
{
  int width, height;

  return get_size (path, &width, &height) && MAX (width, height) > edge && (gint64) width * height <= XH_PICTURE_PIXELS;
}

/* JPEG knows no transparency: what is clear becomes paper. */
static GdkPixbuf *
put_on_paper (GdkPixbuf *picture)
{
  const int width = gdk_pixbuf_get_width (picture), height = gdk_pixbuf_get_height (picture);

  if (!gdk_pixbuf_get_has_alpha (picture))
    return g_object_ref (picture);
  return gdk_pixbuf_composite_color_simple (picture, width, height, GDK_INTERP_NEAREST, 255, 16, 0xffffff, 0xffffff);
}

gboolean
xh_picture_shrink (const char *path, int edge, const char *to, GError **error)
{
  g_autoptr (GdkPixbuf) picture = xh_picture_load (path, edge, error), flat = NULL;

  if (picture == NULL)
    return FALSE;
  flat = put_on_paper (picture);
  return gdk_pixbuf_save (flat, to, "jpeg", error, "quality", QUALITY, NULL);
}
