/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ordered list of accepted changes. Append-only; each entry carries a SHA-256 over itself and the hash before it, so that
 * nothing in it can be altered, left out or put in unnoticed. Its numbers are the versions of records and the cursors of pulls. */
#pragma once

#include "xh-access.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 number;
  char *op, *time, *account, *device, *kind, *record; /* (owned) */
  char *status;  /* (owned) applied | merged */
  char *changes; /* (owned) JSON object of name: value, as it was stored */
  char *before;  /* (owned) JSON object of the same names: what they were; a name that is missing was empty, as all are of a new record */
} XhEntry;

/* What others did to a record since an edit's base. */
typedef struct
{
  GHashTable *names;  /* (owned) set of field names and "state", "deleted" */
  JsonObject *before; /* (owned) values of these names at the base */
  gboolean guessed;   /* the base is taken to be the record's first entry: nobody knows what the edit's author saw */
  char *who, *when, *device; /* (owned) (nullable) of the last such entry */
} XhTouched;

/* @hash: (out) (optional) (transfer full): the last entry's, "" where there is none. */
gboolean   xh_ledger_head    (XhBackend *backend, gint64 *number, char **hash, GError **error);
/* Appends with the next number, which is written into @entry. The caller's transaction makes it durable. */
gboolean   xh_ledger_append  (XhBackend *backend, XhEntry *entry, GError **error);
/* (nullable) NULL without error: no such op. */
XhEntry   *xh_ledger_find_op (XhBackend *backend, const char *op, GError **error);
/* Entries of a record in order, those after @after. (transfer full) of XhEntry */
GPtrArray *xh_ledger_history (XhBackend *backend, const char *record, gint64 after, GError **error);
/* The entries behind @after in order, of all records; at most @limit. (transfer full) of XhEntry */
GPtrArray *xh_ledger_after   (XhBackend *backend, gint64 after, guint limit, GError **error);
/* @access: whose own entries (same account and device) do not count: that edit was made knowing them. */
XhTouched *xh_ledger_touched (XhBackend *backend, const char *record, gint64 base, const XhAccess *access, GError **error);
/* Whether the record's first entry is of this account and device. */
gboolean   xh_ledger_is_own  (XhBackend *backend, const char *record, const XhAccess *access, gboolean *own, GError **error);
/* Verifies numbers and hashes from the first entry on. XH_SERVER_ERROR_LEDGER names the first that does not fit. */
gboolean   xh_ledger_verify  (XhBackend *backend, guint64 *n_entries, GError **error);

/* A ledger entry's JSON object is written member by member: begin with g_string_new ("{"), end with xh_changes_end (). */
void       xh_changes_add    (GString *json, const char *name, const XhValue *value);
void       xh_changes_add_text (GString *json, const char *name, const char *text); /* (nullable) text */
char      *xh_changes_end    (GString *json); /* (transfer full) */

void       xh_entry_free     (XhEntry *entry);
void       xh_touched_free   (XhTouched *touched);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhEntry, xh_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhTouched, xh_touched_free)

G_END_DECLS
