/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-accounts.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "xh-access.h"
#include "xh-signers.h"

#define LOGIN_MAX 64
#define NAME_MAX_CHARS 100

#define FAULT(error, ...) g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_ACCOUNT, __VA_ARGS__)

static gboolean
is_login (const char *login)
{
  if (!login || !*login || strlen (login) > LOGIN_MAX || strcmp (login, XH_SYSTEM_LOGIN) == 0 || !g_utf8_validate (login, -1, NULL))
    return FALSE;
  for (const char *p = login; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isalnum (c) && !strchr ("._-@", (int) c))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_scope (XhCatalog *catalog, const XhAccount *account, GError **error)
{
  const XhRole *role = account->role ? xh_catalog_find_role (catalog, account->role) : NULL;

  if (!role)
    {
      FAULT (error, _("There is no role “%s”"), account->role ? account->role : "");
      return FALSE;
    }
  if (account->division && !xh_divisions_find (xh_catalog_get_divisions (catalog), account->division))
    {
      FAULT (error, _("There is no division “%s”"), account->division);
      return FALSE;
    }
  if (account->unit && !xh_units_find (xh_catalog_get_units (catalog), account->unit))
    {
      FAULT (error, _("There is no unit “%s”"), account->unit);
      return FALSE;
    }
  if (role->scope == XH_SCOPE_DIVISION && !account->division)
    {
      FAULT (error, _("The role “%s” needs a division"), account->role);
      return FALSE;
    }
  if (role->scope == XH_SCOPE_UNIT && !account->unit)
    {
      FAULT (error, _("The role “%s” needs a unit"), account->role);
      return FALSE;
    }
  return TRUE;
}

static gboolean
end_sessions (XhBackend *backend, const char *login, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "DELETE FROM session WHERE login = ?1", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  return xh_backend_run (backend, statement, error);
}

/* Runs an UPDATE … RETURNING login, so that an unknown login is told apart from a change to the same value. @proof: what proved who it was is
 * over, too. */
static gboolean
update_account (XhBackend *backend, sqlite3_stmt *statement, const char *login, gboolean proof, GError **error)
{
  gboolean row;

  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  sqlite3_reset (statement);
  if (!row)
    {
      FAULT (error, _("There is no account “%s”"), login);
      return FALSE;
    }
  return (!proof || xh_signers_revoke (backend, login, error)) && end_sessions (backend, login, error);
}

static gboolean
update_in_transaction (XhBackend *backend, sqlite3_stmt *statement, const char *login, gboolean proof, GError **error)
{
  if (!xh_store_begin (backend->store, error))
    return FALSE;
  return xh_store_end (backend->store, update_account (backend, statement, login, proof, error), error);
}

gboolean
xh_accounts_add (XhBackend *backend, const XhAccount *account, const char *password, GError **error)
{
  g_autofree char *hash = NULL;
  g_autofree char *now = xh_now_utc ();
  sqlite3_stmt *statement;
  gboolean row;

  if (!is_login (account->login))
    {
      FAULT (error, _("“%s” cannot be a login: letters, digits, “.”, “_”, “-” and “@”, at most 64 bytes"),
             account->login ? account->login : "");
      return FALSE;
    }
  if (!account->name || !*account->name || g_utf8_strlen (account->name, -1) > NAME_MAX_CHARS)
    {
      FAULT (error, _("An account needs a name of at most 100 characters"));
      return FALSE;
    }
  if (!check_scope (backend->catalog, account, error))
    return FALSE;
  statement = xh_backend_prepare (backend,
    "INSERT INTO account (login, name, role, division, unit, password, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (login) DO NOTHING RETURNING login", error);
  if (!statement)
    return FALSE;
  hash = xh_password_hash (password);
  xh_backend_bind_text (statement, 1, account->login);
  xh_backend_bind_text (statement, 2, account->name);
  xh_backend_bind_text (statement, 3, account->role);
  xh_backend_bind_text (statement, 4, account->division);
  xh_backend_bind_text (statement, 5, account->unit);
  xh_backend_bind_text (statement, 6, hash);
  xh_backend_bind_text (statement, 7, now);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  sqlite3_reset (statement);
  if (!row)
    FAULT (error, _("The login “%s” is taken"), account->login);
  return row;
}

gboolean
xh_accounts_set_password (XhBackend *backend, const char *login, const char *password, GError **error)
{
  g_autofree char *hash = xh_password_hash (password);
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "UPDATE account SET password = ?2 WHERE login = ?1 RETURNING login", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  xh_backend_bind_text (statement, 2, hash);
  return update_in_transaction (backend, statement, login, TRUE, error);
}

gboolean
xh_accounts_set_disabled (XhBackend *backend, const char *login, gboolean disabled, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "UPDATE account SET disabled = ?2 WHERE login = ?1 RETURNING login", error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, login);
  sqlite3_bind_int (statement, 2, disabled);
  return update_in_transaction (backend, statement, login, TRUE, error);
}

