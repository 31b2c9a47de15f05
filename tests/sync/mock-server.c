/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "mock-server.h"

#include <libsoup/soup.h>
#include <string.h>

struct _MockServer
{
  GThread *thread;        /* (owned) */
  GMainContext *context;  /* (owned) */
  GMainLoop *loop;        /* (owned) */
  SoupServer *server;     /* (owned) belongs to the thread */
  GPtrArray *held;        /* (owned) GIOStreams that are kept open; belongs to the thread */
  MockFunc func;
  gpointer data;
  char *url;              /* (owned) */
  int n;                  /* atomic */
  GMutex mutex;
  GCond ready;
};

static void
write_raw (MockServer *self, SoupServerMessage *message, const MockAnswer *answer, const char *body, gsize length)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  if (answer->manner == MOCK_CUT || answer->manner == MOCK_TRICKLE)
    {
      g_autofree char *head = g_strdup_printf ("HTTP/1.1 %u Mock\r\nContent-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT
                                               "\r\n\r\n", answer->status, length);

      g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL);
      length /= 2;
    }
  if (answer->manner != MOCK_HANG)
    g_output_stream_write_all (output, body, length, NULL, NULL, NULL);
  if (answer->manner == MOCK_HANG || answer->manner == MOCK_TRICKLE)
    g_ptr_array_add (self->held, g_steal_pointer (&stream));
  else
    g_io_stream_close (stream, NULL, NULL);
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  MockServer *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  MockAnswer answer = { .status = 200, .length = -1 };
  MockRequest request = {
    .method = soup_server_message_get_method (message),
    .path = path,
    .query = g_uri_get_query (soup_server_message_get_uri (message)),
    .authorization = soup_message_headers_get_one (headers, "Authorization"),
    .if_none_match = soup_message_headers_get_one (headers, "If-None-Match"),
    .body = g_bytes_get_data (bytes, NULL),
    .length = g_bytes_get_size (bytes),
  };
  gsize length;

  g_atomic_int_inc (&self->n);
  self->func (&request, &answer, self->data);
  length = answer.length >= 0 ? (gsize) answer.length : answer.body != NULL ? strlen (answer.body) : 0;
  if (answer.manner != MOCK_ANSWER)
    write_raw (self, message, &answer, answer.body, length);
  else
    {
      soup_server_message_set_status (message, answer.status, NULL);
      if (answer.header != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message), answer.header, answer.value);
      soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer.body, length);
    }
  g_free (answer.body);
}

static gpointer
run_thread (gpointer data)
{
  MockServer *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = NULL;
  GSList *uris;

  g_main_context_push_thread_default (self->context);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->mutex);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_cond_signal (&self->ready);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (self->loop);
  soup_server_disconnect (self->server);
  g_ptr_array_unref (self->held);
  g_object_unref (self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

MockServer *
mock_server_new (MockFunc func, gpointer data)
{
  MockServer *self = g_new0 (MockServer, 1);

  self->func = func;
  self->data = data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->ready);
  self->thread = g_thread_new ("mock-server", run_thread, self);
  g_mutex_lock (&self->mutex);
  while (self->url == NULL)
    g_cond_wait (&self->ready, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return self;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
mock_server_free (MockServer *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->ready);
  g_free (self->url);
  g_free (self);
}

const char *
mock_server_get_url (MockServer *self)
{
  return self->url;
}

guint
mock_server_get_n (MockServer *self)
{
  return (guint) g_atomic_int_get (&self->n);
}
