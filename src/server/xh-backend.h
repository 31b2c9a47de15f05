/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of a store: one connection to the data folder's database with the tables only the server has
 * (accounts, sessions, ledger), and its prepared statements. All SQL that a later PostgreSQL must understand goes
 * through xh_backend_prepare (): numbered parameters, RETURNING and upserts only. Thread-confined. */
#pragma once

#include "model/xh-form.h"
#include "store/xh-store.h"

G_BEGIN_DECLS

#define XH_SERVER_ERROR (xh_server_error_quark ())
GQuark xh_server_error_quark (void);

typedef enum
{
  XH_SERVER_ERROR_SETUP,   /* the data folder is not set up, or already is, or another server uses it */
  XH_SERVER_ERROR_ACCOUNT, /* no such account, a taken login, or a role, division or unit that does not fit */
  XH_SERVER_ERROR_SESSION, /* the token is unknown or has run out, or the account is closed */
  XH_SERVER_ERROR_LEDGER,  /* the ledger is damaged: message names the first entry that does not fit */
  XH_SERVER_ERROR_USAGE,   /* the command line is wrong */
} XhServerError;

typedef struct
{
  XhStore *store;         /* (owned) */
  XhCatalog *catalog;     /* (owned) */
  sqlite3 *db;            /* (not owned) the store's connection */
  GHashTable *statements; /* (owned) SQL text: sqlite3_stmt */
  GHashTable *forms;      /* (owned) kind and role: XhForm, kept because its statements are costly to prepare */
} XhBackend;

/**
 * xh_backend_folder_catalog:
 * @data: the data folder
 * @override: (nullable): a catalog folder given on the command line
 *
 * Which catalog a data folder works by: @override, else what `init --catalog` wrote to server.conf, else
 * $XINHENG_CATALOG, else the installed one.
 *
 * Returns: (transfer full): a path
 */
char      *xh_backend_folder_catalog (const char *data, const char *override);

/**
 * xh_backend_init:
 * @catalog: (nullable): the catalog folder to remember in server.conf
 *
 * Makes the data folder and its database.
 * Errors: XH_SERVER_ERROR_SETUP when there is one already.
 */
gboolean   xh_backend_init           (const char *data, const char *catalog_folder, XhCatalog *catalog, GError **error);

/**
 * xh_backend_open:
 * @read_only: for reader threads
 *
 * Opens the database of a data folder. Errors: XH_SERVER_ERROR_SETUP where there is none; XH_STORE_ERROR.
 *
 * Returns: (transfer full): the connection, for one thread at a time
 */
XhBackend *xh_backend_open           (const char *data, XhCatalog *catalog, gboolean read_only, GError **error);
void       xh_backend_close          (XhBackend *self);

/* A lock on the data folder, held until the descriptor is closed: one server a folder. -1 with error set. */
int        xh_backend_lock           (const char *data, GError **error);

/* (transfer none) a statement ready for binding; @sql is used as the key and must be the same text each time. */
sqlite3_stmt *xh_backend_prepare     (XhBackend *self, const char *sql, GError **error);
/* Steps once. Returns FALSE with error set when it failed; *row tells whether there is one. Resets when there is none. */
gboolean   xh_backend_step           (XhBackend *self, sqlite3_stmt *statement, gboolean *row, GError **error);
/* Steps a statement that gives no rows and resets it. */
gboolean   xh_backend_run            (XhBackend *self, sqlite3_stmt *statement, GError **error);

/* (transfer none) @role: (nullable) the server itself */
XhForm    *xh_backend_form           (XhBackend *self, const XhKind *kind, const char *role);

void       xh_backend_bind_text              (sqlite3_stmt *statement, int index, const char *text); /* (nullable) text, copied */
char      *xh_backend_dup_text             (sqlite3_stmt *statement, int column);
char      *xh_now_utc                (void); /* 2026-11-22T08:00:00.000Z */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhBackend, xh_backend_close)

G_END_DECLS
