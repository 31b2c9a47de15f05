/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-queue.h"

#include "model/xh-json.h"

#include <glib/gi18n-lib.h>

#define NAMES_SHOWN 4

static void
entry_free (XhQueueEntry *entry)
{
  g_clear_pointer (&entry->op, xh_op_free);
  g_clear_pointer (&entry->item, xh_tray_item_free);
  g_free (entry->title);
  g_free (entry);
}

void
xh_queue_free (XhQueue *queue)
{
  g_ptr_array_unref (queue->unsent);
  g_ptr_array_unref (queue->tray);
  g_free (queue);
}

static void
add_entry (GPtrArray *entries, XhStore *store, XhOp *op, XhTrayItem *item)
{
  XhQueueEntry *entry = g_new0 (XhQueueEntry, 1);

  entry->op = op;
  entry->item = item;
  entry->title = xh_store_title (store, op != NULL ? op->record : item->op.record, NULL);
  if (entry->title == NULL || *entry->title == '\0')
    {
      g_free (entry->title);
      entry->title = g_strdup (_("A record without a name"));
    }
  g_ptr_array_add (entries, entry);
}

static gpointer
read_in_worker (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) ops = xh_store_outbox (store, XH_QUEUE_SHOWN, error);
  g_autoptr (GPtrArray) items = ops != NULL ? xh_store_tray (store, error) : NULL;
  XhQueue *queue;

  if (items == NULL)
    return NULL;

  queue = g_new0 (XhQueue, 1);
  queue->unsent = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  queue->tray = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  queue->n_unsent = xh_store_outbox_count (store);
  while (ops->len > 0)
    add_entry (queue->unsent, store, g_ptr_array_steal_index (ops, 0), NULL);
  while (items->len > 0)
    add_entry (queue->tray, store, NULL, g_ptr_array_steal_index (items, 0));

  return queue;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhQueue *queue = xh_worker_finish (XH_WORKER (source), result, &error);

  if (queue != NULL)
    g_task_return_pointer (task, queue, (GDestroyNotify) xh_queue_free);
  else
    g_task_return_error (task, error);
}

void
xh_queue_read_async (XhSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);

  g_task_set_source_tag (task, xh_queue_read_async);
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_DEFAULT, read_in_worker, NULL, NULL,
                 (GDestroyNotify) xh_queue_free, cancellable, read_cb, task);
}

XhQueue *
xh_queue_read_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
field_label (const XhKind *kind, const char *name)
{
  const XhField *field = xh_kind_find_field (kind, name);

  if (field != NULL)
    return xh_label_get (&field->label);
  if (g_str_equal (name, "state"))
    return _("State");
  if (g_str_equal (name, "deleted"))
    return _("Deleted");

  return NULL;
}

char *
xh_queue_field_names (const XhKind *kind, const char *set)
{
  g_autoptr (JsonNode) root = set != NULL ? xh_json_parse (set, -1, NULL) : NULL;
  g_autoptr (GList) members = NULL;
  GString *names = g_string_new (NULL);
  guint n = 0;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return g_string_free (names, FALSE);

  members = json_object_get_members (json_node_get_object (root));
  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *label = field_label (kind, l->data);

      if (label != NULL && n++ < NAMES_SHOWN)
        g_string_append_printf (names, "%s%s", names->len > 0 ? _(", ") : "", label);
    }
  if (n > NAMES_SHOWN)
    g_string_append_printf (names, " +%u", n - NAMES_SHOWN);

  return g_string_free (names, FALSE);
}
