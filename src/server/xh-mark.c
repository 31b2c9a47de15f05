/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-mark.h"

#include <string.h>

#include "model/xh-identifiers.h"

/* A disk that fails must not pass for a database without one: a new identity, or a mark that lacks it, would tell every client that this is
 * another server. @identity: (out) (transfer full) (nullable) */
static gboolean
read_identity (XhBackend *backend, char **identity, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT value FROM meta WHERE key = '" XH_MARK_IDENTITY "'", error);
  gboolean row;

  *identity = NULL;
  if (!statement || !xh_backend_step (backend, statement, &row, error))
    return FALSE;
  if (row)
    *identity = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
xh_mark_prepare (XhBackend *backend, GError **error)
{
  g_autofree char *present = NULL, *identity = NULL;

  if (!read_identity (backend, &present, error))
    return FALSE;
  if (present)
    return TRUE;
  identity = xh_uuid_v7_new ();
  return xh_store_meta_set (backend->store, XH_MARK_IDENTITY, identity, error);
}

/* @hash: (out) (transfer full): its beginning; "" before the first entry */
static gboolean
find_entry (XhBackend *backend, gint64 number, gint64 *found, char **hash, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT number, hash FROM ledger WHERE number <= ?1 ORDER BY number DESC LIMIT 1", error);
  gboolean row;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  *found = row ? sqlite3_column_int64 (statement, 0) : 0;
  *hash = row ? g_strndup ((const char *) sqlite3_column_text (statement, 1), XH_MARK_HASH_CHARS) : g_strdup ("");
  sqlite3_reset (statement);
  return TRUE;
}

char *
xh_mark_make (XhBackend *backend, gint64 number, GError **error)
{
  g_autofree char *identity = NULL, *hash = NULL;
  gint64 found;

  if (!read_identity (backend, &identity, error) || !find_entry (backend, number, &found, &hash, error))
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%s.%s", found, hash, identity ? identity : "");
}

gboolean
xh_mark_check (XhBackend *backend, const char *mark, gboolean *known, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (mark, ".", 3);
  g_autofree char *here = NULL;
  gint64 number;

  *known = FALSE;
  if (g_strv_length (parts) != 3 || !g_ascii_string_to_signed (parts[0], 10, 0, G_MAXINT64, &number, NULL))
    return TRUE;
  here = xh_mark_make (backend, number, error);
  *known = g_strcmp0 (here, mark) == 0;
  return here != NULL;
}
