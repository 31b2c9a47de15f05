/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /v1/live: the lines on which clients hear that the ledger has moved. Lives on the main thread. */
#pragma once

#include "xh-server-private.h"

G_BEGIN_DECLS

XhServerLive *xh_server_live_new  (XhServer *server);
/* The ledger's last number has moved. Any thread: the lines are told at once, or a tenth of a second after the last news. */
void          xh_server_live_news (XhServerLive *self, gint64 head);
/* A session has ended: so do its lines. */
void          xh_server_live_end  (XhServerLive *self, const char *token);
/* Closes all lines; takes no more. */
void          xh_server_live_stop (XhServerLive *self);
/* After the lanes have ended. */
void          xh_server_live_free (XhServerLive *self);

G_END_DECLS
