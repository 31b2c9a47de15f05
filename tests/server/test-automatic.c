/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the server does by itself, with the store's test catalog: a licence is public until a day, then archived; a shop counts its visits, a
 * street the visits of its shops. */
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "server/xh-accounts.h"
#include "server/xh-apply.h"
#include "server/xh-automatic.h"
#include "server/xh-ledger.h"
#include "server/xh-server.h"
#include "server/xh-sessions.h"
#include "server/xh-settle.h"
#include "sync/xh-client.h"

typedef struct
{
  char *folder, *data;
  XhCatalog *catalog;
  XhBackend *backend;
  XhAccess *office;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_setenv ("XINHENG_TODAY", "2026-11-22", TRUE);
  self->folder = g_dir_make_tmp ("xinheng-automatic-XXXXXX", &error);
  self->data = g_build_filename (self->folder, "data", NULL);
  self->catalog = xh_catalog_load_folder (g_getenv ("XH_STORE_CATALOG"), &error);
  g_assert_no_error (error);
  g_assert_true (xh_backend_init (self->data, NULL, self->catalog, &error));
  self->backend = xh_backend_open (self->data, self->catalog, FALSE, &error);
  g_assert_no_error (error);
  self->office = xh_access_new (self->catalog, "olga", "Olga", "office", NULL, NULL, "device");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  static const char *const files[] = { "xinheng.db", "xinheng.db-wal", "xinheng.db-shm", "server.conf" };

  xh_access_free (self->office);
  xh_backend_close (self->backend);
  xh_catalog_unref (self->catalog);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (self->data, files[i], NULL);

      g_unlink (path);
    }
  g_rmdir (self->data);
  g_rmdir (self->folder);
  g_free (self->data);
  g_free (self->folder);
}

static void
change_of (Fixture *self, const char *kind, const char *id, const char *set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free), answers = NULL;
  g_autoptr (XhRecord) record = xh_store_load (self->backend->store, id, NULL);
  XhOp *op = g_new0 (XhOp, 1);

  op->op_id = xh_uuid_v7_new ();
  op->kind = g_strdup (kind);
  op->record = g_strdup (id);
  op->base = record ? record->version : 0;
  op->set = g_strdup (set);
  op->before = g_strdup ("{}");
  op->created_at = xh_now_utc ();
  g_ptr_array_add (ops, op);
  answers = xh_apply_ops (self->backend, self->office, ops, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((XhAnswer *) g_ptr_array_index (answers, 0))->status, ==, XH_ANSWER_APPLIED);
}

static void
change (Fixture *self, const char *id, const char *set)
{
  change_of (self, "licence", id, set);
}

static char *
add_of (Fixture *self, const char *kind, const char *format, ...)
{
  char *id = xh_uuid_v7_new ();
  g_autofree char *set = NULL;
  va_list arguments;

  va_start (arguments, format);
  set = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  change_of (self, kind, id, set);
  return id;
}

static char *
add (Fixture *self, const char *until)
{
  char *id = xh_uuid_v7_new ();
  g_autofree char *set = g_strdup_printf ("{\"doc_no\":\"1\",\"public_until\":\"%s\"}", until);

  change (self, id, set);
  change (self, id, "{\"state\":\"public\"}");
  return id;
}

static void
assert_state (Fixture *self, const char *id, const char *state)
{
  g_autoptr (XhRecord) record = xh_store_load (self->backend->store, id, NULL);

  g_assert_cmpstr (record->state, ==, state);
}

/* Everything, a record a page. */
static XhAutomaticCount
run (Fixture *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  XhAutomaticPlace place = { 0 };
  XhAutomaticCount count = { 0 };
  const XhTransition *transition;
  const XhKind *kind;

  while (xh_automatic_find (self->backend, &place, 1, ids, &kind, &transition, &error) && transition)
    {
      g_assert_cmpuint (ids->len, ==, 1);
      xh_automatic_take (self->backend, kind, transition, ids, &count, &error);
      g_assert_no_error (error);
    }
  g_assert_no_error (error);
  return count;
}

