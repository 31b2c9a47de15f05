/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-session.h"

#include <glib/gi18n-lib.h>

#include "xh-log-entry-private.h"
#include "xh-session-private.h"

#define LOG_MAX 200
#define LOG_KINDS 5 /* named in one line */

G_DEFINE_FINAL_TYPE (XhSession, xh_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_UNSENT,
  PROP_TRAY,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_LAST_CONTACT,
  N_PROPS
};

enum
{
  RECORDS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the sign-in thread hands to the main thread. */
typedef struct
{
  char *data_folder, *server, *login, *password; /* (owned) */
  XhDesk *desk;                                  /* (owned) (nullable) */
  XhStore *store;                                /* (owned) (nullable) */
  XhWorker *reader, *writer;                     /* (owned) (nullable) */
} SignIn;

static void
sign_in_free (SignIn *job)
{
  g_free (job->data_folder);
  g_free (job->server);
  g_free (job->login);
  g_free (job->password);
  if (job->reader != NULL)
    xh_worker_close (job->reader);
  if (job->writer != NULL)
    xh_worker_close (job->writer);
  g_clear_object (&job->reader);
  g_clear_object (&job->writer);
  g_clear_pointer (&job->store, xh_store_close);
  g_clear_pointer (&job->desk, xh_desk_free);
  g_free (job);
}

static SignIn *
sign_in_new (const char *data_folder, const char *server, const char *login, const char *password)
{
  SignIn *job = g_new0 (SignIn, 1);

  job->data_folder = g_strdup (data_folder);
  job->server = g_strdup (server);
  job->login = g_strdup (login);
  job->password = g_strdup (password);

  return job;
}

/* The writer comes first: it makes and migrates the database that the others read. */
static gboolean
open_stores (SignIn *job, GError **error)
{
  g_autofree char *path = xh_desk_store_path (job->desk);
  XhCatalog *catalog = job->desk->catalog;

  job->writer = xh_worker_new ("writer", path, catalog, XH_STORE_CLIENT, error);
  if (job->writer == NULL)
    return FALSE;

  job->reader = xh_worker_new ("reader", path, catalog, XH_STORE_READ_ONLY, error);
  if (job->reader == NULL)
    return FALSE;

  job->store = xh_store_open (path, catalog, XH_STORE_READ_ONLY, error);

  return job->store != NULL;
}

static void
sign_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SignIn *job = data;
  GError *error = NULL;

  job->desk = xh_desk_open (job->data_folder, job->server, job->login, job->password, cancellable, &error);
  if (job->desk == NULL || !open_stores (job, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  xh_desk_clean (job->desk);
  g_task_return_boolean (task, TRUE);
}

static void
renew_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SignIn *job = data;
  GError *error = NULL;

  job->desk = xh_desk_sign_in (job->data_folder, job->server, job->login, job->password, cancellable, &error);
  if (job->desk == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
write_log (XhSession *self, const char *text, gboolean fault)
{
  g_autoptr (XhLogEntry) first = g_list_model_get_item (G_LIST_MODEL (self->log), 0);
  g_autoptr (XhLogEntry) entry = NULL;

  if (first != NULL && g_str_equal (xh_log_entry_get_text (first), text))
    return;

  entry = xh_log_entry_new (text, fault);
  g_list_store_insert (self->log, 0, entry);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->log)) > LOG_MAX)
    g_list_store_remove (self->log, LOG_MAX);
}

static void
update_counts (XhSession *self)
{
  /* The last write may be told after the session was closed. */
  if (self->store == NULL)
    return;

  const guint unsent = xh_store_outbox_count (self->store);
  const guint tray = xh_store_tray_count (self->store);

  if (unsent != self->unsent)
    {
      self->unsent = unsent;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSENT]);
    }
  if (tray != self->tray)
    {
      self->tray = tray;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRAY]);
    }
}

