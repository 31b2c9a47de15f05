/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A key with which a desk signs what travels without a connection (Ed25519). Each sign-in with the server makes a new one: the server keeps its public half
 * with account and device, the desk the secret one (DESK/signer, 0600). Keys and signatures are hexadecimal digits. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define XH_SIGNER_KEY_CHARS 64        /* of a public key */
#define XH_SIGNER_SIGNATURE_CHARS 128

typedef struct _XhSigner XhSigner;

XhSigner   *xh_signer_new    (void); /* (transfer full) a new key, kept nowhere */
/* (transfer full) (nullable) the desk's. Errors: XH_SYNC_ERROR_LOCAL there is none, or it cannot be read. */
XhSigner   *xh_signer_load   (const char *folder, GError **error);
/* Replaces the desk's, durably. Errors: XH_SYNC_ERROR_LOCAL. */
gboolean    xh_signer_keep   (XhSigner *self, const char *folder, GError **error);
const char *xh_signer_public (XhSigner *self); /* (transfer none) */
char       *xh_signer_sign   (XhSigner *self, const char *text, gsize length); /* (transfer full) */
void        xh_signer_free   (XhSigner *self); /* wipes it */

gboolean    xh_signer_is_public (const char *key); /* (nullable) key: whether it can be one */
/* Whether who holds the secret half of @key has signed these bytes. */
gboolean    xh_signer_verify (const char *key, const char *signature, const char *text, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSigner, xh_signer_free)

G_END_DECLS
