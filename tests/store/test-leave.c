/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A ledger is left, and in the next one the same numbers are other entries: nothing that a person began before is taken for seen. */
#include "store-test.h"

#include <locale.h>

#define VERSION 9

static XhRecord *
known (StoreTest *test)
{
  g_autoptr (XhRecord) record = store_test_plot (test, "东坡", 2);

  record->version = VERSION;
  store_test_put (test, record);
  return store_test_load (test, record->id);
}

static void
leave (StoreTest *test, const XhRecord *record)
{
  g_autoptr (GError) error = NULL;

  xh_store_begin (test->store, &error);
  g_assert_true (xh_store_leave_ledger (test->store, &error) && xh_store_forget (test->store, record->id, NULL, &error)
                 && xh_store_commit (test->store, &error));
}

/* The server's row as another ledger has it. */
static void
adopt (StoreTest *test, const XhRecord *record, gint64 version, int labour, int twice)
{
  g_autoptr (XhRecord) theirs = xh_record_copy (record);
  g_autoptr (GError) error = NULL;

  theirs->version = version;
  theirs->era = 0; /* as it comes from the wire */
  store_test_set_integer (theirs, "labour", labour);
  store_test_set_integer (theirs, "twice", twice);
  xh_store_adopt (test->store, theirs, &error);
  g_assert_no_error (error);
}

static void
edit (StoreTest *test, XhRecord *record, int labour)
{
  store_test_set_integer (record, "labour", labour);
  store_test_set_integer (record, "twice", 2 * labour);
  store_test_save (test, record, "labour", "twice", NULL);
}

static void
assert_base (StoreTest *test, gint64 base)
{
  g_autoptr (XhOp) op = store_test_first_op (test);

  g_assert_nonnull (op);
  g_assert_cmpint (op->base, ==, base);
}

static void
assert_labour (StoreTest *test, const char *id, gint64 labour, gint64 twice, gint64 version)
{
  g_autoptr (XhRecord) record = store_test_load (test, id);

  g_assert_cmpint (store_test_integer (record, "labour"), ==, labour);
  g_assert_cmpint (store_test_integer (record, "twice"), ==, twice);
  g_assert_cmpint (record->version, ==, version);
}

/* Also where the numbers are equal, and where the new one is the larger. */
static void
test_form (StoreTest *test, gconstpointer data)
{
  const gint64 version = GPOINTER_TO_INT (data);
  g_autoptr (XhRecord) form = known (test);

  leave (test, form);
  adopt (test, form, version, 7, 14);
  edit (test, form, 3);
  assert_base (test, 1);
  adopt (test, form, version + 4, 7, 14);
  assert_base (test, 1);
  assert_labour (test, form->id, 3, 6, version + 4);
}

/* Opened in the new ledger it is an edit as any other. */
static void
test_new_form (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) record = known (test), form = NULL;

  leave (test, record);
  adopt (test, record, 4, 7, 14);
  form = store_test_load (test, record->id);
  edit (test, form, 3);
  assert_base (test, 4);
  edit (test, form, 5); /* what the save wrote into the form is of the new one, too */
  store_test_ack (test, 6);
  assert_base (test, 6);
}

/* The row goes while the form is open: what is saved then makes it again, and any row of the server's takes its place. */
static void
test_row_gone (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) form = known (test);

  leave (test, form);
  edit (test, form, 3);
  assert_base (test, 0);
  assert_labour (test, form->id, 3, 6, 0);
  adopt (test, form, 2, 7, 14);
  assert_labour (test, form->id, 3, 6, 2); /* with the edit on top */
}

static void
test_draft (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) form = known (test), before = NULL, after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_store_draft_put (test->store, form, &error));
  leave (test, form);
  before = xh_store_draft_get (test->store, form->id, &error);
  g_assert_cmpint (before->version, ==, 1);
  g_assert_true (xh_store_draft_put (test->store, form, &error)); /* the form goes on */
  after = xh_store_draft_get (test->store, form->id, &error);
  g_assert_cmpint (after->version, ==, 1);
  adopt (test, form, VERSION, 7, 14);
  edit (test, after, 3);
  assert_base (test, 1);
}

