/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a scan of a register finds, and what it keeps to itself. */

#include "store-test.h"
#include "store/xh-quality.h"

typedef struct
{
  guint counts[XH_QUALITY_N_TYPES];
  GString *words; /* "type field title;" */
  guint stop_after;
} Seen;

static gboolean
see_cb (XhFinding *finding, gpointer data, GError **error)
{
  Seen *seen = data;

  seen->counts[finding->type]++;
  g_string_append_printf (seen->words, "%d %s %s;", finding->type, finding->field != NULL ? finding->field : "-", finding->title);
  xh_finding_free (finding);
  if (seen->stop_after == 0 || --seen->stop_after > 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");
  return FALSE;
}

static void
add (StoreTest *test, const char *name, int labour, const char *state)
{
  g_autoptr (XhRecord) record = store_test_plot (test, name, labour);

  g_free (record->state);
  record->state = g_strdup (state);
  store_test_set_text (record, "village", "410421100001");
  store_test_set_text (record, "remark", "x");
  store_test_put (test, record);
}

static void
scan (XhStore *store, const char *role, Seen *seen, gboolean expected)
{
  g_autoptr (GError) error = NULL;
  const XhKind *plot = xh_catalog_find_kind (xh_store_get_catalog (store), "plot");

  seen->words = g_string_new (NULL);
  g_assert_cmpint (xh_quality_scan (store, plot, role, see_cb, NULL, seen, &error), ==, expected);
  if (expected)
    g_assert_no_error (error);
}

static void
test_clean (StoreTest *test, gconstpointer data)
{
  Seen seen = { 0 };

  add (test, "一号地", 1, "filed");
  add (test, "二号地", 2, "closed");
  scan (test->store, "office", &seen, TRUE);
  g_assert_cmpstr (seen.words->str, ==, "");
  g_string_free (seen.words, TRUE);
}

static void
test_duplicates (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhCatalog) catalog = NULL;
  XhStore *store;
  Seen seen = { 0 };
  const char *text;

  add (test, "一号地", 1, "filed");
  add (test, "一号地", 2, "closed");
  add (test, "三号地", 3, "filed");
  g_clear_pointer (&test->store, xh_store_close);
  text = "\"title\": \"coalesce(name, '')\",";
  catalog = store_test_changed_catalog (test, text, "\"title\": \"coalesce(name, '')\", \"duplicates\": [[\"name\", \"village\"]],");
  store = xh_store_open (test->path, catalog, XH_STORE_CLIENT, NULL);
  scan (store, "office", &seen, TRUE);
  g_assert_cmpuint (seen.counts[XH_QUALITY_DUPLICATE], ==, 2);
  g_assert_cmpstr (seen.words->str, ==, "2 name 一号地;2 name 一号地;");
  g_string_free (seen.words, TRUE);
  xh_store_close (store);
}

/* A rule that came later, a date that cannot be, and a field of which the role may know nothing. */
static void
test_wrong (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhCatalog) catalog = NULL;
  XhStore *store;
  Seen seen = { 0 };
  const char *from = "{\"name\": \"remark\", \"type\": \"text\",";

  add (test, "一号地", 1, "closed");
  g_clear_pointer (&test->store, xh_store_close);
  catalog = store_test_changed_catalog (test, from, "{\"name\": \"remark\", \"type\": \"text\", \"checks\": [{\"expression\": \"length(remark) > 3\","
                                        " \"message\": {\"zh\": \"太短\", \"en\": \"Too short\"}}],");
  store = xh_store_open (test->path, catalog, XH_STORE_CLIENT, NULL);
  scan (store, "office", &seen, TRUE);
  g_assert_cmpstr (seen.words->str, ==, "0 remark 一号地;");
  g_string_free (seen.words, TRUE);
  scan (store, "assessor", &seen, TRUE);
  g_assert_cmpstr (seen.words->str, ==, "");
  g_string_free (seen.words, TRUE);
  xh_store_close (store);
}

/* Missing counts from the second state on: a first state is where people still type. */
static void
test_missing (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhCatalog) catalog = NULL;
  XhStore *store;
  Seen seen = { 0 };

  add (test, "一号地", 1, "filed");
  add (test, "二号地", 2, "closed");
  g_clear_pointer (&test->store, xh_store_close);
  catalog = store_test_changed_catalog (test, "{\"name\": \"phone\", \"type\": \"text\",", "{\"name\": \"phone\", \"type\": \"text\", \"required\": true,");
  store = xh_store_open (test->path, catalog, XH_STORE_CLIENT, NULL);
  scan (store, "office", &seen, TRUE);
  g_assert_cmpstr (seen.words->str, ==, "1 phone 二号地;");
  g_string_free (seen.words, TRUE);
  xh_store_close (store);
}

static void
test_stop (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhCatalog) catalog = NULL;
  XhStore *store;
  Seen seen = { .stop_after = 3 };

  for (guint i = 0; i < 600; i++)
    add (test, "同名地", 1, "filed");
  g_clear_pointer (&test->store, xh_store_close);
  catalog = store_test_changed_catalog (test, "\"title\": \"coalesce(name, '')\",", "\"title\": \"coalesce(name, '')\", \"duplicates\": [[\"name\"]],");
  store = xh_store_open (test->path, catalog, XH_STORE_CLIENT, NULL);
  scan (store, "office", &seen, FALSE);
  g_assert_cmpuint (seen.counts[XH_QUALITY_DUPLICATE], ==, 3);
  g_string_free (seen.words, TRUE);
  seen = (Seen) { 0 };
  scan (store, "office", &seen, TRUE);
  g_assert_cmpuint (seen.counts[XH_QUALITY_DUPLICATE], ==, 600);
  g_string_free (seen.words, TRUE);
  xh_store_close (store);
}

static void
test_late (StoreTest *test, gconstpointer data)
{
  g_autoptr (XhCatalog) catalog = NULL;
  g_autoptr (XhRecord) record = NULL;
  XhStore *store;
  Seen seen = { 0 };

  g_clear_pointer (&test->store, xh_store_close);
  catalog = store_test_changed_catalog (test, "\"title\": \"coalesce(name, '')\",", "\"title\": \"coalesce(name, '')\", "
                                        "\"due\": [{\"name\": \"survey\", \"label\": {\"zh\": \"测量\"}, \"date\": \"phone\", \"states\": [\"filed\"]}],");
  store = xh_store_open (test->path, catalog, XH_STORE_CLIENT, NULL);
  record = xh_record_new (xh_catalog_find_kind (catalog, "plot"), NULL);
  store_test_set_text (record, "name", "一号地");
  store_test_set_text (record, "phone", "2026-11-01");
  g_assert_true (xh_store_put (store, record, NULL));
  scan (store, "office", &seen, TRUE);
  g_assert_cmpstr (seen.words->str, ==, "3 - 一号地;");
  g_string_free (seen.words, TRUE);
  xh_store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  STORE_TEST ("/store/quality/clean-register-has-no-finding", test_clean);
  STORE_TEST ("/store/quality/finds-every-record-of-a-duplicate", test_duplicates);
  STORE_TEST ("/store/quality/finds-what-a-later-rule-refuses-but-not-unreadable-fields", test_wrong);
  STORE_TEST ("/store/quality/missing-counts-after-the-first-state", test_missing);
  STORE_TEST ("/store/quality/stops-when-told-and-goes-over-pages", test_stop);
  STORE_TEST ("/store/quality/finds-what-is-late", test_late);
  return g_test_run ();
}
