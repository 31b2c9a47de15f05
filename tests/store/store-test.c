/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-test.h"

#include <glib/gstdio.h>
#include <string.h>

void
store_test_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        store_test_remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

void
store_test_set_up (StoreTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test->folder = g_dir_make_tmp ("xh-store-test-XXXXXX", &error);
  g_assert_no_error (error);
  test->path = g_build_filename (test->folder, "store.db", NULL);
  test->catalog = xh_catalog_load_folder (g_getenv ("XH_TEST_CATALOG"), &error);
  g_assert_no_error (error);
  test->plot = xh_catalog_find_kind (test->catalog, "plot");
  test->store = xh_store_open (test->path, test->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
}

void
store_test_tear_down (StoreTest *test, gconstpointer data)
{
  xh_store_close (test->store);
  xh_catalog_unref (test->catalog);
  store_test_remove_folder (test->folder);
  g_free (test->folder);
  g_free (test->path);
}

void
store_test_reopen (StoreTest *test, XhStoreFlags flags)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&test->store, xh_store_close);
  test->store = xh_store_open (test->path, test->catalog, flags, &error);
  g_assert_no_error (error);
}

static void
copy_file (const char *from_folder, const char *to_folder, const char *name, const char *from, const char *to)
{
  g_autofree char *source = g_build_filename (from_folder, name, NULL), *target = g_build_filename (to_folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;

  g_assert_true (g_file_get_contents (source, &text, NULL, NULL));
  changed = g_string_new (text);
  if (from != NULL)
    g_assert_cmpuint (g_string_replace (changed, from, to, 0), >, 0);
  g_assert_true (g_file_set_contents (target, changed->str, -1, NULL));
}

XhCatalog *
store_test_changed_kind (StoreTest *test, const char *kind, const char *from, const char *to)
{
  static const char *const names[] = { "catalog.json", "calendar.json", "divisions.csv", "units.json" };
  g_autofree char *folder = g_build_filename (test->folder, "changed", NULL), *kinds = g_build_filename (folder, "kinds", NULL);
  g_autofree char *source = g_build_filename (g_getenv ("XH_TEST_CATALOG"), "kinds", NULL), *file = g_strconcat (kind, ".json", NULL);
  g_autoptr (GDir) dir = g_dir_open (source, 0, NULL);
  g_autoptr (GError) error = NULL;
  XhCatalog *catalog;
  const char *name;

  g_mkdir_with_parents (kinds, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    copy_file (g_getenv ("XH_TEST_CATALOG"), folder, names[i], NULL, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    copy_file (source, kinds, name, strcmp (name, file) == 0 ? from : NULL, to);
  catalog = xh_catalog_load_folder (folder, &error);
  g_assert_no_error (error);
  return catalog;
}

XhCatalog *
store_test_changed_catalog (StoreTest *test, const char *from, const char *to)
{
  return store_test_changed_kind (test, "plot", from, to);
}

void
store_test_set_text (XhRecord *record, const char *field, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  g_assert_true (xh_record_set (record, field, &value));
}

void
store_test_set_integer (XhRecord *record, const char *field, gint64 integer)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_integer (&value, integer);
  g_assert_true (xh_record_set (record, field, &value));
}

const char *
store_test_text (XhRecord *record, const char *field)
{
  return xh_value_as_text (xh_record_get (record, field));
}

gint64
store_test_integer (XhRecord *record, const char *field)
{
  return xh_value_as_integer (xh_record_get (record, field));
}

XhRecord *
store_test_plot (StoreTest *test, const char *name, int labour)
{
  XhRecord *record = xh_record_new (test->plot, NULL);

  store_test_set_text (record, "name", name);
  store_test_set_integer (record, "labour", labour);
  store_test_set_integer (record, "twice", labour * 2);
  return record;
}

void
store_test_put (StoreTest *test, XhRecord *record)
{
  g_autoptr (GError) error = NULL;

  xh_store_put (test->store, record, &error);
  g_assert_no_error (error);
}

void
store_test_save (StoreTest *test, XhRecord *record, ...)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const char *name;
  va_list names;

  va_start (names, record);
  while ((name = va_arg (names, const char *)) != NULL)
    g_ptr_array_add (changed, (gpointer) name);
  va_end (names);
  xh_store_save (test->store, record, changed, "li", &error);
  g_assert_no_error (error);
}

XhRecord *
store_test_load (StoreTest *test, const char *id)
{
  g_autoptr (GError) error = NULL;
  XhRecord *record = xh_store_load (test->store, id, &error);

  g_assert_no_error (error);
  return record;
}

XhRecord *
store_test_theirs (StoreTest *test, const char *id, gint64 version)
{
  XhRecord *record = store_test_load (test, id);

  record->version = version;
  return record;
}

XhOp *
store_test_first_op (StoreTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = xh_store_outbox (test->store, 0, &error);

  g_assert_no_error (error);
  return ops->len > 0 ? g_ptr_array_steal_index (ops, 0) : NULL;
}

void
store_test_ack (StoreTest *test, gint64 version)
{
  g_autoptr (XhOp) op = store_test_first_op (test);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (op);
  xh_store_ack (test->store, op->op_id, version, &error);
  g_assert_no_error (error);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
store_test_find (StoreTest *test, const char *typed)
{
  g_autoptr (XhQuery) query = xh_query_new (test->plot);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) rids = NULL;
  g_autoptr (GError) error = NULL;

  xh_query_search (query, typed);
  rids = xh_store_query_rids (test->store, query, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (xh_store_query_count (test->store, query, &error), ==, rids->len);
  rows = xh_store_query_rows (test->store, test->plot, (const gint64 *) rids->data, rids->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (names, g_strdup (store_test_text (g_ptr_array_index (rows, i), "name")));
  g_ptr_array_sort (names, compare_texts);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (",", (char **) names->pdata);
}