/* A decision on what the page showed before is asked for again. */
static void
test_tray (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhRecord) form = known (test), shown = NULL, now = NULL;
  g_autoptr (XhOp) op = NULL;
  g_autoptr (GPtrArray) tray = NULL;
  g_autoptr (GError) error = NULL;
  gint64 number;

  edit (test, form, 3);
  op = store_test_first_op (test);
  g_assert_true (xh_store_to_tray (test->store, op->op_id, "conflict", "{}", &error));
  tray = xh_store_tray (test->store, &error);
  number = ((XhTrayItem *) g_ptr_array_index (tray, 0))->number;
  shown = store_test_load (test, form->id);
  leave (test, form);
  adopt (test, form, shown->version, 7, 14);
  g_assert_false (xh_store_tray_resolve (test->store, number, xh_record_stamp (shown), "{\"labour\":3}", "li", &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_MOVED);
  now = store_test_load (test, form->id);
  g_assert_true (xh_store_tray_resolve (test->store, number, xh_record_stamp (now), "{\"labour\":3}", "li", NULL));
  assert_base (test, now->version);
}

/* What the server computed otherwise than this device stands again once nothing is under way, unless its row has come anew: at any version. */
static void
test_preview (StoreTest *test, gconstpointer data)
{
  const gboolean forgotten = GPOINTER_TO_INT (data);
  g_autoptr (XhRecord) record = known (test), form = NULL;
  g_autoptr (GError) error = NULL;

  adopt (test, record, VERSION + 1, 2, 99);
  form = store_test_load (test, record->id);
  edit (test, form, 3);
  if (forgotten)
    {
      g_assert_true (xh_store_forget (test->store, record->id, NULL, &error));
      g_assert_true (sqlite3_exec (xh_store_get_db (test->store), "DELETE FROM outbox", NULL, NULL, NULL) == SQLITE_OK);
      adopt (test, record, VERSION + 1, 2, 98);
      g_assert_true (xh_store_end_previews (test->store, &error));
      assert_labour (test, record->id, 2, 98, VERSION + 1);
      return;
    }
  edit (test, form, 4);
  store_test_ack (test, VERSION + 2); /* of the first edit; the second lies on top */
  edit (test, form, 5);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) ops = xh_store_ops_of_record (test->store, record->id, NULL);

      g_assert_true (xh_store_to_tray (test->store, ((XhOp *) g_ptr_array_index (ops, 0))->op_id, "rejected", "{}", &error));
    }
  adopt (test, record, VERSION + 2, 3, 50);
  g_assert_true (xh_store_end_previews (test->store, &error));
  assert_labour (test, record->id, 3, 50, VERSION + 2);
}

#define LEAVE_TEST(path, number, func) g_test_add (path, StoreTest, GINT_TO_POINTER (number), store_test_set_up, func, store_test_tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  LEAVE_TEST ("/store/leave/open-form-has-seen-nothing-of-the-new-ledger", 4, test_form);
  LEAVE_TEST ("/store/leave/nor-where-the-numbers-are-equal", VERSION, test_form);
  LEAVE_TEST ("/store/leave/nor-where-the-new-one-is-larger", 30, test_form);
  STORE_TEST ("/store/leave/form-of-the-new-ledger-is-as-any-other", test_new_form);
  STORE_TEST ("/store/leave/row-made-again-bears-no-version", test_row_gone);
  STORE_TEST ("/store/leave/draft-of-before-and-after", test_draft);
  STORE_TEST ("/store/leave/decision-on-what-was-shown-before-is-asked-again", test_tray);
  LEAVE_TEST ("/store/preview/row-that-comes-at-its-version-is-right", FALSE, test_preview);
  LEAVE_TEST ("/store/preview/forgotten-with-its-row", TRUE, test_preview);
  return g_test_run ();
}
