/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rounds of one client against a server that is told what to answer. */

#include <string.h>

#include "mock-county.h"
#include "model/xh-identifiers.h"
#include "scratch.h"
#include "sync/xh-engine.h"
#include "sync/xh-round-private.h"

#define A "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2a"
#define B "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2b"

typedef struct
{
  MockCounty *county;
  char *folder;
  XhDesk *desk;
  XhStore *store;
  XhClient *client;
  guint n; /* for hooks to count */
} Fixture;

static void
open_store (Fixture *fixture)
{
  g_autofree char *path = xh_desk_store_path (fixture->desk);
  g_autoptr (GError) error = NULL;

  fixture->store = xh_store_open (path, fixture->desk->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
  fixture->client = xh_client_new (fixture->desk->server, fixture->desk->device);
  xh_client_set_timeout (fixture->client, 2);
  xh_client_set_token (fixture->client, COUNTY_TOKEN);
}

static void
close_store (Fixture *fixture)
{
  g_clear_pointer (&fixture->store, xh_store_close);
  g_clear_pointer (&fixture->client, xh_client_free);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->county = mock_county_new ();
  fixture->folder = scratch_new ();
  fixture->desk = xh_desk_sign_in (fixture->folder, mock_server_get_url (fixture->county->server), "zhang", COUNTY_PASSWORD, NULL, &error);
  g_assert_no_error (error);
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_store (fixture);
  xh_desk_free (fixture->desk);
  mock_county_free (fixture->county);
  scratch_remove (fixture->folder);
}

static void
run (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  xh_engine_run_once (fixture->desk, fixture->store, fixture->client, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
run_badly (Fixture *fixture, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (xh_engine_run_once (fixture->desk, fixture->store, fixture->client, NULL, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, code);
}

static void
save (Fixture *fixture, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = xh_store_load (fixture->store, id, NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (record == NULL)
    {
      record = xh_record_new (xh_catalog_find_kind (fixture->desk->catalog, "plot"), id);
      record->division = g_strdup ("410421100201");
    }
  xh_value_set_text (&value, name);
  xh_record_set (record, "name", &value);
  g_ptr_array_add (changed, (gpointer) "name");
  xh_store_save (fixture->store, record, changed, "zhang", &error);
  g_assert_no_error (error);
}

static void
save_new (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = xh_uuid_v7_new ();
      g_autofree char *name = g_strdup_printf ("plot %u", i);

      save (fixture, id, name);
    }
}

static void
assert_here (Fixture *fixture, const char *id, const char *name)
{
  g_autoptr (XhRecord) record = xh_store_load (fixture->store, id, NULL);

  g_assert_cmpstr (record != NULL ? xh_value_as_text (xh_record_get (record, "name")) : NULL, ==, name);
}

static void
assert_there (Fixture *fixture, const char *id, const char *name)
{
  g_autoptr (XhRecord) record = mock_county_find (fixture->county, id);

  g_assert_cmpstr (record != NULL ? xh_value_as_text (xh_record_get (record, "name")) : NULL, ==, name);
}

static void
assert_left (Fixture *fixture, guint pending, guint tray)
{
  g_assert_cmpuint (xh_store_outbox_count (fixture->store), ==, pending);
  g_assert_cmpuint (xh_store_tray_count (fixture->store), ==, tray);
}

static void
test_both_ways (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *contact = NULL;

  mock_county_add (fixture->county, A, "theirs", 1);
  save (fixture, B, "mine");
  g_assert_true (xh_engine_run_once (fixture->desk, fixture->store, fixture->client, kinds, NULL, NULL));
  assert_here (fixture, A, "theirs");
  assert_there (fixture, B, "mine");
  assert_left (fixture, 0, 0);
  g_assert_cmpuint (kinds->len, ==, 1);
  g_assert_cmpstr (kinds->pdata[0], ==, "plot");
  contact = xh_store_meta_get (fixture->store, "last-contact");
  g_assert_nonnull (contact);
}

static void
test_batches (Fixture *fixture, gconstpointer data)
{
  save_new (fixture, 1200);
  run (fixture);
  assert_left (fixture, 0, 0);
  g_assert_cmpuint (fixture->county->n_pushes, ==, 3);
  g_assert_cmpuint (fixture->county->records->len, ==, 1200);
}

static void
test_chain (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "one");
  save (fixture, A, "two");
  save (fixture, A, "three");
  run (fixture);
  assert_left (fixture, 0, 0);
  assert_there (fixture, A, "three");
  assert_here (fixture, A, "three");
}

static void
test_rejected (Fixture *fixture, gconstpointer data)
{
  mock_county_add (fixture->county, A, "a", 1);
  run (fixture);
  g_hash_table_insert (fixture->county->verdicts, (gpointer) A, (gpointer) "rejected");
  save (fixture, A, "bad");
  save (fixture, B, "good");
  run (fixture);
  assert_left (fixture, 0, 1);
  assert_there (fixture, A, "a");
  assert_here (fixture, A, "a");
  assert_there (fixture, B, "good");
}

static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) tray = NULL;
  XhTrayItem *item;

  mock_county_add (fixture->county, A, "a", 1);
  run (fixture);
  g_hash_table_insert (fixture->county->verdicts, (gpointer) A, (gpointer) "conflict");
  save (fixture, A, "b");
  run (fixture);
  assert_left (fixture, 0, 1);
  tray = xh_store_tray (fixture->store, NULL);
  item = tray->pdata[0];
  g_assert_cmpstr (item->type, ==, "conflict");
  g_assert_nonnull (strstr (item->detail, "\"mine\":\"b\""));
  g_assert_nonnull (strstr (item->detail, "\"theirs\":\"c\""));
  g_assert_nonnull (strstr (item->detail, "\"who\":\"li\""));
  /* Decided, it goes up as a new op. */
  g_hash_table_remove_all (fixture->county->verdicts);
  g_assert_true (xh_store_tray_resolve (fixture->store, item->number, -1, "{\"name\":\"b\"}", "zhang", NULL));
  run (fixture);
  assert_left (fixture, 0, 0);
  assert_there (fixture, A, "b");
}

static void
test_held (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "waits");
  save (fixture, B, "goes");
  g_hash_table_insert (fixture->county->verdicts, (gpointer) A, (gpointer) "held");
  run (fixture);
  assert_left (fixture, 1, 0);
  assert_there (fixture, B, "goes");
  g_hash_table_remove_all (fixture->county->verdicts);
  run (fixture);
  assert_left (fixture, 0, 0);
  assert_there (fixture, A, "waits");
}

