/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A store that starts from nothing, or whose account sees other records than before, fetches one file instead of many pages. What has come of it
 * stays on the disk when the line breaks, and the next round asks for the rest of the same file. Where the server has none, or the file is
 * no good, the pages of the pull do the same more slowly. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model/xh-attachment.h"
#include "store/xh-durable.h"
#include "xh-round-anew-private.h"
#include "xh-snapshot-private.h"
#include "xh-snapshot.h"

#define SUFFIX ".part"
#define PIECE (256 << 10)
#define LONGEST_WAIT 30            /* seconds between two questions whether it is made */
#define LONGEST_MAKING (10 * 60)   /* seconds after which pages are fetched instead */

typedef enum { GOT_FAILURE, GOT_FILE, GOT_PATIENCE, GOT_NOTHING } Got;

typedef struct
{
  XhRound *round;
  char *folder, *unpacked;  /* (owned) */
  char *part;               /* (owned) (nullable) what has come: its name is the hash of the file */
  int out;                  /* the part, or -1 */
  gint64 come;              /* bytes of it */
  XhReply reply;
  gint64 rest;              /* bytes that this answer says it has */
  XhSnapshotReader *reader; /* (owned) (nullable) */
  gboolean begun;           /* the answer's first bytes are here */
} Fetch;

static void
fetch_clear (Fetch *self)
{
  if (self->out >= 0)
    close (self->out);
  g_clear_pointer (&self->reader, xh_snapshot_reader_free);
  xh_reply_clear (&self->reply);
  g_free (self->folder);
  g_free (self->unpacked);
  g_free (self->part);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fetch, fetch_clear)

static void
drop_part (Fetch *self)
{
  if (self->out >= 0)
    close (self->out);
  self->out = -1;
  self->come = 0;
  if (self->part != NULL)
    g_unlink (self->part);
  g_clear_pointer (&self->part, g_free);
  g_clear_pointer (&self->reader, xh_snapshot_reader_free);
}

/* --- what came before */

/* Another file of the folder may be somebody's who is taking it from a stick. */
static void
find_part (Fetch *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      if (!g_str_has_suffix (name, SUFFIX))
        continue;
      if (self->part == NULL)
        self->part = g_steal_pointer (&path);
      else
        g_unlink (path);
    }
}

static gboolean
read_part (Fetch *self, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  gssize n;

  while ((n = read (self->out, piece, PIECE)) > 0)
    {
      if (!xh_snapshot_reader_feed (self->reader, piece, (gsize) n, error))
        return FALSE;
      self->come += n;
    }
  return n == 0 || xh_snapshot_fail_disk (self->part, errno, error);
}

