/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder for one test, and waiting for something without sleeping. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char    *scratch_new    (void);         /* (transfer full) a new folder */
void     scratch_remove (char *folder); /* (transfer full) with all that is in it */

typedef gboolean (*ScratchFunc) (gpointer data);
/* Iterates the default main context until @func holds; fails the test after ten seconds. */
void     scratch_wait   (ScratchFunc func, gpointer data);

G_END_DECLS
