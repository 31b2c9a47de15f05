/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The signed-in desk as the window's pages see it: the catalog, the stores and workers, the engine, and what just changed.
 * Lives on the main thread. Pages read single records through [method@Session.get_store]; everything longer goes to
 * [method@Session.get_reader], every write to [method@Session.get_writer]. */
#pragma once

#include "store/xh-worker.h"
#include "sync/xh-engine.h"

G_BEGIN_DECLS

#define XH_TYPE_SESSION (xh_session_get_type ())
G_DECLARE_FINAL_TYPE (XhSession, xh_session, XH, SESSION, GObject)

/* Properties (all read-only, notified on the main thread): unsent (uint), tray (uint), state (int, XhEngineState),
 * message (string, nullable: what the engine last said), last-contact (string, nullable, UTC ISO time). */

/**
 * XhSession::records-changed:
 * @kinds: names of the kinds of which rows changed, by a local save or by synchronisation
 */

/**
 * xh_session_sign_in_async:
 * @data_folder: where the desks live
 * @server: base URL
 *
 * Signs in (online, or by the local verifier when there is no contact), opens the stores and workers, all in a thread.
 */
void           xh_session_sign_in_async  (const char *data_folder, const char *server, const char *login, const char *password,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full); errors: those of xh_desk_sign_in and XH_STORE_ERROR. The engine is running when this returns. */
XhSession     *xh_session_sign_in_finish (GAsyncResult *result, GError **error);

/* A new password proof for a session whose token has ended, or the answer to an idle lock. Errors as above. */
void           xh_session_renew_async    (XhSession *self, const char *password, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean       xh_session_renew_finish   (XhSession *self, GAsyncResult *result, GError **error);

XhDesk          *xh_session_get_desk     (XhSession *self);
XhCatalog       *xh_session_get_catalog  (XhSession *self);
const XhProfile *xh_session_get_profile  (XhSession *self);
const char      *xh_session_get_role     (XhSession *self);
XhStore         *xh_session_get_store    (XhSession *self); /* read-only, main thread, point reads only */
XhWorker        *xh_session_get_reader   (XhSession *self); /* read-only */
XhWorker        *xh_session_get_writer   (XhSession *self);
XhEngine        *xh_session_get_engine   (XhSession *self);
gboolean         xh_session_is_filling   (XhSession *self); /* rows are still to come: what is not here yet is not called empty, nor done */
gboolean         xh_session_may          (XhSession *self, char **roles, const XhKind *kind); /* the signed-in role is among @roles */

/**
 * xh_session_save_async:
 * @record: (transfer full): as it shall stand
 * @changed: (transfer container) (element-type utf8): names of the fields that changed, "state" and "deleted" too
 *
 * xh_store_save() in the writer, then ::records-changed and a push. Not cancellable: what was asked to be saved is saved.
 */
void           xh_session_save_async     (XhSession *self, XhRecord *record, GPtrArray *changed,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean       xh_session_save_finish    (XhSession *self, GAsyncResult *result, GError **error);

/* For who saves by a job of their own in the writer: tells everyone and starts a push. @kinds: (array zero-terminated=1). */
void           xh_session_saved          (XhSession *self, const char *const *kinds);

/* What happened with the server in this session, newest first: GListModel of XhLogEntry. */
GListModel    *xh_session_get_log        (XhSession *self);

#define XH_TYPE_LOG_ENTRY (xh_log_entry_get_type ())
G_DECLARE_FINAL_TYPE (XhLogEntry, xh_log_entry, XH, LOG_ENTRY, GObject)
const char    *xh_log_entry_get_text     (XhLogEntry *self);
GDateTime     *xh_log_entry_get_time     (XhLogEntry *self);
gboolean       xh_log_entry_is_fault     (XhLogEntry *self);

/**
 * xh_session_close_async:
 * @sign_out: also end the session at the server, as far as it can be reached
 * @callback: (nullable): called when everything is written and every thread has ended
 *
 * The session is of no use from here on; its writes are finished in a thread. Called once, when the window goes or the person signs out.
 */
void           xh_session_close_async    (XhSession *self, gboolean sign_out, GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
