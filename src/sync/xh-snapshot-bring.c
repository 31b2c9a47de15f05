/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-snapshot-bring.h"

#include <glib/gstdio.h>

#include "model/xh-identifiers.h"

#define PREFIX "brought-"
#define PIECE (256 << 10)

struct _XhBrought
{
  char *unpacked;      /* (owned) */
  XhSnapshotInfo info;
  XhStore *staged;     /* (owned) (nullable) NULL: nothing in it is new, or it was taken */
};

static gboolean
fail_read (GError **error, GError *cause)
{
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    cause = (g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, cause->message), g_error_free (cause), NULL);
  if (cause != NULL)
    g_propagate_error (error, cause);
  return FALSE;
}

static gboolean
unpack (const char *path, XhSnapshotReader *reader, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GError *cause = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &cause);
  g_autofree guint8 *piece = g_malloc (PIECE);
  gssize n = 0;

  while (stream != NULL && (n = g_input_stream_read (G_INPUT_STREAM (stream), piece, PIECE, cancellable, &cause)) > 0)
    if (!xh_snapshot_reader_feed (reader, piece, (gsize) n, error))
      return FALSE;
  return cause == NULL ? xh_snapshot_reader_finish (reader, error) : fail_read (error, cause);
}

static gboolean
unpack_file (XhBrought *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (XhSnapshotReader) reader = xh_snapshot_reader_new (self->unpacked, error);

  return reader != NULL && unpack (path, reader, cancellable, error);
}

/* What a program that was killed left behind, and what somebody began who has gone on to something else. @other: (nullable) goes, too */
static void
sweep (const char *folder, const char *other)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_prefix (name, PREFIX) || g_strcmp0 (name, other) == 0)
        g_unlink (path);
    }
}

void
xh_snapshot_clean (XhDesk *desk)
{
  g_autofree char *folder = xh_snapshot_folder (desk);

  sweep (folder, XH_SNAPSHOT_UNPACKED);
}

static gboolean
bring (XhBrought *self, XhDesk *desk, XhStore *store, const char *path, GCancellable *cancellable, GError **error)
{
  GError *cause = NULL;

  if (!xh_snapshot_file_read_info (path, &self->info, &cause))
    return cause->domain == XH_SYNC_ERROR ? (g_propagate_error (error, cause), FALSE) : fail_read (error, cause);
  if (!xh_snapshot_is_ours (desk, store, &self->info, error))
    return FALSE;
  if (!xh_snapshot_is_newer (store, &self->info))
    return TRUE;
  if (!unpack_file (self, path, cancellable, error))
    return FALSE;
  self->staged = xh_snapshot_stage (desk, store, &self->info, self->unpacked, TRUE, error);
  return self->staged != NULL && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

XhBrought *
xh_snapshot_bring (XhDesk *desk, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (XhBrought) self = g_new0 (XhBrought, 1);
  g_autofree char *folder = xh_snapshot_folder (desk), *id = xh_uuid_v7_new (), *name = g_strconcat (PREFIX, id, ".db", NULL);
  g_autofree char *live = xh_desk_store_path (desk);
  GError *cause = NULL;
  g_autoptr (XhStore) store = xh_store_open (live, desk->catalog, XH_STORE_READ_ONLY, &cause);

  if (store == NULL)
    return (void) fail_read (error, cause), NULL;
  xh_store_set_cancellable (store, cancellable);
  sweep (folder, NULL);
  self->unpacked = g_build_filename (folder, name, NULL);
  return bring (self, desk, store, path, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

static void
let_go (XhBrought *self)
{
  g_clear_pointer (&self->staged, xh_store_close);
  if (self->unpacked != NULL)
    g_unlink (self->unpacked);
  g_clear_pointer (&self->unpacked, g_free);
}

gboolean
xh_snapshot_adopt_brought (XhBrought *self, XhStore *store, gboolean *taken, GCancellable *cancellable, GError **error)
{
  const gboolean done = self->staged == NULL || xh_snapshot_adopt_staged (store, self->staged, &self->info, taken, cancellable, error);

  if (self->staged == NULL)
    *taken = FALSE;
  let_go (self);
  return done;
}

const XhSnapshotInfo *
xh_brought_get_info (XhBrought *self)
{
  return &self->info;
}

void
xh_brought_free (XhBrought *self)
{
  if (self == NULL)
    return;
  let_go (self);
  xh_snapshot_info_clear (&self->info);
  g_free (self);
}
