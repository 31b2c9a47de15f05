/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What SQLite sees: files of the disks in memory, and all others where they are. */
#include "sim-disk-private.h"

#include <string.h>

#include "sim-chance.h"

#define SHM_BLOCK 32768

typedef struct
{
  sqlite3_file base;
  SimInode *inode;
  int lock;
  guint8 shm_shared[SQLITE_SHM_NLOCK];
  gboolean has_shm, is_temporary;
} File;

/* --- a file */

static int
file_close (sqlite3_file *base)
{
  File *file = (File *) base;
  SimInode *inode = file->inode;

  if (file->lock > SQLITE_LOCK_NONE && inode->n_shared > 0)
    inode->n_shared--;
  if (inode->reserved == file)
    inode->reserved = NULL;
  if (inode->exclusive == file)
    inode->exclusive = NULL;
  if (inode->users > 0)
    inode->users--;
  if (file->is_temporary)
    sim_inode_free (inode);
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *base, void *to, int length, sqlite3_int64 offset)
{
  const SimInode *inode = ((File *) base)->inode;
  const gint64 there = CLAMP ((gint64) inode->now->len - offset, 0, length);
  int code = sim_disk_meet (inode->disk, SIM_DISK_READ);

  if (code != SQLITE_OK)
    return code;
  if (there > 0)
    memcpy (to, inode->now->data + offset, (gsize) there);
  if (there == length)
    return SQLITE_OK;
  memset ((guint8 *) to + there, 0, (gsize) (length - there));
  return SQLITE_IOERR_SHORT_READ;
}

static int
file_write (sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
  SimInode *inode = ((File *) base)->inode;
  const gboolean was_dead = sim_disk_is_dead (inode->disk);
  int code = sim_disk_meet (inode->disk, SIM_DISK_WRITE);

  /* Whoever dies in a write has written some of it. */
  if (code == SQLITE_IOERR && !was_dead && sim_disk_is_dead (inode->disk) && length > 1)
    sim_inode_write (inode, offset, bytes, sim_chance_below ((guint) length));
  if (code != SQLITE_OK)
    return code;
  sim_inode_write (inode, offset, bytes, (gsize) length);
  return SQLITE_OK;
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  SimInode *inode = ((File *) base)->inode;
  int code = sim_disk_meet (inode->disk, SIM_DISK_WRITE);

  if (code != SQLITE_OK)
    return code;
  sim_inode_truncate (inode, size);
  return SQLITE_OK;
}

static int
file_sync (sqlite3_file *base, int flags)
{
  SimInode *inode = ((File *) base)->inode;
  int code = sim_disk_meet (inode->disk, SIM_DISK_SYNC);

  if (code == SQLITE_OK)
    sim_inode_sync (inode);
  return code;
}

static int
file_size (sqlite3_file *base, sqlite3_int64 *size)
{
  *size = ((File *) base)->inode->now->len;
  return SQLITE_OK;
}

static int
file_lock (sqlite3_file *base, int level)
{
  File *file = (File *) base;
  SimInode *inode = file->inode;

  if (level <= file->lock)
    return SQLITE_OK;
  if (file->lock == SQLITE_LOCK_NONE)
    {
      if (inode->exclusive != NULL)
        return SQLITE_BUSY;
      inode->n_shared++;
      file->lock = SQLITE_LOCK_SHARED;
    }
  if (level >= SQLITE_LOCK_RESERVED)
    {
      if (inode->reserved != NULL && inode->reserved != file)
        return SQLITE_BUSY;
      inode->reserved = file;
      file->lock = MAX (file->lock, SQLITE_LOCK_RESERVED);
    }
  if (level == SQLITE_LOCK_EXCLUSIVE)
    {
      if (inode->n_shared > 1)
        return SQLITE_BUSY;
      inode->exclusive = file;
    }
  file->lock = level;
  return SQLITE_OK;
}

static int
file_unlock (sqlite3_file *base, int level)
{
  File *file = (File *) base;
  SimInode *inode = file->inode;

  if (file->lock <= level)
    return SQLITE_OK;
  if (inode->exclusive == file)
    inode->exclusive = NULL;
  if (inode->reserved == file)
    inode->reserved = NULL;
  if (level == SQLITE_LOCK_NONE && inode->n_shared > 0)
    inode->n_shared--;
  file->lock = level;
  return SQLITE_OK;
}

static int
file_check_lock (sqlite3_file *base, int *reserved)
{
  *reserved = ((File *) base)->inode->reserved != NULL;
  return SQLITE_OK;
}

static int
file_control (sqlite3_file *base, int op, void *arg)
{
  return SQLITE_NOTFOUND;
}

static int
file_sector_size (sqlite3_file *base)
{
  return SIM_DISK_SECTOR;
}

static int
file_characteristics (sqlite3_file *base)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* --- the memory that connections of one database share */

static int
shm_map (sqlite3_file *base, int block, int size, int extend, void volatile **memory)
{
  File *file = (File *) base;
  SimInode *inode = file->inode;

  *memory = NULL;
  if (sim_disk_is_dead (inode->disk))
    return SQLITE_IOERR;
  if (!file->has_shm)
    inode->shm_users++;
  file->has_shm = TRUE;
  while (extend && (int) inode->shm->len <= block)
    g_ptr_array_add (inode->shm, g_malloc0 (SHM_BLOCK));
  if ((int) inode->shm->len > block)
    *memory = inode->shm->pdata[block];
  return SQLITE_OK;
}