/* The first answers are lost on the way; the server has applied the ops. */
static gboolean
lose_answer (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  Fixture *fixture = data;

  if (strcmp (request->method, "POST") != 0 || fixture->n > 0)
    return FALSE;
  fixture->n++;
  county->hook = NULL;
  answer->manner = MOCK_CUT;
  answer->body = g_strdup ("{\"answers\":[]}");
  {
    g_autofree char *device = NULL;
    g_autoptr (GPtrArray) ops = xh_wire_read_push (request->body, request->length, &device, NULL);

    for (guint i = 0; i < ops->len; i++)
      {
        XhOp *op = ops->pdata[i];

        g_hash_table_insert (county->answers, g_strdup (op->op_id),
                             g_strdup_printf ("{\"op\":\"%s\",\"status\":\"applied\",\"version\":%" G_GINT64_FORMAT "}", op->op_id, ++county->head));
      }
  }
  return TRUE;
}

static void
test_lost_answer (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "once");
  mock_county_set_hook (fixture->county, lose_answer, fixture);
  run_badly (fixture, XH_SYNC_ERROR_OFFLINE);
  assert_left (fixture, 1, 0);
  mock_county_add (fixture->county, A, "once", 0);
  run (fixture);
  assert_left (fixture, 0, 0);
  g_assert_cmpuint (fixture->county->n_ops, ==, 0);
  assert_here (fixture, A, "once");
}

/* Another connection (the window) saves while the push is under way. */
static gboolean
save_during_push (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *path = xh_desk_store_path (fixture->desk);
  Fixture window = { .desk = fixture->desk };

  if (strcmp (request->method, "POST") != 0 || fixture->n++ > 0)
    return FALSE;
  window.store = xh_store_open (path, fixture->desk->catalog, XH_STORE_CLIENT, NULL);
  save (&window, A, "second");
  xh_store_close (window.store);
  return FALSE;
}