static void
test_taken (Fixture *self, gconstpointer data)
{
  g_autofree char *over = add (self, "2026-11-21"), *too = add (self, "2026-01-01"), *last_day = add (self, "2026-11-22");
  g_autoptr (GPtrArray) history = NULL;
  g_autoptr (XhRecord) record = NULL;
  const XhEntry *entry;
  guint64 n;

  g_assert_cmpuint (run (self).taken, ==, 2);
  assert_state (self, over, "archived");
  assert_state (self, too, "archived");
  assert_state (self, last_day, "public");
  history = xh_ledger_history (self->backend, over, 0, NULL);
  entry = g_ptr_array_index (history, history->len - 1);
  g_assert_cmpstr (entry->account, ==, "system");
  g_assert_cmpstr (entry->changes, ==, "{\"state\":\"archived\"}");
  g_assert_true (xh_ledger_verify (self->backend, &n, NULL));
  record = xh_store_load (self->backend->store, over, NULL);
  g_assert_cmpint (record->version, ==, entry->number);
  g_assert_cmpuint (run (self).taken, ==, 0);
  g_setenv ("XINHENG_TODAY", "2026-11-23", TRUE);
  g_assert_cmpuint (run (self).taken, ==, 1);
  assert_state (self, last_day, "archived");
}

static void
test_taken_back (Fixture *self, gconstpointer data)
{
  g_autofree char *id = add (self, "2026-11-21");
  XhAutomaticCount count;

  g_assert_cmpuint (run (self).taken, ==, 1);
  change (self, id, "{\"state\":\"public\"}");
  count = run (self);
  g_assert_cmpuint (count.taken, ==, 0);
  g_assert_cmpuint (count.left, ==, 1);
  change (self, id, "{\"firm_name\":\"甲公司\"}");
  g_setenv ("XINHENG_TODAY", "2026-12-22", TRUE);
  g_assert_cmpuint (run (self).taken, ==, 0);
  assert_state (self, id, "public");
  /* A new term that ends is a new occasion. */
  change (self, id, "{\"public_until\":\"2026-12-31\"}");
  g_assert_cmpuint (run (self).taken, ==, 0);
  g_setenv ("XINHENG_TODAY", "2027-01-01", TRUE);
  g_assert_cmpuint (run (self).taken, ==, 1);
  assert_state (self, id, "archived");
}

/* What is only the server's to do by itself: no other step, no account of its name. */
static void
test_system (Fixture *self, gconstpointer data)
{
  g_autoptr (XhAccess) access = xh_access_new_system ();
  g_autofree char *id = xh_uuid_v7_new ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  const XhKind *kind = xh_catalog_find_kind (self->catalog, "licence");
  XhAutomaticCount count = { 0 };

  change (self, id, "{\"doc_no\":\"1\",\"public_until\":\"2026-01-01\"}");
  g_ptr_array_add (ids, id);
  /* Found in one state and meanwhile in another. */
  g_assert_true (xh_automatic_take (self->backend, kind, xh_kind_find_transition (kind, "archive"), ids, &count, NULL));
  g_assert_cmpuint (count.taken + count.refused + count.left, ==, 0);
  g_assert_true (xh_automatic_take (self->backend, kind, xh_kind_find_transition (kind, "publish"), ids, &count, NULL));
  g_assert_cmpuint (count.refused, ==, 1);
  assert_state (self, id, "entered");
}

