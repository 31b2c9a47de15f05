/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cutting-line.h"

struct _CuttingLine
{
  GSocketListener *listener; /* (owned) */
  GThread *thread;           /* (owned) that accepts; a test waits in its own */
  GCancellable *cancellable; /* (owned) */
  GMutex mutex;
  GCond ended;
  guint calls;               /* under way; threads that nobody joins keep no stacks behind over thousands of cuts */
  guint16 own, port;
  gsize bytes;
  gint cuts;
};

/* One direction of one connection. */
typedef struct
{
  CuttingLine *line;
  GSocket *from, *to; /* (not owned) */
  gssize *left;       /* shared by both directions */
} Way;

static gpointer
carry (gpointer data)
{
  Way *way = data;
  char buffer[16384];
  gssize n;

  while ((n = g_socket_receive (way->from, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      gssize sent = 0;

      while (sent < n)
        {
          gssize k = g_socket_send (way->to, buffer + sent, (gsize) (n - sent), NULL, NULL);

          if (k <= 0)
            break;
          sent += k;
        }
      if (sent < n)
        break;
      if (g_atomic_pointer_add (way->left, -n) < n)
        {
          g_atomic_int_inc (&way->line->cuts);
          break;
        }
    }
  g_socket_shutdown (way->from, TRUE, TRUE, NULL);
  g_socket_shutdown (way->to, TRUE, TRUE, NULL);
  return NULL;
}

typedef struct
{
  CuttingLine *line;
  GSocketConnection *connection; /* (owned) */
} Call;

static void
carry_call (Call *call)
{
  CuttingLine *self = call->line;
  g_autoptr (GSocketConnection) connection = call->connection;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) other = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
  gssize left = (gssize) self->bytes;
  GSocket *near = g_socket_connection_get_socket (connection), *far;
  Way up, down;
  GThread *thread;

  if (other == NULL)
    return;
  far = g_socket_connection_get_socket (other);
  up = (Way) { self, near, far, &left };
  down = (Way) { self, far, near, &left };
  thread = g_thread_new ("line", carry, &up);
  carry (&down);
  g_thread_join (thread);
}

static gpointer
run_call (gpointer data)
{
  g_autofree Call *call = data;
  CuttingLine *self = call->line;

  carry_call (call);
  g_mutex_lock (&self->mutex);
  self->calls--;
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static gpointer
accept_calls (gpointer data)
{
  CuttingLine *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL)) != NULL)
    {
      Call *call = g_new (Call, 1);

      *call = (Call) { self, connection };
      g_mutex_lock (&self->mutex);
      self->calls++;
      g_mutex_unlock (&self->mutex);
      g_thread_unref (g_thread_new ("call", run_call, call));
    }
  return NULL;
}

CuttingLine *
cutting_line_new (guint port, gsize bytes)
{
  CuttingLine *self = g_new0 (CuttingLine, 1);
  g_autoptr (GError) error = NULL;

  self->port = (guint16) port;
  self->bytes = bytes;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ended);
  self->listener = g_socket_listener_new ();
  self->own = g_socket_listener_add_any_inet_port (self->listener, NULL, &error);
  g_assert_no_error (error);
  self->thread = g_thread_new ("accept", accept_calls, self);
  return self;
}

/* After the clients: their calls have ended. */
void
cutting_line_free (CuttingLine *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_mutex_lock (&self->mutex);
  while (self->calls > 0)
    g_cond_wait (&self->ended, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ended);
  g_clear_object (&self->listener);
  g_clear_object (&self->cancellable);
  g_free (self);
}

char *
cutting_line_get_url (CuttingLine *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u", self->own);
}

guint
cutting_line_get_cuts (CuttingLine *self)
{
  return (guint) g_atomic_int_get (&self->cuts);
}
