/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Brings in a colleague's unsent work from a file, as that colleague's: judged like a push of their own computer, which hears the same answers when it
 * comes to the server itself. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>

#include "sync/xh-work-file.h"
#include "xh-apply.h"
#include "xh-mark.h"

#define OPS_A_COMMIT 200 /* a server that runs beside it waits no longer than for these */

static gboolean
check_server (XhBackend *backend, const XhWorkFile *file, GError **error)
{
  g_autofree char *identity = xh_store_meta_get (backend->store, XH_MARK_IDENTITY);

  if (*file->server == '\0' || g_strcmp0 (identity, file->server) == 0)
    return TRUE;
  g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("The work was made for another server. Nothing was changed."));
  return FALSE;
}

static gboolean
bring_some (XhBackend *backend, const XhAccess *access, GPtrArray *ops, guint *counts, GError **error)
{
  g_autoptr (GPtrArray) answers = NULL;

  if (!xh_store_begin (backend->store, error))
    return FALSE;
  answers = xh_apply_ops (backend, access, ops, error);
  if (answers == NULL || !xh_store_commit (backend->store, error))
    {
      xh_store_rollback (backend->store);
      return FALSE;
    }
  for (guint i = 0; i < answers->len; i++)
    counts[((XhAnswer *) g_ptr_array_index (answers, i))->status]++;
  return TRUE;
}

static gboolean
bring (XhBackend *backend, const XhAccess *access, GPtrArray *ops, guint *counts, GError **error)
{
  for (guint first = 0; first < ops->len; first += OPS_A_COMMIT)
    {
      g_autoptr (GPtrArray) some = g_ptr_array_new ();

      for (guint i = first; i < ops->len && some->len < OPS_A_COMMIT; i++)
        g_ptr_array_add (some, g_ptr_array_index (ops, i));
      if (!bring_some (backend, access, some, counts, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
xh_command_work (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhAccess) access = NULL;
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
  access = backend != NULL && check_server (backend, file, error) ? xh_place_access (backend, file->login, file->device, error) : NULL;
  if (access == NULL || !bring (backend, access, file->ops, counts, error))
    return FALSE;
  g_print (_("Work of %s: %u accepted, %u to decide, %u refused, %u waiting\n"), file->name, counts[XH_ANSWER_APPLIED] + counts[XH_ANSWER_MERGED],
           counts[XH_ANSWER_CONFLICT], counts[XH_ANSWER_REJECTED], counts[XH_ANSWER_HELD]);
  return TRUE;
}
