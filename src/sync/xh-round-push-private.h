/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-round-private.h"

G_BEGIN_DECLS

/* The push of a round: every op once, in order, in batches. */
gboolean xh_round_push (XhRound *round, GError **error);

G_END_DECLS
