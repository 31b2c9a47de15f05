/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-lane.h"

#include "xh-ledger.h"
#include "xh-mark.h"
#include "xh-sessions.h"

/* Bounds how long the first call of a shared commit waits for the last. */
#define CALLS_A_COMMIT 64

struct _XhLane
{
  GAsyncQueue *queue;  /* (owned) of XhCall, or of the lane itself: the sign to end */
  GPtrArray *threads;  /* (owned) of GThread, joined on free */
  GPtrArray *backends; /* (owned) of XhBackend, one a thread */
  gboolean writes;
  guint max_waiting;
  void (*done) (XhCall *call);
  void (*news) (gint64 head, gpointer data); /* (nullable) */
  gpointer news_data;
  gint64 head;         /* last told */
  GMutex lock;
  gint64 asked;        /* guarded: when it last worked on a request; G_MAXINT64: it does now */
};

typedef struct
{
  XhLane *lane;
  XhBackend *backend;
} Seat;

/* FALSE: it has been answered. */
static gboolean
check_mark (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;
  gboolean known;

  if (!call->mark)
    return TRUE;
  if (!xh_mark_check (backend, call->mark, &known, &error))
    xh_call_fail (call, error);
  else if (!known)
    {
      xh_call_differs (call);
      call->answer_mark = xh_mark_make (backend, G_MAXINT64, NULL);
    }
  return call->status == 0;
}

static void
run_call (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;

  if (!xh_call_is_whole (call))
    return;
  if (!call->anonymous && !call->access)
    {
      call->access = xh_sessions_find (backend, call->token, &error);
      if (!call->access)
        {
          xh_call_fail (call, error);
          return;
        }
    }
  if (call->anonymous || check_mark (call, backend))
    call->run (call, backend);
}

static void
fail_all (GPtrArray *calls, const GError *error)
{
  for (guint i = 0; i < calls->len; i++)
    xh_call_fail (g_ptr_array_index (calls, i), error);
}

/* Works on all of @calls in one transaction. FALSE: one of them failed, and nothing of any was written. */
static gboolean
write_together (XhBackend *backend, GPtrArray *calls)
{
  g_autoptr (GError) error = NULL;

  if (!xh_store_begin (backend->store, &error))
    {
      fail_all (calls, error);
      return FALSE;
    }
  for (guint i = 0; i < calls->len; i++)
    {
      XhCall *call = g_ptr_array_index (calls, i);

      run_call (call, backend);
      if (call->status >= 500)
        {
          xh_store_rollback (backend->store);
          return FALSE;
        }
    }
  if (xh_store_commit (backend->store, &error))
    return TRUE;
  xh_store_rollback (backend->store);
  fail_all (calls, error);
  return FALSE;
}

/* One call that cannot be worked on must not take the others' work with it: each gets a transaction of its own.
 * A savepoint a call would do, too, but makes SQLite keep a journal of all pages for it, which costs more than it is worth. */
static void
write_each (XhBackend *backend, GPtrArray *calls)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  for (guint i = 0; i < calls->len; i++)
    {
      XhCall *call = g_ptr_array_index (calls, i);

      g_ptr_array_set_size (one, 0);
      g_ptr_array_add (one, call);
      xh_call_forget_answer (call);
      write_together (backend, one);
    }
}

static void
tell_news (XhLane *self, XhBackend *backend)
{
  gint64 head;

  if (self->news == NULL || !xh_ledger_head (backend, &head, NULL, NULL) || head == self->head)
    return;
  self->head = head;
  self->news (head, self->news_data);
}

static void
work (XhLane *self, XhBackend *backend, GPtrArray *calls)
{
  if (!self->writes)
    run_call (g_ptr_array_index (calls, 0), backend);
  else if (!write_together (backend, calls) && calls->len > 1)
    write_each (backend, calls);
  tell_news (self, backend);
  for (guint i = 0; i < calls->len; i++)
    {
      xh_call_seal (g_ptr_array_index (calls, i));
      xh_call_compress (g_ptr_array_index (calls, i));
    }
}

void
xh_lane_run_here (XhLane *self, XhCall *call)
{
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();

  g_ptr_array_add (calls, call);
  work (self, g_ptr_array_index (self->backends, 0), calls);
}

static void
note_requests (XhLane *self, GPtrArray *calls, gint64 time)
{
  for (guint i = 0; i < calls->len; i++)
    if (((const XhCall *) g_ptr_array_index (calls, i))->message)
      {
        g_mutex_lock (&self->lock);
        self->asked = time;
        g_mutex_unlock (&self->lock);
        return;
      }
}

static gpointer
run_lane (gpointer data)
{
  g_autofree Seat *seat = data;
  XhLane *self = seat->lane;
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  gpointer next = g_async_queue_pop (self->queue);

  while (next != self)
    {
      g_ptr_array_set_size (calls, 0);
      while (next && next != self && calls->len < (self->writes ? CALLS_A_COMMIT : 1))
        {
          g_ptr_array_add (calls, next);
          next = self->writes ? g_async_queue_try_pop (self->queue) : NULL;
        }
      note_requests (self, calls, G_MAXINT64);
      work (self, seat->backend, calls);
      note_requests (self, calls, g_get_monotonic_time ());
      for (guint i = 0; i < calls->len; i++)
        self->done (g_ptr_array_index (calls, i));
      if (!next)
        next = g_async_queue_pop (self->queue);
    }
  return NULL;
}

XhLane *
xh_lane_new (const char *name, guint n_threads, gboolean writes, guint max_waiting, const char *data, XhCatalog *catalog,
             void (*done) (XhCall *call), GError **error)
{
  XhLane *self = g_new0 (XhLane, 1);

  g_mutex_init (&self->lock);
  self->queue = g_async_queue_new ();
  self->threads = g_ptr_array_new ();
  self->backends = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_backend_close);
  self->writes = writes;
  self->max_waiting = max_waiting;
  self->done = done;
  for (guint i = 0; i < MAX (n_threads, 1); i++)
    {
      XhBackend *backend = xh_backend_open (data, catalog, !writes, error);
      Seat *seat;

      if (!backend)
        {
          xh_lane_free (self);
          return NULL;
        }
      g_ptr_array_add (self->backends, backend);
      if (n_threads == 0)
        break;
      seat = g_new (Seat, 1);
      *seat = (Seat) { self, backend };
      g_ptr_array_add (self->threads, g_thread_new (name, run_lane, seat));
    }
  return self;
}

void
xh_lane_set_news (XhLane *self, void (*func) (gint64 head, gpointer data), gpointer data)
{
  self->news = func;
  self->news_data = data;
}

gboolean
xh_lane_push (XhLane *self, XhCall *call)
{
  if (xh_lane_count (self) >= self->max_waiting)
    return FALSE;
  g_async_queue_push (self->queue, call);
  return TRUE;
}

guint
xh_lane_count (XhLane *self)
{
  return MAX (g_async_queue_length (self->queue), 0);
}

gint64
xh_lane_get_quiet (XhLane *self)
{
  gint64 asked;

  g_mutex_lock (&self->lock);
  asked = self->asked;
  g_mutex_unlock (&self->lock);
  return xh_lane_count (self) > 0 ? 0 : MAX (g_get_monotonic_time () - asked, 0);
}

void
xh_lane_free (XhLane *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->threads->len; i++)
    g_async_queue_push (self->queue, self);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));
  g_ptr_array_unref (self->threads);
  g_ptr_array_unref (self->backends);
  g_async_queue_unref (self->queue);
  g_mutex_clear (&self->lock);
  g_free (self);
}
