/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a client has seen of the ledger: "NUMBER.HASH.SERVER", the number of an entry, the beginning of its hash and the identity that the
 * database was made with. A database restored from an older copy, or another server's, does not know the mark, and nothing is exchanged
 * with that client until a person decides. */
#pragma once

#include "sync/xh-client.h"
#include "xh-ledger.h"

G_BEGIN_DECLS

#define XH_MARK_HASH_CHARS 16
#define XH_MARK_IDENTITY "server" /* meta: the identity of this database */

/* Gives a database its identity where it has none. */
gboolean xh_mark_prepare (XhBackend *backend, GError **error);
/* (transfer full) of the entry @number, or of the last one before it. */
char    *xh_mark_make    (XhBackend *backend, gint64 number, GError **error);
/* @known: (out): whether the mark is of this ledger; one that is no mark is not. */
gboolean xh_mark_check   (XhBackend *backend, const char *mark, gboolean *known, GError **error);

G_END_DECLS
