/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server process that is restored from an older copy of its database, or replaced by another: its clients notice, change nothing, and
 * go on when a person says so. */

#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-repair.h"
#include "sync/xh-round-anew-private.h"

typedef struct
{
  Office *office;
  char *folder, *backup; /* (owned) */
  Person anna, bert;
  char *id;              /* (owned) of a household that both have */
} Fixture;

static void
run (const char *program, const char *argument, const char *from, const char *to)
{
  const char *argv[] = { program, argument, from, to, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
back_up (Fixture *self)
{
  office_stop (self->office);
  run ("cp", "-a", self->office->data, self->backup);
  office_start (self->office);
}

static void
restore (Fixture *self)
{
  office_stop (self->office);
  run ("rm", "-rf", self->office->data, self->office->data);
  run ("cp", "-a", self->backup, self->office->data);
  office_start (self->office);
}

/* The port is another after each start. */
static void
find_office (Fixture *self, Person *person)
{
  g_free (person->url);
  person->url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  g_clear_pointer (&person->client, xh_client_free);
  person->client = xh_client_new (person->url, person->desk->device);
  xh_client_set_token (person->client, person->desk->profile->token);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  self->backup = g_build_filename (self->folder, "backup", NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  person_init (&self->anna, self->folder, url, "anna");
  person_init (&self->bert, self->folder, url, "bert");
  self->id = person_add_household (&self->anna, 1);
  person_meet (&self->anna);
  person_meet (&self->bert);
  back_up (self);
  find_office (self, &self->anna);
  find_office (self, &self->bert);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  person_clear (&self->anna);
  person_clear (&self->bert);
  office_free (self->office);
  scratch_remove (self->folder);
  g_free (self->backup);
  g_free (self->id);
}

static void
assert_differs (Person *person)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (xh_engine_run_once (person->desk, person->store, person->client, NULL, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_DIFFERS);
}

static gint64
cursor (Person *person)
{
  return xh_wire_get_cursor (person->store);
}

/* The copy lacks what bert has seen. Others write on, so that the ledger grows past his cursor with other entries. */
static void
lose_changes (Fixture *self)
{
  person_edit (&self->anna, self->id, "address", "lost on the server");
  person_meet (&self->anna);
  person_meet (&self->bert);
  restore (self);
  find_office (self, &self->anna);
  find_office (self, &self->bert);
}

static void
test_shorter (Fixture *self, gconstpointer data)
{
  gint64 before;

  lose_changes (self);
  before = cursor (&self->bert);
  person_edit (&self->bert, self->id, "remark", "not sent");
  assert_differs (&self->bert);
  g_assert_cmpint (cursor (&self->bert), ==, before);
  g_assert_cmpuint (xh_store_outbox_count (self->bert.store), ==, 1);
  g_assert_cmpuint (xh_store_tray_count (self->bert.store), ==, 0);
  person_assert_has (&self->bert, self->id, "address", "lost on the server");
  person_assert_has (&self->bert, self->id, "remark", "not sent");
}

static void
grow (Fixture *self, const char *token, gint64 base)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *set = g_strdup_printf ("\"remark\":\"other %u\"", i);
      g_autofree char *op = make_op (NULL, self->id, base, set);
      g_autoptr (JsonNode) answers = office_push (self->office, token, "third", op);

      base = answer_version (answers, 0);
      g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
    }
}

/* The new entries have the numbers that bert knows by other hashes: nothing of his may be merged into them. */
static void
test_longer (Fixture *self, gconstpointer data)
{
  g_autofree char *token = NULL;
  gint64 before;

  lose_changes (self);
  before = cursor (&self->bert);
  token = office_sign_in (self->office, "tina", "third");
  grow (self, token, before - 1);
  person_edit (&self->bert, self->id, "remark", "not sent");
  assert_differs (&self->bert);
  assert_differs (&self->bert);
  g_assert_cmpint (cursor (&self->bert), ==, before);
  g_assert_cmpuint (xh_store_outbox_count (self->bert.store), ==, 1);
  person_assert_has (&self->bert, self->id, "remark", "not sent");
}

/* The answer to a push has come, the pull that was to follow has not: the ledger's end is known all the same. */
static void
test_cut_behind_push (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *other = NULL;

  person_edit (&self->anna, self->id, "address", "lost on the server");
  person_meet (&self->anna);
  sqlite3_exec (xh_store_get_db (self->anna.store), "UPDATE meta SET value = value - 1 WHERE key = 'cursor'", NULL, NULL, NULL);
  restore (self);
  find_office (self, &self->anna);
  other = person_add_household (&self->anna, 2);
  assert_differs (&self->anna);
  g_assert_cmpuint (xh_store_outbox_count (self->anna.store), ==, 1);
}

static void
test_foreign (Fixture *self, gconstpointer data)
{
  Office *other = office_new ();
  Office *own = self->office;
  g_autofree char *token = NULL;

  self->office = other;
  find_office (self, &self->bert);
  token = office_sign_in (other, "bert", self->bert.desk->device);
  xh_client_set_token (self->bert.client, token);
  person_edit (&self->bert, self->id, "remark", "not sent");
  assert_differs (&self->bert);
  g_assert_cmpuint (xh_store_outbox_count (self->bert.store), ==, 1);
  self->office = own;
  office_free (other);
}

/* A copy that has everything that a client has seen is no other ledger. */
static void
test_same (Fixture *self, gconstpointer data)
{
  restore (self);
  find_office (self, &self->bert);
  person_edit (&self->bert, self->id, "remark", "sent");
  person_meet (&self->bert);
  person_assert_settled (&self->bert, 0);
}

static gint64
era_of (Person *person, const char *id)
{
  g_autoptr (XhRecord) record = xh_store_load (person->store, id, NULL);

  return record->era;
}

static guint
count_copies (Person *person)
{
  g_autoptr (GDir) dir = g_dir_open (person->desk->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, "store-") && g_str_has_suffix (name, ".db");
  return n;
}

/* Where nobody else wrote, the edit arrives; where others did, a person is asked; what the server no longer has is in the tray. */
static void
test_anew (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL, *lost = person_add_household (&self->anna, 2);
  const gint64 epoch = xh_store_get_epoch (self->bert.store);

  person_meet (&self->anna);
  lose_changes (self);
  token = office_sign_in (self->office, "tina", "third");
  grow (self, token, cursor (&self->bert) - 2);
  person_edit (&self->bert, self->id, "phone", "13800000000");
  person_edit (&self->anna, self->id, "remark", "mine");
  person_edit (&self->anna, lost, "remark", "of a record that is gone");
  assert_differs (&self->anna);
  assert_differs (&self->bert);
  xh_repair_wish_anew (self->bert.store, &error);
  g_assert_no_error (error);
  person_meet (&self->bert);
  /* Other records may have the row ids now. */
  g_assert_false (xh_store_check_epoch (self->bert.store, epoch, NULL));
  person_assert_settled (&self->bert, 0);
  person_assert_has (&self->bert, self->id, "phone", "13800000000");
  person_assert_has (&self->bert, self->id, "remark", "other 4");
  g_assert_cmpuint (count_copies (&self->bert), ==, 1);
  xh_repair_wish_anew (self->anna.store, &error);
  g_assert_no_error (error);
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 2);
  person_assert_has (&self->anna, self->id, "remark", "other 4");
  person_assert_has (&self->anna, self->id, "phone", "13800000000");
  person_meet (&self->anna);
  g_assert_cmpuint (count_copies (&self->anna), ==, 1);
}

