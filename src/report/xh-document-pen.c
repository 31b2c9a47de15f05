/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
xh_pen_new_page (XhPen *pen, GError **error)
{
  XhDocument *document = pen->document;
  XhDocumentPaper *paper = &g_array_index (document->papers, XhDocumentPaper, pen->paper);
  double width, height;

  if (document->pages->len >= XH_DOCUMENT_MAX_PAGES)
    {
      g_set_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_TOO_LONG,
                   _("The paper would have more than %d pages: choose fewer records"), XH_DOCUMENT_MAX_PAGES);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (pen->cancellable, error))
    return FALSE;
  pen->page = g_new0 (XhDocumentPage, 1);
  pen->page->paper = pen->paper;
  pen->page->items = g_array_new (FALSE, TRUE, sizeof (XhItem));
  g_ptr_array_add (document->pages, pen->page);
  paper->n++;
  width = paper->landscape ? XH_MM (297) : XH_MM (210);
  height = paper->landscape ? XH_MM (210) : XH_MM (297);
  pen->left = XH_MM (paper->landscape ? 20 : 26);
  pen->right = width - XH_MM (paper->landscape ? 20 : 24);
  pen->top = XH_MM (paper->landscape ? 22 : 26);
  pen->bottom = height - XH_MM (paper->landscape ? 20 : 24);
  pen->y = pen->top;
  pen->float_bottom = 0;
  return TRUE;
}

gboolean
xh_pen_need (XhPen *pen, double height, GError **error)
{
  if (pen->y + height <= pen->bottom + 0.01 || pen->y <= pen->top)
    return TRUE;
  return xh_pen_new_page (pen, error);
}

void
xh_pen_clear_float (XhPen *pen)
{
  pen->y = MAX (pen->y, pen->float_bottom);
  pen->float_bottom = 0;
}

const char *
xh_pen_keep (XhPen *pen, const char *text)
{
  return g_string_chunk_insert (pen->document->texts, text);
}

XhItem *
xh_pen_item (XhPen *pen, XhItemType type, double x, double y, double width, double height)
{
  XhItem item = { .type = (guint8) type, .x = (float) x, .y = (float) y, .width = (float) width, .height = (float) height };

  g_array_append_val (pen->page->items, item);
  return &g_array_index (pen->page->items, XhItem, pen->page->items->len - 1);
}

guint
xh_pen_count_lines (XhPen *pen, XhStyle style, const char *text, double width, double indent)
{
  g_autoptr (PangoLayout) layout = NULL;

  if (*text == '\0')
    return 0;
  layout = xh_document_layout (pen->document->context, style, XH_ALIGN_LEFT, text, width, indent);
  return (guint) pango_layout_get_line_count (layout);
}

gboolean
xh_pen_text (XhPen *pen, XhStyle style, XhAlign align, double indent, const char *text, GError **error)
{
  const double pitch = xh_styles[style].pitch, width = pen->right - pen->left;
  const char *kept = xh_pen_keep (pen, text);
  guint total = xh_pen_count_lines (pen, style, kept, width, indent), done = 0;

  /* No single line of a paragraph is left alone at the foot of a page. */
  if (total > 1 && !xh_pen_need (pen, 2 * pitch, error))
    return FALSE;
  while (done < total)
    {
      guint room, n;
      XhItem *item;

      if (!xh_pen_need (pen, pitch, error))
        return FALSE;
      room = (guint) MAX (1, (pen->bottom - pen->y + 0.01) / pitch);
      n = MIN (room, total - done);
      item = xh_pen_item (pen, XH_ITEM_TEXT, pen->left, pen->y, width, n * pitch);
      item->style = (guint8) style;
      item->align = (guint8) align;
      item->indent = (float) indent;
      item->text = kept;
      item->first = (guint16) done;
      item->n = (guint16) n;
      pen->y += n * pitch;
      done += n;
    }
  return TRUE;
}