static void
test_save_during_push (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "first");
  mock_county_set_hook (fixture->county, save_during_push, fixture);
  run (fixture);
  assert_left (fixture, 0, 0);
  g_assert_cmpuint (fixture->county->n_ops, ==, 2);
  assert_there (fixture, A, "second");
  assert_here (fixture, A, "second");
}

static gboolean
refuse_poison (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  g_autofree char *body = g_strndup (request->body != NULL ? request->body : "", request->length);

  if (strstr (body, "poison") == NULL)
    return FALSE;
  answer->status = 400;
  answer->body = g_strdup ("{\"detail\":\"cannot read this\"}");
  return TRUE;
}

static void
test_poison (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) tray = NULL;

  save_new (fixture, 20);
  save (fixture, A, "poison");
  save_new (fixture, 20);
  mock_county_set_hook (fixture->county, refuse_poison, NULL);
  run (fixture);
  assert_left (fixture, 0, 1);
  g_assert_cmpuint (fixture->county->records->len, ==, 40);
  tray = xh_store_tray (fixture->store, NULL);
  g_assert_nonnull (strstr (((XhTrayItem *) tray->pdata[0])->detail, "cannot read this"));
}

static gboolean
answer_push_with (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  if (strcmp (request->method, "POST") != 0)
    return FALSE;
  answer->body = g_strdup (data);
  return TRUE;
}

static void
test_push_lies (Fixture *fixture, gconstpointer data)
{
  static const char *const lies[] = {
    "", "[]", "<html>", "{\"answers\":[{\"op\":\"01934f5e-9999-7d21-b0c4-6f8e9a0b1c2a\",\"status\":\"applied\",\"version\":1}]}",
    "{\"answers\":[{\"op\":null}]}",
  };

  save (fixture, A, "kept");
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      mock_county_set_hook (fixture->county, answer_push_with, (gpointer) lies[i]);
      run_badly (fixture, XH_SYNC_ERROR_PROTOCOL);
      assert_left (fixture, 1, 0);
    }
  mock_county_set_hook (fixture->county, answer_push_with, (gpointer) "{\"answers\":[]}");
  run (fixture);
  assert_left (fixture, 1, 0);
  mock_county_set_hook (fixture->county, NULL, NULL);
  run (fixture);
  assert_left (fixture, 0, 0);
}

/* Not our server's words: nothing is filed, nothing is taken back. */
static gboolean
answer_as_gateway (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  answer->status = 404;
  answer->body = g_strdup ("<html>Please sign in to the network</html>");
  return TRUE;
}

static void
test_gateway (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "kept");
  mock_county_set_hook (fixture->county, answer_as_gateway, NULL);
  run_badly (fixture, XH_SYNC_ERROR_PROTOCOL);
  assert_left (fixture, 1, 0);
  assert_here (fixture, A, "kept");
}

/* A portal of some network answers everything with nothing. */
static gboolean
answer_nothing (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  if (strcmp (request->path, "/v1/snapshot") != 0)
    return FALSE;
  answer->status = GPOINTER_TO_UINT (data);
  return TRUE;
}

static void
test_empty_snapshot (Fixture *fixture, gconstpointer data)
{
  static const guint statuses[] = { 200, 206 };

  mock_county_add (fixture->county, A, "there", 0);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      mock_county_set_hook (fixture->county, answer_nothing, GUINT_TO_POINTER (statuses[i]));
      xh_store_meta_set (fixture->store, "cursor", "0", NULL);
      g_test_expect_message ("xinheng", G_LOG_LEVEL_WARNING, "*snapshot is not used*");
      run (fixture);
      g_test_assert_expected_messages ();
      assert_here (fixture, A, "there");
    }
}

static gboolean
note_own (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  if (strcmp (request->method, "GET") == 0 && strcmp (request->path, "/v1/changes") == 0)
    *(gboolean *) data = strstr (request->query, "own=1") != NULL;
  return FALSE;
}

static void
assert_asks_for_own (Fixture *fixture, gboolean expected)
{
  gboolean own = !expected;

  mock_county_set_hook (fixture->county, note_own, &own);
  run (fixture);
  g_assert_cmpint (own, ==, expected);
}

