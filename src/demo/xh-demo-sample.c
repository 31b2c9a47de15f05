/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-sample.h"

#include "model/xh-json.h"

#define COUNTY_OF_COUNTS 20000 /* households of the county that "count" speaks of */
#define FEWEST 12
#define MOST 200000

struct _XhDemoSamples
{
  GHashTable *kinds; /* (owned) name → JsonNode */
};

static gboolean
load_file (XhDemoSamples *self, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  JsonNode *node;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  node = xh_json_parse_definition (text, (gssize) length, error);
  if (node == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not an object", path);
      json_node_unref (node);
      return FALSE;
    }
  g_hash_table_insert (self->kinds, g_strndup (name, strlen (name) - strlen (".json")), node);
  return TRUE;
}

XhDemoSamples *
xh_demo_samples_load (const char *folder, GError **error)
{
  g_autoptr (XhDemoSamples) self = g_new0 (XhDemoSamples, 1);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_val_if_fail (folder != NULL, NULL);

  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json") && name[0] != '.' && !load_file (self, folder, name, error))
      return NULL;
  return g_steal_pointer (&self);
}

void
xh_demo_samples_free (XhDemoSamples *self)
{
  g_hash_table_unref (self->kinds);
  g_free (self);
}

JsonObject *
xh_demo_samples_find (XhDemoSamples *self, const char *kind)
{
  JsonNode *node = self != NULL ? g_hash_table_lookup (self->kinds, kind) : NULL;

  return node != NULL ? json_node_get_object (node) : NULL;
}

guint
xh_demo_samples_count (XhDemoSamples *self, const char *kind, guint households)
{
  JsonObject *sample = xh_demo_samples_find (self, kind);
  gint64 count = sample != NULL ? json_object_get_int_member_with_default (sample, "count", 40) : 0;
  gint64 scaled = (gint64) ((double) count * households / COUNTY_OF_COUNTS);

  if (count <= 0)
    return 0;
  return (guint) CLAMP (scaled, MIN (count, FEWEST), MOST);
}
