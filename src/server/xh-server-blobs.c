/* SPDX-License-Identifier: GPL-3.0-or-later */

/* HEAD, GET and PATCH /v1/blobs/HASH: attachments, in pieces both ways. One lane of one thread works on the folder; that a blob is here
 * is written by the writer, when its file has been synced. */
#include "xh-server-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "xh-blobs.h"

#define READ_AT_ONCE (8 << 20) /* bytes of a range that are sent at most; the reader asks for the rest */
#define SWEEP_SECONDS (6 * 3600)

/* What a request for a blob says besides. */
typedef struct
{
  gboolean head;
  char *range;      /* (owned) (nullable) */
  gint64 size, offset;
  const char *type; /* (not owned) interned */
} BlobCall;

static void
blob_call_free (gpointer data)
{
  g_free (((BlobCall *) data)->range);
  g_free (data);
}

/* --- reading */

static gboolean
find_for (XhCall *call, XhBackend *backend, XhBlob *blob, gboolean *may, GError **error)
{
  g_autofree char *path = xh_blob_folder_path (((XhServer *) call->server)->data, call->record);
  GStatBuf info;

  *may = FALSE;
  if (!xh_blobs_find (backend, call->record, blob, error))
    return FALSE;
  /* A folder that was restored without its blobs takes them again. */
  if (blob->known)
    blob->known = g_stat (path, &info) == 0 && (gint64) info.st_size == blob->size;
  return !blob->known || xh_blobs_may_have (backend, call->access, call->record, may, error);
}

/* One range of bytes; anything else counts as none. */
static gboolean
read_range (const char *text, gint64 size, gint64 *from, gint64 *to)
{
  char *end;

  if (!text || !g_str_has_prefix (text, "bytes=") || !g_ascii_isdigit (text[6]))
    return FALSE;
  *from = g_ascii_strtoll (text + 6, &end, 10);
  if (*end != '-')
    return FALSE;
  *to = g_ascii_isdigit (end[1]) ? g_ascii_strtoll (end + 1, &end, 10) : size - 1;
  *to = MIN (*to, size - 1);
  if (*from < size)
    *to = MIN (*to, *from + READ_AT_ONCE - 1);
  return TRUE;
}

static GBytes *
read_piece (const char *path, gint64 from, gsize length, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (length);
  const int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gsize done = 0;
  gssize n = 1;

  while (fd >= 0 && done < length && n > 0)
    {
      n = pread (fd, bytes + done, length - done, from + (gint64) done);
      done += (gsize) MAX (n, 0);
    }
  if (fd >= 0)
    close (fd);
  if (done == length)
    return g_bytes_new_take (g_steal_pointer (&bytes), length);
  g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, "%s cannot be read", path);
  return NULL;
}

static void
send_range (XhCall *call, const XhBlob *blob, const char *path, gint64 from, gint64 to)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  if (from >= blob->size || to < from)
    {
      call->answer_range = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, blob->size);
      xh_call_problem (call, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE, _("The file ends before that."));
      return;
    }
  bytes = read_piece (path, from, (gsize) (to - from + 1), &error);
  if (!bytes)
    {
      xh_call_fail (call, error);
      return;
    }
  call->answer_range = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, from, to, blob->size);
  call->type = blob->type;
  xh_call_answer (call, SOUP_STATUS_PARTIAL_CONTENT, bytes);
}

static void
send_blob (XhCall *call, XhBackend *backend)
{
  const BlobCall *ask = call->job;
  g_autofree char *path = xh_blob_folder_path (((XhServer *) call->server)->data, call->record);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = NULL;
  XhBlob blob;
  gboolean may;
  gint64 from, to;

  call->gzip = FALSE;
  if (!find_for (call, backend, &blob, &may, &error))
    {
      xh_call_fail (call, error);
      return;
    }
  /* Whether it is here is nobody's business who may not read it. */
  if (!blob.known || !may)
    {
      xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("There is no such file, or it is outside your area."));
      return;
    }
  call->answer_etag = g_strdup_printf ("\"%s\"", call->record);
  if (!ask->head && read_range (ask->range, blob.size, &from, &to))
    {
      send_range (call, &blob, path, from, to);
      return;
    }
  if (!ask->head && !(bytes = xh_map_file (path, &error)))
    {
      xh_call_fail (call, error);
      return;
    }
  call->type = blob.type;
  call->answer_length = blob.size;
  xh_call_answer (call, SOUP_STATUS_OK, bytes);
}

/* --- taking */

static void
answer_state (XhCall *call, gint64 have, gboolean complete)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"offset\":%" G_GINT64_FORMAT ",\"complete\":%s}", have, complete ? "true" : "false");
  xh_call_answer_string (call, SOUP_STATUS_OK, json);
}

/* In the writer. */
static void
note_blob (XhCall *call, XhBackend *backend)
{
  const BlobCall *ask = call->job;
  g_autoptr (GError) error = NULL;

  if (xh_blobs_note (backend, call->access->login, call->record, ask->size, ask->type, &error))
    answer_state (call, ask->size, TRUE);
  else
    xh_call_fail (call, error);
}