/* A store that began at nothing lacks its own earlier work on every page, also after a break. */
static void
test_own (Fixture *fixture, gconstpointer data)
{
  mock_county_add (fixture->county, A, "old", 1);
  assert_asks_for_own (fixture, TRUE);
  assert_asks_for_own (fixture, FALSE);
  mock_county_add (fixture->county, A, "newer", 1);
  xh_store_meta_set (fixture->store, "whole", "1", NULL);
  assert_asks_for_own (fixture, TRUE);
  assert_asks_for_own (fixture, FALSE);
}

/* A page beyond the client's limit is asked for in ever smaller parts, not for ever as it is. */
static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_auto (XhRound) round = { 0 };
  g_autoptr (GError) error = NULL;
  guint tries = 0;

  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *id = xh_uuid_v7_new ();

      mock_county_add (fixture->county, id, "plot", 1);
    }
  xh_client_set_limit (fixture->client, 60000);
  xh_round_init (&round, fixture->desk, fixture->store, fixture->client);
  while (!xh_round_run (&round, &error) && tries++ < 20)
    {
      g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
      g_clear_error (&error);
    }
  g_assert_no_error (error);
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 400);
}

static gboolean
fail_pull (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  if (strcmp (request->method, "GET") != 0 || strcmp (request->path, "/v1/changes") != 0)
    return FALSE;
  answer->status = GPOINTER_TO_UINT (data);
  answer->body = g_strdup ("{\"kinds\":[],\"leaves\":[]}");
  answer->manner = answer->status == 200 ? MOCK_CUT : MOCK_ANSWER;
  return TRUE;
}

static void
test_pull_fails (Fixture *fixture, gconstpointer data)
{
  mock_county_add (fixture->county, A, "a", 1);
  mock_county_set_hook (fixture->county, fail_pull, GUINT_TO_POINTER (500));
  run_badly (fixture, XH_SYNC_ERROR_SERVER);
  mock_county_set_hook (fixture->county, fail_pull, GUINT_TO_POINTER (200));
  run_badly (fixture, XH_SYNC_ERROR_OFFLINE);
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 0);
  mock_county_set_hook (fixture->county, fail_pull, GUINT_TO_POINTER (401));
  run_badly (fixture, XH_SYNC_ERROR_SIGN_IN);
  mock_county_set_hook (fixture->county, NULL, NULL);
  run (fixture);
  assert_here (fixture, A, "a");
}

typedef struct
{
  Fixture *fixture;
  guint n;
  gint64 since; /* of the last page that was asked for */
  gboolean whole;
} Overtaking;

/* A stick's snapshot of number 3 is taken while the page from number 2 on is on its way. */
static gboolean
overtake (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data)
{
  Overtaking *self = data;
  g_autofree char *path = xh_desk_store_path (self->fixture->desk);
  g_autoptr (XhStore) store = NULL;
  g_autoptr (GHashTable) query = NULL;

  if (strcmp (request->method, "GET") != 0 || strcmp (request->path, "/v1/changes") != 0)
    return FALSE;
  query = g_uri_parse_params (request->query, -1, "&", G_URI_PARAMS_NONE, NULL);
  self->since = g_ascii_strtoll (g_hash_table_lookup (query, "since"), NULL, 10);
  self->whole = g_strcmp0 (g_hash_table_lookup (query, "own"), "1") == 0;
  if (self->n++ > 0)
    return FALSE;
  store = xh_store_open (path, self->fixture->desk->catalog, XH_STORE_CLIENT, NULL);
  g_assert_true (xh_store_meta_set (store, "cursor", "3", NULL) && xh_store_meta_set (store, "whole", "1", NULL));
  return FALSE;
}

static void
test_overtaken_page (Fixture *fixture, gconstpointer data)
{
  Overtaking self = { fixture };
  g_autofree char *c = xh_uuid_v7_new (), *d = xh_uuid_v7_new (), *whole = NULL;

  mock_county_add (fixture->county, A, "a", 1);
  mock_county_add (fixture->county, B, "b", 1);
  run (fixture);
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 2);
  mock_county_add (fixture->county, c, "c", 1);
  mock_county_add (fixture->county, d, "d", 1);
  mock_county_set_hook (fixture->county, overtake, &self);
  run (fixture);
  g_assert_cmpuint (self.n, ==, 2);
  g_assert_cmpint (self.since, ==, 3);
  g_assert_true (self.whole);
  assert_here (fixture, c, NULL); /* the page of before was not used */
  assert_here (fixture, d, "d");
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 4);
  whole = xh_store_meta_get (fixture->store, "whole");
  g_assert_cmpstr (whole, ==, "0");
}

