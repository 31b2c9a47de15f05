/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store's tests share: a store in a folder of its own, made from the small catalog of the synchronisation tests. */
#pragma once

#include "store/xh-query.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;       /* (owned) */
  char *path;         /* (owned) of the store */
  XhCatalog *catalog; /* (owned) */
  XhStore *store;     /* (owned) (nullable) */
  const XhKind *plot;
} StoreTest;

void      store_test_set_up    (StoreTest *test, gconstpointer data);
void      store_test_tear_down (StoreTest *test, gconstpointer data);
void      store_test_remove_folder (const char *folder);
void      store_test_reopen    (StoreTest *test, XhStoreFlags flags);
/* The catalog with @from replaced by @to in kinds/plot.json. */
XhCatalog *store_test_changed_catalog (StoreTest *test, const char *from, const char *to);
XhCatalog  *store_test_changed_kind (StoreTest *test, const char *kind, const char *from, const char *to); /* likewise, of any kind */

XhRecord *store_test_plot      (StoreTest *test, const char *name, int labour); /* a new record, not stored */
void      store_test_set_text  (XhRecord *record, const char *field, const char *text);
void      store_test_set_integer (XhRecord *record, const char *field, gint64 integer);
const char *store_test_text    (XhRecord *record, const char *field);
gint64    store_test_integer   (XhRecord *record, const char *field);
void      store_test_put       (StoreTest *test, XhRecord *record);
void      store_test_save      (StoreTest *test, XhRecord *record, ...) G_GNUC_NULL_TERMINATED; /* names of changed fields */
XhRecord *store_test_load      (StoreTest *test, const char *id);
/* The server's row: a copy of what stands, with another version. */
XhRecord *store_test_theirs    (StoreTest *test, const char *id, gint64 version);
XhOp     *store_test_first_op  (StoreTest *test); /* (nullable) of xh_store_outbox() */
void      store_test_ack       (StoreTest *test, gint64 version); /* the first op */
char     *store_test_find      (StoreTest *test, const char *typed); /* names found, sorted, joined by commas */

#define STORE_TEST(path, func) g_test_add (path, StoreTest, NULL, store_test_set_up, func, store_test_tear_down)

G_END_DECLS
