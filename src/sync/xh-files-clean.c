/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is needed no more. People's papers are in these folders: what nobody will ask for again does not stay by accident. */
#include "xh-files-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#define PART_DAYS 7 /* for which what has come of a file that is being fetched is kept */
#define DOUBT_DAYS 30 /* for which what is older than the store stays, whatever the store says */
#define ADDING "add-"

char *
xh_files_temporary (XhFiles *self)
{
  return xh_files_place (self, "incoming", ADDING "XXXXXX");
}

/* --- marks */

static void
lift (XhFiles *self, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, folder, name, NULL);

  g_unlink (path);
}

/* A store that is younger than a mark may stand in the place of another that names the file: one that was damaged and moved aside, or is put back
 * tomorrow. */
static gboolean
is_doubtful (XhFiles *self, const char *folder, const char *hash, XhStore *store)
{
  g_autofree char *path = g_build_filename (self->folder, folder, hash, NULL), *text = xh_store_meta_get (store, XH_STORE_META_MADE);
  const gint64 made = text != NULL ? g_ascii_strtoll (text, NULL, 10) : G_MAXINT64 / 2;
  GStatBuf info;

  return g_stat (path, &info) == 0 && (gint64) info.st_mtime < made && (gint64) time (NULL) < made + DOUBT_DAYS * 86400;
}

/* Calls @func with each mark of a folder that nothing in the store needs. */
static gboolean
each_unneeded (XhFiles *self, const char *folder, XhStore *store, void (*func) (XhFiles *self, const char *hash), GError **error)
{
  g_autoptr (GPtrArray) hashes = xh_files_list (self, folder);

  for (guint i = 0; i < hashes->len; i++)
    {
      const char *hash = g_ptr_array_index (hashes, i);
      gboolean needed = TRUE;

      if (xh_hash_is_valid (hash) && !xh_store_is_needed (store, hash, &needed, error))
        return FALSE;
      if (!needed && !is_doubtful (self, folder, hash, store))
        func (self, hash);
    }
  return TRUE;
}

static void
lift_kept (XhFiles *self, const char *hash)
{
  lift (self, "kept", hash);
}

gboolean
xh_files_release (XhFiles *self, XhStore *store, GError **error)
{
  return each_unneeded (self, "kept", store, lift_kept, error);
}

/* --- what was chosen and never saved */

static void
remove_small (XhFiles *self, const char *hash)
{
  g_autoptr (GPtrArray) names = xh_files_list (self, "small");

  for (guint i = 0; i < names->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (names, i), hash))
      lift (self, "small", g_ptr_array_index (names, i));
}

/* What a record on the server names all the same is fetched again from there when somebody opens it. */
static void
remove_chosen (XhFiles *self, const char *hash)
{
  const char shelf[] = { hash[0], hash[1], '\0' };

  xh_files_lock ();
  lift (self, shelf, hash);
  remove_small (self, hash);
  lift (self, "outgoing", hash);
  xh_files_unlock ();
}

/* --- what work left behind */

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static gboolean
is_old (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 && info.st_mtime < time (NULL) - PART_DAYS * 86400;
}

static void
remove_parts (XhFiles *self)
{
  g_autoptr (GPtrArray) names = xh_files_list (self, "incoming");

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (self->folder, "incoming", name, NULL);

      if (g_str_has_prefix (name, ADDING) || is_old (path))
        g_unlink (path);
    }
}

gboolean
xh_files_is_used (XhFiles *self)
{
  return g_file_test (self->folder, G_FILE_TEST_IS_DIR);
}

gboolean
xh_files_clean (XhFiles *self, XhStore *store, GError **error)
{
  g_autofree char *copies = g_build_filename (self->folder, "open", NULL);

  remove_tree (copies);
  remove_parts (self);
  return xh_files_release (self, store, error) && each_unneeded (self, "outgoing", store, remove_chosen, error);
}
