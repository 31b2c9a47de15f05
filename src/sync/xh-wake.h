/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a computer's sleep shows: the clock that counts it has gone further than the one that does not. */
typedef struct
{
  gint64 ahead; /* microseconds that sleep has taken so far */
  gboolean seen;
} XhWake;

/* TRUE once after each sleep. @awake: microseconds without sleep, @all: with sleep */
gboolean xh_wake_look (XhWake *self, gint64 awake, gint64 all);

/* The same with this computer's clocks. */
gboolean xh_wake_look_now (XhWake *self);

G_END_DECLS
