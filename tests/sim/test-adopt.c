/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A snapshot is adopted, and at the n-th write or sync the disk fails, is full, loses its host (SIGKILL) or its power. Whoever starts again has the old
 * rows or the new ones, whole, and every edit that was called safe before or after is in the outbox. XH_SIM_EVERY=1: at every n. */
#include "../store/store-test.h"

#include <locale.h>

#include "sim-chance.h"
#include "sim-disk.h"
#include "store/xh-store-adopt.h"
#include "store/xh-store-extract.h"

#define OLD 12 /* records that the server has told of */
#define NEW 300 /* in the snapshot */
#define OLD_CURSOR "3"
#define NEW_CURSOR "77"
#define STRIDE 7

typedef struct
{
  StoreTest base;
  SimDisk *disk;
  char *before, *live, *extracted, *file; /* (owned) */
  GPtrArray *safe;                        /* of ids of records whose save was called good */
} Test;

static gboolean
note (XhStore *made, gpointer data, GError **error)
{
  return TRUE;
}

static void
fill (Test *self, XhStore *store, const char *name, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s%u", name, i);
      g_autoptr (XhRecord) record = store_test_plot (&self->base, text, 2);

      record->version = (gint64) i + 1;
      g_assert_true (xh_store_put (store, record, NULL));
    }
}

static XhStore *
open_store (Test *self, const char *path, XhStoreFlags flags)
{
  g_autoptr (GError) error = NULL;
  XhStore *store = xh_store_open (path, self->base.catalog, flags, &error);

  g_assert_no_error (error);
  return store;
}

static void
make_files (Test *self)
{
  g_autofree char *server = g_build_filename (self->base.folder, "server.db", NULL);
  const XhExtract what = { .source = server, .role = "office", .scope = "1", .note = note };
  g_autoptr (GError) error = NULL;
  XhStore *store = open_store (self, server, XH_STORE_SERVER | XH_STORE_NO_SEARCH);
  gint64 n;

  fill (self, store, "新", NEW);
  xh_store_close (store);
  xh_store_extract (self->base.catalog, &what, self->file, &n, &error);
  g_assert_no_error (error);
  sim_disk_copy (self->file, self->extracted); /* which is synced */
  store = open_store (self, self->before, XH_STORE_CLIENT);
  fill (self, store, "旧", OLD);
  g_assert_true (xh_store_meta_set (store, "cursor", OLD_CURSOR, NULL));
  xh_store_close (store);
}

static void
set_up (Test *self, gconstpointer data)
{
  sim_chance_begin (4);
  store_test_set_up (&self->base, NULL);
  self->disk = sim_disk_new (self->base.folder);
  self->before = g_build_filename (self->base.folder, "before.db", NULL);
  self->live = g_build_filename (self->base.folder, "live.db", NULL);
  self->extracted = g_build_filename (self->base.folder, "extracted.db", NULL);
  self->file = g_build_filename (self->base.folder, "file.db", NULL);
  self->safe = g_ptr_array_new_with_free_func (g_free);
  make_files (self);
}

static void
tear_down (Test *self, gconstpointer data)
{
  store_test_tear_down (&self->base, NULL);
  g_ptr_array_unref (self->safe);
  g_free (self->before);
  g_free (self->live);
  g_free (self->extracted);
  g_free (self->file);
}

static void
save (Test *self, XhStore *store, const char *name)
{
  g_autoptr (XhRecord) record = store_test_plot (&self->base, name, 3);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  g_ptr_array_add (changed, (gpointer) "name");
  if (xh_store_save (store, record, changed, "li", NULL))
    g_ptr_array_add (self->safe, g_strdup (record->id));
}

static gboolean
adopt (Test *self, XhStore *store)
{
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (XhStore) staged = xh_store_stage (store, self->file, FALSE, NULL);

  g_hash_table_insert (meta, (gpointer) "cursor", (gpointer) NEW_CURSOR);
  return staged != NULL && xh_store_adopt_staged (store, staged, meta, NULL, NULL, NULL) && xh_store_checkpoint (store, NULL);
}

