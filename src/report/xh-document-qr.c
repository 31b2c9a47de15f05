/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <qrencode.h>
#include <string.h>

#include "xh-document-private.h"

#define MAX_QR_BYTES 800 /* more could not be read from a small print */

/* Black squares, run by run, so that no hairlines show between them. A text that does not fit draws an empty frame. */
void
xh_document_draw_qr (cairo_t *cr, const char *text, double x, double y, double size)
{
  QRcode *code = strlen (text) <= MAX_QR_BYTES ? QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M) : NULL;
  double unit;

  cairo_save (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  if (code == NULL)
    {
      cairo_rectangle (cr, x, y, size, size);
      cairo_set_line_width (cr, 0.5);
      cairo_stroke (cr);
      cairo_restore (cr);
      return;
    }
  unit = size / code->width;
  for (int row = 0; row < code->width; row++)
    for (int column = 0; column < code->width;)
      {
        const guchar *line = code->data + row * code->width;
        int end = column;

        while (end < code->width && (line[end] & 1) != 0)
          end++;
        if (end > column)
          cairo_rectangle (cr, x + column * unit, y + row * unit, (end - column) * unit, unit);
        column = end + 1;
      }
  cairo_fill (cr);
  cairo_restore (cr);
  QRcode_free (code);
}