/* What an account takes out by the command line is what it may read: its unit's records and no other. */
static void
test_rids (Fixture *self, gconstpointer data)
{
  const XhKind *kind = xh_catalog_find_kind (self->catalog, "licence");
  g_autoptr (XhAccess) clerk = xh_access_new (self->catalog, "carl", "Carl", "clerk", NULL, "fgw", "device");
  g_autoptr (XhAccess) lost = xh_access_new (self->catalog, "lost", "Lost", "clerk", NULL, NULL, "device");
  g_autoptr (XhAccess) manager = xh_access_new (self->catalog, "mara", "Mara", "manager", NULL, NULL, "device");
  g_autoptr (XhAccess) owner = g_steal_pointer (&self->office);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (GArray) all = NULL, own = NULL, none = NULL, closed = NULL;

  self->office = xh_access_new (self->catalog, "olga", "Olga", "office", NULL, "fgw", "device");
  first = add (self, "2026-12-01");
  xh_access_free (self->office);
  self->office = xh_access_new (self->catalog, "olga", "Olga", "office", NULL, "other", "device");
  second = add (self, "2026-12-01");
  all = xh_access_rids (self->office, self->backend, kind, NULL);
  own = xh_access_rids (clerk, self->backend, kind, NULL);
  none = xh_access_rids (lost, self->backend, kind, NULL);
  closed = xh_access_rids (manager, self->backend, kind, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (closed->len, ==, 0);
}

/* A server that starts does it without being asked, beside the requests. */
static void
test_server (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  XhServer *server;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *shop = NULL;
  gint64 left = 45;

  xh_store_begin (self->backend->store, NULL);
  for (guint i = 0; i < 45; i++)
    g_ptr_array_add (all, add (self, "2026-11-01"));
  shop = add_of (self, "shop", "{\"name\":\"甲店\"}");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *visit = add_of (self, "visit", "{\"shop\":\"%s\",\"points\":1}", shop);

      change_of (self, "visit", visit, "{\"state\":\"done\"}");
    }
  g_assert_true (xh_store_commit (self->backend->store, &error));
  server = xh_server_new (self->data, self->catalog, &error);
  g_assert_no_error (error);
  g_assert_true (xh_server_listen (server, 0, &error));
  for (gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND; left > 0 && g_get_monotonic_time () < until;)
    {
      sqlite3_stmt *statement = xh_backend_prepare (self->backend, "SELECT (SELECT count(*) FROM record WHERE state = 'public') + (SELECT count(*) FROM k_shop WHERE visits <> 3)", NULL);

      sqlite3_step (statement);
      left = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
      g_thread_yield ();
    }
  g_assert_cmpint (left, ==, 0);
  xh_server_free (server);
}

/* --- values that hang on other records */

/* Everything up to the end of the ledger, @limit entries a page. Returns how many records were written. */
static guint64
settle (Fixture *self, gint64 *number, guint limit)
{
  g_autoptr (XhStale) stale = xh_stale_new (self->catalog, XH_STALE_ALL);
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  gint64 before;

  do
    {
      g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GArray) rids = NULL;

      before = *number;
      g_assert_true (xh_settle_read (self->backend, stale, number, limit, &rids, &error));
      for (guint i = 0; i < rids->len; i++)
        {
          char *id;

          g_assert_true (xh_settle_judge (self->backend, g_array_index (rids, gint64, i), &id, &error));
          if (id != NULL)
            g_ptr_array_add (ids, id);
        }
      g_assert_true (xh_settle_take (self->backend, ids, &n, &error));
      g_assert_no_error (error);
    }
  while (*number > before);
  return n;
}

static void
assert_number (Fixture *self, const char *id, const char *field, gint64 number)
{
  g_autoptr (XhRecord) record = xh_store_load (self->backend->store, id, NULL);

  g_assert_cmpint (xh_value_as_integer (xh_record_get (record, field)), ==, number);
}

