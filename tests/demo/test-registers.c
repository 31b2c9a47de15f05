/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every register with its sample: records that pass their checks, stand in every state that the sample asks for, and may be moved
 * only by the roles that the definition names. */

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "demo/xh-demo.h"
#include "demo/xh-demo-sample.h"
#include "model/xh-form.h"
#include "store/xh-store.h"
#include "store/xh-work.h"

#define HOUSEHOLDS 600

static XhCatalog *catalog;
static XhDemoSamples *samples;

/* Made by engines of their own, without a sample. */
static gboolean
is_made_otherwise (const char *kind)
{
  return g_str_equal (kind, "household") || g_str_equal (kind, "consent") || g_str_equal (kind, "rating");
}

typedef struct
{
  XhStore *store;
  GHashTable *states; /* "kind/state" → count */
  GHashTable *forms;  /* kind → XhForm */
  guint n_moves;
} County;

static void
references_cb (const XhRecord *record, XhValue *values, gpointer data)
{
  County *county = data;
  g_autoptr (GError) error = NULL;

  xh_store_references (county->store, record, values, &error);
  g_assert_no_error (error);
}

static XhForm *
form_of (County *county, const XhKind *kind)
{
  XhForm *form = g_hash_table_lookup (county->forms, kind);

  if (form == NULL)
    g_hash_table_insert (county->forms, (gpointer) kind, form = xh_form_new (kind, NULL));
  return form;
}

/* Roles that are not named must not find the transition among theirs. */
static void
try_roles (County *county, XhForm *form, const XhRecord *record, const XhValue *references)
{
  GPtrArray *roles = xh_catalog_get_roles (catalog);

  for (guint i = 0; i < roles->len; i++)
    {
      const XhRole *role = g_ptr_array_index (roles, i);

      for (guint j = 0; j < record->kind->transitions->len; j++)
        {
          const XhTransition *transition = g_ptr_array_index (record->kind->transitions, j);
          gboolean named = g_strv_contains ((const char *const *) transition->roles, role->name);
          gboolean here = g_strv_contains ((const char *const *) transition->from, record->state);
          g_autoptr (GError) error = NULL;
          gboolean moved;

          xh_form_set_role (form, role->name);
          xh_form_load (form, record, references, FALSE);
          moved = xh_form_transition (form, transition->name, &error);
          if (moved && !(named && here))
            g_error ("%s: %s took %s in %s", record->kind->name, role->name, transition->name, record->state);
          g_assert_true (moved || error != NULL);
          county->n_moves += moved;
        }
    }
}

static gboolean
visit_cb (XhRecord *record, gpointer data, GError **error)
{
  County *county = data;
  g_autofree char *key = g_strdup_printf ("%s/%s", record->kind->name, record->state);
  guint seen = GPOINTER_TO_UINT (g_hash_table_lookup (county->states, key));

  if (!is_made_otherwise (record->kind->name))
    {
      g_autofree XhValue *references = g_new0 (XhValue, record->kind->references->len + 1);
      XhForm *form = form_of (county, record->kind);
      GPtrArray *issues;

      references_cb (record, references, county);
      xh_form_load (form, record, references, FALSE);
      issues = xh_form_get_issues (form);
      for (guint i = 0; i < issues->len; i++)
        if (((XhIssue *) g_ptr_array_index (issues, i))->severity == XH_ISSUE_ERROR)
          g_error ("%s in %s: %s: %s", record->kind->name, record->state, ((XhIssue *) g_ptr_array_index (issues, i))->field,
                   ((XhIssue *) g_ptr_array_index (issues, i))->message);
      if (seen < 2)
        try_roles (county, form, record, references);
      for (guint i = 0; i < record->kind->references->len; i++)
        xh_value_clear (&references[i]);
    }
  g_hash_table_insert (county->states, g_steal_pointer (&key), GUINT_TO_POINTER (seen + 1));
  return xh_store_put (county->store, record, error);
}

/* A state that a county of this size may lack: a village is awarded where enough of its households are. */
static gboolean
is_rare (JsonObject *sample, const char *state)
{
  JsonArray *rare = json_object_has_member (sample, "rare") ? json_object_get_array_member (sample, "rare") : NULL;

  for (guint i = 0; rare != NULL && i < json_array_get_length (rare); i++)
    if (g_str_equal (json_array_get_string_element (rare, i), state))
      return TRUE;
  return FALSE;
}

