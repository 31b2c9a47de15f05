/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client's synchronisation: a thread that pushes the outbox and pulls news, on a timer, on a wish, and after each
 * local save; backs off with jitter while there is no contact. Reports in the main context it was made in. */
#pragma once

#include "xh-desk.h"

G_BEGIN_DECLS

#define XH_TYPE_ENGINE (xh_engine_get_type ())
G_DECLARE_FINAL_TYPE (XhEngine, xh_engine, XH, ENGINE, GObject)

typedef enum
{
  XH_ENGINE_STOPPED,
  XH_ENGINE_SYNCING,
  XH_ENGINE_SETTLED, /* nothing unsent, all news fetched */
  XH_ENGINE_OFFLINE, /* no contact; next try is planned */
  XH_ENGINE_SIGN_IN, /* needs the password again */
  XH_ENGINE_FAULT,   /* the server or the local store failed; message says what */
} XhEngineState;

/* Properties (notify in the owner's main context): state, message (string), pending (uint), tray (uint), last-contact (string),
 * received, total (uint: progress of a pull).
 * Signal ::records-changed (GStrv kinds): rows of these kinds changed in the store. */
XhEngine *xh_engine_new      (XhDesk *desk);
void      xh_engine_start    (XhEngine *self);
void      xh_engine_sync_now (XhEngine *self);
void      xh_engine_set_token (XhEngine *self, const char *token);
void      xh_engine_stop     (XhEngine *self); /* waits for the thread; what is under way is cancelled */
XhEngineState xh_engine_get_state (XhEngine *self);
/* One round in the calling thread, for tests and for the command line. */
gboolean  xh_engine_run_once (XhDesk *desk, XhStore *store, XhClient *client, GPtrArray *changed_kinds, GCancellable *c, GError **error);

G_END_DECLS
