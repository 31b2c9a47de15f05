/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A colleague's unsent work, brought in from a file: whose it is, who brought it, and its ops, judged as a push of the author's own computer.
 * The same for the command and the request. docs/sync.md, Unsent work on a stick. */
#pragma once

#include "sync/xh-work-file.h"
#include "xh-access.h"

G_BEGIN_DECLS

gboolean   xh_works_prepare (XhBackend *backend, GError **error); /* its tables */

/**
 * xh_work_find_author:
 * @file: whose signature fits its content
 * @reason: (out) (transfer full) (nullable): in words, why it may not be brought in
 *
 * Whose work it is, if the key that signed it is one that this account told on this computer, if the account may sign in, and if the work was made for this
 * server. Returns: (transfer full) (nullable): as that account stands now, on the computer of the file; %NULL with a reason, or with an error
 */
XhAccess  *xh_work_find_author (XhBackend *backend, const XhWorkFile *file, char **reason, GError **error);

/**
 * xh_work_bring:
 * @by: login of who brings it; "" at the server's own command line
 * @part: parts come in their order, from 0; each may come again. 0 begins anew
 * @ops: what xh_work_part_read() gave
 *
 * In a transaction of the caller's. What follows an op that was not taken waits, in whatever part it is. Each op that enters the ledger so is noted with
 * file, bringer and time.
 *
 * Returns: (transfer full) (element-type XhAnswer): %NULL with an error: XH_SERVER_ERROR_USAGE a part before it is missing
 */
GPtrArray *xh_work_bring (XhBackend *backend, const XhWorkFile *file, const XhAccess *author, const char *by, guint part, GPtrArray *ops, GError **error);

/* (transfer full) (nullable) login of who brought the op; "" for the command line. NULL without error: it came by itself. */
char      *xh_work_find_bringer (XhBackend *backend, const char *op, GError **error);

G_END_DECLS