static char *
describe_state (XhSession *self, gboolean *fault)
{
  g_autofree char *message = NULL;

  *fault = FALSE;
  g_object_get (self->engine, "message", &message, NULL);

  switch (xh_engine_get_state (self->engine))
    {
    case XH_ENGINE_SETTLED:
      *fault = message != NULL;
      if (message != NULL)
        return g_steal_pointer (&message);
      return g_strdup (_("Everything is sent and all news is here."));
    case XH_ENGINE_OFFLINE:
      return g_strdup (_("No contact with the server. Work goes on; it will be tried again."));
    case XH_ENGINE_SIGN_IN:
      *fault = TRUE;
      return g_strdup (_("The server asks for the password again."));
    case XH_ENGINE_FAULT:
      *fault = TRUE;
      return message != NULL ? g_steal_pointer (&message) : g_strdup (_("Synchronisation failed."));
    case XH_ENGINE_DIFFERS:
      *fault = TRUE;
      return message != NULL ? g_steal_pointer (&message) : g_strdup (_("The server is not the one that this computer knows."));
    case XH_ENGINE_STOPPED:
    case XH_ENGINE_SYNCING:
    default:
      return NULL;
    }
}

static void
engine_notify_cb (XhEngine *engine, GParamSpec *pspec, XhSession *self)
{
  if (g_str_equal (pspec->name, "state"))
    {
      gboolean fault;
      g_autofree char *text = describe_state (self, &fault);

      if (text != NULL)
        write_log (self, text, fault);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  else if (g_str_equal (pspec->name, "message"))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  else if (g_str_equal (pspec->name, "clock-difference") || g_str_equal (pspec->name, "live"))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  else if (g_str_equal (pspec->name, "last-contact"))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_CONTACT]);

  update_counts (self);
}

static void
engine_records_changed_cb (XhEngine *engine, GStrv kinds, XhSession *self)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *text = NULL;
  guint n = 0;

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      const XhKind *kind = xh_catalog_find_kind (self->desk->catalog, kinds[i]);

      if (kind == NULL || ++n > LOG_KINDS)
        continue;
      if (names->len > 0)
        g_string_append (names, _(", "));
      g_string_append (names, xh_label_get (&kind->label));
    }

  /* Translators: %s is a list of registers. */
  text = n <= LOG_KINDS ? g_strdup_printf (_("News came in: %s"), names->str)
                        : g_strdup_printf (ngettext ("News came in: %s and %u more register", "News came in: %s and %u more registers",
                                                     n - LOG_KINDS), names->str, n - LOG_KINDS);
  write_log (self, text, FALSE);
  update_counts (self);
  g_signal_emit (self, signals[RECORDS_CHANGED], 0, kinds);
}

static XhSession *
session_new (SignIn *job)
{
  XhSession *self = g_object_new (XH_TYPE_SESSION, NULL);

  self->data_folder = g_steal_pointer (&job->data_folder);
  self->desk = g_steal_pointer (&job->desk);
  self->store = g_steal_pointer (&job->store);
  self->reader = g_steal_pointer (&job->reader);
  self->writer = g_steal_pointer (&job->writer);
  self->engine = xh_engine_new (self->desk);
  g_signal_connect_object (self->engine, "notify", G_CALLBACK (engine_notify_cb), self, 0);
  g_signal_connect_object (self->engine, "records-changed", G_CALLBACK (engine_records_changed_cb), self, 0);
  update_counts (self);
  write_log (self, self->desk->offline ? _("Signed in without the network.") : _("Signed in at the server."), FALSE);
  xh_engine_start (self->engine);

  return self;
}

/* --- saving --- */

typedef struct
{
  XhRecord *record;   /* (owned) */
  GPtrArray *changed; /* (owned) */
  char *author;       /* (owned) */
} Save;

static void
save_free (Save *save)
{
  xh_record_free (save->record);
  g_ptr_array_unref (save->changed);
  g_free (save->author);
  g_free (save);
}

