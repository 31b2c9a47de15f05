/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A disk in memory under SQLite: each host of the simulation has one for its database, and it can fail at any operation, be full, or lose its
 * host there: the process is killed (what it wrote stands) or the power is cut (what was not synced may be lost or torn). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SIM_DISK_WRITE = 1 << 0, /* also truncations and deletions */
  SIM_DISK_SYNC  = 1 << 1,
  SIM_DISK_READ  = 1 << 2,
  SIM_DISK_OPEN  = 1 << 3,
} SimDiskOp;

typedef enum
{
  SIM_DISK_FINE,
  SIM_DISK_FAIL, /* this one operation fails */
  SIM_DISK_FULL, /* writes fail from here on until sim_disk_mend() */
  SIM_DISK_KILL, /* the host dies in the middle of it */
  SIM_DISK_CUT,  /* likewise, and with it what was not synced */
} SimDiskFault;

typedef struct _SimDisk SimDisk;

void     sim_disk_install (void); /* becomes SQLite's default; before anything opens a database */
/* Files whose path begins with @prefix; what lies on no disk is where it is. Lives as long as the process. */
SimDisk *sim_disk_new     (const char *prefix);
/* The @nth operation among @ops from now on meets @fault; 0 disarms. */
void     sim_disk_arm     (SimDisk *self, SimDiskFault fault, guint ops, guint64 nth);
gboolean sim_disk_is_dead (SimDisk *self);    /* (nullable) its host must drop every connection, then sim_disk_mend() */
gboolean sim_disk_has_struck (SimDisk *self); /* since it was armed */
/* The host starts again, or room was made. No connection may be open if it was dead. */
void     sim_disk_mend    (SimDisk *self);
guint64  sim_disk_count   (SimDisk *self, guint ops); /* operations since the disk was made */
/* Kills the host now; @fault: SIM_DISK_KILL or SIM_DISK_CUT. */
void     sim_disk_kill    (SimDisk *self, SimDiskFault fault);
gboolean sim_disk_has_file (const char *name); /* and something is in it */
/* Copies a file (none open of either name). */
void     sim_disk_copy    (const char *from, const char *to);

G_END_DECLS
