/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client's synchronisation: a thread that pushes the outbox and pulls news: when the server tells of some, on a timer, on a wish, and
 * after each local save; backs off with jitter while there is no contact. Reports in the main context it was made in. */
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
  XH_ENGINE_DIFFERS, /* the server's ledger is not the one that was read here: a person decides; message says what */
} XhEngineState;

#define XH_TYPE_ENGINE_STATE (xh_engine_state_get_type ())
GType xh_engine_state_get_type (void);

/* Properties (notify in the owner's main context): state (XhEngineState), message (string, nullable; with XH_ENGINE_SETTLED: why files wait), pending (uint: ops in the
 * outbox), tray (uint), last-contact (string, UTC, nullable), received, total (uint: progress of a pull, in ledger numbers; both 0
 * when none runs), catalog-changed (boolean: the server's definitions are newer; they are kept and count from the next start),
 * live (boolean: the server tells of news as it comes), clock-difference (int64: seconds that the server's clock is ahead of this one).
 * Signal ::records-changed (GStrv kinds): rows of these kinds changed in the store. */
XhEngine *xh_engine_new      (XhDesk *desk); /* (not owned): must outlive the engine */
void      xh_engine_start    (XhEngine *self);
/* Somebody wants it now: also while it waits after a failure. Any thread. */
void      xh_engine_sync_now (XhEngine *self);
/* Something was saved here: counts it, and sends it unless the engine waits after a failure. Any thread. */
void      xh_engine_saved    (XhEngine *self);
/* After a sign-in: carries on where it stopped. */
void      xh_engine_set_token (XhEngine *self, const char *token);
/* For who must not wait: cancels what is under way and returns; from then on nothing is told. Another thread waits by xh_engine_wait(), and
 * xh_engine_stop() does not wait after that. */
void      xh_engine_cancel   (XhEngine *self);
void      xh_engine_wait     (XhEngine *self); /* any thread, after xh_engine_cancel() */
void      xh_engine_stop     (XhEngine *self); /* waits for the thread; what is under way is cancelled */
/* (transfer full) (nullable) the session in use: of the last sign-in, or kept from the time before. Any thread. */
char     *xh_engine_dup_session (XhEngine *self);
XhEngineState xh_engine_get_state (XhEngine *self);
/* One round in the calling thread, for tests and for the command line. @changed_kinds: (nullable) receives names (owned by it: free
 * function g_free) of the kinds that have changed. Errors: XH_SYNC_ERROR, G_IO_ERROR_CANCELLED. What went well before an error stays. */
gboolean  xh_engine_run_once (XhDesk *desk, XhStore *store, XhClient *client, GPtrArray *changed_kinds, GCancellable *c, GError **error);

G_END_DECLS
