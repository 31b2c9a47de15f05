/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-bundle.h"

#include "store/xh-query.h"

#define NEWEST 5

typedef struct
{
  const XhKind *kind;
  char *id;         /* (owned) (nullable) */
  char *role;       /* (owned) */
  gboolean with_draft;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->id);
  g_free (load->role);
  g_free (load);
}

static void
linked_free (gpointer data)
{
  XhLinkedKind *linked = data;

  g_ptr_array_unref (linked->ids);
  g_ptr_array_unref (linked->titles);
  g_ptr_array_unref (linked->states);
  g_free (linked);
}

static void
pending_free (gpointer data)
{
  XhPendingOp *op = data;

  g_free (op->time);
  g_free (op->set);
  g_free (op->before);
  g_free (op);
}

void
xh_record_bundle_free (XhRecordBundle *bundle)
{
  if (bundle == NULL)
    return;
  g_clear_pointer (&bundle->stored, xh_record_free);
  g_clear_pointer (&bundle->draft, xh_record_free);
  if (bundle->references != NULL)
    xh_value_array_free (bundle->references, bundle->n_references);
  g_free (bundle->title);
  g_clear_pointer (&bundle->linked, g_ptr_array_unref);
  g_clear_pointer (&bundle->pending, g_ptr_array_unref);
  g_free (bundle);
}

static void
bundle_free (gpointer data)
{
  xh_record_bundle_free (data);
}

/* The newest draft of a record of this kind that was never saved. */
static XhRecord *
find_new_draft (XhStore *store, const XhKind *kind, GError **error)
{
  g_autoptr (GPtrArray) drafts = xh_store_drafts (store, error);

  for (guint i = 0; drafts != NULL && i < drafts->len; i++)
    {
      XhRecord *draft = g_ptr_array_index (drafts, i);
      g_autoptr (XhRecord) stored = NULL;

      if (draft->kind != kind || draft->version != 0)
        continue;
      stored = xh_store_load (store, draft->id, NULL);
      if (stored == NULL)
        return xh_record_copy (draft);
    }
  return NULL;
}

static XhLinkedKind *
load_linked (XhStore *store, const XhKind *kind, const XhField *field, const char *id, GError **error)
{
  XhLinkedKind *linked = g_new0 (XhLinkedKind, 1);
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GArray) rids = NULL;
  const XhValue value = { .type = XH_VALUE_TEXT, { .text = (char *) id } };

  linked->kind = kind;
  linked->field = field;
  linked->ids = g_ptr_array_new_with_free_func (g_free);
  linked->titles = g_ptr_array_new_with_free_func (g_free);
  linked->states = g_ptr_array_new_with_free_func (g_free);
  xh_query_filter (query, field->name, XH_QUERY_IS, &value, NULL);
  xh_query_sort (query, "updated_at", TRUE);
  linked->count = xh_store_query_count (store, query, error);
  rids = linked->count > 0 ? xh_store_query_rids (store, query, NEWEST, error) : NULL;
  rows = rids != NULL ? xh_store_query_rows (store, kind, (const gint64 *) rids->data, MIN (rids->len, NEWEST), error) : NULL;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const XhRecord *record = g_ptr_array_index (rows, i);

      if (record == NULL)
        continue;
      g_ptr_array_add (linked->ids, g_strdup (record->id));
      g_ptr_array_add (linked->titles, xh_store_title (store, record->id, NULL));
      g_ptr_array_add (linked->states, g_strdup (record->state));
    }
  return linked;
}

static void
load_all_linked (XhStore *store, const Load *load, XhRecordBundle *bundle)
{
  GPtrArray *kinds = xh_catalog_get_kinds (load->kind->catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (!xh_kind_may (kind, kind->read_roles, load->role))
        continue;
      for (guint j = 0; j < kind->fields->len; j++)
        {
          const XhField *field = g_ptr_array_index (kind->fields, j);

          if (field->type == XH_FIELD_LINK && g_strcmp0 (field->link_kind, load->kind->name) == 0)
            g_ptr_array_add (bundle->linked, load_linked (store, kind, field, load->id, NULL));
        }
    }
}

