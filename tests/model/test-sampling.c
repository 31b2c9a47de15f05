/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Draws by grade: quotas, repeatable order, and what a check of an old draw finds. */

#include <string.h>

#include "fixture.h"

#define N_POOL 1000

static const char scheme_text[] =
  "{\"schemes\": [{\"name\": \"test\", \"label\": {\"zh\": \"抽查\"}, \"pool\": {\"kind\": \"rating\", \"grade\": \"grade\", \"where\": {\"state\": [\"kept\"]}},"
  " \"ratios\": [{\"grade\": \"A\", \"percent\": 5}, {\"grade\": \"D\", \"percent\": 100, \"range\": \"61%—100%\"},"
  "  {\"grade\": \"*\", \"percent\": 20, \"minimum\": 3}],"
  " \"creates\": {\"kind\": \"consent\", \"set\": {\"household\": \"household\", \"number\": {\"value\": \"7\"}},"
  "  \"inspectors\": {\"kind\": \"household\", \"per_object\": 2}}}]}";

static XhCatalog *
load (const char *from, const char *to, GError **error)
{
  g_autoptr (GBytes) base = fixture_bundle (NULL, NULL, NULL);
  g_autoptr (JsonNode) root = xh_json_parse (g_bytes_get_data (base, NULL), (gssize) g_bytes_get_size (base), NULL);
  JsonObject *files = json_object_get_object_member (json_node_get_object (root), "files");
  g_autoptr (GString) text = g_string_new (scheme_text);
  g_autoptr (GBytes) bundle = NULL;
  JsonNode *node;
  char *all;

  if (from != NULL)
    g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  node = xh_json_parse (text->str, -1, NULL);
  g_assert_nonnull (node);
  json_object_set_member (files, "sampling.json", node);
  all = xh_json_canonical (root);
  bundle = g_bytes_new_take (all, strlen (all));
  return xh_catalog_load_bundle (bundle, error);
}

/* A fifth of each of A, B, C, D and of no grade; ids in an order that depends on @start. */
static XhPoolEntry *
make_pool (guint start, GPtrArray *ids)
{
  static const char *const grades[] = { "A", "B", "C", "D", NULL };
  XhPoolEntry *pool = g_new0 (XhPoolEntry, N_POOL);

  for (guint i = 0; i < N_POOL; i++)
    {
      guint number = (start + i) % N_POOL;

      pool[i].id = g_strdup_printf ("record-%04u", number);
      pool[i].grade = grades[number % 5];
      g_ptr_array_add (ids, (gpointer) pool[i].id);
    }
  return pool;
}

typedef struct
{
  XhCatalog *catalog;
  const XhSamplingScheme *scheme;
  GPtrArray *ids;
  XhPoolEntry *pool;
  XhDraw *draw;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->catalog = load (NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->scheme = xh_catalog_find_sampling (fixture->catalog, "test");
  fixture->ids = g_ptr_array_new_with_free_func (g_free);
  fixture->pool = make_pool (0, fixture->ids);
  fixture->draw = xh_sampling_draw (fixture->scheme, fixture->pool, N_POOL, "2026-11-22 / 4711");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  xh_draw_free (fixture->draw);
  g_free (fixture->pool);
  g_ptr_array_unref (fixture->ids);
  xh_catalog_unref (fixture->catalog);
}

static char **
dup_drawn (const XhDraw *draw)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < draw->drawn->len; i++)
    g_strv_builder_add (builder, ((XhDrawn *) g_ptr_array_index (draw->drawn, i))->id);
  return g_strv_builder_end (builder);
}

/* --- */

