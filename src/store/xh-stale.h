/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which records hold a stored value (computed or scored) that hangs on a record which has changed. Follows from the references of the kinds
 * alone: a reference that a stored value reads, the names its `value` and `where` read there, and the key that it matches by. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

typedef struct _XhStale XhStale;

/* What references are followed. */
typedef enum
{
  XH_STALE_ALL,    /* sums over other records, too: only where all of these are at hand, on the server */
  XH_STALE_SINGLE, /* values of one record, found by its id: right on every client */
} XhStaleMode;

/**
 * xh_stale_new:
 * @catalog: of the store that will be asked; must outlive it
 *
 * Returns: (transfer full): nothing noted yet. Thread-confined
 */
XhStale  *xh_stale_new   (XhCatalog *catalog, XhStaleMode mode);
void      xh_stale_free  (XhStale *self);

/**
 * xh_stale_hangs_on:
 *
 * Returns: whether stored values of any kind hang on records of this one
 */
gboolean  xh_stale_hangs_on (XhStale *self, const XhKind *kind);

/**
 * xh_stale_reads:
 * @changes: names that were changed in a record of @kind
 *
 * Returns: whether a stored value may hang on that; %FALSE: nothing need be noted, and the record not be loaded
 */
gboolean  xh_stale_reads (XhStale *self, const XhKind *kind, JsonObject *changes);

/**
 * xh_stale_note:
 * @before: (nullable): the record as it was; %NULL: it is new
 * @after: the record as it is
 *
 * Keeps what may hang on the difference; takes memory for each different key, until xh_stale_find().
 */
void      xh_stale_note  (XhStale *self, const XhRecord *before, const XhRecord *after);

/**
 * xh_stale_note_entry:
 * @after: the record as it stands now
 * @changes: names that were changed some time before
 * @before: what they were; a name that is missing was empty
 *
 * As xh_stale_note(), for an entry of the ledger. Later entries of the same record may be in @after: each finds its own difference.
 */
void      xh_stale_note_entry (XhStale *self, const XhRecord *after, JsonObject *changes, JsonObject *before);

/**
 * xh_stale_find:
 *
 * The records that what was noted may have made stale: those in states that keep their values as they were are left out. Forgets what was noted.
 *
 * Returns: (transfer full) (element-type gint64) (nullable): their rids, each once, in order; %NULL with an error of the database
 */
GArray   *xh_stale_find  (XhStale *self, XhStore *store, GError **error);

/**
 * xh_stale_differs:
 *
 * Returns: whether two copies of a record differ in what is stored of them; a score's explanation alone does not count
 */
gboolean  xh_stale_differs (const XhRecord *one, const XhRecord *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhStale, xh_stale_free)

G_END_DECLS
