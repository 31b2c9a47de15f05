/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The generated county: the same for one seed, lawful, and right by the very checks that people's entries meet. */

#include <glib/gstdio.h>
#include <string.h>

#include "demo/xh-demo.h"
#include "model/xh-form.h"
#include "model/xh-identifiers.h"
#include "store/xh-store.h"

static XhCatalog *catalog;

typedef gboolean (*Visit) (XhRecord *record, gpointer data);

typedef struct { Visit visit; gpointer data; } Visitor;

static gboolean
visit_cb (XhRecord *record, gpointer data, GError **error)
{
  Visitor *visitor = data;

  return visitor->visit (record, visitor->data);
}

static void
visit_all (const XhDemoOptions *options, Visit visit, gpointer data)
{
  Visitor visitor = { visit, data };
  g_autoptr (GError) error = NULL;

  xh_demo_generate (catalog, options, visit_cb, &visitor, &error);
  g_assert_no_error (error);
}

static gboolean
is_kind (const XhRecord *record, const char *kind)
{
  return g_str_equal (record->kind->name, kind);
}

static const char *
get_text (const XhRecord *record, const char *field)
{
  const XhValue *value = xh_record_get (record, field);

  g_assert_nonnull (value);
  return xh_value_as_text (value);
}

/* --- the same county */

static gboolean
add_to_checksum (XhRecord *record, gpointer data)
{
  GChecksum *checksum = data;

  g_checksum_update (checksum, (const guchar *) record->id, -1);
  g_checksum_update (checksum, (const guchar *) record->state, -1);
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      g_autoptr (JsonNode) node = xh_value_to_json (&record->values[i]);
      g_autofree char *text = json_to_string (node, FALSE);

      g_checksum_update (checksum, (const guchar *) text, -1);
    }
  return TRUE;
}

static char *
get_checksum (guint64 seed)
{
  XhDemoOptions options = { .seed = seed, .households = 400, .ratings = TRUE, .samples = g_getenv ("XH_DEMO_SAMPLES") };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  visit_all (&options, add_to_checksum, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

static void
test_same_seed (void)
{
  g_autofree char *first = get_checksum (1), *again = get_checksum (1), *other = get_checksum (2);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

/* --- who is made */

typedef struct
{
  GHashTable *ids, *heads, *villages;
  guint households, with_consent, with_money, commitments, breaches, late;
} Census;

static void
count_household (Census *census, XhRecord *record)
{
  const char *head_id = get_text (record, "head_id");

  census->households++;
  g_assert_cmpint (xh_id_number_check (head_id, NULL), ==, XH_IDENTIFIER_OK);
  g_assert_true (g_str_has_prefix (head_id, "410421"));
  g_assert_true (g_hash_table_add (census->heads, g_strdup (head_id)));
  g_assert_true (g_str_has_prefix (get_text (record, "number"), "演示"));
  g_assert_nonnull (strstr (get_text (record, "address"), "演示数据"));
  g_assert_cmpstr (record->division, ==, get_text (record, "village"));
  g_assert_nonnull (record->unit);
  g_hash_table_add (census->villages, g_strdup (record->division));
  census->with_money += !xh_value_is_null (xh_record_get (record, "net_income"));
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (field->relevant != NULL && xh_value_is_null (xh_record_get (record, "net_income")))
        g_assert_true (xh_value_is_null (&record->values[i]));
    }
}

static gboolean
count_record (XhRecord *record, gpointer data)
{
  Census *census = data;

  g_assert_true (xh_uuid_is_valid (record->id));
  g_assert_true (g_hash_table_add (census->ids, g_strdup (record->id)));
  if (is_kind (record, "household"))
    count_household (census, record);
  else if (is_kind (record, "consent"))
    census->with_consent += g_str_equal (record->state, "valid");
  else if (is_kind (record, "commitment"))
    {
      census->commitments++;
      census->breaches += get_text (record, "breach") != NULL;
      census->late += g_str_equal (record->state, "published")
        && strcmp (get_text (record, "perform_by"), "2026-11-22") < 0;
      g_assert_nonnull (record->unit);
      if (get_text (record, "uscc") != NULL)
        {
          g_assert_cmpint (xh_uscc_check (get_text (record, "uscc"), NULL), ==, XH_IDENTIFIER_OK);
          g_assert_true (xh_uscc_inner_check (get_text (record, "uscc")));
          g_assert_nonnull (strstr (get_text (record, "subject_name"), "演示"));
        }
    }
  return TRUE;
}

static void
test_census (void)
{
  XhDemoOptions options = { .seed = 7, .households = 5000, .ratings = TRUE, .samples = g_getenv ("XH_DEMO_SAMPLES") };
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) heads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) villages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Census census = { ids, heads, villages };

  visit_all (&options, count_record, &census);
  g_assert_cmpuint (census.households, ==, 5000);
  g_assert_cmpuint (g_hash_table_size (villages), ==, 323);
  g_assert_cmpuint (census.with_money, ==, census.with_consent);
  g_assert_cmpfloat (census.with_consent / 5000.0, >, 0.92);
  g_assert_cmpfloat (census.with_consent / 5000.0, <, 0.96);
  g_assert_cmpuint (census.commitments, ==, 100);
  g_assert_cmpuint (census.breaches, >, 0);
  g_assert_cmpuint (census.late, <, census.commitments / 20); /* nobody leaves many of them lying */
}

