/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/xh-durable.h"

#define MAX_PARTS 32                            /* that one account may have begun */
#define ROOM (G_GINT64_CONSTANT (256) << 20)    /* bytes that are left free for the database, unless somebody says more or less */
#define CHUNK (256 << 10)
#define MAX_SUMS 64
#define DAY G_GINT64_CONSTANT (86400)

/* The checksum of a part so far, so that the last piece need not wait until gigabytes are read again. */
typedef struct
{
  GChecksum *checksum; /* (owned) */
  gint64 length;
} Sum;

struct _XhBlobFolder
{
  char *data;       /* (owned) */
  char *incoming;   /* (owned) */
  GHashTable *sums; /* (owned) name of a part: Sum */
  gint64 room;      /* bytes that are left free */
};

static void
sum_free (gpointer data)
{
  g_checksum_free (((Sum *) data)->checksum);
  g_free (data);
}

XhBlobFolder *
xh_blob_folder_new (const char *data)
{
  XhBlobFolder *self = g_new0 (XhBlobFolder, 1);

  self->data = g_strdup (data);
  self->room = ROOM;
  self->incoming = g_build_filename (data, "blobs", "incoming", NULL);
  self->sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, sum_free);
  return self;
}

void
xh_blob_folder_free (XhBlobFolder *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->sums);
  g_free (self->incoming);
  g_free (self->data);
  g_free (self);
}

char *
xh_blob_folder_path (const char *data, const char *hash)
{
  const char shelf[] = { hash[0], hash[1], '\0' };

  return g_build_filename (data, "blobs", shelf, hash, NULL);
}

void
xh_blob_folder_remove (const char *data, const char *hash, gint64 now)
{
  g_autofree char *path = xh_blob_folder_path (data, hash);
  GStatBuf info;

  if (g_stat (path, &info) == 0 && (gint64) info.st_mtime < now - DAY)
    g_unlink (path);
}

static gboolean
fail (const char *path, GError **error)
{
  const int code = errno;

  g_set_error (error, XH_STORE_ERROR, code == ENOSPC || code == EDQUOT ? XH_STORE_ERROR_FULL : XH_STORE_ERROR_DATABASE, "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

static char *
find_owner (const char *login)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, login, -1);

  return g_strndup (sum, 16);
}

void
xh_blob_folder_keep_free (XhBlobFolder *self, gint64 bytes)
{
  self->room = bytes;
}

/* Records are small and files are not: a disk that files fill up would keep the records out. */
static gboolean
has_room (XhBlobFolder *self, gint64 bytes)
{
  struct statvfs disk;

  return statvfs (self->incoming, &disk) != 0 || (gint64) (disk.f_bavail * disk.f_frsize) >= bytes + self->room;
}

static gboolean
may_begin (XhBlobFolder *self, const char *owner, gint64 size, XhPieceResult *result)
{
  g_autoptr (GDir) dir = g_dir_open (self->incoming, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir && (name = g_dir_read_name (dir)))
    n += g_str_has_suffix (name, owner);
  if (n >= MAX_PARTS)
    *result = XH_PIECE_MANY;
  else if (!has_room (self, size))
    *result = XH_PIECE_FULL;
  else
    return TRUE;
  return FALSE;
}

/* The checksum of what the part holds: kept, or read again after a restart. */
static Sum *
get_sum (XhBlobFolder *self, const char *name, int fd, gint64 length, GError **error)
{
  Sum *sum = g_hash_table_lookup (self->sums, name);
  g_autofree guint8 *chunk = NULL;

  if (sum && sum->length == length)
    return sum;
  if (g_hash_table_size (self->sums) >= MAX_SUMS)
    g_hash_table_remove_all (self->sums);
  sum = g_new0 (Sum, 1);
  sum->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_hash_table_insert (self->sums, g_strdup (name), sum);
  chunk = g_malloc (CHUNK);
  while (sum->length < length)
    {
      gssize n = pread (fd, chunk, (gsize) MIN (CHUNK, length - sum->length), sum->length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          fail (name, error);
          g_hash_table_remove (self->sums, name);
          return NULL;
        }
      g_checksum_update (sum->checksum, chunk, n);
      sum->length += n;
    }
  return sum;
}

static gboolean
fits_type (int fd, const char *type)
{
  guint8 head[XH_ATTACHMENT_SNIFF];
  gssize n = pread (fd, head, sizeof head, 0);

  return n > 0 && xh_attachment_type_fits (type, head, (gsize) n);
}

