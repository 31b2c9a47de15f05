/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One round of synchronisation: push until nothing but held ops is left, then pull until there is no more. Runs in the
 * calling thread, on its store and its client. */
#pragma once

#include "xh-desk.h"
#include "xh-files.h"

G_BEGIN_DECLS

typedef struct _XhRound XhRound;

/* Something has been written to the store, or a count has changed. In the round's thread. */
typedef void (*XhRoundFunc) (XhRound *round, gpointer data);

struct _XhRound
{
  XhDesk *desk;         /* (not owned) */
  XhStore *store;       /* (not owned) */
  XhClient *client;     /* (not owned) */
  GCancellable *cancellable; /* (not owned) (nullable) */
  XhRoundFunc progress; /* (nullable) */
  gpointer data;
  guint page_rows;      /* of the next pull: halved when a page does not get through or is too large */
  GHashTable *kinds;    /* (owned) set of names of the kinds that have changed; the owner of the round may empty it */
  guint64 received, total; /* ledger numbers of this pull */
  char *catalog_hash;   /* (owned) of the newest catalog that this computer has */
  gint64 catalog_seen;  /* monotonic time of the last look; 0: never */
  XhFiles *files;       /* (owned) */
  GHashTable *later;    /* (owned) hash: monotonic time (gint64, owned) before which it is not tried again; who wants it now empties it */
  char *notice;         /* (owned) (nullable) why files wait, in words */
  GHashTable *held;     /* (owned) set of op ids whose files were offered once more since the server held them */
  gboolean catalog_changed; /* a newer one than the desk's is kept for the next start */
};

void     xh_round_init  (XhRound *round, XhDesk *desk, XhStore *store, XhClient *client);
void     xh_round_clear (XhRound *round);
/* Errors: XH_SYNC_ERROR (a fault of the store comes as XH_SYNC_ERROR_LOCAL), G_IO_ERROR_CANCELLED. What went well before stays. */
gboolean xh_round_run   (XhRound *round, GError **error);

/* xh-round-snapshot.c: where the ledger is to be read from its beginning, one file instead of pages, if the server has it. */
gboolean xh_round_snapshot (XhRound *round, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhRound, xh_round_clear)

G_END_DECLS
