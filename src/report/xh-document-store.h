/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records of a store for papers: what xh_document_add() asks for. Runs queries: for a worker or the server. */
#pragma once

#include "store/xh-store.h"
#include "xh-document.h"

G_BEGIN_DECLS

typedef struct
{
  XhStore *store;
  const char *role;         /* (nullable) kinds that this role does not read are left out; NULL: all */
  const char *const *ids;   /* (array length=n_ids) (nullable) the records chosen for a paper that is printed together */
  guint n_ids;
  guint n_skipped;          /* (out) of several records, those for which the paper is not printed as they stand */
} XhDocumentStore;

/* @reads must outlive the document's last xh_document_add(). */
XhDocumentSource xh_document_store_source (XhDocumentStore *reads);

/**
 * xh_document_print_records:
 * @def: a paper
 * @reads: with the ids of the records to print
 *
 * One document of all the records: a paper each, or one for all where the definition says "together".
 *
 * Returns: (transfer full) (nullable): the document; errors as of xh_document_add()
 */
XhDocument      *xh_document_print_records (const XhDocumentDef *def, XhDocumentStore *reads, const XhDocumentOptions *options,
                                            GCancellable *cancellable, GError **error);

G_END_DECLS
