/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-files-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LEAST_PIECE (16 << 10)
#define MOST_PIECE (4 << 20) /* what the server takes at once */
#define LONG_PIECE (2 * G_USEC_PER_SEC)
#define MAX_DAMAGED 3

static char *
mark_path (XhFiles *self, const char *hash)
{
  return xh_files_place (self, "outgoing", hash);
}

/* "TYPE\nSENT\n" */
static gboolean
read_mark (XhFiles *self, const char *hash, char **type, gint64 *sent)
{
  g_autofree char *path = mark_path (self, hash), *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", 3);
  if (type != NULL)
    *type = g_strdup (lines[0] != NULL ? lines[0] : "");
  if (sent != NULL)
    *sent = lines[0] != NULL && lines[1] != NULL ? MAX (g_ascii_strtoll (lines[1], NULL, 10), 0) : 0;
  return TRUE;
}

gboolean
xh_files_is_outgoing (XhFiles *self, const char *hash, gint64 *sent)
{
  return read_mark (self, hash, NULL, sent);
}

GPtrArray *
xh_files_outgoing (XhFiles *self)
{
  GPtrArray *hashes = xh_files_list (self, "outgoing");

  for (guint i = hashes->len; i > 0; i--)
    if (!xh_hash_is_valid (g_ptr_array_index (hashes, i - 1)))
      g_ptr_array_remove_index_fast (hashes, i - 1);
  return hashes;
}

gboolean
xh_files_mark (XhFiles *self, const char *hash, const char *type, gint64 sent, GError **error)
{
  g_autofree char *path = mark_path (self, hash), *text = g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n", type, sent);
  GError *cause = NULL;

  /* How much has gone is only told to people: the server knows. That there is a mark matters. */
  if (g_file_set_contents_full (path, text, -1, sent == 0 ? G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE
                                                          : G_FILE_SET_CONTENTS_CONSISTENT, 0600, &cause))
    return TRUE;
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, cause->message);
  g_error_free (cause);
  return FALSE;
}

void
xh_files_unmark (XhFiles *self, const char *hash)
{
  g_autofree char *path = mark_path (self, hash);

  g_unlink (path);
}

gboolean
xh_files_is_marked (XhFiles *self, const char *hash)
{
  g_autofree char *outgoing = g_build_filename (self->folder, "outgoing", hash, NULL), *kept = g_build_filename (self->folder, "kept", hash, NULL);

  return g_access (outgoing, F_OK) == 0 || g_access (kept, F_OK) == 0;
}

/* The server has it. Whether it accepts the record that names it is not said yet. Where the disk does not take the mark, it is asked for again later, and
 * not at once for ever. */
static gboolean
keep_sent (XhFiles *self, const char *hash, GError **error)
{
  g_autofree char *from = mark_path (self, hash), *to = xh_files_place (self, "kept", hash);
  g_autoptr (GError) cause = NULL;

  if (g_rename (from, to) == 0)
    return TRUE;
  xh_sync_fail_disk (to, errno, &cause);
  if (g_access (from, F_OK) != 0)
    return TRUE;
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER, cause->message);
  return FALSE;
}

/* One file on its way out. */
typedef struct
{
  XhFiles *files;
  XhClient *client;
  const char *hash;
  char *type;        /* (owned) */
  int fd;
  gint64 size, have; /* have: what the server has; -1: not known */
  gboolean complete;
  GCancellable *cancellable;
} Sending;

static void
sending_clear (Sending *sending)
{
  if (sending->fd >= 0)
    close (sending->fd);
  g_free (sending->type);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sending, sending_clear)

static gboolean
open_content (Sending *sending, GError **error)
{
  g_autofree char *path = xh_files_path (sending->files, sending->hash);
  GStatBuf info;

  sending->fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (sending->fd < 0 || fstat (sending->fd, &info) != 0 || !read_mark (sending->files, sending->hash, &sending->type, NULL))
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL,
                           _("The file is no longer on this computer. Choose it again, then save."));
      return FALSE;
    }
  sending->size = info.st_size;
  return TRUE;
}

