/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one signed-in account may reach: role × division subtree × unit. The condition is SQL and goes into every read, and is
 * asked again for the row before and after every write. */
#pragma once

#include "sync/xh-wire.h"
#include "xh-backend.h"

G_BEGIN_DECLS

typedef struct
{
  char *login, *name;      /* (owned) */
  const XhRole *role;      /* (not owned) of the catalog; the server's own has no name */
  char *division, *unit;   /* (owned) (nullable) */
  char *device;            /* (owned) */
  char lower[13], upper[13]; /* the division's subtree; empty: none */
  char *reach;               /* (owned) (nullable) "'a', 'b'": kinds of which the role reads every record */
} XhAccess;

/* NULL where the account's role is no longer in the catalog: nobody is let in by a role that does not exist. */
XhAccess   *xh_access_new        (XhCatalog *catalog, const char *login, const char *name, const char *role, const char *division,
                                  const char *unit, const char *device);
/**
 * xh_access_find:
 * @device: (nullable): what the ledger names as the computer
 * @error: XH_SERVER_ERROR_ACCOUNT where no such account may sign in, or what the database says
 *
 * Who does it: an account with its own rights.
 *
 * Returns: (transfer full) (nullable)
 */
XhAccess   *xh_access_find       (XhBackend *backend, const char *login, const char *device, GError **error);
/* The server itself, account "system": it reaches everything and takes no step but those that are automatic. */
XhAccess   *xh_access_new_system (void);
void        xh_access_free       (XhAccess *self);

/* A condition over the columns @division and @unit of an alias (e.g. "r."), with parameters ?@first to ?@first+2: what lies in the
 * account's scope and may be changed. (transfer full) */
char       *xh_access_sql        (const XhAccess *self, const char *alias, int first);
/* Likewise, over @kind too: what may be read. It may lie elsewhere where the kind says that the role reaches all of it. */
char       *xh_access_read_sql   (const XhAccess *self, const char *alias, int first);
void        xh_access_bind       (const XhAccess *self, sqlite3_stmt *statement, int first);

gboolean    xh_access_is_system  (const XhAccess *self);
gboolean    xh_access_may_read   (const XhAccess *self, const XhKind *kind);
gboolean    xh_access_may_read_field (const XhAccess *self, const XhField *field);
/* Whether the record is in the database and may be read. */
gboolean    xh_access_reaches    (const XhAccess *self, XhBackend *backend, const char *record, gboolean *reaches, GError **error);
/* Whether the record is in the database and in scope. */
gboolean    xh_access_covers     (const XhAccess *self, XhBackend *backend, const char *record, gboolean *covers, GError **error);
/* (transfer full) of gint64: every record of the kind that may be read; none where the kind may not. */
GArray     *xh_access_rids       (const XhAccess *self, XhBackend *backend, const XhKind *kind, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhAccess, xh_access_free)

G_END_DECLS
