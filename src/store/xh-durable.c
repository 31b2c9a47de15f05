/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-durable.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

gboolean
xh_durable_write (int fd, const void *bytes, gsize length)
{
  const guint8 *p = bytes;

  while (length > 0)
    {
      const gssize n = write (fd, p, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      p += MAX (n, 0);
      length -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

/* Some file systems of sticks know no syncing of folders: the name is as safe as they make it. */
static gboolean
sync_folder (const char *path)
{
  g_autofree char *name = g_path_get_dirname (path);
  const int folder = g_open (name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean good;
  int code;

  if (folder < 0)
    return FALSE;
  good = fsync (folder) == 0 || errno == EINVAL || errno == ENOTSUP;
  code = errno;
  close (folder);
  errno = code;
  return good;
}

gboolean
xh_durable_place (int fd, const char *part, const char *path)
{
  return fsync (fd) == 0 && g_rename (part, path) == 0 && sync_folder (path);
}

gboolean
xh_durable_fail (const char *path, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, code == EDQUOT ? G_FILE_ERROR_NOSPC : g_file_error_from_errno (code), "%s: %s", shown, g_strerror (code));
  return FALSE;
}
