/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine's thread: it does what the machine asks for, one thing at a time, and tells the machine how it went. */

#include "store/xh-store-adopt.h"
#include "xh-engine-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-round-private.h"
#include "xh-wire-private.h"

#define INDEX_ROWS 2000

/* What only the thread knows. */
typedef struct
{
  XhEngine *engine;
  XhStore *store;   /* (owned) (nullable) until it opens */
  XhClient *client; /* (owned) */
  gboolean indexing; /* a pull may have left rows for the search index */
  XhRound round;
} Work;

/* Takes what is in @from over. */
static void
move_kinds (GHashTable *from, GHashTable *to)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_add (to, kind);
    }
}

/* With the mutex held. */
static void
set_state (XhEngine *self, const char *message)
{
  self->view.state = xh_machine_show (self->machine.state);
  g_free (self->view.message);
  self->view.message = g_strdup (message);
  xh_engine_plan_show (self);
}

/* Counts are read from the store each time: whoever has written to it, they are right. State and counts are told together: whoever
 * hears "settled" may trust them. @event: (nullable) how a round has ended. */
static void
publish (Work *work, const XhMachineEvent *event, const char *message)
{
  XhEngine *self = work->engine;
  guint pending = xh_store_outbox_count (work->store), tray = xh_store_tray_count (work->store);
  gint64 cursor = xh_wire_get_cursor (work->store);
  g_autofree char *last_contact = xh_store_meta_get (work->store, "last-contact");

  g_mutex_lock (&self->mutex);
  self->view.pending = pending;
  self->view.tray = tray;
  self->view.received = (guint) MIN (work->round.received, G_MAXUINT);
  self->view.total = (guint) MIN (work->round.total, G_MAXUINT);
  self->view.clock_difference = xh_client_get_clock_difference (work->client);
  self->view.catalog_changed = work->round.catalog_changed;
  g_free (self->view.last_contact);
  self->view.last_contact = g_steal_pointer (&last_contact);
  move_kinds (work->round.kinds, self->kinds);
  if (event != NULL)
    xh_engine_do (self, xh_machine_end_round (&self->machine, *event, cursor));
  else
    self->machine.known = cursor;
  set_state (self, message);
  g_mutex_unlock (&self->mutex);
}

static void
progress_cb (XhRound *round, gpointer data)
{
  publish (data, NULL, NULL);
}

static XhMachineEvent
find_event (const GError *error)
{
  if (error == NULL)
    return XH_MACHINE_WELL;
  if (error->domain != XH_SYNC_ERROR)
    return XH_MACHINE_FAILED;
  switch ((XhSyncError) error->code)
    {
    case XH_SYNC_ERROR_OFFLINE:
      return XH_MACHINE_NO_CONTACT;
    case XH_SYNC_ERROR_SIGN_IN:
      return XH_MACHINE_REFUSED;
    case XH_SYNC_ERROR_DIFFERS:
      return XH_MACHINE_DIFFERENT;
    case XH_SYNC_ERROR_FORBIDDEN:
    case XH_SYNC_ERROR_PROTOCOL:
    case XH_SYNC_ERROR_SERVER:
    case XH_SYNC_ERROR_LOCAL:
    case XH_SYNC_ERROR_REFUSED:
    case XH_SYNC_ERROR_LATER:
    default:
      return XH_MACHINE_FAILED;
    }
}

/* A store that does not open is tried again later: a disk may be full, another program may hold it. */
static gboolean
open_store (Work *work, GError **error)
{
  XhDesk *desk = work->engine->desk;
  g_autofree char *path = xh_desk_store_path (desk), *token = NULL;

  if (work->store != NULL)
    return TRUE;
  work->store = xh_store_open (path, desk->catalog, XH_STORE_CLIENT, error);
  if (work->store == NULL)
    return FALSE;
  xh_store_set_cancellable (work->store, work->engine->cancellable);
  xh_round_init (&work->round, desk, work->store, work->client);
  work->round.cancellable = work->engine->cancellable;
  work->round.progress = progress_cb;
  work->round.data = work;
  token = xh_store_meta_get (work->store, "token");
  xh_client_set_token (work->client, token);
  g_mutex_lock (&work->engine->mutex);
  g_free (work->engine->session);
  work->engine->session = g_steal_pointer (&token);
  g_mutex_unlock (&work->engine->mutex);
  return TRUE;
}

/* FALSE: there is no session. */
static gboolean
take_token (Work *work)
{
  XhEngine *self = work->engine;
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_session;

  g_mutex_lock (&self->mutex);
  token = g_steal_pointer (&self->token);
  if (token != NULL)
    {
      g_free (self->session);
      self->session = g_strdup (token);
    }
  has_session = self->session != NULL;
  g_mutex_unlock (&self->mutex);
  if (token == NULL)
    return has_session;
  xh_client_set_token (work->client, token);
  if (!xh_store_meta_set (work->store, "token", token, &error))
    g_warning ("The session is not kept: %s", error->message);
  return TRUE;
}

