/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The square of what a person does and what the server answers, in every order that happens. */
#include "store-test.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
assert_op (StoreTest *test, gint64 base, const char *set, const char *before)
{
  g_autoptr (XhOp) op = store_test_first_op (test);

  g_assert_nonnull (op);
  g_assert_cmpint (op->base, ==, base);
  g_assert_cmpstr (op->set, ==, set);
  g_assert_cmpstr (op->before, ==, before);
}

static void
assert_stands (StoreTest *test, const char *id, const char *name, gint64 labour, gint64 version)
{
  g_autoptr (XhRecord) record = store_test_load (test, id);

  g_assert_cmpstr (store_test_text (record, "name"), ==, name);
  g_assert_cmpint (store_test_integer (record, "labour"), ==, labour);
  g_assert_cmpint (store_test_integer (record, "twice"), ==, labour * 2);
  g_assert_cmpint (record->version, ==, version);
}

/* A record the server knows at version 1. */
static XhRecord *
known (StoreTest *test)
{
  XhRecord *record = store_test_plot (test, "东坡", 2);

  record->version = 1;
  store_test_put (test, record);
  return record;
}

static void
edit_labour (StoreTest *test, XhRecord *record, int labour)
{
  store_test_set_integer (record, "labour", labour);
  store_test_set_integer (record, "twice", labour * 2);
  store_test_save (test, record, "labour", "twice", NULL);
}

static void
edit_name (StoreTest *test, XhRecord *record, const char *name)
{
  store_test_set_text (record, "name", name);
  store_test_save (test, record, "name", NULL);
}

static void
adopt (StoreTest *test, XhRecord *theirs)
{
  g_autoptr (GError) error = NULL;

  xh_store_adopt (test->store, theirs, &error);
  g_assert_no_error (error);
}

static void
to_tray (StoreTest *test, const char *type)
{
  g_autoptr (XhOp) op = store_test_first_op (test);
  g_autoptr (GError) error = NULL;

  xh_store_to_tray (test->store, op->op_id, type, "{}", &error);
  g_assert_no_error (error);
  xh_store_to_tray (test->store, op->op_id, type, "{}", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 1);
}

static void
resolve (StoreTest *test, const char *choices)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tray = xh_store_tray (test->store, &error);
  const XhTrayItem *item = g_ptr_array_index (tray, 0);

  xh_store_tray_resolve (test->store, item->number, -1, choices, "li", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 0);
  g_assert_false (xh_store_tray_resolve (test->store, item->number, -1, choices, "li", &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
}

static void
test_add (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);

  store_test_save (test, record, "name", NULL);
  assert_op (test, 0, "{\"labour\":2,\"name\":\"东坡\",\"state\":\"filed\"}", "{}");
  store_test_ack (test, 7);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
  assert_stands (test, record->id, "东坡", 2, 7);
}

static void
test_add_edit (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);

  store_test_save (test, record, "name", NULL);
  edit_labour (test, record, 3);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 2);
  assert_op (test, 0, "{\"labour\":2,\"name\":\"东坡\",\"state\":\"filed\"}", "{}");
  store_test_ack (test, 7);
  assert_op (test, 7, "{\"labour\":3}", "{\"labour\":2}");
  store_test_ack (test, 8);
  assert_stands (test, record->id, "东坡", 3, 8);
}

static void
test_add_delete (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);

  store_test_save (test, record, "name", NULL);
  record->deleted = TRUE;
  store_test_save (test, record, "deleted", NULL);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
  /* Wanted back, it is told whole. */
  record->deleted = FALSE;
  store_test_save (test, record, "deleted", NULL);
  assert_op (test, 0, "{\"labour\":2,\"name\":\"东坡\",\"state\":\"filed\"}", "{}");
}

static void
test_add_sent_delete (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);
  g_autoptr (GPtrArray) ops = NULL;
  g_autoptr (GError) error = NULL;

  store_test_save (test, record, "name", NULL);
  ops = xh_store_outbox (test->store, 0, &error);
  g_assert_true (xh_store_mark_sent (test->store, ops, &error));
  record->deleted = TRUE;
  store_test_save (test, record, "deleted", NULL);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 2);
  store_test_ack (test, 4);
  assert_op (test, 0, "{\"deleted\":1}", "{\"deleted\":0}");
}

