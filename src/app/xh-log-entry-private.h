/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-session.h"

G_BEGIN_DECLS

XhLogEntry *xh_log_entry_new (const char *text, gboolean fault);

G_END_DECLS