static void
fail_to_open (Work *work, const GError *error)
{
  XhEngine *self = work->engine;

  g_mutex_lock (&self->mutex);
  xh_engine_take (self, XH_MACHINE_FAILED);
  set_state (self, error->message);
  g_mutex_unlock (&self->mutex);
}

static gboolean
take_wish (XhEngine *self)
{
  gboolean wished;

  g_mutex_lock (&self->mutex);
  wished = self->wished;
  self->wished = FALSE;
  g_mutex_unlock (&self->mutex);
  return wished;
}

static void
run_round (Work *work)
{
  g_autoptr (GError) error = NULL;
  XhMachineEvent event;

  if (!open_store (work, &error))
    {
      fail_to_open (work, error);
      return;
    }
  publish (work, NULL, NULL);
  if (take_wish (work->engine))
    g_hash_table_remove_all (work->round.later);
  if (take_token (work))
    xh_round_run (&work->round, &error);
  else
    g_set_error_literal (&error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN, _("Sign in again to send and receive"));
  event = find_event (error);
  work->round.received = work->round.total = 0;
  work->indexing = TRUE;
  publish (work, &event, error != NULL ? error->message : work->round.notice);
}

static void
count_again (Work *work)
{
  XhEngine *self = work->engine;
  g_autofree char *message = NULL;

  if (work->store == NULL)
    return;
  g_mutex_lock (&self->mutex);
  message = g_strdup (self->view.message);
  g_mutex_unlock (&self->mutex);
  publish (work, NULL, message);
}

/* What a large pull left for the search index is entered when there is nothing better to do. */
static void
index_some (Work *work)
{
  guint left = 0;

  if (work->store != NULL)
    xh_store_checkpoint (work->store, NULL);
  work->indexing = work->store != NULL && xh_store_index (work->store, INDEX_ROWS, &left, NULL) && left > 0;
}

/* With the mutex held, which it gives up while it works. */
static void
do_one (Work *work)
{
  XhEngine *self = work->engine;
  void (*job) (Work *work) = NULL;

  if (self->due >= 0 && g_get_monotonic_time () >= self->due)
    {
      self->due = -1;
      xh_engine_take (self, XH_MACHINE_TIMER);
    }
  if (self->round)
    {
      self->round = self->count = FALSE;
      xh_machine_begin_round (&self->machine);
      job = run_round;
    }
  else if (self->count)
    {
      self->count = FALSE;
      job = count_again;
    }
  else if (work->indexing)
    job = index_some;
  if (job == NULL)
    {
      if (self->due < 0)
        g_cond_wait (&self->wake, &self->mutex);
      else
        g_cond_wait_until (&self->wake, &self->mutex, self->due);
      return;
    }
  g_mutex_unlock (&self->mutex);
  job (work);
  g_mutex_lock (&self->mutex);
}

static void
work_clear (Work *work)
{
  g_clear_pointer (&work->client, xh_client_free);
  if (work->store == NULL)
    return;
  xh_store_set_cancellable (work->store, NULL);
  xh_round_clear (&work->round);
  xh_store_close (work->store);
}

static void
live_cb (XhLiveEvent event, gint64 head, gpointer data)
{
  XhEngine *self = data;

  g_mutex_lock (&self->mutex);
  if (event == XH_LIVE_OPEN || event == XH_LIVE_BROKEN)
    xh_engine_take (self, event == XH_LIVE_OPEN ? XH_MACHINE_LIVE : XH_MACHINE_DEAF);
  else if (event == XH_LIVE_WOKE)
    xh_engine_take (self, XH_MACHINE_NETWORK);
  else
    xh_engine_do (self, xh_machine_hear (&self->machine, head));
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

/* The line is made and ended here, so that nobody else waits for its thread. */
static void
set_live (XhEngine *self, XhLive *live)
{
  XhLive *old;

  g_mutex_lock (&self->mutex);
  old = self->live;
  self->live = live;
  g_mutex_unlock (&self->mutex);
  xh_live_free (old);
}

gpointer
xh_engine_run_thread (gpointer data)
{
  XhEngine *self = data;
  Work work = { .engine = self, .client = xh_client_new (self->desk->server, self->desk->device) };

  set_live (self, xh_live_new (self->desk->server, live_cb, self));
  g_mutex_lock (&self->mutex);
  while (self->machine.state != XH_MACHINE_STOPPED)
    do_one (&work);
  g_mutex_unlock (&self->mutex);
  set_live (self, NULL);
  work_clear (&work);
  g_mutex_lock (&self->mutex);
  self->running = FALSE;
  g_cond_broadcast (&self->over);
  g_mutex_unlock (&self->mutex);
  return NULL;
}
