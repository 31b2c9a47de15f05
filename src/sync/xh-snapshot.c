/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-snapshot.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "store/xh-store-adopt.h"
#include "xh-round-anew-private.h"

#define FOLDER "snapshot"

char *
xh_snapshot_folder (XhDesk *desk)
{
  char *folder = g_build_filename (desk->folder, FOLDER, NULL);

  g_mkdir_with_parents (folder, 0700);
  return folder;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, message);
  return FALSE;
}

static gboolean
is_of_account (const XhProfile *profile, const XhSnapshotInfo *info)
{
  return g_strcmp0 (profile->role, info->role) == 0 && g_strcmp0 (profile->division, info->division) == 0
         && g_strcmp0 (profile->unit, info->unit) == 0;
}

gboolean
xh_snapshot_is_ours (XhDesk *desk, XhStore *store, const XhSnapshotInfo *info, GError **error)
{
  g_autofree char *mark = xh_store_meta_get (store, XH_META_MARK);
  const char *server = xh_mark_get_server (mark);

  if (server != NULL && strcmp (server, info->server) != 0)
    return refuse (error, _("The snapshot is of another server. Nothing was changed."));
  if (!is_of_account (desk->profile, info))
    return refuse (error, _("The snapshot was made for another role or another place than yours. Nothing was changed."));
  if (strcmp (info->catalog, xh_catalog_get_hash (desk->catalog)) != 0)
    return refuse (error, _("The snapshot was made with other definitions than this computer has. Synchronise once, or ask for a new one. Nothing was changed."));
  return TRUE;
}

/* What the store says is for its own log; a person is told what it means here. */
static gboolean
fail_store (GError **error, GError *cause)
{
  const gboolean corrupt = g_error_matches (cause, XH_STORE_ERROR, XH_STORE_ERROR_CORRUPT);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  if (g_error_matches (cause, XH_STORE_ERROR, XH_STORE_ERROR_FULL))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, cause->message);
  else
    g_set_error_literal (error, XH_SYNC_ERROR, corrupt ? XH_SYNC_ERROR_PROTOCOL : XH_SYNC_ERROR_LOCAL, cause->message);
  g_error_free (cause);
  return FALSE;
}

/* The mark stays where it is newer than the rows: it is that of an edit which the server has acknowledged since. */
static GHashTable *
make_meta (XhStore *store, const XhSnapshotInfo *info)
{
  GHashTable *meta = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *mark = xh_store_meta_get (store, XH_META_MARK);

  if (mark == NULL || g_ascii_strtoll (mark, NULL, 10) < info->cursor)
    g_hash_table_insert (meta, (gpointer) XH_META_MARK, g_strdup (info->mark));
  g_hash_table_insert (meta, (gpointer) XH_META_CURSOR, g_strdup_printf ("%" G_GINT64_FORMAT, info->cursor));
  g_hash_table_insert (meta, (gpointer) XH_META_WHOLE, g_strdup ("1"));
  g_hash_table_insert (meta, (gpointer) XH_META_FORGET, g_strdup ("0"));
  return meta;
}

/* The file says of itself what the rows are of; the store inside says it, too. */
static gboolean
agrees (XhStore *staged, const XhSnapshotInfo *info, GError **error)
{
  g_autofree char *mark = xh_store_meta_get (staged, XH_META_SNAPSHOT_MARK);

  return (g_strcmp0 (mark, info->mark) == 0 && g_ascii_strtoll (mark, NULL, 10) == info->cursor)
         || refuse (error, _("The snapshot does not hold what it says. Nothing was changed."));
}

gboolean
xh_snapshot_is_newer (XhStore *store, const XhSnapshotInfo *info)
{
  g_autofree char *forget = xh_store_meta_get (store, XH_META_FORGET);

  return info->cursor > xh_wire_get_cursor (store) || g_strcmp0 (forget, "1") == 0;
}

/* The same, asked of the store under its lock: somebody else may have brought it further since. */
static char *
write_newer (const XhSnapshotInfo *info)
{
  return g_strdup_printf ("coalesce((SELECT CAST(value AS INTEGER) FROM live.meta WHERE key = '" XH_META_CURSOR "'), 0) < %" G_GINT64_FORMAT
                          " OR EXISTS (SELECT 1 FROM live.meta WHERE key = '" XH_META_FORGET "' AND value = '1')", info->cursor);
}

/**
 * xh_snapshot_stage:
 * @store: the live store, which may be open for reading only
 * @unpacked: the store that xh_snapshot_reader_finish() approved of, in a folder of ours; it is changed
 * @thorough: look at every page
 *
 * Errors: XH_SYNC_ERROR_PROTOCOL it is not what this account needs; XH_SYNC_ERROR_LOCAL, G_IO_ERROR_NO_SPACE; G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): for xh_snapshot_adopt_staged()
 */
XhStore *
xh_snapshot_stage (XhDesk *desk, XhStore *store, const XhSnapshotInfo *info, const char *unpacked, gboolean thorough, GError **error)
{
  g_autoptr (XhStore) staged = NULL;
  GError *cause = NULL;

  if (!xh_snapshot_is_ours (desk, store, info, error))
    return NULL;
  staged = xh_store_stage (store, unpacked, thorough, &cause);
  if (staged == NULL)
    return (void) fail_store (error, cause), NULL;
  return agrees (staged, info, error) ? g_steal_pointer (&staged) : NULL;
}

/**
 * xh_snapshot_adopt_staged:
 * @staged: of xh_snapshot_stage(); spent
 * @taken: (out): FALSE where the store has gone on meanwhile, beyond what the snapshot holds; it stays as it is
 *
 * Errors: XH_SYNC_ERROR_LOCAL the store failed; G_IO_ERROR_NO_SPACE; G_IO_ERROR_CANCELLED. Nothing has changed then.
 */
gboolean
xh_snapshot_adopt_staged (XhStore *store, XhStore *staged, const XhSnapshotInfo *info, gboolean *taken, GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (GHashTable) meta = make_meta (store, info);
  g_autofree char *newer = write_newer (info);
  GError *cause = NULL;

  *taken = xh_store_adopt_staged (store, staged, meta, newer, cancellable, &cause);
  if (*taken)
    return TRUE;
  if (!g_error_matches (cause, XH_STORE_ERROR, XH_STORE_ERROR_MOVED))
    return fail_store (error, cause);
  g_error_free (cause);
  return TRUE;
}
