/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-engine.h"

#include <glib/gi18n-lib.h>

#include "xh-round-private.h"

#define POLL_SECONDS 30
#define FIRST_WAIT_MS 2000
#define LONGEST_WAIT_MS (5 * 60 * 1000)
#define INDEX_ROWS 2000

/* What the owner sees. The thread keeps one, the owner shows another; an idle source brings them together. */
typedef struct
{
  XhEngineState state;
  char *message, *last_contact; /* (owned) (nullable) */
  guint pending, tray, received, total;
  gboolean catalog_changed;
} View;

struct _XhEngine
{
  GObject parent_instance;

  XhDesk *desk;           /* (not owned) */
  GMainContext *context;  /* (owned) the owner's */
  GThread *thread;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while the thread runs */
  gulong network_handler;
  View shown;             /* the owner's thread only */

  GMutex mutex;           /* guards what follows */
  GCond wake;
  GCond over;
  gboolean stop, wish, saved;
  gboolean ended;         /* the thread has nothing more to do */
  char *token;            /* (owned) (nullable) new, for the thread to take */
  View view;
  GHashTable *kinds;      /* (owned) changed and not yet told */
  GSource *source;        /* (owned) (nullable) will tell */
};

/* What only the thread knows. */
typedef struct
{
  XhEngine *engine;
  XhStore *store;
  XhClient *client;
  gboolean has_token;
  guint failures;         /* in a row */
  XhEngineState state;    /* after the last round */
  XhRound round;
} Work;

enum { PROP_0, PROP_STATE, PROP_MESSAGE, PROP_PENDING, PROP_TRAY, PROP_LAST_CONTACT, PROP_RECEIVED, PROP_TOTAL, PROP_CATALOG_CHANGED, N_PROPS };

static GParamSpec *props[N_PROPS];
static guint records_changed_signal;

G_DEFINE_FINAL_TYPE (XhEngine, xh_engine, G_TYPE_OBJECT)

static void
view_clear (View *view)
{
  g_clear_pointer (&view->message, g_free);
  g_clear_pointer (&view->last_contact, g_free);
}

static void
view_copy (const View *source, View *target)
{
  View copy = *source;

  copy.message = g_strdup (source->message);
  copy.last_contact = g_strdup (source->last_contact);
  view_clear (target);
  *target = copy;
}

/* --- the owner's side */

static void
notify_differences (XhEngine *self, const View *old, const View *new)
{
  const gboolean differs[N_PROPS] = {
    [PROP_STATE] = old->state != new->state,
    [PROP_MESSAGE] = g_strcmp0 (old->message, new->message) != 0,
    [PROP_PENDING] = old->pending != new->pending,
    [PROP_TRAY] = old->tray != new->tray,
    [PROP_LAST_CONTACT] = g_strcmp0 (old->last_contact, new->last_contact) != 0,
    [PROP_RECEIVED] = old->received != new->received,
    [PROP_TOTAL] = old->total != new->total,
    [PROP_CATALOG_CHANGED] = old->catalog_changed != new->catalog_changed,
  };

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    if (differs[i])
      g_object_notify_by_pspec (G_OBJECT (self), props[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static GStrv
take_kinds (XhEngine *self)
{
  GStrv kinds = (GStrv) g_hash_table_get_keys_as_array (self->kinds, NULL);

  for (guint i = 0; kinds[i] != NULL; i++)
    kinds[i] = g_strdup (kinds[i]);
  g_hash_table_remove_all (self->kinds);
  return kinds;
}

/* The rows first: whoever hears "settled" may trust that it has seen them. */
static void
show (XhEngine *self)
{
  View old = { 0 };
  g_auto (GStrv) kinds = NULL;

  g_mutex_lock (&self->mutex);
  old = self->shown;
  self->shown = (View) { 0 };
  view_copy (&self->view, &self->shown);
  kinds = take_kinds (self);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);
  if (kinds[0] != NULL)
    g_signal_emit (self, records_changed_signal, 0, kinds);
  notify_differences (self, &old, &self->shown);
  view_clear (&old);
}

static gboolean
show_cb (gpointer data)
{
  g_autoptr (XhEngine) self = g_object_ref (data);

  show (self);
  return G_SOURCE_REMOVE;
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, XhEngine *self)
{
  if (available)
    xh_engine_sync_now (self);
}

/* --- the thread's side */

/* With the mutex held. One idle source tells of everything that has changed until it runs. */
static void
plan_show (XhEngine *self)
{
  if (self->source != NULL || self->stop)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, show_cb, self, NULL);
  g_source_attach (self->source, self->context);
}

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
set_state (XhEngine *self, XhEngineState state, const char *message)
{
  self->view.state = state;
  g_free (self->view.message);
  self->view.message = g_strdup (message);
  plan_show (self);
}

/* Counts are read from the store each time: whoever has written to it, they are right. State and counts are told together:
 * whoever hears "settled" may trust them. */
static void
publish (Work *work, XhEngineState state, const char *message)
{
  XhEngine *self = work->engine;
  guint pending = xh_store_outbox_count (work->store), tray = xh_store_tray_count (work->store);
  g_autofree char *last_contact = xh_store_meta_get (work->store, "last-contact");

  g_mutex_lock (&self->mutex);
  self->view.pending = pending;
  self->view.tray = tray;
  self->view.received = (guint) MIN (work->round.received, G_MAXUINT);
  self->view.total = (guint) MIN (work->round.total, G_MAXUINT);
  self->view.catalog_changed = work->round.catalog_changed;
  g_free (self->view.last_contact);
  self->view.last_contact = g_steal_pointer (&last_contact);
  move_kinds (work->round.kinds, self->kinds);
  set_state (self, state, message);
  g_mutex_unlock (&self->mutex);
}

static void
progress_cb (XhRound *round, gpointer data)
{
  publish (data, XH_ENGINE_SYNCING, NULL);
}

static XhEngineState
state_after (const GError *error)
{
  if (error == NULL)
    return XH_ENGINE_SETTLED;
  if (g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE))
    return XH_ENGINE_OFFLINE;
  return g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN) ? XH_ENGINE_SIGN_IN : XH_ENGINE_FAULT;
}

