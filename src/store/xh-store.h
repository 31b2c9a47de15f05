/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One database of records, made from the catalog's kinds: the same tables on the client and on the server.
 * An XhStore is one connection and belongs to one thread at a time; open another for another thread (WAL).
 *
 * Tables: record (the spine), k_NAME (a kind), s_NAME (its search index, FTS5), meta, draft, outbox, tray. */
#pragma once

#include <gio/gio.h>
#include "model/xh-catalog.h"
#include "model/xh-record.h"

G_BEGIN_DECLS

#define XH_STORE_ERROR (xh_store_error_quark ())
GQuark xh_store_error_quark (void);

typedef enum
{
  XH_STORE_ERROR_DATABASE,  /* SQLite failed: message has its words and the statement's first line */
  XH_STORE_ERROR_FULL,      /* no room on the disk: nothing was changed */
  XH_STORE_ERROR_CORRUPT,   /* the file is not a store, or is damaged */
  XH_STORE_ERROR_NEWER,     /* made by a newer program */
  XH_STORE_ERROR_NOT_FOUND, /* no such record */
  XH_STORE_ERROR_UNIQUE,    /* another record has the same key: message names it */
  XH_STORE_ERROR_INVALID,   /* the record does not pass its checks: message in the person's language */
  XH_STORE_ERROR_BUSY,      /* somebody else writes, for long: nothing was changed, try again */
  XH_STORE_ERROR_MOVED,     /* the record is not the one that was looked at any more: nothing was changed */
} XhStoreError;

typedef enum
{
  XH_STORE_CLIENT    = 0,
  XH_STORE_READ_ONLY = 1 << 0,
  XH_STORE_SERVER    = 1 << 1, /* synchronous=FULL, no outbox */
  XH_STORE_NO_SEARCH = 1 << 2, /* do not keep the search index (server) */
  XH_STORE_SCRATCH   = 1 << 3, /* a file that may be lost with the power: no log beside it, nothing is synced */
} XhStoreFlags;

typedef struct _XhStore XhStore;

XhStore   *xh_store_open        (const char *path, XhCatalog *catalog, XhStoreFlags flags, GError **error); /* creates and migrates */
void       xh_store_close       (XhStore *self);
XhCatalog *xh_store_get_catalog (XhStore *self);
sqlite3   *xh_store_get_db      (XhStore *self); /* for the server's own tables and for tests */
void       xh_store_set_cancellable (XhStore *self, GCancellable *cancellable); /* interrupts statements while set */

gboolean   xh_store_begin    (XhStore *self, GError **error); /* IMMEDIATE; nests by savepoint */
/* From here on a connection that only reads sees one moment, until it is closed. */
gboolean   xh_store_begin_read (XhStore *self, GError **error);
gboolean   xh_store_commit   (XhStore *self, GError **error);
void       xh_store_rollback (XhStore *self);
gboolean   xh_store_end      (XhStore *self, gboolean good, GError **error); /* commits; what is not good, or does not get through, is rolled back */

/* --- records (xh-store-records.c) */
XhRecord  *xh_store_load     (XhStore *self, const char *id, GError **error);
XhRecord  *xh_store_load_rid (XhStore *self, gint64 rid, GError **error);
gboolean   xh_store_put      (XhStore *self, XhRecord *record, GError **error); /* insert or replace by id, with search and due; sets rid. No outbox */
gboolean   xh_store_references (XhStore *self, const XhRecord *record, XhValue *values, GError **error); /* kind->references->len of them */
/* From now on a sum over other records is fetched once for a key, whatever changes meanwhile: for one pass over many records. FALSE forgets them. */
void       xh_store_remember_sums (XhStore *self, gboolean remember);
char      *xh_store_title    (XhStore *self, const char *id, GError **error); /* what the record is called */
gboolean   xh_store_check_unique (XhStore *self, const XhRecord *record, GError **error); /* XH_STORE_ERROR_UNIQUE */
gboolean   xh_store_find_unique (XhStore *self, const XhRecord *record, char **names, char **other, GError **error);

/* Enters up to @max rows (0: all) that a bulk left behind into the search index, each 2,000 in a transaction of its own. A search finds
 * them before, too, but slowly. @left: (out) (optional) how many still wait. */
gboolean   xh_store_index    (XhStore *self, guint max, guint *left, GError **error);

/* --- edits on the client (xh-store-outbox.c): record row and outbox row in one transaction */
typedef struct
{
  gint64 sequence;
  char *op_id, *kind, *record; /* (owned) */
  gint64 base;                 /* version the edit was made on; 0: creates */
  char *set;                   /* (owned) JSON object of field: value; spine names state, deleted among them */
  char *before;                /* (owned) JSON object: what those fields were */
  char *created_at;            /* (owned) */
  gboolean sent;               /* handed to the server at least once */
  guint64 sum;                 /* what the record holds here with it, as xh_checksum_record() says; 0: not said; not stored */
} XhOp;

/* Saves @record, whose changed fields are @changed (names; "state" and "deleted" too), and queues the op. Removes its draft. */
gboolean   xh_store_save     (XhStore *self, XhRecord *record, GPtrArray *changed, const char *author, GError **error);
GPtrArray *xh_store_outbox   (XhStore *self, guint limit, GError **error); /* (transfer full) of XhOp, in order, none whose record is in the tray */
GPtrArray *xh_store_outbox_whole (XhStore *self, GError **error); /* (transfer full) of XhOp: all that wait for no decision in the tray, in order */
GPtrArray *xh_store_ops_of_record (XhStore *self, const char *record, GError **error); /* (transfer full) of XhOp: all that wait, in order */
gboolean   xh_store_mark_sent (XhStore *self, GPtrArray *ops, GError **error); /* before they are handed to the server */
guint      xh_store_outbox_count (XhStore *self);
void       xh_op_free        (XhOp *op);

