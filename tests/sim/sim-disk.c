/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-disk.h"

#include <sqlite3.h>
#include <string.h>

#include "sim-chance.h"

#define SHM_BLOCK 32768
#define SECTOR 512

struct _SimDisk
{
  char *prefix;
  guint64 counts[4];
  SimDiskFault fault;
  guint ops;
  guint64 left;     /* operations until the fault; 0: not armed */
  gboolean struck, full, dead, lost_power;
};

/* A write that was not synced. */
typedef struct
{
  gint64 offset;    /* -1: the file was cut to @length */
  gsize length;
  guint8 *bytes;    /* (owned) (nullable) */
} Write;

typedef struct
{
  char *name;       /* (owned) */
  SimDisk *disk;
  GByteArray *now, *synced;
  GArray *writes;   /* of Write, since the last sync */
  GPtrArray *shm;   /* of blocks */
  guint shm_users;
  guint shm_shared[SQLITE_SHM_NLOCK];
  gpointer shm_owner[SQLITE_SHM_NLOCK];
  guint users, n_shared;
  gpointer reserved, exclusive; /* connections */
} Inode;

typedef struct
{
  sqlite3_file base;
  Inode *inode;
  int lock;
  guint8 shm_shared[SQLITE_SHM_NLOCK];
  gboolean has_shm, is_temporary;
} File;

static GHashTable *inodes; /* name: Inode */
static GPtrArray *disks;

/* --- faults */

static guint
op_index (SimDiskOp op)
{
  return op == SIM_DISK_WRITE ? 0 : op == SIM_DISK_SYNC ? 1 : op == SIM_DISK_READ ? 2 : 3;
}

/* 0: goes on. */
static int
meet (SimDisk *self, SimDiskOp op)
{
  static const int failures[] = { SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ, SQLITE_CANTOPEN };

  if (self == NULL)
    return SQLITE_OK;
  if (self->dead)
    return SQLITE_IOERR;
  self->counts[op_index (op)]++;
  if (self->full && op == SIM_DISK_WRITE)
    return SQLITE_FULL;
  if (self->left == 0 || (self->ops & op) == 0 || --self->left > 0)
    return SQLITE_OK;
  self->struck = TRUE;
  if (self->fault == SIM_DISK_FAIL)
    return failures[op_index (op)];
  if (self->fault == SIM_DISK_FULL)
    {
      self->full = TRUE;
      return op == SIM_DISK_WRITE ? SQLITE_FULL : SQLITE_OK;
    }
  sim_disk_kill (self, self->fault);
  return SQLITE_IOERR;
}

SimDisk *
sim_disk_new (const char *prefix)
{
  SimDisk *self = g_new0 (SimDisk, 1);

  self->prefix = g_strdup (prefix);
  g_ptr_array_add (disks, self);
  return self;
}

void
sim_disk_arm (SimDisk *self, SimDiskFault fault, guint ops, guint64 nth)
{
  self->fault = fault;
  self->ops = ops;
  self->left = nth;
  self->struck = FALSE;
}

gboolean
sim_disk_is_dead (SimDisk *self)
{
  return self->dead;
}

gboolean
sim_disk_has_struck (SimDisk *self)
{
  return self->struck;
}

guint64
sim_disk_count (SimDisk *self, guint ops)
{
  guint64 n = 0;

  for (guint i = 0; i < 4; i++)
    if (ops & (1u << i))
      n += self->counts[i];
  return n;
}

void
sim_disk_kill (SimDisk *self, SimDiskFault fault)
{
  self->dead = TRUE;
  self->lost_power = self->lost_power || fault == SIM_DISK_CUT;
}

/* --- contents */

static void
write_clear (gpointer data)
{
  g_free (((Write *) data)->bytes);
}

static void
apply_write (GByteArray *bytes, const Write *write, gsize length)
{
  const gsize end = (gsize) MAX (write->offset, 0) + length, was = bytes->len;

  if (write->offset < 0)
    {
      g_byte_array_set_size (bytes, write->length);
      return;
    }
  if (end > was)
    {
      g_byte_array_set_size (bytes, end);
      memset (bytes->data + was, 0, end - was);
    }
  memcpy (bytes->data + write->offset, write->bytes, length);
}

static void
do_write (Inode *inode, gint64 offset, const void *bytes, gsize length)
{
  Write write = { offset, length, g_memdup2 (bytes, length) };

  apply_write (inode->now, &write, length);
  g_array_append_val (inode->writes, write);
}

static void
do_sync (Inode *inode)
{
  for (guint i = 0; i < inode->writes->len; i++)
    {
      const Write *write = &g_array_index (inode->writes, Write, i);

      apply_write (inode->synced, write, write->length);
    }
  g_array_set_size (inode->writes, 0);
}

/* Of what was not synced each write has arrived, or not, or its first sectors. */
static void
lose_power (Inode *inode)
{
  for (guint i = 0; i < inode->writes->len; i++)
    {
      const Write *write = &g_array_index (inode->writes, Write, i);
      const guint luck = sim_chance_below (4);
      const gsize length = luck == 0 && write->offset >= 0 ? MIN (write->length, SECTOR * sim_chance_below ((guint) (write->length / SECTOR) + 1)) : write->length;

      if (luck != 1)
        apply_write (inode->synced, write, length);
    }
  g_array_set_size (inode->writes, 0);
  g_byte_array_set_size (inode->now, 0);
  g_byte_array_append (inode->now, inode->synced->data, inode->synced->len);
}

static void
forget_locks (Inode *inode)
{
  memset (inode->shm_shared, 0, sizeof inode->shm_shared);
  memset (inode->shm_owner, 0, sizeof inode->shm_owner);
  g_ptr_array_set_size (inode->shm, 0);
  inode->shm_users = inode->users = inode->n_shared = 0;
  inode->reserved = inode->exclusive = NULL;
}

