/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-watch.h"

#include "xh-work-reading.h"

#include "model/xh-calendar.h"

#define SOON_MS 400
#define DAY_CHECK_SECONDS 60
#define KEY "xh-work-watch"

struct _XhWorkWatch
{
  GObject parent_instance;

  XhSession *session;        /* (not owned) it owns us */
  GCancellable *cancellable; /* (owned) (nullable) of the count under way */
  XhWork *work;              /* (owned) (nullable) */
  GHashTable *kinds;         /* (owned) name → XhWorkTally */
  XhWorkTally total;
  char *fault;               /* (owned) (nullable) */
  gboolean again;            /* news came while counting */
  guint soon_source, day_source;
  guint32 day;               /* of the last count, as a julian day */
};

G_DEFINE_FINAL_TYPE (XhWorkWatch, xh_work_watch, G_TYPE_OBJECT)

static guint changed_signal;

static guint32
get_day (void)
{
  GDate today;

  xh_date_today (&today);

  return g_date_get_julian (&today);
}

static XhWorkTally
tally (const gint64 *counts)
{
  return (XhWorkTally) {
    .overdue = counts[XH_WORK_OVERDUE],
    .soon = counts[XH_WORK_TODAY] + counts[XH_WORK_WEEK],
    .review = counts[XH_WORK_REVIEW],
    .returned = counts[XH_WORK_RETURNED],
  };
}

static void
take (XhWorkWatch *self, XhWork *work)
{
  g_clear_pointer (&self->work, xh_work_free);
  self->work = work;
  self->total = tally (work->counts);
  g_hash_table_remove_all (self->kinds);
  for (guint i = 0; i < work->kinds->len; i++)
    {
      const XhWorkKind *row = &g_array_index (work->kinds, XhWorkKind, i);
      XhWorkTally *counts = g_new (XhWorkTally, 1);

      *counts = tally (row->counts);
      g_hash_table_insert (self->kinds, row->kind->name, counts);
    }
}

static gpointer
count_in_reader (XhStore *store, gpointer who, GCancellable *cancellable, GError **error)
{
  return xh_store_work_counts (store, who, NULL, error);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhWorkWatch) self = data;
  g_autoptr (GError) error = NULL;
  XhWork *work = xh_worker_finish (XH_WORKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->fault, g_free);
  if (work != NULL)
    take (self, work);
  else
    self->fault = g_strdup (error->message);
  g_signal_emit (self, changed_signal, 0);
  if (self->again)
    xh_work_watch_refresh (self);
}

void
xh_work_watch_refresh (XhWorkWatch *self)
{
  g_return_if_fail (XH_IS_WORK_WATCH (self));

  g_clear_handle_id (&self->soon_source, g_source_remove);
  if (self->session == NULL || xh_session_get_reader (self->session) == NULL)
    return;

  self->again = self->cancellable != NULL;
  if (self->again)
    return;

  self->cancellable = g_cancellable_new ();
  self->day = get_day ();
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_DEFAULT, count_in_reader,
                 xh_work_who_of_session (self->session), xh_work_who_free, (GDestroyNotify) xh_work_free, self->cancellable,
                 counted_cb, g_object_ref (self));
}

static gboolean
soon_cb (gpointer data)
{
  XhWorkWatch *self = data;

  self->soon_source = 0;
  xh_work_watch_refresh (self);

  return G_SOURCE_REMOVE;
}

/* A pull tells of every page that came in: the first news is counted soon, what comes meanwhile goes with it. */
static void
changed_cb (XhWorkWatch *self)
{
  if (self->soon_source == 0)
    self->soon_source = g_timeout_add (SOON_MS, soon_cb, self);
}

/* What was due tomorrow is due today. */
static gboolean
day_cb (gpointer data)
{
  XhWorkWatch *self = data;

  if (get_day () != self->day)
    xh_work_watch_refresh (self);

  return G_SOURCE_CONTINUE;
}

static void
xh_work_watch_dispose (GObject *object)
{
  XhWorkWatch *self = XH_WORK_WATCH (object);

  g_clear_handle_id (&self->soon_source, g_source_remove);
  g_clear_handle_id (&self->day_source, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->session = NULL;

  G_OBJECT_CLASS (xh_work_watch_parent_class)->dispose (object);
}

static void
xh_work_watch_finalize (GObject *object)
{
  XhWorkWatch *self = XH_WORK_WATCH (object);

  g_clear_pointer (&self->work, xh_work_free);
  g_hash_table_unref (self->kinds);
  g_free (self->fault);

  G_OBJECT_CLASS (xh_work_watch_parent_class)->finalize (object);
}

static void
xh_work_watch_class_init (XhWorkWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_work_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_work_watch_finalize;

  changed_signal = g_signal_new ("changed", XH_TYPE_WORK_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_work_watch_init (XhWorkWatch *self)
{
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

static void
let_go (gpointer data)
{
  XhWorkWatch *self = data;

  g_object_run_dispose (G_OBJECT (self));
  g_object_unref (self);
}

XhWorkWatch *
xh_work_watch_of (XhSession *session)
{
  XhWorkWatch *self;

  g_return_val_if_fail (XH_IS_SESSION (session), NULL);

  self = g_object_get_data (G_OBJECT (session), KEY);
  if (self != NULL)
    return self;

  self = g_object_new (XH_TYPE_WORK_WATCH, NULL);
  self->session = session;
  g_object_set_data_full (G_OBJECT (session), KEY, self, let_go);
  g_signal_connect_object (session, "records-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::unsent", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->day_source = g_timeout_add_seconds (DAY_CHECK_SECONDS, day_cb, self);
  xh_work_watch_refresh (self);

  return self;
}

const XhWorkTally *
xh_work_watch_get_total (XhWorkWatch *self)
{
  g_return_val_if_fail (XH_IS_WORK_WATCH (self), NULL);

  return &self->total;
}

const XhWorkTally *
xh_work_watch_get_kind (XhWorkWatch *self, const char *kind)
{
  static const XhWorkTally nothing;
  const XhWorkTally *counts;

  g_return_val_if_fail (XH_IS_WORK_WATCH (self), &nothing);

  counts = g_hash_table_lookup (self->kinds, kind);

  return counts != NULL ? counts : &nothing;
}

const XhWork *
xh_work_watch_get (XhWorkWatch *self)
{
  g_return_val_if_fail (XH_IS_WORK_WATCH (self), NULL);

  return self->work;
}

const char *
xh_work_watch_get_fault (XhWorkWatch *self)
{
  g_return_val_if_fail (XH_IS_WORK_WATCH (self), NULL);

  return self->fault;
}