/* A shop counts its visits, a street its shops' visits: what the server writes is what others hang on. */
static void
test_settled (Fixture *self, gconstpointer data)
{
  g_autofree char *street = add_of (self, "street", "{\"name\":\"东街\"}");
  g_autofree char *shop = add_of (self, "shop", "{\"name\":\"甲店\",\"street\":\"东街\"}");
  g_autofree char *other = add_of (self, "shop", "{\"name\":\"乙店\",\"street\":\"东街\"}");
  g_autofree char *visit = add_of (self, "visit", "{\"shop\":\"%s\",\"points\":7}", shop);
  g_autoptr (GPtrArray) history = NULL;
  const XhEntry *entry;
  gint64 number = 0;
  guint64 n;

  g_assert_cmpuint (settle (self, &number, 100), ==, 0);
  change_of (self, "visit", visit, "{\"state\":\"done\"}");
  assert_number (self, shop, "visits", 0);
  g_assert_cmpuint (settle (self, &number, 1), ==, 2);
  assert_number (self, shop, "visits", 1);
  assert_number (self, shop, "points", 7);
  assert_number (self, street, "visits", 1);
  history = xh_ledger_history (self->backend, shop, 0, NULL);
  g_assert_cmpuint (history->len, ==, 2);
  entry = g_ptr_array_index (history, 1);
  g_assert_cmpstr (entry->account, ==, "system");
  g_assert_cmpstr (entry->changes, ==, "{\"visits\":1,\"points\":7}");
  g_assert_cmpuint (settle (self, &number, 100), ==, 0);
  /* It moves to another shop: both are counted again. */
  g_clear_pointer (&history, g_ptr_array_unref);
  {
    g_autofree char *set = g_strdup_printf ("{\"shop\":\"%s\"}", other);

    change_of (self, "visit", visit, set);
  }
  g_assert_cmpuint (settle (self, &number, 100), ==, 2);
  assert_number (self, shop, "visits", 0);
  assert_number (self, other, "points", 7);
  change_of (self, "shop", other, "{\"name\":\"丙店\"}");
  g_assert_cmpuint (settle (self, &number, 100), ==, 1);
  change_of (self, "visit", visit, "{\"deleted\":true}");
  g_assert_cmpuint (settle (self, &number, 100), ==, 2);
  assert_number (self, street, "visits", 0);
  g_assert_true (xh_ledger_verify (self->backend, &n, NULL));
}

/* Somebody who writes without a pause, as another thread. */
typedef struct
{
  char *url, *token, *visit; /* (owned) */
  gint written;   /* atomic */
  gint enough;    /* atomic */
  gint64 longest; /* pause between two answers; to be read when it has ended */
} Scribe;

static gpointer
write_on (gpointer data)
{
  Scribe *self = data;
  g_autoptr (XhClient) client = xh_client_new (self->url, "device");
  gint64 last = 0;

  xh_client_set_token (client, self->token);
  for (guint n = 0; !g_atomic_int_get (&self->enough); n++)
    {
      g_autofree char *op = xh_uuid_v7_new (), *answer = NULL, *json = NULL;
      g_autoptr (GError) error = NULL;
      gint64 now;
      gsize length;

      json = g_strdup_printf ("{\"device\":\"device\",\"ops\":[{\"op\":\"%s\",\"kind\":\"visit\",\"record\":\"%s\",\"base\":1,"
                              "\"at\":\"2026-11-22T08:00:00.000Z\",\"set\":{\"points\":%u}}]}", op, self->visit, n);
      answer = xh_client_push (client, json, strlen (json), &length, NULL, &error);
      g_assert_no_error (error);
      now = g_get_monotonic_time ();
      if (last != 0)
        self->longest = MAX (self->longest, now - last);
      last = now;
      g_atomic_int_inc (&self->written);
    }
  return NULL;
}

static gint64
count_visits (Fixture *self, const char *shop)
{
  g_autoptr (XhRecord) record = xh_store_load (self->backend->store, shop, NULL);

  return xh_value_as_integer (xh_record_get (record, "visits"));
}

/* Serves what comes until @written pushes, or the shop's visits, or the time is there. */
static void
serve (Fixture *self, Scribe *scribe, gint written, const char *shop, gint64 seconds)
{
  const gint64 until = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;

  while (g_get_monotonic_time () < until && g_atomic_int_get (&scribe->written) < written && (shop == NULL || count_visits (self, shop) == 0))
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
}

