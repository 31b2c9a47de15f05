/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Four ways to be wrong that the judge must notice. The linker puts these in front of the real functions (--wrap). */
#include "sim.h"

#include "store/xh-store-adopt.h"
#include "sync/xh-merge.h"
#include "sync/xh-round-mend-private.h"
#include "sync/xh-wire-private.h"

SimMutant sim_mutant;

GPtrArray *__real_xh_merge (const XhRecord *theirs, JsonObject *set, GHashTable *touched, JsonObject *before, XhRecord *merged, GError **error);
GPtrArray *__wrap_xh_merge (const XhRecord *theirs, JsonObject *set, GHashTable *touched, JsonObject *before, XhRecord *merged, GError **error);
gboolean   __real_xh_store_ack (XhStore *self, const char *op_id, gint64 version, GError **error);
gboolean   __wrap_xh_store_ack (XhStore *self, const char *op_id, gint64 version, GError **error);
gboolean   __real_xh_wire_read_page (XhStore *store, const char *json, gsize length, XhPage *page, GError **error);
gboolean   __wrap_xh_wire_read_page (XhStore *store, const char *json, gsize length, XhPage *page, GError **error);

gboolean   __real_xh_store_adopt_staged (XhStore *self, XhStore *staged, GHashTable *meta, const char *newer, GCancellable *cancellable, GError **error);
gboolean   __wrap_xh_store_adopt_staged (XhStore *self, XhStore *staged, GHashTable *meta, const char *newer, GCancellable *cancellable, GError **error);
gboolean   __real_xh_mending_count (XhMending *self, guint64 *differing, guint64 *gone, GError **error);
gboolean   __wrap_xh_mending_count (XhMending *self, guint64 *differing, guint64 *gone, GError **error);

gboolean sim_scopes_are_large;

/* The last one to write wins. */
GPtrArray *
__wrap_xh_merge (const XhRecord *theirs, JsonObject *set, GHashTable *touched, JsonObject *before, XhRecord *merged, GError **error)
{
  return __real_xh_merge (theirs, set, sim_mutant == SIM_BROKEN_MERGE ? NULL : touched, before, merged, error);
}

/* Acknowledges the record and not the edit: what was saved meanwhile goes with it. */
gboolean
__wrap_xh_store_ack (XhStore *self, const char *op_id, gint64 version, GError **error)
{
  if (sim_mutant == SIM_BROKEN_ACK)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM outbox WHERE op_id <> '%s' AND record = (SELECT record FROM outbox WHERE op_id = '%s')",
                                              op_id, op_id);

      sqlite3_exec (xh_store_get_db (self), sql, NULL, NULL, NULL);
    }
  return __real_xh_store_ack (self, op_id, version, error);
}

/* Moves the cursor whether or not the page could be stored. */
gboolean
__wrap_xh_wire_read_page (XhStore *store, const char *json, gsize length, XhPage *page, GError **error)
{
  const gboolean done = __real_xh_wire_read_page (store, json, length, page, error);

  if (!done && sim_mutant == SIM_BROKEN_CURSOR)
    {
      g_autofree char *cursor = g_strdup_printf ("%" G_GINT64_FORMAT, xh_wire_get_cursor (store) + 3);

      xh_store_meta_set (store, "cursor", cursor, NULL);
    }
  return done;
}

/* Takes the server's rows and forgets the outbox. */
gboolean
__wrap_xh_store_adopt_staged (XhStore *self, XhStore *staged, GHashTable *meta, const char *newer, GCancellable *cancellable, GError **error)
{
  const gboolean done = __real_xh_store_adopt_staged (self, staged, meta, newer, cancellable, error);

  if (done && sim_mutant == SIM_BROKEN_ADOPTION)
    sqlite3_exec (xh_store_get_db (self), "DELETE FROM outbox", NULL, NULL, NULL);
  return done;
}

/* No mutant: histories are small, and what many records do must be tried with few. */
gboolean
__wrap_xh_mending_count (XhMending *self, guint64 *differing, guint64 *gone, GError **error)
{
  const gboolean done = __real_xh_mending_count (self, differing, gone, error);

  if (done && sim_scopes_are_large && *differing > 0)
    *differing += G_MAXINT;
  return done;
}
