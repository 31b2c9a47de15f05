/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which functions an expression may call. Internal to the room. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @aggregate: whether count, sum, avg, min and max over rows are allowed too. min and max of one argument are aggregates to
 * SQLite: where they are not allowed, the statement's own shape must show it. */
gboolean xh_functions_allow (const char *name, gboolean aggregate);

G_END_DECLS
