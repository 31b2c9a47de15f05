/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-engine-private.h"

#include "xh-round-private.h"

static guint records_changed_signal;

G_DEFINE_FINAL_TYPE (XhEngine, xh_engine, G_TYPE_OBJECT)

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
  XhEngineView old = { 0 };
  g_auto (GStrv) kinds = NULL;

  g_mutex_lock (&self->mutex);
  old = self->shown;
  self->shown = (XhEngineView) { 0 };
  xh_engine_view_copy (&self->view, &self->shown);
  kinds = take_kinds (self);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_unlock (&self->mutex);
  if (kinds[0] != NULL)
    g_signal_emit (self, records_changed_signal, 0, kinds);
  xh_engine_view_notify (G_OBJECT (self), &old, &self->shown);
  xh_engine_view_clear (&old);
}

static gboolean
show_cb (gpointer data)
{
  g_autoptr (XhEngine) self = g_object_ref (data);

  show (self);
  return G_SOURCE_REMOVE;
}

void
xh_engine_plan_show (XhEngine *self)
{
  if (self->source != NULL || self->machine.state == XH_MACHINE_STOPPED)
    return;
  self->source = g_idle_source_new ();
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->source, show_cb, self, NULL);
  g_source_attach (self->source, self->context);
}

static void
set_timer (XhEngine *self, XhMachineActions actions)
{
  const gboolean soon = (actions & XH_MACHINE_SOON) != 0;

  if (actions & (XH_MACHINE_REST | XH_MACHINE_ROUND))
    self->due = -1;
  else if (actions & (XH_MACHINE_PLAN | XH_MACHINE_SOON))
    self->due = g_get_monotonic_time () + (gint64) xh_machine_wait (&self->machine, soon, g_random_double ()) * 1000;
}

static void
set_line (XhEngine *self, XhMachineActions actions)
{
  if (self->view.live != self->machine.live)
    {
      self->view.live = self->machine.live;
      xh_engine_plan_show (self);
    }
  if (self->live == NULL)
    return;
  if (actions & XH_MACHINE_HANG_UP)
    xh_live_hang_up (self->live);
  if ((actions & XH_MACHINE_LISTEN) && self->session != NULL)
    xh_live_listen (self->live, self->session);
  if (actions & XH_MACHINE_RENEW)
    xh_live_renew (self->live);
}

void
xh_engine_do (XhEngine *self, XhMachineActions actions)
{
  self->round = self->round || (actions & XH_MACHINE_ROUND);
  self->count = self->count || (actions & XH_MACHINE_COUNT);
  set_timer (self, actions);
  set_line (self, actions);
  if ((actions & XH_MACHINE_CANCEL) && self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

void
xh_engine_take (XhEngine *self, XhMachineEvent event)
{
  xh_engine_do (self, xh_machine_take (&self->machine, event));
}

void
xh_engine_post (XhEngine *self, XhMachineEvent event)
{
  g_mutex_lock (&self->mutex);
  xh_engine_take (self, event);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, XhEngine *self)
{
  if (available)
    xh_engine_post (self, XH_MACHINE_NETWORK);
}

static void
xh_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  xh_engine_view_get_property (&XH_ENGINE (object)->shown, object, id, value, pspec);
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

  xh_engine_view_clear (&self->shown);
  xh_engine_view_clear (&self->view);
  g_free (self->token);
  g_free (self->session);
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

  object_class->get_property = xh_engine_get_property;
  object_class->dispose = xh_engine_dispose;
  object_class->finalize = xh_engine_finalize;
  xh_engine_view_install (object_class);
  records_changed_signal = g_signal_new ("records-changed", XH_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRV);
}

static void
xh_engine_init (XhEngine *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->over);
  self->due = -1;
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
    { XH_ENGINE_DIFFERS, "XH_ENGINE_DIFFERS", "differs" },
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
  self->cancellable = g_cancellable_new ();
  self->running = TRUE;
  self->round = self->count = FALSE;
  self->network_handler = g_signal_connect (g_network_monitor_get_default (), "network-changed", G_CALLBACK (network_changed_cb), self);
  xh_engine_post (self, XH_MACHINE_START);
  self->thread = g_thread_new ("xinheng-sync", xh_engine_run_thread, self);
}

void
xh_engine_sync_now (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  g_mutex_lock (&self->mutex);
  self->wished = TRUE;
  g_mutex_unlock (&self->mutex);
  xh_engine_post (self, XH_MACHINE_WISH);
}

void
xh_engine_saved (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  xh_engine_post (self, XH_MACHINE_SAVED);
}

void
xh_engine_set_token (XhEngine *self, const char *token)
{
  g_return_if_fail (XH_IS_ENGINE (self) && token != NULL);

  g_mutex_lock (&self->mutex);
  g_free (self->token);
  self->token = g_strdup (token);
  g_mutex_unlock (&self->mutex);
  xh_engine_post (self, XH_MACHINE_TOKEN);
}

void
xh_engine_cancel (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  if (self->thread == NULL)
    return;
  g_clear_signal_handler (&self->network_handler, g_network_monitor_get_default ());
  xh_engine_post (self, XH_MACHINE_STOP);
}

void
xh_engine_wait (XhEngine *self)
{
  g_return_if_fail (XH_IS_ENGINE (self));

  g_mutex_lock (&self->mutex);
  while (self->running && self->machine.state == XH_MACHINE_STOPPED)
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
  self->view.state = XH_ENGINE_STOPPED;
  g_clear_pointer (&self->view.message, g_free);
  show (self);
}

char *
xh_engine_dup_session (XhEngine *self)
{
  char *session;

  g_return_val_if_fail (XH_IS_ENGINE (self), NULL);

  g_mutex_lock (&self->mutex);
  session = g_strdup (self->token != NULL ? self->token : self->session);
  g_mutex_unlock (&self->mutex);
  return session;
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
