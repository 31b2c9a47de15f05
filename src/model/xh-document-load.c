/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-expression-private.h"

#define MAX_BLOCKS 200
#define MAX_SIZE_MM 200

static const char *const openness_names[] = { "public", "shared", "authorised", NULL };
static const char *const orientation_names[] = { "portrait", "landscape", NULL };
static const char *const page_names[] = { "A4", NULL };
static const char *const align_names[] = { "left", "center", "right", NULL };

typedef void (*LoadElement) (const XhDocumentLoad *load, const XhReader *reader, const XhKind *kind, gpointer target);

static void
load_each (const XhDocumentLoad *load, const XhReader *reader, const char *key, gboolean required, const XhKind *kind, LoadElement func,
           gpointer target)
{
  XhReader array;
  guint length = xh_reader_array (reader, key, required, &array);

  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      func (load, &element, kind, target);
    }
}

static const XhKind *
read_kind (const XhDocumentLoad *load, const XhReader *reader, const char *key)
{
  g_autofree char *name = xh_reader_text (reader, key, TRUE);
  const XhKind *kind = name != NULL ? xh_catalog_find_kind (load->loading->catalog, name) : NULL;

  if (name != NULL && kind == NULL)
    xh_reader_fault (reader, key, _("no such kind \"%s\""), name);
  return kind;
}

static double
read_size (const XhReader *reader, const char *key, double otherwise)
{
  double size = xh_reader_number (reader, key, otherwise);

  if (size >= 0 && size <= MAX_SIZE_MM)
    return size;
  xh_reader_fault (reader, key, _("must be from %s to %s"), "0", G_STRINGIFY (MAX_SIZE_MM));
  return otherwise;
}

/* --- cells: "field" or {"field", "label", "text", "width", "wide"} */

typedef struct
{
  GPtrArray *cells;    /* (not owned) */
  const XhField *table; /* (nullable) whose columns the names are */
} CellTarget;

static const XhField *
find_cell_field (const XhKind *kind, const XhField *table, const char *name)
{
  if (table == NULL)
    return strcmp (name, "state") == 0 ? kind->state_field : xh_kind_find_field (kind, name);
  for (guint i = 0; i < table->table_fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (table->table_fields, i);

      if (strcmp (field->name, name) == 0)
        return field;
    }
  return NULL;
}

static void
load_cell (const XhDocumentLoad *load, const XhReader *reader, const XhKind *kind, gpointer data)
{
  static const char *const keys[] = { "field", "label", "text", "width", "wide", NULL };
  CellTarget *target = data;
  g_autofree char *name = NULL;
  XhDocumentCell *cell;
  gboolean bare = JSON_NODE_HOLDS_VALUE (reader->node) && json_node_get_value_type (reader->node) == G_TYPE_STRING;

  if (!bare && !xh_reader_object (reader, keys))
    return;
  cell = g_new0 (XhDocumentCell, 1);
  g_ptr_array_add (target->cells, cell);
  if (bare)
    name = g_strdup (json_node_get_string (reader->node));
  else
    {
      name = xh_reader_text (reader, "field", FALSE);
      cell->label = xh_reader_text (reader, "label", name == NULL);
      /* The text of a table field's row would need names that the kind does not have. */
      if (target->table == NULL)
        cell->text = xh_template_load (load, reader, "text", FALSE, kind);
      else if (xh_reader_has (reader, "text"))
        xh_reader_fault (reader, "text", _("a column of a table field has no text"));
      cell->width = xh_reader_number (reader, "width", 0);
      cell->wide = xh_reader_boolean (reader, "wide", FALSE);
    }
  if (name == NULL)
    return;
  cell->field = find_cell_field (kind, target->table, name);
  if (cell->field == NULL)
    xh_reader_fault (reader, bare ? NULL : "field", _("no such field \"%s\""), name);
}