gboolean
xh_accounts_set_role (XhBackend *backend, const XhAccount *account, GError **error)
{
  sqlite3_stmt *statement;

  if (!check_scope (backend->catalog, account, error))
    return FALSE;
  statement = xh_backend_prepare (backend,
    "UPDATE account SET role = ?2, division = ?3, unit = ?4 WHERE login = ?1 RETURNING login", error);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, account->login);
  xh_backend_bind_text (statement, 2, account->role);
  xh_backend_bind_text (statement, 3, account->division);
  xh_backend_bind_text (statement, 4, account->unit);
  return update_in_transaction (backend, statement, account->login, FALSE, error);
}

static XhAccount *
account_from_row (sqlite3_stmt *statement)
{
  XhAccount *account = g_new0 (XhAccount, 1);

  account->login = xh_backend_dup_text (statement, 0);
  account->name = xh_backend_dup_text (statement, 1);
  account->role = xh_backend_dup_text (statement, 2);
  account->division = xh_backend_dup_text (statement, 3);
  account->unit = xh_backend_dup_text (statement, 4);
  account->disabled = sqlite3_column_int (statement, 5);
  return account;
}

XhAccount *
xh_accounts_find (XhBackend *backend, const char *login, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT login, name, role, division, unit, disabled, password FROM account WHERE login = ?1", error);
  XhAccount *account = NULL;
  gboolean row;

  if (!statement)
    return NULL;
  xh_backend_bind_text (statement, 1, login);
  if (!xh_backend_step (backend, statement, &row, error) || !row)
    return NULL;
  account = account_from_row (statement);
  account->password = xh_backend_dup_text (statement, 6);
  sqlite3_reset (statement);
  return account;
}

GPtrArray *
xh_accounts_list (XhBackend *backend, GError **error)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_account_free);
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT login, name, role, division, unit, disabled FROM account ORDER BY login", error);
  gboolean row;

  if (!statement)
    return NULL;
  for (;;)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&accounts);
      g_ptr_array_add (accounts, account_from_row (statement));
    }
}

gboolean
xh_accounts_check_password (const char *password, GError **error)
{
  if (password && g_utf8_validate (password, -1, NULL) && g_utf8_strlen (password, -1) >= XH_PASSWORD_MIN)
    return TRUE;
  FAULT (error, _("A password has at least %d characters"), XH_PASSWORD_MIN);
  return FALSE;
}

char *
xh_password_hash (const char *password)
{
  char hash[crypto_pwhash_STRBYTES];

  if (crypto_pwhash_str_alg (hash, password, strlen (password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    g_error ("No memory for hashing a password");
  return g_strdup (hash);
}

gboolean
xh_password_verify (const char *hash, const char *password)
{
  return crypto_pwhash_str_verify (hash, password, strlen (password)) == 0;
}

void
xh_account_free (XhAccount *account)
{
  if (!account)
    return;
  g_free (account->login);
  g_free (account->name);
  g_free (account->role);
  g_free (account->division);
  g_free (account->unit);
  if (account->password)
    sodium_memzero (account->password, strlen (account->password));
  g_free (account->password);
  g_free (account);
}
