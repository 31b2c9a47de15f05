/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a store keeps of the ledger that it was read from, and how it leaves it: steps of a round. */
#pragma once

#include "xh-round-private.h"

G_BEGIN_DECLS

#define XH_META_MARK "mark"            /* the newest entry of the server's ledger that this store has seen; it begins with its number */
#define XH_META_BEGUN "begun"          /* the newest entry that the server had when this store began with its ledger anew, until the mark is as new */
#define XH_META_WHOLE "whole"          /* "1" while the ledger is read from its beginning */
#define XH_META_ECHO "echo"            /* "1" once it has started anew: what this device sent before may still come to the ledger, and is not here */
#define XH_META_WISH_ANEW "wish-anew"  /* "1" from the wish to start anew until it has been done */

/* @mark: (nullable). (transfer none) (nullable) the identity of the server that it is of */
const char *xh_mark_get_server (const char *mark);
/* Lets the next requests say what this store has seen of the ledger. */
void     xh_round_show_mark  (XhRound *round);
/* Asks the server whether it knows a mark and has entries up to @since. @known: (nullable) NULL: where it does not, that is an error */
gboolean xh_round_ask_mark   (XhRound *round, const char *mark, gint64 since, gboolean *known, GError **error);
/* (transfer full) ids of the rows that came from the server. @kind: (nullable) all. @deleted: only those deleted here */
GPtrArray *xh_round_list_ids (XhStore *store, const char *kind, gboolean deleted, GError **error);
/* In a transaction: what came from the server goes, and the ledger is read from its beginning; edits that are not sent stay. */
gboolean xh_round_forget_all (XhStore *store, GError **error);
/* A step: where a person wished it, forgets the ledger that this store was read from. Else, where that was done not long ago, asks whether the server
 * is still the one that it was then. */
gboolean xh_round_anew       (XhRound *round, GError **error);
/* Always FALSE. @cause: (transfer full) */
gboolean xh_round_fail_local (GError **error, GError *cause);

G_END_DECLS
