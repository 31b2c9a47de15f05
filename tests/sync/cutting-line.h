/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line between a client and a server that breaks: each connection is cut when so many bytes have gone over it, both ways together. Or it
 * stalls then: it stays open, and nothing comes over it any more. Or it damages: one byte of a body becomes another, in any direction. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CuttingLine CuttingLine;

CuttingLine *cutting_line_new         (guint port, gsize bytes); /* to the server's @port; 0: never cut */
void         cutting_line_free        (CuttingLine *self);
char        *cutting_line_get_url     (CuttingLine *self); /* (transfer full) */
guint        cutting_line_get_cuts    (CuttingLine *self); /* connections that were cut or stalled so far */
/* Of connections to come: @bytes until it breaks, 0: never. */
void         cutting_line_set_bytes   (CuttingLine *self, gsize bytes, gboolean stalls);
/* Of bodies to come, in @percent of those with a type that begins with @type (a literal). 0: none */
void         cutting_line_set_damage  (CuttingLine *self, guint percent, const char *type);
guint        cutting_line_get_damaged (CuttingLine *self); /* bodies so far */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuttingLine, cutting_line_free)

G_END_DECLS
