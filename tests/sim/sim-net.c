/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line between clients and server: what is sent may be lost, come twice, come later than what was sent after it, or be cut. */
#include "sim.h"

#include <string.h>

typedef struct
{
  XhTransport head;
  SimClient *client;
} Line;

typedef struct
{
  char *method, *path;  /* (owned) */
  GHashTable *headers;  /* (owned) */
  GBytes *body;         /* (owned) (nullable) */
} Late;

void
sim_late_free (gpointer data)
{
  Late *late = data;

  g_free (late->method);
  g_free (late->path);
  g_hash_table_unref (late->headers);
  g_clear_pointer (&late->body, g_bytes_unref);
  g_free (late);
}

static Late *
late_new (const XhRequest *request)
{
  Late *late = g_new0 (Late, 1);

  late->method = g_strdup (request->method);
  late->path = g_strdup (request->path);
  late->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; request->headers != NULL && i + 1 < request->headers->len; i += 2)
    g_hash_table_insert (late->headers, g_ascii_strdown (request->headers->pdata[i], -1), g_strdup (request->headers->pdata[i + 1]));
  late->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  return late;
}

/* The rest of a snapshot, as libsoup answers it and set_headers() of xh-server-snapshot.c lets it. */
static void
answer_rest (XhCall *call, const Late *late)
{
  const char *range = g_hash_table_lookup (late->headers, "range"), *of = g_hash_table_lookup (late->headers, "if-range");
  const guint64 from = range != NULL ? g_ascii_strtoull (range + strlen ("bytes="), NULL, 10) : 0;
  g_autoptr (GBytes) whole = NULL;

  if (call->status != 200 || range == NULL || g_strcmp0 (of, call->answer_etag) != 0)
    return;
  whole = g_steal_pointer (&call->answer);
  call->status = from < g_bytes_get_size (whole) ? 206 : 416;
  call->answer = call->status == 206 ? g_bytes_new_from_bytes (whole, from, g_bytes_get_size (whole) - from) : NULL;
}

/* (nullable) (transfer full): NULL: the server is down, or went down over it. */
static XhCall *
hand_over (Sim *sim, const Late *late)
{
  XhCall *call;

  if (sim->server == NULL)
    return NULL;
  sim_clock_use (&sim->clock);
  call = xh_server_answer_here (sim->server, late->method, late->path, late->headers, late->body);
  if (g_str_has_prefix (late->path, "/v1/snapshot"))
    answer_rest (call, late);
  sim_log (sim, "  %s %s -> %u", late->method, late->path, call->status);
  if (!sim_disk_is_dead (sim->disk))
    return call;
  xh_call_free (call);
  sim_bury_server (sim);
  return NULL;
}

static void
free_call (XhCall *call)
{
  if (call != NULL)
    xh_call_free (call);
}

void
sim_deliver_late (Sim *self)
{
  Late *late;

  if (self->delayed->len == 0)
    return;
  sim_log (self, "a late request arrives");
  late = g_ptr_array_steal_index (self->delayed, sim_chance_below (self->delayed->len));
  free_call (hand_over (self, late));
  sim_late_free (late);
}

static gboolean
fail_offline (GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE, "No contact in the simulation");
  return FALSE;
}

/* As a transport pours: pieces of any length but none. */
static gboolean
pour (const XhRequest *request, const guint8 *bytes, gsize length, GError **error)
{
  const gsize half = sim_chance_below ((guint) length + 1);

  return (half == 0 || request->sink (bytes, half, request->sink_data, error))
         && (half == length || request->sink (bytes + half, length - half, request->sink_data, error));
}

static gboolean
give_body (const XhRequest *request, XhReply *reply, const guint8 *bytes, gsize length, GError **error)
{
  if (request->sink != NULL && reply->status >= 200 && reply->status < 300)
    return pour (request, bytes, length, error);
  reply->body = g_byte_array_new ();
  g_byte_array_append (reply->body, bytes, length);
  return TRUE;
}