static gboolean
check_division (XhRecord *record, gpointer data)
{
  guint *n = data;

  g_assert_true (xh_division_contains ("410421102000", record->division));
  g_assert_cmpstr (record->unit, ==, "ndz");
  *n += is_kind (record, "household");
  return TRUE;
}

static void
test_under (void)
{
  XhDemoOptions options = { .seed = 1, .households = 60, .ratings = TRUE, .under = "410421102000" };
  guint n = 0;

  visit_all (&options, check_division, &n);
  g_assert_cmpuint (n, ==, 60);
}

static gboolean
stop_at_once (XhRecord *record, gpointer data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

static void
test_stops (void)
{
  XhDemoOptions options = { .seed = 1, .households = 10 };
  g_autoptr (GError) error = NULL;

  g_assert_false (xh_demo_generate (catalog, &options, stop_at_once, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* --- how they are rated */

typedef struct { GHashTable *grades, *states; guint rated, ratings; } Ratings;

static void
count_in (GHashTable *table, const char *key)
{
  g_hash_table_insert (table, g_strdup (key),
                       GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (table, key)) + 1));
}

static gboolean
count_rating (XhRecord *record, gpointer data)
{
  Ratings *ratings = data;

  if (!is_kind (record, "rating"))
    return TRUE;
  ratings->ratings++;
  count_in (ratings->states, record->state);
  if (!g_str_equal (record->state, "rated"))
    return TRUE;
  ratings->rated++;
  g_assert_cmpstr (get_text (record, "final_grade"), ==, get_text (record, "grade"));
  count_in (ratings->grades, get_text (record, "grade"));
  return TRUE;
}

static void
test_grades (void)
{
  static const struct { const char *grade; double low, high; } expected[] = {
    { "AAA", 0.08, 0.16 }, { "AA", 0.26, 0.38 }, { "A", 0.25, 0.36 }, { "B", 0.10, 0.20 }, { "C", 0.05, 0.12 },
      { "D", 0.02, 0.05 },
  };
  XhDemoOptions options = { .seed = 1, .households = 8000, .ratings = TRUE, .no_explanations = TRUE };
  g_autoptr (GHashTable) grades = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Ratings ratings = { grades, states };

  visit_all (&options, count_rating, &ratings);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      double share = GPOINTER_TO_UINT (g_hash_table_lookup (grades, expected[i].grade)) / (double) ratings.rated;

      g_test_message ("%s: %.3f of %u", expected[i].grade, share, ratings.rated);
      g_assert_cmpfloat (share, >, expected[i].low);
      g_assert_cmpfloat (share, <, expected[i].high);
    }
  g_assert_null (g_hash_table_lookup (grades, "unrated"));
  g_test_message ("%u ratings in %u states", ratings.ratings, g_hash_table_size (states));
  g_assert_cmpuint (g_hash_table_size (states), ==, xh_catalog_find_kind (catalog, "rating")->states->len);
  g_assert_cmpuint (ratings.ratings, >, 7200);
}

/* --- against the form */

static gboolean
put_record (XhRecord *record, gpointer data)
{
  g_autoptr (GError) error = NULL;

  xh_store_put (data, record, &error);
  g_assert_no_error (error);
  return TRUE;
}

static void
assert_same_derived (const XhRecord *stored, const XhRecord *found)
{
  for (guint i = 0; i < stored->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (stored->kind->fields, i);
      g_autoptr (JsonNode) a = xh_value_to_json (&stored->values[i]), b = xh_value_to_json (&found->values[i]);
      g_autofree char *ours = json_to_string (a, FALSE), *theirs = json_to_string (b, FALSE);

      /* The explanation tells the day it was made on. */
      if (field->scored && field->type == XH_FIELD_LONG_TEXT)
        continue;
      if (strcmp (ours, theirs) != 0)
        g_error ("%s %s (%s): %s is %s in the record, %s in the form", stored->kind->name, stored->id, stored->state,
                 field->name, ours, theirs);
    }
}

static void
check_with_form (XhStore *store, XhForm *form, const char *id)
{
  const XhKind *kind = xh_form_get_kind (form);
  XhValue *references = xh_value_array_new (kind->references->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhRecord) record = xh_store_load (store, id, &error);
  const XhState *state;
  GPtrArray *issues;

  g_assert_no_error (error);
  xh_store_references (store, record, references, &error);
  g_assert_no_error (error);
  xh_form_load (form, record, references, FALSE);
  issues = xh_form_get_issues (form);
  state = xh_kind_find_state (kind, record->state);
  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);

      if (issue->severity == XH_ISSUE_ERROR || state->complete)
        g_error ("%s %s (%s): %s: %s", kind->name, id, record->state, issue->field, issue->message);
    }
  assert_same_derived (record, xh_form_get_record (form));
  xh_value_array_free (references, kind->references->len);
}