/* Somebody starts anew where nothing is wrong: without contact nothing goes; then everything is read again, and what is not sent keeps its base. */
static void
test_anew_same (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 era;

  person_edit (&self->bert, self->id, "remark", "not sent");
  era = era_of (&self->bert, self->id);
  g_assert_true (xh_repair_wish_anew (self->bert.store, NULL));
  office_stop (self->office);
  g_assert_false (xh_engine_run_once (self->bert.desk, self->bert.store, self->bert.client, NULL, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE);
  person_assert_has (&self->bert, self->id, "remark", "not sent");
  office_start (self->office);
  find_office (self, &self->bert);
  person_meet (&self->bert);
  person_assert_settled (&self->bert, 0);
  person_assert_has (&self->bert, self->id, "remark", "not sent");
  g_assert_cmpint (era_of (&self->bert, self->id), ==, era);
  g_assert_cmpuint (count_copies (&self->bert), ==, 1);
}

/* Put back again, before the store that began anew has read a page: it is noticed all the same. */
static void
test_anew_twice (Fixture *self, gconstpointer data)
{
  const guint differing = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *other = NULL;

  if (differing)
    {
      lose_changes (self);
      other = person_add_household (&self->anna, 2);
      g_assert_true (xh_repair_wish_anew (self->anna.store, NULL));
      person_meet (&self->anna); /* the ledger goes on */
    }
  else
    {
      person_edit (&self->anna, self->id, "address", "lost on the server");
      person_meet (&self->anna);
      person_meet (&self->bert);
    }
  g_assert_true (xh_repair_wish_anew (self->bert.store, NULL));
  /* As a program leaves it that was killed behind the first step. */
  {
    XhRound round;

    xh_round_init (&round, self->bert.desk, self->bert.store, self->bert.client);
    g_assert_true (xh_round_anew (&round, &error));
    g_assert_no_error (error);
    xh_round_clear (&round);
  }
  g_assert_cmpint (cursor (&self->bert), ==, 0);
  restore (self);
  find_office (self, &self->bert);
  assert_differs (&self->bert);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/sync/restored/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("shorter-ledger-changes-nothing", test_shorter);
  ADD ("longer-ledger-with-other-entries-changes-nothing", test_longer);
  ADD ("cut-behind-push-is-noticed", test_cut_behind_push);
  ADD ("foreign-server-gets-nothing", test_foreign);
  ADD ("complete-copy-is-the-same-ledger", test_same);
  ADD ("anew-loses-nothing", test_anew);
  ADD ("anew-where-nothing-is-wrong", test_anew_same);
  ADD ("put-back-behind-starting-anew-is-noticed", test_anew_twice);
  g_test_add ("/sync/restored/put-back-twice-is-noticed-twice", Fixture, GUINT_TO_POINTER (1), set_up, test_anew_twice, tear_down);
#undef ADD
  return g_test_run ();
}
