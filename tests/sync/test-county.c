/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two clients with stores of their own and a real server process between them. Started with --child, this program is a client
 * that dies between its push and the acknowledgement. */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "model/xh-identifiers.h"
#include "person.h"
#include "scratch.h"
#include "server/office.h"
#include "sync/xh-engine.h"

#define FIRST "{\"_id\":\"a\",\"name\":\"甲\",\"relation\":\"spouse\"}"
#define SECOND "{\"_id\":\"b\",\"name\":\"乙\",\"relation\":\"son\"}"

static const char *program;

typedef struct
{
  Office *office;
  char *folder;
  Person anna, bert;
  char *id;           /* (owned) of a household that both have */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL;

  self->office = office_new ();
  self->folder = scratch_new ();
  url = g_strdup_printf ("http://127.0.0.1:%u", self->office->port);
  person_init (&self->anna, self->folder, url, "anna");
  person_init (&self->bert, self->folder, url, "bert");
  self->id = person_add_household (&self->anna, 1);
  person_meet (&self->anna);
  person_meet (&self->bert);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  person_clear (&self->anna);
  person_clear (&self->bert);
  office_free (self->office);
  scratch_remove (self->folder);
  g_free (self->id);
}

static void
test_create (Fixture *self, gconstpointer data)
{
  g_autoptr (XhRecord) mine = xh_store_load (self->anna.store, self->id, NULL);
  g_autoptr (XhRecord) theirs = xh_store_load (self->bert.store, self->id, NULL);

  person_assert_settled (&self->anna, 0);
  g_assert_cmpint (mine->version, >, 0);
  g_assert_cmpint (mine->version, ==, theirs->version);
  g_assert_cmpstr (theirs->division, ==, VILLAGE);
  for (guint i = 0; i < mine->kind->fields->len; i++)
    if (!xh_value_equal (&mine->values[i], &theirs->values[i]))
      g_error ("%s differs", ((XhField *) mine->kind->fields->pdata[i])->name);
}

static void
test_different_fields (Fixture *self, gconstpointer data)
{
  person_edit (&self->anna, self->id, "address", "东大街1号");
  person_edit (&self->bert, self->id, "remark", "看过了");
  person_meet (&self->anna);
  person_meet (&self->bert);
  person_meet (&self->anna);
  person_assert_has (&self->anna, self->id, "address", "东大街1号");
  person_assert_has (&self->anna, self->id, "remark", "看过了");
  person_assert_has (&self->bert, self->id, "address", "东大街1号");
  person_assert_has (&self->bert, self->id, "remark", "看过了");
  person_assert_settled (&self->anna, 0);
  person_assert_settled (&self->bert, 0);
}

static void
test_rows (Fixture *self, gconstpointer data)
{
  g_autoptr (XhRecord) record = NULL;
  const char *members;

  person_edit (&self->anna, self->id, "members", "[" FIRST "]");
  person_edit (&self->bert, self->id, "members", "[" SECOND "]");
  person_meet (&self->anna);
  person_meet (&self->bert);
  person_meet (&self->anna);
  record = xh_store_load (self->anna.store, self->id, NULL);
  members = xh_value_as_text (xh_record_get (record, "members"));
  g_assert_nonnull (strstr (members, "甲"));
  g_assert_nonnull (strstr (members, "乙"));
  person_assert_has (&self->bert, self->id, "members", members);
  person_assert_settled (&self->bert, 0);
}

/* Both edit the address; anna is first. Returns bert's tray item. */
static GPtrArray *
disagree (Fixture *self)
{
  GPtrArray *tray;
  XhTrayItem *item;

  person_edit (&self->anna, self->id, "address", "anna's");
  person_edit (&self->bert, self->id, "address", "bert's");
  person_meet (&self->anna);
  person_meet (&self->bert);
  person_assert_settled (&self->bert, 1);
  person_assert_has (&self->bert, self->id, "address", "anna's");
  tray = xh_store_tray (self->bert.store, NULL);
  item = tray->pdata[0];
  g_assert_cmpstr (item->type, ==, "conflict");
  g_assert_nonnull (strstr (item->detail, "\"name\":\"address\""));
  g_assert_nonnull (strstr (item->detail, "\"mine\":\"bert's\""));
  g_assert_nonnull (strstr (item->detail, "\"theirs\":\"anna's\""));
  g_assert_nonnull (strstr (item->detail, "\"who\":\"anna\""));
  g_assert_nonnull (strstr (item->detail, "\"when\":\"20"));
  return tray;
}

static void
resolve (Fixture *self, const char *choices, const char *expected)
{
  g_autoptr (GPtrArray) tray = disagree (self);
  g_autoptr (GError) error = NULL;

  xh_store_tray_resolve (self->bert.store, ((XhTrayItem *) tray->pdata[0])->number, -1, choices, "bert", &error);
  g_assert_no_error (error);
  person_meet (&self->bert);
  person_meet (&self->anna);
  person_assert_settled (&self->bert, 0);
  person_assert_has (&self->bert, self->id, "address", expected);
  person_assert_has (&self->anna, self->id, "address", expected);
}