/* A part that is no beginning of a snapshot is fetched anew, and so is one that cannot be read. A full disk says nothing about the part. */
static gboolean
resume (Fetch *self, GError **error)
{
  g_autoptr (GError) fault = NULL;

  find_part (self);
  if (self->part == NULL)
    return TRUE;
  self->reader = xh_snapshot_reader_new (self->unpacked, error);
  if (self->reader == NULL)
    return FALSE;
  self->out = g_open (self->part, O_RDWR | O_CLOEXEC, 0);
  if (self->out >= 0 ? read_part (self, &fault) : xh_snapshot_fail_disk (self->part, errno, &fault))
    return TRUE;
  if (!g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    {
      drop_part (self);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

/* --- what comes */

static gboolean
begin_file (Fetch *self, GError **error)
{
  const char *etag = xh_reply_get_header (&self->reply, "etag");
  g_autofree char *hash = etag != NULL && strlen (etag) == 66 ? g_strndup (etag + 1, 64) : NULL;
  const char *rest = xh_reply_get_header (&self->reply, "content-length");

  self->begun = TRUE;
  self->rest = rest != NULL ? g_ascii_strtoll (rest, NULL, 10) : 0;
  if (self->reply.status == 206 && self->reader != NULL)
    return TRUE;
  drop_part (self);
  if (self->reply.status != 200 || !xh_hash_is_valid (hash))
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
      return FALSE;
    }
  self->part = g_strconcat (self->folder, G_DIR_SEPARATOR_S, hash, SUFFIX, NULL);
  self->out = g_open (self->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (self->out < 0)
    return xh_snapshot_fail_disk (self->part, errno, error);
  self->reader = xh_snapshot_reader_new (self->unpacked, error);
  return self->reader != NULL;
}

static void
tell_progress (Fetch *self)
{
  const XhSnapshotInfo *info = xh_snapshot_reader_get_info (self->reader);
  XhRound *round = self->round;

  if (info == NULL || round->progress == NULL)
    return;
  round->total = (guint64) info->rows;
  round->received = (guint64) (info->rows * xh_snapshot_reader_get_share (self->reader));
  round->progress (round, round->data);
}

/* Looked at once, as soon as the file has said how large it is: before minutes are spent on what cannot be kept. */
static gboolean
has_room (Fetch *self, GError **error)
{
  const XhSnapshotInfo *info = xh_snapshot_reader_get_info (self->reader);
  const gint64 rest = self->rest;

  if (info == NULL || rest <= 0)
    return TRUE;
  self->rest = 0;
  return xh_snapshot_check_room (self->folder, XH_SNAPSHOT_ROOM (info->size) + (guint64) rest, error);
}

static gboolean
sink (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Fetch *self = data;
  const gint64 before = self->come;

  if (!self->begun && !begin_file (self, error))
    return FALSE;
  if (!xh_durable_write (self->out, bytes, length))
    return xh_snapshot_fail_disk (self->part, errno, error);
  self->come += (gint64) length;
  if (!xh_snapshot_reader_feed (self->reader, bytes, length, error) || !has_room (self, error))
    return FALSE;
  if (before >> 22 != self->come >> 22)
    tell_progress (self);
  return TRUE;
}

static gboolean
ask (Fetch *self, GError **error)
{
  g_auto (XhRequest) request = { .method = "GET", .path = "/v1/snapshot", .limit = G_MAXSIZE, .sink = sink, .sink_data = self };

  if (self->come > 0)
    {
      g_autofree char *range = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-", self->come);
      g_autofree char *name = g_path_get_basename (self->part), *etag = g_strdup_printf ("\"%.64s\"", name);

      xh_request_add_header (&request, "Range", range);
      xh_request_add_header (&request, "If-Range", etag);
    }
  return xh_client_send (self->round->client, &request, &self->reply, self->round->cancellable, error);
}

/* Whether the server is the one that a file which is all here came from: it may lie here since before the server was put back. */
static gboolean
ask_for_ledger (Fetch *self, gboolean *known, GError **error)
{
  const XhSnapshotInfo *info = xh_snapshot_reader_get_info (self->reader);

  if (!xh_round_ask_mark (self->round, info->mark, info->cursor, known, error))
    return FALSE;
  if (!*known)
    drop_part (self);
  return TRUE;
}

/* A line that breaks is no contact, and the part stays. Anything that is wrong with the bytes makes it worthless. */
static Got
fetch (Fetch *self, GError **error)
{
  g_autoptr (GError) fault = NULL;
  gboolean known;

  if (self->reader != NULL && xh_snapshot_reader_is_over (self->reader))
    {
      if (!ask_for_ledger (self, &known, error))
        return GOT_FAILURE;
      if (known)
        return GOT_FILE;
    }
  if (!ask (self, &fault))
    {
      if (g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL))
        drop_part (self);
      g_propagate_error (error, g_steal_pointer (&fault));
      return GOT_FAILURE;
    }
  switch (self->reply.status)
    {
    case 200:
    case 206:
      /* A proxy that answers for the server may have nothing to say. */
      if (self->begun)
        return GOT_FILE;
      drop_part (self);
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
      return GOT_FAILURE;
    case 202:
      return GOT_PATIENCE;
    case 204:
    case 404:
    case 405:
    case 501:
      return GOT_NOTHING;
    case 416:
      drop_part (self);
      return GOT_PATIENCE;
    default:
      xh_client_expect (&self->reply, 200, 206, error);
      return GOT_FAILURE;
    }
}

/* --- the step */

/* Pages do the same in the end, and they need no room for a second copy. */
static gboolean
is_of_no_use (const GError *fault)
{
  return g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL) || g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
note_kinds (XhRound *round)
{
  GPtrArray *kinds = xh_catalog_get_kinds (round->desk->catalog);

  for (guint i = 0; i < kinds->len; i++)
    g_hash_table_add (round->kinds, g_strdup (((const XhKind *) g_ptr_array_index (kinds, i))->name));
  if (round->progress != NULL)
    round->progress (round, round->data);
}

static gboolean
adopt (Fetch *self, GError **error)
{
  XhRound *round = self->round;
  const XhSnapshotInfo *info = xh_snapshot_reader_get_info (self->reader);
  g_autoptr (XhStore) staged = NULL;
  GError *fault = NULL;
  gboolean done, taken;

  if (!xh_snapshot_reader_finish (self->reader, error))
    {
      drop_part (self);
      return FALSE;
    }
  staged = xh_snapshot_stage (round->desk, round->store, info, self->unpacked, FALSE, &fault);
  done = staged != NULL && xh_snapshot_adopt_staged (round->store, staged, info, &taken, round->cancellable, &fault);
  /* Where the person closed the program, it need not come again. */
  if (done || g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL))
    drop_part (self);
  if (fault != NULL)
    g_propagate_error (error, fault);
  if (done)
    note_kinds (round);
  return done;
}

static gboolean
wait_for_it (XhRound *round, const XhReply *reply, GError **error)
{
  const char *after = xh_reply_get_header (reply, "retry-after");
  const gint64 seconds = after != NULL ? g_ascii_strtoll (after, NULL, 10) : 1;
  GPollFD fd;

  if (round->cancellable == NULL || !g_cancellable_make_pollfd (round->cancellable, &fd))
    {
      g_usleep (G_USEC_PER_SEC / 10);
      return TRUE;
    }
  g_poll (&fd, 1, (int) (CLAMP (seconds, 1, LONGEST_WAIT) * 1000));
  g_cancellable_release_fd (round->cancellable);
  return !g_cancellable_set_error_if_cancelled (round->cancellable, error);
}

static Got
fetch_made (XhRound *round, Fetch *self, GError **error)
{
  const gint64 end = g_get_monotonic_time () + (gint64) LONGEST_MAKING * G_USEC_PER_SEC;
  Got got;

  while ((got = fetch (self, error)) == GOT_PATIENCE)
    {
      if (!wait_for_it (round, &self->reply, error))
        return GOT_FAILURE;
      if (g_get_monotonic_time () > end)
        return GOT_NOTHING;
      xh_reply_clear (&self->reply);
      self->begun = FALSE;
    }
  return got;
}

static gboolean
take_snapshot (XhRound *round, gboolean *taken, GError **error)
{
  g_auto (Fetch) self = { .round = round, .out = -1 };
  GError *fault = NULL;
  Got got = GOT_FAILURE;

  self.folder = xh_snapshot_folder (round->desk);
  self.unpacked = g_build_filename (self.folder, XH_SNAPSHOT_UNPACKED, NULL);
  if (resume (&self, &fault))
    got = fetch_made (round, &self, &fault);
  *taken = got == GOT_FILE && adopt (&self, &fault);
  g_unlink (self.unpacked);
  /* Nobody comes back to it, and pages need the room. */
  if (g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    drop_part (&self);
  if (fault != NULL)
    g_propagate_error (error, fault);
  return *taken || got == GOT_NOTHING;
}

/* Rows of another scope go before the first page comes, where no file has taken their place. */
static gboolean
forget (XhRound *round, GError **error)
{
  g_autofree char *kept = xh_store_meta_get (round->store, XH_META_FORGET);
  GError *cause = NULL;

  if (g_strcmp0 (kept, "1") != 0)
    return TRUE;
  if (!xh_store_begin (round->store, &cause))
    return xh_round_fail_local (error, cause);
  if (xh_round_forget_all (round->store, &cause) && xh_store_meta_set (round->store, XH_META_FORGET, "0", &cause)
      && xh_store_commit (round->store, &cause))
    return TRUE;
  xh_store_rollback (round->store);
  return xh_round_fail_local (error, cause);
}

gboolean
xh_round_snapshot (XhRound *round, GError **error)
{
  GError *fault = NULL;
  gboolean taken = FALSE;

  if (xh_wire_get_cursor (round->store) > 0)
    return TRUE;
  if (!take_snapshot (round, &taken, &fault))
    {
      if (!is_of_no_use (fault))
        {
          g_propagate_error (error, fault);
          return FALSE;
        }
      g_warning ("The snapshot is not used, pages are fetched instead: %s", fault->message);
      g_clear_error (&fault);
    }
  return taken || forget (round, error);
}
