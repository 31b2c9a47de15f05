/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages on their way into a store: what is right arrives, what is wrong changes nothing. */

#include <glib/gstdio.h>
#include <string.h>

#include "mock-county.h"
#include "sync/xh-page-writer.h"

#define A "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2a"
#define B "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2b"
#define SPINE "\"id\",\"version\",\"state\",\"division\",\"unit\",\"deleted\",\"created_at\",\"updated_at\",\"updated_by\",\"kind_version\""
#define ROW(id, version, more) \
  "[\"" id "\"," version ",\"filed\",\"410421100201\",null,0,\"2026-11-22T08:00:00.000Z\",\"2026-11-22T08:00:00.000Z\",\"li\",1," more "]"
#define PAGE(columns, rows, leaves, tail) \
  "{\"kinds\":[{\"kind\":\"plot\",\"columns\":[" SPINE columns "],\"rows\":[" rows "]}],\"leaves\":[" leaves "]," tail "}"
#define TAIL "\"next\":9,\"more\":false,\"head\":9"
#define NAMES ",\"name\",\"labour\""

typedef struct
{
  XhCatalog *catalog;
  XhStore *store;
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->catalog = mock_catalog_load ();
  fixture->folder = g_dir_make_tmp ("xh-page-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->store = xh_store_open (path, fixture->catalog, XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  xh_store_close (fixture->store);
  xh_catalog_unref (fixture->catalog);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
apply (Fixture *fixture, const char *page, gboolean expect_more, guint expect_rows)
{
  g_autoptr (GError) error = NULL;
  gboolean more;
  guint n;

  xh_wire_apply_page (fixture->store, page, strlen (page), &more, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (more, ==, expect_more);
  g_assert_cmpuint (n, ==, expect_rows);
}

static void
refuse (Fixture *fixture, const char *page, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (xh_wire_apply_page (fixture->store, page, length, NULL, NULL, &error));
  g_assert_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
}

static void
assert_record (Fixture *fixture, const char *id, gint64 version, const char *name, gint64 labour)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = xh_store_load (fixture->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpint (record->version, ==, version);
  g_assert_cmpstr (xh_value_as_text (xh_record_get (record, "name")), ==, name);
  g_assert_cmpint (xh_value_as_integer (xh_record_get (record, "labour")), ==, labour);
}

static void
assert_none (Fixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (xh_store_load (fixture->store, id, &error));
  g_assert_error (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (XhRecord) record = NULL;

  apply (fixture, PAGE (NAMES, ROW (A, "3", "\"张\\\"三\",4") "," ROW (B, "5", "null,null"), "", "\"next\":5,\"more\":true,\"head\":9"), TRUE, 2);
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 5);
  assert_record (fixture, A, 3, "张\"三", 4);
  assert_record (fixture, B, 5, NULL, 0);
  record = xh_store_load (fixture->store, A, NULL);
  g_assert_cmpstr (record->division, ==, "410421100201");
  g_assert_null (record->unit);
  g_assert_cmpstr (record->updated_by, ==, "li");
  g_assert_cmpint (record->kind_version, ==, 1);
}

static void
test_repeat (Fixture *fixture, gconstpointer data)
{
  static const char page[] = PAGE (NAMES, ROW (A, "3", "\"a\",4"), "", TAIL);

  apply (fixture, page, FALSE, 1);
  apply (fixture, page, FALSE, 1);
  assert_record (fixture, A, 3, "a", 4);
}

static void
test_leaves (Fixture *fixture, gconstpointer data)
{
  apply (fixture, PAGE (NAMES, ROW (A, "3", "\"a\",4") "," ROW (B, "4", "\"b\",4"), "", TAIL), FALSE, 2);
  apply (fixture, "{\"kinds\":[],\"leaves\":[\"" A "\",\"01934f5e-0000-7d21-b0c4-6f8e9a0b1c2f\"],\"next\":10,\"more\":false,\"head\":10}", FALSE, 2);
  assert_none (fixture, A);
  assert_record (fixture, B, 4, "b", 4);
}

static void
save_name (Fixture *fixture, const char *id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = xh_store_load (fixture->store, id, &error);
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_assert_no_error (error);
  xh_value_set_text (&value, name);
  xh_record_set (record, "name", &value);
  g_ptr_array_add (changed, (gpointer) "name");
  xh_store_save (fixture->store, record, changed, "zhang", &error);
  g_assert_no_error (error);
}

static void
test_pending (Fixture *fixture, gconstpointer data)
{
  apply (fixture, PAGE (NAMES, ROW (A, "3", "\"a\",4"), "", "\"next\":3,\"more\":false,\"head\":3"), FALSE, 1);
  save_name (fixture, A, "mine");
  apply (fixture, PAGE (NAMES, ROW (A, "7", "\"a\",5"), "", TAIL), FALSE, 1);
  assert_record (fixture, A, 7, "mine", 5);
  g_assert_cmpuint (xh_store_outbox_count (fixture->store), ==, 1);
}

static void
test_hidden_columns (Fixture *fixture, gconstpointer data)
{
  const XhKind *kind = xh_catalog_find_kind (fixture->catalog, "plot");
  g_autoptr (GPtrArray) assessor = xh_wire_columns (kind, "assessor");
  g_autoptr (GPtrArray) office = xh_wire_columns (kind, "office");

  g_assert_false (g_ptr_array_find_with_equal_func (assessor, "remark", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (office, "remark", g_str_equal, NULL));
  g_assert_cmpstr (office->pdata[0], ==, "id");
  g_assert_cmpuint (office->len, ==, assessor->len + 1);
}

#define KIND(kind, columns, rows) "{\"kinds\":[{\"kind\":" kind ",\"columns\":" columns ",\"rows\":" rows "}],\"leaves\":[]," TAIL "}"
#define GOOD "[" SPINE NAMES "]"

static const char *const hostile[] = {
  "", " ", "null", "[]", "{}", "{\"kinds\":[]}", "{\"kinds\":[],\"leaves\":[]}", "{" TAIL "}", "{\"kinds\":[],\"leaves\":[],\"next\":9,\"more\":false}",
  "{\"kinds\":[],\"leaves\":[],\"next\":9,\"head\":9}", "{\"kinds\":[],\"leaves\":[],\"more\":false,\"head\":9}",
  "{\"kinds\":[],\"leaves\":[],\"kinds\":[]," TAIL "}", "{\"kinds\":[],\"leaves\":[],\"next\":8," TAIL "}", "{\"kinds\":[],\"leaves\":[],\"x\":1," TAIL "}",
  "{\"kinds\":{},\"leaves\":[]," TAIL "}", "{\"kinds\":[1],\"leaves\":[]," TAIL "}", "{\"kinds\":[{}],\"leaves\":[]," TAIL "}",
  "{\"kinds\":[],\"leaves\":{}," TAIL "}", "{\"kinds\":[],\"leaves\":[1]," TAIL "}", "{\"kinds\":[],\"leaves\":[\"x\"]," TAIL "}",
  "{\"kinds\":[],\"leaves\":[null]," TAIL "}", "{\"kinds\":[],\"leaves\":[\"" A "\",]," TAIL "}", "{\"kinds\":[],\"leaves\":[]," TAIL "} x",
  "{\"kinds\":[],\"leaves\":[],\"next\":-1,\"more\":false,\"head\":9}", "{\"kinds\":[],\"leaves\":[],\"next\":9.5,\"more\":false,\"head\":10}",
  "{\"kinds\":[],\"leaves\":[],\"next\":\"9\",\"more\":false,\"head\":9}", "{\"kinds\":[],\"leaves\":[],\"next\":9,\"more\":0,\"head\":9}",
  "{\"kinds\":[],\"leaves\":[],\"next\":9,\"more\":false,\"head\":8}", "{\"kinds\":[],\"leaves\":[],\"next\":2,\"more\":false,\"head\":9}",
  "{\"kinds\":[],\"leaves\":[],\"next\":3,\"more\":true,\"head\":9}",
  KIND ("\"nothing\"", GOOD, "[]"), KIND ("1", GOOD, "[]"), KIND ("\"plot\"", "[]", "[]"), KIND ("\"plot\"", "[\"id\"]", "[]"),
  KIND ("\"plot\"", "[" SPINE ",\"nothing\"]", "[]"), KIND ("\"plot\"", "[" SPINE ",\"name\",\"name\"]", "[]"),
  KIND ("\"plot\"", "[" SPINE ",\"id\"]", "[]"), KIND ("\"plot\"", "[\"version\",\"id\"]", "[]"), KIND ("\"plot\"", "[" SPINE ",1]", "[]"),
  KIND ("\"plot\"", "[" SPINE ",\"rid\"]", "[]"), KIND ("\"plot\"", GOOD, "{}"), KIND ("\"plot\"", GOOD, "[1]"), KIND ("\"plot\"", GOOD, "[[]]"),
  "{\"kinds\":[{\"columns\":" GOOD ",\"kind\":\"plot\",\"rows\":[]}],\"leaves\":[]," TAIL "}",
  "{\"kinds\":[{\"kind\":\"plot\",\"columns\":" GOOD ",\"rows\":[],\"x\":1}],\"leaves\":[]," TAIL "}",
  PAGE (NAMES, ROW (A, "7", "\"x\""), "", TAIL), PAGE (NAMES, ROW (A, "7", "\"x\",1,2"), "", TAIL), PAGE (NAMES, ROW (A, "7", "1,1"), "", TAIL),
  PAGE (NAMES, ROW (A, "7", "\"x\",\"1\""), "", TAIL), PAGE (NAMES, ROW (A, "7", "\"x\",1.5"), "", TAIL), PAGE (NAMES, ROW (A, "7", "[],1"), "", TAIL),
  PAGE (NAMES, ROW (A, "7", "{},1"), "", TAIL), PAGE (NAMES, ROW ("x", "7", "\"x\",1"), "", TAIL), PAGE (NAMES, ROW (A, "0", "\"x\",1"), "", TAIL),
  PAGE (NAMES, ROW (A, "-1", "\"x\",1"), "", TAIL), PAGE (NAMES, ROW (A, "\"7\"", "\"x\",1"), "", TAIL), PAGE (NAMES, ROW (A, "null", "\"x\",1"), "", TAIL),
  PAGE (NAMES, ROW (A, "7", "\"x\\u0000\",1"), "", TAIL), PAGE (NAMES, ROW (A, "7", "\"x\\ud800\",1"), "", TAIL),
  PAGE (NAMES, ROW (A, "7", "\"\xff\",1"), "", TAIL), PAGE (NAMES, ROW (A, "7", "\"x\",1") ",", "", TAIL),
  PAGE (",\"irrigated\"", ROW (A, "7", "2"), "", TAIL), PAGE (",\"area\"", ROW (A, "7", "\"2\""), "", TAIL),
  /* A good row before a bad one, and a good page with a bad end. */
  PAGE (NAMES, ROW (A, "7", "\"x\",1") "," ROW (B, "8", "\"x\""), "", TAIL), PAGE (NAMES, ROW (A, "7", "\"x\",1"), "\"" B "\"", "\"next\":9"),
};

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  apply (fixture, PAGE (NAMES, ROW (A, "3", "\"a\",4"), "", "\"next\":3,\"more\":false,\"head\":3"), FALSE, 1);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *shown = g_strescape (hostile[i], NULL);

      g_test_message ("%s", shown);
      refuse (fixture, hostile[i], strlen (hostile[i]));
      g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 3);
      assert_record (fixture, A, 3, "a", 4);
      assert_none (fixture, B);
    }
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  static const char page[] = PAGE (NAMES, ROW (A, "3", "\"a\\u5f20\",4") "," ROW (B, "4", "\"b\",1e2"), "\"" A "\"", TAIL);

  for (gsize i = 0; i < sizeof page - 1; i++)
    {
      g_autofree char *copy = g_memdup2 (page, MAX (i, 1));

      refuse (fixture, copy, i);
      assert_none (fixture, A);
    }
  g_assert_cmpint (xh_wire_get_cursor (fixture->store), ==, 0);
}

/* What one side writes from its store the other side reads into its own. */
static void
test_writer (Fixture *fixture, gconstpointer data)
{
  const XhKind *kind = xh_catalog_find_kind (fixture->catalog, "plot");
  g_autoptr (XhPageWriter) writer = xh_page_writer_new ();
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autofree char *page = NULL;
  sqlite3_stmt *statement;
  gsize length;
  gboolean more;
  guint n;

  static const char *const names[] = { "id", "version", "state", "division", "unit", "deleted", "created_at", "updated_at", "updated_by",
                                       "kind_version", "name", "area", "labour" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (columns, (gpointer) names[i]);
  xh_page_writer_begin_kind (writer, kind, columns);
  g_assert_cmpint (SQLITE_OK, ==, sqlite3_prepare_v2 (xh_store_get_db (fixture->store),
      "SELECT 'x', '" A "', 7, 'filed', NULL, NULL, 0, NULL, NULL, NULL, 1, '张\"三', 0.1, 3", -1, &statement, NULL));
  g_assert_cmpint (SQLITE_ROW, ==, sqlite3_step (statement));
  xh_page_writer_add_row (writer, statement, 1);
  sqlite3_finalize (statement);
  xh_page_writer_add_leave (writer, B);
  page = xh_page_writer_finish (writer, 7, TRUE, 8, &length);
  g_assert_true (xh_wire_apply_page (fixture->store, page, length, &more, &n, NULL));
  g_assert_true (more);
  g_assert_cmpuint (n, ==, 2);
  assert_record (fixture, A, 7, "张\"三", 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/sync/page/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("rows-and-cursor-arrive-together", test_rows);
  ADD ("same-page-twice-is-harmless", test_repeat);
  ADD ("leaves-are-forgotten", test_leaves);
  ADD ("unsent-edit-stays-on-top", test_pending);
  ADD ("columns-follow-the-role", test_hidden_columns);
  ADD ("page-of-another-form-changes-nothing", test_hostile);
  ADD ("page-cut-anywhere-changes-nothing", test_cut);
  ADD ("page-written-reads-the-same", test_writer);
  return g_test_run ();
}