static void
answer_piece (XhCall *call, XhPieceResult result, gint64 have)
{
  switch (result)
    {
    case XH_PIECE_TAKEN:
    case XH_PIECE_DAMAGED:
      answer_state (call, have, FALSE);
      break;
    case XH_PIECE_WHOLE:
      call->then = note_blob;
      break;
    case XH_PIECE_TYPE:
      xh_call_problem (call, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, _("The file is not of the type that it says. It was not kept."));
      break;
    case XH_PIECE_TOO_LONG:
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("The file is longer than was said."));
      break;
    case XH_PIECE_MANY:
      call->retry_after = 60;
      xh_call_problem (call, XH_STATUS_TOO_MANY_REQUESTS, _("Too many files are under way at once. Try again later."));
      break;
    case XH_PIECE_FULL:
      g_message ("No room for attachments: make some on the disk of %s, or lower --keep-free", ((XhServer *) call->server)->data);
      call->retry_after = 120;
      xh_call_problem (call, SOUP_STATUS_INSUFFICIENT_STORAGE, _("The server's disk is full. Nothing was changed."));
      break;
    }
}

static void
take_piece (XhCall *call, XhBackend *backend)
{
  XhServer *self = call->server;
  const BlobCall *ask = call->job;
  g_autoptr (GError) error = NULL;
  XhPieceResult result;
  XhBlob blob;
  gboolean may;
  gint64 have;

  call->gzip = FALSE;
  if (!find_for (call, backend, &blob, &may, &error))
    xh_call_fail (call, error);
  else if (blob.known && may)
    answer_state (call, blob.size, TRUE);
  else if (!xh_blob_folder_take (self->blob_folder, call->access->login, call->record, ask->size, ask->type, ask->offset, call->body, &result,
                                 &have, &error))
    xh_call_fail (call, error);
  else
    answer_piece (call, result, have);
}

/* --- routes */

static BlobCall *
begin_call (XhCall *call)
{
  BlobCall *ask = g_new0 (BlobCall, 1);

  call->job = ask;
  call->free_job = blob_call_free;
  if (xh_hash_is_valid (call->record))
    return ask;
  xh_call_problem (call, SOUP_STATUS_NOT_FOUND, _("A file is named by the 64 digits of its SHA-256."));
  return NULL;
}

/* A server without threads has no lane for them. */
static XhLane *
get_lane (XhServer *self)
{
  return self->blobs ? self->blobs : self->readers;
}

XhLane *
xh_route_blob_get (XhServer *self, XhCall *call, GHashTable *query)
{
  BlobCall *ask = begin_call (call);

  if (!ask)
    return NULL;
  ask->range = g_strdup (xh_call_header (call, "range"));
  call->run = send_blob;
  return get_lane (self);
}

XhLane *
xh_route_blob_head (XhServer *self, XhCall *call, GHashTable *query)
{
  XhLane *lane = xh_route_blob_get (self, call, query);

  if (lane)
    ((BlobCall *) call->job)->head = TRUE;
  return lane;
}

static gboolean
read_number (GHashTable *query, const char *name, gint64 *number)
{
  const char *text = query ? g_hash_table_lookup (query, name) : NULL;

  return text && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64 / 2, number, NULL);
}

XhLane *
xh_route_blob_patch (XhServer *self, XhCall *call, GHashTable *query)
{
  BlobCall *ask = begin_call (call);
  const char *type = query ? g_hash_table_lookup (query, "type") : NULL;

  if (!ask)
    return NULL;
  ask->type = type ? xh_attachment_intern_type (type) : NULL;
  call->run = take_piece;
  if (!read_number (query, "size", &ask->size) || !read_number (query, "offset", &ask->offset) || ask->size == 0 || !type)
    xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, _("“size” and “offset” are whole numbers, “type” is a media type."));
  else if (!ask->type)
    xh_call_problem (call, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, _("Files of this type are not taken."));
  else if (ask->size > xh_attachment_max_size (self->catalog))
    {
      g_autofree char *limit = g_format_size ((guint64) xh_attachment_max_size (self->catalog));
      g_autofree char *detail = g_strdup_printf (_("The file is too large: at most %s."), limit);

      xh_call_problem (call, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, detail);
    }
  else
    return get_lane (self);
  return NULL;
}

/* --- sweeping */

static void
sweep (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (call->job, 0);
  if (xh_blobs_sweep (backend, g_get_real_time () / G_USEC_PER_SEC, call->job, &error))
    xh_call_answer (call, SOUP_STATUS_OK, NULL);
  else
    xh_call_fail (call, error);
}

/* Committed: their files may go, but none that somebody has sent again meanwhile. */
static void
swept (XhCall *call)
{
  GPtrArray *gone = call->job;

  for (guint i = 0; call->status < 500 && i < gone->len; i++)
    xh_blob_folder_remove (((XhServer *) call->server)->data, g_ptr_array_index (gone, i), g_get_real_time () / G_USEC_PER_SEC);
}

static gboolean
sweep_blobs_cb (gpointer data)
{
  XhServer *self = data;
  XhCall *call = xh_call_new_job (self, sweep, swept, g_ptr_array_new_with_free_func (g_free));

  call->free_job = (GDestroyNotify) g_ptr_array_unref;
  xh_blob_folder_sweep (self->blob_folder, g_get_real_time () / G_USEC_PER_SEC);
  if (!xh_lane_push (self->writer, call))
    xh_call_free (call);
  return G_SOURCE_CONTINUE;
}

void
xh_server_keep_free (XhServer *self, gint64 bytes)
{
  xh_blob_folder_keep_free (self->blob_folder, bytes);
}

void
xh_server_blobs_start (XhServer *self)
{
  if (self->blob_timer)
    return;
  sweep_blobs_cb (self);
  self->blob_timer = g_timeout_add_seconds (SWEEP_SECONDS, sweep_blobs_cb, self);
}
