/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-desk-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "xh-wire.h"

#define FILE_NAME "lock"
#define WAIT_SECONDS 10

struct _XhDeskLock
{
  char *folder; /* (owned) */
  int file;
};

static GMutex mutex;     /* guards what follows */
static GCond released;
static GHashTable *held; /* (owned) folders that this program holds */

static gboolean
fail_held (GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL,
                       _("This account is already open in another window on this computer. Go on working there, or close it first."));
  return FALSE;
}

/* Within the program: a lock of the system belongs to the file that was opened, not to a thread. */
static gboolean
enter (const char *folder, GError **error)
{
  const gint64 until = g_get_monotonic_time () + (gint64) WAIT_SECONDS * G_USEC_PER_SEC;
  gboolean free_now;

  g_mutex_lock (&mutex);
  if (held == NULL)
    held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  while (g_hash_table_contains (held, folder) && g_cond_wait_until (&released, &mutex, until))
    ;
  free_now = !g_hash_table_contains (held, folder);
  if (free_now)
    g_hash_table_add (held, g_strdup (folder));
  g_mutex_unlock (&mutex);
  return free_now || fail_held (error);
}

static void
leave (const char *folder)
{
  g_mutex_lock (&mutex);
  g_hash_table_remove (held, folder);
  g_cond_broadcast (&released);
  g_mutex_unlock (&mutex);
}

static gboolean
lock_file (XhDeskLock *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, FILE_NAME, NULL);

  self->file = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->file < 0)
    return xh_sync_fail_disk (path, errno, error);
  if (flock (self->file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return TRUE;
  return fail_held (error);
}

XhDeskLock *
xh_desk_lock_take (const char *folder, GError **error)
{
  g_autoptr (XhDeskLock) self = NULL;

  if (!enter (folder, error))
    return NULL;
  self = g_new0 (XhDeskLock, 1);
  self->folder = g_strdup (folder);
  self->file = -1;
  return lock_file (self, error) ? g_steal_pointer (&self) : NULL;
}

void
xh_desk_lock_free (XhDeskLock *self)
{
  if (self == NULL)
    return;
  if (self->file >= 0)
    close (self->file);
  leave (self->folder);
  g_free (self->folder);
  g_free (self);
}
