/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Brings a store to what the server says that it should hold, by fetching only what differs. */
#pragma once

#include "xh-round-private.h"

G_BEGIN_DECLS

typedef struct
{
  XhRound *round;      /* (not owned) */
  gboolean content;    /* compare the rows' values, too, not only their versions */
  gint64 epoch;        /* of the store before the server was asked */
  gint64 head;         /* the ledger's last number when the server counted */
  GHashTable *kinds;   /* (owned) name (owned): set of XhChecksum (owned), as the server has them */
  guint64 compared;    /* rows that the server counted */
  guint64 entered;     /* rows fetched */
  guint64 left;        /* rows that went */
} XhMending;

void     xh_mending_clear (XhMending *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhMending, xh_mending_clear)

/* Asks the server for its checksums of everything that the account may see. */
gboolean xh_mending_ask   (XhMending *self, GError **error);
/* How many rows stand in groups that differ and would have to be looked at; @gone: (out): rows here of groups that the server does not have. */
gboolean xh_mending_count (XhMending *self, guint64 *differing, guint64 *gone, GError **error);
/* Fetches what differs and lets go what the server does not have, each batch in a transaction of its own. Edits of ours that the server has
 * not accepted stay on top; @forget: their records go, too, where the server does not have them. */
gboolean xh_mending_run   (XhMending *self, gboolean forget, GError **error);

G_END_DECLS
