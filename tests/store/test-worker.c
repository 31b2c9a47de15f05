/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-test.h"

#include <locale.h>

#include "store/xh-worker.h"

typedef struct
{
  GString *order;
  guint waiting;
  GMainLoop *loop;
} Ran;

static gpointer
sleep_func (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  GMutex *gate = data;

  g_mutex_lock (gate); /* until every other job is in the queue */
  g_mutex_unlock (gate);
  return NULL;
}

static gpointer
name_func (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return g_strdup (data);
}

static gpointer
save_func (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (xh_store_get_catalog (store), "plot"), NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  store_test_set_text (record, "name", "张三");
  g_ptr_array_add (changed, (gpointer) "name");
  return GINT_TO_POINTER (xh_store_save (store, record, changed, "li", error));
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Ran *ran = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = xh_worker_finish (XH_WORKER (source), result, &error);

  g_string_append (ran->order, error != NULL ? "!" : name != NULL ? name : "");
  if (--ran->waiting == 0)
    g_main_loop_quit (ran->loop);
}

static XhWorker *
new_worker (StoreTest *test)
{
  g_autoptr (GError) error = NULL;
  XhWorker *worker = xh_worker_new ("test", test->path, test->catalog, XH_STORE_CLIENT, &error);

  g_assert_no_error (error);
  return worker;
}

static void
test_priority (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhWorker) worker = new_worker (test);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  Ran ran = { order, 6, loop };
  GMutex gate;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  g_cancellable_cancel (cancelled);
  xh_worker_run (worker, G_PRIORITY_HIGH, sleep_func, &gate, NULL, NULL, NULL, ran_cb, &ran);
  xh_worker_run (worker, G_PRIORITY_LOW, name_func, g_strdup ("d"), g_free, g_free, NULL, ran_cb, &ran);
  xh_worker_run (worker, G_PRIORITY_DEFAULT, name_func, g_strdup ("b"), g_free, g_free, NULL, ran_cb, &ran);
  xh_worker_run (worker, G_PRIORITY_DEFAULT, name_func, g_strdup ("c"), g_free, g_free, NULL, ran_cb, &ran);
  xh_worker_run (worker, G_PRIORITY_HIGH, name_func, g_strdup ("a"), g_free, g_free, NULL, ran_cb, &ran);
  xh_worker_run (worker, G_PRIORITY_LOW, name_func, g_strdup ("x"), g_free, g_free, cancelled, ran_cb, &ran);
  g_mutex_unlock (&gate);
  g_main_loop_run (loop);
  g_assert_cmpstr (order->str, ==, "abcd!");
  xh_worker_close (worker);
  g_mutex_clear (&gate);
}

static void
test_close (StoreTest *test, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GString) order = g_string_new (NULL);
  Ran ran = { order, 1, loop };
  XhWorker *worker = new_worker (test);

  for (guint i = 0; i < 20; i++)
    xh_worker_run (worker, G_PRIORITY_LOW, save_func, NULL, NULL, NULL, NULL, NULL, NULL);
  xh_worker_close (worker);
  xh_worker_close (worker);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 20);
  xh_worker_run (worker, G_PRIORITY_LOW, name_func, g_strdup ("a"), g_free, g_free, NULL, ran_cb, &ran);
  g_main_loop_run (loop);
  g_assert_cmpstr (order->str, ==, "!");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (worker);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/worker/runs-by-priority-then-order", test_priority);
  STORE_TEST ("/store/worker/close-runs-what-is-queued", test_close);
  return g_test_run ();
}
