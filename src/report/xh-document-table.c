/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables: rows of cells that go on over pages. A row that is too high for a page is broken by lines; the head stands on each page again. */

#include "xh-document-private.h"

#include <string.h>

#define PADDING_X 4.5
#define PADDING_Y 3.5
#define MAX_COLUMNS 16

static guint
count_cell_lines (XhPen *pen, const XhTableCell *cell)
{
  return xh_pen_count_lines (pen, cell->style, cell->text, cell->width - 2 * PADDING_X, 0);
}

/* The lines @first … of each cell, as many as there are of @n, in boxes of one height. */
static void
place_row (XhPen *pen, const XhTableCell *cells, const guint *lines, guint n_cells, guint first, guint n, double height)
{
  double x = pen->left;

  for (guint i = 0; i < n_cells; x += cells[i].width, i++)
    {
      const double pitch = xh_styles[cells[i].style].pitch;
      guint here = lines[i] > first ? MIN (lines[i] - first, n) : 0;
      XhItem *item;

      if (cells[i].shade)
        xh_pen_item (pen, XH_ITEM_SHADE, x, pen->y, cells[i].width, height);
      xh_pen_item (pen, XH_ITEM_BOX, x, pen->y, cells[i].width, height);
      if (here == 0)
        continue;
      item = xh_pen_item (pen, XH_ITEM_TEXT, x + PADDING_X, pen->y + (height - here * pitch) / 2, cells[i].width - 2 * PADDING_X, here * pitch);
      item->style = (guint8) cells[i].style;
      item->align = (guint8) (lines[i] > 1 && cells[i].align == XH_ALIGN_RIGHT ? XH_ALIGN_LEFT : cells[i].align);
      item->text = cells[i].text;
      item->first = (guint16) first;
      item->n = (guint16) here;
    }
  pen->y += height;
}

gboolean
xh_pen_row (XhPen *pen, const XhTableCell *cells, guint n, double min_height, const XhTableCell *head, guint n_head, GError **error)
{
  guint lines[MAX_COLUMNS], total = 1, done = 0;
  double pitch = 0, full;

  g_return_val_if_fail (n <= MAX_COLUMNS, FALSE);

  for (guint i = 0; i < n; i++)
    {
      lines[i] = count_cell_lines (pen, &cells[i]);
      total = MAX (total, lines[i]);
      pitch = MAX (pitch, xh_styles[cells[i].style].pitch);
    }
  full = pen->bottom - pen->top - 60;
  while (done < total)
    {
      double height = MAX (min_height, (total - done) * pitch + 2 * PADDING_Y);
      guint room = 0;

      if (pen->y + height <= pen->bottom + 0.01)
        {
          place_row (pen, cells, lines, n, done, total - done, height);
          return TRUE;
        }
      /* What fits on a page of its own is not torn. */
      if (height > full && pen->bottom - pen->y > 3 * pitch + 2 * PADDING_Y)
        room = (guint) ((pen->bottom - pen->y - 2 * PADDING_Y) / pitch);
      if (room > 0)
        {
          place_row (pen, cells, lines, n, done, room, room * pitch + 2 * PADDING_Y);
          done += room;
        }
      if (!xh_pen_new_page (pen, error))
        return FALSE;
      if (head != NULL && !xh_pen_row (pen, head, n_head, 0, NULL, 0, error))
        return FALSE;
    }
  return TRUE;
}

/* --- labels with their values */

typedef struct
{
  char *label, *value; /* (owned) */
  gboolean wide;
} Pair;

static void
pair_free (Pair *pair)
{
  g_free (pair->label);
  g_free (pair->value);
  g_free (pair);
}

static GPtrArray *
collect_pairs (XhPen *pen, XhForm *form, GPtrArray *cells)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) pair_free);

  for (guint i = 0; i < cells->len; i++)
    {
      const XhDocumentCell *cell = g_ptr_array_index (cells, i);
      const XhField *field = cell->field;
      Pair *pair;

      if (field != NULL && field->index != G_MAXUINT && !xh_form_is_relevant (form, field->name))
        continue;
      pair = g_new0 (Pair, 1);
      pair->label = xh_document_clean (cell->label != NULL ? cell->label : field->label.zh);
      pair->value = xh_pen_cell (pen, cell, form);
      pair->wide = cell->wide || (field != NULL && field->type == XH_FIELD_LONG_TEXT);
      g_ptr_array_add (pairs, pair);
    }
  return pairs;
}