/* What the server answered. Each is one transaction and harmless when repeated. */
gboolean   xh_store_ack      (XhStore *self, const char *op_id, gint64 version, GError **error);
gboolean   xh_store_to_tray  (XhStore *self, const char *op_id, const char *type, const char *detail_json, GError **error); /* type: conflict | rejected */
/* A row from the server: becomes the base, pending ops are applied on top of it again. */
gboolean   xh_store_adopt    (XhStore *self, XhRecord *theirs, GError **error);
/* Ids of records with ops in the outbox or the tray: their rows are adopted, others may be put. (transfer full) a set of (owned) utf8 */
GHashTable *xh_store_pending (XhStore *self, GError **error);
/* Whether an op, draft or tray item holds @text, or what a person gave up in the last XH_STORE_REGRET_DAYS and may take back. */
#define XH_STORE_REGRET_DAYS 30
gboolean   xh_store_is_needed (XhStore *self, const char *text, gboolean *needed, GError **error);
/* When all is sent and received: values that saves here changed in other records are again what the server sent (xh-store-preview.c). */
gboolean   xh_store_end_previews (XhStore *self, GError **error);
/* Every row gives way to what the server has: what was kept for xh_store_end_previews() is void. */
gboolean   xh_store_forget_previews (XhStore *self, GError **error);
/* The ledger that this store was read from is left for another (xh-store-leave.c); in the transaction that forgets the rows. */
gboolean   xh_store_leave_ledger (XhStore *self, GError **error);
/* A record has left what this account may see: its row and search entry go; its draft and its ops in outbox and tray stay. Harmless when it
 * is not here. @kind: (out) (nullable) (transfer full) the kind it was of. */
gboolean   xh_store_forget   (XhStore *self, const char *id, char **kind, GError **error);

/* What a record has there: fields, state, deleted, division, unit. FALSE: there is no such thing. */
gboolean   xh_record_value   (const XhRecord *record, const char *name, XhValue *value);

typedef struct
{
  gint64 number;
  XhOp op;             /* the edit that was not accepted */
  char *type;          /* (owned) conflict | rejected */
  char *detail;        /* (owned) JSON: fields [{name, before, mine, theirs}], who, when, device; or issues [{field, message}]; title: what the record was called */
  char *created_at;    /* (owned) when it came into the tray */
  char *parked_at;     /* (owned) (nullable) a person put it aside */
  char *exported_at;   /* (owned) (nullable) it was last saved to a sheet */
} XhTrayItem;

GPtrArray *xh_store_tray         (XhStore *self, GError **error); /* (transfer full) of XhTrayItem, the parked ones, too */
guint      xh_store_tray_count   (XhStore *self); /* without the parked ones */
gboolean   xh_store_tray_park    (XhStore *self, gint64 number, gboolean parked, GError **error);
/* These @numbers (of gint64) are in a sheet now; what was decided meanwhile is passed over. */
gboolean   xh_store_tray_note_exported (XhStore *self, GArray *numbers, GError **error);
void       xh_tray_item_free     (XhTrayItem *item);

/* --- deciding (xh-store-tray-decide.c) */
/* @choices: JSON object field: value as decided; queues one new op on the present version (none when all are theirs). */
gboolean   xh_store_tray_resolve (XhStore *self, gint64 number, gint64 seen, const char *choices, const char *author, GError **error);
/* Takes a decision back: the item is in the tray again. */
gboolean   xh_store_tray_undo    (XhStore *self, gint64 number, GError **error);

typedef struct
{
  XhTrayItem *item;    /* (owned) as it was */
  char *decided_at, *decided_by; /* (owned) */
  char *choices;       /* (owned) JSON object; empty where the change was given up */
} XhDecision;

GPtrArray *xh_store_decisions    (XhStore *self, guint limit, GError **error); /* (transfer full) of XhDecision, newest first */
void       xh_decision_free      (XhDecision *decision);

/* --- drafts (xh-store-drafts.c) */
gboolean   xh_store_draft_put    (XhStore *self, const XhRecord *record, GError **error);
XhRecord  *xh_store_draft_get    (XhStore *self, const char *id, GError **error); /* (nullable) */
gboolean   xh_store_draft_remove (XhStore *self, const char *id, GError **error);
GPtrArray *xh_store_drafts       (XhStore *self, GError **error); /* (transfer full) of XhRecord, newest first */

/* --- meta (key, value) */
#define XH_STORE_META_MADE "made" /* meta of a client's store: when the file was made, in seconds since 1970 by the computer's own clock */
char      *xh_store_meta_get (XhStore *self, const char *key);
gboolean   xh_store_meta_set (XhStore *self, const char *key, const char *value, GError **error);
gboolean   xh_store_meta_set_number (XhStore *self, const char *key, gint64 number, GError **error);

/* --- row ids (xh-store-adopt.c): they are of one epoch, and others after xh_store_adopt_staged(), or where all rows go and come again */
gboolean   xh_store_renumber    (XhStore *self, GError **error); /* in the transaction that makes them others */
gint64     xh_store_get_epoch   (XhStore *self); /* ask before the row ids are read */
gboolean   xh_store_check_epoch (XhStore *self, gint64 epoch, GError **error); /* XH_STORE_ERROR_INVALID: ask after the rows were read */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhStore, xh_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhOp, xh_op_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhTrayItem, xh_tray_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDecision, xh_decision_free)

G_END_DECLS
