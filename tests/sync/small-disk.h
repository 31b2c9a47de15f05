/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk of a few megabytes that fills up: a tmpfs of a mount namespace of this program's own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In main, before anything has made a thread. FALSE: this system does not let us. */
gboolean small_disk_allow (void);
void     small_disk_mount (const char *folder, guint megabytes);
void     small_disk_umount (const char *folder);
/* Fills it but for about @left bytes; what was filled before counts as room. */
void     small_disk_fill  (const char *folder, gsize left);
void     small_disk_clear (const char *folder);

G_END_DECLS