static void
take_token (Work *work)
{
  XhEngine *self = work->engine;
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->mutex);
  token = g_steal_pointer (&self->token);
  g_mutex_unlock (&self->mutex);
  if (token == NULL)
    return;
  xh_client_set_token (work->client, token);
  work->has_token = TRUE;
  if (!xh_store_meta_set (work->store, "token", token, &error))
    g_warning ("The session is not kept: %s", error->message);
}

static void
run_round (Work *work)
{
  g_autoptr (GError) error = NULL;
  XhEngineState state;

  take_token (work);
  publish (work, XH_ENGINE_SYNCING, NULL);
  if (!work->has_token)
    g_set_error_literal (&error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN, _("Sign in again to send and receive"));
  else
    xh_round_run (&work->round, &error);
  state = state_after (error);
  work->failures = state == XH_ENGINE_OFFLINE || state == XH_ENGINE_FAULT ? work->failures + 1 : 0;
  work->round.received = work->round.total = 0;
  work->state = state;
  publish (work, state, error != NULL ? error->message : NULL);
}

/* Milliseconds until the next try by itself; -1: none. Half of a wait is left to chance. */
static gint64
find_wait (Work *work)
{
  guint wait;

  if (work->state == XH_ENGINE_SIGN_IN)
    return -1;
  if (work->state == XH_ENGINE_SETTLED)
    return POLL_SECONDS * 1000 + g_random_int_range (0, 1000);
  wait = MIN (FIRST_WAIT_MS << MIN (work->failures - 1, 10), LONGEST_WAIT_MS);
  return wait / 2 + (guint) g_random_int_range (0, (int) wait / 2);
}

static gboolean
is_disturbed (XhEngine *self)
{
  gboolean disturbed;

  g_mutex_lock (&self->mutex);
  disturbed = self->stop || self->wish || self->saved || self->token != NULL;
  g_mutex_unlock (&self->mutex);
  return disturbed;
}

/* What a large pull left for the search index is entered when there is nothing better to do. */
static void
index_rest (Work *work)
{
  guint left = 1;

  while (left > 0 && !is_disturbed (work->engine))
    if (!xh_store_index (work->store, INDEX_ROWS, &left, NULL))
      return;
}

static void
count_again (Work *work)
{
  g_autofree char *message = g_strdup (work->engine->view.message);

  publish (work, work->state, message);
}

