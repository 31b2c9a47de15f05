/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "small-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

static gboolean
write_text (const char *path, const char *text)
{
  const int fd = g_open (path, O_WRONLY, 0);
  const gboolean done = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return done;
}

/* Who is not root becomes it in a namespace of users. */
static gboolean
become_root (void)
{
  g_autofree char *users = g_strdup_printf ("0 %u 1", (guint) getuid ()), *groups = g_strdup_printf ("0 %u 1", (guint) getgid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && write_text ("/proc/self/setgroups", "deny")
         && write_text ("/proc/self/uid_map", users) && write_text ("/proc/self/gid_map", groups);
}

gboolean
small_disk_allow (void)
{
  if (!(getuid () == 0 && unshare (CLONE_NEWNS) == 0) && !become_root ())
    return FALSE;
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

void
small_disk_mount (const char *folder, guint megabytes)
{
  g_autofree char *options = g_strdup_printf ("size=%um", megabytes);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (mount ("tmpfs", folder, "tmpfs", 0, options), ==, 0);
}

void
small_disk_umount (const char *folder)
{
  g_assert_cmpint (umount2 (folder, MNT_DETACH), ==, 0);
}

void
small_disk_fill (const char *folder, gsize left)
{
  g_autofree char *path = g_build_filename (folder, "filler", NULL);
  const int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  struct statvfs disk;
  gint64 room;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstatvfs (fd, &disk), ==, 0);
  room = (gint64) disk.f_bavail * (gint64) disk.f_frsize - (gint64) left;
  if (room > 0)
    g_assert_cmpint (posix_fallocate (fd, 0, room), ==, 0);
  close (fd);
}

void
small_disk_clear (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "filler", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}
