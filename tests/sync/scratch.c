/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scratch.h"

#include <glib/gstdio.h>

char *
scratch_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("xh-sync-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
scratch_remove (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

static gboolean
late_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

void
scratch_wait (ScratchFunc func, gpointer data)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (10, late_cb, &late);

  while (!func (data))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_false (late);
    }
  g_source_remove (timer);
}
