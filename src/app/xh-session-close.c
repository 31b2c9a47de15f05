/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of a session. The engine may be in a request and the writer may have writes to do: a thread waits for them, never the main one. */

#include "xh-session-private.h"

#include "sync/xh-sign-out.h"

/* The server that does not answer so soon hears of it with the next contact. */
#define SIGN_OUT_SECONDS 5

typedef struct
{
  XhSession *session;       /* (owned) (nullable) where somebody closed it */
  XhDesk *desk;             /* the session's, or owned where there is none */
  XhEngine *engine;         /* (owned) (nullable) */
  XhWorker *reader, *writer;/* (owned) (nullable) */
  gboolean sign_out;
  GAsyncReadyCallback callback; /* (nullable) */
  gpointer user_data;
} Closing;

/* First it is noted, then told: without contact, or a program that ends here, the next round tells. */
static void
end_session (Closing *closing)
{
  XhDesk *desk = closing->desk;
  g_autoptr (XhClient) client = xh_client_new (desk->server, desk->device);
  g_autofree char *session = closing->engine != NULL ? xh_engine_dup_session (closing->engine) : NULL;
  g_autoptr (GError) error = NULL;

  if (session == NULL)
    return;
  if (!xh_sign_out_keep (desk->folder, session, &error))
    g_warning ("The sign-out is not kept: %s", error->message);
  xh_desk_let_go (desk);
  xh_client_set_timeout (client, SIGN_OUT_SECONDS);
  xh_sign_out_send (desk->folder, client, NULL);
}

static void
close_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Closing *closing = data;

  if (closing->engine != NULL)
    xh_engine_wait (closing->engine);
  if (closing->reader != NULL)
    xh_worker_close (closing->reader);
  if (closing->writer != NULL)
    xh_worker_close (closing->writer);
  xh_desk_clean (closing->desk);
  if (closing->sign_out)
    end_session (closing);
  xh_desk_let_go (closing->desk);
  g_task_return_boolean (task, TRUE);
}

/* On the main thread: the objects belong there. */
static void
closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Closing *closing = data;

  g_clear_object (&closing->engine);
  g_clear_object (&closing->reader);
  g_clear_object (&closing->writer);
  if (closing->session != NULL)
    g_object_unref (closing->session);
  else
    xh_desk_free (closing->desk);
  if (closing->callback != NULL)
    closing->callback (NULL, result, closing->user_data);
  g_free (closing);
}

/* Takes from the session what has to end. */
static void
begin (XhSession *self, Closing *closing)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, closed_cb, closing);

  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->engine, self);
      g_object_freeze_notify (G_OBJECT (self->engine));
      xh_engine_cancel (self->engine);
    }
  closing->desk = self->desk;
  closing->engine = g_steal_pointer (&self->engine);
  closing->reader = g_steal_pointer (&self->reader);
  closing->writer = g_steal_pointer (&self->writer);
  g_clear_pointer (&self->store, xh_store_close);
  g_task_set_source_tag (task, begin);
  g_task_set_task_data (task, closing, NULL);
  g_task_run_in_thread (task, close_thread);
}

void
xh_session_close_async (XhSession *self, gboolean sign_out, GAsyncReadyCallback callback, gpointer user_data)
{
  Closing *closing = g_new0 (Closing, 1);

  g_return_if_fail (XH_IS_SESSION (self));

  closing->session = g_object_ref (self);
  closing->sign_out = sign_out;
  closing->callback = callback;
  closing->user_data = user_data;
  begin (self, closing);
}

void
xh_session_abandon (XhSession *self)
{
  if (self->engine == NULL && self->reader == NULL && self->writer == NULL)
    {
      g_clear_pointer (&self->store, xh_store_close);
      g_clear_pointer (&self->desk, xh_desk_free);
      return;
    }
  begin (self, g_new0 (Closing, 1));
  self->desk = NULL;
}