static void
test_edit_edit_ack_first (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test);
  g_autoptr (XhOp) first = NULL;
  g_autoptr (GError) error = NULL;

  edit_labour (test, record, 3);
  edit_labour (test, record, 4);
  first = store_test_first_op (test);
  assert_op (test, 1, "{\"labour\":3}", "{\"labour\":2}");
  store_test_ack (test, 5);
  assert_stands (test, record->id, "东坡", 4, 5);
  assert_op (test, 5, "{\"labour\":4}", "{\"labour\":3}");
  /* The answer comes again. */
  g_assert_true (xh_store_ack (test->store, first->op_id, 5, &error));
  assert_op (test, 5, "{\"labour\":4}", "{\"labour\":3}");
  store_test_ack (test, 6);
  assert_stands (test, record->id, "东坡", 4, 6);
}

static void
test_edit_delete (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test);

  edit_labour (test, record, 3);
  record->deleted = TRUE;
  store_test_save (test, record, "deleted", NULL);
  store_test_ack (test, 5);
  /* Version 5 may hold what others did: the server knows which of it is ours. */
  assert_op (test, 1, "{\"deleted\":1}", "{\"deleted\":0}");
}

static void
test_delete_adopt (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = NULL;

  record->deleted = TRUE;
  store_test_save (test, record, "deleted", NULL);
  theirs = store_test_theirs (test, record->id, 9);
  store_test_set_integer (theirs, "labour", 8);
  adopt (test, theirs);
  assert_op (test, 1, "{\"deleted\":1}", "{\"deleted\":0}");
}

static void
test_edit_adopt_other_field (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = NULL;

  edit_labour (test, record, 3);
  theirs = store_test_theirs (test, record->id, 9);
  store_test_set_text (theirs, "name", "西坡");
  store_test_set_integer (theirs, "labour", 2);
  store_test_set_integer (theirs, "twice", 4);
  adopt (test, theirs);
  assert_stands (test, record->id, "西坡", 3, 9);
  assert_op (test, 9, "{\"labour\":3}", "{\"labour\":2}");
}

static void
test_edit_adopt_same_field (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = NULL;

  edit_labour (test, record, 3);
  theirs = store_test_theirs (test, record->id, 9);
  store_test_set_integer (theirs, "labour", 8);
  adopt (test, theirs);
  /* Mine is shown, and the server will find that somebody else meant the same field. */
  assert_stands (test, record->id, "东坡", 3, 9);
  assert_op (test, 1, "{\"labour\":3}", "{\"labour\":2}");
}

static void
test_adopt_older (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = store_test_theirs (test, record->id, 9), older = NULL;

  adopt (test, theirs);
  older = store_test_theirs (test, record->id, 3);
  store_test_set_text (older, "name", "old");
  adopt (test, older);
  assert_stands (test, record->id, "东坡", 2, 9);
}

/* The form stays open while the engine sends: the next save is no conflict with oneself. */
static void
test_save_after_own_ack (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test);

  edit_labour (test, record, 3);
  record->version = 1;
  store_test_ack (test, 5);
  edit_labour (test, record, 4);
  assert_op (test, 5, "{\"labour\":4}", "{\"labour\":3}");
}

static void
test_save_after_foreign_change (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = store_test_theirs (test, record->id, 5);

  store_test_set_text (theirs, "name", "西坡");
  store_test_put (test, theirs);
  edit_labour (test, record, 3);
  /* The other's name stays, and the base is what the person saw. */
  assert_stands (test, record->id, "西坡", 3, 5);
  assert_op (test, 1, "{\"labour\":3}", "{\"labour\":2}");
}

static void
test_conflict_theirs (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = NULL;

  edit_labour (test, record, 3);
  to_tray (test, "conflict");
  assert_stands (test, record->id, "东坡", 2, 1);
  theirs = store_test_theirs (test, record->id, 9);
  store_test_set_integer (theirs, "labour", 8);
  store_test_set_integer (theirs, "twice", 16);
  adopt (test, theirs);
  resolve (test, "{\"labour\":8}");
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
  assert_stands (test, record->id, "东坡", 8, 9);
}

static void
test_conflict_mine (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = NULL;

  edit_labour (test, record, 3);
  to_tray (test, "conflict");
  theirs = store_test_theirs (test, record->id, 9);
  store_test_set_integer (theirs, "labour", 8);
  adopt (test, theirs);
  resolve (test, "{\"labour\":3}");
  assert_op (test, 9, "{\"labour\":3}", "{\"labour\":8}");
  assert_stands (test, record->id, "东坡", 3, 9);
}