static void
fill_pair (XhPen *pen, const Pair *pair, double label_width, double value_width, XhTableCell *cells)
{
  cells[0] = (XhTableCell) { xh_pen_keep (pen, pair->label), XH_STYLE_LABEL, XH_ALIGN_CENTER, label_width, TRUE };
  cells[1] = (XhTableCell) { xh_pen_keep (pen, pair->value), XH_STYLE_CELL, XH_ALIGN_LEFT, value_width, FALSE };
}

gboolean
xh_pen_fields (XhPen *pen, XhForm *form, GPtrArray *cells, guint columns, GError **error)
{
  g_autoptr (GPtrArray) pairs = collect_pairs (pen, form, cells);
  const double width = pen->right - pen->left, label = columns == 2 ? width * 0.21 : width * 0.24;

  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = g_ptr_array_index (pairs, i), *next = i + 1 < pairs->len ? g_ptr_array_index (pairs, i + 1) : NULL;
      XhTableCell row[4];
      guint n = 2;

      if (columns == 2 && !pair->wide && next != NULL && !next->wide)
        {
          fill_pair (pen, pair, label, width / 2 - label, row);
          fill_pair (pen, next, label, width / 2 - label, row + 2);
          n = 4;
          i++;
        }
      else
        fill_pair (pen, pair, label, width - label, row);
      if (!xh_pen_row (pen, row, n, XH_MM (8.5), NULL, 0, error))
        return FALSE;
    }
  return TRUE;
}

/* --- record tables */

typedef struct
{
  XhPen *pen;
  const XhBlock *block;
  XhTableCell head[MAX_COLUMNS];
  guint n_columns;     /* with the counting one */
  guint n_rows;
} Table;

static double
get_weight (const XhDocumentCell *cell)
{
  if (cell->width > 0)
    return cell->width;
  switch (cell->field != NULL ? cell->field->type : XH_FIELD_TEXT)
    {
    case XH_FIELD_BOOLEAN:
    case XH_FIELD_INTEGER:
      return 1.3;
    case XH_FIELD_DECIMAL:
    case XH_FIELD_CHOICE:
      return 1.8;
    case XH_FIELD_DATE:
    case XH_FIELD_MONEY:
    case XH_FIELD_PHONE:
      return 2.4;
    case XH_FIELD_USCC:
    case XH_FIELD_ID_NUMBER:
      return 3.4;
    case XH_FIELD_LONG_TEXT:
      return 5;
    default:
      return 3;
    }
}

static XhAlign
get_align (const XhField *field)
{
  switch (field != NULL ? field->type : XH_FIELD_TEXT)
    {
    case XH_FIELD_MONEY:
    case XH_FIELD_DECIMAL:
      return XH_ALIGN_RIGHT;
    case XH_FIELD_INTEGER:
    case XH_FIELD_BOOLEAN:
    case XH_FIELD_CHOICE:
    case XH_FIELD_DATE:
    case XH_FIELD_PHONE:
    case XH_FIELD_ID_NUMBER:
    case XH_FIELD_USCC:
      return XH_ALIGN_CENTER;
    default:
      return XH_ALIGN_LEFT;
    }
}

static void
make_head (Table *table)
{
  GPtrArray *cells = table->block->cells;
  const guint n = MIN (cells->len, MAX_COLUMNS - 1), first = table->block->numbered ? 1 : 0;
  double width = table->pen->right - table->pen->left, sum = 0;

  if (first == 1)
    {
      table->head[0] = (XhTableCell) { "序号", XH_STYLE_LABEL, XH_ALIGN_CENTER, XH_MM (13), TRUE };
      width -= XH_MM (13);
    }
  for (guint i = 0; i < n; i++)
    sum += get_weight (cells->pdata[i]);
  for (guint i = 0; i < n; i++)
    {
      const XhDocumentCell *cell = cells->pdata[i];
      const char *label = cell->label != NULL ? cell->label : cell->field->label.zh;

      table->head[first + i] = (XhTableCell) { xh_pen_keep (table->pen, label), XH_STYLE_LABEL, XH_ALIGN_CENTER,
                                               width * get_weight (cell) / sum, TRUE };
    }
  table->n_columns = first + n;
}

