/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stores that no longer hold what the server says, or that should hold something else from now on: what differs is fetched, nothing more. */

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-repair.h"

#define HOUSEHOLDS 6

typedef struct
{
  Office *office;
  char *folder;              /* (owned) */
  Person anna, bert;
  char *ids[HOUSEHOLDS];     /* (owned) the even ones in VILLAGE_2 */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL, *token = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  person_init (&self->anna, self->folder, url, "anna");
  token = office_sign_in (self->office, "tina", "third");
  for (guint i = 0; i < HOUSEHOLDS; i++)
    {
      g_autofree char *members = make_household (i % 2 ? VILLAGE : VILLAGE_2, i + 1);
      g_autofree char *op = NULL;
      g_autoptr (JsonNode) answers = NULL;

      self->ids[i] = g_strdup_printf ("01934f5e-11aa-7d21-b0c4-6f8e9a0b1c2%u", i);
      op = make_op (NULL, self->ids[i], 0, members);
      answers = office_push (self->office, token, "third", op);
      g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
    }
  person_init (&self->bert, self->folder, url, "bert");
  person_meet (&self->anna);
  person_meet (&self->bert);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  person_clear (&self->anna);
  person_clear (&self->bert);
  g_assert_true (office_check (self->office));
  office_free (self->office);
  scratch_remove (self->folder);
  for (guint i = 0; i < HOUSEHOLDS; i++)
    g_free (self->ids[i]);
}