static void
test_quotas (Fixture *fixture, gconstpointer data)
{
  static const struct { const char *grade; guint n_pool, n_drawn; } quotas[] = { { "A", 200, 10 }, { "D", 200, 200 }, { "*", 600, 120 } };

  g_assert_cmpuint (fixture->draw->n_pool, ==, N_POOL);
  g_assert_cmpuint (fixture->draw->drawn->len, ==, 10 + 200 + 120);
  g_assert_cmpuint (fixture->draw->quotas->len, ==, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (quotas); i++)
    {
      const XhDrawQuota *quota = g_ptr_array_index (fixture->draw->quotas, i);

      g_assert_cmpstr (quota->ratio->grade, ==, quotas[i].grade);
      g_assert_cmpuint (quota->n_pool, ==, quotas[i].n_pool);
      g_assert_cmpuint (quota->n_drawn, ==, quotas[i].n_drawn);
    }
}

static void
test_quota_of_few (Fixture *fixture, gconstpointer data)
{
  /* 5 per cent of one is one; three at least, as far as there are. */
  static const XhPoolEntry few[] = { { "a", "A" }, { "b", "B" }, { "c", NULL } };
  g_autoptr (XhDraw) draw = xh_sampling_draw (fixture->scheme, few, G_N_ELEMENTS (few), "s");
  g_autoptr (XhDraw) none = xh_sampling_draw (fixture->scheme, NULL, 0, "s");

  g_assert_cmpuint (draw->drawn->len, ==, 3);
  g_assert_cmpuint (none->drawn->len, ==, 0);
}

static void
test_repeatable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree XhPoolEntry *shuffled = make_pool (317, ids);
  g_autoptr (XhDraw) again = xh_sampling_draw (fixture->scheme, shuffled, N_POOL, "2026-11-22 / 4711");
  g_autoptr (XhDraw) other = xh_sampling_draw (fixture->scheme, shuffled, N_POOL, "2026-11-22 / 4712");
  g_auto (GStrv) first = dup_drawn (fixture->draw), second = dup_drawn (again), third = dup_drawn (other);

  g_assert_cmpstr (fixture->draw->pool_hash, ==, again->pool_hash);
  g_assert_true (g_strv_equal ((const char *const *) first, (const char *const *) second));
  g_assert_false (g_strv_equal ((const char *const *) first, (const char *const *) third));
}

/* Known by heart, so that a draw of this year can be repeated with the program of another. */
static void
test_hashes_stay (Fixture *fixture, gconstpointer data)
{
  static const XhPoolEntry one[] = { { "b", "D" }, { "a", NULL }, { "b", "D" } };
  g_autoptr (XhDraw) draw = xh_sampling_draw (fixture->scheme, one, G_N_ELEMENTS (one), "seed");
  g_autofree char *pool = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "a \nb D\n", -1);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "seed\nb", -1);

  g_assert_cmpuint (draw->n_pool, ==, 2);
  g_assert_cmpstr (draw->pool_hash, ==, pool);
  g_assert_cmpstr (((XhDrawn *) g_ptr_array_index (draw->drawn, 0))->hash, ==, hash);
}

static void
test_verify (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) ids = dup_drawn (fixture->draw);
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;

  g_assert_true (xh_sampling_verify (fixture->scheme, fixture->pool, N_POOL, fixture->draw->seed, fixture->draw->pool_hash,
                                     (const char *const *) ids, &error));
  g_assert_no_error (error);

  /* One put in the place of another. */
  kept = g_steal_pointer (&ids[3]);
  ids[3] = g_strdup ("record-9999");
  g_assert_false (xh_sampling_verify (fixture->scheme, fixture->pool, N_POOL, fixture->draw->seed, fixture->draw->pool_hash,
                                      (const char *const *) ids, &error));
  g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
  g_assert_nonnull (strstr (error->message, kept));
  g_clear_error (&error);

  /* A grade that has changed since. */
  fixture->pool[7].grade = "A";
  g_assert_false (xh_sampling_verify (fixture->scheme, fixture->pool, N_POOL, fixture->draw->seed, fixture->draw->pool_hash,
                                      (const char *const *) ids, &error));
  g_assert_nonnull (strstr (error->message, "pool"));
}

static gboolean
not_the_second (const char *object, const char *inspector, gpointer data)
{
  return strcmp (inspector, "i2") != 0;
}

