/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-document-private.h"

static void
template_part_free (XhTemplatePart *part)
{
  g_free (part->literal);
  g_free (part->expression);
  g_free (part->name);
  g_free (part);
}

XhTemplate *
xh_template_new (const XhKind *kind)
{
  XhTemplate *text = g_new0 (XhTemplate, 1);

  text->kind = kind;
  text->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) template_part_free);
  return text;
}

void
xh_template_free (XhTemplate *text)
{
  g_ptr_array_unref (text->parts);
  g_free (text);
}

void
xh_document_cell_free (XhDocumentCell *cell)
{
  g_free (cell->label);
  g_clear_pointer (&cell->text, xh_template_free);
  g_free (cell);
}

void
xh_document_query_free (XhDocumentQuery *query)
{
  g_free (query->match_theirs);
  g_free (query->match_ours);
  g_free (query->where);
  g_free (query->sort);
  g_clear_pointer (&query->title, xh_template_free);
  g_clear_pointer (&query->cells, g_ptr_array_unref);
  g_free (query);
}

void
xh_document_count_free (XhDocumentCount *count)
{
  g_free (count->label);
  g_clear_pointer (&count->queries, g_ptr_array_unref);
  g_free (count);
}

void
xh_block_free (XhBlock *block)
{
  g_free (block->when);
  g_free (block->date);
  g_clear_pointer (&block->text, xh_template_free);
  g_clear_pointer (&block->caption, xh_template_free);
  g_clear_pointer (&block->empty, xh_template_free);
  g_clear_pointer (&block->cells, g_ptr_array_unref);
  g_clear_pointer (&block->queries, g_ptr_array_unref);
  g_clear_pointer (&block->counts, g_ptr_array_unref);
  g_strfreev (block->labels);
  g_free (block);
}

void
xh_document_def_free (XhDocumentDef *def)
{
  g_free (def->name);
  xh_label_clear (&def->label);
  xh_label_clear (&def->help);
  g_strfreev (def->roles);
  g_free (def->when);
  g_strfreev (def->unmasked);
  g_clear_pointer (&def->number, xh_template_free);
  g_clear_pointer (&def->header, xh_template_free);
  g_clear_pointer (&def->footer, xh_template_free);
  g_clear_pointer (&def->blocks, g_ptr_array_unref);
  g_free (def);
}

gboolean
xh_document_def_may (const XhDocumentDef *def, const char *role)
{
  g_return_val_if_fail (def != NULL, FALSE);

  return xh_kind_may (def->kind, def->roles, role) && xh_kind_may (def->kind, def->kind->read_roles, role);
}
