/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line between a client and a server that breaks: each connection is cut when so many bytes have gone over it, both ways together. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CuttingLine CuttingLine;

CuttingLine *cutting_line_new      (guint port, gsize bytes); /* to the server's @port */
void         cutting_line_free     (CuttingLine *self);
char        *cutting_line_get_url  (CuttingLine *self); /* (transfer full) */
guint        cutting_line_get_cuts (CuttingLine *self); /* connections that were cut so far */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuttingLine, cutting_line_free)

G_END_DECLS
