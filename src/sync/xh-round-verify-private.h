/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "xh-round-private.h"

G_BEGIN_DECLS

/* Meta: "1" while it is wished; when it was done last (UTC); and what was found. */
#define XH_META_WISH_VERIFY "wish-verify"
#define XH_META_CHECKED "checked"
#define XH_META_CHECKED_ROWS "checked-rows"
#define XH_META_MENDED "checked-mended"
#define XH_META_AGREES "checked-agrees"

/* A step, behind the pull: where it is wished, or a day has passed, compares with the server and mends. */
gboolean xh_round_verify (XhRound *round, GError **error);

G_END_DECLS
