/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Brings in a colleague's unsent work from a file, as that colleague's: judged like a push of their own computer, which hears the same answers when it
 * comes to the server itself. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>

#include "xh-work.h"

static XhAccess *
find_author (XhBackend *backend, const XhWorkFile *file, GError **error)
{
  g_autofree char *reason = NULL;
  XhAccess *author = xh_work_find_author (backend, file, &reason, error);

  if (reason)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, "%s", reason);
  return author;
}

static gboolean
bring_part (XhBackend *backend, const XhWorkFile *file, const char *by, guint part, guint *counts, GError **error)
{
  g_autoptr (GBytes) bytes = xh_work_file_get_part (file, part);
  g_autoptr (GPtrArray) ops = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (XhAccess) author = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  ops = xh_work_part_read (file, part, text, length, error);
  if (!ops || !xh_store_begin (backend->store, error))
    return FALSE;
  /* A server may run beside it: asked again within each transaction. */
  author = find_author (backend, file, error);
  answers = author ? xh_work_bring (backend, file, author, by, part, ops, error) : NULL;
  if (!answers || !xh_store_commit (backend->store, error))
    {
      xh_store_rollback (backend->store);
      return FALSE;
    }
  for (guint i = 0; i < answers->len; i++)
    counts[((XhAnswer *) g_ptr_array_index (answers, i))->status]++;
  return TRUE;
}

gboolean
xh_work_bring_file (XhBackend *backend, const XhWorkFile *file, guint *counts, GError **error)
{
  g_autofree char *by = g_strdup_printf ("(%s)", g_get_user_name ()); /* no login has parentheses */
  g_autoptr (XhAccess) author = find_author (backend, file, error); /* also of a file with nothing in it */

  for (guint part = 0; author && part < file->hashes->len; part++)
    if (!bring_part (backend, file, by, part, counts, error))
      return FALSE;
  return author != NULL;
}

gboolean
xh_command_work (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhWorkFile) file = NULL;
  guint counts[XH_ANSWER_HELD + 1] = { 0 };

  if (!xh_place_parse (&place, NULL, "FILE" XH_WORK_SUFFIX, _("Brings in unsent work that a colleague saved to a file."), &argc, &argv, error))
    return FALSE;
  if (argc != 2)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("Usage: xinheng-server import-work --data DIR FILE%s"), XH_WORK_SUFFIX);
      return FALSE;
    }
  file = xh_work_file_read (argv[1], error);
  backend = file != NULL ? xh_place_open (&place, FALSE, error) : NULL;
  if (backend == NULL || !xh_work_bring_file (backend, file, counts, error))
    return FALSE;
  g_print (_("Work of %s: %u accepted, %u to decide, %u refused, %u waiting\n"), file->name, counts[XH_ANSWER_APPLIED] + counts[XH_ANSWER_MERGED],
           counts[XH_ANSWER_CONFLICT], counts[XH_ANSWER_REJECTED], counts[XH_ANSWER_HELD]);
  return TRUE;
}