static void
test_scope_change (Fixture *fixture, gconstpointer data)
{
  mock_county_add (fixture->county, A, "a", 1);
  run (fixture);
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 1);
  g_free (fixture->desk->profile->division);
  fixture->desk->profile->division = g_strdup ("410421001000");
  g_ptr_array_set_size (fixture->county->records, 0);
  save (fixture, B, "mine");
  run (fixture);
  assert_here (fixture, A, NULL);
  assert_there (fixture, B, "mine");
  assert_here (fixture, B, "mine");
}

/* Rows that are passed must be fetched again where the definitions show the role more than they did; what is new has none. */
static void
test_readable_change (Fixture *fixture, gconstpointer data)
{
  mock_county_add (fixture->county, A, "a", 1);
  run (fixture);
  g_ptr_array_set_size (fixture->county->records, 0);
  xh_store_meta_set (fixture->store, "readable", "\nother+\n", NULL);
  run (fixture);
  assert_here (fixture, A, "a");
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 1);
  xh_store_meta_set (fixture->store, "readable", "\nplot+\nplot.village-\n", NULL);
  run (fixture);
  assert_here (fixture, A, NULL);
  mock_county_add (fixture->county, A, "a", 2);
  run (fixture);
  assert_here (fixture, A, "a");
  xh_store_meta_set (fixture->store, "readable", "\nplot-\n", NULL);
  g_ptr_array_set_size (fixture->county->records, 0);
  run (fixture);
  assert_here (fixture, A, NULL);
}

static void
test_ledger_gone (Fixture *fixture, gconstpointer data)
{
  mock_county_add (fixture->county, A, "a", 1);
  run (fixture);
  fixture->county->head = 0;
  run_badly (fixture, XH_SYNC_ERROR_PROTOCOL);
  assert_here (fixture, A, "a");
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  save (fixture, A, "once");
  mock_county_set_hook (fixture->county, fail_pull, GUINT_TO_POINTER (500));
  run_badly (fixture, XH_SYNC_ERROR_SERVER);
  close_store (fixture);
  open_store (fixture);
  mock_county_set_hook (fixture->county, NULL, NULL);
  run (fixture);
  run (fixture);
  g_assert_cmpuint (fixture->county->n_ops, ==, 1);
  assert_left (fixture, 0, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sync/round/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("edits-go-up-and-news-come-down", test_both_ways);
  ADD ("outbox-goes-in-batches-until-it-is-empty", test_batches);
  ADD ("edits-of-one-record-go-one-after-another", test_chain);
  ADD ("rejected-op-goes-to-the-tray-and-blocks-nobody", test_rejected);
  ADD ("conflict-names-values-and-person-and-can-be-resolved", test_conflict);
  ADD ("held-op-stays-and-the-round-ends", test_held);
  ADD ("lost-answer-doubles-nothing", test_lost_answer);
  ADD ("edit-saved-during-a-push-is-not-lost", test_save_during_push);
  ADD ("op-that-the-server-cannot-read-is-found-by-halves", test_poison);
  ADD ("answers-that-lie-acknowledge-nothing", test_push_lies);
  ADD ("gateway-between-files-nothing", test_gateway);
  ADD ("pull-from-nothing-asks-for-own-work-up-to-its-end", test_own);
  ADD ("page-that-is-too-large-comes-in-smaller-ones", test_too_large);
  ADD ("failed-pull-keeps-the-cursor", test_pull_fails);
  ADD ("snapshot-of-nothing-gives-way-to-pages", test_empty_snapshot);
  ADD ("page-that-a-snapshot-overtook-is-asked-for-again", test_overtaken_page);
  ADD ("new-scope-starts-anew-and-keeps-unsent-edits", test_scope_change);
  ADD ("definitions-that-show-more-start-anew", test_readable_change);
  ADD ("shorter-ledger-is-said-and-changes-nothing", test_ledger_gone);
  ADD ("next-start-carries-on", test_killed);
  return g_test_run ();
}
