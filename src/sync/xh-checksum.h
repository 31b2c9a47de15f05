/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a client and a server prove that they hold the same rows. A row's hash is over its id and version, or over all that the reader's role
 * may see of it; the checksum of a group (a kind's rows of one division and unit) is how many they are and the sum of their hashes, so that
 * it follows every change without a look at the other rows. Both sides read it by this file. */
#pragma once

#include "xh-wire.h"

G_BEGIN_DECLS

typedef struct
{
  char *division, *unit; /* (owned) (nullable) */
  gint64 n;
  guint64 sum;
} XhChecksum;

/* Registers xh_checksum_add(sum, sign, id, version), which the server's triggers keep the sums by. */
gboolean    xh_checksum_register (sqlite3 *db, GError **error);
/* (transfer full) "SELECT r.division, r.unit, r.id, r.version, … WHERE …" of a kind's rows that are not deleted; more conditions may follow.
 * @content: the columns that the role may read, too; @role: (nullable) of the server itself. What only tells when and by whom is left out:
 * a device keeps its own clock's time of its own edits. */
char       *xh_checksum_select   (const XhKind *kind, const char *role, gboolean content);
/* The hash of the row that a statement of xh_checksum_select() stands on. */
guint64     xh_checksum_row      (sqlite3_stmt *statement);
/* The hash of what a record holds that the role may read, in whatever version: who says the same hash needs no row. Never 0.
 * @role: (nullable) as above */
guint64     xh_checksum_record   (const XhRecord *record, const char *role);
/* Steps a statement of xh_checksum_select() to its end. Returns: (transfer full) set of XhChecksum by division and unit; its code at the end
 * is in @code (SQLITE_DONE). */
GHashTable *xh_checksum_groups   (sqlite3_stmt *statement, int *code);
/* (transfer full) 16 hexadecimal digits: the hash of a body that goes over the line. */
char       *xh_checksum_body     (gconstpointer data, gsize length);
GHashTable *xh_checksum_set_new  (void); /* (transfer full) of XhChecksum, each its own key */
XhChecksum *xh_checksum_new      (const char *division, const char *unit, gint64 n, guint64 sum);

G_END_DECLS