/* Until somebody wishes it, or the time has come. TRUE: another round. A save while it waits after a failure is only counted. */
static gboolean
wait_for_round (Work *work)
{
  XhEngine *self = work->engine;
  gint64 wait = find_wait (work), end = g_get_monotonic_time () + wait * 1000;
  gboolean go = FALSE;

  g_mutex_lock (&self->mutex);
  while (!self->stop && !go)
    {
      go = self->wish || self->token != NULL || (self->saved && work->state == XH_ENGINE_SETTLED)
           || (wait >= 0 && g_get_monotonic_time () >= end);
      if (self->wish || self->token != NULL)
        work->failures = 0;
      if (!go && self->saved)
        {
          self->saved = FALSE;
          g_mutex_unlock (&self->mutex);
          count_again (work);
          g_mutex_lock (&self->mutex);
        }
      else if (!go && wait < 0)
        g_cond_wait (&self->wake, &self->mutex);
      else if (!go)
        g_cond_wait_until (&self->wake, &self->mutex, end);
    }
  self->wish = self->saved = FALSE;
  go = !self->stop;
  g_mutex_unlock (&self->mutex);
  return go;
}

static void
work_in_store (XhEngine *self, XhStore *store)
{
  g_autoptr (XhClient) client = xh_client_new (self->desk->server, self->desk->device);
  Work work = { .engine = self, .store = store, .client = client };
  g_autofree char *token = xh_store_meta_get (store, "token");

  xh_round_init (&work.round, self->desk, store, client);
  work.round.cancellable = self->cancellable;
  work.round.progress = progress_cb;
  work.round.data = &work;
  xh_client_set_token (client, token);
  work.has_token = token != NULL;
  xh_store_set_cancellable (store, self->cancellable);
  do
    {
      run_round (&work);
      index_rest (&work);
    }
  while (wait_for_round (&work));
  xh_store_set_cancellable (store, NULL);
  xh_round_clear (&work.round);
}

/* A store that does not open is tried again when somebody asks: a disk may be full, another program may hold it. */
static gboolean
wait_for_wish (XhEngine *self)
{
  gboolean go;

  g_mutex_lock (&self->mutex);
  while (!self->stop && !self->wish)
    g_cond_wait (&self->wake, &self->mutex);
  go = !self->stop;
  self->wish = FALSE;
  g_mutex_unlock (&self->mutex);
  return go;
}

static void
run_rounds (XhEngine *self)
{
  g_autofree char *path = xh_desk_store_path (self->desk);

  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (XhStore) store = xh_store_open (path, self->desk->catalog, XH_STORE_CLIENT, &error);

      if (store != NULL)
        {
          work_in_store (self, store);
          return;
        }
      g_mutex_lock (&self->mutex);
      set_state (self, XH_ENGINE_FAULT, error->message);
      g_mutex_unlock (&self->mutex);
    }
  while (wait_for_wish (self));
}

static gpointer
run_thread (gpointer data)
{
  XhEngine *self = data;

  run_rounds (self);
  g_mutex_lock (&self->mutex);
  self->ended = TRUE;
  g_cond_broadcast (&self->over);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* --- the object */

static void
xh_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  XhEngine *self = XH_ENGINE (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) self->shown.state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->shown.message);
      break;
    case PROP_PENDING:
      g_value_set_uint (value, self->shown.pending);
      break;
    case PROP_TRAY:
      g_value_set_uint (value, self->shown.tray);
      break;
    case PROP_LAST_CONTACT:
      g_value_set_string (value, self->shown.last_contact);
      break;
    case PROP_RECEIVED:
      g_value_set_uint (value, self->shown.received);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->shown.total);
      break;
    case PROP_CATALOG_CHANGED:
      g_value_set_boolean (value, self->shown.catalog_changed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_engine_dispose (GObject *object)
{
  xh_engine_stop (XH_ENGINE (object));
  G_OBJECT_CLASS (xh_engine_parent_class)->dispose (object);
}

static void
xh_engine_finalize (GObject *object)
{
  XhEngine *self = XH_ENGINE (object);

  view_clear (&self->shown);
  view_clear (&self->view);
  g_free (self->token);
  g_hash_table_unref (self->kinds);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->over);
  G_OBJECT_CLASS (xh_engine_parent_class)->finalize (object);
}

