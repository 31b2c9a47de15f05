/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-sessions.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 32
#define TOKEN_CHARS (TOKEN_BYTES * 2)
#define DAY G_GINT64_CONSTANT (86400)

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* The token has 256 random bits, so a fast hash is enough to make the stored form useless to a thief. */
static gboolean
hash_token (const char *token, char hash[TOKEN_CHARS + 1])
{
  guint8 digest[TOKEN_BYTES];

  if (!token || strlen (token) != TOKEN_CHARS)
    return FALSE;
  crypto_generichash (digest, sizeof digest, (const guint8 *) token, TOKEN_CHARS, NULL, 0);
  sodium_bin2hex (hash, TOKEN_CHARS + 1, digest, sizeof digest);
  return TRUE;
}

static gboolean
remove_expired (XhBackend *backend, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "DELETE FROM session WHERE expires_at <= ?1", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now_seconds ());
  return xh_backend_run (backend, statement, error);
}

char *
xh_sessions_open (XhBackend *backend, const char *login, const char *device, GError **error)
{
  guint8 random[TOKEN_BYTES];
  char token[TOKEN_CHARS + 1], hash[TOKEN_CHARS + 1];
  sqlite3_stmt *statement;

  if (!remove_expired (backend, error))
    return NULL;
  statement = xh_backend_prepare (backend,
    "INSERT INTO session (token, login, device, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (!statement)
    return NULL;
  randombytes_buf (random, sizeof random);
  sodium_bin2hex (token, sizeof token, random, sizeof random);
  hash_token (token, hash);
  xh_backend_bind_text (statement, 1, hash);
  xh_backend_bind_text (statement, 2, login);
  xh_backend_bind_text (statement, 3, device);
  sqlite3_bind_int64 (statement, 4, now_seconds ());
  sqlite3_bind_int64 (statement, 5, now_seconds () + XH_SESSION_DAYS * DAY);
  return xh_backend_run (backend, statement, error) ? g_strdup (token) : NULL;
}

gboolean
xh_sessions_close (XhBackend *backend, const char *token, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "DELETE FROM session WHERE token = ?1", error);
  char hash[TOKEN_CHARS + 1];

  if (!statement)
    return FALSE;
  if (!hash_token (token, hash))
    return TRUE;
  xh_backend_bind_text (statement, 1, hash);
  return xh_backend_run (backend, statement, error);
}

static XhAccess *
access_from_row (XhBackend *backend, sqlite3_stmt *statement)
{
#define TEXT(column) ((const char *) sqlite3_column_text (statement, column))
  return xh_access_new (backend->catalog, TEXT (0), TEXT (1), TEXT (2), TEXT (3), TEXT (4), TEXT (5));
#undef TEXT
}

XhAccess *
xh_sessions_find (XhBackend *backend, const char *token, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT a.login, a.name, a.role, a.division, a.unit, s.device FROM session s JOIN account a ON a.login = s.login"
    " WHERE s.token = ?1 AND s.expires_at > ?2 AND a.disabled = 0", error);
  char hash[TOKEN_CHARS + 1];
  XhAccess *access = NULL;
  gboolean row = FALSE;

  if (!statement)
    return NULL;
  if (hash_token (token, hash))
    {
      xh_backend_bind_text (statement, 1, hash);
      sqlite3_bind_int64 (statement, 2, now_seconds ());
      if (!xh_backend_step (backend, statement, &row, error))
        return NULL;
      if (row)
        access = access_from_row (backend, statement);
      sqlite3_reset (statement);
    }
  if (!access)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_SESSION, _("The session has ended. Sign in again."));
  return access;
}

XhAccount *
xh_sessions_verify (XhBackend *backend, const char *login, const char *password, const char *decoy, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhAccount) account = xh_accounts_find (backend, login, &failure);
  gboolean right;

  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  right = xh_password_verify (account ? account->password : decoy, password);
  return right && account && !account->disabled ? g_steal_pointer (&account) : NULL;
}

struct _XhThrottle
{
  GHashTable *tries; /* (owned) key: Tries */
  guint free_tries, max_keys;
};

#define LONGEST_WAIT (15 * 60)

typedef struct
{
  guint failures;
  gint64 until; /* monotonic */
} Tries;

static gboolean
tries_are_over (gpointer key, gpointer value, gpointer data)
{
  const Tries *tries = value;

  return tries->until + LONGEST_WAIT * G_USEC_PER_SEC < *(gint64 *) data;
}

XhThrottle *
xh_throttle_new (guint free_tries, guint max_keys)
{
  XhThrottle *self = g_new0 (XhThrottle, 1);

  self->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->free_tries = free_tries;
  self->max_keys = max_keys;
  return self;
}

void
xh_throttle_free (XhThrottle *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->tries);
  g_free (self);
}

guint
xh_throttle_wait (XhThrottle *self, const char *key, gint64 now)
{
  const Tries *tries = g_hash_table_lookup (self->tries, key);

  if (!tries || tries->until <= now)
    return 0;
  return (guint) ((tries->until - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

void
xh_throttle_fail (XhThrottle *self, const char *key, gint64 now)
{
  Tries *tries = g_hash_table_lookup (self->tries, key);

  if (!tries)
    {
      if (g_hash_table_size (self->tries) >= self->max_keys)
        g_hash_table_foreach_remove (self->tries, tries_are_over, &now);
      /* Still full: someone tries many logins at once. Forgetting them all is better than growing. */
      if (g_hash_table_size (self->tries) >= self->max_keys)
        g_hash_table_remove_all (self->tries);
      tries = g_new0 (Tries, 1);
      g_hash_table_insert (self->tries, g_strdup (key), tries);
    }
  tries->failures++;
  tries->until = now;
  if (tries->failures >= self->free_tries)
    {
      guint doublings = MIN (tries->failures - self->free_tries, 10);

      tries->until += MIN (1u << doublings, LONGEST_WAIT) * G_USEC_PER_SEC;
    }
}

void
xh_throttle_forget (XhThrottle *self, const char *key)
{
  g_hash_table_remove (self->tries, key);
}