static gboolean
give_foreign (const XhRequest *request, XhReply *reply, guint status, GError **error)
{
  static const char page[] = "<html><body>502 Bad Gateway</body></html>";

  reply->status = status;
  return give_body (request, reply, (const guint8 *) page, sizeof page - 1, error);
}

/* Bytes that came by a line without TLS's eye, or lay on a bad disk. What JSON says is trusted; content has a hash. */
static gboolean
give_damaged (const XhRequest *request, XhReply *reply, const guint8 *bytes, gsize length, GError **error)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  copy[sim_chance_below ((guint) length)] ^= 1u << sim_chance_below (8);
  return give_body (request, reply, copy, length, error);
}

static void
give_headers (const XhCall *call, XhReply *reply)
{
  reply->status = call->status;
  if (call->answer_etag != NULL)
    xh_reply_add_header (reply, "etag", call->answer_etag);
  if (call->answer_mark != NULL)
    xh_reply_add_header (reply, XH_MARK_HEADER, call->answer_mark);
  if (call->answer_range != NULL)
    xh_reply_add_header (reply, "content-range", call->answer_range);
  if (call->retry_after > 0)
    xh_reply_add_header (reply, "retry-after", "1");
}

static gboolean
give (SimClient *client, const XhRequest *request, const XhCall *call, XhReply *reply, GError **error)
{
  gsize length = 0;
  const guint8 *bytes = call->answer != NULL ? g_bytes_get_data (call->answer, &length) : NULL;
  const guint luck = client->sim->calm ? 100 : sim_chance_below (100);

  give_headers (call, reply);
  if (luck < 4 || (request->sink != NULL && luck < 20))
    {
      sim_log (client->sim, "  cut in its middle");
      if (request->sink != NULL && reply->status < 300 && !pour (request, bytes, sim_chance_below ((guint) length), error))
        return FALSE;
      return fail_offline (error);
    }
  if (request->sink != NULL && luck < 24 && length > 0)
    return give_damaged (request, reply, bytes, length, error);
  if (luck < 7)
    length = sim_chance_below ((guint) length);
  return give_body (request, reply, bytes, length, error);
}

/* What the network does with one request. */
static gboolean
send_over (XhTransport *transport, const XhRequest *request, XhReply *reply, GCancellable *c, GError **error)
{
  SimClient *client = ((Line *) transport)->client;
  Sim *sim = client->sim;
  Late *late;
  XhCall *call;
  const guint luck = sim->calm ? 100 : sim_chance_below (100);
  gboolean done;

  late = late_new (request);
  sim_clock_pass (sim_chance_below (2000000));
  if (sim_with_news && !sim->calm && sim_chance_of (10))
    sim_news_come (client);
  if (luck < 4)
    {
      sim_log (sim, "  %s %s is late", late->method, late->path);
      g_ptr_array_add (sim->delayed, late);
      return fail_offline (error);
    }
  if (luck < 10)
    {
      sim_log (sim, "  %s %s is lost", late->method, late->path);
      sim_late_free (late);
      return luck < 5 ? give_foreign (request, reply, 502, error) : luck < 6 ? give_foreign (request, reply, 200, error) : luck < 7 ? give_foreign (request, reply, 404, error) : fail_offline (error);
    }
  if (luck < 14)
    free_call (hand_over (sim, late)); /* it comes twice */
  call = hand_over (sim, late);
  sim_clock_use (&client->clock);
  sim_late_free (late);
  done = call != NULL && (luck < 14 || luck >= 20) ? give (client, request, call, reply, error) : fail_offline (error);
  free_call (call);
  return done;
}

static void
line_free (XhTransport *transport)
{
  g_free (transport);
}

XhTransport *
sim_transport_new (SimClient *client)
{
  Line *line = g_new0 (Line, 1);

  line->head = (XhTransport) { send_over, NULL, line_free };
  line->client = client;
  return &line->head;
}
