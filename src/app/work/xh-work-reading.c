/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-reading.h"

#include "store/xh-query.h"

typedef struct
{
  XhCatalog *catalog; /* (owned) */
  XhWorkWho *who;     /* (owned) */
  guint limits[XH_WORK_N_SECTIONS];
} Wish;

XhWorkWho *
xh_work_who_of_session (XhSession *session)
{
  const XhProfile *profile = xh_session_get_profile (session);
  XhWorkWho *who = g_new0 (XhWorkWho, 1);

  who->role = g_strdup (xh_session_get_role (session));
  who->division = g_strdup (profile->division);
  who->unit = g_strdup (profile->unit);
  return who;
}

void
xh_work_who_free (gpointer data)
{
  XhWorkWho *who = data;

  g_free ((char *) who->role);
  g_free ((char *) who->division);
  g_free ((char *) who->unit);
  g_free (who);
}

static Wish *
wish_new (XhSession *session)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->catalog = xh_catalog_ref (xh_session_get_catalog (session));
  wish->who = xh_work_who_of_session (session);

  return wish;
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  xh_catalog_unref (wish->catalog);
  xh_work_who_free (wish->who);
  g_free (wish);
}

void
xh_work_reading_free (XhWorkReading *reading)
{
  if (reading == NULL)
    return;

  g_clear_pointer (&reading->work, xh_work_free);
  for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
    g_clear_pointer (&reading->rows[i], g_ptr_array_unref);
  g_free (reading);
}

static void
reading_free (gpointer reading)
{
  xh_work_reading_free (reading);
}

static gpointer
read_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Wish *wish = data;
  g_autoptr (XhWorkReading) reading = g_new0 (XhWorkReading, 1);

  reading->work = xh_store_work_counts (store, wish->who, NULL, error);
  for (guint i = 0; i < XH_WORK_N_SECTIONS && reading->work != NULL; i++)
    {
      reading->rows[i] = reading->work->counts[i] > 0
                           ? xh_store_work (store, wish->who, NULL, i, NULL, wish->limits[i], 0, error)
                           : g_ptr_array_new ();
      if (reading->rows[i] == NULL)
        return NULL;
    }

  return reading->work != NULL ? g_steal_pointer (&reading) : NULL;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhWorkReading *reading = xh_worker_finish (XH_WORKER (source), result, &error);

  if (reading == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reading, reading_free);
}

void
xh_work_reading_async (XhSession *session, const guint *limits, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Wish *wish = wish_new (session);

  for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
    wish->limits[i] = limits[i];
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_DEFAULT, read_in_reader, wish, wish_free, reading_free, cancellable,
                 read_cb, task);
}

XhWorkReading *
xh_work_reading_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the month so far --- */

static void
find_month (XhValue *from, XhValue *to)
{
  g_autoptr (GDateTime) now = NULL, first = NULL, first_utc = NULL;
  GDate today;

  xh_date_today (&today);
  first = g_date_time_new_local (g_date_get_year (&today), g_date_get_month (&today), 1, 0, 0, 0);
  first_utc = g_date_time_to_utc (first);
  *from = (XhValue) { .type = XH_VALUE_TEXT, { .text = g_date_time_format (first_utc, "%Y-%m-%dT%H:%M:%SZ") } };
  *to = (XhValue) { .type = XH_VALUE_TEXT, { .text = g_strdup ("9999") } };
}

static gboolean
count_month (XhStore *store, const XhKind *kind, const XhValue *from, const XhValue *to, XhWorkMonth *month, GError **error)
{
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GPtrArray) rows = NULL;
  gint64 made;

  xh_query_filter (query, "updated_at", XH_QUERY_BETWEEN, from, to);
  rows = xh_store_query_group (store, query, "state", 0, NULL, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const XhGroupRow *row = g_ptr_array_index (rows, i);
      const XhState *state = row->key1 != NULL ? xh_kind_find_state (kind, row->key1) : NULL;

      if (state != NULL && state->tone == XH_TONE_GOOD)
        month->accepted += row->count;
    }
  if (rows->len == 0)
    return TRUE;

  /* What was made since was also changed since: the index of the last change finds both. */
  xh_query_filter (query, "created_at", XH_QUERY_BETWEEN, from, to);
  made = xh_store_query_count (store, query, error);
  month->made += MAX (made, 0);

  return made >= 0;
}

static gpointer
count_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Wish *wish = data;
  GPtrArray *kinds = xh_catalog_get_kinds (wish->catalog);
  g_autofree XhWorkMonth *month = g_new0 (XhWorkMonth, 1);
  g_auto (XhValue) from = XH_VALUE_INIT, to = XH_VALUE_INIT;

  find_month (&from, &to);
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (xh_kind_may (kind, kind->read_roles, wish->who->role) && !count_month (store, kind, &from, &to, month, error))
        return NULL;
    }

  return g_steal_pointer (&month);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhWorkMonth *month = xh_worker_finish (XH_WORKER (source), result, &error);

  if (month == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, month, g_free);
}

void
xh_work_month_async (XhSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);

  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_LOW, count_in_reader, wish_new (session), wish_free, g_free,
                 cancellable, counted_cb, task);
}

gboolean
xh_work_month_finish (XhSession *session, GAsyncResult *result, XhWorkMonth *month, GError **error)
{
  g_autofree XhWorkMonth *counted = NULL;

  g_return_val_if_fail (g_task_is_valid (result, session), FALSE);

  counted = g_task_propagate_pointer (G_TASK (result), error);
  if (counted != NULL)
    *month = *counted;

  return counted != NULL;
}
