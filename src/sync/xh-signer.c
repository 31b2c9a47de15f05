/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-signer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "xh-verifier-private.h"

#define FILE_NAME "signer"
#define SEED_CHARS (2 * crypto_sign_SEEDBYTES)

struct _XhSigner
{
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  char key[XH_SIGNER_KEY_CHARS + 1]; /* the public half */
};

G_STATIC_ASSERT (XH_SIGNER_KEY_CHARS == 2 * crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT (XH_SIGNER_SIGNATURE_CHARS == 2 * crypto_sign_BYTES);

static void
make_ready (void)
{
  if (sodium_init () < 0)
    g_error ("libsodium cannot be used");
}

static XhSigner *
new_from_seed (const guint8 *seed)
{
  XhSigner *self = g_new0 (XhSigner, 1);
  guint8 key[crypto_sign_PUBLICKEYBYTES];

  crypto_sign_seed_keypair (key, self->secret, seed);
  sodium_bin2hex (self->key, sizeof self->key, key, sizeof key);
  return self;
}

static gboolean
read_hex (const char *text, guint8 *bytes, gsize length)
{
  gsize read;

  /* Small digits only: keys are compared as texts. */
  return text != NULL && strlen (text) == 2 * length && strspn (text, "0123456789abcdef") == 2 * length
         && sodium_hex2bin (bytes, length, text, 2 * length, NULL, &read, NULL) == 0 && read == length;
}

XhSigner *
xh_signer_new (void)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  XhSigner *self;

  make_ready ();
  randombytes_buf (seed, sizeof seed);
  self = new_from_seed (seed);
  sodium_memzero (seed, sizeof seed);
  return self;
}

XhSigner *
xh_signer_load (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL), *text = NULL;
  g_autoptr (GError) cause = NULL;
  guint8 seed[crypto_sign_SEEDBYTES];
  XhSigner *self = NULL;

  make_ready ();
  if (g_file_get_contents (path, &text, NULL, &cause) && read_hex (g_strchomp (text), seed, sizeof seed))
    self = new_from_seed (seed);
  else
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL,
                         _("This computer has nothing to sign with yet: sign in once with a connection to the server. Nothing was changed."));
  sodium_memzero (seed, sizeof seed);
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  return self;
}

gboolean
xh_signer_keep (XhSigner *self, const char *folder, GError **error)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  char text[SEED_CHARS + 1];
  gboolean kept;

  crypto_sign_ed25519_sk_to_seed (seed, self->secret);
  sodium_bin2hex (text, sizeof text, seed, sizeof seed);
  kept = xh_file_replace (folder, FILE_NAME, text, SEED_CHARS, error);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (text, sizeof text);
  return kept;
}

const char *
xh_signer_public (XhSigner *self)
{
  return self->key;
}

char *
xh_signer_sign (XhSigner *self, const char *text, gsize length)
{
  guint8 signature[crypto_sign_BYTES];
  char *hex = g_malloc (XH_SIGNER_SIGNATURE_CHARS + 1);

  crypto_sign_detached (signature, NULL, (const guint8 *) text, length, self->secret);
  return sodium_bin2hex (hex, XH_SIGNER_SIGNATURE_CHARS + 1, signature, sizeof signature);
}

void
xh_signer_free (XhSigner *self)
{
  if (self == NULL)
    return;
  sodium_memzero (self, sizeof *self);
  g_free (self);
}

gboolean
xh_signer_is_public (const char *key)
{
  guint8 bytes[crypto_sign_PUBLICKEYBYTES];

  return read_hex (key, bytes, sizeof bytes);
}

gboolean
xh_signer_verify (const char *key, const char *signature, const char *text, gsize length)
{
  guint8 key_bytes[crypto_sign_PUBLICKEYBYTES], signature_bytes[crypto_sign_BYTES];

  make_ready ();
  return read_hex (key, key_bytes, sizeof key_bytes) && read_hex (signature, signature_bytes, sizeof signature_bytes)
         && crypto_sign_verify_detached (signature_bytes, (const guint8 *) text, length, key_bytes) == 0;
}