/* (nullable): NULL without error: only ask */
static GBytes *
read_piece (Sending *sending, GError **error)
{
  const gsize length = (gsize) MIN (sending->files->piece, sending->size - MAX (sending->have, 0));
  g_autofree guint8 *bytes = NULL;

  if (sending->have < 0 || length == 0)
    return NULL;
  bytes = g_malloc (length);
  errno = EIO; /* which is what it is where less can be read than there is */
  if (pread (sending->fd, bytes, length, sending->have) == (gssize) length)
    return g_bytes_new_take (g_steal_pointer (&bytes), length);
  xh_sync_fail_disk (sending->hash, errno, error);
  return NULL;
}

/* On a good line pieces grow, on a slow one they stay, on a bad one they shrink. */
static void
learn (XhFiles *self, gint64 took, gboolean got_through)
{
  if (!got_through)
    self->piece = MAX (self->piece / 2, LEAST_PIECE);
  else if (took < LONG_PIECE)
    self->piece = MIN (self->piece * 2, MOST_PIECE);
}

/* One request: asks where the server is, or sends what comes next. */
static gboolean
send_piece (Sending *sending, GError **error)
{
  const gint64 begun = g_get_monotonic_time (), offset = MAX (sending->have, 0);
  GError *fault = NULL;
  g_autoptr (GBytes) piece = read_piece (sending, &fault);
  gint64 have;
  gboolean got_through;

  if (fault != NULL)
    return g_propagate_error (error, fault), FALSE;
  got_through = xh_client_blob_send (sending->client, sending->hash, sending->size, sending->type, offset, piece, &have, &sending->complete,
                                     sending->cancellable, error);
  if (piece != NULL)
    learn (sending->files, g_get_monotonic_time () - begun, got_through);
  if (got_through)
    sending->have = MIN (have, sending->size);
  return got_through;
}

static gboolean
count_damage (Sending *sending, gint64 before, guint *damaged, GError **error)
{
  /* A piece was sent, and the server has no more than before. */
  if (sending->complete || before < 0 || sending->have > before || ++*damaged < MAX_DAMAGED)
    return TRUE;
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LATER, _("A file was damaged on the way several times. It will be sent again later."));
  return FALSE;
}

static gboolean
send_pieces (Sending *sending, gint64 deadline, XhFilesFunc progress, gpointer data, GError **error)
{
  guint tries = 0, damaged = 0;
  gint64 reached = -1;

  while (!sending->complete && (sending->have < 0 || g_get_monotonic_time () < deadline))
    {
      const gint64 before = sending->have;
      GError *fault = NULL;

      if (!send_piece (sending, &fault))
        {
          if (xh_files_again (&fault, sending->have > reached, &tries))
            {
              reached = sending->have;
              sending->have = -1;
              continue;
            }
          g_propagate_error (error, fault);
          return FALSE;
        }
      if (!count_damage (sending, before, &damaged, error))
        return FALSE;
      if (!sending->complete && sending->have > 0)
        xh_files_mark (sending->files, sending->hash, sending->type, sending->have, NULL);
      if (progress != NULL)
        progress (sending->complete ? sending->size : sending->have, sending->size, data);
    }
  return TRUE;
}

gboolean
xh_files_send (XhFiles *self, XhClient *client, const char *hash, gint64 deadline, XhFilesFunc progress, gpointer data, GCancellable *c,
               gboolean *whole, GError **error)
{
  g_auto (Sending) sending = { .files = self, .client = client, .hash = hash, .fd = -1, .have = -1, .cancellable = c };

  *whole = FALSE;
  if (!open_content (&sending, error) || !send_pieces (&sending, deadline, progress, data, error))
    return FALSE;
  if (sending.complete && !keep_sent (self, hash, error))
    return FALSE;
  *whole = sending.complete;
  return TRUE;
}