static gint64
number (XhStore *store, const char *sql, const char *text)
{
  sqlite3_stmt *statement;
  gint64 n;

  g_assert_cmpint (sqlite3_prepare_v2 (xh_store_get_db (store), sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (text != NULL)
    sqlite3_bind_text (statement, 1, text, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return n;
}

/* TRUE: the new rows are there. */
static gboolean
judge (Test *self, XhStore *store)
{
  g_autofree char *cursor = xh_store_meta_get (store, "cursor");
  const gboolean is_new = g_strcmp0 (cursor, NEW_CURSOR) == 0;

  g_assert_cmpint (number (store, "SELECT integrity_check = 'ok' FROM pragma_integrity_check", NULL), ==, 1);
  if (!is_new)
    g_assert_cmpstr (cursor, ==, OLD_CURSOR);
  g_assert_cmpint (number (store, "SELECT count(*) FROM record WHERE version > 0", NULL), ==, is_new ? NEW : OLD);
  g_assert_cmpint (number (store, "SELECT count(*) FROM k_plot k JOIN record r ON r.rid = k.rid WHERE r.version > 0 AND k.name LIKE ?1",
                           is_new ? "新%" : "旧%"), ==, is_new ? NEW : OLD);
  for (guint i = 0; i < self->safe->len; i++)
    {
      g_assert_cmpint (number (store, "SELECT count(*) FROM outbox WHERE record = ?1", g_ptr_array_index (self->safe, i)), ==, 1);
      g_assert_cmpint (number (store, "SELECT count(*) FROM record WHERE version = 0 AND id = ?1", g_ptr_array_index (self->safe, i)), ==, 1);
    }
  return is_new;
}

/* FALSE: nothing was struck any more. */
static gboolean
try (Test *self, SimDiskFault fault, guint64 nth, guint *outcomes)
{
  XhStore *store;
  gboolean struck, adopted;

  g_ptr_array_set_size (self->safe, 0);
  sim_disk_copy (self->before, self->live);
  sim_disk_copy (self->extracted, self->file);
  store = open_store (self, self->live, XH_STORE_CLIENT);
  save (self, store, "先"); /* in the log */
  sim_disk_arm (self->disk, fault, SIM_DISK_WRITE | SIM_DISK_SYNC, nth);
  adopted = adopt (self, store);
  save (self, store, "后");
  struck = sim_disk_has_struck (self->disk);
  if (!sim_disk_is_dead (self->disk))
    {
      sim_disk_mend (self->disk);
      save (self, store, "再"); /* the store goes on */
      g_assert_cmpuint (self->safe->len, >=, 2);
      g_assert_true (judge (self, store) || !adopted);
    }
  xh_store_close (store);
  sim_disk_mend (self->disk);
  store = open_store (self, self->live, XH_STORE_CLIENT);
  outcomes[judge (self, store)]++;
  xh_store_close (store);
  return struck;
}

static void
test_fault (Test *self, gconstpointer data)
{
  const char *every = g_getenv ("XH_SIM_EVERY");
  const guint64 stride = every != NULL ? g_ascii_strtoull (every, NULL, 10) : STRIDE;
  guint outcomes[2] = { 0, 0 };
  guint64 n = 1 + GPOINTER_TO_UINT (data) % stride;

  while (try (self, GPOINTER_TO_UINT (data), n, outcomes))
    n += stride;
  g_test_message ("%" G_GUINT64_FORMAT " writes and syncs; old rows %u times, new rows %u times", n, outcomes[0], outcomes[1]);
  g_assert_cmpuint (outcomes[0], >, 2);
  g_assert_cmpuint (outcomes[1], >, 2);
}

#define TEST(path, fault) g_test_add (path, Test, GUINT_TO_POINTER (fault), set_up, test_fault, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  sim_disk_install ();
  TEST ("/sim/adopt/one-write-fails", SIM_DISK_FAIL);
  TEST ("/sim/adopt/disk-is-full", SIM_DISK_FULL);
  TEST ("/sim/adopt/killed", SIM_DISK_KILL);
  TEST ("/sim/adopt/power-is-cut", SIM_DISK_CUT);
  return g_test_run ();
}
