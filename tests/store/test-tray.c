/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person can do with a change the server did not accept: put it aside, decide, take the decision back. Nothing is lost on any way. */
#include "store-test.h"

#include <locale.h>

/* A record the server knows at version 1, whose labour was set to 3 here and that is in the tray. */
static XhRecord *
refused_edit (StoreTest *test, const char *type)
{
  XhRecord *record = store_test_plot (test, "东坡", 2);
  g_autoptr (XhOp) op = NULL;
  g_autoptr (GError) error = NULL;

  record->version = 1;
  store_test_put (test, record);
  store_test_set_integer (record, "labour", 3);
  store_test_save (test, record, "labour", NULL);
  op = store_test_first_op (test);
  xh_store_to_tray (test->store, op->op_id, type, "{}", &error);
  g_assert_no_error (error);
  return record;
}

static void
adopt_labour (StoreTest *test, const char *id, gint64 version, int labour)
{
  g_autoptr (XhRecord) theirs = store_test_theirs (test, id, version);
  g_autoptr (GError) error = NULL;

  store_test_set_integer (theirs, "labour", labour);
  xh_store_adopt (test->store, theirs, &error);
  g_assert_no_error (error);
}

static gint64
only_item (StoreTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tray = xh_store_tray (test->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tray->len, ==, 1);
  return ((XhTrayItem *) g_ptr_array_index (tray, 0))->number;
}

static void
decide (StoreTest *test, gint64 number, const char *choices)
{
  g_autoptr (GError) error = NULL;

  xh_store_tray_resolve (test->store, number, -1, choices, "li", &error);
  g_assert_no_error (error);
}

static void
undo (StoreTest *test, gint64 number)
{
  g_autoptr (GError) error = NULL;

  xh_store_tray_undo (test->store, number, &error);
  g_assert_no_error (error);
  g_assert_false (xh_store_tray_undo (test->store, number, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
}

static gint64
labour_of (StoreTest *test, const char *id)
{
  g_autoptr (XhRecord) record = store_test_load (test, id);

  return store_test_integer (record, "labour");
}

static void
park (StoreTest *test, gint64 number, gboolean parked)
{
  g_autoptr (GError) error = NULL;

  xh_store_tray_park (test->store, number, parked, &error);
  g_assert_no_error (error);
}

static void
test_park (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "rejected");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tray = NULL;
  const gint64 number = only_item (test);

  park (test, number, TRUE);
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 0);
  tray = xh_store_tray (test->store, &error);
  g_assert_nonnull (((XhTrayItem *) g_ptr_array_index (tray, 0))->parked_at);
  park (test, number, FALSE);
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 1);
  park (test, number, TRUE);
  decide (test, number, "{\"labour\":5}");
  g_assert_cmpint (labour_of (test, record->id), ==, 5);
  g_assert_false (xh_store_tray_park (test->store, number, TRUE, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
}

/* A parked edit holds nothing up; a parked creation holds up what only makes sense after it. */
static void
test_park_frees (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "rejected");
  g_autoptr (XhOp) before = NULL, after = NULL;

  store_test_set_text (record, "name", "北坡");
  store_test_save (test, record, "name", NULL);
  before = store_test_first_op (test);
  g_assert_null (before);
  park (test, only_item (test), TRUE);
  after = store_test_first_op (test);
  g_assert_cmpstr (after->set, ==, "{\"name\":\"北坡\"}");
}

static void
test_park_create (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);
  g_autoptr (XhOp) op = NULL, later = NULL;

  store_test_save (test, record, "name", NULL);
  op = store_test_first_op (test);
  g_assert_true (xh_store_to_tray (test->store, op->op_id, "rejected", "{}", NULL));
  store_test_set_text (record, "name", "北坡");
  store_test_save (test, record, "name", NULL);
  park (test, only_item (test), TRUE);
  later = store_test_first_op (test);
  g_assert_null (later);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
}

static void
test_undo_unsent (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "conflict");
  const gint64 number = only_item (test);

  adopt_labour (test, record->id, 9, 8);
  decide (test, number, "{\"labour\":3}");
  g_assert_cmpint (labour_of (test, record->id), ==, 3);
  undo (test, number);
  g_assert_cmpint (labour_of (test, record->id), ==, 8);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
  g_assert_cmpint (only_item (test), ==, number);
  decide (test, number, "{\"labour\":3}");
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
}

/* The server has the decision already: it stands until the person decides anew, and then theirs can still be chosen. */
static void
test_undo_accepted (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "conflict");
  const gint64 number = only_item (test);
  g_autoptr (XhOp) op = NULL;

  adopt_labour (test, record->id, 9, 8);
  decide (test, number, "{\"labour\":3}");
  store_test_ack (test, 10);
  undo (test, number);
  g_assert_cmpint (labour_of (test, record->id), ==, 3);
  decide (test, number, "{\"labour\":8}");
  op = store_test_first_op (test);
  g_assert_cmpint (op->base, ==, 10);
  g_assert_cmpstr (op->set, ==, "{\"labour\":8}");
}

/* The decision's own op was refused: it asks for itself, and the first item stays decided. */
static void
test_undo_refused (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "rejected");
  const gint64 number = only_item (test);
  g_autoptr (XhOp) op = NULL;
  g_autoptr (GError) error = NULL;

  decide (test, number, "{\"labour\":4}");
  op = store_test_first_op (test);
  g_assert_true (xh_store_to_tray (test->store, op->op_id, "rejected", "{}", &error));
  g_assert_false (xh_store_tray_undo (test->store, number, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID);
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 1);
}

