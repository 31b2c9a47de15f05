/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-rid-diff.h"

#include <string.h>

#define RANGES_MAX 64       /* each range costs the view a pass; past this one replacement is cheaper */
#define MIDDLE_MAX 65536    /* rows compared one by one */

static inline gint64
rid_at (GArray *rids, guint i)
{
  return g_array_index (rids, gint64, i);
}

static void
add_range (GArray *ranges, guint position, guint removed, guint added)
{
  const XhRange range = { position, removed, added };

  if (removed > 0 || added > 0)
    g_array_append_val (ranges, range);
}

/* The longest run of rows of the new middle that were in the same order in the old one: patience sorting of their old
 * places. @kept[i]: old place + 1 of new row i where it stays, else 0. */
static void
find_kept (GArray *old, guint first, guint n_old, GArray *new_, guint n_new, guint *kept)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree guint *old_place = g_new0 (guint, n_new);
  g_autofree guint *tails = g_new (guint, n_new + 1);
  g_autofree int *previous = g_new (int, n_new);
  guint n_tails = 0;

  for (guint i = 0; i < n_old; i++)
    g_hash_table_insert (places, &g_array_index (old, gint64, first + i), GUINT_TO_POINTER (i + 1));

  for (guint i = 0; i < n_new; i++)
    {
      guint low = 0, high = n_tails;

      old_place[i] = GPOINTER_TO_UINT (g_hash_table_lookup (places, &g_array_index (new_, gint64, first + i)));
      if (old_place[i] == 0)
        continue;

      while (low < high)
        {
          const guint middle = (low + high) / 2;

          if (old_place[tails[middle]] < old_place[i])
            low = middle + 1;
          else
            high = middle;
        }
      previous[i] = low > 0 ? (int) tails[low - 1] : -1;
      tails[low] = i;
      n_tails = MAX (n_tails, low + 1);
    }

  memset (kept, 0, sizeof (guint) * n_new);
  for (int i = n_tails > 0 ? (int) tails[n_tails - 1] : -1; i >= 0; i = previous[i])
    kept[i] = old_place[i];
}

static void
diff_middle (GArray *ranges, GArray *old, GArray *new_, guint first, guint n_old, guint n_new)
{
  g_autofree guint *kept = g_new0 (guint, n_new + 1);
  guint old_i = 0, new_i = 0;

  if (n_old > 0 && n_new > 0)
    find_kept (old, first, n_old, new_, n_new, kept);

  while (old_i < n_old || new_i < n_new)
    {
      guint next = new_i;
      guint old_end;

      while (next < n_new && kept[next] == 0)
        next++;
      old_end = next < n_new ? kept[next] - 1 : n_old;
      /* In the list as it is by now, everything before here already has its new place. */
      add_range (ranges, first + new_i, old_end - old_i, next - new_i);
      old_i = old_end + (next < n_new ? 1 : 0);
      new_i = next + (next < n_new ? 1 : 0);
    }
}

GArray *
xh_rid_diff (GArray *old, GArray *new_)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (XhRange));
  const guint shorter = MIN (old->len, new_->len);
  guint first = 0, last = 0;
  guint n_old, n_new;

  while (first < shorter && rid_at (old, first) == rid_at (new_, first))
    first++;
  while (last < shorter - first && rid_at (old, old->len - 1 - last) == rid_at (new_, new_->len - 1 - last))
    last++;

  n_old = old->len - first - last;
  n_new = new_->len - first - last;
  if (n_old > 0 && n_new > 0 && MAX (n_old, n_new) <= MIDDLE_MAX)
    diff_middle (ranges, old, new_, first, n_old, n_new);
  if (ranges->len == 0 || ranges->len > RANGES_MAX)
    {
      g_array_set_size (ranges, 0);
      /* Apart: a replacement in one range makes a view look for every row it tracks among the new ones. */
      add_range (ranges, first, n_old, 0);
      add_range (ranges, first, 0, n_new);
    }

  return ranges;
}