void
sim_disk_mend (SimDisk *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, inodes);
  while (self->dead && g_hash_table_iter_next (&iter, NULL, &value))
    {
      Inode *inode = value;

      if (inode->disk != self)
        continue;
      if (inode->users > 0)
        g_error ("%s is still open", inode->name);
      forget_locks (inode);
      if (self->lost_power)
        lose_power (inode);
      else
        do_sync (inode);
    }
  self->dead = self->lost_power = self->full = FALSE;
  self->left = 0;
}

static Inode *
inode_new (const char *name)
{
  Inode *inode = g_new0 (Inode, 1);

  inode->name = g_strdup (name);
  inode->now = g_byte_array_new ();
  inode->synced = g_byte_array_new ();
  inode->writes = g_array_new (FALSE, FALSE, sizeof (Write));
  g_array_set_clear_func (inode->writes, write_clear);
  inode->shm = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; name != NULL && i < disks->len; i++)
    if (g_str_has_prefix (name, ((SimDisk *) disks->pdata[i])->prefix))
      inode->disk = disks->pdata[i];
  return inode;
}

static void
inode_free (gpointer data)
{
  Inode *inode = data;

  g_free (inode->name);
  g_byte_array_unref (inode->now);
  g_byte_array_unref (inode->synced);
  g_array_unref (inode->writes);
  g_ptr_array_unref (inode->shm);
  g_free (inode);
}

void
sim_disk_copy (const char *from, const char *to)
{
  const Inode *source = g_hash_table_lookup (inodes, from);
  Inode *copy = inode_new (to);

  do_write (copy, 0, source->now->data, source->now->len);
  do_sync (copy);
  g_hash_table_replace (inodes, copy->name, copy);
}

/* --- a file */

static int
file_close (sqlite3_file *base)
{
  File *file = (File *) base;
  Inode *inode = file->inode;

  if (file->lock > SQLITE_LOCK_NONE && inode->n_shared > 0)
    inode->n_shared--;
  if (inode->reserved == file)
    inode->reserved = NULL;
  if (inode->exclusive == file)
    inode->exclusive = NULL;
  if (inode->users > 0)
    inode->users--;
  if (file->is_temporary)
    inode_free (inode);
  return SQLITE_OK;
}

static int
file_read (sqlite3_file *base, void *to, int length, sqlite3_int64 offset)
{
  const Inode *inode = ((File *) base)->inode;
  const gint64 there = CLAMP ((gint64) inode->now->len - offset, 0, length);
  int code = meet (inode->disk, SIM_DISK_READ);

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
  Inode *inode = ((File *) base)->inode;
  const gboolean was_dead = inode->disk != NULL && inode->disk->dead;
  int code = meet (inode->disk, SIM_DISK_WRITE);

  /* Whoever dies in a write has written some of it. */
  if (code == SQLITE_IOERR && !was_dead && inode->disk->dead && length > 1)
    do_write (inode, offset, bytes, sim_chance_below ((guint) length));
  if (code != SQLITE_OK)
    return code;
  do_write (inode, offset, bytes, (gsize) length);
  return SQLITE_OK;
}

static int
file_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  Inode *inode = ((File *) base)->inode;
  Write write = { -1, (gsize) size, NULL };
  int code = meet (inode->disk, SIM_DISK_WRITE);

  if (code != SQLITE_OK)
    return code;
  apply_write (inode->now, &write, 0);
  g_array_append_val (inode->writes, write);
  return SQLITE_OK;
}

static int
file_sync (sqlite3_file *base, int flags)
{
  Inode *inode = ((File *) base)->inode;
  int code = meet (inode->disk, SIM_DISK_SYNC);

  if (code == SQLITE_OK)
    do_sync (inode);
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
  Inode *inode = file->inode;

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
  Inode *inode = file->inode;

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
  return SECTOR;
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
  Inode *inode = file->inode;

  *memory = NULL;
  if (inode->disk != NULL && inode->disk->dead)
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
  Inode *inode = file->inode;

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
  Inode *inode = file->inode;

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

static int
vfs_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *out_flags)
{
  File *file = (File *) base;
  Inode *inode = name != NULL ? g_hash_table_lookup (inodes, name) : NULL;
  int code;

  memset (file, 0, sizeof *file);
  if (inode == NULL && name != NULL && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  if (inode == NULL)
    {
      inode = inode_new (name);
      if (name != NULL)
        g_hash_table_insert (inodes, inode->name, inode);
    }
  code = meet (inode->disk, SIM_DISK_OPEN);
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
  Inode *inode = g_hash_table_lookup (inodes, name);
  int code = inode != NULL ? meet (inode->disk, SIM_DISK_WRITE) : SQLITE_IOERR_DELETE_NOENT;

  if (code != SQLITE_OK)
    return code;
  /* An inode that is open keeps its content until it is closed; SQLite deletes only what it has closed. */
  g_hash_table_remove (inodes, name);
  return SQLITE_OK;
}

static int
vfs_access (sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
  const Inode *inode = g_hash_table_lookup (inodes, name);

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
sim_disk_install (void)
{
  static sqlite3_vfs vfs = {
    .iVersion = 2, .szOsFile = sizeof (File), .mxPathname = 512, .zName = "simulation", .xOpen = vfs_open, .xDelete = vfs_delete,
    .xAccess = vfs_access, .xFullPathname = vfs_full_path, .xRandomness = vfs_randomness, .xSleep = vfs_sleep,
    .xGetLastError = vfs_last_error, .xCurrentTimeInt64 = vfs_time,
  };

  inodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, inode_free);
  disks = g_ptr_array_new ();
  sqlite3_vfs_register (&vfs, 1);
}
