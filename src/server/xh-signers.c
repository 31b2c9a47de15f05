/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-signers.h"

#define DAY G_GINT64_CONSTANT (86400)

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Login and key together: nobody can take a key away from its owner by telling it as their own. */
gboolean
xh_signers_prepare (XhBackend *backend, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "CREATE TABLE IF NOT EXISTS signer (login TEXT NOT NULL, key TEXT NOT NULL, device TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, replaced_at INTEGER, PRIMARY KEY (login, key)) WITHOUT ROWID", error);

  return statement && xh_backend_run (backend, statement, error);
}

static gboolean
replace_others (XhBackend *backend, const char *login, const char *device, const char *key, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "UPDATE signer SET replaced_at = ?4 WHERE login = ?1 AND device = ?2 AND key <> ?3 AND replaced_at IS NULL", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  xh_backend_bind_text (statement, 2, device);
  xh_backend_bind_text (statement, 3, key);
  sqlite3_bind_int64 (statement, 4, now_seconds ());
  return xh_backend_run (backend, statement, error);
}

static gboolean
remove_old (XhBackend *backend, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "DELETE FROM signer WHERE replaced_at <= ?1", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now_seconds () - XH_SIGNER_DAYS * DAY);
  return xh_backend_run (backend, statement, error);
}

gboolean
xh_signers_add (XhBackend *backend, const char *login, const char *device, const char *key, GError **error)
{
  sqlite3_stmt *statement;

  if (!remove_old (backend, error) || !replace_others (backend, login, device, key, error))
    return FALSE;
  statement = xh_backend_prepare (backend,
    "INSERT INTO signer (login, key, device, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (login, key) DO NOTHING", error);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  xh_backend_bind_text (statement, 2, key);
  xh_backend_bind_text (statement, 3, device);
  sqlite3_bind_int64 (statement, 4, now_seconds ());
  return xh_backend_run (backend, statement, error);
}

gboolean
xh_signers_find (XhBackend *backend, const char *login, const char *device, const char *key, gboolean *known, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT 1 FROM signer WHERE login = ?1 AND key = ?2 AND device = ?3 AND (replaced_at IS NULL OR replaced_at > ?4)", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  xh_backend_bind_text (statement, 2, key);
  xh_backend_bind_text (statement, 3, device);
  sqlite3_bind_int64 (statement, 4, now_seconds () - XH_SIGNER_DAYS * DAY);
  if (!xh_backend_step (backend, statement, known, error))
    return FALSE;
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
xh_signers_revoke (XhBackend *backend, const char *login, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "DELETE FROM signer WHERE login = ?1", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  return xh_backend_run (backend, statement, error);
}
