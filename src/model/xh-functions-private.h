/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Functions of expressions that stand in a file of their own; all get the catalog as user data. */
#pragma once

#include <sqlite3.h>

#include <glib.h>

G_BEGIN_DECLS

void xh_deadline_func    (sqlite3_context *context, int n, sqlite3_value **arguments);
void xh_period_text_func (sqlite3_context *context, int n, sqlite3_value **arguments);

G_END_DECLS
