/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that is left to chance in a simulation, from one number; and its clocks. g_get_real_time(), g_get_monotonic_time(),
 * g_date_time_new_now_utc(), g_usleep(), getrandom() and fsync() of this program are these. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void     sim_chance_begin (guint64 seed);
guint64  sim_chance_next  (void);
guint    sim_chance_below (guint n);      /* 0 where @n is 0 */
gboolean sim_chance_of    (guint percent);

void     sim_clock_pass   (gint64 microseconds); /* for everybody */
void     sim_clock_use    (gint64 *offset);      /* (nullable) whose clock the code that runs now reads: true time and this */

G_END_DECLS
