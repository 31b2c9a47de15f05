/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_ROUNDS 400

/* Pieces that definitions and their parsers stumble over. */
static const char *const pieces[] = {
  "\"", "'", "[", "]", "{", "}", ":", ",", "(", ")", "\\u0000", "\\ud800", "\\ud800\\udc00", "99999999999999999999", "1e999", "-0", "null", "true",
  "id", "state", "select", "count(*)", "max(", "--", "/*", ";", "?1", "0x", "1.", "\xC3", "\xFF", "\x01", "[[[[[[[[[[[[[[[[", " in ", " as ", "''",
};

/* --- mutations of bytes */

static GByteArray *
mutate_bytes (GRand *rand, const guint8 *data, gsize length)
{
  GByteArray *bytes = g_byte_array_new ();
  int n = g_rand_int_range (rand, 1, 5);

  g_byte_array_append (bytes, data, (guint) length);
  for (int i = 0; i < n && bytes->len > 0; i++)
    {
      guint at = (guint) g_rand_int_range (rand, 0, (gint32) bytes->len);
      guint range = (guint) g_rand_int_range (rand, 1, (gint32) MIN (bytes->len - at, 40) + 1);
      const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
      g_autofree guint8 *rest = g_memdup2 (bytes->data + at, bytes->len - at);
      guint rest_length = bytes->len - at;

      switch (g_rand_int_range (rand, 0, 4))
        {
        case 0:
          bytes->data[at] ^= (guint8) (1u << g_rand_int_range (rand, 0, 8));
          break;
        case 1:
          g_byte_array_remove_range (bytes, at, range);
          break;
        case 2:
          g_byte_array_append (bytes, rest, range);
          break;
        default:
          g_byte_array_set_size (bytes, at);
          g_byte_array_append (bytes, (const guint8 *) piece, (guint) strlen (piece));
          g_byte_array_append (bytes, rest, rest_length);
        }
    }
  return bytes;
}

/* --- mutations of a JSON tree, which get past the parser */

static JsonNode *
random_node (GRand *rand)
{
  JsonNode *node;

  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0:
      return json_node_new (JSON_NODE_NULL);
    case 1:
      return json_node_init_boolean (json_node_alloc (), g_rand_boolean (rand));
    case 2:
      return json_node_init_int (json_node_alloc (), g_rand_int_range (rand, -5, 1000000));
    case 3:
      return json_node_init_double (json_node_alloc (), g_rand_double_range (rand, -1e18, 1e18));
    case 4:
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (node, json_array_new ());
      return node;
    case 5:
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (node, json_object_new ());
      return node;
    default:
      return json_node_init_string (json_node_alloc (), g_utf8_validate (pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))], -1, NULL)
                                                          ? "id" : "state");
    }
}

static void mutate_node (GRand *rand, JsonNode *node);

static void
mutate_object (GRand *rand, JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);
  const char *name = g_list_nth_data (names, (guint) g_rand_int_range (rand, 0, (gint32) g_list_length (names)));

  if (g_rand_int_range (rand, 0, 6) > 0)
    mutate_node (rand, json_object_get_member (object, name));
  else if (g_rand_boolean (rand))
    json_object_set_member (object, name, random_node (rand));
  else
    json_object_remove_member (object, name);
}

static void
mutate_array (GRand *rand, JsonArray *array)
{
  guint at = (guint) g_rand_int_range (rand, 0, (gint32) json_array_get_length (array));

  if (g_rand_int_range (rand, 0, 6) > 0)
    mutate_node (rand, json_array_get_element (array, at));
  else if (g_rand_boolean (rand))
    json_array_add_element (array, json_node_copy (json_array_get_element (array, at)));
  else
    json_array_remove_element (array, at);
}

static void
mutate_node (GRand *rand, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) > 0)
    mutate_object (rand, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0)
    mutate_array (rand, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);
      g_autoptr (GByteArray) bytes = mutate_bytes (rand, (const guint8 *) text, strlen (text));
      g_autofree char *valid = g_utf8_make_valid (bytes->len > 0 ? (const char *) bytes->data : "", bytes->len);

      json_node_set_string (node, valid);
    }
}

static void
run_tree (GRand *rand, const char *text, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *mutated = NULL;
  int n = g_rand_int_range (rand, 1, 4);

  /* Only files of the corpus that are JSON have a tree; they are ours, so the plain parser may read them. */
  if (!g_utf8_validate_len (text, length, NULL) || memchr (text, '{', length) == NULL || length < 1000
      || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return;
  for (int i = 0; i < n; i++)
    mutate_node (rand, json_parser_get_root (parser));
  mutated = json_to_string (json_parser_get_root (parser), FALSE);
  LLVMFuzzerTestOneInput ((const uint8_t *) mutated, strlen (mutated));
}

/* --- the test */

static void
run_file (gconstpointer data)
{
  const char *path = data;
  guint rounds = g_getenv ("XH_FUZZ_ROUNDS") != NULL ? (guint) atoi (g_getenv ("XH_FUZZ_ROUNDS")) : DEFAULT_ROUNDS;
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_getenv ("XH_FUZZ_SEED") != NULL ? (guint32) atoi (g_getenv ("XH_FUZZ_SEED")) : 1);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  LLVMFuzzerTestOneInput ((const uint8_t *) text, length);
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (GByteArray) bytes = mutate_bytes (rand, (const guint8 *) text, length);

      LLVMFuzzerTestOneInput (bytes->len > 0 ? bytes->data : (const uint8_t *) "", bytes->len);
      run_tree (rand, text, length);
    }
}

int
main (int argc, char **argv)
{
  const char *folder = g_getenv ("XH_FUZZ_CORPUS");
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *test = g_strdup_printf ("/fuzz/%s/%s", g_getenv ("XH_FUZZ_NAME"), name);

      g_test_add_data_func_full (test, g_build_filename (folder, name, NULL), run_file, g_free);
    }
  return g_test_run ();
}
