/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the automatic steps are taken: once the server listens, and whenever the local date has changed; values that hang on other records are
 * settled once nobody writes: what a push changes one by one is then computed once, and not on the processor that the push needs. Where
 * people never stop, it is held back for half a minute and then goes on among them. A thread and connection of its own find the records, a
 * page at a time; the writer takes them in small slices among what people send, so that nobody waits longer than for one slice. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>

#include "xh-automatic.h"
#include "xh-ledger.h"
#include "xh-settle.h"

#define PAGE 200          /* records found at once: what memory holds */
#define SLICE 20          /* records in one job of the writer, about ten milliseconds */
#define ENTRIES 2000      /* of the ledger, looked at together: what several of them touch is computed once */
#define QUIET G_TIME_SPAN_SECOND /* so long nobody has written */
#define PATIENCE (30 * G_TIME_SPAN_SECOND) /* no longer is settling held back by people who write */
#define WATCH_SECONDS 1   /* the date and the end of the ledger are looked at so often: clocks are set, machines sleep */
#define FAILED_SECONDS 300 /* and so long after something failed */
#define RETRY_SECONDS 2

struct _XhServerAutomatic
{
  GThread *thread;    /* (owned) */
  XhBackend *backend; /* (owned) the thread's */
  XhStale *stale;     /* (owned) the thread's */
  gint64 settled;     /* the thread's: entries of the ledger up to here are settled */
  gint64 patient;     /* the thread's: until then it waits for a quiet moment */
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
  const XhTransition *transition; /* (nullable) values are settled */
  gint64 settled;           /* the entry up to which they are, once these are; 0: not yet known */
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
  if (slice->transition)
    slice->failed = !xh_automatic_take (backend, slice->kind, slice->transition, slice->ids, &slice->count, &error);
  else
    slice->failed = !xh_settle_take (backend, slice->ids, &slice->count.taken, &error)
                    || (slice->settled > 0 && !xh_settle_set_number (backend, slice->settled, &error));
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
wait_for_stop (XhServerAutomatic *self, gint64 until)
{
  gboolean stopping;

  g_mutex_lock (&self->lock);
  while (!self->stopping && g_cond_wait_until (&self->woken, &self->lock, until))
    ;
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return stopping;
}

static gboolean
pause_for (XhServerAutomatic *self, guint seconds)
{
  return wait_for_stop (self, g_get_monotonic_time () + (gint64) seconds * G_TIME_SPAN_SECOND);
}

/* Waits for a quiet moment as long as there is patience. TRUE: stop. */
static gboolean
hold_back (XhServerAutomatic *self)
{
  for (;;)
    {
      const gint64 now = g_get_monotonic_time (), rest = QUIET - xh_lane_get_quiet (self->writer);

      if (rest <= 0 || now >= self->patient)
        return FALSE;
      if (wait_for_stop (self, MIN (now + rest, self->patient)))
        return TRUE;
    }
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
      if (pause_for (self, RETRY_SECONDS))
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

/* Hands over those whose values come out different. FALSE: stopped, or something failed. */
static gboolean
judge_rids (XhServerAutomatic *self, GArray *rids, GPtrArray *ids, guint64 *n, GError **error)
{
  Slice slice = { .automatic = self, .ids = ids };

  for (guint i = 0; i < rids->len; i++)
    {
      char *id;

      if (hold_back (self) || !xh_settle_judge (self->backend, g_array_index (rids, gint64, i), &id, error))
        return FALSE;
      if (id)
        g_ptr_array_add (ids, id);
      if (ids->len < SLICE)
        continue;
      if (!hand_over (self, &slice))
        return FALSE;
      *n += slice.count.taken;
      g_ptr_array_set_size (ids, 0);
    }
  return TRUE;
}

/* Sums are fetched once for all of them: what changes one meanwhile is a later entry of the ledger, which finds them again, and the writer
 * computes anew what it takes. */
static gboolean
settle_rids (XhServerAutomatic *self, GArray *rids, guint64 *n, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Slice slice = { .automatic = self, .ids = ids };
  gboolean judged;

  xh_store_remember_sums (self->backend->store, TRUE);
  judged = judge_rids (self, rids, ids, n, error);
  xh_store_remember_sums (self->backend->store, FALSE);
  slice.settled = self->settled;
  if (!judged || !hand_over (self, &slice))
    return FALSE;
  *n += slice.count.taken;
  return TRUE;
}

/* Until the end of the ledger, which grows by what is settled: others may hang on that. */
static gboolean
settle_to_end (XhServerAutomatic *self, guint64 *n, GError **error)
{
  gint64 head = 0;

  for (;;)
    {
      g_autoptr (GArray) rids = NULL;
      const gint64 settled = self->settled;

      if (!xh_ledger_head (self->backend, &head, NULL, error))
        return FALSE;
      if (self->settled >= head)
        return TRUE;
      if (hold_back (self) || !xh_settle_read (self->backend, self->stale, &self->settled, ENTRIES, &rids, error))
        return FALSE;
      if (settle_rids (self, rids, n, error))
        continue;
      self->settled = settled;
      return FALSE;
    }
}

static gboolean
settle (XhServerAutomatic *self)
{
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  gboolean goes_on;

  self->patient = g_get_monotonic_time () + PATIENCE;
  goes_on = settle_to_end (self, &n, &error);
  if (error)
    g_warning (_("Values that hang on other records: %s"), error->message);
  if (n > 0)
    g_debug ("%u records hold values that hang on others and were computed again", (guint) n);
  return goes_on;
}

static gpointer
run_thread (gpointer data)
{
  XhServerAutomatic *self = data;
  gboolean failed;
  GDate done, today;

  /* What failed is tried again, not the next day. */
  g_date_clear (&done, 1);
  self->settled = xh_settle_get_number (self->backend);
  do
    {
      xh_date_today (&today);
      failed = FALSE;
      if (!g_date_valid (&done) || g_date_compare (&today, &done) != 0)
        {
          failed = !run_once (self);
          if (!failed)
            done = today;
        }
      failed = failed || !settle (self);
    }
  while (!pause_for (self, failed ? FAILED_SECONDS : WATCH_SECONDS));
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
  self->stale = xh_stale_new (catalog, XH_STALE_ALL);
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
  xh_stale_free (self->stale);
  xh_backend_close (self->backend);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->woken);
  g_free (self);
}