static GPtrArray *
load_cells (const XhDocumentLoad *load, const XhReader *reader, const char *key, gboolean required, const XhKind *kind, const XhField *table)
{
  CellTarget target = { g_ptr_array_new_with_free_func ((GDestroyNotify) xh_document_cell_free), table };

  load_each (load, reader, key, required, kind, load_cell, &target);
  return target.cells;
}

/* --- queries */

static void
load_match (const XhDocumentLoad *load, const XhReader *reader, XhDocumentQuery *query)
{
  XhReader match;
  g_autoptr (GList) names = NULL;

  query->contains = xh_reader_has (reader, "contains");
  if (!xh_reader_child (reader, query->contains ? "contains" : "match", &match))
    return;
  if (JSON_NODE_HOLDS_OBJECT (match.node))
    names = json_object_get_members (json_node_get_object (match.node));
  if (names == NULL || names->next != NULL)
    {
      xh_reader_fault (reader, "match", _("must name one field of theirs and one of ours"));
      return;
    }
  query->match_theirs = g_strdup (names->data);
  query->match_ours = xh_reader_text (&match, names->data, TRUE);
  if (xh_kind_find_field (query->kind, query->match_theirs) == NULL && !xh_spine_is_named (query->match_theirs))
    xh_reader_fault (reader, "match", _("the kind \"%s\" has no field \"%s\""), query->kind->name, query->match_theirs);
  xh_loading_site (load->loading, &match, query->match_theirs, load->def->kind->name, query->match_ours);
}

static void
load_sort (const XhReader *reader, XhDocumentQuery *query)
{
  g_autofree char *sort = xh_reader_text (reader, "sort", FALSE);
  const char *name = sort != NULL && sort[0] == '-' ? sort + 1 : sort;

  if (name == NULL)
    return;
  query->descending = name != sort;
  query->sort = g_strdup (name);
  if (xh_kind_find_field (query->kind, name) == NULL && !xh_spine_is_named (name))
    xh_reader_fault (reader, "sort", _("no such field \"%s\""), name);
}

/* NULL, with a fault, without a kind. @cells: the key of the columns, NULL: there are none. */
static XhDocumentQuery *
load_query (const XhDocumentLoad *load, const XhReader *reader, const char *cells)
{
  static const char *const keys[] = { "kind", "match", "contains", "where", "sort", "limit", "title", "fields", NULL };
  XhDocumentQuery *query;
  const XhKind *kind;
  XhSite *site;

  if (!xh_reader_object (reader, keys))
    return NULL;
  kind = read_kind (load, reader, "kind");
  if (kind == NULL)
    return NULL;
  query = g_new0 (XhDocumentQuery, 1);
  query->kind = kind;
  load_match (load, reader, query);
  if (query->match_theirs == NULL && load->def->kind->subject_codes == NULL)
    xh_reader_fault (reader, "kind", _("\"%s\" has no subject: say which fields match"), load->def->kind->name);
  if (query->match_theirs == NULL && kind->subject_codes == NULL)
    xh_reader_fault (reader, "kind", _("\"%s\" has no subject: say which fields match"), kind->name);
  query->where = xh_reader_expression (reader, "where", FALSE);
  site = xh_loading_site (load->loading, reader, "where", kind->name, query->where);
  if (site != NULL)
    site->own_names = TRUE;
  load_sort (reader, query);
  query->limit = (guint) xh_reader_integer (reader, "limit", 0, 0, G_MAXINT32);
  query->title = xh_template_load (load, reader, "title", FALSE, kind);
  if (cells != NULL)
    query->cells = load_cells (load, reader, cells, FALSE, kind, NULL);
  return query;
}

static void
load_record_query (const XhDocumentLoad *load, const XhReader *reader, const XhKind *kind, gpointer target)
{
  XhDocumentQuery *query = load_query (load, reader, "fields");

  if (query != NULL)
    g_ptr_array_add (target, query);
}

static void
load_count_query (const XhDocumentLoad *load, const XhReader *reader, const XhKind *kind, gpointer target)
{
  XhDocumentQuery *query = load_query (load, reader, NULL);

  if (query != NULL)
    g_ptr_array_add (target, query);
}