static void
test_conflict_mixed (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), theirs = NULL;

  store_test_set_text (record, "name", "北坡");
  store_test_set_integer (record, "labour", 3);
  store_test_save (test, record, "name", "labour", NULL);
  to_tray (test, "conflict");
  theirs = store_test_theirs (test, record->id, 9);
  store_test_set_text (theirs, "name", "西坡");
  store_test_set_integer (theirs, "labour", 8);
  adopt (test, theirs);
  resolve (test, "{\"name\":\"北坡\",\"labour\":8}");
  assert_op (test, 9, "{\"name\":\"北坡\"}", "{\"name\":\"西坡\"}");
  assert_stands (test, record->id, "北坡", 8, 9);
}

static void
test_later_op_waits (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), other = store_test_plot (test, "南坡", 1);
  g_autoptr (XhOp) op = NULL;
  g_autoptr (GPtrArray) whole = NULL;

  edit_labour (test, record, 3);
  edit_name (test, record, "北坡");
  store_test_save (test, other, "name", NULL);
  to_tray (test, "rejected");
  assert_stands (test, record->id, "北坡", 2, 1);
  op = store_test_first_op (test);
  g_assert_cmpstr (op->record, ==, other->id);
  whole = xh_store_outbox_whole (test->store, NULL);
  g_assert_cmpuint (whole->len, ==, 1);
  g_assert_cmpstr (((const XhOp *) whole->pdata[0])->record, ==, other->id);
  resolve (test, "{}");
  assert_op (test, 1, "{\"name\":\"北坡\"}", "{\"name\":\"东坡\"}");
}

static void
test_rejected_field_edited_again (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test);

  edit_labour (test, record, 3);
  edit_labour (test, record, 4);
  to_tray (test, "rejected");
  assert_stands (test, record->id, "东坡", 4, 1);
  resolve (test, "{}");
  assert_op (test, 1, "{\"labour\":4}", "{\"labour\":2}");
}

static void
test_rejected_then_corrected (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test);

  edit_labour (test, record, -3);
  to_tray (test, "rejected");
  assert_stands (test, record->id, "东坡", 2, 1);
  resolve (test, "{\"labour\":5}");
  assert_op (test, 1, "{\"labour\":5}", "{\"labour\":2}");
}

static void
test_rejected_create (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);

  store_test_save (test, record, "name", NULL);
  edit_labour (test, record, 3);
  to_tray (test, "rejected");
  assert_stands (test, record->id, "东坡", 3, 0);
  resolve (test, "{\"name\":\"西坡\"}");
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
  assert_op (test, 0, "{\"labour\":3,\"name\":\"西坡\",\"state\":\"filed\"}", "{}");
}

static void
test_rejected_create_given_up (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2), stands = NULL;

  store_test_save (test, record, "name", NULL);
  to_tray (test, "rejected");
  resolve (test, "{}");
  stands = store_test_load (test, record->id);
  g_assert_true (stands->deleted);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
}

/* Made on nothing, refused, and the row has gone with the old area: it can still be put away. */
static void
test_item_without_row (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);

  store_test_save (test, record, "name", NULL);
  to_tray (test, "rejected");
  g_assert_true (xh_store_forget (test->store, record->id, NULL, NULL));
  resolve (test, "{}");
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 0);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
}

