/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-disk-private.h"

#include <string.h>

#include "sim-chance.h"



struct _SimDisk
{
  char *prefix;
  guint64 counts[4];
  SimDiskFault fault;
  guint ops;
  guint64 left;     /* operations until the fault; 0: not armed */
  gboolean struck, full, dead, lost_power;
};

static GHashTable *inodes; /* name: SimInode */
static GPtrArray *disks;

/* --- faults */

static guint
op_index (SimDiskOp op)
{
  return op == SIM_DISK_WRITE ? 0 : op == SIM_DISK_SYNC ? 1 : op == SIM_DISK_READ ? 2 : 3;
}

/* 0: goes on. */
int
sim_disk_meet (SimDisk *self, SimDiskOp op)
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
  return self != NULL && self->dead;
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
  g_free (((SimWrite *) data)->bytes);
}

static void
apply_write (GByteArray *bytes, const SimWrite *write, gsize length)
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

void
sim_inode_write (SimInode *inode, gint64 offset, const void *bytes, gsize length)
{
  SimWrite write = { offset, length, g_memdup2 (bytes, length) };

  apply_write (inode->now, &write, length);
  g_array_append_val (inode->writes, write);
}

void
sim_inode_truncate (SimInode *inode, gint64 size)
{
  SimWrite write = { -1, (gsize) size, NULL };

  apply_write (inode->now, &write, 0);
  g_array_append_val (inode->writes, write);
}

void
sim_inode_sync (SimInode *inode)
{
  for (guint i = 0; i < inode->writes->len; i++)
    {
      const SimWrite *write = &g_array_index (inode->writes, SimWrite, i);

      apply_write (inode->synced, write, write->length);
    }
  g_array_set_size (inode->writes, 0);
}

/* Of what was not synced each write has arrived, or not, or its first sectors. */
static void
lose_power (SimInode *inode)
{
  for (guint i = 0; i < inode->writes->len; i++)
    {
      const SimWrite *write = &g_array_index (inode->writes, SimWrite, i);
      const guint luck = sim_chance_below (4);
      const gsize length = luck == 0 && write->offset >= 0 ? MIN (write->length, SIM_DISK_SECTOR * sim_chance_below ((guint) (write->length / SIM_DISK_SECTOR) + 1)) : write->length;

      if (luck != 1)
        apply_write (inode->synced, write, length);
    }
  g_array_set_size (inode->writes, 0);
  g_byte_array_set_size (inode->now, 0);
  g_byte_array_append (inode->now, inode->synced->data, inode->synced->len);
}

static void
forget_locks (SimInode *inode)
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
      SimInode *inode = value;

      if (inode->disk != self)
        continue;
      if (inode->users > 0)
        g_error ("%s is still open", inode->name);
      forget_locks (inode);
      if (self->lost_power)
        lose_power (inode);
      else
        sim_inode_sync (inode);
    }
  self->dead = self->lost_power = self->full = FALSE;
  self->left = 0;
}

SimInode *
sim_inode_new (const char *name)
{
  SimInode *inode = g_new0 (SimInode, 1);

  inode->name = g_strdup (name);
  inode->now = g_byte_array_new ();
  inode->synced = g_byte_array_new ();
  inode->writes = g_array_new (FALSE, FALSE, sizeof (SimWrite));
  g_array_set_clear_func (inode->writes, write_clear);
  inode->shm = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; name != NULL && i < disks->len; i++)
    if (g_str_has_prefix (name, ((SimDisk *) disks->pdata[i])->prefix))
      inode->disk = disks->pdata[i];
  return inode;
}

void
sim_inode_free (gpointer data)
{
  SimInode *inode = data;

  g_free (inode->name);
  g_byte_array_unref (inode->now);
  g_byte_array_unref (inode->synced);
  g_array_unref (inode->writes);
  g_ptr_array_unref (inode->shm);
  g_free (inode);
}

SimInode *
sim_inode_find (const char *name)
{
  return g_hash_table_lookup (inodes, name);
}

SimInode *
sim_inode_make (const char *name)
{
  SimInode *inode = sim_inode_new (name);

  g_hash_table_insert (inodes, inode->name, inode);
  return inode;
}

void
sim_inode_remove (SimInode *inode)
{
  g_hash_table_remove (inodes, inode->name);
}

gboolean
sim_disk_has_file (const char *name)
{
  const SimInode *inode = sim_inode_find (name);

  return inode != NULL && inode->now->len > 0;
}

gboolean
sim_disk_has (const char *name)
{
  for (guint i = 0; i < disks->len; i++)
    if (g_str_has_prefix (name, ((SimDisk *) disks->pdata[i])->prefix))
      return TRUE;
  return FALSE;
}

void
sim_disk_copy (const char *from, const char *to)
{
  const SimInode *source = g_hash_table_lookup (inodes, from);
  SimInode *copy = sim_inode_new (to);

  sim_inode_write (copy, 0, source->now->data, source->now->len);
  sim_inode_sync (copy);
  g_hash_table_replace (inodes, copy->name, copy);
}

void
sim_disk_install (void)
{
  inodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sim_inode_free);
  disks = g_ptr_array_new ();
  sim_vfs_install ();
}
