/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (xh-document-error-quark, xh_document_error)

/* --- making */

static void
page_free (XhDocumentPage *page)
{
  g_array_unref (page->items);
  g_free (page);
}

XhDocument *
xh_document_new (XhCatalog *catalog, const XhDocumentSource *source, const XhDocumentOptions *options)
{
  XhDocument *self = g_new0 (XhDocument, 1);

  self->catalog = xh_catalog_ref (catalog);
  self->source = *source;
  self->role = g_strdup (options->role);
  self->user = g_strdup (options->user);
  self->unit = g_strdup (options->unit);
  self->demo = options->demo;
  self->texts = g_string_chunk_new (64 * 1024);
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) page_free);
  self->papers = g_array_new (FALSE, TRUE, sizeof (XhDocumentPaper));
  self->mains = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->forms = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->fonts = pango_cairo_font_map_new ();
  self->context = xh_document_context (self->fonts);
  return self;
}

void
xh_document_free (XhDocument *self)
{
  g_object_unref (self->context);
  g_object_unref (self->fonts);
  g_hash_table_unref (self->forms);
  g_hash_table_unref (self->mains);
  g_array_unref (self->papers);
  g_ptr_array_unref (self->pages);
  g_string_chunk_free (self->texts);
  g_free (self->role);
  g_free (self->user);
  g_free (self->unit);
  xh_catalog_unref (self->catalog);
  g_free (self);
}