static void
every_state_is_reached (County *county)
{
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  g_autoptr (GString) missing = g_string_new (NULL);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      JsonObject *sample = xh_demo_samples_find (samples, kind->name);
      JsonObject *states = sample != NULL && json_object_has_member (sample, "states") ? json_object_get_object_member (sample, "states") : NULL;

      for (guint j = 0; sample != NULL && j < kind->states->len; j++)
        {
          const XhState *state = g_ptr_array_index (kind->states, j);
          g_autofree char *key = g_strdup_printf ("%s/%s", kind->name, state->name);

          if (is_rare (sample, state->name))
            continue;
          if ((states == NULL || json_object_get_double_member_with_default (states, state->name, 0) > 0)
              && !g_hash_table_contains (county->states, key))
            g_string_append_printf (missing, " %s", key);
        }
    }
  if (missing->len > 0)
    g_test_message ("never reached:%s", missing->str);
  g_assert_cmpstr (missing->str, ==, "");
}

/* The office finds something overdue, but neither much nor what was left lying for years. */
static void
little_is_overdue (XhStore *store)
{
  const XhWorkWho office = { "office", NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWork) work = xh_store_work_counts (store, &office, NULL, &error);
  g_autoptr (GPtrArray) rows = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (work->counts[XH_WORK_OVERDUE], >, 10);
  g_assert_cmpint (work->counts[XH_WORK_OVERDUE], <, 100);
  rows = xh_store_work (store, &office, NULL, XH_WORK_OVERDUE, NULL, 0, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const XhWorkRow *row = g_ptr_array_index (rows, i);

      if (row->days < -200)
        g_error ("%s in %s is overdue since %s", row->kind->name, row->state, row->due);
    }
}

static void
test_registers (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xinheng-registers-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL), *remove = g_strdup_printf ("rm -rf '%s'", folder);
  g_autoptr (GError) error = NULL;
  County county = { xh_store_open (path, catalog, XH_STORE_SERVER | XH_STORE_NO_SEARCH, &error) };
  const XhDemoOptions options = { .seed = 7, .households = HOUSEHOLDS, .ratings = TRUE, .samples = g_getenv ("XH_DEMO_SAMPLES"),
                                  .no_explanations = TRUE, .references = references_cb, .references_data = &county };

  g_assert_no_error (error);
  county.states = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  county.forms = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_assert_true (xh_store_begin (county.store, &error));
  xh_demo_generate (catalog, &options, visit_cb, &county, &error);
  g_assert_no_error (error);
  g_assert_true (xh_store_commit (county.store, &error));
  g_test_message ("%u moves by role", county.n_moves);
  every_state_is_reached (&county);
  little_is_overdue (county.store);
  g_hash_table_unref (county.states);
  g_hash_table_unref (county.forms);
  xh_store_close (county.store);
  g_assert_cmpint (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL), ==, TRUE);
}

static void
test_every_kind (void)
{
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (!is_made_otherwise (kind->name) && xh_demo_samples_count (samples, kind->name, 20000) == 0)
        {
          g_test_message ("%s has no sample", kind->name);
          g_test_fail ();
        }
    }
}

/* A field or state that the kind no longer has would be passed over in silence. */
static void
test_names (void)
{
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      JsonObject *sample = xh_demo_samples_find (samples, kind->name);

      for (guint j = 0; sample != NULL && j < 3; j++)
        {
          static const char *const parts[] = { "states", "values", "tables" };
          JsonObject *part = json_object_has_member (sample, parts[j]) ? json_object_get_object_member (sample, parts[j]) : NULL;
          g_autoptr (GList) names = part != NULL ? json_object_get_members (part) : NULL;

          for (GList *at = names; at != NULL; at = at->next)
            if (j == 0 ? xh_kind_find_state (kind, at->data) == NULL : xh_kind_find_field (kind, at->data) == NULL)
              {
                g_test_message ("%s: %s/%s is not of the kind", kind->name, parts[j], (char *) at->data);
                g_test_fail ();
              }
        }
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  samples = xh_demo_samples_load (g_getenv ("XH_DEMO_SAMPLES"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/demo/registers/every-kind-has-a-sample", test_every_kind);
  g_test_add_func ("/demo/registers/samples-name-what-the-kind-has", test_names);
  g_test_add_func ("/demo/registers/records-walk-their-workflow-by-role", test_registers);
  status = g_test_run ();
  xh_demo_samples_free (samples);
  xh_catalog_unref (catalog);
  return status;
}
