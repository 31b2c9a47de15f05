/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bodies that nobody means well with, a server killed in the middle of pushes, and a ledger that somebody has altered. */
#include <locale.h>
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "office.h"

#define DEVICE "01934f5e-0000-7000-8000-00000000000a"
#define THREADS 4

static void
test_bodies (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *token = office_sign_in (office, "anna", DEVICE);
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *wide = g_strnfill (40000, ' ');
  g_autofree char *op = make_op (NULL, "not-an-id", 0, "\"remark\":\"x\"");
  g_autofree char *bad_id = g_strdup_printf ("{\"device\":\"" DEVICE "\",\"ops\":[%s]}", op);
  g_autofree char *other_device = g_strdup ("{\"device\":\"somebody-else\",\"ops\":[]}");
  const char *bodies[] = {
    "", "{", "[]", "null", "{\"ops\":1}", "{\"device\":\"" DEVICE "\"}", "{\"device\":\"" DEVICE "\",\"ops\":[1]}",
    "{\"device\":\"" DEVICE "\",\"ops\":[{}]}", "\xff\xfe", "{\"device\":\"\\ud800\",\"ops\":[]}", deep, bad_id,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_assert_cmpuint (office_request (office, "POST", "/v1/changes", token, bodies[i], NULL), ==, 400);
  g_assert_cmpuint (office_request (office, "POST", "/v1/changes", token, other_device, NULL), ==, 403);
  for (guint i = 0; i < G_N_ELEMENTS (bodies) - 2; i++)
    g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, bodies[i], NULL), ==, 400);
  g_assert_cmpuint (office_request (office, "POST", "/v1/sessions", NULL, wide, NULL), ==, 413);
  g_assert_cmpuint (office_request (office, "GET", "/v1/status", NULL, NULL, NULL), ==, 200);
}

/* A chunked body has no length to refuse it by: the connection is cut when it has become too long. */
static void
test_endless_body (void)
{
  g_autoptr (Office) office = office_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", office->port, NULL, NULL);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  const char *head = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  g_autofree char *chunk = g_strdup_printf ("1000\r\n%4096s\r\n", "");
  gboolean cut = FALSE;

  g_assert_true (g_output_stream_write_all (out, head, strlen (head), NULL, NULL, NULL));
  for (guint i = 0; i < 100000 && !cut; i++)
    cut = !g_output_stream_write_all (out, chunk, strlen (chunk), NULL, NULL, NULL);
  g_assert_true (cut);
  g_assert_cmpuint (office_request (office, "GET", "/v1/status", NULL, NULL, NULL), ==, 200);
}

/* Values of the wrong type, unknown names, numbers out of range: refused one by one, with a reason. */
static void
test_values (void)
{
  static const char *const sets[] = {
    "\"nothing\":1", "\"head_name\":5", "\"members\":\"[{\"", "\"members\":\"{}\"", "\"land_in\":1e300", "\"business_years\":1.5",
    "\"state\":null", "\"deleted\":2", "\"village\":\"1\"", "\"residence\":\"mars\"", "\"collected_on\":\"2026-02-30\"",
    "\"id\":\"x\"", "\"version\":7", "\"division\":\"" OTHER_VILLAGE "\"", "\"head_name\":\"' OR 1=1; DROP TABLE record; --\\u0001\"",
  };
  g_autoptr (Office) office = office_new ();
  g_autofree char *token = office_sign_in (office, "anna", DEVICE);

  for (guint i = 0; i < G_N_ELEMENTS (sets) - 1; i++)
    {
      g_autofree char *id = xh_uuid_v7_new ();
      g_autofree char *base = make_household (VILLAGE, i);
      g_autofree char *set = g_strdup_printf ("%s,%s", base, sets[i]);
      g_autofree char *op = make_op (NULL, id, 0, set);
      g_autoptr (JsonNode) answers = office_push (office, token, DEVICE, op);

      if (strcmp (answer_status (answers, 0), "rejected") != 0)
        g_error ("%s was %s", sets[i], answer_status (answers, 0));
    }
  office_stop (office);
  g_assert_true (office_check (office));
}