static gboolean
check_allowed (XhDocument *self, const XhDocumentDef *def, XhForm *form, GError **error)
{
  if (self->role != NULL && !xh_document_def_may (def, self->role))
    {
      g_set_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_DENIED, _("Your role may not print “%s”"), xh_label_get (&def->label));
      return FALSE;
    }
  if (!xh_form_holds (form, def->when))
    {
      g_set_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_DENIED, _("“%s” is not printed for this record as it stands"),
                   xh_label_get (&def->label));
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_blocks (XhPen *pen, GError **error)
{
  const XhDocumentDef *def = pen->def;
  XhDocumentPaper *paper = &g_array_index (pen->document->papers, XhDocumentPaper, pen->paper);
  g_autofree char *header = NULL, *footer = NULL;

  pen->number = def->number != NULL ? xh_pen_fill (pen, def->number, pen->form) : NULL;
  header = xh_pen_fill (pen, def->header, pen->form);
  footer = xh_pen_fill (pen, def->footer, pen->form);
  paper->header = xh_pen_keep (pen, header);
  paper->footer = xh_pen_keep (pen, footer);
  if (!xh_pen_new_page (pen, error))
    return FALSE;
  for (guint i = 0; i < def->blocks->len; i++)
    if (!xh_pen_block (pen, def->blocks->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean
xh_document_add (XhDocument *self, const XhDocumentDef *def, const XhRecord *record, GCancellable *cancellable, GError **error)
{
  const XhDocumentPaper paper = { .first = self->pages->len, .landscape = def->landscape };
  XhPen pen = { .document = self, .def = def, .record = record, .cancellable = cancellable, .paper = self->papers->len };
  gboolean good;

  g_return_val_if_fail (record != NULL && record->kind == def->kind, FALSE);

  pen.form = xh_document_main_form (self, record, error);
  if (pen.form == NULL || !check_allowed (self, def, pen.form, error))
    return FALSE;
  g_array_append_val (self->papers, paper);
  good = write_blocks (&pen, error);
  g_free (pen.number);
  if (good)
    return TRUE;
  g_ptr_array_set_size (self->pages, (int) paper.first);
  g_array_set_size (self->papers, self->papers->len - 1);
  return FALSE;
}

/* --- reading */

static const XhDocumentPage *
get_page (XhDocument *self, guint page)
{
  return g_ptr_array_index (self->pages, page);
}

static const XhDocumentPaper *
get_paper (XhDocument *self, guint page)
{
  return &g_array_index (self->papers, XhDocumentPaper, get_page (self, page)->paper);
}

guint
xh_document_get_n_pages (XhDocument *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pages->len;
}

void
xh_document_get_size (XhDocument *self, guint page, double *width, double *height)
{
  gboolean landscape;

  g_return_if_fail (self != NULL && page < self->pages->len);

  landscape = get_paper (self, page)->landscape;
  *width = XH_MM (landscape ? 297 : 210);
  *height = XH_MM (landscape ? 210 : 297);
}

static PangoLayout *
layout_item (XhDocument *self, const XhItem *item)
{
  return xh_document_layout (self->context, item->style, item->align, item->text, item->width, item->indent);
}

static char *
number_page (XhDocument *self, guint page)
{
  const XhDocumentPaper *paper = get_paper (self, page);

  return g_strdup_printf ("第 %u 页　共 %u 页", page - paper->first + 1, paper->n);
}

char *
xh_document_get_text (XhDocument *self, guint page)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *number = NULL;
  GArray *items;

  g_return_val_if_fail (self != NULL && page < self->pages->len, NULL);

  items = get_page (self, page)->items;
  for (guint i = 0; i < items->len; i++)
    {
      const XhItem *item = &g_array_index (items, XhItem, i);
      g_autoptr (PangoLayout) layout = NULL;

      if (item->type == XH_ITEM_QR)
        g_string_append_printf (text, "[QR %s]\n", item->text);
      if (item->type != XH_ITEM_TEXT || item->n == 0)
        continue;
      layout = layout_item (self, item);
      for (guint line = item->first; line < item->first + item->n; line++)
        {
          const PangoLayoutLine *piece = pango_layout_get_line_readonly (layout, (int) line);

          if (piece != NULL)
            g_string_append_len (text, item->text + piece->start_index, piece->length);
        }
      g_string_append_c (text, '\n');
    }
  number = number_page (self, page);
  g_string_append (text, number);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- drawing */

static void
draw_text (XhDocument *self, cairo_t *cr, const XhItem *item)
{
  g_autoptr (PangoLayout) layout = layout_item (self, item);
  g_autoptr (PangoLayoutIter) iter = pango_layout_get_iter (layout);
  const XhStyleShape *shape = &xh_styles[item->style];
  /* The em box of a Chinese character stands in the middle of its line. */
  const double baseline = (shape->pitch - shape->size) / 2 + shape->size * 0.88;
  guint line = 0;

  do
    {
      PangoRectangle extents;

      if (line >= item->first + item->n)
        break;
      if (line >= item->first)
        {
          pango_layout_iter_get_line_extents (iter, NULL, &extents);
          cairo_move_to (cr, item->x + extents.x / (double) PANGO_SCALE, item->y + (line - item->first) * shape->pitch + baseline);
          pango_cairo_show_layout_line (cr, pango_layout_iter_get_line_readonly (iter));
        }
      line++;
    }
  while (pango_layout_iter_next_line (iter));
}

static void
draw_item (XhDocument *self, cairo_t *cr, const XhItem *item)
{
  switch (item->type)
    {
    case XH_ITEM_TEXT:
      if (item->n > 0)
        draw_text (self, cr, item);
      break;
    case XH_ITEM_BOX:
      cairo_set_line_width (cr, 0.6);
      cairo_rectangle (cr, item->x, item->y, item->width, item->height);
      cairo_stroke (cr);
      break;
    case XH_ITEM_SHADE:
      cairo_set_source_rgb (cr, 0.955, 0.955, 0.955);
      cairo_rectangle (cr, item->x, item->y, item->width, item->height);
      cairo_fill (cr);
      cairo_set_source_rgb (cr, 0, 0, 0);
      break;
    case XH_ITEM_RULE:
      cairo_set_line_width (cr, 0.7);
      cairo_move_to (cr, item->x, item->y);
      cairo_rel_line_to (cr, item->width, 0);
      cairo_stroke (cr);
      break;
    case XH_ITEM_QR:
      xh_document_draw_qr (cr, item->text, item->x, item->y, item->width);
      break;
    default:
      break;
    }
}

static void
draw_edge (XhDocument *self, cairo_t *cr, const char *text, XhAlign align, double x, double y, double width)
{
  const XhItem item = { .type = XH_ITEM_TEXT, .style = XH_STYLE_FOOT, .align = (guint8) align, .n = 1, .x = (float) x, .y = (float) y,
                        .width = (float) width, .text = text };

  if (text != NULL && *text != '\0')
    draw_text (self, cr, &item);
}

/* Header and foot stand in the margins. */
static void
draw_edges (XhDocument *self, guint page, cairo_t *cr)
{
  const XhDocumentPaper *paper = get_paper (self, page);
  const double left = XH_MM (paper->landscape ? 20 : 26), right = XH_MM (paper->landscape ? 20 : 24);
  double width, height, inner;
  g_autofree char *number = number_page (self, page);

  xh_document_get_size (self, page, &width, &height);
  inner = width - left - right;
  cairo_set_source_rgb (cr, 0.25, 0.25, 0.25);
  draw_edge (self, cr, paper->header, XH_ALIGN_LEFT, left, XH_MM (14), inner);
  if (*paper->header != '\0')
    draw_item (self, cr, &(XhItem) { .type = XH_ITEM_RULE, .x = (float) left, .y = (float) (XH_MM (14) + 15), .width = (float) inner });
  draw_edge (self, cr, paper->footer, XH_ALIGN_LEFT, left, height - XH_MM (17), inner * 0.68);
  draw_edge (self, cr, number, *paper->footer != '\0' ? XH_ALIGN_RIGHT : XH_ALIGN_CENTER, left, height - XH_MM (17), inner);
  cairo_set_source_rgb (cr, 0, 0, 0);
}

static void
draw_watermark (XhDocument *self, guint page, cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = xh_document_layout (self->context, XH_STYLE_TITLE, XH_ALIGN_LEFT, "演示数据", 400, 0);
  double width, height;
  PangoRectangle extents;

  xh_document_get_size (self, page, &width, &height);
  pango_layout_get_extents (layout, NULL, &extents);
  cairo_save (cr);
  cairo_set_source_rgb (cr, 0.93, 0.93, 0.93);
  for (int row = 0; row < 3; row++)
    {
      cairo_save (cr);
      cairo_translate (cr, width / 2, height * (2 * row + 1) / 6);
      cairo_rotate (cr, -G_PI / 6);
      cairo_scale (cr, 2.4, 2.4);
      cairo_move_to (cr, -extents.width / (2.0 * PANGO_SCALE), -extents.height / (2.0 * PANGO_SCALE));
      pango_cairo_show_layout (cr, layout);
      cairo_restore (cr);
    }
  cairo_restore (cr);
}

void
xh_document_draw (XhDocument *self, guint page, cairo_t *cr)
{
  GArray *items;

  g_return_if_fail (self != NULL && page < self->pages->len && cr != NULL);

  items = get_page (self, page)->items;
  cairo_save (cr);
  for (guint i = 0; i < items->len; i++) /* grounds first, so that the watermark is not covered */
    if (g_array_index (items, XhItem, i).type == XH_ITEM_SHADE)
      draw_item (self, cr, &g_array_index (items, XhItem, i));
  if (self->demo)
    draw_watermark (self, page, cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (guint i = 0; i < items->len; i++)
    if (g_array_index (items, XhItem, i).type != XH_ITEM_SHADE)
      draw_item (self, cr, &g_array_index (items, XhItem, i));
  draw_edges (self, page, cr);
  cairo_restore (cr);
}

/* --- for tests */

static gboolean
fits (XhDocument *self, const XhItem *item, double width, double height)
{
  g_autoptr (PangoLayout) layout = NULL;
  g_autoptr (PangoLayoutIter) iter = NULL;

  if (item->x < XH_MM (10) || item->x + item->width > width - XH_MM (10) || item->y < XH_MM (10) || item->y + item->height > height - XH_MM (18))
    return FALSE;
  if (item->type != XH_ITEM_TEXT || item->n == 0)
    return TRUE;
  layout = layout_item (self, item);
  if (item->first + item->n > pango_layout_get_line_count (layout))
    return FALSE;
  iter = pango_layout_get_iter (layout);
  do
    {
      PangoRectangle extents;

      pango_layout_iter_get_line_extents (iter, NULL, &extents);
      if (extents.width > (item->width + 1) * PANGO_SCALE)
        return FALSE;
    }
  while (pango_layout_iter_next_line (iter));
  return TRUE;
}

char *
xh_document_find_overflow (XhDocument *self)
{
  for (guint page = 0; page < self->pages->len; page++)
    {
      GArray *items = get_page (self, page)->items;
      double width, height;

      xh_document_get_size (self, page, &width, &height);
      for (guint i = 0; i < items->len; i++)
        {
          const XhItem *item = &g_array_index (items, XhItem, i);

          if (!fits (self, item, width, height))
            return g_strdup_printf ("page %u: %.0f,%.0f %.0f x %.0f: %s", page + 1, item->x, item->y, item->width, item->height,
                                    item->text != NULL ? item->text : "");
        }
    }
  return NULL;
}
