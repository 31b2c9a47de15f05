/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A save behind another writer. SQLite's naps are counted and not taken, so that minutes pass in a moment. */
#include "store-test.h"

#include <locale.h>
#include <string.h>

#include "store/xh-store-adopt.h"
#include "store/xh-store-extract.h"
#include "store/xh-store-private.h"
#include "store/xh-worker.h"

static GMutex mutex;
static GCond changed;
static gint64 napped;   /* (mutex) µs */
static gboolean ended;  /* (mutex) the save has succeeded or failed */

static int
nap (sqlite3_vfs *vfs, int microseconds)
{
  g_mutex_lock (&mutex);
  napped += microseconds;
  g_cond_signal (&changed);
  g_mutex_unlock (&mutex);
  g_thread_yield ();
  return microseconds;
}

static void
install_naps (void)
{
  static sqlite3_vfs vfs;

  vfs = *sqlite3_vfs_find (NULL);
  vfs.zName = "naps";
  vfs.xSleep = nap;
  vfs.pNext = NULL;
  sqlite3_vfs_register (&vfs, 1);
}

static gboolean
save (StoreTest *test, XhStore *store, const char *name, GError **error)
{
  g_autoptr (XhRecord) record = store_test_plot (test, name, 2);
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();

  g_ptr_array_add (fields, (gpointer) "name");
  return xh_store_save (store, record, fields, "li", error);
}

static void
test_words (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) other = xh_store_open (test->path, test->catalog, XH_STORE_CLIENT, &error);

  g_assert_no_error (error);
  g_assert_true (xh_store_begin (other, &error));
  g_assert_false (save (test, test->store, "东坡", &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_BUSY);
  g_assert_null (strstr (error->message, "locked"));
  g_clear_error (&error);
  g_assert_cmpint (napped, >=, 10 * G_USEC_PER_SEC);
  xh_store_rollback (other);
  g_assert_true (save (test, test->store, "东坡", &error)); /* once more */
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
}

typedef struct
{
  StoreTest *test;
  XhWorker *worker;
  GMainLoop *loop;
  GError *error;
} Saving;

static gpointer
save_in_worker (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Saving *self = data;
  const gboolean done = save (self->test, store, "西坡", error);

  g_mutex_lock (&mutex);
  ended = TRUE;
  g_cond_signal (&changed);
  g_mutex_unlock (&mutex);
  return GINT_TO_POINTER (done);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *self = data;

  xh_worker_finish (XH_WORKER (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

/* In the middle of the adoption, which holds the lock: somebody saves, and a minute goes by. */
static int
middle_cb (void *data)
{
  Saving *self = data;

  /* The end of another adoption is told behind the beginning of this one. */
  xh_store_set_adopting (self->test->store, TRUE);
  xh_store_set_adopting (self->test->store, FALSE);
  xh_worker_run (self->worker, G_PRIORITY_DEFAULT, save_in_worker, self, NULL, NULL, NULL, saved_cb, self);
  g_mutex_lock (&mutex);
  while (!ended && napped < 60 * G_USEC_PER_SEC)
    g_cond_wait (&changed, &mutex);
  g_mutex_unlock (&mutex);
  return 0;
}

static gboolean
note (XhStore *made, gpointer data, GError **error)
{
  return TRUE;
}

static XhStore *
stage (StoreTest *test)
{
  g_autofree char *server = g_build_filename (test->folder, "server.db", NULL), *file = g_build_filename (test->folder, "file.db", NULL);
  const XhExtract what = { .source = server, .role = "office", .scope = "1", .note = note };
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);
  g_autoptr (GError) error = NULL;
  XhStore *store = xh_store_open (server, test->catalog, XH_STORE_SERVER | XH_STORE_NO_SEARCH, &error);
  gint64 n;

  record->version = 5;
  g_assert_true (xh_store_put (store, record, &error));
  xh_store_close (store);
  xh_store_extract (test->catalog, &what, file, &n, &error);
  g_assert_no_error (error);
  store = xh_store_stage (test->store, file, FALSE, &error);
  g_assert_no_error (error);
  return store;
}

static void
test_adoption (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorker) worker = xh_worker_new ("test", test->path, test->catalog, XH_STORE_CLIENT, &error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GHashTable) meta = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (XhStore) staged = stage (test);
  Saving saving = { test, worker, loop, NULL };

  g_assert_no_error (error);
  napped = 0;
  sqlite3_commit_hook (xh_store_get_db (staged), middle_cb, &saving);
  xh_store_adopt_staged (test->store, staged, meta, NULL, NULL, &error);
  g_assert_no_error (error);
  g_main_loop_run (loop);
  g_assert_no_error (saving.error);
  g_assert_cmpint (napped, >=, 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
  xh_store_checkpoint (test->store, &error);
  g_assert_no_error (error);
  xh_worker_close (worker);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  install_naps ();
  STORE_TEST ("/store/busy/is-said-in-words", test_words);
  STORE_TEST ("/store/busy/save-waits-for-an-adoption", test_adoption);
  return g_test_run ();
}