/* While somebody writes, nothing is settled; a second after the last word, it is. */
static void
test_held_back (Fixture *self, gconstpointer data)
{
  const XhAccount account = { (char *) "paul", (char *) "Paul", (char *) "office", NULL, NULL };
  g_autofree char *shop = add_of (self, "shop", "{\"name\":\"甲店\"}");
  g_autofree char *visit = add_of (self, "visit", "{\"shop\":\"%s\",\"points\":1}", shop);
  Scribe scribe = { .visit = add_of (self, "visit", "{\"points\":1}") };
  g_autoptr (GError) error = NULL;
  XhServer *server;
  GThread *thread;
  gboolean early;

  g_assert_true (xh_accounts_add (self->backend, &account, "a long password", &error));
  scribe.token = xh_sessions_open (self->backend, "paul", "device", &error);
  g_assert_no_error (error);
  server = xh_server_new (self->data, self->catalog, &error);
  g_assert_no_error (error);
  g_assert_true (xh_server_listen (server, 0, &error));
  scribe.url = g_strdup_printf ("http://127.0.0.1:%u", xh_server_get_port (server));
  thread = g_thread_new ("scribe", write_on, &scribe);
  serve (self, &scribe, 5, NULL, 60);
  change_of (self, "visit", visit, "{\"state\":\"done\"}");
  serve (self, &scribe, G_MAXINT, shop, 3); /* the end of the ledger is looked at each second */
  early = count_visits (self, shop) > 0;
  g_atomic_int_set (&scribe.enough, TRUE);
  serve (self, &scribe, g_atomic_int_get (&scribe.written) + 1, NULL, 5); /* its last request */
  g_thread_join (thread);
  g_test_message ("%d pushes, the longest pause %d ms", scribe.written, (int) (scribe.longest / 1000));
  g_assert_true (!early || scribe.longest >= G_TIME_SPAN_SECOND); /* on a machine that stands still it is nobody's fault */
  serve (self, &scribe, G_MAXINT, shop, 60);
  g_assert_cmpint (count_visits (self, shop), ==, 1);
  xh_server_free (server);
  g_free (scribe.visit);
  g_free (scribe.token);
  g_free (scribe.url);
}

/* A closed record keeps the values of its day; a wrong one is counted all the same, and a person sees what is wrong. */
static void
test_settled_closed (Fixture *self, gconstpointer data)
{
  g_autofree char *shut = add_of (self, "shop", "{\"name\":\"甲店\"}");
  g_autofree char *wrong = add_of (self, "shop", "{\"name\":\"乙店\",\"limit_points\":5}");
  g_autofree char *first = add_of (self, "visit", "{\"shop\":\"%s\",\"points\":7}", shut);
  g_autofree char *second = add_of (self, "visit", "{\"shop\":\"%s\",\"points\":9}", wrong);
  gint64 number = 0;

  change_of (self, "shop", shut, "{\"state\":\"shut\"}");
  change_of (self, "visit", first, "{\"state\":\"done\"}");
  change_of (self, "visit", second, "{\"state\":\"done\"}");
  g_assert_cmpuint (settle (self, &number, 100), ==, 1);
  assert_number (self, shut, "visits", 0);
  assert_number (self, wrong, "points", 9);
  g_assert_true (xh_settle_set_number (self->backend, number, NULL));
  g_assert_cmpint (xh_settle_get_number (self->backend), ==, number);
}

#define AUTOMATIC_TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  AUTOMATIC_TEST ("/server/automatic/taken-when-its-day-is-over", test_taken);
  AUTOMATIC_TEST ("/server/automatic/not-taken-again-against-a-person", test_taken_back);
  AUTOMATIC_TEST ("/server/automatic/no-other-step", test_system);
  AUTOMATIC_TEST ("/server/automatic/an-account-takes-out-what-it-may-read", test_rids);
  AUTOMATIC_TEST ("/server/automatic/values-that-hang-on-other-records-are-settled", test_settled);
  AUTOMATIC_TEST ("/server/automatic/settling-leaves-closed-records-and-is-not-held-up-by-checks", test_settled_closed);
  AUTOMATIC_TEST ("/server/automatic/server-does-it-at-start", test_server);
  AUTOMATIC_TEST ("/server/automatic/settling-waits-while-somebody-writes", test_held_back);
  return g_test_run ();
}
