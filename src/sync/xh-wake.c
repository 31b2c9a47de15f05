/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-wake.h"

#include <time.h>

#define SLEEP_USEC (2 * G_USEC_PER_SEC)

gboolean
xh_wake_look (XhWake *self, gint64 awake, gint64 all)
{
  const gint64 ahead = all - awake;
  const gboolean slept = self->seen && ahead - self->ahead > SLEEP_USEC;

  self->ahead = ahead;
  self->seen = TRUE;
  return slept;
}

static gint64
read_clock (clockid_t id)
{
  struct timespec time;

  clock_gettime (id, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

gboolean
xh_wake_look_now (XhWake *self)
{
  return xh_wake_look (self, read_clock (CLOCK_MONOTONIC), read_clock (CLOCK_BOOTTIME));
}
