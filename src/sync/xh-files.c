/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-files-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model/xh-catalog.h"
#include "store/xh-durable.h"

#define FIRST_PIECE (256 << 10)

XhFiles *
xh_files_new (const char *folder)
{
  XhFiles *self = g_new0 (XhFiles, 1);

  g_atomic_ref_count_init (&self->count);
  self->folder = g_strdup (folder);
  self->piece = FIRST_PIECE;
  return self;
}

XhFiles *
xh_files_ref (XhFiles *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
xh_files_unref (XhFiles *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  g_free (self->folder);
  g_free (self);
}

char *
xh_files_place (XhFiles *self, const char *folder, const char *name)
{
  g_autofree char *place = g_build_filename (self->folder, folder, NULL);

  g_mkdir_with_parents (place, 0700);
  return g_build_filename (place, name, NULL);
}

char *
xh_files_path (XhFiles *self, const char *hash)
{
  const char shelf[] = { hash[0], hash[1], '\0' };

  return xh_files_place (self, shelf, hash);
}

char *
xh_files_small_path (XhFiles *self, const char *hash, guint size)
{
  g_autofree char *name = g_strdup_printf ("%s-%u.png", hash, size);

  return xh_files_place (self, "small", name);
}

G_LOCK_DEFINE_STATIC (placing);

void
xh_files_lock (void)
{
  G_LOCK (placing);
}

void
xh_files_unlock (void)
{
  G_UNLOCK (placing);
}

GPtrArray *
xh_files_list (XhFiles *self, const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (self->folder, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  return names;
}

gboolean
xh_files_again (GError **fault, gboolean moved, guint *tries)
{
  if (!g_error_matches (*fault, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE))
    return FALSE;
  *tries = moved ? 1 : *tries + 1;
  if (*tries >= XH_FILES_TRIES)
    return FALSE;
  g_clear_error (fault);
  return TRUE;
}

gboolean
xh_files_has (XhFiles *self, const XhAttachment *file)
{
  g_autofree char *path = xh_files_path (self, file->hash);
  GStatBuf info;

  return g_stat (path, &info) == 0 && (gint64) info.st_size == file->size;
}

void
xh_files_look (XhFiles *self, const XhAttachment *file, XhFileState *state)
{
  *state = (XhFileState) { .here = xh_files_has (self, file) };
  state->outgoing = xh_files_is_outgoing (self, file->hash, &state->sent);
}

void
xh_files_use (XhFiles *self, const char *hash)
{
  g_autofree char *path = xh_files_path (self, hash);

  utimensat (AT_FDCWD, path, NULL, 0);
}

/* --- adding */

/* A file on its way in. */
typedef struct
{
  XhFiles *files;
  const char *shown;    /* what messages call it */
  int from, to;
  char *temporary;      /* (owned) */
  GChecksum *checksum;  /* (owned) */
  gint64 size;
} Adding;

static void
adding_clear (Adding *adding)
{
  if (adding->from >= 0)
    close (adding->from);
  if (adding->to >= 0)
    close (adding->to);
  if (adding->temporary != NULL)
    g_unlink (adding->temporary);
  g_free (adding->temporary);
  g_clear_pointer (&adding->checksum, g_checksum_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Adding, adding_clear)

static gboolean
refuse (GError **error, const char *format, const char *name)
{
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, format, name);
  return FALSE;
}

static gboolean
check_size (Adding *adding, XhCatalog *catalog, GError **error)
{
  const gint64 most = xh_attachment_max_size (catalog);
  g_autofree char *limit = NULL, *size = NULL;
  GStatBuf info;

  if (fstat (adding->from, &info) != 0)
    return xh_sync_fail_disk (adding->shown, errno, error);
  if (!S_ISREG (info.st_mode))
    return refuse (error, _("“%s” is no file."), adding->shown);
  if (info.st_size == 0)
    return refuse (error, _("“%s” is empty."), adding->shown);
  if ((gint64) info.st_size <= most)
    return TRUE;
  limit = g_format_size ((guint64) most);
  size = g_format_size ((guint64) info.st_size);
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("“%s” is too large: %s, at most %s. Make it smaller and choose it again."),
               adding->shown, size, limit);
  return FALSE;
}

static const char *
find_type (Adding *adding, GError **error)
{
  guint8 head[XH_ATTACHMENT_SNIFF];
  const gssize n = pread (adding->from, head, sizeof head, 0);
  const char *type = n > 0 ? xh_attachment_find_type (head, (gsize) n, adding->shown) : NULL;

  if (n < 0)
    xh_sync_fail_disk (adding->shown, errno, error);
  else if (type == NULL)
    refuse (error, _("“%s” is of a type that is not taken. Photos, scans (PDF, OFD), office documents, sheets, texts and short films are."), adding->shown);
  return type;
}

static gboolean
copy_content (Adding *adding, GCancellable *c, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (XH_FILES_CHUNK);
  gssize n;

  adding->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  while ((n = read (adding->from, chunk, XH_FILES_CHUNK)) != 0)
    {
      if (g_cancellable_set_error_if_cancelled (c, error))
        return FALSE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return xh_sync_fail_disk (adding->shown, errno, error);
      if (!xh_durable_write (adding->to, chunk, (gsize) n))
        return xh_sync_fail_disk (adding->shown, errno, error);
      g_checksum_update (adding->checksum, chunk, n);
      adding->size += n;
    }
  return TRUE;
}

/* Marked first: a mark without content is told and tried no more, content without a mark would never be sent. */
static gboolean
settle (Adding *adding, const char *hash, const char *type, GError **error)
{
  g_autofree char *path = xh_files_path (adding->files, hash);
  gboolean settled;

  xh_files_lock ();
  settled = xh_files_mark (adding->files, hash, type, 0, error)
            && (xh_durable_place (adding->to, adding->temporary, path) || xh_sync_fail_disk (adding->shown, errno, error));
  xh_files_unlock ();
  return settled;
}

XhAttachment *
xh_files_add (XhFiles *self, const char *path, const char *name, XhCatalog *catalog, GCancellable *c, GError **error)
{
  g_autofree char *base = name != NULL ? g_strdup (name) : g_filename_display_basename (path);
  g_auto (Adding) adding = { .files = self, .shown = base, .from = -1, .to = -1 };
  g_autoptr (XhAttachment) file = g_new0 (XhAttachment, 1);
  const char *type;

  adding.from = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (adding.from < 0)
    return (void) xh_sync_fail_disk (base, errno, error), NULL;
  if (!check_size (&adding, catalog, error) || (type = find_type (&adding, error)) == NULL)
    return NULL;
  adding.temporary = xh_files_temporary (self);
  adding.to = g_mkstemp_full (adding.temporary, O_RDWR | O_CLOEXEC, 0600);
  if (adding.to < 0)
    return (void) xh_sync_fail_disk (base, errno, error), NULL;
  if (!copy_content (&adding, c, error))
    return NULL;
  file->hash = g_strdup (g_checksum_get_string (adding.checksum));
  file->name = xh_attachment_clean_name (base, type);
  file->type = g_strdup (type);
  file->size = adding.size;
  return settle (&adding, file->hash, type, error) ? g_steal_pointer (&file) : NULL;
}

char *
xh_files_copy_out (XhFiles *self, const XhAttachment *file, GError **error)
{
  g_autofree char *source = xh_files_path (self, file->hash), *name = NULL, *path = NULL;
  g_autofree char *folder = g_strdup_printf ("%.8s", file->hash), *shelf = g_build_filename ("open", folder, NULL);
  const char *extension = xh_attachment_get_extension (file->type);
  g_autoptr (GFile) from = g_file_new_for_path (source), to = NULL;

  /* What opens it goes by the name: it ends as the content is, whatever it was called. */
  name = xh_attachment_clean_name (file->name, file->type);
  if (!xh_attachment_name_fits (file->type, name))
    {
      g_autofree char *plain = g_steal_pointer (&name);

      name = g_strconcat (plain, extension, NULL);
    }
  path = xh_files_place (self, shelf, name);
  to = g_file_new_for_path (path);
  g_unlink (path);
  if (!g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    return NULL;
  /* Changes would go with it: a program that cannot write here asks where to keep them. */
  g_chmod (path, 0400);
  xh_files_use (self, file->hash);
  return g_steal_pointer (&path);
}

/* --- making room */

typedef struct
{
  char *path; /* (owned) */
  gint64 size, used;
} Kept;

static void
kept_free (gpointer data)
{
  g_free (((Kept *) data)->path);
  g_free (data);
}

static int
compare_used (gconstpointer a, gconstpointer b)
{
  const Kept *one = *(Kept *const *) a, *other = *(Kept *const *) b;

  return (one->used > other->used) - (one->used < other->used);
}

static void
list_shelf (XhFiles *self, const char *shelf, GPtrArray *kept, gint64 *total)
{
  g_autoptr (GPtrArray) names = xh_files_list (self, shelf);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (self->folder, shelf, name, NULL);
      GStatBuf info;
      Kept *one;

      if (g_stat (path, &info) != 0 || !S_ISREG (info.st_mode))
        continue;
      *total += info.st_size;
      if (xh_hash_is_valid (name) && xh_files_is_marked (self, name))
        continue;
      one = g_new (Kept, 1);
      *one = (Kept) { g_steal_pointer (&path), info.st_size, (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000 };
      g_ptr_array_add (kept, one);
    }
}

/* It may have been chosen again since it was listed. */
static gboolean
remove_unmarked (XhFiles *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  gboolean removed;

  xh_files_lock ();
  removed = !(xh_hash_is_valid (name) && xh_files_is_marked (self, name)) && g_unlink (path) == 0;
  xh_files_unlock ();
  return removed;
}

gint64
xh_files_trim (XhFiles *self, gint64 limit)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (kept_free);
  g_autoptr (GPtrArray) shelves = xh_files_list (self, ".");
  gint64 total = 0;

  for (guint i = 0; i < shelves->len; i++)
    {
      const char *name = g_ptr_array_index (shelves, i);

      if (strlen (name) == 2 || strcmp (name, "small") == 0)
        list_shelf (self, name, kept, &total);
    }
  g_ptr_array_sort (kept, compare_used);
  for (guint i = 0; i < kept->len && total > limit; i++)
    {
      const Kept *one = g_ptr_array_index (kept, i);

      if (remove_unmarked (self, one->path))
        total -= one->size;
    }
  return total;
}
