/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-list-widths.h"

/* A column whose words are longer than this is cut rather than another one left out. */
#define LONG 200

static int
sum_cut (const XhListWidth *widths, guint n, int most)
{
  int sum = 0;

  for (guint i = 0; i < n; i++)
    if (widths[i].given > 0)
      sum += MIN (widths[i].want, most);

  return sum;
}

/* Which are shown: those that stay, and of the others those in front as long as there is room for most of their words. */
static void
choose (XhListWidth *widths, guint n, int width)
{
  int left = width;

  for (guint i = 0; i < n; i++)
    {
      widths[i].given = widths[i].stays ? 1 : 0;
      if (widths[i].stays)
        left -= MIN (widths[i].want, LONG);
    }
  for (guint i = 0; i < n; i++)
    {
      if (widths[i].stays)
        continue;
      left -= MIN (widths[i].want, LONG);
      if (left < 0)
        break;
      widths[i].given = 1;
    }
}

/* The width at which the longest have to be cut so that all find room. */
static int
find_most (const XhListWidth *widths, guint n, int width)
{
  int low = 1, high = width;

  while (low < high)
    {
      const int middle = (low + high + 1) / 2;

      if (sum_cut (widths, n, middle) <= width)
        low = middle;
      else
        high = middle - 1;
    }

  return low;
}

void
xh_list_widths_share (XhListWidth *widths, guint n, int width)
{
  int most, left, growing = 0;

  g_return_if_fail (widths != NULL || n == 0);

  choose (widths, n, width);
  most = find_most (widths, n, MAX (width, 1));
  left = MAX (0, width - sum_cut (widths, n, most));
  for (guint i = 0; i < n; i++)
    growing += widths[i].given > 0 && widths[i].grows;
  for (guint i = 0; i < n; i++)
    {
      if (widths[i].given == 0)
        continue;
      widths[i].given = MAX (1, MIN (widths[i].want, most));
      if (widths[i].grows)
        {
          const int share = left / growing--;

          widths[i].given += share;
          left -= share;
        }
    }
}
