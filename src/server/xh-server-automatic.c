/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the automatic steps are taken: once the server listens, and whenever the local date has changed. A thread and connection of its own
 * find the records, a page at a time; the writer takes them in small slices among what people send, so that nobody waits longer than for
 * one slice. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>

#include "xh-automatic.h"

#define PAGE 200          /* records found at once: what memory holds */
#define SLICE 20          /* records in one job of the writer, about ten milliseconds */
#define WATCH_SECONDS 300 /* the date is looked at so often: clocks are set, machines sleep */
#define RETRY_SECONDS 2

struct _XhServerAutomatic
{
  GThread *thread;    /* (owned) */
  XhBackend *backend; /* (owned) the thread's */
  XhLane *writer;     /* (not owned) */
  GMutex lock;
  GCond woken;
  gboolean stopping;  /* guarded */
  gboolean working;   /* guarded: a slice is in the writer */
};

typedef struct
{
  XhServerAutomatic *automatic;
  const XhKind *kind;
  const XhTransition *transition;
  GPtrArray *ids;           /* of (not owned) utf8 */
  XhAutomaticCount count;
  gboolean failed;
} Slice;

/* --- one slice: on the writer's thread */

static void
run_slice (XhCall *call, XhBackend *backend)
{
  Slice *slice = call->job;
  g_autoptr (GError) error = NULL;

  slice->count = (XhAutomaticCount) { 0 };
  slice->failed = !xh_automatic_take (backend, slice->kind, slice->transition, slice->ids, &slice->count, &error);
  if (slice->failed)
    xh_call_fail (call, error);
  else
    xh_call_answer (call, SOUP_STATUS_OK, NULL);
}

static void
slice_finished (XhCall *call)
{
  Slice *slice = call->job;
  XhServerAutomatic *self = slice->automatic;

  g_mutex_lock (&self->lock);
  slice->failed = slice->failed || call->status >= 500;
  self->working = FALSE;
  g_cond_signal (&self->woken);
  g_mutex_unlock (&self->lock);
}

/* --- the thread */

/* Waits until woken to stop. TRUE: stop. */
static gboolean
wait_for_stop (XhServerAutomatic *self, guint seconds)
{
  const gint64 until = g_get_monotonic_time () + (gint64) seconds * G_TIME_SPAN_SECOND;
  gboolean stopping;

  g_mutex_lock (&self->lock);
  while (!self->stopping && g_cond_wait_until (&self->woken, &self->lock, until))
    ;
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return stopping;
}

/* A slice that is in the writer is waited for even when stopping: it holds what is ours. FALSE: stop, or it failed. */
static gboolean
hand_over (XhServerAutomatic *self, Slice *slice)
{
  gboolean goes_on;

  self->working = TRUE;
  for (;;)
    {
      XhCall *call = xh_call_new_job (NULL, run_slice, slice_finished, slice);

      if (xh_lane_push (self->writer, call))
        break;
      xh_call_free (call);
      if (wait_for_stop (self, RETRY_SECONDS))
        return FALSE;
    }
  g_mutex_lock (&self->lock);
  while (self->working)
    g_cond_wait (&self->woken, &self->lock);
  goes_on = !self->stopping && !slice->failed;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static gboolean
take_page (XhServerAutomatic *self, const XhKind *kind, const XhTransition *transition, GPtrArray *ids, XhAutomaticCount *count)
{
  g_autoptr (GPtrArray) part = g_ptr_array_new ();
  Slice slice = { .automatic = self, .kind = kind, .transition = transition, .ids = part };

  for (guint start = 0; start < ids->len; start += SLICE)
    {
      g_ptr_array_set_size (part, 0);
      for (guint i = start; i < MIN (start + SLICE, ids->len); i++)
        g_ptr_array_add (part, g_ptr_array_index (ids, i));
      if (!hand_over (self, &slice))
        return FALSE;
      count->taken += slice.count.taken;
      count->refused += slice.count.refused;
      count->left += slice.count.left;
    }
  return TRUE;
}

/* FALSE: stopped, or something failed. */
static gboolean
run_once (XhServerAutomatic *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  XhAutomaticPlace place = { 0 };
  XhAutomaticCount count = { 0 };
  const XhKind *kind;
  const XhTransition *transition;
  gboolean goes_on = TRUE;

  while (goes_on && xh_automatic_find (self->backend, &place, PAGE, ids, &kind, &transition, &error) && transition)
    goes_on = take_page (self, kind, transition, ids, &count);
  if (error)
    g_warning (_("Automatic steps: %s"), error->message);
  if (count.taken + count.refused + count.left > 0)
    g_message (_("Automatic steps: %u taken, %u not possible yet, %u left as people decided"), (guint) count.taken, (guint) count.refused,
               (guint) count.left);
  return goes_on && !error;
}

static gpointer
run_thread (gpointer data)
{
  XhServerAutomatic *self = data;
  GDate done, today;

  /* What failed is tried again at the next look, not the next day. */
  g_date_clear (&done, 1);
  do
    {
      xh_date_today (&today);
      if ((!g_date_valid (&done) || g_date_compare (&today, &done) != 0) && run_once (self))
        done = today;
    }
  while (!wait_for_stop (self, WATCH_SECONDS));
  return NULL;
}

XhServerAutomatic *
xh_server_automatic_start (const char *data, XhCatalog *catalog, XhLane *writer, GError **error)
{
  XhBackend *backend = xh_backend_open (data, catalog, TRUE, error);
  XhServerAutomatic *self;

  if (!backend)
    return NULL;
  self = g_new0 (XhServerAutomatic, 1);
  self->backend = backend;
  self->writer = writer;
  g_mutex_init (&self->lock);
  g_cond_init (&self->woken);
  self->thread = g_thread_new ("automatic", run_thread, self);
  return self;
}

void
xh_server_automatic_stop (XhServerAutomatic *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->woken);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  xh_backend_close (self->backend);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->woken);
  g_free (self);
}