static void
test_undo_give_up (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "rejected");
  const gint64 number = only_item (test);
  g_autoptr (GPtrArray) decisions = NULL;
  const XhDecision *decision;

  decide (test, number, "{}");
  g_assert_cmpuint (xh_store_tray_count (test->store), ==, 0);
  decisions = xh_store_decisions (test->store, 10, NULL);
  g_assert_cmpuint (decisions->len, ==, 1);
  decision = g_ptr_array_index (decisions, 0);
  g_assert_cmpstr (decision->choices, ==, "{}");
  g_assert_cmpstr (decision->decided_by, ==, "li");
  g_assert_cmpstr (decision->item->op.set, ==, "{\"labour\":3}");
  undo (test, number);
  g_assert_cmpint (only_item (test), ==, number);
}

/* A creation that was given up, and its later edit, come back as they were. */
static void
test_undo_give_up_create (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2), stands = NULL;
  g_autoptr (XhOp) op = NULL;
  gint64 number;

  store_test_save (test, record, "name", NULL);
  op = store_test_first_op (test);
  g_assert_true (xh_store_to_tray (test->store, op->op_id, "rejected", "{}", NULL));
  store_test_set_text (record, "name", "北坡");
  store_test_save (test, record, "name", NULL);
  number = only_item (test);
  decide (test, number, "{}");
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
  undo (test, number);
  stands = store_test_load (test, record->id);
  g_assert_false (stands->deleted);
  g_assert_cmpstr (store_test_text (stands, "name"), ==, "北坡");
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
  /* Decided anew, it is told whole. */
  decide (test, number, "{\"labour\":4}");
  g_clear_pointer (&op, xh_op_free);
  op = store_test_first_op (test);
  g_assert_cmpstr (op->set, ==, "{\"labour\":4,\"name\":\"北坡\",\"state\":\"filed\"}");
  undo (test, number);
  g_assert_cmpint (labour_of (test, record->id), ==, 2);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 1);
}

/* The record left the area: its item, and what waited behind it, can be put away and brought back. */
static void
test_undo_without_row (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "conflict");
  const gint64 number = only_item (test);

  g_assert_true (xh_store_forget (test->store, record->id, NULL, NULL));
  decide (test, number, "{}");
  undo (test, number);
  g_assert_cmpint (only_item (test), ==, number);
}

/* Somebody changed it after the page showed it: nothing is written over, and the item waits to be looked at again. */
static void
test_moved (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "conflict");
  const gint64 number = only_item (test);
  g_autoptr (GError) error = NULL;

  adopt_labour (test, record->id, 9, 8);
  adopt_labour (test, record->id, 12, 11);
  g_assert_false (xh_store_tray_resolve (test->store, number, 9, "{\"labour\":8}", "li", &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_MOVED);
  g_clear_error (&error);
  g_assert_false (xh_store_tray_resolve (test->store, number, 9, "{}", "li", &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_MOVED);
  g_assert_cmpint (labour_of (test, record->id), ==, 11);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
  g_assert_cmpint (only_item (test), ==, number);
  g_assert_true (xh_store_tray_resolve (test->store, number, 12, "{}", "li", NULL));
  g_assert_cmpint (labour_of (test, record->id), ==, 11);
  g_assert_cmpuint (xh_store_outbox_count (test->store), ==, 0);
}

static gboolean
is_exported (StoreTest *test)
{
  g_autoptr (GPtrArray) tray = xh_store_tray (test->store, NULL);

  return ((XhTrayItem *) g_ptr_array_index (tray, 0))->exported_at != NULL;
}

/* That an item is in a sheet is a fact of the item: it outlives a restart, a decision that is taken back, and its row. */
static void
test_exported (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = refused_edit (test, "rejected");
  const gint64 number = only_item (test), gone = number + 7;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_array_append_val (numbers, number);
  g_array_append_val (numbers, gone);
  g_assert_false (is_exported (test));
  g_assert_true (xh_store_tray_note_exported (test->store, numbers, &error));
  g_assert_no_error (error);
  store_test_reopen (test, XH_STORE_CLIENT);
  g_assert_true (is_exported (test));
  g_assert_true (xh_store_forget (test->store, record->id, NULL, NULL));
  g_assert_true (is_exported (test));
  decide (test, number, "{}");
  undo (test, number);
  g_assert_true (is_exported (test));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/tray/parked-is-not-counted-and-can-be-decided", test_park);
  STORE_TEST ("/store/tray/parked-edit-frees-later-ops", test_park_frees);
  STORE_TEST ("/store/tray/parked-creation-holds-later-ops", test_park_create);
  STORE_TEST ("/store/tray/undo-of-unsent-decision-restores-the-row", test_undo_unsent);
  STORE_TEST ("/store/tray/undo-of-accepted-decision-asks-again", test_undo_accepted);
  STORE_TEST ("/store/tray/undo-of-refused-decision-is-refused", test_undo_refused);
  STORE_TEST ("/store/tray/given-up-is-kept-and-comes-back", test_undo_give_up);
  STORE_TEST ("/store/tray/given-up-creation-comes-back-with-later-edits", test_undo_give_up_create);
  STORE_TEST ("/store/tray/item-whose-row-left-comes-back", test_undo_without_row);
  STORE_TEST ("/store/tray/record-that-moved-is-looked-at-again", test_moved);
  STORE_TEST ("/store/tray/exported-is-remembered", test_exported);
  return g_test_run ();
}