static void
xh_engine_class_init (XhEngineClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = xh_engine_get_property;
  object_class->dispose = xh_engine_dispose;
  object_class->finalize = xh_engine_finalize;
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, XH_TYPE_ENGINE_STATE, XH_ENGINE_STOPPED, flags);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  props[PROP_PENDING] = g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_TRAY] = g_param_spec_uint ("tray", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_LAST_CONTACT] = g_param_spec_string ("last-contact", NULL, NULL, NULL, flags);
  props[PROP_RECEIVED] = g_param_spec_uint ("received", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_CATALOG_CHANGED] = g_param_spec_boolean ("catalog-changed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  records_changed_signal = g_signal_new ("records-changed", XH_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRV);
}

static void
xh_engine_init (XhEngine *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->over);
  self->context = g_main_context_ref_thread_default ();
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

GType
xh_engine_state_get_type (void)
{
  static const GEnumValue values[] = {
    { XH_ENGINE_STOPPED, "XH_ENGINE_STOPPED", "stopped" },
    { XH_ENGINE_SYNCING, "XH_ENGINE_SYNCING", "syncing" },
    { XH_ENGINE_SETTLED, "XH_ENGINE_SETTLED", "settled" },
    { XH_ENGINE_OFFLINE, "XH_ENGINE_OFFLINE", "offline" },
    { XH_ENGINE_SIGN_IN, "XH_ENGINE_SIGN_IN", "sign-in" },
    { XH_ENGINE_FAULT, "XH_ENGINE_FAULT", "fault" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("XhEngineState", values));
  return type;
}

XhEngine *
xh_engine_new (XhDesk *desk)
{
  XhEngine *self = g_object_new (XH_TYPE_ENGINE, NULL);

  self->desk = desk;
  self->shown.last_contact = g_strdup (desk->last_contact);
  self->view.last_contact = g_strdup (desk->last_contact);
  self->token = g_strdup (desk->profile->token);
  return self;
}

void
xh_engine_start (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  if (self->thread != NULL)
    return;
  self->stop = self->ended = FALSE;
  self->cancellable = g_cancellable_new ();
  self->network_handler = g_signal_connect (g_network_monitor_get_default (), "network-changed", G_CALLBACK (network_changed_cb), self);
  self->thread = g_thread_new ("xinheng-sync", run_thread, self);
}

static void
wake (XhEngine *self, gboolean *flag)
{
  g_mutex_lock (&self->mutex);
  *flag = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

void
xh_engine_sync_now (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  wake (self, &self->wish);
}

void
xh_engine_saved (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  wake (self, &self->saved);
}

void
xh_engine_set_token (XhEngine *self, const char *token)
{
  g_return_if_fail (XH_IS_ENGINE (self) && token != NULL);

  g_mutex_lock (&self->mutex);
  g_free (self->token);
  self->token = g_strdup (token);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

void
xh_engine_cancel (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  if (self->thread == NULL)
    return;
  g_clear_signal_handler (&self->network_handler, g_network_monitor_get_default ());
  g_cancellable_cancel (self->cancellable);
  wake (self, &self->stop);
}

void
xh_engine_wait (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  g_mutex_lock (&self->mutex);
  while (self->stop && !self->ended)
    g_cond_wait (&self->over, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

void
xh_engine_stop (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  if (self->thread == NULL)
    return;
  xh_engine_cancel (self);
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_object (&self->cancellable);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_mutex_lock (&self->mutex);
  set_state (self, XH_ENGINE_STOPPED, NULL);
  g_mutex_unlock (&self->mutex);
  show (self);
}

XhEngineState
xh_engine_get_state (XhEngine *self)
{
  g_return_val_if_fail (XH_IS_ENGINE (self), XH_ENGINE_STOPPED);

  return self->shown.state;
}

static void
take_changed (GHashTable *kinds, GPtrArray *changed_kinds)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    g_ptr_array_add (changed_kinds, g_strdup (kind));
}

gboolean
xh_engine_run_once (XhDesk *desk, XhStore *store, XhClient *client, GPtrArray *changed_kinds, GCancellable *c, GError **error)
{
  g_auto (XhRound) round = { 0 };
  gboolean done;

  xh_round_init (&round, desk, store, client);
  round.cancellable = c;
  done = xh_round_run (&round, error);
  if (changed_kinds != NULL)
    take_changed (round.kinds, changed_kinds);
  return done;
}