static void
load_pending (XhStore *store, const Load *load, XhRecordBundle *bundle)
{
  g_autoptr (GPtrArray) ops = xh_store_ops_of_record (store, load->id, NULL);

  for (guint i = 0; ops != NULL && i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);
      XhPendingOp *pending = g_new0 (XhPendingOp, 1);

      pending->time = g_strdup (op->created_at);
      pending->set = g_strdup (op->set);
      pending->before = g_strdup (op->before);
      g_ptr_array_insert (bundle->pending, 0, pending);
    }
}

static gpointer
load_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Load *load = data;
  g_autoptr (XhRecordBundle) bundle = g_new0 (XhRecordBundle, 1);
  const XhRecord *shown;

  bundle->linked = g_ptr_array_new_with_free_func (linked_free);
  bundle->pending = g_ptr_array_new_with_free_func (pending_free);
  if (load->id != NULL)
    {
      g_autoptr (GError) missing = NULL;

      bundle->stored = xh_store_load (store, load->id, &missing);
      if (bundle->stored == NULL && !g_error_matches (missing, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&missing));
          return NULL;
        }
      if (load->with_draft)
        bundle->draft = xh_store_draft_get (store, load->id, NULL);
      if (bundle->stored == NULL && bundle->draft == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&missing));
          return NULL;
        }
      bundle->title = xh_store_title (store, load->id, NULL);
      load_all_linked (store, load, bundle);
      load_pending (store, load, bundle);
    }
  else if (load->with_draft)
    bundle->draft = find_new_draft (store, load->kind, NULL);

  bundle->n_references = load->kind->references->len;
  bundle->references = xh_value_array_new (bundle->n_references);
  shown = bundle->draft != NULL ? bundle->draft : bundle->stored;
  if (shown != NULL && !xh_store_references (store, shown, bundle->references, error))
    return NULL;
  return g_steal_pointer (&bundle);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhRecordBundle *bundle = xh_worker_finish (XH_WORKER (source), result, &error);

  if (bundle == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, bundle, bundle_free);
}

void
xh_record_bundle_load_async (XhSession *session, const XhKind *kind, const char *id, gboolean with_draft,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->kind = kind;
  load->id = g_strdup (id);
  load->role = g_strdup (xh_session_get_role (session));
  load->with_draft = with_draft;
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_HIGH, load_in_reader, load, load_free, bundle_free, cancellable,
                 loaded_cb, task);
}

XhRecordBundle *
xh_record_bundle_load_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- references */

typedef struct
{
  XhValue *values;
  guint n;
} References;

static void
references_free (gpointer data)
{
  References *references = data;

  if (references->values != NULL)
    xh_value_array_free (references->values, references->n);
  g_free (references);
}

static void
record_free (gpointer data)
{
  xh_record_free (data);
}

static gpointer
references_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const XhRecord *record = data;
  References *references = g_new0 (References, 1);

  references->n = record->kind->references->len;
  references->values = xh_value_array_new (references->n);
  if (xh_store_references (store, record, references->values, error))
    return references;
  references_free (references);
  return NULL;
}

static void
references_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  References *references = xh_worker_finish (XH_WORKER (source), result, &error);

  if (references == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, references, references_free);
}

void
xh_references_load_async (XhSession *session, const XhRecord *record, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);

  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_HIGH, references_in_reader, xh_record_copy (record), record_free,
                 references_free, cancellable, references_cb, task);
}

XhValue *
xh_references_load_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  References *references = g_task_propagate_pointer (G_TASK (result), error);
  XhValue *values = references != NULL ? g_steal_pointer (&references->values) : NULL;

  if (references != NULL)
    references_free (references);
  return values;
}

/* --- drafts */

static gpointer
put_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (xh_store_draft_put (store, data, error));
}

static gpointer
remove_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (xh_store_draft_remove (store, ((XhRecord *) data)->id, error));
}

static void
draft_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (xh_worker_finish (XH_WORKER (source), result, &error) == NULL && error != NULL)
    g_warning ("A draft was not written: %s", error->message);
}

void
xh_draft_write (XhSession *session, const XhRecord *record, gboolean remove)
{
  xh_worker_run (xh_session_get_writer (session), G_PRIORITY_DEFAULT, remove ? remove_in_writer : put_in_writer,
                 xh_record_copy (record), record_free, NULL, NULL, draft_cb, NULL);
}