/* @texts: (nullable) (element-type utf8): a column each; NULL: a line to write on */
static gboolean
add_row (Table *table, GPtrArray *texts, GError **error)
{
  XhTableCell row[MAX_COLUMNS];
  const guint first = table->block->numbered ? 1 : 0;
  const double height = table->block->size > 0 ? XH_MM (table->block->size) : XH_MM (8);

  table->n_rows++;
  for (guint i = 0; i < table->n_columns; i++)
    {
      row[i] = table->head[i];
      row[i].style = XH_STYLE_CELL;
      row[i].shade = FALSE;
      row[i].text = "";
    }
  if (first == 1)
    {
      g_autofree char *number = g_strdup_printf ("%u", table->n_rows);

      row[0].text = xh_pen_keep (table->pen, number);
    }
  for (guint i = first; texts != NULL && i < table->n_columns; i++)
    {
      row[i].text = xh_pen_keep (table->pen, texts->pdata[i - first]);
      row[i].align = get_align (((XhDocumentCell *) table->block->cells->pdata[i - first])->field);
    }
  return xh_pen_row (table->pen, row, table->n_columns, height, table->head, table->n_columns, error);
}

static gboolean
add_record (const XhRecord *record, gpointer data, GError **error)
{
  Table *table = data;
  XhForm *form = record == table->pen->record ? table->pen->form : xh_document_form (table->pen->document, record, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  if (form == NULL)
    return FALSE;
  for (guint i = 0; i < table->block->cells->len; i++)
    g_ptr_array_add (texts, xh_pen_cell (table->pen, table->block->cells->pdata[i], form));
  return add_row (table, texts, error);
}

static char *
read_table_cell (XhPen *pen, const XhDocumentCell *cell, JsonObject *row)
{
  JsonNode *node = cell->field != NULL ? json_object_get_member (row, cell->field->name) : NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (node == NULL || !xh_value_from_json (node, &value))
    return g_strdup ("");
  return xh_pen_value (pen, cell->field, &value);
}

/* Nothing of a table that is sensitive as a whole, nor of one that the role may not read. */
static gboolean
may_show (XhPen *pen, const XhField *field)
{
  if (field->sensitive && !xh_pen_is_unmasked (pen, field))
    return FALSE;
  return field->read_roles == NULL || pen->document->role == NULL || xh_kind_may (field->kind, field->read_roles, pen->document->role);
}

static gboolean
add_field_rows (Table *table, GError **error)
{
  const char *name = table->block->field->name;
  const XhValue *value = xh_form_is_relevant (table->pen->form, name) ? xh_form_get (table->pen->form, name) : NULL;
  const char *json = value != NULL && may_show (table->pen, table->block->field) ? xh_value_as_text (value) : NULL;
  g_autoptr (JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *rows = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
      JsonNode *row = json_array_get_element (rows, i);

      if (!JSON_NODE_HOLDS_OBJECT (row))
        continue;
      for (guint c = 0; c < table->block->cells->len; c++)
        g_ptr_array_add (texts, read_table_cell (table->pen, table->block->cells->pdata[c], json_node_get_object (row)));
      if (!add_row (table, texts, error))
        return FALSE;
    }
  return TRUE;
}

/* The sentence that stands where there is no row. */
static gboolean
add_empty (Table *table, GError **error)
{
  g_autofree char *text = xh_pen_fill (table->pen, table->block->empty, table->pen->form);
  XhTableCell cell = { xh_pen_keep (table->pen, text), XH_STYLE_CELL, XH_ALIGN_CENTER, table->pen->right - table->pen->left, FALSE };

  return xh_pen_row (table->pen, &cell, 1, XH_MM (9), NULL, 0, error);
}

gboolean
xh_pen_table (XhPen *pen, const XhBlock *block, GError **error)
{
  Table table = { .pen = pen, .block = block };
  XhDocumentSource *source = &pen->document->source;

  make_head (&table);
  if (table.n_columns == 0)
    return TRUE;
  xh_pen_clear_float (pen);
  if (!xh_pen_need (pen, 60, error) || !xh_pen_row (pen, table.head, table.n_columns, XH_MM (8.5), NULL, 0, error))
    return FALSE;
  if (block->field != NULL && !add_field_rows (&table, error))
    return FALSE;
  if (block->queries->len > 0 && !source->each (source->data, block->queries->pdata[0], pen->record, add_record, &table, error))
    return FALSE;
  if (table.n_rows == 0 && block->empty != NULL && !add_empty (&table, error))
    return FALSE;
  while (table.n_rows < block->blank)
    if (!add_row (&table, NULL, error))
      return FALSE;
  return TRUE;
}
