/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes one page of a pull: rows straight from SQLite's columns to text. One thread. */
#pragma once

#include "xh-wire.h"

G_BEGIN_DECLS

typedef struct _XhPageWriter XhPageWriter;

XhPageWriter *xh_page_writer_new        (void);
void          xh_page_writer_free       (XhPageWriter *self);
void          xh_page_writer_begin_kind (XhPageWriter *self, const XhKind *kind, GPtrArray *columns);
void          xh_page_writer_add_row    (XhPageWriter *self, sqlite3_stmt *statement, int first_column);
void          xh_page_writer_add_leave  (XhPageWriter *self, const char *id);
char         *xh_page_writer_finish     (XhPageWriter *self, gint64 next, gboolean more, gint64 head, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhPageWriter, xh_page_writer_free)

G_END_DECLS
