/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xh-round-private.h"

G_BEGIN_DECLS

/* A step, before the pull: where the account sees other records, or other columns of them, than the rows here were fetched by, fetches what
 * has entered its scope and forgets what has left it. */
gboolean xh_round_scope (XhRound *round, GError **error);

G_END_DECLS
