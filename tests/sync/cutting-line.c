/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cutting-line.h"

#include <string.h>

#define MOST_HEAD (64 << 10)

struct _CuttingLine
{
  GSocketListener *listener; /* (owned) */
  GThread *thread;           /* (owned) that accepts; a test waits in its own */
  GCancellable *cancellable; /* (owned) */
  guint16 own, port;
  GCond ended;
  GMutex mutex;              /* of what follows */
  guint calls;               /* under way; threads that nobody joins keep no stacks behind over thousands of cuts */
  gsize bytes;               /* 0: never */
  gboolean stalls;
  guint percent;
  const char *type;
  GRand *rand;               /* (owned) */
  guint cuts, damaged;
};

/* What a direction of a connection carries, as far as it must be known to find its bodies. */
typedef struct
{
  GString *head;  /* (owned) of the message, as far as it has come */
  gint64 left;    /* bytes of its body that are to come */
  gint64 victim;  /* how far behind the next byte the one is that changes; below 0: none */
  gboolean blind; /* something that is not looked into: a WebSocket */
} Reader;

/* One direction of one connection. */
typedef struct
{
  CuttingLine *line;
  GSocket *from, *to; /* (not owned) */
  gssize *left;       /* shared by both directions */
  gboolean stalls;
  Reader reader;
} Way;

/* (transfer full) (nullable) */
static char *
find_header (const char *head, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);
  const gsize length = strlen (name);

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, length) == 0 && lines[i][length] == ':')
      return g_strstrip (g_strdup (lines[i] + length + 1));
  return NULL;
}

static void
choose_victim (CuttingLine *line, Reader *self)
{
  g_autofree char *type = find_header (self->head->str, "content-type");

  self->victim = -1;
  g_mutex_lock (&line->mutex);
  if (self->left > 0 && line->percent > 0 && type != NULL && g_str_has_prefix (type, line->type)
      && (guint) g_rand_int_range (line->rand, 0, 100) < line->percent)
    {
      self->victim = (gint64) (g_rand_double (line->rand) * (double) self->left);
      line->damaged++;
    }
  g_mutex_unlock (&line->mutex);
}

static void
end_head (CuttingLine *line, Reader *self)
{
  g_autofree char *length = find_header (self->head->str, "content-length"), *coding = find_header (self->head->str, "transfer-encoding");

  self->left = length != NULL ? g_ascii_strtoll (length, NULL, 10) : 0;
  self->blind = coding != NULL || g_str_has_prefix (self->head->str, "HTTP/1.1 101");
  choose_victim (line, self);
  g_string_truncate (self->head, 0);
}

static gsize
read_body (Reader *self, char *bytes, gsize n)
{
  const gsize here = (gsize) MIN ((gint64) n, self->left);

  if (self->victim >= 0 && self->victim < (gint64) here)
    bytes[self->victim] ^= 1;
  self->victim -= (gint64) here;
  self->left -= (gint64) here;
  return here;
}

/* Follows the messages through what comes, and changes some of it. */
static void
damage (CuttingLine *line, Reader *self, char *bytes, gsize n)
{
  gsize i = 0;

  while (i < n && !self->blind)
    if (self->left > 0)
      i += read_body (self, bytes + i, n - i);
    else
      {
        g_string_append_c (self->head, bytes[i++]);
        if (g_str_has_suffix (self->head->str, "\r\n\r\n"))
          end_head (line, self);
        self->blind = self->blind || self->head->len > MOST_HEAD;
      }
}

/* TRUE: it has carried all that it will. */
static gboolean
is_used_up (Way *way, gssize n)
{
  if (way->left == NULL || g_atomic_pointer_add (way->left, -n) >= n)
    return FALSE;
  g_mutex_lock (&way->line->mutex);
  way->line->cuts++;
  g_mutex_unlock (&way->line->mutex);
  return TRUE;
}

static gboolean
send_all (GSocket *to, const char *bytes, gssize n)
{
  gssize sent = 0, k = 0;

  while (sent < n && (k = g_socket_send (to, bytes + sent, (gsize) (n - sent), NULL, NULL)) > 0)
    sent += k;
  return sent == n;
}

/* Until who waits gives up. */
static void
swallow (Way *way, char *buffer, gsize size)
{
  gboolean open = TRUE;

  while (open)
    open = g_socket_receive (way->from, buffer, size, NULL, NULL) > 0;
}

static gpointer
carry (gpointer data)
{
  Way *way = data;
  char buffer[16384];
  gboolean open = TRUE;

  way->reader.head = g_string_new (NULL);
  while (open)
    {
      const gssize n = g_socket_receive (way->from, buffer, sizeof buffer, NULL, NULL);

      if (n > 0)
        damage (way->line, &way->reader, buffer, (gsize) n);
      open = n > 0 && send_all (way->to, buffer, n) && !is_used_up (way, n);
      if (n > 0 && !open && way->stalls)
        swallow (way, buffer, sizeof buffer);
    }
  g_string_free (way->reader.head, TRUE);
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
  gssize left;
  gboolean stalls, breaks;
  GSocket *near = g_socket_connection_get_socket (connection), *far;
  Way up, down;
  GThread *thread;

  if (other == NULL)
    return;
  far = g_socket_connection_get_socket (other);
  g_mutex_lock (&self->mutex);
  left = (gssize) self->bytes;
  breaks = left > 0;
  stalls = self->stalls;
  g_mutex_unlock (&self->mutex);
  up = (Way) { self, near, far, breaks ? &left : NULL, stalls, { 0 } };
  down = (Way) { self, far, near, breaks ? &left : NULL, stalls, { 0 } };
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
  self->rand = g_rand_new_with_seed (20261123);
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
  g_rand_free (self->rand);
  g_clear_object (&self->listener);
  g_clear_object (&self->cancellable);
  g_free (self);
}

char *
cutting_line_get_url (CuttingLine *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u", self->own);
}

void
cutting_line_set_bytes (CuttingLine *self, gsize bytes, gboolean stalls)
{
  g_mutex_lock (&self->mutex);
  self->bytes = bytes;
  self->stalls = stalls;
  g_mutex_unlock (&self->mutex);
}

void
cutting_line_set_damage (CuttingLine *self, guint percent, const char *type)
{
  g_mutex_lock (&self->mutex);
  self->percent = percent;
  self->type = type;
  g_mutex_unlock (&self->mutex);
}

static guint
get_number (CuttingLine *self, const guint *number)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = *number;
  g_mutex_unlock (&self->mutex);
  return value;
}

guint
cutting_line_get_cuts (CuttingLine *self)
{
  return get_number (self, &self->cuts);
}

guint
cutting_line_get_damaged (CuttingLine *self)
{
  return get_number (self, &self->damaged);
}