typedef struct
{
  Office *office;
  char *token;          /* (owned) */
  GPtrArray *acknowledged; /* (owned) ids */
  guint first;
  gint *total;
} Pusher;

/* Pushes until there is no server any more. */
static gpointer
push_until_killed (gpointer data)
{
  Pusher *self = data;

  for (guint i = 0;; i++)
    {
      char *id = xh_uuid_v7_new ();
      g_autofree char *set = make_household (VILLAGE, self->first + i);
      g_autofree char *op = make_op (NULL, id, 0, set);
      g_autofree char *body = g_strdup_printf ("{\"device\":\"" DEVICE "\",\"ops\":[%s]}", op);
      g_autoptr (SoupSession) session = soup_session_new ();
      Office view = { .port = self->office->port, .session = session };
      g_autoptr (JsonNode) answer = NULL;
      guint status = office_request (&view, "POST", "/v1/changes", self->token, body, &answer);

      g_free (view.type);
      g_free (view.coding);
      g_free (view.etag);
      if (status == 0)
        {
          g_free (id);
          return NULL;
        }
      g_assert_cmpuint (status, ==, 200);
      g_assert_cmpstr (answer_status (answer, 0), ==, "applied");
      g_ptr_array_add (self->acknowledged, id);
      g_atomic_int_inc (self->total);
    }
}

static void
test_kill (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *reader = NULL;
  g_autoptr (JsonNode) page = NULL;
  Pusher pushers[THREADS];
  GThread *threads[THREADS];
  gint total = 0;

  for (guint i = 0; i < THREADS; i++)
    {
      pushers[i] = (Pusher) { office, office_sign_in (office, "anna", DEVICE), g_ptr_array_new_with_free_func (g_free), i * 5000, &total };
      threads[i] = g_thread_new ("pusher", push_until_killed, &pushers[i]);
    }
  while (g_atomic_int_get (&total) < 100)
    g_thread_yield ();
  office_kill (office);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (office_check (office));
  office_start (office);
  reader = office_sign_in (office, "bert", DEVICE);
  page = office_pull (office, reader, 0, 10000);
  for (guint i = 0; i < THREADS; i++)
    {
      for (guint j = 0; j < pushers[i].acknowledged->len; j++)
        g_assert_true (page_has_row (page, g_ptr_array_index (pushers[i].acknowledged, j)));
      g_ptr_array_unref (pushers[i].acknowledged);
      g_free (pushers[i].token);
    }
}

static void
tamper (Office *office, const char *sql)
{
  g_autofree char *path = g_build_filename (office->data, "xinheng.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_tampering (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *token = office_sign_in (office, "anna", DEVICE);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *id = xh_uuid_v7_new ();
      g_autofree char *set = make_household (VILLAGE, i);
      g_autofree char *op = make_op (NULL, id, 0, set);
      g_autoptr (JsonNode) answers = office_push (office, token, DEVICE, op);

      g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
    }
  office_stop (office);
  g_assert_true (office_check (office));
  tamper (office, "DROP TRIGGER ledger_keep_update; DROP TRIGGER ledger_keep_delete;"
                  "UPDATE ledger SET account = 'olga' WHERE number = 2");
  g_assert_false (office_check (office));
  tamper (office, "UPDATE ledger SET account = 'anna' WHERE number = 2");
  g_assert_true (office_check (office));
  tamper (office, "DELETE FROM ledger WHERE number = 3");
  g_assert_false (office_check (office));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/server/hostile/bodies-are-refused", test_bodies);
  g_test_add_func ("/server/hostile/an-endless-body-is-cut-off", test_endless_body);
  g_test_add_func ("/server/hostile/wrong-values-are-refused-with-a-reason", test_values);
  g_test_add_func ("/server/kill/what-was-acknowledged-is-there", test_kill);
  g_test_add_func ("/server/ledger/altering-it-is-noticed", test_tampering);
  return g_test_run ();
}