static void
load_count (const XhDocumentLoad *load, const XhReader *reader, const XhKind *kind, gpointer target)
{
  static const char *const keys[] = { "label", "of", NULL };
  XhDocumentCount *count;

  if (!xh_reader_object (reader, keys))
    return;
  count = g_new0 (XhDocumentCount, 1);
  g_ptr_array_add (target, count);
  count->label = xh_reader_text (reader, "label", TRUE);
  count->queries = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_document_query_free);
  load_each (load, reader, "of", TRUE, kind, load_count_query, count->queries);
}

/* --- blocks: the key that says what a block is, and what else may stand in it */

typedef struct
{
  const char *key;
  XhBlockType type;
  const char *const *keys;
} BlockShape;

static const char *const title_keys[] = { "title", "when", "small", NULL };
static const char *const heading_keys[] = { "heading", "when", NULL };
static const char *const paragraph_keys[] = { "paragraph", "when", "indent", "small", "bold", NULL };
static const char *const line_keys[] = { "line", "when", "align", "small", "bold", NULL };
static const char *const fields_keys[] = { "fields", "when", "columns", NULL };
static const char *const table_keys[] = { "table", "when", "columns", "empty", "numbered", "blank", "row_height", NULL };
static const char *const records_keys[] = { "records", "when", "columns", "empty", "plain", NULL };
static const char *const counts_keys[] = { "counts", "when", "columns", NULL };
static const char *const signatures_keys[] = { "signatures", "when", "columns", NULL };
static const char *const stamp_keys[] = { "stamp", "when", "date", NULL };
static const char *const qr_keys[] = { "qr", "when", "size", "caption", "align", NULL };
static const char *const space_keys[] = { "space", "when", NULL };
static const char *const rule_keys[] = { "rule", "when", NULL };
static const char *const page_break_keys[] = { "page_break", "when", NULL };
static const char *const frame_keys[] = { "frame", "when", NULL };

static const BlockShape shapes[] = {
  { "title", XH_BLOCK_TITLE, title_keys },
  { "heading", XH_BLOCK_HEADING, heading_keys },
  { "paragraph", XH_BLOCK_PARAGRAPH, paragraph_keys },
  { "line", XH_BLOCK_LINE, line_keys },
  { "fields", XH_BLOCK_FIELDS, fields_keys },
  { "table", XH_BLOCK_TABLE, table_keys },
  { "records", XH_BLOCK_RECORDS, records_keys },
  { "counts", XH_BLOCK_COUNTS, counts_keys },
  { "signatures", XH_BLOCK_SIGNATURES, signatures_keys },
  { "stamp", XH_BLOCK_STAMP, stamp_keys },
  { "qr", XH_BLOCK_QR, qr_keys },
  { "space", XH_BLOCK_SPACE, space_keys },
  { "rule", XH_BLOCK_RULE, rule_keys },
  { "page_break", XH_BLOCK_PAGE_BREAK, page_break_keys },
  { "frame", XH_BLOCK_FRAME, frame_keys },
};

static const BlockShape *
find_shape (const XhReader *reader)
{
  for (gsize i = 0; JSON_NODE_HOLDS_OBJECT (reader->node) && i < G_N_ELEMENTS (shapes); i++)
    if (xh_reader_has (reader, shapes[i].key))
      return &shapes[i];
  xh_reader_fault (reader, NULL, _("is no block: it has none of the keys that say what it is"));
  return NULL;
}

