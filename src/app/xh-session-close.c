/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of a session. The engine may be in a request and the writer may have writes to do: a thread waits for them. */

#include "xh-session-private.h"

/* The server that does not answer so soon forgets the session by itself, later. */
#define SIGN_OUT_SECONDS 5

typedef struct
{
  XhSession *session;       /* (owned) */
  XhEngine *engine;         /* (owned) (nullable) */
  XhWorker *reader, *writer;/* (owned) (nullable) */
  gboolean sign_out;
  GAsyncReadyCallback callback; /* (nullable) */
  gpointer user_data;
} Closing;

static void
end_at_server (const XhDesk *desk)
{
  g_autoptr (XhClient) client = xh_client_new (desk->server, desk->device);
  g_autoptr (GError) error = NULL;

  xh_client_set_timeout (client, SIGN_OUT_SECONDS);
  xh_client_set_token (client, desk->profile->token);
  if (!xh_client_sign_out (client, NULL, &error))
    g_debug ("The server was not told of the sign-out: %s", error->message);
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
  if (closing->sign_out && closing->session->desk->profile->token != NULL)
    end_at_server (closing->session->desk);
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
  g_object_unref (closing->session);
  if (closing->callback != NULL)
    closing->callback (NULL, result, closing->user_data);
  g_free (closing);
}

void
xh_session_close_async (XhSession *self, gboolean sign_out, GAsyncReadyCallback callback, gpointer user_data)
{
  Closing *closing = g_new0 (Closing, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, closed_cb, closing);

  g_return_if_fail (XH_IS_SESSION (self));

  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->engine, self);
      g_object_freeze_notify (G_OBJECT (self->engine));
      xh_engine_cancel (self->engine);
    }
  closing->session = g_object_ref (self);
  closing->engine = g_steal_pointer (&self->engine);
  closing->reader = g_steal_pointer (&self->reader);
  closing->writer = g_steal_pointer (&self->writer);
  closing->sign_out = sign_out;
  closing->callback = callback;
  closing->user_data = user_data;
  g_clear_pointer (&self->store, xh_store_close);
  g_task_set_source_tag (task, xh_session_close_async);
  g_task_set_task_data (task, closing, NULL);
  g_task_run_in_thread (task, close_thread);
}

void
xh_session_close (XhSession *self)
{
  g_return_if_fail (XH_IS_SESSION (self));

  if (self->engine != NULL)
    xh_engine_stop (self->engine);
  if (self->reader != NULL)
    xh_worker_close (self->reader);
  if (self->writer != NULL)
    xh_worker_close (self->writer);
  g_clear_object (&self->engine);
  g_clear_object (&self->reader);
  g_clear_object (&self->writer);
  g_clear_pointer (&self->store, xh_store_close);
}
