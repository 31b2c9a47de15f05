/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A client's store made out of the server's: the rows and columns that one role sees in one scope, in a file of their own. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef struct
{
  const char *source; /* the server's database; only read */
  const char *role;   /* (nullable) whose columns; NULL: all */
  const char *scope;  /* SQL condition over the spine r, with parameters from ?1 */
  void (*bind) (sqlite3_stmt *statement, gpointer data); /* (nullable) sets these parameters */
  /* Within the same moment of the source as the rows, which is attached as "source": notes in the new store's meta what it is. */
  gboolean (*note) (XhStore *made, gpointer data, GError **error);
  gpointer data;
  GCancellable *cancellable; /* (nullable) */
} XhExtract;

gboolean xh_store_extract (XhCatalog *catalog, const XhExtract *what, const char *path, gint64 *n_rows, GError **error);

G_END_DECLS