static void
test_keep_mine (Fixture *self, gconstpointer data)
{
  resolve (self, "{\"address\":\"bert's\"}", "bert's");
}

static void
test_keep_theirs (Fixture *self, gconstpointer data)
{
  resolve (self, "{\"address\":\"anna's\"}", "anna's");
}

static void
test_conflict_blocks_nobody (Fixture *self, gconstpointer data)
{
  g_autofree char *other = person_add_household (&self->bert, 2);
  g_autoptr (GPtrArray) tray = disagree (self);

  person_meet (&self->anna);
  person_assert_has (&self->anna, other, "head_name", "测试户");
}

static void
test_repeat (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) ops = NULL;
  g_autofree char *json = NULL;
  gsize length;

  person_edit (&self->anna, self->id, "address", "once");
  ops = xh_store_outbox (self->anna.store, 0, NULL);
  json = xh_wire_write_push (ops, self->anna.desk->device, &length);
  for (guint i = 0; i < 3; i++)
    {
      gsize answer_length;
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = xh_client_push (self->anna.client, json, length, &answer_length, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (strstr (answer, "\"applied\""));
    }
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 0);
  g_assert_cmpuint (person_count_history (&self->anna, self->id), ==, 2);
}

/* In the child: signs in, saves, pushes, and is gone before it hears the answer. */
static void
run_child (const char *folder, const char *url, const char *id)
{
  Person anna = { 0 };
  g_autoptr (GPtrArray) ops = NULL;
  g_autofree char *json = NULL, *answer = NULL;
  gsize length;

  person_init (&anna, folder, url, "anna");
  person_edit (&anna, id, "address", "from the grave");
  ops = xh_store_outbox (anna.store, 0, NULL);
  xh_store_mark_sent (anna.store, ops, NULL);
  json = xh_wire_write_push (ops, anna.desk->device, &length);
  answer = xh_client_push (anna.client, json, length, &length, NULL, NULL);
  g_assert_nonnull (answer);
  kill (getpid (), SIGKILL);
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  const char *const argv[] = { program, "--child", self->folder, self->anna.url, self->id, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;

  person_close (&self->anna);
  child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);
  person_open (&self->anna);
  g_assert_cmpuint (xh_store_outbox_count (self->anna.store), ==, 1);
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 0);
  person_assert_has (&self->anna, self->id, "address", "from the grave");
  g_assert_cmpuint (person_count_history (&self->anna, self->id), ==, 2);
  person_meet (&self->bert);
  person_assert_has (&self->bert, self->id, "address", "from the grave");
}

static void
test_rejected (Fixture *self, gconstpointer data)
{
  g_autofree char *other = NULL;

  person_edit (&self->anna, self->id, "head_id", "410421197001011231");
  other = person_add_household (&self->anna, 3);
  person_meet (&self->anna);
  person_assert_settled (&self->anna, 1);
  person_meet (&self->bert);
  person_assert_has (&self->bert, other, "head_name", "测试户");
}

static void
test_edits_in_a_row (Fixture *self, gconstpointer data)
{
  person_edit (&self->anna, self->id, "address", "one");
  person_edit (&self->anna, self->id, "address", "two");
  person_edit (&self->bert, self->id, "remark", "between");
  person_meet (&self->bert);
  person_edit (&self->anna, self->id, "address", "three");
  person_meet (&self->anna);
  person_meet (&self->bert);
  person_assert_settled (&self->anna, 0);
  person_assert_has (&self->anna, self->id, "remark", "between");
  person_assert_has (&self->bert, self->id, "address", "three");
}

static void
test_offline_sign_in (Fixture *self, gconstpointer data)
{
  person_edit (&self->anna, self->id, "address", "kept");
  office_stop (self->office);
  person_close (&self->anna);
  person_open (&self->anna);
  g_assert_true (self->anna.desk->offline);
  g_assert_nonnull (self->anna.desk->last_contact);
  person_assert_has (&self->anna, self->id, "address", "kept");
  office_start (self->office);
}

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 5 && strcmp (argv[1], "--child") == 0)
    {
      run_child (argv[2], argv[3], argv[4]);
      return 1;
    }
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sync/county/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("new-household-is-the-same-on-every-store", test_create);
  ADD ("different-fields-of-one-household-both-survive", test_different_fields);
  ADD ("rows-added-on-both-sides-both-survive", test_rows);
  ADD ("same-field-conflicts-and-mine-can-be-kept", test_keep_mine);
  ADD ("same-field-conflicts-and-theirs-can-be-kept", test_keep_theirs);
  ADD ("conflict-blocks-nothing-else", test_conflict_blocks_nobody);
  ADD ("repeated-push-is-harmless", test_repeat);
  ADD ("client-killed-between-push-and-answer-doubles-nothing", test_killed);
  ADD ("invalid-edit-waits-in-the-tray", test_rejected);
  ADD ("edits-in-a-row-and-an-edit-between-agree", test_edits_in_a_row);
  ADD ("desk-opens-without-the-server", test_offline_sign_in);
  return g_test_run ();
}
