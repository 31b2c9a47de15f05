/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-round-private.h"

G_BEGIN_DECLS

/* The push of a round: every op once, in order, in batches. */
gboolean xh_round_push (XhRound *round, GError **error);

/* An op that the server refuses whole, or whose file cannot be sent, goes where a person sees it, with the reason at @field (nullable). */
gboolean xh_round_to_tray (XhRound *round, const XhOp *op, const char *field, const char *message, GError **error);

/* --- xh-round-files.c */
/* Adds to the set @ops which ops must not go out yet: those that name a file which the server has not, and what follows them. */
gboolean xh_round_files_waiting (XhRound *round, GHashTable *ops, GError **error);
/* Sends files of ops that wait, for some seconds. @more: (out): something has gone; push, and call again. */
gboolean xh_round_files (XhRound *round, gboolean *more, GError **error);
/* The server holds an op: it may have lost the files (an older backup). They are offered once more. */
void     xh_round_files_held (XhRound *round, const XhOp *op);

G_END_DECLS