static gboolean
remember_id (XhRecord *record, gpointer data)
{
  GHashTable *ids = data;
  GPtrArray *list = g_hash_table_lookup (ids, record->kind->name);

  if (list == NULL)
    g_hash_table_insert (ids, g_strdup (record->kind->name), list = g_ptr_array_new_with_free_func (g_free));
  g_ptr_array_add (list, g_strdup (record->id));
  return TRUE;
}

static void
test_forms (void)
{
  XhDemoOptions options = { .seed = 3, .households = 600, .ratings = TRUE };
  g_autofree char *folder = g_dir_make_tmp ("xh-demo-XXXXXX", NULL),
    *path = g_build_filename (folder, "store.db", NULL);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                      (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) store = xh_store_open (path, catalog, XH_STORE_CLIENT, &error);
  GHashTableIter iter;
  gpointer kind, list;

  g_assert_no_error (error);
  xh_store_begin (store, &error);
  g_assert_no_error (error);
  visit_all (&options, put_record, store);
  xh_store_commit (store, &error);
  g_assert_no_error (error);
  visit_all (&options, remember_id, ids);
  g_assert_cmpuint (g_hash_table_size (ids), ==, 3);
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &kind, &list))
    {
      g_autoptr (XhForm) form = xh_form_new (xh_catalog_find_kind (catalog, kind), NULL);

      for (guint i = 0; i < ((GPtrArray *) list)->len; i++)
        check_with_form (store, form, g_ptr_array_index ((GPtrArray *) list, i));
    }
  g_clear_pointer (&store, xh_store_close);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *file = g_strconcat (path, ((const char *[]) { "", "-wal", "-shm" })[i], NULL);

      g_remove (file);
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/demo/unit/one-seed-makes-one-county", test_same_seed);
  g_test_add_func ("/demo/unit/numbers-are-valid-and-no-two-heads-share-one", test_census);
  g_test_add_func ("/demo/unit/under-a-township-nothing-lies-outside-it", test_under);
  g_test_add_func ("/demo/unit/it-stops-with-the-error-of-who-stores", test_stops);
  g_test_add_func ("/demo/unit/grades-are-spread-plausibly-and-every-state-occurs", test_grades);
  g_test_add_func ("/demo/unit/every-record-passes-its-form-and-is-computed-alike", test_forms);
  result = g_test_run ();
  xh_catalog_unref (catalog);
  return result;
}
