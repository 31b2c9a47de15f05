/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sampling.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "xh-catalog.h"

/* --- helpers */

static void
drawn_free (XhDrawn *drawn)
{
  if (drawn == NULL)
    return;
  g_free (drawn->id);
  g_free (drawn->grade);
  g_free (drawn->hash);
  g_free (drawn);
}

static char *
hash_lines (const char *first, const char *second, const char *third)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) first, -1);
  g_checksum_update (sum, (const guchar *) "\n", 1);
  g_checksum_update (sum, (const guchar *) second, -1);
  if (third != NULL)
    {
      g_checksum_update (sum, (const guchar *) "\n", 1);
      g_checksum_update (sum, (const guchar *) third, -1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const XhPoolEntry *const *) a)->id, (*(const XhPoolEntry *const *) b)->id);
}

static int
compare_hashes (gconstpointer a, gconstpointer b)
{
  const XhDrawn *first = *(const XhDrawn *const *) a, *second = *(const XhDrawn *const *) b;
  int order = strcmp (first->hash, second->hash);

  return order != 0 ? order : strcmp (first->id, second->id);
}

/* The entries by id, each once: of doubles the one whose grade comes first. */
static GPtrArray *
sort_pool (const XhPoolEntry *pool, guint n_pool)
{
  g_autoptr (GPtrArray) all = g_ptr_array_sized_new (n_pool);
  GPtrArray *once = g_ptr_array_sized_new (n_pool);

  for (guint i = 0; i < n_pool; i++)
    if (pool[i].id != NULL)
      g_ptr_array_add (all, (gpointer) &pool[i]);
  g_ptr_array_sort (all, compare_entries);
  for (guint i = 0; i < all->len; i++)
    {
      XhPoolEntry *entry = g_ptr_array_index (all, i);
      XhPoolEntry *last = once->len > 0 ? g_ptr_array_index (once, once->len - 1) : NULL;

      if (last == NULL || strcmp (last->id, entry->id) != 0)
        g_ptr_array_add (once, entry);
      else if (g_strcmp0 (entry->grade, last->grade) < 0)
        once->pdata[once->len - 1] = entry;
    }
  return once;
}

