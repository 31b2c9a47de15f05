/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-chance.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define BEGINNING G_GINT64_CONSTANT (1795334400000000) /* 2026-11-22T08:00:00Z */

static guint64 state;
static gint64 passed, *offset;

/* Neighbouring numbers must not give the same stream, moved by one. */
void
sim_chance_begin (guint64 seed)
{
  state = seed;
  state = sim_chance_next () ^ (seed << 32);
}

/* splitmix64 (public domain, S. Vigna) */
guint64
sim_chance_next (void)
{
  guint64 z = state += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

guint
sim_chance_below (guint n)
{
  return n > 0 ? (guint) (sim_chance_next () % n) : 0;
}

gboolean
sim_chance_of (guint percent)
{
  return sim_chance_below (100) < percent;
}

void
sim_clock_pass (gint64 microseconds)
{
  passed += microseconds;
}

void
sim_clock_use (gint64 *clock)
{
  offset = clock;
}

/* --- what the program asks */

gint64
g_get_real_time (void)
{
  return BEGINNING + passed + (offset != NULL ? *offset : 0);
}

gint64
g_get_monotonic_time (void)
{
  return G_TIME_SPAN_HOUR + passed;
}

GDateTime *
g_date_time_new_now_utc (void)
{
  const gint64 now = g_get_real_time ();
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);

  return g_date_time_add (second, now % G_USEC_PER_SEC);
}

void
g_usleep (gulong microseconds)
{
  sim_clock_pass ((gint64) microseconds);
}

/* What lies outside the disks of the simulation is as safe as its process. */
int
fsync (int file)
{
  return 0;
}

int
fdatasync (int file)
{
  return 0;
}

ssize_t
getrandom (void *bytes, size_t length, unsigned int flags)
{
  for (size_t i = 0; i < length; i++)
    ((guint8 *) bytes)[i] = (guint8) sim_chance_next ();
  return (ssize_t) length;
}
