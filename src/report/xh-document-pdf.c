/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-private.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "model/xh-calendar.h"

static void
describe (cairo_surface_t *surface, const char *title)
{
  g_autofree char *day = NULL, *moment = NULL;
  GDate today;

  /* The day, not the second: the same paper gives the same bytes. */
  xh_date_today (&today);
  day = xh_date_format (&today);
  moment = g_strconcat (day, "T00:00:00Z", NULL);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title != NULL ? title : "");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Xinheng");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, moment);
}

static gboolean
draw_pages (XhDocument *self, cairo_surface_t *surface, GCancellable *cancellable, GError **error)
{
  cairo_t *cr = cairo_create (surface);
  gboolean good = TRUE;

  for (guint page = 0; good && page < xh_document_get_n_pages (self); page++)
    {
      double width, height;

      good = !g_cancellable_set_error_if_cancelled (cancellable, error);
      xh_document_get_size (self, page, &width, &height);
      cairo_pdf_surface_set_size (surface, width, height);
      xh_document_draw (self, page, cr);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  return good;
}

static gboolean
set_failure (const char *path, const char *why, GError **error)
{
  g_set_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_WRITE, _("%s could not be written: %s"), path, why);
  return FALSE;
}

gboolean
xh_document_write_pdf (XhDocument *self, const char *path, const char *title, GCancellable *cancellable, GError **error)
{
  g_autofree char *part = g_strdup_printf ("%s.%08x.part", path, g_random_int ());
  g_autofree char *shown = g_filename_display_name (path);
  cairo_surface_t *surface;
  cairo_status_t status;
  gboolean good;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  surface = cairo_pdf_surface_create (part, XH_MM (210), XH_MM (297));
  describe (surface, title);
  good = cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS && draw_pages (self, surface, cancellable, error);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_clear_error (error);
      good = set_failure (shown, cairo_status_to_string (status), error);
    }
  else if (good && g_rename (part, path) != 0)
    good = set_failure (shown, g_strerror (errno), error);
  if (!good)
    g_unlink (part);
  return good;
}