static void
test_inspectors (Fixture *fixture, gconstpointer data)
{
  static const char *const all[] = { "i1", "i2", "i3", "i4", "i3", NULL };
  static const char *const few[] = { "i1", NULL };
  g_auto (GStrv) two = xh_sampling_draw_inspectors (fixture->scheme, "record-0001", all, "s", NULL, NULL);
  g_auto (GStrv) again = xh_sampling_draw_inspectors (fixture->scheme, "record-0001", all, "s", NULL, NULL);
  g_auto (GStrv) one = xh_sampling_draw_inspectors (fixture->scheme, "record-0001", few, "s", NULL, NULL);

  g_assert_cmpuint (g_strv_length (two), ==, 2);
  g_assert_cmpstr (two[0], !=, two[1]);
  g_assert_true (g_strv_equal ((const char *const *) two, (const char *const *) again));
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *object = g_strdup_printf ("record-%u", i);
      g_auto (GStrv) allowed = xh_sampling_draw_inspectors (fixture->scheme, object, all, "s", not_the_second, NULL);

      g_assert_cmpuint (g_strv_length (allowed), ==, 2);
      g_assert_false (g_strv_contains ((const char *const *) allowed, "i2"));
    }
}

static void
test_scheme_is_read (Fixture *fixture, gconstpointer data)
{
  const XhSamplingScheme *scheme = fixture->scheme;

  g_assert_cmpstr (scheme->pool->name, ==, "rating");
  g_assert_cmpstr (scheme->creates->name, ==, "consent");
  g_assert_cmpuint (scheme->sets->len, ==, 2);
  g_assert_cmpstr (((XhSamplingWhere *) g_ptr_array_index (scheme->where, 0))->codes[0], ==, "kept");
  g_assert_cmpstr (xh_sampling_find_ratio (scheme, "D")->range, ==, "61%—100%");
  g_assert_cmpstr (xh_sampling_find_ratio (scheme, NULL)->grade, ==, "*");
  g_assert_cmpuint (scheme->per_object, ==, 2);
}

static void
test_faults (void)
{
  static const struct { const char *from, *to, *fault; } mistakes[] = {
    { "\"kind\": \"rating\"", "\"kind\": \"ratings\"", "sampling.json: /schemes/0/pool/kind: no such kind \"ratings\"" },
    { "\"grade\": \"grade\"", "\"grade\": \"grad\"", "sampling.json: /schemes/0/pool/grade: the kind \"rating\" has no field \"grad\"" },
    { "[\"kept\"]", "[\"keep\"]", "sampling.json: /schemes/0/pool/where/state: \"keep\" is no code of the field" },
    { "\"grade\": \"A\"", "\"grade\": \"X\"", "sampling.json: /schemes/0/ratios/0/grade: \"X\" is no code of the field" },
    { "\"percent\": 100", "\"percent\": 101", "sampling.json: /schemes/0/ratios/1/percent: must be from 0 to 100" },
    { "\"kind\": \"consent\"", "\"kind\": \"none\"", "sampling.json: /schemes/0/creates/kind: no such kind \"none\"" },
    { "\"set\": {\"household\"", "\"set\": {\"house\"", "sampling.json: /schemes/0/creates/set: no such field \"house\"" },
    { "\"kind\": \"household\"", "\"kind\": \"holds\"", "sampling.json: /schemes/0/creates/inspectors/kind: no such kind \"holds\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load (mistakes[i].from, mistakes[i].to, &error));
      g_assert_cmpstr (error->message, ==, mistakes[i].fault);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/model/sampling/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("scheme-is-read", test_scheme_is_read);
  ADD ("quota-of-each-grade", test_quotas);
  ADD ("quota-of-few", test_quota_of_few);
  ADD ("same-seed-same-draw", test_repeatable);
  ADD ("hashes-stay-as-they-are", test_hashes_stay);
  ADD ("check-finds-what-was-changed", test_verify);
  ADD ("inspectors-of-an-object", test_inspectors);
  g_test_add_func ("/model/sampling/faults-of-the-file", test_faults);
  return g_test_run ();
}
