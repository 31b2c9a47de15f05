/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line on which the server tells of news (GET /v1/live, a WebSocket), in a thread of its own. It says only that there is something to
 * fetch; what it is, a pull tells. While it is wanted it is opened again whenever it breaks, later each time; it notices a line
 * that is dead without saying so, and that the computer has slept. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _XhLive XhLive;

/* The code with which the server closes a line whose session has ended. */
#define XH_LIVE_SESSION_ENDED 4401

typedef enum
{
  XH_LIVE_OPEN,   /* the server speaks */
  XH_LIVE_BROKEN, /* after an open: no more */
  XH_LIVE_NEWS,   /* @head: the ledger's last number; G_MAXINT64: the server has ended the session */
  XH_LIVE_WOKE,   /* the computer was asleep */
} XhLiveEvent;

/* In the line's thread; may call nothing of the line but what any thread may. */
typedef void (*XhLiveFunc) (XhLiveEvent event, gint64 head, gpointer data);

/* (transfer full) @server: the address, as xh_client_new() takes it */
XhLive *xh_live_new     (const char *server, XhLiveFunc func, gpointer data);
/* Nothing is told any more when this returns. Waits for the thread, which waits for nothing. */
void    xh_live_free    (XhLive *self);

/* Any thread; these return at once. */
void    xh_live_listen  (XhLive *self, const char *token); /* nothing happens where that session is already listened to */
void    xh_live_hang_up (XhLive *self);
void    xh_live_renew   (XhLive *self); /* if it is wanted: closes and opens it, without delay */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhLive, xh_live_free)

G_END_DECLS