/* Two names for the same content are the same content: whoever comes last changes nothing. */
static gboolean
move_in_place (XhBlobFolder *self, const char *part, int fd, const char *hash, GError **error)
{
  g_autofree char *path = xh_blob_folder_path (self->data, hash), *shelf = g_path_get_dirname (path);

  return (g_mkdir_with_parents (shelf, 0700) == 0 && xh_durable_place (fd, part, path)) || fail (path, error);
}

typedef struct
{
  char *name, *path; /* (owned) of the part */
  int fd;
  gint64 have;
} Part;

static void
part_clear (Part *part)
{
  if (part->fd >= 0)
    close (part->fd);
  g_free (part->name);
  g_free (part->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

static void
drop (XhBlobFolder *self, Part *part)
{
  g_unlink (part->path);
  g_hash_table_remove (self->sums, part->name);
  part->have = 0;
}

static gboolean
append (XhBlobFolder *self, Part *part, const char *type, gint64 size, const guint8 *bytes, gsize length, XhPieceResult *result,
        GError **error)
{
  const gint64 before = part->have, after = before + (gint64) length;
  Sum *sum = get_sum (self, part->name, part->fd, before, error);

  if (!sum)
    return FALSE;
  if (!xh_durable_write (part->fd, bytes, length))
    {
      fail (part->path, error);
      /* What came of this piece is not in the checksum. */
      if (ftruncate (part->fd, before) != 0)
        drop (self, part);
      return FALSE;
    }
  g_checksum_update (sum->checksum, bytes, (gssize) length);
  sum->length = part->have = after;
  if (before < XH_ATTACHMENT_SNIFF && (after >= XH_ATTACHMENT_SNIFF || after == size) && !fits_type (part->fd, type))
    {
      drop (self, part);
      *result = XH_PIECE_TYPE;
    }
  return TRUE;
}

static gboolean
finish (XhBlobFolder *self, Part *part, const char *hash, XhPieceResult *result, GError **error)
{
  Sum *sum = get_sum (self, part->name, part->fd, part->have, error);
  const gint64 size = part->have;

  if (!sum)
    return FALSE;
  if (strcmp (g_checksum_get_string (sum->checksum), hash) != 0)
    {
      drop (self, part);
      *result = XH_PIECE_DAMAGED;
      return TRUE;
    }
  if (!move_in_place (self, part->path, part->fd, hash, error))
    return FALSE;
  drop (self, part);
  part->have = size;
  *result = XH_PIECE_WHOLE;
  return TRUE;
}

gboolean
xh_blob_folder_take (XhBlobFolder *self, const char *login, const char *hash, gint64 size, const char *type, gint64 offset, GBytes *piece,
                     XhPieceResult *result, gint64 *have, GError **error)
{
  g_autofree char *owner = find_owner (login);
  g_auto (Part) part = { .fd = -1 };
  gsize length = 0;
  const guint8 *bytes = piece ? g_bytes_get_data (piece, &length) : NULL;

  *result = XH_PIECE_TAKEN;
  *have = 0;
  part.name = g_strdup_printf ("%s-%s", hash, owner);
  part.path = g_build_filename (self->incoming, part.name, NULL);
  if (g_mkdir_with_parents (self->incoming, 0700) != 0)
    return fail (self->incoming, error);
  if (g_access (part.path, F_OK) != 0 && (length == 0 || offset != 0 || !may_begin (self, owner, size, result)))
    return TRUE;
  part.fd = g_open (part.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  part.have = part.fd >= 0 ? lseek (part.fd, 0, SEEK_END) : -1;
  if (part.have < 0)
    return fail (part.path, error);
  if (part.have > size || offset + (gint64) length > size)
    *result = XH_PIECE_TOO_LONG;
  else if (length > 0 && !has_room (self, (gint64) length))
    *result = XH_PIECE_FULL; /* others have begun meanwhile, too */
  else if (length > 0 && offset == part.have && !append (self, &part, type, size, bytes, length, result, error))
    return FALSE;
  if (*result == XH_PIECE_TAKEN && part.have == size && !finish (self, &part, hash, result, error))
    return FALSE;
  *have = part.have;
  return TRUE;
}

void
xh_blob_folder_sweep (XhBlobFolder *self, gint64 now)
{
  g_autoptr (GDir) dir = g_dir_open (self->incoming, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->incoming, name, NULL);
      GStatBuf info;

      if (g_stat (path, &info) == 0 && (gint64) info.st_mtime < now - XH_BLOB_PART_DAYS * DAY)
        g_unlink (path);
    }
}