static void
run_sql (Person *person, const char *format, const char *id)
{
  g_autofree char *sql = g_strdup_printf (format, id);

  g_assert_cmpint (sqlite3_exec (xh_store_get_db (person->store), sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static guint
number_of (Person *person, const char *key)
{
  g_autofree char *text = xh_store_meta_get (person->store, key);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

static gboolean
has (Person *person, const char *id)
{
  g_autoptr (XhRecord) record = xh_store_load (person->store, id, NULL);

  return record != NULL;
}

static void
assert_same (Fixture *self)
{
  for (guint i = 0; i < HOUSEHOLDS; i++)
    {
      g_autoptr (XhRecord) mine = xh_store_load (self->anna.store, self->ids[i], NULL);
      g_autoptr (XhRecord) theirs = xh_store_load (self->bert.store, self->ids[i], NULL);

      g_assert_nonnull (mine);
      g_assert_nonnull (theirs);
      g_assert_cmpint (mine->version, ==, theirs->version);
      for (guint j = 0; j < mine->kind->fields->len; j++)
        g_assert_true (xh_value_equal (&mine->values[j], &theirs->values[j]));
    }
}

static XhRepairReport *
verify (Person *person)
{
  g_autoptr (GError) error = NULL;

  xh_repair_wish_verify (person->store, &error);
  g_assert_no_error (error);
  person_meet (person);
  return xh_repair_report (person->store);
}

static void
test_agrees (Fixture *self, gconstpointer data)
{
  g_autoptr (XhRepairReport) report = NULL;

  person_edit (&self->bert, self->ids[0], "address", "edited");
  report = verify (&self->bert);
  g_assert_true (report->agrees);
  g_assert_false (report->wished);
  g_assert_nonnull (report->checked);
  g_assert_cmpuint (report->rows, ==, HOUSEHOLDS);
  g_assert_cmpuint (report->mended, ==, 0);
}

/* A value, a version, a place, a missing row and one that nobody has: each broken by hand. */
static void
test_broken (Fixture *self, gconstpointer data)
{
  g_autoptr (XhRepairReport) report = NULL;

  run_sql (&self->bert, "UPDATE k_household SET address = 'broken' WHERE rid = (SELECT rid FROM record WHERE id = '%s')", self->ids[0]);
  run_sql (&self->bert, "UPDATE record SET version = version - 1 WHERE id = '%s'", self->ids[1]);
  run_sql (&self->bert, "UPDATE record SET division = '" VILLAGE "' WHERE id = '%s'", self->ids[2]);
  g_assert_true (xh_store_forget (self->bert.store, self->ids[3], NULL, NULL));
  run_sql (&self->bert, "UPDATE record SET id = '01934f5e-11aa-7d21-b0c4-6f8e9a0b1c99' WHERE id = '%s'", self->ids[5]);
  report = verify (&self->bert);
  g_assert_true (report->agrees);
  g_assert_cmpuint (report->mended, ==, 6);
  g_assert_false (has (&self->bert, "01934f5e-11aa-7d21-b0c4-6f8e9a0b1c99"));
  assert_same (self);
}

static void
test_unsent_stays (Fixture *self, gconstpointer data)
{
  g_autoptr (XhRepairReport) report = NULL;
  g_autofree char *mine = person_add_household (&self->bert, 9);

  person_edit (&self->bert, mine, "address", "mine");
  run_sql (&self->bert, "UPDATE k_household SET remark = 'broken' WHERE rid = (SELECT rid FROM record WHERE id = '%s')", self->ids[0]);
  report = verify (&self->bert);
  g_assert_true (report->agrees);
  person_assert_has (&self->bert, mine, "address", "mine");
  person_meet (&self->anna);
  assert_same (self);
}

/* Once a day, by one request and without a wish. */
static void
test_daily (Fixture *self, gconstpointer data)
{
  g_assert_true (xh_store_forget (self->bert.store, self->ids[3], NULL, NULL));
  person_meet (&self->bert);
  g_assert_false (has (&self->bert, self->ids[3]));
  run_sql (&self->bert, "UPDATE meta SET value = '2026-01-01T00:00:00Z' WHERE key = '%s'", "checked");
  person_meet (&self->bert);
  assert_same (self);
}

/* What the old scope and the new one have in common stays; the server's ledger is not read again. */
static void
move_to (Fixture *self, const char *division)
{
  g_assert_cmpint (office_command (self->office, NULL, "account", "role", "bert", "--role", "assessor", "--division", division, NULL), ==, 0);
  person_close (&self->bert);
  person_open (&self->bert);
}

static void
test_scope (Fixture *self, gconstpointer data)
{
  gint64 cursor = xh_wire_get_cursor (self->bert.store);

  move_to (self, VILLAGE);
  person_meet (&self->bert);
  g_assert_cmpuint (number_of (&self->bert, "scope-entered"), ==, 0);
  g_assert_cmpuint (number_of (&self->bert, "scope-left"), ==, 3);
  g_assert_cmpint (xh_wire_get_cursor (self->bert.store), ==, cursor);
  for (guint i = 0; i < HOUSEHOLDS; i++)
    g_assert_cmpint (has (&self->bert, self->ids[i]), ==, i % 2 == 1);
  person_edit (&self->anna, self->ids[1], "address", "after the change");
  person_meet (&self->anna);
  move_to (self, TOWNSHIP);
  person_meet (&self->bert);
  /* The one that changed meanwhile came with them. */
  g_assert_cmpuint (number_of (&self->bert, "scope-entered"), ==, 4);
  g_assert_cmpuint (number_of (&self->bert, "scope-left"), ==, 0);
  assert_same (self);
}

static void
test_scope_keeps_unsent (Fixture *self, gconstpointer data)
{
  person_edit (&self->bert, self->ids[0], "address", "typed before the change");
  move_to (self, VILLAGE);
  person_meet (&self->bert);
  g_assert_false (has (&self->bert, self->ids[0]));
  g_assert_cmpuint (xh_store_outbox_count (self->bert.store) + xh_store_tray_count (self->bert.store), ==, 1);
}

/* --- the requests */

static void
test_scope_of_requests (Fixture *self, gconstpointer data)
{
  g_autofree char *token = office_sign_in (self->office, "otto", "fourth");
  g_autofree char *body = g_strdup_printf ("{\"ids\":[\"%s\"]}", self->ids[1]);
  g_autoptr (JsonNode) page = NULL, checksums = NULL, versions = NULL;
  JsonArray *kinds;

  g_assert_cmpuint (office_request (self->office, "POST", "/v1/rows", token, body, &page), ==, 200);
  g_assert_false (page_has_row (page, self->ids[1]));
  g_assert_true (page_has_leave (page, self->ids[1]));
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/checksums", token, NULL, &checksums), ==, 200);
  kinds = json_object_get_array_member (json_node_get_object (checksums), "kinds");
  for (guint i = 0; i < json_array_get_length (kinds); i++)
    g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_array_get_object_element (kinds, i), "groups")), ==, 0);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/versions?kind=household&division=" VILLAGE, token, NULL, &versions), ==, 200);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (versions), "rows")), ==, 0);
}

static void
test_bad_requests (Fixture *self, gconstpointer data)
{
  g_autofree char *token = office_sign_in (self->office, "olga", "fourth");

  g_assert_cmpuint (office_request (self->office, "POST", "/v1/rows", token, "{\"ids\":[\"x\"]}", NULL), ==, 400);
  g_assert_cmpuint (office_request (self->office, "POST", "/v1/rows", token, "{\"ids\":7}", NULL), ==, 400);
  g_assert_cmpuint (office_request (self->office, "POST", "/v1/rows", token, "[]", NULL), ==, 400);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/versions", token, NULL, NULL), ==, 400);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/versions?kind=nothing", token, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/checksums", NULL, NULL, NULL), ==, 401);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/sync/mended/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("what-agrees-is-left-alone", test_agrees);
  ADD ("rows-broken-by-hand-are-mended", test_broken);
  ADD ("unsent-edits-stay", test_unsent_stays);
  ADD ("once-a-day", test_daily);
  ADD ("scope-change-fetches-the-difference", test_scope);
  ADD ("scope-change-keeps-unsent-edits", test_scope_keeps_unsent);
  ADD ("requests-keep-to-the-scope", test_scope_of_requests);
  ADD ("bad-requests-are-refused", test_bad_requests);
#undef ADD
  return g_test_run ();
}
