/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQLite's allocator, which can fail once. What GLib allocates cannot: it ends the program, which is the kill that the disks know. */
#pragma once

#include <glib.h>

void     sim_memory_install    (void); /* before anything opens a database */
void     sim_memory_arm        (guint64 nth); /* the @nth allocation from now on fails; 0: none */
gboolean sim_memory_has_struck (void);