static int
shm_lock (sqlite3_file *base, int first, int n, int flags)
{
  File *file = (File *) base;
  SimInode *inode = file->inode;

  for (int i = first; i < first + n; i++)
    if ((flags & SQLITE_SHM_UNLOCK) == 0 && !(flags & SQLITE_SHM_SHARED && file->shm_shared[i]))
      {
        if (inode->shm_owner[i] != NULL && inode->shm_owner[i] != file)
          return SQLITE_BUSY;
        if ((flags & SQLITE_SHM_EXCLUSIVE) && inode->shm_shared[i] > file->shm_shared[i])
          return SQLITE_BUSY;
      }
  for (int i = first; i < first + n; i++)
    if (flags & SQLITE_SHM_EXCLUSIVE)
      inode->shm_owner[i] = flags & SQLITE_SHM_LOCK ? file : NULL;
    else if ((flags & SQLITE_SHM_LOCK) && !file->shm_shared[i])
      {
        file->shm_shared[i] = 1;
        inode->shm_shared[i]++;
      }
    else if ((flags & SQLITE_SHM_UNLOCK) && file->shm_shared[i])
      {
        file->shm_shared[i] = 0;
        inode->shm_shared[i]--;
      }
  return SQLITE_OK;
}

static void
shm_barrier (sqlite3_file *base)
{
}

static int
shm_unmap (sqlite3_file *base, int remove)
{
  File *file = (File *) base;
  SimInode *inode = file->inode;

  for (int i = 0; i < SQLITE_SHM_NLOCK; i++)
    {
      if (inode->shm_owner[i] == file)
        inode->shm_owner[i] = NULL;
      inode->shm_shared[i] -= file->shm_shared[i];
      file->shm_shared[i] = 0;
    }
  if (file->has_shm && --inode->shm_users == 0)
    g_ptr_array_set_size (inode->shm, 0);
  file->has_shm = FALSE;
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  2, file_close, file_read, file_write, file_truncate, file_sync, file_size, file_lock, file_unlock, file_check_lock, file_control,
  file_sector_size, file_characteristics, shm_map, shm_lock, shm_barrier, shm_unmap, NULL, NULL
};

/* --- the file system */

static sqlite3_vfs *outside; /* the real one */

static gboolean
is_outside (const char *name)
{
  return name != NULL && !sim_disk_has (name);
}

static int
vfs_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *out_flags)
{
  File *file = (File *) base;
  SimInode *inode;
  int code;

  if (is_outside (name))
    return outside->xOpen (outside, name, base, flags, out_flags);
  inode = name != NULL ? sim_inode_find (name) : NULL;
  memset (file, 0, sizeof *file);
  if (inode == NULL && name != NULL && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  if (inode == NULL)
    inode = name != NULL ? sim_inode_make (name) : sim_inode_new (NULL);
  code = sim_disk_meet (inode->disk, SIM_DISK_OPEN);
  if (code != SQLITE_OK)
    return SQLITE_CANTOPEN;
  file->base.pMethods = &methods;
  file->inode = inode;
  file->is_temporary = name == NULL;
  inode->users++;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  SimInode *inode = sim_inode_find (name);
  int code = inode != NULL ? sim_disk_meet (inode->disk, SIM_DISK_WRITE) : SQLITE_IOERR_DELETE_NOENT;

  if (is_outside (name))
    return outside->xDelete (outside, name, sync);
  if (code != SQLITE_OK)
    return code;
  /* An inode that is open keeps its content until it is closed; SQLite deletes only what it has closed. */
  sim_inode_remove (inode);
  return SQLITE_OK;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  const SimInode *inode = sim_inode_find (name);

  if (is_outside (name))
    return outside->xAccess (outside, name, flags, result);
  *result = inode != NULL && (flags != SQLITE_ACCESS_EXISTS || inode->now->len > 0);
  return SQLITE_OK;
}

static int
vfs_full_path (sqlite3_vfs *vfs, const char *name, int n, char *path)
{
  g_strlcpy (path, name, (gsize) n);
  return SQLITE_OK;
}

static int
vfs_randomness (sqlite3_vfs *vfs, int n, char *bytes)
{
  for (int i = 0; i < n; i++)
    bytes[i] = (char) sim_chance_below (256);
  return n;
}

static int
vfs_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
vfs_time (sqlite3_vfs *vfs, sqlite3_int64 *now)
{
  *now = g_get_real_time () / 1000 + G_GINT64_CONSTANT (210866760000000);
  return SQLITE_OK;
}

static int
vfs_last_error (sqlite3_vfs *vfs, int n, char *text)
{
  return 0;
}

void
sim_vfs_install (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2, .szOsFile = sizeof (File), .mxPathname = 512, .zName = "simulation", .xOpen = vfs_open, .xDelete = vfs_delete,
    .xAccess = vfs_access, .xFullPathname = vfs_full_path, .xRandomness = vfs_randomness, .xSleep = vfs_sleep,
    .xGetLastError = vfs_last_error, .xCurrentTimeInt64 = vfs_time,
  };

  outside = sqlite3_vfs_find (NULL);
  vfs.szOsFile = MAX (vfs.szOsFile, outside->szOsFile);
  sqlite3_vfs_register (&vfs, 1);
}