static char *
hash_pool (GPtrArray *pool)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < pool->len; i++)
    {
      const XhPoolEntry *entry = g_ptr_array_index (pool, i);
      g_autofree char *line = g_strdup_printf ("%s %s\n", entry->id, entry->grade != NULL ? entry->grade : "");

      g_checksum_update (sum, (const guchar *) line, -1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* Rounded up; 20 per cent of 10 are 2, whatever a double makes of it. */
static guint
quota_of (const XhSamplingRatio *ratio, guint n)
{
  guint quota = (guint) ceil (ratio->percent * n / 100.0 - 1e-9);

  return MIN (n, MAX (quota, ratio->minimum));
}

/* Orders the entries of one ratio and takes the first. @ratio NULL counts those that no ratio is for. */
static void
draw_group (XhDraw *draw, const XhSamplingScheme *scheme, const XhSamplingRatio *ratio, GPtrArray *pool)
{
  g_autoptr (GPtrArray) group = g_ptr_array_new_with_free_func ((GDestroyNotify) drawn_free);
  XhDrawQuota *quota;
  guint n;

  for (guint i = 0; i < pool->len; i++)
    {
      const XhPoolEntry *entry = g_ptr_array_index (pool, i);
      XhDrawn *drawn;

      if (xh_sampling_find_ratio (scheme, entry->grade) != ratio)
        continue;
      drawn = g_new0 (XhDrawn, 1);
      drawn->id = g_strdup (entry->id);
      drawn->grade = g_strdup (entry->grade);
      drawn->hash = hash_lines (draw->seed, entry->id, NULL);
      g_ptr_array_add (group, drawn);
    }
  if (ratio == NULL && group->len == 0)
    return;
  g_ptr_array_sort (group, compare_hashes);
  n = ratio != NULL ? quota_of (ratio, group->len) : 0;
  quota = g_new0 (XhDrawQuota, 1);
  *quota = (XhDrawQuota) { ratio, group->len, n };
  g_ptr_array_add (draw->quotas, quota);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (draw->drawn, g_steal_pointer (&group->pdata[i]));
}

/* --- public functions */

const XhSamplingRatio *
xh_sampling_find_ratio (const XhSamplingScheme *scheme, const char *grade)
{
  const XhSamplingRatio *rest = NULL;

  g_return_val_if_fail (scheme != NULL, NULL);

  for (guint i = 0; i < scheme->ratios->len; i++)
    {
      const XhSamplingRatio *ratio = g_ptr_array_index (scheme->ratios, i);

      if (strcmp (ratio->grade, "*") == 0)
        rest = ratio;
      else if (g_strcmp0 (ratio->grade, grade) == 0)
        return ratio;
    }
  return rest;
}

XhDraw *
xh_sampling_draw (const XhSamplingScheme *scheme, const XhPoolEntry *pool, guint n_pool, const char *seed)
{
  g_autoptr (GPtrArray) sorted = NULL;
  XhDraw *draw;

  g_return_val_if_fail (scheme != NULL && (pool != NULL || n_pool == 0) && seed != NULL, NULL);

  sorted = sort_pool (pool, n_pool);
  draw = g_new0 (XhDraw, 1);
  draw->seed = g_strdup (seed);
  draw->pool_hash = hash_pool (sorted);
  draw->n_pool = sorted->len;
  draw->drawn = g_ptr_array_new_with_free_func ((GDestroyNotify) drawn_free);
  draw->quotas = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < scheme->ratios->len; i++)
    draw_group (draw, scheme, g_ptr_array_index (scheme->ratios, i), sorted);
  draw_group (draw, scheme, NULL, sorted);
  return draw;
}

gboolean
xh_sampling_verify (const XhSamplingScheme *scheme, const XhPoolEntry *pool, guint n_pool, const char *seed, const char *pool_hash,
                    const char *const *ids, GError **error)
{
  g_autoptr (XhDraw) draw = xh_sampling_draw (scheme, pool, n_pool, seed);
  g_autoptr (GHashTable) said = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (draw != NULL && ids != NULL, FALSE);

  if (pool_hash != NULL && strcmp (pool_hash, draw->pool_hash) != 0)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE,
                           _("The pool is not the one that was drawn from: records or grades have changed."));
      return FALSE;
    }
  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add (said, (gpointer) ids[i]);
  for (guint i = 0; i < draw->drawn->len; i++)
    {
      const XhDrawn *drawn = g_ptr_array_index (draw->drawn, i);

      if (g_hash_table_remove (said, drawn->id))
        continue;
      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("The draw gives %s, which is not among what was drawn."), drawn->id);
      return FALSE;
    }
  if (g_hash_table_size (said) == 0)
    return TRUE;
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("%u of what was drawn do not follow from the seed."), g_hash_table_size (said));
  return FALSE;
}

char **
xh_sampling_draw_inspectors (const XhSamplingScheme *scheme, const char *object, const char *const *inspectors, const char *seed,
                             XhMayInspect may, gpointer data)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) drawn_free);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const XhDrawn *last = NULL;
  guint n = 0;

  g_return_val_if_fail (scheme != NULL && object != NULL && inspectors != NULL && seed != NULL, NULL);

  for (guint i = 0; inspectors[i] != NULL; i++)
    {
      XhDrawn *drawn;

      if (may != NULL && !may (object, inspectors[i], data))
        continue;
      drawn = g_new0 (XhDrawn, 1);
      drawn->id = g_strdup (inspectors[i]);
      drawn->hash = hash_lines (seed, object, inspectors[i]);
      g_ptr_array_add (all, drawn);
    }
  g_ptr_array_sort (all, compare_hashes);
  for (guint i = 0; i < all->len && n < scheme->per_object; i++)
    {
      const XhDrawn *drawn = g_ptr_array_index (all, i);

      if (last != NULL && strcmp (last->id, drawn->id) == 0)
        continue;
      last = drawn;
      n++;
      g_strv_builder_add (builder, drawn->id);
    }
  return g_strv_builder_end (builder);
}

void
xh_draw_free (XhDraw *draw)
{
  if (draw == NULL)
    return;
  g_free (draw->seed);
  g_free (draw->pool_hash);
  g_ptr_array_unref (draw->drawn);
  g_ptr_array_unref (draw->quotas);
  g_free (draw);
}
