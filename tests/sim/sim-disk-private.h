/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of a disk in memory, for the file system that SQLite sees (sim-vfs.c). */
#pragma once

#include <sqlite3.h>

#include "sim-disk.h"

G_BEGIN_DECLS

#define SIM_DISK_SECTOR 512

/* A write that was not synced. */
typedef struct
{
  gint64 offset;    /* -1: the file was cut to @length */
  gsize length;
  guint8 *bytes;    /* (owned) (nullable) */
} SimWrite;

typedef struct
{
  char *name;       /* (owned) (nullable) of a temporary one */
  SimDisk *disk;
  GByteArray *now, *synced;
  GArray *writes;   /* of SimWrite, since the last sync */
  GPtrArray *shm;   /* of blocks */
  guint shm_users;
  guint shm_shared[SQLITE_SHM_NLOCK];
  gpointer shm_owner[SQLITE_SHM_NLOCK];
  guint users, n_shared;
  gpointer reserved, exclusive; /* connections */
} SimInode;

/* SQLITE_OK: goes on. @self: (nullable) */
int       sim_disk_meet      (SimDisk *self, SimDiskOp op);
gboolean  sim_disk_has       (const char *name); /* whether a file of this name lies on one of the disks */

SimInode *sim_inode_find     (const char *name);  /* (transfer none) (nullable) */
SimInode *sim_inode_make     (const char *name);  /* (transfer none) */
SimInode *sim_inode_new      (const char *name);  /* (transfer full) @name: (nullable): temporary */
void      sim_inode_free     (gpointer inode);
void      sim_inode_remove   (SimInode *inode);
void      sim_inode_write    (SimInode *inode, gint64 offset, const void *bytes, gsize length);
void      sim_inode_truncate (SimInode *inode, gint64 size);
void      sim_inode_sync     (SimInode *inode);

/* sim-vfs.c */
void      sim_vfs_install    (void);

G_END_DECLS
