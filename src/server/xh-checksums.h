/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's stored checksums: one row for each kind, division and unit, kept by triggers in the transaction of whatever changes a record,
 * so that nothing gets past them. */
#pragma once

#include "xh-backend.h"

G_BEGIN_DECLS

/* Registers what the triggers need, on every connection; a writer's makes table and triggers and fills them where they are not there. */
gboolean xh_checksums_prepare (XhBackend *backend, gboolean read_only, GError **error);
/* Counts all records again. XH_SERVER_ERROR_LEDGER names the first register whose stored checksum is wrong. */
gboolean xh_checksums_verify  (XhBackend *backend, GError **error);

G_END_DECLS