/* "table": a table field, "chosen", "blank", or a query. Its columns are named by what it lists. */
static void
load_table (const XhDocumentLoad *load, const XhReader *reader, XhBlock *block)
{
  const XhKind *kind = load->def->kind, *listed = kind;
  XhReader query;

  block->numbered = xh_reader_boolean (reader, "numbered", FALSE);
  block->blank = (guint) xh_reader_integer (reader, "blank", 0, 0, 1000);
  block->size = read_size (reader, "row_height", 0);
  block->empty = xh_template_load (load, reader, "empty", FALSE, kind);
  block->queries = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_document_query_free);
  if (JSON_NODE_HOLDS_OBJECT (json_object_get_member (json_node_get_object (reader->node), "table")))
    {
      xh_reader_child (reader, "table", &query);
      load_record_query (load, &query, kind, block->queries);
      listed = block->queries->len > 0 ? ((XhDocumentQuery *) block->queries->pdata[0])->kind : NULL;
    }
  else
    {
      g_autofree char *name = xh_reader_text (reader, "table", TRUE);

      if (g_strcmp0 (name, "chosen") == 0)
        {
          XhDocumentQuery *chosen = g_new0 (XhDocumentQuery, 1);

          chosen->kind = kind;
          chosen->chosen = TRUE;
          g_ptr_array_add (block->queries, chosen);
        }
      else if (name != NULL && strcmp (name, "blank") != 0)
        {
          block->field = xh_kind_find_field (kind, name);
          if (block->field == NULL || block->field->type != XH_FIELD_TABLE)
            {
              xh_reader_fault (reader, "table", _("no such field \"%s\""), name);
              return;
            }
        }
    }
  if (listed != NULL)
    block->cells = load_cells (load, reader, "columns", TRUE, listed, block->field);
}

static void
load_lists (const XhDocumentLoad *load, const XhReader *reader, XhBlock *block)
{
  const XhKind *kind = load->def->kind;

  switch (block->type)
    {
    case XH_BLOCK_FIELDS:
      block->cells = load_cells (load, reader, "fields", TRUE, kind, NULL);
      block->columns = (guint) xh_reader_integer (reader, "columns", 2, 1, 2);
      break;
    case XH_BLOCK_TABLE:
      load_table (load, reader, block);
      break;
    case XH_BLOCK_RECORDS:
      block->queries = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_document_query_free);
      load_each (load, reader, "records", TRUE, kind, load_record_query, block->queries);
      block->columns = (guint) xh_reader_integer (reader, "columns", 2, 1, 2);
      block->empty = xh_template_load (load, reader, "empty", FALSE, kind);
      block->plain = xh_reader_boolean (reader, "plain", FALSE);
      break;
    case XH_BLOCK_COUNTS:
      block->counts = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_document_count_free);
      load_each (load, reader, "counts", TRUE, kind, load_count, block->counts);
      block->columns = (guint) xh_reader_integer (reader, "columns", 4, 1, 8);
      break;
    case XH_BLOCK_SIGNATURES:
      block->labels = xh_reader_texts (reader, "signatures", TRUE);
      block->columns = (guint) xh_reader_integer (reader, "columns", 2, 1, 4);
      break;
    default:
      break;
    }
}

static void
load_texts (const XhDocumentLoad *load, const XhReader *reader, XhBlock *block, const char *key)
{
  const XhKind *kind = load->def->kind;
  int align;

  switch (block->type)
    {
    case XH_BLOCK_TITLE:
    case XH_BLOCK_HEADING:
    case XH_BLOCK_PARAGRAPH:
    case XH_BLOCK_LINE:
    case XH_BLOCK_STAMP:
    case XH_BLOCK_QR:
      block->text = xh_template_load (load, reader, key, TRUE, kind);
      break;
    case XH_BLOCK_SPACE:
      block->size = read_size (reader, key, 5);
      break;
    default:
      break;
    }
  block->indent = xh_reader_boolean (reader, "indent", TRUE);
  block->bold = xh_reader_boolean (reader, "bold", FALSE);
  block->small = xh_reader_boolean (reader, "small", FALSE);
  align = xh_reader_one_of (reader, "align", FALSE, align_names);
  block->align = align >= 0 ? (XhAlign) align : block->type == XH_BLOCK_QR ? XH_ALIGN_RIGHT : XH_ALIGN_LEFT;
  if (block->type == XH_BLOCK_QR)
    {
      block->size = read_size (reader, "size", 26);
      block->caption = xh_template_load (load, reader, "caption", FALSE, kind);
    }
  if (block->type == XH_BLOCK_STAMP)
    block->date = xh_loading_expression (load->loading, reader, "date", FALSE, kind->name);
}

