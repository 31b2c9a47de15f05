/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-snapshot-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "model/xh-identifiers.h"
#include "store/xh-durable.h"

#define LEVEL 1
#define PIECE (256 << 10)

typedef struct
{
  int in, out;
  ZSTD_CCtx *context; /* (owned) */
  crypto_hash_sha256_state hash;
  guint8 *read, *written; /* (owned) PIECE each */
} Packing;

static void
packing_clear (Packing *self)
{
  if (self->in >= 0)
    close (self->in);
  if (self->out >= 0)
    close (self->out);
  ZSTD_freeCCtx (self->context);
  g_free (self->read);
  g_free (self->written);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packing, packing_clear)

static gboolean
pack_piece (Packing *self, gsize length, gboolean last)
{
  ZSTD_inBuffer in = { self->read, length, 0 };
  size_t left;

  do
    {
      ZSTD_outBuffer out = { self->written, PIECE, 0 };

      left = ZSTD_compressStream2 (self->context, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError (left))
        return errno = EIO, FALSE;
      crypto_hash_sha256_update (&self->hash, self->written, out.pos);
      if (!xh_durable_write (self->out, self->written, out.pos))
        return FALSE;
    }
  while (last ? left > 0 : in.pos < in.size);
  return TRUE;
}

static gboolean
pack (Packing *self, gint64 size, GCancellable *cancellable, const char *path, GError **error)
{
  gint64 done = 0;

  ZSTD_CCtx_setParameter (self->context, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setPledgedSrcSize (self->context, (unsigned long long) size);
  crypto_hash_sha256_init (&self->hash);
  do
    {
      gssize n = read (self->in, self->read, PIECE);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (n < 0 || !pack_piece (self, (gsize) n, done + n >= size))
        return xh_durable_fail (path, errno, error);
      done += n;
      if (n == 0 && done < size)
        return xh_durable_fail (path, EIO, error);
    }
  while (done < size);
  return TRUE;
}

static void
take_hash (Packing *self, XhSnapshotInfo *info)
{
  guint8 hash[crypto_hash_sha256_BYTES];
  char text[2 * crypto_hash_sha256_BYTES + 1];

  crypto_hash_sha256_final (&self->hash, hash);
  g_free (info->sha256);
  info->sha256 = g_strdup (sodium_bin2hex (text, sizeof text, hash, sizeof hash));
}

static gboolean
write_file (const char *part, const char *path, const char *store, XhSnapshotInfo *info, GCancellable *cancellable, GError **error)
{
  g_auto (Packing) self = { .in = g_open (store, O_RDONLY | O_CLOEXEC, 0), .out = -1 };
  guint8 head[XH_SNAPSHOT_HEAD] = { 0 };
  struct stat status;

  if (self.in < 0 || fstat (self.in, &status) != 0)
    return xh_durable_fail (store, errno, error);
  self.out = g_open (part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (self.out < 0 || !xh_durable_write (self.out, head, sizeof head))
    return xh_durable_fail (path, errno, error);
  self.context = ZSTD_createCCtx ();
  self.read = g_malloc (PIECE);
  self.written = g_malloc (PIECE);
  info->size = status.st_size;
  if (!pack (&self, info->size, cancellable, path, error))
    return FALSE;
  take_hash (&self, info);
  xh_snapshot_head_write (info, head);
  return (pwrite (self.out, head, sizeof head, 0) == (gssize) sizeof head && xh_durable_place (self.out, part, path)) || xh_durable_fail (path, errno, error);
}

gboolean
xh_snapshot_file_write (const char *path, const char *store, XhSnapshotInfo *info, GCancellable *cancellable, GError **error)
{
  g_autofree char *unique = xh_uuid_v7_new (), *partial = g_strdup_printf ("%s.%s.part", path, unique);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  g_free (info->made);
  info->made = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  if (write_file (partial, path, store, info, cancellable, error))
    return TRUE;
  g_unlink (partial);
  return FALSE;
}