static gpointer
save_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Save *save = data;

  return GINT_TO_POINTER (xh_store_save (store, save->record, save->changed, save->author, error));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (xh_worker_finish (XH_WORKER (source), result, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  const char *kinds[] = { g_task_get_task_data (task), NULL };
  xh_session_saved (g_task_get_source_object (task), kinds);
  g_task_return_boolean (task, TRUE);
}

/* --- object --- */

static void
xh_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  XhSession *self = XH_SESSION (object);

  switch (id)
    {
    case PROP_UNSENT:
      g_value_set_uint (value, self->unsent);
      break;
    case PROP_TRAY:
      g_value_set_uint (value, self->tray);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->engine != NULL ? xh_engine_get_state (self->engine) : XH_ENGINE_STOPPED);
      break;
    case PROP_MESSAGE:
    case PROP_LAST_CONTACT:
      if (self->engine != NULL)
        g_object_get_property (G_OBJECT (self->engine), pspec->name, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_session_finalize (GObject *object)
{
  XhSession *self = XH_SESSION (object);

  xh_session_abandon (self);
  g_clear_object (&self->log);
  g_free (self->data_folder);

  G_OBJECT_CLASS (xh_session_parent_class)->finalize (object);
}

static void
xh_session_class_init (XhSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = xh_session_get_property;
  object_class->finalize = xh_session_finalize;

  properties[PROP_UNSENT] = g_param_spec_uint ("unsent", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TRAY] = g_param_spec_uint ("tray", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, XH_ENGINE_DIFFERS, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_LAST_CONTACT] = g_param_spec_string ("last-contact", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RECORDS_CHANGED] = g_signal_new ("records-changed", XH_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_STRV);
}

static void
xh_session_init (XhSession *self)
{
  self->log = g_list_store_new (XH_TYPE_LOG_ENTRY);
}

void
xh_session_sign_in_async (const char *data_folder, const char *server, const char *login, const char *password,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, xh_session_sign_in_async);
  g_task_set_task_data (task, sign_in_new (data_folder, server, login, password), (GDestroyNotify) sign_in_free);
  g_task_run_in_thread (task, sign_in_thread);
}

XhSession *
xh_session_sign_in_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return session_new (g_task_get_task_data (G_TASK (result)));
}

void
xh_session_renew_async (XhSession *self, const char *password, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SignIn *job = sign_in_new (self->data_folder, self->desk->server, self->desk->profile->login, password);

  g_return_if_fail (XH_IS_SESSION (self));

  g_task_set_source_tag (task, xh_session_renew_async);
  g_task_set_task_data (task, job, (GDestroyNotify) sign_in_free);
  g_task_run_in_thread (task, renew_thread);
}

gboolean
xh_session_renew_finish (XhSession *self, GAsyncResult *result, GError **error)
{
  SignIn *job;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  job = g_task_get_task_data (G_TASK (result));
  if (job->desk->profile->token != NULL)
    {
      /* The engine's thread has a copy of its own: this one is for what else asks the server. */
      g_free (self->desk->profile->token);
      self->desk->profile->token = g_strdup (job->desk->profile->token);
      xh_engine_set_token (self->engine, job->desk->profile->token);
      xh_engine_sync_now (self->engine);
    }

  return TRUE;
}

XhDesk *
xh_session_get_desk (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->desk;
}

XhCatalog *
xh_session_get_catalog (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->desk->catalog;
}

const XhProfile *
xh_session_get_profile (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->desk->profile;
}

const char *
xh_session_get_role (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->desk->profile->role;
}

XhStore *
xh_session_get_store (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->store;
}

XhWorker *
xh_session_get_reader (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->reader;
}

XhWorker *
xh_session_get_writer (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->writer;
}

XhEngine *
xh_session_get_engine (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return self->engine;
}

gboolean
xh_session_is_filling (XhSession *self)
{
  g_autofree char *last_contact = NULL;
  guint received = 0, total = 0;

  g_return_val_if_fail (XH_IS_SESSION (self), FALSE);

  g_object_get (self->engine, "received", &received, "total", &total, "last-contact", &last_contact, NULL);
  return received < total || last_contact == NULL;
}

gboolean
xh_session_may (XhSession *self, char **roles, const XhKind *kind)
{
  g_return_val_if_fail (XH_IS_SESSION (self), FALSE);

  return xh_kind_may (kind, roles, self->desk->profile->role);
}

void
xh_session_save_async (XhSession *self, XhRecord *record, GPtrArray *changed, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Save *save = g_new0 (Save, 1);

  g_return_if_fail (XH_IS_SESSION (self));

  g_task_set_source_tag (task, xh_session_save_async);
  g_task_set_task_data (task, g_strdup (record->kind->name), g_free);
  save->record = record;
  save->changed = changed;
  save->author = g_strdup (self->desk->profile->login);
  xh_worker_run (self->writer, G_PRIORITY_DEFAULT, save_in_writer, save, (GDestroyNotify) save_free, NULL, NULL, saved_cb,
                 task);
}

gboolean
xh_session_save_finish (XhSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
xh_session_saved (XhSession *self, const char *const *kinds)
{
  g_return_if_fail (XH_IS_SESSION (self));

  update_counts (self);
  g_signal_emit (self, signals[RECORDS_CHANGED], 0, kinds);
  if (self->engine != NULL)
    xh_engine_saved (self->engine);
}

GListModel *
xh_session_get_log (XhSession *self)
{
  g_return_val_if_fail (XH_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->log);
}