static void
load_block (const XhDocumentLoad *load, const XhReader *reader, const XhKind *kind, gpointer target)
{
  const BlockShape *shape = find_shape (reader);
  XhBlock *block;

  if (shape == NULL || !xh_reader_object (reader, shape->keys))
    return;
  block = g_new0 (XhBlock, 1);
  g_ptr_array_add (target, block);
  block->type = shape->type;
  block->when = xh_loading_expression (load->loading, reader, "when", FALSE, kind->name);
  load_texts (load, reader, block, shape->key);
  load_lists (load, reader, block);
}

/* --- the paper */

static void
load_head (const XhDocumentLoad *load, const XhReader *reader, const char *name)
{
  XhDocumentDef *def = load->def;
  g_autofree char *said = xh_reader_name (reader, TRUE);
  int openness;

  if (said != NULL && strcmp (said, name) != 0)
    xh_reader_fault (reader, "name", _("must be the file's name, \"%s\""), name);
  def->version = (guint) xh_reader_integer (reader, "version", 1, 1, G_MAXINT32);
  xh_reader_label (reader, "label", TRUE, &def->label);
  xh_reader_label (reader, "help", FALSE, &def->help);
  def->roles = xh_loading_roles (load->loading, reader, "roles", FALSE);
  xh_reader_one_of (reader, "page", FALSE, page_names);
  def->landscape = xh_reader_one_of (reader, "orientation", FALSE, orientation_names) == 1;
  def->together = xh_reader_boolean (reader, "together", FALSE);
  openness = xh_reader_one_of (reader, "openness", FALSE, openness_names);
  def->openness = openness >= 0 ? (XhOpenness) openness : XH_OPENNESS_AUTHORISED;
}

static void
load_unmasked (const XhReader *reader, XhDocumentDef *def)
{
  def->unmasked = xh_reader_texts (reader, "unmasked", FALSE);
  for (guint i = 0; def->unmasked != NULL && def->unmasked[i] != NULL; i++)
    if (xh_kind_find_field (def->kind, def->unmasked[i]) == NULL)
      xh_reader_fault (reader, "unmasked", _("no such field \"%s\""), def->unmasked[i]);
}

XhDocumentDef *
xh_document_def_load (XhLoading *loading, const XhReader *reader, const char *name)
{
  static const char *const keys[] = { "name", "version", "label", "help", "kind", "roles", "when", "page", "orientation", "together", "openness",
                                      "unmasked", "number", "header", "footer", "blocks", NULL };
  XhDocumentDef *def;
  XhDocumentLoad load;

  if (!xh_name_is_valid (name, TRUE))
    {
      xh_reader_fault (reader, NULL, _("the file's name is no name of a document: small letters, digits and -, a letter first"));
      return NULL;
    }
  if (!xh_reader_object (reader, keys))
    return NULL;
  def = g_new0 (XhDocumentDef, 1);
  def->name = g_strdup (name);
  def->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_block_free);
  load = (XhDocumentLoad) { loading, def };
  load_head (&load, reader, name);
  def->kind = read_kind (&load, reader, "kind");
  if (def->kind == NULL)
    {
      xh_document_def_free (def);
      return NULL;
    }
  load_unmasked (reader, def);
  def->when = xh_loading_expression (loading, reader, "when", FALSE, def->kind->name);
  def->number = xh_template_load (&load, reader, "number", FALSE, def->kind);
  def->header = xh_template_load (&load, reader, "header", FALSE, def->kind);
  def->footer = xh_template_load (&load, reader, "footer", FALSE, def->kind);
  load_each (&load, reader, "blocks", TRUE, def->kind, load_block, def->blocks);
  if (def->blocks->len > MAX_BLOCKS)
    xh_reader_fault (reader, "blocks", _("has more than %d elements"), MAX_BLOCKS);
  return def;
}
