/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-files-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/xh-durable.h"

#define STRETCH (G_GINT64_CONSTANT (8) << 20) /* bytes that are asked for at once */

/* One file on its way in. */
typedef struct
{
  const XhAttachment *file;
  char *path;  /* (owned) of what has come */
  int fd;
  gint64 have;
  XhFilesFunc progress;
  gpointer data;
} Fetching;

static void
fetching_clear (Fetching *fetching)
{
  if (fetching->fd >= 0)
    close (fetching->fd);
  g_free (fetching->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fetching, fetching_clear)

char *
xh_files_digest (const char *path, GCancellable *c, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc (XH_FILES_CHUNK);
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize n = fd < 0 ? -1 : 1;

  while (n > 0 && !g_cancellable_is_cancelled (c))
    {
      n = read (fd, chunk, XH_FILES_CHUNK);
      if (n > 0)
        g_checksum_update (checksum, chunk, n);
    }
  if (n < 0)
    xh_sync_fail_disk (path, errno, error);
  if (fd >= 0)
    close (fd);
  if (n < 0 || g_cancellable_set_error_if_cancelled (c, error))
    return NULL;
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
take_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Fetching *self = data;

  if ((gint64) length > self->file->size - self->have)
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("More came than the file has"));
      return FALSE;
    }
  if (!xh_durable_write (self->fd, bytes, length))
    return xh_sync_fail_disk (self->file->name, errno, error);
  self->have += (gint64) length;
  if (self->progress != NULL)
    self->progress (self->have, self->file->size, self->data);
  return TRUE;
}

/* One at a time: what has come is one file. */
static gboolean
open_part (Fetching *self, GError **error)
{
  self->fd = g_open (self->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return xh_sync_fail_disk (self->file->name, errno, error);
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, _("The file is being fetched already."));
      return FALSE;
    }
  self->have = lseek (self->fd, 0, SEEK_END);
  if (self->have > self->file->size && ftruncate (self->fd, 0) == 0)
    self->have = 0;
  return TRUE;
}

static gboolean
fetch_bytes (Fetching *self, XhClient *client, GCancellable *c, GError **error)
{
  guint tries = 0;

  while (self->have < self->file->size)
    {
      const gint64 before = self->have, to = MIN (self->file->size, before + STRETCH) - 1;
      GError *fault = NULL;

      if (xh_client_blob_fetch (client, self->file->hash, before, to, take_bytes, self, c, &fault))
        {
          if (self->have > before)
            continue;
          g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The server sends an empty file"));
          return FALSE;
        }
      if (!xh_files_again (&fault, self->have > before, &tries))
        {
          g_propagate_error (error, fault);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
finish (Fetching *self, XhFiles *files, GCancellable *c, GError **error)
{
  g_autofree char *digest = xh_files_digest (self->path, c, error), *path = xh_files_path (files, self->file->hash);

  if (digest == NULL)
    return FALSE;
  if (strcmp (digest, self->file->hash) != 0)
    {
      g_unlink (self->path);
      g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("“%s” was damaged on the way. Open it again to fetch it anew."), self->file->name);
      return FALSE;
    }
  return xh_durable_place (self->fd, self->path, path) || xh_sync_fail_disk (self->file->name, errno, error);
}

static gboolean
fetch_once (Fetching *self, XhFiles *files, XhClient *client, gboolean *resumed, GCancellable *c, GError **error)
{
  if (!open_part (self, error))
    return FALSE;
  *resumed = self->have > 0;
  return fetch_bytes (self, client, c, error) && finish (self, files, c, error);
}

/* What had come at an earlier time may have been damaged then, and nobody who opens the file now has anything to do with that: it is fetched once more,
 * whole. */
static gboolean
fetch (Fetching *self, XhFiles *files, XhClient *client, GCancellable *c, GError **error)
{
  GError *fault = NULL;
  gboolean resumed = FALSE;

  if (fetch_once (self, files, client, &resumed, c, &fault))
    return TRUE;
  if (!resumed || !g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL) || g_file_test (self->path, G_FILE_TEST_EXISTS))
    {
      g_propagate_error (error, fault);
      return FALSE;
    }
  g_error_free (fault);
  close (self->fd);
  self->fd = -1;
  return fetch_once (self, files, client, &resumed, c, error);
}

gboolean
xh_files_fetch (XhFiles *self, XhClient *client, const XhAttachment *file, XhFilesFunc progress, gpointer data, GCancellable *c, GError **error)
{
  g_auto (Fetching) fetching = { .file = file, .fd = -1, .progress = progress, .data = data };

  if (!xh_files_has (self, file))
    {
      fetching.path = xh_files_place (self, "incoming", file->hash);
      if (!fetch (&fetching, self, client, c, error))
        return FALSE;
    }
  xh_files_use (self, file->hash);
  return TRUE;
}
