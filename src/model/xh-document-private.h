/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Loading of documents: xh-document-load.c reads the paper and its blocks, xh-document-template.c the texts with their inserts. */
#pragma once

#include "xh-catalog-private.h"
#include "xh-document-def.h"

G_BEGIN_DECLS

typedef struct
{
  XhLoading *loading;
  XhDocumentDef *def;
} XhDocumentLoad;

/* Kinds must be loaded before. Faults at the reader; NULL where there is nothing to keep. */
XhDocumentDef *xh_document_def_load (XhLoading *loading, const XhReader *reader, const char *name);

/* A text with inserts at @key; NULL where it is absent. */
XhTemplate        *xh_template_load         (const XhDocumentLoad *load, const XhReader *reader, const char *key, gboolean required,
                                     const XhKind *kind);
XhTemplate        *xh_template_new          (const XhKind *kind);
void           xh_template_free         (XhTemplate *text);

void           xh_document_def_free   (XhDocumentDef *def);
void           xh_block_free          (XhBlock *block);
void           xh_document_cell_free  (XhDocumentCell *cell);
void           xh_document_query_free (XhDocumentQuery *query);
void           xh_document_count_free (XhDocumentCount *count);

G_END_DECLS
