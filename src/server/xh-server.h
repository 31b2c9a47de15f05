/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The central REST server of one data folder.
 *
 * A request's life: libsoup reads it on the main thread; an early handler cuts off bodies that are too long or too slow; the route
 * makes an XhCall of it, the message is paused, and the call goes into a lane: readers (several threads), sign-ins (one: argon2id
 * takes memory), or the one writer. The lane's thread finds the session, checks access in SQL, does the work and leaves an
 * answer; back on the main thread the answer is set and the message goes on. The main loop never touches the database.
 *
 * SoupServer is not made for clients that mean harm: it listens on loopback only, and a reverse proxy with TLS stands in
 * front (docs/server.md). */
#pragma once

#include "xh-backend.h"

G_BEGIN_DECLS

typedef struct _XhServer XhServer;

XhServer *xh_server_new      (const char *data, XhCatalog *catalog, GError **error);
/* @port 0: any free one. Loopback only. */
void      xh_server_keep_free (XhServer *self, gint64 bytes); /* which attachments do not take of the disk; before xh_server_listen() */
gboolean  xh_server_listen   (XhServer *self, guint port, GError **error);
guint     xh_server_get_port (XhServer *self);
/* Takes no more requests and calls @stopped on the main loop when what is under way has been answered. */
void      xh_server_stop     (XhServer *self, GFunc stopped, gpointer data);
/* Joins its threads; what waits in the writing lane is written. */
void      xh_server_free     (XhServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhServer, xh_server_free)

G_END_DECLS
