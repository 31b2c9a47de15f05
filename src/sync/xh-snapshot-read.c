/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What comes is not believed: the window of the frame, its size and the room on the disk are limits, and the hash is compared at the end. */
#include "xh-snapshot-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <zstd.h>

#include "store/xh-durable.h"

#define PIECE (256 << 10)
#define WINDOW_LOG 23 /* 8 MiB; what our servers write asks for less */
#define ROOM ((guint64) 64 << 20) /* bytes of the disk that are left to others */

struct _XhSnapshotReader
{
  char *path;            /* (owned) */
  int out;
  ZSTD_DCtx *context;    /* (owned) */
  crypto_hash_sha256_state hash;
  guint8 *piece;         /* (owned) */
  guint8 head[XH_SNAPSHOT_HEAD];
  gsize n_head;          /* bytes of the head that have come */
  XhSnapshotInfo info;
  gint64 written;
  gboolean has_info, over; /* the frame has ended */
};

static gboolean
fail_protocol (GError **error, const char *fault)
{
  g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The snapshot is damaged: %s. Nothing was changed."), fault);
  return FALSE;
}

gboolean
xh_snapshot_fail_disk (const char *path, int code, GError **error)
{
  if (code != ENOSPC && code != EDQUOT)
    return xh_sync_fail_disk (path, code, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("The disk of this computer is full. Make room and try again; nothing is lost."));
  return FALSE;
}

XhSnapshotReader *
xh_snapshot_reader_new (const char *store, GError **error)
{
  g_autoptr (XhSnapshotReader) self = g_new0 (XhSnapshotReader, 1);

  self->path = g_strdup (store);
  self->out = g_open (store, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (self->out < 0)
    return (void) xh_snapshot_fail_disk (self->path, errno, error), NULL;
  self->context = ZSTD_createDCtx ();
  ZSTD_DCtx_setParameter (self->context, ZSTD_d_windowLogMax, WINDOW_LOG);
  self->piece = g_malloc (PIECE);
  crypto_hash_sha256_init (&self->hash);
  return g_steal_pointer (&self);
}

void
xh_snapshot_reader_free (XhSnapshotReader *self)
{
  if (self == NULL)
    return;
  if (self->out >= 0)
    close (self->out);
  ZSTD_freeDCtx (self->context);
  xh_snapshot_info_clear (&self->info);
  g_free (self->piece);
  g_free (self->path);
  g_free (self);
}

const XhSnapshotInfo *
xh_snapshot_reader_get_info (XhSnapshotReader *self)
{
  return self->has_info ? &self->info : NULL;
}

gboolean
xh_snapshot_reader_is_over (XhSnapshotReader *self)
{
  return self->over;
}

double
xh_snapshot_reader_get_share (XhSnapshotReader *self)
{
  return self->has_info && self->info.size > 0 ? (double) self->written / (double) self->info.size : 0;
}

gboolean
xh_snapshot_check_room (const char *path, guint64 bytes, GError **error)
{
  struct statvfs disk;
  g_autofree char *needed = NULL, *there = NULL;

  if (statvfs (path, &disk) != 0 || (guint64) disk.f_bavail * disk.f_frsize / 2 >= bytes / 2 + ROOM / 2)
    return TRUE;
  needed = g_format_size (bytes + ROOM);
  there = g_format_size ((guint64) disk.f_bavail * disk.f_frsize);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _("There is too little room on the disk: %s are needed, and %s are free. Nothing was changed."),
               needed, there);
  return FALSE;
}

static gboolean
take_head (XhSnapshotReader *self, const guint8 **bytes, gsize *length, GError **error)
{
  gsize n = MIN (*length, XH_SNAPSHOT_HEAD - self->n_head);

  memcpy (self->head + self->n_head, *bytes, n);
  self->n_head += n;
  *bytes += n;
  *length -= n;
  if (self->n_head < XH_SNAPSHOT_HEAD)
    return TRUE;
  if (!xh_snapshot_head_read (self->head, &self->info, error))
    return FALSE;
  self->has_info = TRUE;
  return xh_snapshot_check_room (self->path, XH_SNAPSHOT_ROOM (self->info.size), error);
}

static gboolean
unpack (XhSnapshotReader *self, const guint8 *bytes, gsize length, GError **error)
{
  ZSTD_inBuffer in = { bytes, length, 0 };
  gboolean full = TRUE;

  while (in.pos < in.size || full)
    {
      ZSTD_outBuffer out = { self->piece, PIECE, 0 };
      size_t left;

      if (self->over)
        return in.pos == in.size || fail_protocol (error, _("there is more than it says"));
      left = ZSTD_decompressStream (self->context, &out, &in);
      if (ZSTD_isError (left))
        return fail_protocol (error, _("it cannot be unpacked"));
      self->written += (gint64) out.pos;
      if (self->written > self->info.size)
        return fail_protocol (error, _("there is more than it says"));
      if (!xh_durable_write (self->out, self->piece, out.pos))
        return xh_snapshot_fail_disk (self->path, errno, error);
      self->over = left == 0;
      full = out.pos == PIECE;
    }
  return TRUE;
}

gboolean
xh_snapshot_reader_feed (XhSnapshotReader *self, const guint8 *bytes, gsize length, GError **error)
{
  if (!self->has_info && !take_head (self, &bytes, &length, error))
    return FALSE;
  if (length == 0)
    return TRUE;
  crypto_hash_sha256_update (&self->hash, bytes, length);
  return unpack (self, bytes, length, error);
}

gboolean
xh_snapshot_reader_finish (XhSnapshotReader *self, GError **error)
{
  guint8 hash[crypto_hash_sha256_BYTES];
  char text[2 * crypto_hash_sha256_BYTES + 1];

  if (!self->has_info || !self->over || self->written != self->info.size)
    return fail_protocol (error, _("its end is missing"));
  crypto_hash_sha256_final (&self->hash, hash);
  sodium_bin2hex (text, sizeof text, hash, sizeof hash);
  if (strcmp (text, self->info.sha256) != 0)
    return fail_protocol (error, _("its hash is another one"));
  close (self->out);
  self->out = -1;
  return TRUE;
}

gboolean
xh_snapshot_file_read_info (const char *path, XhSnapshotInfo *info, GError **error)
{
  guint8 head[XH_SNAPSHOT_HEAD];
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  gsize n;

  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), head, sizeof head, &n, NULL, error))
    return FALSE;
  if (n < sizeof head)
    memset (head + n, 0, sizeof head - n);
  return xh_snapshot_head_read (head, info, error);
}
