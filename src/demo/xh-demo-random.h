/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A stream of chance that is the same on every machine: splitmix64. Each household has streams of its own by topic, so
 * that any of them can be made again without those before it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct { guint64 state; } XhDemoRandom;

static inline guint64
xh_demo_mix (guint64 x)
{
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return x ^ (x >> 31);
}

static inline XhDemoRandom
xh_demo_random (guint64 seed, guint64 number, guint64 topic)
{
  return (XhDemoRandom) { xh_demo_mix (xh_demo_mix (seed + 0x9E3779B9) ^ (number * 64 + topic)) };
}

static inline guint64
xh_demo_next (XhDemoRandom *random)
{
  random->state += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return xh_demo_mix (random->state);
}

/* 0 <= result < 1 */
static inline double
xh_demo_unit (XhDemoRandom *random)
{
  return (xh_demo_next (random) >> 11) * (1.0 / 9007199254740992.0);
}

static inline gboolean
xh_demo_chance (XhDemoRandom *random, double probability)
{
  return xh_demo_unit (random) < probability;
}

/* both ends included */
static inline int
xh_demo_between (XhDemoRandom *random, int low, int high)
{
  return low + (int) (xh_demo_next (random) % (guint64) (high - low + 1));
}

/* Mean 0, deviation 1, never beyond 3.5: the sum of four uniform numbers. */
static inline double
xh_demo_normal (XhDemoRandom *random)
{
  double sum = 0;

  for (int i = 0; i < 4; i++)
    sum += xh_demo_unit (random);
  return (sum - 2) * 1.7320508;
}

G_END_DECLS
