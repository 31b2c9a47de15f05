/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-tray-job.h"

#include <glib/gi18n-lib.h>

/* --- reading an item --- */

typedef struct
{
  gint64 number;
  char *role; /* (owned) */
} Ask;

static void
ask_free (gpointer data)
{
  g_free (((Ask *) data)->role);
  g_free (data);
}

void
xh_tray_reading_free (XhTrayReading *reading)
{
  if (reading == NULL)
    return;
  g_clear_pointer (&reading->item, xh_tray_case_free);
  g_free (reading->title);
  g_free (reading);
}

static void
reading_free (gpointer data)
{
  xh_tray_reading_free (data);
}

/* (transfer none) (nullable) */
static const XhTrayItem *
choose (GPtrArray *items, gint64 number, XhTrayReading *reading)
{
  const XhTrayItem *chosen = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      const XhTrayItem *item = g_ptr_array_index (items, i);

      if (chosen == NULL && (number == 0 ? item->parked_at == NULL : item->number == number))
        chosen = item;
      else if (item->parked_at == NULL)
        {
          reading->left++;
          /* The one after it, else the first. */
          if (reading->next == 0 || (chosen != NULL && reading->next < chosen->number))
            reading->next = item->number;
        }
    }
  return chosen;
}

static gpointer
read_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Ask *ask = data;
  g_autoptr (XhTrayReading) reading = g_new0 (XhTrayReading, 1);
  g_autoptr (GPtrArray) items = xh_store_tray (store, error);
  const XhTrayItem *item = items != NULL ? choose (items, ask->number, reading) : NULL;
  const XhKind *kind = item != NULL ? xh_catalog_find_kind (xh_store_get_catalog (store), item->op.kind) : NULL;
  g_autoptr (XhRecord) record = NULL;
  g_autoptr (GError) fault = NULL;
  XhValue *references;

  if (items == NULL)
    return NULL;
  if (kind == NULL)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND,
                           item == NULL ? _("This has been decided already.") : _("The catalog no longer has this register."));
      return NULL;
    }
  record = xh_store_load (store, item->op.record, &fault);
  if (record == NULL && !g_error_matches (fault, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return NULL;
    }
  references = xh_value_array_new (kind->references->len);
  if (record != NULL && !xh_store_references (store, record, references, error))
    {
      xh_value_array_free (references, kind->references->len);
      return NULL;
    }
  reading->title = record != NULL ? xh_store_title (store, item->op.record, NULL) : xh_tray_item_title (item);
  reading->item = xh_tray_case_new (kind, item, g_steal_pointer (&record), references, ask->role);
  return g_steal_pointer (&reading);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhTrayReading *reading = xh_worker_finish (XH_WORKER (source), result, &error);

  if (reading != NULL)
    g_task_return_pointer (task, reading, reading_free);
  else
    g_task_return_error (task, error);
}

void
xh_tray_read_async (XhSession *session, gint64 number, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Ask *ask = g_new0 (Ask, 1);

  ask->number = number;
  ask->role = g_strdup (xh_session_get_role (session));
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_HIGH, read_in_reader, ask, ask_free, reading_free, cancellable, read_cb, task);
}

XhTrayReading *
xh_tray_read_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- deciding --- */

typedef enum { DECIDE, PARK, UNPARK, UNDO } What;

typedef struct
{
  What what;
  gint64 number, seen;
  char *choices, *author; /* (owned) (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->choices);
  g_free (job->author);
  g_free (job);
}

/* (transfer full) (nullable): the kind of the newest decision, and its number where none was named. */
static char *
find_decided (XhStore *store, gint64 *number, GError **error)
{
  g_autoptr (GPtrArray) decisions = xh_store_decisions (store, *number == 0 ? 1 : G_MAXINT, error);

  for (guint i = 0; decisions != NULL && i < decisions->len; i++)
    {
      const XhTrayItem *item = ((XhDecision *) g_ptr_array_index (decisions, i))->item;

      if (*number != 0 && item->number != *number)
        continue;
      *number = item->number;
      return g_strdup (item->op.kind);
    }
  if (decisions != NULL)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("This decision was taken back already."));
  return NULL;
}

static char *
find_kind (XhStore *store, gint64 number, GError **error)
{
  g_autoptr (GPtrArray) items = xh_store_tray (store, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    if (((XhTrayItem *) g_ptr_array_index (items, i))->number == number)
      return g_strdup (((XhTrayItem *) g_ptr_array_index (items, i))->op.kind);
  if (items != NULL)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("This has been decided already."));
  return NULL;
}

/* Returns the name of the kind that changed. */
static gpointer
work_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autofree char *kind = job->what == UNDO ? find_decided (store, &job->number, error) : find_kind (store, job->number, error);
  gboolean done = kind != NULL;

  if (done && job->what == DECIDE)
    done = xh_store_tray_resolve (store, job->number, job->seen, job->choices, job->author, error);
  else if (done && job->what == UNDO)
    done = xh_store_tray_undo (store, job->number, error);
  else if (done)
    done = xh_store_tray_park (store, job->number, job->what == PARK, error);
  return done ? g_steal_pointer (&kind) : NULL;
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autofree char *kind = xh_worker_finish (XH_WORKER (source), result, &error);
  const char *kinds[] = { kind, NULL };

  if (kind == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  xh_session_saved (g_task_get_source_object (task), kinds);
  g_task_return_boolean (task, TRUE);
}

static void
start (XhSession *session, What what, gint64 number, gint64 seen, const char *choices, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->what = what;
  job->number = number;
  job->seen = seen;
  job->choices = g_strdup (choices);
  job->author = g_strdup (xh_session_get_profile (session)->login);
  xh_worker_run (xh_session_get_writer (session), G_PRIORITY_DEFAULT, work_in_writer, job, job_free, g_free, NULL, worked_cb, task);
}

void
xh_tray_decide_async (XhSession *session, gint64 number, gint64 seen, const char *choices, GAsyncReadyCallback callback, gpointer user_data)
{
  start (session, DECIDE, number, seen, choices, callback, user_data);
}

void
xh_tray_park_async (XhSession *session, gint64 number, gboolean parked, GAsyncReadyCallback callback, gpointer user_data)
{
  start (session, parked ? PARK : UNPARK, number, -1, NULL, callback, user_data);
}

void
xh_tray_undo_async (XhSession *session, gint64 number, GAsyncReadyCallback callback, gpointer user_data)
{
  start (session, UNDO, number, -1, NULL, callback, user_data);
}

gboolean
xh_tray_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
