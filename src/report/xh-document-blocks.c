/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The blocks of a definition, one after another down the pages. */

#include "xh-document-private.h"

#include <string.h>

#define MAX_SIGNATURES 4
#define MAX_COUNTS 8
#define MAX_PLACED_LINES 4 /* of a text that has its place, where no name needs more */

typedef gboolean (*WriteBlock) (XhPen *pen, const XhBlock *block, GError **error);

/* --- texts */

static gboolean
write_lines (XhPen *pen, const XhBlock *block, XhStyle style, XhAlign align, double indent, GError **error)
{
  g_autofree char *text = xh_pen_fill (pen, block->text, pen->form);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !xh_pen_text (pen, style, align, indent, lines[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_title (XhPen *pen, const XhBlock *block, GError **error)
{
  pen->y += pen->y > pen->top ? 6 : 0;
  if (!write_lines (pen, block, block->small ? XH_STYLE_SUBTITLE : XH_STYLE_TITLE, XH_ALIGN_CENTER, 0, error))
    return FALSE;
  pen->y += block->small ? 6 : 12;
  return TRUE;
}

static gboolean
write_heading (XhPen *pen, const XhBlock *block, GError **error)
{
  xh_pen_clear_float (pen);
  pen->y += pen->y > pen->top ? 8 : 0;
  /* A heading does not stand alone at the foot of a page. */
  if (!xh_pen_need (pen, xh_styles[XH_STYLE_HEADING].pitch + 60, error) || !write_lines (pen, block, XH_STYLE_HEADING, XH_ALIGN_LEFT, 0, error))
    return FALSE;
  pen->y += 3;
  return TRUE;
}

static gboolean
write_paragraph (XhPen *pen, const XhBlock *block, GError **error)
{
  XhStyle style = block->small ? XH_STYLE_SMALL : block->bold ? XH_STYLE_STRONG : XH_STYLE_BODY;

  xh_pen_clear_float (pen);
  return write_lines (pen, block, style, XH_ALIGN_LEFT, block->indent ? 2 * xh_styles[style].size : 0, error);
}

static gboolean
write_line (XhPen *pen, const XhBlock *block, GError **error)
{
  if (!write_lines (pen, block, block->bold ? XH_STYLE_STRONG : block->small ? XH_STYLE_FOOT : XH_STYLE_SMALL, block->align, 0, error))
    return FALSE;
  pen->y += 3;
  return TRUE;
}

/* --- records */

static gboolean
write_fields (XhPen *pen, const XhBlock *block, GError **error)
{
  xh_pen_clear_float (pen);
  pen->y += pen->y > pen->top ? 3 : 0;
  if (!xh_pen_fields (pen, pen->form, block->cells, block->columns, error))
    return FALSE;
  pen->y += 6;
  return TRUE;
}

static gboolean
write_table (XhPen *pen, const XhBlock *block, GError **error)
{
  xh_pen_clear_float (pen);
  pen->y += pen->y > pen->top ? 3 : 0;
  if (!xh_pen_table (pen, block, error))
    return FALSE;
  pen->y += 6;
  return TRUE;
}

typedef struct
{
  XhPen *pen;
  const XhBlock *block;
  const XhDocumentQuery *query;
  guint n, n_of_kind;
} Records;

static gboolean
write_kind_heading (Records *records, GError **error)
{
  XhPen *pen = records->pen;

  pen->y += pen->y > pen->top ? 6 : 0;
  return xh_pen_need (pen, 90, error) && xh_pen_text (pen, XH_STYLE_HEADING, XH_ALIGN_LEFT, 0, records->query->kind->label.zh, error);
}

static GPtrArray *
collect_open_cells (XhPen *pen, const XhDocumentQuery *query)
{
  GPtrArray *cells = g_ptr_array_new ();

  for (guint i = 0; i < query->cells->len; i++)
    {
      XhDocumentCell *cell = g_ptr_array_index (query->cells, i);

      if (cell->field == NULL || cell->field->index == G_MAXUINT || cell->field->openness <= pen->def->openness)
        g_ptr_array_add (cells, cell);
    }
  return cells;
}

static gboolean
write_record_title (Records *records, const XhRecord *record, XhForm *form, GError **error)
{
  XhPen *pen = records->pen;
  g_autofree char *title = NULL, *line = NULL;
  g_auto (XhValue) called = XH_VALUE_INIT;

  if (records->query->title != NULL)
    title = xh_pen_fill (pen, records->query->title, form);
  else if (!xh_document_reads_sensitive (record->kind, record->kind->title) && xh_form_evaluate (form, record->kind->title, &called))
    title = xh_document_clean (xh_value_as_text (&called) != NULL ? xh_value_as_text (&called) : "");
  line = g_strdup_printf ("%u．%s", records->n_of_kind, title != NULL ? title : "");
  if (!xh_pen_need (pen, 60, error) || !xh_pen_text (pen, XH_STYLE_SMALL, XH_ALIGN_LEFT, 0, line, error))
    return FALSE;
  pen->y += 2;
  return TRUE;
}

static gboolean
write_record (const XhRecord *record, gpointer data, GError **error)
{
  Records *records = data;
  XhPen *pen = records->pen;
  XhForm *form = xh_document_form (pen->document, record, error);
  g_autoptr (GPtrArray) cells = NULL;

  if (form == NULL || (records->n_of_kind == 0 && !records->block->plain && !write_kind_heading (records, error)))
    return FALSE;
  records->n++;
  records->n_of_kind++;
  if (!records->block->plain && !write_record_title (records, record, form, error))
    return FALSE;
  cells = collect_open_cells (pen, records->query);
  if (!xh_pen_fields (pen, form, cells, records->block->columns, error))
    return FALSE;
  pen->y += 6;
  return TRUE;
}

static gboolean
write_records (XhPen *pen, const XhBlock *block, GError **error)
{
  Records records = { pen, block, NULL, 0, 0 };
  XhDocumentSource *source = &pen->document->source;

  xh_pen_clear_float (pen);
  for (guint i = 0; i < block->queries->len; i++)
    {
      records.query = g_ptr_array_index (block->queries, i);
      records.n_of_kind = 0;
      if (!source->each (source->data, records.query, pen->record, write_record, &records, error))
        return FALSE;
    }
  if (records.n == 0 && block->empty != NULL)
    {
      g_autofree char *text = xh_pen_fill (pen, block->empty, pen->form);

      return xh_pen_text (pen, XH_STYLE_SMALL, XH_ALIGN_LEFT, 2 * xh_styles[XH_STYLE_SMALL].size, text, error);
    }
  return TRUE;
}

static gboolean
add_up (XhPen *pen, const XhDocumentCount *count, gint64 *sum, GError **error)
{
  XhDocumentSource *source = &pen->document->source;

  *sum = 0;
  for (guint i = 0; i < count->queries->len; i++)
    {
      gint64 n = 0;

      if (!source->count (source->data, count->queries->pdata[i], pen->record, &n, error))
        return FALSE;
      *sum += n;
    }
  return TRUE;
}

/* A row of names over a row of figures. */
static gboolean
write_counts (XhPen *pen, const XhBlock *block, GError **error)
{
  const guint columns = MIN (block->columns, MAX_COUNTS);
  const double width = (pen->right - pen->left) / columns;

  xh_pen_clear_float (pen);
  for (guint first = 0; first < block->counts->len; first += columns)
    {
      XhTableCell names[MAX_COUNTS], figures[MAX_COUNTS];

      for (guint i = 0; i < columns; i++)
        {
          const XhDocumentCount *count = first + i < block->counts->len ? block->counts->pdata[first + i] : NULL;
          g_autofree char *figure = NULL;
          gint64 sum = 0;

          if (count != NULL && !add_up (pen, count, &sum, error))
            return FALSE;
          figure = count != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT, sum) : g_strdup ("");
          names[i] = (XhTableCell) { count != NULL ? xh_pen_keep (pen, count->label) : "", XH_STYLE_LABEL, XH_ALIGN_CENTER, width, TRUE };
          figures[i] = (XhTableCell) { xh_pen_keep (pen, figure), XH_STYLE_FIGURE, XH_ALIGN_CENTER, width, FALSE };
        }
      if (!xh_pen_need (pen, XH_MM (20), error) || !xh_pen_row (pen, names, columns, XH_MM (8), NULL, 0, error)
          || !xh_pen_row (pen, figures, columns, XH_MM (10), NULL, 0, error))
        return FALSE;
    }
  pen->y += 6;
  return TRUE;
}

/* --- the end of a paper */

static guint
count_placed_lines (XhPen *pen, XhStyle style, const char *text, double width)
{
  return MIN (xh_pen_count_lines (pen, style, text, width, 0), MAX_PLACED_LINES);
}

static void
place_text (XhPen *pen, XhStyle style, XhAlign align, double x, double width, double y, const char *text)
{
  const char *kept = xh_pen_keep (pen, text);
  guint n = count_placed_lines (pen, style, kept, width);
  XhItem *item = xh_pen_item (pen, XH_ITEM_TEXT, x, y, width, n * xh_styles[style].pitch);

  item->style = (guint8) style;
  item->align = (guint8) align;
  item->text = kept;
  item->n = (guint16) n;
}

/* Each label with a line to sign on. */
static gboolean
write_signatures (XhPen *pen, const XhBlock *block, GError **error)
{
  const guint columns = MIN (block->columns, MAX_SIGNATURES), n = g_strv_length (block->labels);
  const double gap = 14, width = (pen->right - pen->left - gap * (columns - 1)) / columns, height = XH_MM (13);

  xh_pen_clear_float (pen);
  for (guint first = 0; first < n; first += columns)
    {
      if (!xh_pen_need (pen, height, error))
        return FALSE;
      for (guint i = first; i < MIN (first + columns, n); i++)
        {
          g_autofree char *label = g_strconcat (block->labels[i], "：", NULL);
          g_autoptr (PangoLayout) layout = xh_document_layout (pen->document->context, XH_STYLE_SMALL, XH_ALIGN_LEFT, label, width, 0);
          const double x = pen->left + (i - first) * (width + gap);
          int text_width;

          pango_layout_get_size (layout, &text_width, NULL);
          place_text (pen, XH_STYLE_SMALL, XH_ALIGN_LEFT, x, width, pen->y + height - 22, label);
          if (text_width < width * PANGO_SCALE * 0.8)
            xh_pen_item (pen, XH_ITEM_RULE, x + text_width / (double) PANGO_SCALE + 2, pen->y + height - 6,
                         width - text_width / (double) PANGO_SCALE - 2, 0);
        }
      pen->y += height;
    }
  pen->y += 6;
  return TRUE;
}

/* As wide as a name is, within the lines. */
static double
measure_stamp (XhPen *pen, const char *text)
{
  g_autoptr (PangoLayout) layout = xh_document_layout (pen->document->context, XH_STYLE_BODY, XH_ALIGN_LEFT, text, pen->right - pen->left, 0);
  int width;

  pango_layout_get_size (layout, &width, NULL);
  return CLAMP (width / (double) PANGO_SCALE + 8, XH_MM (70), pen->right - pen->left);
}

/* Who issues it over the date, right, with room for the seal that is set over both. */
static gboolean
write_stamp (XhPen *pen, const XhBlock *block, GError **error)
{
  g_autofree char *text = xh_pen_fill (pen, block->text, pen->form);
  const double width = measure_stamp (pen, text), pitch = xh_styles[XH_STYLE_BODY].pitch, x = pen->right - width;
  g_autofree char *date = NULL;
  guint n = count_placed_lines (pen, XH_STYLE_BODY, text, width);
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (!xh_pen_need (pen, (n + 2) * pitch + XH_MM (8), error))
    return FALSE;
  if (block->date != NULL)
    {
      xh_form_evaluate (pen->form, block->date, &value);
      date = xh_value_is_null (&value) ? g_strdup ("    年    月    日") : xh_document_date (xh_value_as_text (&value));
    }
  else
    {
      g_autofree char *iso = NULL;
      GDate today;

      xh_date_today (&today);
      iso = xh_date_format (&today);
      date = xh_document_date (iso);
    }
  pen->y += XH_MM (8);
  place_text (pen, XH_STYLE_BODY, XH_ALIGN_CENTER, x, width, pen->y, text);
  place_text (pen, XH_STYLE_BODY, XH_ALIGN_CENTER, x, width, pen->y + n * pitch, date);
  pen->y += (n + 2) * pitch;
  return TRUE;
}

static gboolean
write_qr (XhPen *pen, const XhBlock *block, GError **error)
{
  const double size = XH_MM (block->size), width = MAX (size, XH_MM (30));
  g_autofree char *text = xh_pen_fill (pen, block->text, pen->form), *caption = xh_pen_fill (pen, block->caption, pen->form);
  double x = pen->left;
  XhItem *item;

  if (*text == '\0')
    return TRUE;
  if (!xh_pen_need (pen, size + 16, error))
    return FALSE;
  if (block->align == XH_ALIGN_RIGHT)
    x = pen->right - width;
  else if (block->align == XH_ALIGN_CENTER)
    x = (pen->left + pen->right - width) / 2;
  item = xh_pen_item (pen, XH_ITEM_QR, x + (width - size) / 2, pen->y, size, size);
  item->text = xh_pen_keep (pen, text);
  if (*caption != '\0')
    place_text (pen, XH_STYLE_FOOT, XH_ALIGN_CENTER, x, width, pen->y + size + 2, caption);
  pen->float_bottom = pen->y + size + 2 + count_placed_lines (pen, XH_STYLE_FOOT, caption, width) * xh_styles[XH_STYLE_FOOT].pitch + 4;
  if (block->align == XH_ALIGN_CENTER)
    xh_pen_clear_float (pen);
  return TRUE;
}

static gboolean
write_space (XhPen *pen, const XhBlock *block, GError **error)
{
  pen->y = MIN (pen->y + XH_MM (block->size), pen->bottom);
  return TRUE;
}

static gboolean
write_rule (XhPen *pen, const XhBlock *block, GError **error)
{
  xh_pen_clear_float (pen);
  if (!xh_pen_need (pen, 8, error))
    return FALSE;
  xh_pen_item (pen, XH_ITEM_RULE, pen->left, pen->y + 4, pen->right - pen->left, 0);
  pen->y += 8;
  return TRUE;
}

/* Two lines around the page: of a certificate. */
static gboolean
write_frame (XhPen *pen, const XhBlock *block, GError **error)
{
  const double far = XH_MM (8), near = XH_MM (6);

  xh_pen_item (pen, XH_ITEM_BOX, pen->left - far, pen->top - far, pen->right - pen->left + 2 * far, pen->bottom - pen->top + far);
  xh_pen_item (pen, XH_ITEM_BOX, pen->left - near, pen->top - near, pen->right - pen->left + 2 * near, pen->bottom - pen->top + far - 2 * (far - near));
  return TRUE;
}

static gboolean
write_page_break (XhPen *pen, const XhBlock *block, GError **error)
{
  return pen->page->items->len == 0 || xh_pen_new_page (pen, error);
}

static const WriteBlock writers[] = {
  [XH_BLOCK_TITLE] = write_title,
  [XH_BLOCK_HEADING] = write_heading,
  [XH_BLOCK_PARAGRAPH] = write_paragraph,
  [XH_BLOCK_LINE] = write_line,
  [XH_BLOCK_FIELDS] = write_fields,
  [XH_BLOCK_TABLE] = write_table,
  [XH_BLOCK_RECORDS] = write_records,
  [XH_BLOCK_COUNTS] = write_counts,
  [XH_BLOCK_SIGNATURES] = write_signatures,
  [XH_BLOCK_STAMP] = write_stamp,
  [XH_BLOCK_QR] = write_qr,
  [XH_BLOCK_SPACE] = write_space,
  [XH_BLOCK_RULE] = write_rule,
  [XH_BLOCK_PAGE_BREAK] = write_page_break,
  [XH_BLOCK_FRAME] = write_frame,
};

gboolean
xh_pen_block (XhPen *pen, const XhBlock *block, GError **error)
{
  if (!xh_form_holds (pen->form, block->when))
    return TRUE;
  return writers[block->type] (pen, block, error);
}