static void
test_forget_keeps_what_was_typed (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), draft = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *kind = NULL, *found = NULL;

  edit_labour (test, record, 3);
  g_assert_true (xh_store_draft_put (test->store, record, &error));
  g_assert_true (xh_store_forget (test->store, record->id, &kind, &error));
  g_assert_cmpstr (kind, ==, "plot");
  g_assert_null (xh_store_load (test->store, record->id, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
  found = store_test_find (test, "东坡");
  g_assert_cmpstr (found, ==, "");
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
  g_assert_true (xh_store_forget (test->store, record->id, NULL, NULL));
  g_clear_error (&error);
  draft = xh_store_draft_get (test->store, record->id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (draft);
}

static void
test_draft (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2), draft = NULL, gone = NULL;
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;

  record->division = g_strdup ("410421100001");
  g_assert_true (xh_store_draft_put (test->store, record, &error));
  store_test_reopen (test, XH_STORE_CLIENT);
  draft = xh_store_draft_get (test->store, record->id, &error);
  g_assert_cmpstr (store_test_text (draft, "name"), ==, "东坡");
  g_assert_cmpstr (draft->division, ==, "410421100001");
  drafts = xh_store_drafts (test->store, &error);
  g_assert_cmpuint (drafts->len, ==, 1);
  store_test_save (test, record, "name", NULL);
  gone = xh_store_draft_get (test->store, record->id, &error);
  g_assert_null (gone);
  g_assert_no_error (error);
}

/* --- a power cut, as near as a test comes to one */

static void
save_until_killed (const char *path, XhCatalog *catalog, int report)
{
  g_autoptr (XhStore) store = xh_store_open (path, catalog, XH_STORE_CLIENT, NULL);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  g_ptr_array_add (changed, (gpointer) "name");
  while (TRUE)
    {
      g_autoptr (XhRecord) record = xh_record_new (xh_catalog_find_kind (catalog, "plot"), NULL);

      store_test_set_text (record, "name", "张三");
      if (!xh_store_save (store, record, changed, "li", NULL) || write (report, record->id, 36) != 36)
        _exit (1);
    }
}

static guint
check_reported (StoreTest *test, int report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = NULL;
  g_autoptr (GHashTable) queued = g_hash_table_new (g_str_hash, g_str_equal);
  char id[37] = { 0 };
  guint n = 0;

  store_test_reopen (test, XH_STORE_CLIENT);
  ops = xh_store_outbox (test->store, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ops->len; i++)
    g_hash_table_add (queued, ((XhOp *) g_ptr_array_index (ops, i))->record);
  for (; read (report, id, 36) == 36; n++)
    {
      g_autoptr (XhRecord) record = store_test_load (test, id);

      g_assert_nonnull (record);
      g_assert_true (g_hash_table_contains (queued, id));
    }
  return n;
}

static void
test_killed (StoreTest *test, gconstpointer data)
{
  int ends[2], status;
  pid_t child;
  char id[36];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_clear_pointer (&test->store, xh_store_close);
  child = fork ();
  if (child == 0)
    {
      close (ends[0]);
      save_until_killed (test->path, test->catalog, ends[1]);
    }
  close (ends[1]);
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (read (ends[0], id, 36), ==, 36);
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  check_reported (test, ends[0]);
  close (ends[0]);
  g_assert_cmpuint (xh_store_outbox_count (test->store), >=, 20);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/outbox/creation-is-told-whole", test_add);
  STORE_TEST ("/store/outbox/add-edit", test_add_edit);
  STORE_TEST ("/store/outbox/add-delete-tells-nothing", test_add_delete);
  STORE_TEST ("/store/outbox/add-sent-delete-tells-both", test_add_sent_delete);
  STORE_TEST ("/store/outbox/edit-edit-ack-first-leaves-second", test_edit_edit_ack_first);
  STORE_TEST ("/store/outbox/edit-delete", test_edit_delete);
  STORE_TEST ("/store/outbox/delete-keeps-the-base-that-was-seen", test_delete_adopt);
  STORE_TEST ("/store/outbox/edit-adopt-other-field-moves-base", test_edit_adopt_other_field);
  STORE_TEST ("/store/outbox/edit-adopt-same-field-keeps-base", test_edit_adopt_same_field);
  STORE_TEST ("/store/outbox/older-row-is-passed-over", test_adopt_older);
  STORE_TEST ("/store/outbox/save-after-own-ack-is-no-conflict", test_save_after_own_ack);
  STORE_TEST ("/store/outbox/save-after-foreign-change-keeps-both", test_save_after_foreign_change);
  STORE_TEST ("/store/tray/conflict-resolved-theirs-queues-nothing", test_conflict_theirs);
  STORE_TEST ("/store/tray/conflict-resolved-mine", test_conflict_mine);
  STORE_TEST ("/store/tray/conflict-resolved-mixed", test_conflict_mixed);
  STORE_TEST ("/store/tray/later-op-of-the-record-waits", test_later_op_waits);
  STORE_TEST ("/store/tray/rejected-field-edited-again-stays", test_rejected_field_edited_again);
  STORE_TEST ("/store/tray/rejected-then-corrected", test_rejected_then_corrected);
  STORE_TEST ("/store/tray/rejected-creation-is-made-again-whole", test_rejected_create);
  STORE_TEST ("/store/tray/rejected-creation-given-up", test_rejected_create_given_up);
  STORE_TEST ("/store/tray/item-whose-row-left-is-put-away", test_item_without_row);
  STORE_TEST ("/store/outbox/forgotten-record-keeps-what-was-typed", test_forget_keeps_what_was_typed);
  STORE_TEST ("/store/drafts/survive-and-go-with-the-save", test_draft);
  STORE_TEST ("/store/outbox/killed-while-saving-loses-nothing-reported", test_killed);
  return g_test_run ();
}
